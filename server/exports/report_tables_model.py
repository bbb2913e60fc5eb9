"""A document's tables of studies, as composed from the graph: tables, rows, cells, and pieces of text with a language.

What a cell says is known by its pieces: a writer sets them as paragraphs, links and languages and adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one language."""

    text: str
    language: str = ""
    """BCP 47; empty: that of the document."""
    link: str = ""
    raised: bool = False
    """Whether it is the mark of a footnote."""


Paragraph = tuple[Piece, ...]
Cell = tuple[Paragraph, ...]


def text_of(cell: Cell) -> str:
    """Return the words of a cell: its paragraphs with one space between them, marks of footnotes as printed."""
    paragraphs = ("".join(piece.text for piece in paragraph) for paragraph in cell)
    return " ".join(" ".join(paragraphs).split())


@dataclass(frozen=True, slots=True)
class Row:
    """A study in a table."""

    number: int
    description: str
    """IRI of what the document says of the study."""
    cells: Sequence[Cell]
    """One for each heading."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the review found that a row does not agree with."""

    iri: str
    rows: tuple[int, ...]
    severity: str
    """Last name of the concept: ``error``, ``warning``, ``note``."""
    text: str
    """In the language of the export."""

    @property
    def key(self) -> str:
        """What the finding is called in its IRI."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a document."""

    iri: str
    caption: Paragraph
    headings: Sequence[Cell]
    rows: Sequence[Row]
    footnotes: Sequence[tuple[str, Paragraph]] = ()
    """Mark and words."""
    notes: Sequence[Note] = ()
    empty: Sequence[int] = ()
    """Columns of which the graph has nothing in any row: what they say is in no statement of the document."""

    untold: Sequence[int] = ()
    """Number of the row of each sentence that is left out: no claim states it, and its text in the cell is not read."""


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document that notes name by its key."""

    key: str
    title: Piece


@dataclass(frozen=True, slots=True)
class ReportTables:
    """The tables of one document."""

    document: str
    title: Piece
    language: str
    tables: Sequence[ReportTable]
    named: Sequence[NamedDocument] = ()
    """The documents whose keys the notes have."""

"""What is said beside a document's tables: where they come from, what does not add up, and who may use them."""

from __future__ import annotations

from msevidence.server import i18n
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.report_tables_model import (
    Cell,
    Note,
    Paragraph,
    Piece,
    ReportTable,
    ReportTables,
    text_of,
)

_PLACE = "\0"
"""Stands in a text where a piece of another language comes."""


def title(handover: Handover, tables: ReportTables) -> str:
    """Return what the tables of a document are called."""
    return i18n.text("report-title", handover.language, document=tables.title.text)


def heading(handover: Handover, tables: ReportTables) -> Paragraph:
    """Return the same in pieces: the title of the document is in its own language."""
    return _around(
        Piece(tables.title.text, tables.language), i18n.text("report-title", handover.language, document=_PLACE)
    )


def _around(quoted: Piece, said: str) -> Paragraph:
    """Return a text with a piece of another language in the place of :data:`_PLACE`."""
    before, _, after = said.partition(_PLACE)
    return Piece(before), quoted, Piece(after)


def lines(heading: Cell) -> str:
    """Return a heading with a line break between its printed lines."""
    return "\n".join(text_of((paragraph,)) for paragraph in heading)


def made(handover: Handover) -> str:
    """Return how the tables were made."""
    return i18n.text("report-made", handover.language, release=handover.release.id[:12])


def label(tables: ReportTables, table: ReportTable) -> Piece:
    """Return the words of a caption before its colon, in their language: ``Tabell 1``."""
    return Piece(text_of((table.caption,)).partition(":")[0], table.caption[0].language or tables.language)


def notes_link(handover: Handover, tables: ReportTables, table: ReportTable) -> Paragraph:
    """Return the words of the link from a table to its notes."""
    count = i18n.number(len(table.notes), handover.language)
    return _around(label(tables, table), i18n.text("report-notes-link", handover.language, table=_PLACE, count=count))


def notes_back(handover: Handover, tables: ReportTables, table: ReportTable) -> Paragraph:
    """Return the words of the link from the notes of a table to the table."""
    return _around(label(tables, table), i18n.text("report-notes-back", handover.language, table=_PLACE))


def keys(handover: Handover, tables: ReportTables) -> list[Paragraph]:
    """Return what the keys of documents stand for that are in notes, a sentence each."""
    return [
        _around(d.title, i18n.text("report-known", handover.language, document=_PLACE, key=d.key)) for d in tables.named
    ]


def where(handover: Handover, note: Note) -> str:
    """Return which rows a note is of, and how grave it is."""
    severity = i18n.text(f"severity-{note.severity}", handover.language)
    rows = ", ".join(map(str, note.rows))
    if len(note.rows) == 1:
        return i18n.text("report-in-row", handover.language, rows=rows, severity=severity)
    return i18n.text("report-in-rows", handover.language, rows=rows, severity=severity)


def finding(handover: Handover, note: Note) -> str:
    """Return the words of the link to the finding of a note, with the key that it is found by."""
    return i18n.text("report-finding", handover.language, key=note.key)


def alternative(handover: Handover, table: ReportTable) -> str:
    """Return what a table is, for those who do not see it."""
    return i18n.text("report-alternative", handover.language, count=len(table.rows))


def left_out(handover: Handover, table: ReportTable) -> list[str]:
    """Return the sentences on what is not in a table: columns and sentences of which the graph states nothing."""
    columns = [text_of(table.headings[n]) or str(n + 1) for n in table.empty]
    said = [i18n.text("report-empty", handover.language, column=column) for column in columns]
    if table.untold:
        rows = ", ".join(map(str, sorted(set(table.untold))))
        count = i18n.number(len(table.untold), handover.language)
        said.append(i18n.text("report-untold", handover.language, rows=rows, count=count))
    return said


def address(handover: Handover, iri: str) -> str:
    """Return where a thing of the release is published."""
    return handover.site + iri.removeprefix(handover.release.base)

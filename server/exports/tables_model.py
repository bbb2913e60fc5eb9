"""Tables of a release: what columns they have, of what type, and how they refer to each other.

CSV on the Web and the workbook write the same tables; this module has the words both share. A row is one thing, and its
key is the thing's IRI; a table of links has the IRIs of the two ends for a key. A column that is a property of the
thing names that property; one that is put together from several statements names none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

Kind = Literal["text", "iri", "integer", "decimal", "boolean", "date"]
"""Type of a column's values. ``date`` is a date that may be known to the year or the month only."""
KINDS: tuple[str, ...] = get_args(Kind)
VARIES = "varies"
"""Language of a column whose texts are of several; the column after it names each."""
LANGUAGE, LABEL = "_language", "_label"
"""Ends of the names of the columns that give the language, and the name in words, of what stands in another."""
CONCEPTS = "concepts"
SEPARATORS = (" | ", " ¦ ", " || ", " ⁞ ")
"""What stands between several values of a cell: the first that is in none of the column's values."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    kind: Kind = "text"
    property: str = ""
    """Property of the thing, as a prefixed name; empty where the value is put together."""
    references: str = ""
    """Name of the table whose key the values are; empty where they are none."""
    language: str = ""
    """BCP 47 tag of the texts, :data:`VARIES`, or empty for what is in no language, such as a number as printed."""
    only: str = ""
    """Takes only the property's texts in this language."""
    many: bool = False
    required: bool = False
    labelled: bool = False
    """Whether another column names in words what the IRI stands for."""
    quoted: bool = False
    """Whether the texts are words of a document, which its rights may withhold."""
    of: str = ""
    """Name of the column that this one gives the language or the name of."""
    separator: str = ""
    """Between several values; set when the values are known."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what its rows are and which columns they have."""

    name: str
    columns: Sequence[Column]
    key: tuple[str, ...] = ("iri",)
    about: str = "iri"
    """Name of the column with the thing that the properties are of."""
    query: str = ""
    """Stored query of the columns that are put together, or of the links; empty where there are none."""
    closing: bool = False
    """Whether what other tables refer to is added to it, so that keys are found."""

    @property
    def links(self) -> bool:
        """Whether a row is a link between two things."""
        return len(self.key) > 1

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


Cells = dict[str, tuple[str, ...]]
"""Name of the column → values, as the graph writes them; of what is not stated, none."""


@dataclass(slots=True)
class Filled:
    """A table with its rows, sorted by key."""

    table: Table
    rows: list[Cells] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """The keys of its rows, of a table whose key is one column."""
        return {row[self.table.key[0]][0] for row in self.rows}


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of an export, and what was left out of them."""

    tables: Sequence[Filled]
    outside: int
    """References to things that are not in this part of the release; their cells are empty, their links left out."""
    withheld: int
    """Quotations that are longer than may be handed over."""


def iri(
    name: str, references: str = "", property: str = "", *, required: bool = False, labelled: bool = False
) -> Column:
    """Return a column of one IRI, of another table's key where ``references`` names one."""
    return Column(name, "iri", property, references, required=required, labelled=labelled)


def concept(name: str, property: str = "", *, many: bool = False) -> Column:
    """Return a column of concepts of our schemes, which has another with their names."""
    return Column(name, "iri", property, CONCEPTS, many=many, labelled=True)


def words(
    name: str, property: str = "", language: str = "", *, many: bool = False, only: str = "", quoted: bool = False
) -> Column:
    """Return a column of texts."""
    return Column(name, "text", property, language=language, many=many, only=only, quoted=quoted)


def value(kind: Kind, name: str, property: str = "", *, many: bool = False) -> Column:
    """Return a column of numbers, dates or truth values."""
    return Column(name, kind, property, many=many)


def settled(table: Table, rows: Sequence[Cells], languages: Mapping[str, set[str]], reader: str) -> Table:
    """Return a table with its columns settled for what its cells hold.

    A column whose texts are in several languages, or may be, has a column after it for the language of each; one of
    IRIs that have names has a column of these. A column with several values in a cell says what stands between them.
    What people read comes first, in the order declared; then the languages of names, and the IRIs last.

    Args:
        table: as declared.
        rows: with the values of its columns.
        languages: name of the column → languages of its texts.
        reader: language of the export, which labels are in where they can.
    """
    columns: list[Column] = []
    for column in table.columns:
        columns += _settled(column, languages.get(column.name, set()))
        if column.labelled:
            label = Column(column.name + LABEL, language=reader, many=column.many, of=column.name)
            columns += _settled(label, languages.get(label.name, set()))
    return replace(table, columns=[_parted(column, rows) for column in sorted(columns, key=_place)])


def _place(column: Column) -> int:
    if column.kind == "iri":
        return 2
    return 1 if column.of.endswith(LABEL) else 0


def _settled(column: Column, found: set[str]) -> list[Column]:
    # A label may be in no language, as a registry number is; a text that should be in one and is in none is told.
    found = found - {""} if column.of else found
    if column.language and column.language != VARIES and len(found) == 1:
        return [replace(column, language=next(iter(found)))]
    if column.language == VARIES or (column.language and found - {column.language}):
        tags = Column(column.name + LANGUAGE, many=column.many, of=column.name)
        return [replace(column, language=VARIES), tags]
    return [column]


def _parted(column: Column, rows: Sequence[Cells]) -> Column:
    cells = [row.get(column.name, ()) for row in rows]
    if not column.many and all(len(cell) < 2 for cell in cells):
        return column
    for separator in SEPARATORS:
        if not any(separator in text for cell in cells for text in cell):
            return replace(column, many=True, separator=separator)
    raise ValueError(f"column {column.name}: every separator ({', '.join(SEPARATORS)}) stands in one of its values")

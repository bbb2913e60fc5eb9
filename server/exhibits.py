"""What a page shows that can be taken away: tables and figures, and the same as CSV, JSON and SVG.

A page makes its tables once, as values with their IRIs; the HTML, the CSV and the JSON are written from them, so that
they can not differ. A figure is drawn from a table, which stands below it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from msevidence.server.count_table import defused
from msevidence.server.labels import Text
from msevidence.server.pages_links import Value, resource_url


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table."""

    text: str
    language: str | None = None
    """BCP 47 tag of content, empty where nothing says which; None for words of the interface and for figures."""
    href: str | None = None
    """Address as a link takes it; None where it is no link."""
    iri: str = ""
    """What it names, in the files."""
    number: int | float | None = None
    """The figure, where the text is one; the files have it, and columns of figures align at the end."""
    outside: bool = False


Row = Mapping[str, Cell | Sequence[Cell]]
"""Key of a column → its value, or several; a column that is left out is empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the files (English, ``snake_case``), and its heading in the reader's language."""

    key: str
    heading: str
    iris: bool = False
    """Whether the files have the IRIs of its values in a column ``<key>_iri``."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page."""

    key: str
    """Names it on the page (``id``) and in ``?table=``."""
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    query: str = ""
    """The SPARQL behind it, as it runs at the endpoint; empty where it is the figure's, or none."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a page: drawn on the server as inline SVG, with its table and the query behind it."""

    key: str
    title: str
    description: str
    """What it shows in a sentence or two, for those who do not see it."""
    svg: Markup
    """An ``svg`` element with ``viewBox``, ``width``, ``height``, class ``drawing``; no ``style`` attributes."""
    table: Table
    query: str
    """The SPARQL behind it, as it runs at the endpoint."""
    style: str = ""
    """Stylesheet in ``static/`` beside ``figures.css`` that a saved file needs, without ``.css``."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exhibits:
    """All that a page can hand out."""

    title: str
    """The page's, for its citation."""
    tables: Sequence[Table] = ()
    figures: Sequence[Figure] = ()
    subjects: Sequence[str] = ()
    """The things that the page is about: ``.ttl`` and ``.jsonld`` describe them."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """What the template needs beside."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """What the addresses of its files say beside what its own says, where a file can not hold everything."""
    main: str = ""
    """Key of the table that ``.csv`` gives where the address names none; empty for the first that has rows."""

    @property
    def all_tables(self) -> Sequence[Table]:
        """The tables: the main one, those of the figures, the others."""
        every = [*(figure.table for figure in self.figures), *self.tables]
        return sorted(every, key=lambda table: table.key != self.main)

    @property
    def csv_table(self) -> Table | None:
        """The table that ``.csv`` gives where the address names none; None where the page has no table."""
        every = self.all_tables
        named = (table for table in every if table.key == self.main)
        return next(named, None) or next((table for table in every if table.rows), every[0] if every else None)


def cell(value: Value) -> Cell:
    """Return a value of a page as a cell, with its link."""
    text = value.text
    if not value.href:
        return Cell(text.text, text.language, iri=value.iri)
    href = value.href if value.outside else resource_url(value.href)
    return Cell(text.text, text.language, href, value.iri, outside=value.outside)


def words(text: Text) -> Cell:
    """Return words with their language as a cell."""
    return Cell(text.text, text.language)


def figure(number: int | float, shown: str | None = None) -> Cell:
    """Return a figure as a cell.

    Args:
        number: its value.
        shown: how the page writes it.
    """
    return Cell(str(number) if shown is None else shown, number=number)


def cells(row: Row, key: str) -> Sequence[Cell]:
    """Return the values of a row in a column."""
    there = row.get(key, ())
    return (there,) if isinstance(there, Cell) else there


def as_csv(table: Table) -> str:
    """Write a table as CSV (RFC 4180) with the names of its columns; several values of a cell are joined by ``; ``.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([name for column in table.columns for name in _names(column)])
    for row in table.rows:
        writer.writerow([defused("; ".join(map(str, values))) for _, values in _values(table, row)])
    return text.getvalue()


def as_json(exhibits: Exhibits, **about: Any) -> str:
    """Write all tables of a page as JSON: for each its name, title, columns and rows.

    A value is a string or a number, a list where there are several, and null where there is none.

    Args:
        exhibits: of the page.
        about: further members, such as the address.
    """
    tables = [
        {
            "table": table.key,
            "title": table.title,
            "columns": {name: column.heading for column in table.columns for name in _names(column)},
            "rows": [{name: _only(values) for name, values in _values(table, row)} for row in table.rows],
            **({"note": table.note} if table.note else {}),
        }
        for table in exhibits.all_tables
    ]
    return json.dumps({"title": exhibits.title, **about, "tables": tables}, ensure_ascii=False, indent=1) + "\n"


def _names(column: Column) -> Sequence[str]:
    return (column.key, f"{column.key}_iri") if column.iris else (column.key,)


def _values(table: Table, row: Row) -> Iterator[tuple[str, list[Any]]]:
    for column in table.columns:
        there = cells(row, column.key)
        yield column.key, [one.text if one.number is None else one.number for one in there]
        if column.iris:
            yield f"{column.key}_iri", [one.iri for one in there if one.iri]


def _only(values: list[Any]) -> Any:
    if len(values) > 1:
        return values
    return values[0] if values else None

"""What tables and columns are called, and what columns mean, in both languages.

Of a property of ours the ontology says what it means; of all other columns a sentence of the translations does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from msevidence.ontology.naming import expand
from msevidence.server import i18n
from msevidence.server.binding import with_any
from msevidence.server.exports.rights import LONGEST_QUOTATION
from msevidence.server.exports.tables_model import LABEL, LANGUAGE, Column, Table, Tables
from msevidence.server.labels import PREFIXES, query
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane

Defined = Mapping[str, Mapping[str, str]]
"""IRI of a property → language → definition."""
NOTED = ("tables-empty", "tables-several", "tables-printed")
"""Texts on how to read the tables, whatever they are written as."""


def table_title(table: Table, language: str) -> str:
    """Return what a table is called, short enough for a sheet."""
    return i18n.text(f"sheet-{table.name.replace('_', '-')}", language)


def column_title(column: Column, language: str) -> str:
    """Return what a column is called: that of names as what they name, that of IRIs beside it with the word IRI."""
    if column.of and column.name.endswith(LANGUAGE):
        return i18n.text("tables-language-of", language, column=_title(column.of.removesuffix(LABEL), language))
    if column.of:
        return _title(column.of, language)
    title = _title(column.name, language)
    return i18n.text("tables-iri-of", language, column=title) if column.labelled else title


def _title(name: str, language: str) -> str:
    return i18n.text(f"field-{name.replace('_', '-')}", language)


def meaning(table: Table, column: Column, defined: Defined, language: str) -> str:
    """Return the sentence on what stands in a column; empty where the release does not define its property."""
    if column.of and column.name.endswith(LANGUAGE):
        return i18n.text("tables-language-means", language, column=_title(column.of.removesuffix(LABEL), language))
    if column.of:
        return meaning(table, table.column(column.of), defined, language)
    if ours(column):
        return defined.get(expand(column.property), {}).get(language, "")
    return i18n.text(f"means-{column.name.replace('_', '-')}", language)


def ours(column: Column) -> bool:
    """Return whether a column is a property that the ontology of msevidence defines."""
    return column.property.startswith("mse:")


def notes(language: str, *, titled: bool) -> list[str]:
    """Return the sentences on how to read the tables, which name columns by their titles, or as CSV does."""
    table, empty, found, printed = "registrations", "empty_fields", "record_found", "printed_…"
    if titled:
        table, empty, found = (
            i18n.text("sheet-registrations", language),
            _title(empty, language),
            _title(found, language),
        )
        printed = i18n.text("tables-as-printed", language)
    named = {"table": table, "empty": empty, "found": found, "printed": printed}
    return [i18n.text(name, language, **named) for name in NOTED]


def definitions(lane: PageLane, tables: Sequence[Table]) -> Defined:
    """Return what the properties of columns mean, for those that the release defines."""
    properties = sorted({expand(c.property) for table in tables for c in table.columns if ours(c)})
    asked = with_any(query("export_table_said"), "property", [PREFIXES["skos"] + "definition"])
    found: dict[str, dict[str, str]] = {}
    for row in lane.select(with_any(asked, "item", properties)):
        value = row["value"]
        if isinstance(value, ox.Literal) and value.language:
            found.setdefault(of(row, "item"), {}).setdefault(value.language, value.value)
    return found


def left_out(tables: Tables, language: str) -> list[str]:
    """Return the sentences on what is not in the tables though it was asked for."""
    said = []
    if tables.outside:
        said.append(i18n.text("tables-outside", language, count=i18n.number(tables.outside, language)))
    if tables.withheld:
        counted = i18n.number(tables.withheld, language)
        said.append(i18n.text("tables-withheld", language, longest=LONGEST_QUOTATION, count=counted))
    return said

"""What tables and columns are called, in both languages, and what the ontology says that a column's property means."""

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

ENDS = ((LANGUAGE, "tables-language-of"), (LABEL, "tables-label-of"))
"""Ends of names of columns, and the texts that these are called by."""


def table_title(table: Table, language: str) -> str:
    """Return what a table is called, short enough for a sheet."""
    return i18n.text(f"sheet-{table.name.replace('_', '-')}", language)


def column_title(column: Column, language: str) -> str:
    """Return what a column is called; of the language or the name of what stands in another, with that one's."""
    for end, name in ENDS:
        if column.of and column.name.endswith(end):
            named = column_title(Column(column.of, of=column.of.removesuffix(LABEL)), language)
            return i18n.text(name, language, column=named)
    return i18n.text(f"field-{column.name.replace('_', '-')}", language)


def definitions(lane: PageLane, tables: Sequence[Table]) -> Mapping[str, Mapping[str, str]]:
    """Return what the properties of columns mean: IRI → language → definition, for those that the release defines."""
    properties = sorted({expand(c.property) for table in tables for c in table.columns if c.property})
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

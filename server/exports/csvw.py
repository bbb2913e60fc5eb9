"""CSV on the Web: a CSV file a table, and what the tables are in ``csv-metadata.json`` and ``datapackage.json``.

The files are RFC 4180 with CRLF, UTF-8 without a mark at the head, as the default dialect of
https://www.w3.org/TR/tabular-metadata/#dialect-descriptions has it. A column says which property of the row's thing it
is, so that https://www.w3.org/TR/csv2rdf/ makes triples of the graph from it. It makes none (``suppressOutput``) where
they would be others than the graph's: of lists of IRIs, dates that may be partial, texts in several languages, texts
with an apostrophe before a formula, and what is put together from several statements.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from msevidence.ontology.naming import expand
from msevidence.server import i18n
from msevidence.server.exports import about
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.rights import rights
from msevidence.server.exports.tables_defused import PATTERN, defused
from msevidence.server.exports.tables_model import VARIES, Column, Filled, Table, Tables
from msevidence.server.exports.tables_read import read
from msevidence.server.exports.tables_words import (
    Defined,
    column_title,
    definitions,
    left_out,
    meaning,
    notes,
    table_title,
)

METADATA, PACKAGE, README = "csv-metadata.json", "datapackage.json", "README.txt"
DATE = r"^-?[0-9]{4,}(-[0-9]{2}(-[0-9]{2})?)?(Z|[+-][0-9]{2}:[0-9]{2})?$"
"""A year, a year and month or a day, as XML Schema writes them."""
_CSVW: Mapping[str, object] = {
    "text": "string",
    "iri": "anyURI",
    "integer": "integer",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": {"base": "string", "format": DATE},
}
_FRICTIONLESS = {"integer": "integer", "decimal": "number", "boolean": "boolean"}
NOTES = ("tables-rdf", "tables-dates")
"""Texts on how to read the files."""


def write(handover: Handover) -> Files:
    """Write the tables, their descriptions, and a text that says how to read them.

    Raises:
        ExportError: a table can not be written as CSV.
    """
    tables = read(handover)
    defined = definitions(handover.lane, [filled.table for filled in tables.tables])
    return {
        README: _readme(handover, tables).encode(),
        METADATA: _json(_metadata(handover, tables, defined)),
        PACKAGE: _json(_package(handover, tables, defined)),
        **{f"{filled.table.name}.csv": _csv(filled) for filled in tables.tables},
    }


def cell(column: Column, row: Mapping[str, tuple[str, ...]]) -> str:
    """Return what a cell holds."""
    joined = column.separator.join(row.get(column.name, ()))
    return defused(joined) if column.kind == "text" else joined


def _csv(filled: Filled) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(column.name for column in filled.table.columns)
    for row in filled.rows:
        writer.writerow(cell(column, row) for column in filled.table.columns)
    return buffer.getvalue().encode()


def _metadata(handover: Handover, tables: Tables, defined: Defined) -> dict[str, Any]:
    release, held = handover.release, rights(handover.lane, handover.labels)
    facts = {fact.name: fact for fact in about.about(handover)}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": handover.language}],
        "dc:title": _both("tables-title"),
        "dc:identifier": release.id,
        "dc:created": {"@value": release.built, "@type": "xsd:dateTime"},
        "dc:source": {"@id": facts["address"].link},
        "prov:wasDerivedFrom": {"@id": f"{release.base}release/{release.id}"},
        "dc:license": {"@id": about.OWN_LICENCE},
        "dc:rights": [_plain(line) for line in about.lines(handover)],
        "dc:hasPart": [
            {"@id": source.iri, "dc:rights": [_plain(text) for text in (*source.rights, *source.licences)]}
            for source in held.sources
        ],
        "rdfs:comment": [
            {"@value": line, "@language": language} for language in i18n.LANGUAGES for line in _notes(tables, language)
        ],
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ",",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
            "skipInitialSpace": False,
            "trim": False,
            "lineTerminators": ["\r\n", "\n"],
        },
        "tables": [_table(filled, defined) for filled in tables.tables],
    }


def _table(filled: Filled, defined: Defined) -> dict[str, Any]:
    table = filled.table
    return {
        "url": f"{table.name}.csv",
        "dc:title": [{"@value": table_title(table, language), "@language": language} for language in i18n.LANGUAGES],
        "tableSchema": {
            "aboutUrl": f"{{+{table.about}}}",
            "columns": [_column(column, filled, defined) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "columnReference": [column.name],
                    "reference": {"resource": f"{column.references}.csv", "columnReference": ["iri"]},
                }
                for column in _referring(table)
            ],
        },
    }


def _referring(table: Table) -> list[Column]:
    return [column for column in table.columns if column.references and not column.many]


def _column(column: Column, filled: Filled, defined: Defined) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "titles": {language: column_title(column, language) for language in i18n.LANGUAGES},
        "datatype": _CSVW[column.kind],
    }
    if column.required:
        said["required"] = True
    if column.separator:
        said["separator"] = column.separator
    if column.language and column.language != VARIES:
        said["lang"] = column.language
    if column.property:
        said["propertyUrl"] = expand(column.property)
    said |= _described(column, filled.table, defined)
    if column.kind == "iri" and not column.separator:
        said["valueUrl"] = f"{{+{column.name}}}"
    if _suppressed(column, filled):
        said["suppressOutput"] = True
    return said


def _suppressed(column: Column, filled: Filled) -> bool:
    if not column.property or column.kind == "date" or column.language == VARIES:
        return True
    if column.kind == "iri":
        return bool(column.separator)
    return any(cell(column, row) != column.separator.join(row.get(column.name, ())) for row in filled.rows)


def _described(column: Column, table: Table, defined: Defined) -> dict[str, Any]:
    texts = {language: meaning(table, column, defined, language) for language in i18n.LANGUAGES}
    said = [{"@value": text, "@language": language} for language, text in texts.items() if text]
    return {"dc:description": said} if said else {}


def _package(handover: Handover, tables: Tables, defined: Defined) -> dict[str, Any]:
    release, language = handover.release, handover.language
    held = rights(handover.lane, handover.labels)
    return {
        "name": handover.stem.casefold(),
        "id": release.id,
        "title": i18n.text("tables-title", language),
        "description": "\n".join((*_notes(tables, language), *about.lines(handover))),
        "created": release.built,
        "version": release.version,
        "licenses": [{"name": about.OWN_LICENCE_NAME, "path": about.OWN_LICENCE}],
        "sources": [{"title": source.label.text, "path": source.iri} for source in held.sources],
        "resources": [
            {
                "name": filled.table.name,
                "path": f"{filled.table.name}.csv",
                "title": table_title(filled.table, language),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "profile": "tabular-data-resource",
                "schema": {
                    "fields": [_field(column, filled.table, language, defined) for column in filled.table.columns],
                    "missingValues": [""],
                    "primaryKey": list(filled.table.key),
                    "foreignKeys": [
                        {"fields": [c.name], "reference": {"resource": c.references, "fields": ["iri"]}}
                        for c in _referring(filled.table)
                    ],
                },
            }
            for filled in tables.tables
        ],
    }


def _field(column: Column, table: Table, language: str, defined: Defined) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "title": column_title(column, language),
        "type": "string" if column.separator else _FRICTIONLESS.get(column.kind, "string"),
    }
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.kind == "date" and not column.separator:
        constraints["pattern"] = DATE
    if constraints:
        said["constraints"] = constraints
    if column.property:
        said["rdfType"] = expand(column.property)
    if text := meaning(table, column, defined, language):
        said["description"] = text
    return said


def _notes(tables: Tables, language: str) -> list[str]:
    return [
        *(i18n.text(name, language) for name in NOTES),
        *notes(language, titled=False),
        i18n.text("tables-defused", language, pattern=PATTERN),
        *left_out(tables, language),
    ]


def _readme(handover: Handover, tables: Tables) -> str:
    language = handover.language
    counted = [
        f"{filled.table.name}.csv: {table_title(filled.table, language)},"
        f" {i18n.text('tables-rows', language).lower()}: {len(filled.rows)}"
        for filled in tables.tables
    ]
    title = i18n.text("tables-title", language)
    parts = ([title], about.lines(handover), counted, _notes(tables, language))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _both(name: str) -> list[dict[str, str]]:
    return [{"@value": i18n.text(name, language), "@language": language} for language in i18n.LANGUAGES]


def _plain(text: str) -> dict[str, str]:
    """Return a text of no one language, which the context's would else be given to."""
    return {"@value": text, "@type": "xsd:string"}


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

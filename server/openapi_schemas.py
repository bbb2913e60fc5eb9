"""The shapes of what the server answers in JSON, as schemas of the OpenAPI description (JSON Schema 2020-12).

They describe; what is written is made elsewhere (``exhibits.as_json``, ``count_json``, ``review_json``, ``answers``),
and ``tests/test_schemathesis.py`` holds the answers against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
KEY: Schema = {"type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", "maxLength": 200}
"""The last part of an IRI (``ontology.iris``)."""
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
OPTIONAL_TEXT: Schema = {"type": ["string", "null"]}


def listed(of: Schema) -> Schema:
    """Return the schema of a list of these."""
    return {"type": "array", "items": of}


def record(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    """Return the schema of an object that has all of the first, and may have the others."""
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the description."""
    return {"$ref": f"#/components/schemas/{name}"}


_CELL: Schema = {"type": ["string", "number", "array", "null"], "items": {"type": ["string", "number"]}}
_TABLE = record(
    {
        "table": TEXT,
        "title": TEXT,
        "columns": {"type": "object", "additionalProperties": TEXT},
        "rows": listed({"type": "object", "additionalProperties": _CELL}),
    },
    note=TEXT,
)
_RELEASE = record({"id": TEXT, "version": TEXT, "built": TEXT, "quads": COUNT})
_FILE = record({"name": TEXT, "url": TEXT, "mediaType": TEXT, "bytes": COUNT, "sha256": SHA256})
_TERM = record(
    {
        "iri": TEXT,
        "name": OPTIONAL_TEXT,
        "label": {"type": "object", "additionalProperties": TEXT},
        "definition": {"type": "object", "additionalProperties": TEXT},
        "count": COUNT,
    }
)
_RDF_TERM = record({"type": {"enum": ["uri", "literal", "bnode", "triple"]}, "value": {}})

SCHEMAS: Mapping[str, Schema] = {
    "Problem": record(
        {"type": TEXT, "title": TEXT, "status": {"type": "integer", "minimum": 400, "maximum": 599}, "detail": TEXT},
        advice=TEXT,
    ),
    "Tables": record({"title": TEXT, "release": SHA256, "address": TEXT, "tables": listed(_TABLE)}),
    "Search": record(
        {
            "query": TEXT,
            "release": SHA256,
            "fit": TEXT,
            "opens": OPTIONAL_TEXT,
            "didYouMean": OPTIONAL_TEXT,
            "notHere": listed(TEXT),
            "total": COUNT,
            "kinds": {"type": "object", "additionalProperties": COUNT},
            "atLeast": {"type": "boolean"},
            "results": listed(
                record({name: TEXT for name in ("kind", "iri", "label", "language", "field", "text")}),
            ),
        }
    ),
    "Count": record(
        {
            **{name: COUNT for name in ("printed", "numbers", "registrations", "studies", "references")},
            **{f"{name}_count": COUNT for name in ("parts", "kept_apart", "not_recognised", "publications")},
            **{
                name: listed({"type": "object"})
                for name in (
                    *("printed_list", "number_list", "registration_list", "study_list", "reference_list", "parts"),
                    *("decisions", "kept_apart", "not_recognised"),
                )
            },
            "publication_list": listed(TEXT),
        }
    ),
    "Review": record(
        {
            "documents": listed(record({"document": TEXT, "title": TEXT, "language": TEXT, "counts": {}})),
            "findings": listed(
                record(
                    {name: TEXT for name in ("id", "finding", "rule", "severity", "message", "standing", "link")},
                )
            ),
            "rules": listed({"type": "object"}),
            "verdicts": listed({"type": "object"}),
        }
    ),
    "Releases": record(
        {
            "current": SHA256,
            "releases": listed(
                record(
                    {
                        **_RELEASE["properties"],
                        "current": {"type": "boolean"},
                        "manifest": TEXT,
                        "sums": OPTIONAL_TEXT,
                        "signature": OPTIONAL_TEXT,
                        "files": listed(_FILE),
                    }
                )
            ),
        }
    ),
    "Health": record(
        {
            "status": {"enum": ["ok", "degraded", "unavailable"]},
            "release": {"anyOf": [_RELEASE, {"type": "null"}]},
            "lanes": {"type": "object"},
            "warnings": listed(TEXT),
        }
    ),
    "Terms": record(
        {
            "release": SHA256,
            "prefixes": {"type": "object", "additionalProperties": TEXT},
            "classes": listed(_TERM),
            "properties": listed(_TERM),
        }
    ),
    "SparqlResults": {
        "type": "object",
        "required": ["head"],
        "properties": {
            "head": {"type": "object", "properties": {"vars": listed(TEXT)}},
            "boolean": {"type": "boolean"},
            "results": record({"bindings": listed({"type": "object", "additionalProperties": _RDF_TERM})}),
        },
    },
    "CslItems": listed(record({"id": TEXT, "type": TEXT})),
    "OpenAPI": record({"openapi": TEXT, "info": {"type": "object"}, "paths": {"type": "object"}}),
}
"""Name in the description → schema."""

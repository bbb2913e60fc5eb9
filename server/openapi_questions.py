"""The operations of the stored questions: each has a page of its own, which is had in the formats of its answer."""

from __future__ import annotations

from collections.abc import Mapping

from msevidence.queries import Question, load_questions
from msevidence.server import i18n, pages_question
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS
from msevidence.server.openapi_model import Choices, Operation, Parameter
from msevidence.server.openapi_schemas import TEXT, Schema
from msevidence.server.openapi_types import HTML, LANG, RDF_TYPES, RESULT_TYPES

_OF_TYPES: Mapping[str, Schema] = {
    "string": TEXT,
    "integer": {"type": "string", "pattern": "^[+-]?[0-9]+$"},
    "decimal": {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
    "boolean": {"type": "string", "enum": ["true", "false"]},
    "date": {"type": "string", "format": "date"},
    "gYear": {"type": "string", "pattern": "^[0-9]{4}$"},
    "IRI": {"type": "string", "format": "iri-or-local-name"},
}
"""Types of the parameters of stored questions (``queries.TYPES``) → schema."""


def operations(there: Choices) -> list[Operation]:
    """Return the operation of each question, and the one of the files behind their addresses."""
    return [*(_question(there, one) for one in load_questions().values()), _files(there)]


def _files(there: Choices) -> Operation:
    """Return the operation of the files behind the address of a question; RDF is the question itself, elsewhere."""
    tables = [name for name, one in load_questions().items() if one.form == "select"]
    types = {f.media_type: RESULT_TYPES[f.media_type] for f in RESULT_FORMATS.values() if f.name in ("csv", "json")}
    suffixes = ["csv", "json", *pages_question.ITSELF]
    return Operation(
        "/queries/{key}.{suffix}",
        types,
        [LANG],
        {"key": there.one_of(tables), "suffix": there.one_of(suffixes)},
        redirects=True,
        about=i18n.text("api-question-files", there.language),
    )


def _question(there: Choices, one: Question) -> Operation:
    own = [Parameter(p.name, _OF_TYPES[p.type], about=p.abouts[there.language], example=p.default) for p in one.params]
    types = RESULT_TYPES if one.form in ("select", "ask") else RDF_TYPES
    formats = RESULT_FORMATS if one.form in ("select", "ask") else RDF_FORMATS
    shared = [
        Parameter("format", there.one_of([pages_question.PAGE.name, *formats])),
        Parameter("view", there.one_of(pages_question.VIEWS)),
        Parameter("of"),
        Parameter("by"),
        LANG,
    ]
    return Operation(f"/queries/{one.name}", {HTML: TEXT, **types}, [*own, *shared], about=one.titles[there.language])

"""The OpenAPI 3.1 description of this server (https://spec.openapis.org/oas/v3.1.1), made for one release.

What can be asked stands in ``openapi_operations``, the shapes of answers in ``openapi_schemas``, the words in
``translations/api.toml``. HEAD and OPTIONS answer wherever GET does; a parameter that an operation does not name is
refused, save on the search page and the endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msevidence.server import errors, i18n
from msevidence.server.openapi_model import Choices, Operation, Parameter
from msevidence.server.openapi_operations import operations
from msevidence.server.openapi_schemas import SCHEMAS, TEXT, ref

VERSION = "3.1.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PROBLEM_TYPES = ("application/problem+json", "text/plain", "text/html")
REFUSALS: Sequence[type[errors.Problem]] = (
    *(errors.BadRequest, errors.Forbidden, errors.NotFound, errors.NotAcceptable, errors.RequestTooLarge),
    *(errors.UnsupportedMediaType, errors.TooManyRequests, errors.HeadersTooLarge, errors.ServerFault),
    *(errors.BadGateway, errors.Unavailable, errors.TimedOut),
)
"""The errors of which the description has an answer, one a status."""
_ONLY: Mapping[int, Sequence[str]] = {403: ("sparql.", "metrics."), 415: ("sparql.by_post",), 502: ("sparql.",)}
"""Status → beginnings of the endpoints that alone give it."""
GROUPS: Mapping[str, Sequence[str]] = {
    "sparql": ("sparql", "graph_store"),
    "questions": ("queries", "questions"),
    "resources": ("pages", "browse", "vocabulary", "nanopub", "terms"),
    "evidence": ("map", "timeline", "results", "compare", "flow", "searches", "count"),
    "review": ("review", "quality"),
    "releases": ("dumps", "graphs", "diff", "export"),
    "server": ("api", "metrics", "static"),
}
"""Group of operations → names of the blueprints whose routes are in it."""


def document(there: Choices, site: str, version: str) -> dict[str, Any]:
    """Return the description as an object for JSON.

    Args:
        there: what can be chosen in the release that is served.
        site: address of this server, with a slash at the end.
        version: of the program.
    """
    language = there.language
    paths: dict[str, dict[str, Any]] = {}
    for endpoint, several in operations(there).items():
        for number, one in enumerate(several, 1):
            name = endpoint if len(several) == 1 else f"{endpoint}.{number}"
            paths.setdefault(one.path, {})[method(one)] = _operation(endpoint, name, one, language)
    return {
        "openapi": VERSION,
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "msevidence",
            "summary": i18n.text("site-title", language),
            "description": i18n.text("api-about", language),
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": site.rstrip("/")}],
        "security": [],
        "tags": [{"name": name, "description": i18n.text(f"api-group-{name}", language)} for name in GROUPS],
        "paths": paths,
        "components": {
            "schemas": {**SCHEMAS, **there.schemas()},
            "responses": {str(kind.status): _refusal(kind, language) for kind in REFUSALS},
            "headers": {
                "ETag": {"description": i18n.text("api-etag", language), "required": True, "schema": TEXT},
                "Location": {"description": i18n.text("api-location", language), "required": True, "schema": TEXT},
            },
        },
    }


def method(one: Operation) -> str:
    """Return the method of an operation, in small letters."""
    return "post" if one.body else "get"


def group(endpoint: str) -> str:
    """Return the group of an endpoint's operations.

    >>> group("map.evidence_map"), group("static")
    ('evidence', 'server')
    """
    return next(name for name, parts in GROUPS.items() if endpoint.partition(".")[0] in parts)


def about(endpoint: str, one: Operation, language: str) -> str:
    """Return in a sentence what an operation does."""
    text = i18n.text(f"api-{endpoint.replace('.', '-').replace('_', '-')}", language, what=one.about)
    if "{suffix}" in one.path and endpoint != "dumps.dataset_file":
        return f"{text} {i18n.text('api-as-file', language)}"
    return text


def told(one: Parameter, language: str) -> str:
    """Return what a parameter is."""
    return one.about or i18n.text(f"api-parameter-{one.name}", language)


def _operation(endpoint: str, name: str, one: Operation, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": name,
        "tags": [group(endpoint)],
        "summary": about(endpoint, one, language),
        "parameters": [*_parts(one, language), *(_parameter(parameter, language) for parameter in one.parameters)],
        "responses": _responses(endpoint, one, language),
    }
    if one.body:
        found["requestBody"] = {"required": True, "content": {type: {"schema": s} for type, s in one.body.items()}}
    return found


def _parts(one: Operation, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": i18n.text(f"api-part-{name}", language),
            "schema": schema,
            **({"example": one.examples[name]} if name in one.examples else {}),
        }
        for name, schema in one.parts.items()
    ]


def _parameter(one: Parameter, language: str) -> dict[str, Any]:
    written: dict[str, Any] = {"name": one.name, "in": "query", "description": told(one, language)}
    if one.required:
        written["required"] = True
    if one.flag:
        return {**written, "allowEmptyValue": True, "schema": one.schema}
    if one.many:
        written |= {"style": "form", "explode": True, "schema": {"type": "array", "items": one.schema}}
    else:
        written["schema"] = one.schema
    return written | ({"example": one.example} if one.example is not None else {})


def _responses(endpoint: str, one: Operation, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.answers:
        found["200"] = {
            "description": i18n.text("api-complete", language),
            "content": {type: ({"schema": schema} if schema else {}) for type, schema in one.answers.items()},
            **({"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}} if one.tagged else {}),
        }
        found["304"] = {"description": i18n.text("api-unchanged", language)}
    if one.redirects:
        location = {"Location": {"$ref": "#/components/headers/Location"}}
        found["303"] = {"description": i18n.text("api-elsewhere", language), "headers": location}
    for kind in REFUSALS:
        only = _ONLY.get(kind.status)
        if only is None or endpoint.startswith(tuple(only)):
            found[str(kind.status)] = {"$ref": f"#/components/responses/{kind.status}"}
    if endpoint == "dumps.health":  # it says of itself what is wrong
        found["503"] = {
            "description": errors.Unavailable.title.in_language(language),
            "content": found["200"]["content"],
        }
    return dict(sorted(found.items()))


def _refusal(kind: type[errors.Problem], language: str) -> dict[str, Any]:
    problem, *texts = PROBLEM_TYPES
    content = {problem: {"schema": ref("Problem")}, **{type: {"schema": TEXT} for type in texts}}
    return {"description": kind.title.in_language(language), "content": content}

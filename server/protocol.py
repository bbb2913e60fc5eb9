"""SPARQL 1.1 Protocol, query operation (https://www.w3.org/TR/sparql11-protocol/), read only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from flask import Blueprint, Response, current_app, request

from msevidence.server import description, errors, excerpt, form, guard, negotiation, parameters, running
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS, Format
from msevidence.server.parameters import Parameters
from msevidence.server.pool import Question
from msevidence.server.settings import Settings
from msevidence.server.store import client, lanes

blueprint = Blueprint("sparql", __name__)

LONG = 8_192
"""Characters of a query that take about 5 ms to judge."""

FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)


# The manifest of the W3C's suite spells the address with a slash at the end.
@blueprint.get("/sparql", strict_slashes=False)
def by_get() -> Response:
    """Query by GET; without a query the description, or the form for a browser (section 2.1.1)."""
    given = parameters.of_url()
    _refuse_update(given)
    query = given.one("query")
    if query is not None:
        return _answer(query, given)
    explicit = negotiation.named(RDF_FORMATS, given.formats())
    if explicit is None and negotiation.prefers_html(format.media_type for format in RDF_FORMATS.values()):
        return form.page()
    return description.service(explicit or negotiation.choose(RDF_FORMATS, None))


@blueprint.post("/sparql", strict_slashes=False)
def by_post() -> Response:
    """Query by POST, URL-encoded or direct (sections 2.1.2 and 2.1.3)."""
    if request.mimetype == FORM:
        given = parameters.of_form()
        _refuse_update(given)
        query = given.one("query")
        if query is None:
            raise errors.BadRequest("The form has no parameter 'query'.")
        return _answer(query, given)
    if request.mimetype == QUERY:
        given = parameters.of_url()
        if "query" in given:
            raise errors.BadRequest("The query stands in the body; the URL must not hold another one.")
        return _answer(parameters.text_body(), given)
    if request.mimetype == UPDATE:
        raise errors.Forbidden("This endpoint is read only: it takes no updates.")
    raise errors.UnsupportedMediaType(
        f"The content type is {request.mimetype or 'missing'}; send {FORM} or {QUERY}.",
        headers={"Accept-Post": f"{FORM}, {QUERY}"},
    )


def _answer(query: str, given: Parameters) -> Response:
    """Answer a query: for a browser with a page, also where the answer is that there is none."""
    try:
        return _answer_as_asked(query, given)
    except errors.Problem as problem:
        if not negotiation.prefers_html(_types(RESULT_FORMATS | RDF_FORMATS)):
            raise
        return form.refused(problem, query, given)


def _answer_as_asked(query: str, given: Parameters) -> Response:
    if not query.strip():
        raise errors.BadRequest(errors.Words("The query is empty.", "Spørringen er tom."))
    settings: Settings = current_app.extensions["msevidence-settings"]
    guarded = _guarded(query, settings)
    formats = negotiation.formats_of(guarded.form)
    explicit = negotiation.named(formats, given.formats())
    as_page = explicit is None and negotiation.prefers_html(_types(formats))
    format = next(iter(formats.values())) if as_page else explicit or negotiation.choose(formats, None)
    default, named = given.graphs("default-graph-uri"), given.graphs("named-graph-uri")
    chosen = bool(default or named)  # then the dataset is these and nothing else, whatever FROM says (section 2.1.4)
    question = Question(
        guarded.text,
        excerpt.NAME if as_page else format.name,
        default_graphs=default if chosen else None,
        named_graphs=named if chosen else None,
        prefixes=guarded.prefixes,
        federated=guarded.federated,
    )
    if as_page:
        return form.answered(question, query, volatile=guarded.volatile)
    return running.answer(question, format, volatile=guarded.volatile)


def _types(formats: Mapping[str, Format]) -> list[str]:  # type: ignore[type-arg]
    """Return every media type that asks for one of these formats: a page goes to those who would rather have that."""
    return [name for format in formats.values() for name in (format.media_type, *format.aliases)]


def _guarded(query: str, settings: Settings) -> guard.Guarded:
    """Judge the query; a long one in its turn, since reading it keeps this process busy."""
    if len(query) < LONG:
        return _judged(query, settings)
    with lanes().sparql.admission.slot(client()):
        return guard.check(query, settings)


@lru_cache(maxsize=256)
def _judged(query: str, settings: Settings) -> guard.Guarded:
    """Judge a short query once: what is asked again is mostly in the cache, and judging it would take longest."""
    return guard.check(query, settings)


def _refuse_update(given: Parameters) -> None:
    if "update" in given:
        raise errors.Forbidden("This endpoint is read only: it takes no updates.")

"""SPARQL 1.1 Protocol, query operation (https://www.w3.org/TR/sparql11-protocol/), read only."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from msevidence.server import (
    description,
    errors,
    form,
    guard,
    negotiation,
    parameters,
    planned,
    problem_written,
    running,
)
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.parameters import Parameters
from msevidence.server.settings import Settings
from msevidence.server.store import client, lanes

blueprint = Blueprint("sparql", __name__)


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
        if not problem_written.wants_page(request.headers.get("Accept", "")):
            raise
        return form.refused(problem, query, given)


def _answer_as_asked(query: str, given: Parameters) -> Response:
    settings: Settings = current_app.extensions["msevidence-settings"]
    plan = planned.plan(query, given, request.headers.get("Accept", ""), settings, judge=_guarded)
    if plan.as_page:
        return form.answered(plan.question, query, volatile=plan.volatile)
    return running.answer(plan.question, plan.format, volatile=plan.volatile)


def _guarded(query: str, settings: Settings) -> guard.Guarded:
    """Judge the query; a long one in its turn, since reading it keeps this process busy."""
    if planned.is_brief(query):
        return planned.judged(query, settings)
    with lanes().sparql.admission.slot(client()):
        return planned.judged(query, settings)


def _refuse_update(given: Parameters) -> None:
    if "update" in given:
        raise errors.Forbidden("This endpoint is read only: it takes no updates.")

"""A stored question on a page of its own: a field for each parameter, the answer for these values, and its address.

The text of the question is that of this program (``msevidence.queries``), as ``msevidence query`` asks it; values are
bound to variables, never written into the query that runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request, url_for

from msevidence.queries import ParameterError, Question, load_questions
from msevidence.server import (
    answers,
    excerpt,
    exhibit_page,
    exhibits,
    negotiation,
    parameters,
    question_chart,
    question_fields,
    result_page,
)
from msevidence.server.binding import with_values
from msevidence.server.errors import BadRequest, NotFound, Problem, Words
from msevidence.server.exhibit_page import VARY
from msevidence.server.index import index
from msevidence.server.labels import PREFIXES, Labels, query
from msevidence.server.page_reader import OFFERED
from msevidence.server.question_values import NamesNothing, Things
from msevidence.server.store import PageLane, pages, release_page_lane
from msevidence.server.wire import Term

blueprint = Blueprint("questions", __name__)

OWN = ("lang", "format", "view", "of", "by", "table", "figure")
"""Names in the address that are no parameters of a question."""
PAGE = OFFERED["html"]
VIEWS = ("table", "chart")
ITSELF = ("ttl", "jsonld")
"""Suffixes with which the question itself is had, not its answer."""
FILES = {"csv": "CSV", "json": "JSON", "ttl": "Turtle", "jsonld": "JSON-LD"}
"""What the page can be had as: the answer as CSV and JSON, the question itself as RDF."""


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {"answer_url": answer_url}


def answer_url(iri: str, query: str) -> str:
    """Return the address of the answer to a question of the graph: its page, or the form for one that is not ours."""
    key = iri.rpartition("/")[2]
    return url_for("questions.ask", key=key) if key in load_questions() else url_for("sparql.by_get", query=query)


@blueprint.get("/queries/<key>")
@blueprint.get("/queries/<key>.<any(json, csv, ttl, jsonld):suffix>")
def ask(key: str, suffix: str = "") -> Response:
    """Ask a stored question with the values in the address, and show the answer under its form, or send it as data.

    With the suffix of an RDF format it is the question itself, as on its page: its answer is mostly a table.
    """
    question = load_questions().get(key)
    if question is None:
        said = f"There is no stored question {key[:100]!r}; /queries lists those that there are."
        raise NotFound(Words(said, f"Det finnes ikke noe lagret spørsmål {key[:100]!r}; /queries har en liste."))
    if suffix in ITSELF:
        return answers.see_other(f"../query/{question.name}.{suffix}{answers.in_language_asked()}")
    given = parameters.of_url()
    format = suffix or given.one("format") or _accepted(question)
    if format.lower() in (PAGE.name, PAGE.media_type):
        format = ""
    values = {p.name: value.strip() for p in question.params if (value := given.one(p.name) or "").strip()}
    lane = pages()
    try:
        values, bound = _bind(lane, question, values)
        question = replace(question, sparql=question.written(values))
        if _view() == "chart" and format in ("csv", "svg"):
            return _chart_file(lane, question, bound, format)
        if format:
            return _data(lane, question, values, bound, format)
        return _page(lane, question, values, bound)
    except Problem as problem:
        if format:
            raise
        release_page_lane()  # its worker may be what the answer cost
        lane = pages()
        return answers.problem(problem, "ask.html", release=lane.release, **_form(lane, question, values))


def _accepted(question: Question) -> str:
    """Return the name of the format that ``Accept`` asks for; the page is what a client gets that does not say.

    Raises:
        NotAcceptable: neither the page nor a format of the answer fits.
    """
    return negotiation.choose({PAGE.name: PAGE, **negotiation.formats_of(question.form.upper())}, None).name


def _bind(lane: PageLane, question: Question, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Term]]:
    """Return the values, with IRIs for what names a thing, and the same as terms by the name of the variable.

    Raises:
        BadRequest: one is not of its parameter's type, or names nothing of the release, or the address names something
            that is no parameter.
    """
    others = {name: "" for name in request.args if name not in OWN and name not in {p.name for p in question.params}}
    try:
        found = Things(index(lane.release), lane.release.base, partial(_studies, lane)).values(question, values)
        return found, {variable.value: term for variable, term in question.bind({**found, **others}).items()}
    except NamesNothing as error:
        said = Words(*(f"{text}." for text in error.said))
        raise BadRequest(said, parameter=error.name, near=error.near) from error
    except ParameterError as error:
        raise BadRequest(f"{error}.") from error


def _studies(lane: PageLane, registration: str) -> list[str]:
    rows = lane.select(query("studies_registered_as"), {"registration": ox.NamedNode(registration)})
    return [row["study"].value for row in rows if isinstance(row["study"], ox.NamedNode)]


def _data(
    lane: PageLane, question: Question, values: Mapping[str, str], bound: Mapping[str, Term], name: str
) -> Response:
    format = negotiation.choose(negotiation.formats_of(question.form.upper()), name)
    tag = answers.entity_tag(
        lane.release, "question", question.sparql, sorted(values.items()), format.name, negotiation.gzip_wanted()
    )
    if (known := answers.known(tag, format.content_type)) is not None:
        return known
    prefixes = PREFIXES if format.name in ("turtle", "trig") else None
    return answers.compressed(lane.serialise(question.sparql, format.name, bound, prefixes), format.content_type, tag)


def _page(lane: PageLane, question: Question, values: Mapping[str, str], bound: Mapping[str, Term]) -> Response:
    kept: dict[str, Any] = dict(values)
    chosen = {name: value for name in ("of", "by") if (value := request.args.get(name))}
    language, address = negotiation.language(), answers.arguments()
    tag = answers.entity_tag(lane.release, "question", question.sparql, address, language, negotiation.gzip_wanted())
    if (known := answers.known(tag, answers.PAGE_TYPE, vary=VARY)) is not None:
        return known
    result = _result(lane, question, bound)

    def here(**more: Any) -> str:
        return url_for("questions.ask", key=question.name, **{**kept, **more})

    def address_as(suffix: str = "", **more: Any) -> str:
        """Return the address of the page in another form: the question itself as RDF, the figure's data, the answer."""
        if suffix in ITSELF:
            return url_for("pages.resource", path=f"query/{question.name}.{suffix}", lang=None)
        drawn = {"view": "chart", **chosen} if more else {}
        return here(format=suffix, **drawn)

    drawing = _drawing(question, result, bound) if _view() == "chart" else None
    html = render_template(
        "ask.html",
        release=lane.release,
        result=result,
        drawing=drawing,
        download=lambda format: here(format=format),
        here=here,
        permalink=here(**({"view": "chart", **chosen} if drawing else {})),
        bound=with_values(question.sparql, bound),
        files=FILES if result.size is None else {name: FILES[name] for name in ITSELF},
        address=address_as,
        page_title=question.titles[language],
        taken=question.examples(values),
        **_form(lane, load_questions()[question.name], values),
    )
    body = answers.allowed_in_html(html).encode()
    return answers.compressed(body, answers.PAGE_TYPE, tag, vary=VARY)


def _result(lane: PageLane, question: Question, bound: Mapping[str, Term]) -> result_page.Result:
    found = json.loads(lane.serialise(question.sparql, excerpt.NAME, bound, PREFIXES, result_page.NAMES))
    return result_page.read(found, lane.release, negotiation.language())


def _view() -> str:
    """Return how the answer is to be shown.

    Raises:
        BadRequest: the address asks for something else.
    """
    view = request.args.get("view") or VIEWS[0]
    if view not in VIEWS:
        there = " / ".join(VIEWS)
        said = f"view={view[:40]!r}: an answer is shown as {there}."
        raise BadRequest(Words(said, f"view={view[:40]!r}: et svar vises som {there}."))
    return view


def _drawing(question: Question, result: result_page.Result, bound: Mapping[str, Term]) -> question_chart.Drawing:
    asked = with_values(question.sparql, bound)
    of, by = request.args.get("of", ""), request.args.get("by", "")
    return question_chart.drawing(question, result, negotiation.language(), asked, of, by)


def _chart_file(lane: PageLane, question: Question, bound: Mapping[str, Term], format: str) -> Response:
    """Send the figure as SVG, or its data as CSV.

    Raises:
        NotFound: there is no figure of this answer.
    """
    type = exhibit_page.FORMATS[format].content_type
    language, address = negotiation.language(), answers.arguments()
    tag = answers.entity_tag(lane.release, "chart", question.sparql, address, language, negotiation.gzip_wanted())
    response = answers.known(tag, type, vary=VARY)
    if response is None:
        drawn = _drawing(question, _result(lane, question, bound), bound)
        if drawn.figure is None:
            raise NotFound(drawn.why)
        text = exhibits.as_csv(drawn.figure.table) if format == "csv" else exhibit_page.standalone(drawn.figure)
        response = answers.compressed(text.encode(), type, tag, vary=VARY)
    if format == "svg":
        response.headers["Content-Security-Policy"] = f"{answers.POLICY}; style-src 'unsafe-inline'"
    return response


def _form(lane: PageLane, question: Question, values: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows whatever the answer."""
    fields = question_fields.fields(lane, Labels(lane, negotiation.language()), question, values)
    return {
        "question": question,
        "given": values,
        "fields": fields,
        "view": request.args.get("view") or VIEWS[0],
        "views": VIEWS,
    }

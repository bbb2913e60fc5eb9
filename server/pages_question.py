"""A stored question on a page of its own: a field for each parameter, the answer for these values, and its address.

The text of the question is that of this program (``msevidence.queries``), as ``msevidence query`` asks it; values are
bound to variables, never written into the query that runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from msevidence.ontology.iris import BASE
from msevidence.queries import Parameter, ParameterError, Question, load_questions
from msevidence.server import answers, excerpt, negotiation, parameters, result_page
from msevidence.server.binding import with_values
from msevidence.server.errors import BadRequest, NotFound, Problem, Words
from msevidence.server.labels import PREFIXES, Labels, Text
from msevidence.server.pages_lists import CLASSES, instances
from msevidence.server.store import PageLane, pages, release_page_lane
from msevidence.server.wire import Term

blueprint = Blueprint("questions", __name__)

OWN = ("lang", "format")
"""Names in the address that are no parameters of a question."""
CHOSEN = 40
"""Things up to which a field lists them all to choose from; over it they are suggested while one types."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: the parameter, its value as given, and what there is to choose from."""

    parameter: Parameter
    value: str
    options: Sequence[tuple[str, Text]] = ()
    """Values with their names."""

    @property
    def closed(self) -> bool:
        """Whether the options are few enough to be all that is shown."""
        return 0 < len(self.options) <= CHOSEN


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {"answer_url": answer_url}


def answer_url(iri: str, query: str) -> str:
    """Return the address of the answer to a question of the graph: its page, or the form for one that is not ours."""
    key = iri.rpartition("/")[2]
    return url_for("questions.ask", key=key) if key in load_questions() else url_for("sparql.by_get", query=query)


@blueprint.get("/queries/<key>")
def ask(key: str) -> Response:
    """Ask a stored question with the values in the address, and show the answer under its form, or send it as data."""
    question = load_questions().get(key)
    if question is None:
        said = f"There is no stored question {key[:100]!r}; /queries lists those that there are."
        raise NotFound(Words(said, f"Det finnes ikke noe lagret spørsmål {key[:100]!r}; /queries har en liste."))
    given = parameters.of_url()
    values = {p.name: value.strip() for p in question.params if (value := given.one(p.name) or "").strip()}
    lane = pages()
    try:
        bound = _bind(question, values)
        if format := given.one("format"):
            return _data(lane, question, values, bound, format)
        return _page(lane, question, values, bound)
    except Problem as problem:
        if given.one("format"):
            raise
        release_page_lane()  # its worker may be what the answer cost
        lane = pages()
        return answers.problem(problem, "ask.html", release=lane.release, **_form(lane, question, values))


def _bind(question: Question, values: Mapping[str, str]) -> dict[str, Term]:
    """Return the values as terms, by the name of the variable.

    Raises:
        BadRequest: one is not of its parameter's type, or the address names something that is no parameter.
    """
    others = {name: "" for name in request.args if name not in OWN and name not in {p.name for p in question.params}}
    try:
        return {variable.value: term for variable, term in question.bind({**values, **others}).items()}
    except ParameterError as error:
        raise BadRequest(f"{error}.") from error


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
    language, address = negotiation.language(), sorted(request.args.items(multi=True))
    tag = answers.entity_tag(lane.release, "question", question.sparql, address, language, negotiation.gzip_wanted())
    if (known := answers.known(tag, answers.PAGE_TYPE, vary="Accept-Language")) is not None:
        return known
    found = json.loads(lane.serialise(question.sparql, excerpt.NAME, bound, PREFIXES, result_page.NAMES))

    def download(format: str) -> str:
        return url_for("questions.ask", key=question.name, format=format, **kept)

    html = render_template(
        "ask.html",
        release=lane.release,
        result=result_page.read(found, lane.release, language),
        download=download,
        permalink=url_for("questions.ask", key=question.name, **kept),
        bound=with_values(question.sparql, bound),
        **_form(lane, question, values),
    )
    body = answers.allowed_in_html(html).encode()
    return answers.compressed(body, answers.PAGE_TYPE, tag, vary="Accept-Language")


def _form(lane: PageLane, question: Question, values: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows whatever the answer."""
    labels = Labels(lane, negotiation.language())
    fields = [_field(lane, labels, p, values.get(p.name, p.default or "")) for p in question.params]
    return {"question": question, "fields": fields}


def _field(lane: PageLane, labels: Labels, parameter: Parameter, value: str) -> Field:
    if parameter.type == "boolean":
        return Field(parameter, value, [(word, Text(word)) for word in ("true", "false")])
    kind = CLASSES.get(f"{parameter.name}s")
    if parameter.type != "IRI" or kind is None:
        return Field(parameter, value)
    things = [(iri.removeprefix(BASE), labels(iri)) for iri in instances(lane, kind)]
    options = sorted(things, key=lambda thing: (thing[1].text.casefold(), thing[0]))
    bare = value[1:-1] if value.startswith("<") and value.endswith(">") else value
    shown = bare.removeprefix(BASE)
    if shown and shown not in dict(options):
        options.insert(0, (shown, Text(shown)))
    return Field(parameter, shown, options)

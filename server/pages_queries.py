"""The page ``/queries``: every stored question of the release by who asks it, what it asks, where to run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, url_for

from msevidence.queries import load_questions
from msevidence.server import exhibit_page, i18n
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table, words
from msevidence.server.labels import PREFIXES, Labels, Text, choose, query
from msevidence.server.pages_question import answer_url
from msevidence.server.sections.question import QUESTION_FORMS
from msevidence.server.store import PageLane

blueprint = Blueprint("queries", __name__)

AUDIENCES: Mapping[str, range] = {
    "assessor": range(1, 12),
    "clinician": range(12, 16),
    "librarian": range(16, 22),
    "engineer": range(22, 25),
}
"""Who asks → the numbers of the users' questions (``asks`` in the head of a query) that are theirs."""
OTHER = "other"
LABEL, COMMENT = PREFIXES["rdfs"] + "label", PREFIXES["rdfs"] + "comment"


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored question in the list."""

    iri: str
    key: str
    label: Text
    explanation: Text | None
    query: str
    formats: Sequence[str]
    """Formats in which the endpoint is asked for the answer."""
    audience: str
    """Who it is for first."""
    others: Sequence[str]
    """Who else asks it."""
    parameters: Sequence[str]
    ours: bool
    """Whether this program has it too, and so a page for its answer."""


@blueprint.get("/queries")
@blueprint.get(f"/queries.<any({exhibit_page.SUFFIXES}):suffix>")
def queries(suffix: str = "") -> Response:
    """List the stored questions by who asks them."""
    return exhibit_page.answer("queries.html", _exhibits, suffix)


def _exhibits(lane: PageLane, labels: Labels, language: str) -> Exhibits:
    found = questions(lane, language)
    groups = {audience: [one for one in found if one.audience == audience] for audience in (*AUDIENCES, OTHER)}
    return Exhibits(
        title=i18n.text("questions", language),
        tables=[_table(found, language)],
        subjects=[one.iri for one in found],
        shown={"groups": {audience: listed for audience, listed in groups.items() if listed}, "total": len(found)},
    )


def questions(lane: PageLane, language: str) -> list[Listed]:
    """Return the stored questions of the release, in the order of their names."""
    texts: dict[str, dict[str, list[ox.Literal]]] = {}
    forms: dict[str, tuple[str, str]] = {}
    for row in lane.select(query("questions_listed")):
        iri, value = str(getattr(row["item"], "value", "")), row.get("value")
        forms[iri] = (str(getattr(row["form"], "value", "")), str(getattr(row["query"], "value", "")))
        there = texts.setdefault(iri, {})
        if isinstance(value, ox.Literal):
            there.setdefault(str(getattr(row["property"], "value", "")), []).append(value)
    return [_listed(iri, *forms[iri], texts[iri], language) for iri in forms]


def _listed(iri: str, form: str, sparql: str, texts: Mapping[str, list[ox.Literal]], language: str) -> Listed:
    key = iri.rpartition("/")[2]
    ours = load_questions().get(key)
    audiences = _audiences(ours.asks if ours else ())
    label = choose(texts[LABEL], language) if LABEL in texts else None
    explanation = choose(texts[COMMENT], language) if COMMENT in texts else None
    if label is None:
        label, explanation = explanation or Text(key), None
    return Listed(
        iri,
        key,
        label,
        None if explanation == label else explanation,
        sparql,
        QUESTION_FORMS[form],
        audiences[0],
        audiences[1:],
        [parameter.name for parameter in ours.params] if ours else [],
        ours is not None,
    )


def _audiences(asks: Sequence[int]) -> Sequence[str]:
    """Return who asks, the one whose question it answers first before the others."""
    found = [audience for number in asks for audience, numbers in AUDIENCES.items() if number in numbers]
    return list(dict.fromkeys(found)) or [OTHER]


def _table(found: Sequence[Listed], language: str) -> Table:
    def text(key: str) -> str:
        return i18n.text(key, language)

    columns = [
        Column("question", text("question"), iris=True),
        Column("explanation", text("question-about")),
        Column("asked_by", text("question-for")),
        Column("parameters", text("question-parameters")),
        Column("address", text("see-answer")),
    ]
    rows: list[Row] = []
    for one in found:
        href = answer_url(one.iri, one.query)
        rows.append(
            {
                "question": Cell(one.label.text, one.label.language, href, one.iri),
                "explanation": words(one.explanation) if one.explanation else (),
                "asked_by": [Cell(i18n.text(f"asked-by-{who}", language)) for who in (one.audience, *one.others)],
                "parameters": [Cell(name) for name in one.parameters],
                "address": Cell(url_for("pages.resource", path=f"queries/{one.key}", lang=None), None, href),
            }
        )
    return Table("questions", i18n.text("questions", language), columns, rows, query=query("questions_listed"))

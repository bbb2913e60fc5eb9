"""A stored question: its query; its answer stands on a page that people ask it on (``pages_question``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.pages_view import View
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane

_ROWS, _TRIPLES = ("csv", "json"), ("turtle", "jsonld")
QUESTION_FORMS: Mapping[str, Sequence[str]] = {
    PREFIXES["sh"] + "select": _ROWS,
    PREFIXES["sh"] + "ask": _ROWS,
    PREFIXES["sh"] + "construct": _TRIPLES,
    PREFIXES["sh"] + "describe": _TRIPLES,
}
"""Property of a stored question that holds its query → formats to ask the endpoint for."""


@dataclass(frozen=True, slots=True)
class QuestionSections(Sections):
    """A stored question."""

    template: str = "question.html"
    query: str = ""
    formats: Sequence[str] = ()


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> Sections:
    """Return what the page of a stored question shows."""
    for form, formats in QUESTION_FORMS.items():
        for value in view.values(form):
            return QuestionSections(query=value.text.text, formats=formats)
    return Sections()

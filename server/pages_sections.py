"""Which module of ``sections/`` makes the page of a resource, by its classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.pages_links import MSE
from msevidence.server.pages_view import View
from msevidence.server.sections import (
    claim,
    concept,
    decision,
    document,
    ontology,
    organisation,
    person,
    publication,
    question,
    registration,
    search,
    study,
)
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane

Maker = Callable[[PageLane, Labels, View, str], Sections]

MAKERS: Sequence[tuple[str, Maker]] = (
    (MSE + "Claim", claim.sections),
    (MSE + "Study", study.sections),
    (MSE + "Document", document.sections),
    (MSE + "Publication", publication.sections),
    (MSE + "Registration", registration.sections),
    (MSE + "Person", person.sections),
    (MSE + "Organisation", organisation.sections),
    (MSE + "Decision", decision.sections),
    (MSE + "Search", search.sections),
    (PREFIXES["skos"] + "Concept", concept.sections),
    (PREFIXES["skos"] + "ConceptScheme", concept.scheme_sections),
)
"""Class → what makes the page; the first that fits."""


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> Sections:
    """Return what the page of this resource shows beyond the rest."""
    if view.iri == ONTOLOGY:
        return ontology.sections(lane, labels, view, language)
    for class_iri, maker in MAKERS:
        if class_iri in view.type_iris:
            return maker(lane, labels, view, language)
    return question.sections(lane, labels, view, language)

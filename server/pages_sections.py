"""What the pages of a claim, a study, a document and the ontology show beyond that of any resource."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox

from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server import pages_reading
from msevidence.server.labels import PREFIXES, Labels, Text, choose, query, short
from msevidence.server.pages_links import MSE, Value, link, name, of
from msevidence.server.pages_view import View
from msevidence.server.store import PageLane
from msevidence.server.wire import Term


@dataclass(frozen=True, slots=True)
class Sections:
    """A resource that is shown as any other."""

    template: str = "resource.html"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage of the paragraph that a claim stands in."""

    passage: Value
    language: str
    before: str
    claimed: str
    """The words of it that are the claim, empty where the claim is stated elsewhere."""
    after: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication that a reference leads to, and the studies that it reports, with their registrations."""

    value: Value
    studies: dict[str, tuple[Value, list[Value]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Support:
    """One step from a claim to what supports it: pointer, reference, and what that leads to."""

    pointer: Value
    number: str
    printed: str
    inherited: bool
    missing: bool
    reference: Value
    publications: dict[str, Publication] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimSections(Sections):
    """A claim: its paragraph, and what it rests on."""

    template: str = "claim.html"
    paragraph: Sequence[Sentence] = ()
    support: Sequence[Support] = ()


@dataclass(frozen=True, slots=True)
class StudySections(Sections):
    """A study: what leads to it, by kind and document."""

    template: str = "study.html"
    groups: Mapping[str, Sequence[tuple[Value | None, Sequence[Value]]]] = field(default_factory=dict)
    """Kind of thing → documents (or None) with their things."""

    def values(self, kind: str) -> list[Value]:
        """Return all things of a kind."""
        return [value for _, values in self.groups.get(kind, ()) for value in values]


@dataclass(frozen=True, slots=True)
class DocumentSections(Sections):
    """A document: its text."""

    template: str = "document.html"
    reading: pages_reading.Reading = field(default_factory=pages_reading.Reading)


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A class or property."""

    iri: str
    key: str
    label: Text
    definition: Text | None
    types: Sequence[str]
    parents: Sequence[Value]


@dataclass(frozen=True, slots=True)
class OntologySections(Sections):
    """The ontology: its terms."""

    template: str = "ontology.html"
    classes: Sequence[OntologyTerm] = ()
    properties: Sequence[OntologyTerm] = ()


@dataclass(frozen=True, slots=True)
class QuestionSections(Sections):
    """A stored question: its query; its answer stands on a page that people ask it on (``pages_question``)."""

    template: str = "question.html"
    query: str = ""
    formats: Sequence[str] = ()


_ROWS, _TRIPLES = ("csv", "json"), ("turtle", "jsonld")
QUESTION_FORMS: Mapping[str, Sequence[str]] = {
    PREFIXES["sh"] + "select": _ROWS,
    PREFIXES["sh"] + "ask": _ROWS,
    PREFIXES["sh"] + "construct": _TRIPLES,
    PREFIXES["sh"] + "describe": _TRIPLES,
}
"""Property of a stored question that holds its query → formats to ask the endpoint for."""
STUDY_KINDS = ("registrations", "whole", "parts", "descriptions", "publications", "claims", "citing-claims")


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> Sections:
    """Return what the page of this resource shows beyond the rest, by its classes."""
    if view.iri == ONTOLOGY:
        return _ontology(lane, labels, language)
    if MSE + "Claim" in view.type_iris:
        return ClaimSections(paragraph=_paragraph(lane, labels, view.iri), support=_support(lane, labels, view.iri))
    if MSE + "Study" in view.type_iris:
        return _study(lane, labels, view.iri)
    if MSE + "Document" in view.type_iris:
        return DocumentSections(reading=pages_reading.read(lane, labels, view.iri))
    for form, formats in QUESTION_FORMS.items():
        for value in view.values(form):
            return QuestionSections(query=value.text.text, formats=formats)
    return Sections()


def _paragraph(lane: PageLane, labels: Labels, iri: str) -> list[Sentence]:
    shown: dict[str, Sentence] = {}
    for row in lane.select(query("claim"), {"resource": ox.NamedNode(iri)}):
        passage, text = name(row["passage"]), of(row, "text")
        own = passage == of(row, "own")
        if passage in shown and (shown[passage].claimed or not own):
            continue
        parts = _parts(text, of(row, "said"), int(of(row, "offset") or 0)) if own else (text, "", "")
        shown[passage] = Sentence(link(lane, labels, passage), of(row, "language"), *parts)
    return list(shown.values())


def _parts(text: str, said: str, offset: int) -> tuple[str, str, str]:
    """Return a passage as what stands before a claim, the claim, and what stands after it.

    Args:
        text: of the passage.
        said: the claim's words; the whole passage is taken where they do not stand in it as they are.
        offset: how far into the passage they begin in the source, which tells one occurrence from another.

    >>> _parts("A costs 2, B costs 3.", "B costs 3.", 11)
    ('A costs 2, ', 'B costs 3.', '')
    """
    places = [match.start() for match in re.finditer(re.escape(said), text)] if said else []
    if not places:
        return "", text, ""
    start = min(places, key=lambda place: abs(place - offset))
    return text[:start], text[start : start + len(said)], text[start + len(said) :]


def _support(lane: PageLane, labels: Labels, iri: str) -> list[Support]:
    found: dict[str, Support] = {}
    for row in lane.select(query("support"), {"resource": ox.NamedNode(iri)}):
        pointer = name(row["pointer"])
        if pointer not in found:
            found[pointer] = Support(
                link(lane, labels, pointer),
                of(row, "number"),
                of(row, "printed"),
                "inherited" in row,
                of(row, "missing") == "true",
                link(lane, labels, name(row["reference"])),
            )
        if "publication" not in row:
            continue
        key = name(row["publication"])
        publication = found[pointer].publications.setdefault(key, Publication(link(lane, labels, key)))
        if "study" in row:
            study = name(row["study"])
            _, registrations = publication.studies.setdefault(study, (link(lane, labels, study), []))
            if "registration" in row:
                registrations.append(link(lane, labels, name(row["registration"])))
    return list(found.values())


def _study(lane: PageLane, labels: Labels, iri: str) -> StudySections:
    rows = [row for row in lane.select(query("study"), {"resource": ox.NamedNode(iri)}) if "thing" in row]
    groups: dict[str, list[tuple[Value | None, Sequence[Value]]]] = {}
    for (kind, document), of_document in groupby(rows, key=lambda row: (of(row, "kind"), of(row, "document"))):
        things = dict.fromkeys(name(row["thing"]) for row in of_document)
        head = link(lane, labels, document) if document else None
        groups.setdefault(kind, []).append((head, [link(lane, labels, thing) for thing in things]))
    return StudySections(groups={kind: groups[kind] for kind in STUDY_KINDS if kind in groups})


def _ontology(lane: PageLane, labels: Labels, language: str) -> OntologySections:
    rows = lane.select(query("terms"), {"resource": ox.NamedNode(ONTOLOGY)})
    terms: list[OntologyTerm] = []
    for iri, of_term in groupby(rows, key=lambda row: name(row["term"])):
        values: dict[str, list[Term]] = {}
        for row in of_term:
            values.setdefault(short(name(row["property"])), []).append(row["value"])
        words = _literals(values, "rdfs:label")
        definitions = _literals(values, "skos:definition")
        parents = [*values.get("rdfs:subClassOf", ()), *values.get("rdfs:subPropertyOf", ())]
        terms.append(
            OntologyTerm(
                iri,
                iri.removeprefix(PREFIXES["mse"]),
                choose(words, language) if words else Text(short(iri)),
                choose(definitions, language) if definitions else None,
                [short(name(kind)) for kind in values.get("rdf:type", ())],
                [link(lane, labels, name(parent)) for parent in parents],
            )
        )
    classes = [term for term in terms if "owl:Class" in term.types]
    return OntologySections(classes=classes, properties=[term for term in terms if term not in classes])


def _literals(values: Mapping[str, Sequence[Term]], property_name: str) -> list[ox.Literal]:
    return [value for value in values.get(property_name, ()) if isinstance(value, ox.Literal)]

"""The ontology: its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server.labels import PREFIXES, Labels, Text, choose, query, short
from msevidence.server.pages_links import Value, link, name
from msevidence.server.pages_view import View
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane
from msevidence.server.wire import Term


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


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> OntologySections:
    """Return what the page of the ontology shows."""
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

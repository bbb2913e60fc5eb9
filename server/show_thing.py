"""What ``msevidence show`` tells of a thing: what is said of it, and what points to it."""

from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF

from msevidence.ontology.namespaces import MSE, SSSOM
from msevidence.queries import Term
from msevidence.server import i18n
from msevidence.server.show_findings import Said, findings_about
from msevidence.server.show_reader import Reader

_SIDES = (str(SSSOM.subject_id), str(SSSOM.object_id))


@dataclass(frozen=True)
class Value:
    """A value of a property, or a thing that points here by it."""

    text: str
    iri: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Thing:
    """One thing: what is said of it, and what points to it, by property."""

    iri: str
    label: str
    types: list[str]
    says: dict[str, list[Value]]
    said_by: dict[str, list[Value]]
    findings: list[Said]


def thing(reader: Reader, iri: str) -> Thing:
    """Return everything about one thing; the decisions that tie it to others stand together, in words."""
    says: dict[str, list[Value]] = {}
    said_by: dict[str, list[Value]] = {}
    types: list[str] = []
    for quad in reader.statements(iri):
        if quad.predicate.value == str(RDF.type):
            types.append(reader.label(_value(reader, quad.object).iri or ""))
        else:
            says.setdefault(reader.label(quad.predicate.value), []).append(_value(reader, quad.object))
    decisions = i18n.text("identity-decisions", reader.language).lower()
    for quad in reader.inverse(iri):
        if quad.predicate.value in _SIDES and isinstance(quad.subject, ox.NamedNode):
            value = Value(_decision(reader, quad.subject.value), quad.subject.value)
            said_by.setdefault(decisions, []).append(value)
        else:
            said_by.setdefault(reader.label(quad.predicate.value), []).append(_value(reader, quad.subject))
    label = _decision(reader, iri) if str(MSE.IdentityDecision) in reader.values(iri, RDF.type) else reader.label(iri)
    return Thing(iri, label, sorted(types), _sorted(says), _sorted(said_by), findings_about(reader, iri))


def _decision(reader: Reader, iri: str) -> str:
    """Return an identity decision in words: the two things with their relation between them, and why."""
    subject, relation, other = (reader.value(iri, name) for name in (_SIDES[0], MSE.relation, _SIDES[1]))
    names = [reader.label(term) for term in (subject, relation, other) if term]
    because = reader.value(iri, MSE.because)
    return " — ".join(names) + (f". {because}" if because else "")


def _value(reader: Reader, term: Term) -> Value:
    if isinstance(term, ox.NamedNode):
        return Value(reader.label(term.value), term.value)
    if isinstance(term, ox.Literal):
        return Value(term.value, language=term.language)
    return Value(str(term))


def _sorted(values: dict[str, list[Value]]) -> dict[str, list[Value]]:
    return {name: sorted(values[name], key=lambda v: (v.text, v.iri or "")) for name in sorted(values)}

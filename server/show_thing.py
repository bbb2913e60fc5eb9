"""What ``msevidence show`` tells of a thing: what is said of it, and what points to it."""

from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF

from msevidence.queries import Term
from msevidence.server.show_reader import Reader


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


def thing(reader: Reader, iri: str) -> Thing:
    """Return everything about one thing."""
    says: dict[str, list[Value]] = {}
    said_by: dict[str, list[Value]] = {}
    types: list[str] = []
    for quad in reader.statements(iri):
        if quad.predicate.value == str(RDF.type):
            types.append(reader.label(_value(reader, quad.object).iri or ""))
        else:
            says.setdefault(reader.label(quad.predicate.value), []).append(_value(reader, quad.object))
    for quad in reader.inverse(iri):
        said_by.setdefault(reader.label(quad.predicate.value), []).append(_value(reader, quad.subject))
    return Thing(iri, reader.label(iri), sorted(types), _sorted(says), _sorted(said_by))


def _value(reader: Reader, term: Term) -> Value:
    if isinstance(term, ox.NamedNode):
        return Value(reader.label(term.value), term.value)
    if isinstance(term, ox.Literal):
        return Value(term.value, language=term.language)
    return Value(str(term))


def _sorted(values: dict[str, list[Value]]) -> dict[str, list[Value]]:
    return {name: sorted(values[name], key=lambda v: (v.text, v.iri or "")) for name in sorted(values)}

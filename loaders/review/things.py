"""The statements of a build as things with properties, for rules that look at many of them in turn."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, URIRef

from msevidence.loaders.statements import Statement

Term = ox.NamedNode | ox.BlankNode | ox.Literal
_TYPE = str(RDF.type)


@dataclass(slots=True)
class Thing:
    """A node with what is stated of it."""

    iri: str
    things: "Things" = field(repr=False)
    properties: dict[str, list[Term]] = field(default_factory=dict, repr=False)

    def __hash__(self) -> int:
        return hash(self.iri)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing) and other.iri == self.iri

    def values(self, path: URIRef) -> list[str]:
        """Return all values of a property, as text."""
        return [term.value for term in self.properties.get(str(path), ()) if not isinstance(term, ox.Triple)]

    def value(self, path: URIRef) -> str | None:
        """Return the value of a property, the first in order where there are several, ``None`` where there is none."""
        return min(self.values(path), default=None)

    def integer(self, path: URIRef) -> int | None:
        """Return the value of a property as a whole number, ``None`` where it is absent or none."""
        value = self.value(path)
        return int(value) if value is not None and value.removeprefix("-").isdecimal() else None

    def words(self, path: URIRef, language: str) -> str | None:
        """Return the text of a property in a language, else in any."""
        terms = [t for t in self.properties.get(str(path), ()) if isinstance(t, ox.Literal)]
        return next((t.value for t in terms if t.language == language), min((t.value for t in terms), default=None))

    def all(self, path: URIRef) -> list["Thing"]:
        """Return the things that a property leads to, in the order of their IRIs."""
        return [self.things.get(iri) for iri in sorted(set(self.values(path)))]

    def one(self, path: URIRef) -> "Thing | None":
        """Return the thing that a property leads to."""
        value = self.value(path)
        return None if value is None else self.things.get(value)

    def concept(self, path: URIRef) -> str | None:
        """Return the local name of the concept that a property leads to."""
        value = self.value(path)
        return None if value is None else value.rsplit("/", 1)[-1]

    def concepts(self, path: URIRef) -> list[str]:
        """Return the local names of the concepts that a property leads to."""
        return sorted({value.rsplit("/", 1)[-1] for value in self.values(path)})

    def is_a(self, term: URIRef) -> bool:
        """Say whether the thing is of a class."""
        return str(term) in self.values(RDF.type)


FEW = 16
"""Values up to which a new one is looked for among those that a thing has of a property; of more a set is kept."""


class Things:
    """All things, by IRI and by class, each statement once, however many graphs have it."""

    def __init__(self, statements: Iterable[ox.Quad | ox.Triple | Statement]) -> None:
        self.kept: dict[object, Any] = {}
        self._things: dict[str, Thing] = {}
        self._classes: dict[str, list[Thing]] = defaultdict(list)
        self._pointing: dict[str, dict[str, list[Thing]]] = defaultdict(dict)
        # In a large graph one IRI stands a hundred times: one text and one term of it are held, not a hundred.
        shared: dict[str, str] = {}
        nodes: dict[str, ox.NamedNode] = {}
        many: dict[tuple[str, str], set[Term]] = {}
        for s, p, o, *_ in statements:
            if not isinstance(s, ox.NamedNode) or isinstance(o, ox.Triple):
                continue
            subject, path, to = s.value, p.value, o.value
            subject, path = shared.setdefault(subject, subject), shared.setdefault(path, path)
            thing = self.get(subject)
            values = thing.properties.setdefault(path, [])
            if len(values) < FEW:
                known = o in values
            else:
                among = many.get((subject, path))
                if among is None:
                    among = many[subject, path] = set(values)
                known = o in among
                among.add(o)
            if known:
                continue
            if isinstance(o, ox.NamedNode):
                to = shared.setdefault(to, to)
                o = nodes.setdefault(to, o)
            values.append(o)
            if path == _TYPE:
                self._classes[to].append(thing)
            elif isinstance(o, ox.NamedNode):
                self._pointing[path].setdefault(to, []).append(thing)

    def let_go(self) -> None:
        """Hold nothing any more: things lead to one another in circles, which nobody would soon come to free."""
        for held in (self.kept, self._things, self._classes, self._pointing):
            held.clear()

    def get(self, iri: str) -> Thing:
        """Return the thing with an IRI; one without properties where nothing is stated of it."""
        if iri not in self._things:
            self._things[iri] = Thing(iri, self)
        return self._things[iri]

    def of_class(self, term: URIRef) -> list[Thing]:
        """Return the things of a class, in the order of their IRIs."""
        return sorted(self._classes.get(str(term), ()), key=lambda t: t.iri)

    def pointing(self, path: URIRef, to: str) -> list[Thing]:
        """Return the things that point to ``to`` by a property, in the order of their IRIs."""
        return sorted(self._pointing.get(str(path), {}).get(to, ()), key=lambda t: t.iri)

    def quads(self, paths: Collection[str]) -> Iterator[ox.Quad]:
        """Yield all statements with these properties, in the default graph."""
        for thing in self:
            for path, values in thing.properties.items():
                if path in paths:
                    for value in values:
                        yield ox.Quad(ox.NamedNode(thing.iri), ox.NamedNode(path), value, ox.DefaultGraph())

    def __iter__(self) -> Iterator[Thing]:
        return iter(self._things.values())

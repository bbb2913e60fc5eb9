"""A store as the graph that shapes look at, for graphs that are too large to be read into memory.

Only the columns in use are held. Values are as the store keeps them: it has ``"1.50"^^xsd:decimal`` as ``1.5``.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from msevidence.ontology.shacl_data import SUBCLASS, TYPE, Node, Values
from msevidence.ontology.shacl_errors import ShapesError

HELD = 1_000_000
"""Triples of columns that are held at a time, beside those of rdf:type: about 0.3 kB each."""

_EVERY_PREDICATE = "SELECT ?term (COUNT(*) AS ?count) WHERE { ?s ?term ?o } GROUP BY ?term"
_EVERY_CLASS = "SELECT ?term (COUNT(*) AS ?count) WHERE { ?s a ?term } GROUP BY ?term"


class StoreColumns:
    """The default graph of a store, which must not change meanwhile."""

    def __init__(self, store: ox.Store, held: int = HELD) -> None:
        self._store = store
        self._most = held
        self._columns: OrderedDict[tuple[str, str], _Column] = OrderedDict()
        """Direction and predicate → column; the one that was asked for last stands last."""

    def __len__(self) -> int:
        """Return how many triples there are; the store is gone through for it."""
        return sum(self._counted(_EVERY_PREDICATE).values())

    def predicates(self) -> Collection[str]:
        """Return the predicates of the graph."""
        return self._counted(_EVERY_PREDICATE)

    def used(self) -> dict[str, int]:
        """Return how often each predicate and each class is used."""
        return {**self._counted(_EVERY_CLASS), **self._counted(_EVERY_PREDICATE)}

    def _counted(self, query: str) -> dict[str, int]:
        rows = self._store.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        found: dict[str, int] = {}
        for row in rows:
            term, count = row["term"], row["count"]
            if isinstance(term, ox.NamedNode) and isinstance(count, ox.Literal):
                found[term.value] = int(count.value)
        return found

    def forward(self, predicate: str) -> Mapping[str, Values]:
        """Return subject → its values of ``predicate``."""
        found = self._known("forward", predicate)
        if found is None:
            column: dict[str, Values] = {}
            size = 0
            for subject, value in self._pairs(predicate):
                size += 1
                known = column.get(subject)
                if known is None:
                    column[subject] = value
                elif type(known) is set:
                    known.add(value)
                else:
                    column[subject] = {known, value}  # type: ignore[arg-type]
            found = self._keep("forward", predicate, _Column(column, size))
        return found

    def inverse(self, predicate: str) -> Mapping[Node, Collection[str]]:
        """Return value → the subjects that have it for ``predicate``."""
        found = self._known("inverse", predicate)
        if found is None:
            column: dict[Node, list[str]] = {}
            size = 0
            for subject, value in self._pairs(predicate):
                size += 1
                column.setdefault(value, []).append(subject)
            found = self._keep("inverse", predicate, _Column(column, size))
        return found

    @property
    def held(self) -> int:
        """How many triples the columns hold, those of classes apart."""
        return sum(column.size for (_, name), column in self._columns.items() if name not in (TYPE, SUBCLASS))

    def statements_of(self, subject: str) -> Iterator[tuple[str, Node]]:
        """Yield predicate and value of each triple of a subject."""
        term = ox.BlankNode(subject[2:]) if subject.startswith("_:") else ox.NamedNode(subject)
        for quad in self._store.quads_for_pattern(term, None, None, ox.DefaultGraph()):
            yield quad.predicate.value, _node(quad.object)

    def _pairs(self, predicate: str) -> Iterator[tuple[str, Node]]:
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph()):
            yield _subject(quad.subject), _node(quad.object)

    def _known(self, direction: str, predicate: str) -> Mapping[Any, Any] | None:
        key = (direction, predicate)
        if key not in self._columns:
            return None
        self._columns.move_to_end(key)
        return self._columns[key].values

    def _keep(self, direction: str, predicate: str, column: "_Column") -> Mapping[Any, Any]:
        """Keep a column, and let go of those that nobody has asked for the longest."""
        held = self.held + column.size
        for key in list(self._columns):
            if held <= self._most:
                break
            if key[1] not in (TYPE, SUBCLASS):
                held -= self._columns.pop(key).size
        self._columns[direction, predicate] = column
        return column.values


@dataclass(frozen=True)
class _Column:
    values: Mapping[Any, Any]
    size: int


def _subject(term: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    raise ShapesError(f"{term} is a triple term; the graph publishes none (RDF 1.1)")


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    return term if isinstance(term, ox.Literal) else _subject(term)

"""The graph that shapes look at, as columns: for each predicate, what each subject has.

A shape asks the same predicate of all instances of a class, so a look-up in a column is a look-up in a dictionary.
Literals stay as they were written: a store would keep ``"1.50"^^xsd:decimal`` as ``"1.5"`` and lose what
``sh:pattern``, ``sh:in`` and the report are about.
"""

import gc
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Protocol, TypeAlias

import pyoxigraph as ox
from rdflib import RDF, RDFS

from msevidence.ontology.shacl_errors import ShapesError

Node: TypeAlias = str | ox.Literal
"""An IRI as it is, a blank node as ``_:`` and its label, a literal as pyoxigraph reads it."""

Values: TypeAlias = Node | set[Node]
"""One value, which most properties have, or a set of two and more."""

Statement: TypeAlias = ox.Quad | ox.Triple

TYPE, SUBCLASS = str(RDF.type), str(RDFS.subClassOf)


def collected(values: Values | None) -> Collection[Node]:
    """Return values of a column as a collection.

    >>> collected(None), collected("urn:a"), collected({"urn:a"})
    ((), ('urn:a',), {'urn:a'})
    """
    if values is None:
        return ()
    return values if type(values) is set else (values,)  # type: ignore[return-value]


class Data(Protocol):
    """A graph to validate, asked by predicate."""

    def forward(self, predicate: str) -> Mapping[str, Values]:
        """Return subject → its values of ``predicate``."""
        ...

    def inverse(self, predicate: str) -> Mapping[Node, Collection[str]]:
        """Return value → the subjects that have it for ``predicate``."""
        ...

    def statements_of(self, subject: str) -> Iterator[tuple[str, Node]]:
        """Yield predicate and value of each triple of a subject."""
        ...

    def predicates(self) -> Collection[str]:
        """Return the predicates of the graph."""
        ...


class Columns:
    """A graph in memory, read in one pass; graph names are not looked at, and each triple counts once."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[str, Values]] = {}
        self._inverse: dict[str, dict[Node, list[str]]] = {}
        self._names: dict[str, str] = {}
        self._parts = 0
        self._again: Counter[tuple[str, Node | None]] = Counter()
        """Predicate, and the class where it is rdf:type → statements of a triple that was known already."""

    def take(self, statements: Iterable[Statement], part: int | None = None) -> int:
        """Take statements of one file or stream, and return its number; its blank nodes stay apart from others'.

        Give the number where more of the same file follows. Raises ShapesError for a triple term: the graph publishes
        none (RDF 1.1).
        """
        if part is None:
            self._parts += 1
            part = self._parts
        self._inverse.clear()
        with _without_collector():
            self._take(statements, f"_:p{part}.")
        return part

    def _take(self, statements: Iterable[Statement], mark: str) -> None:
        """Take statements; what is done for each is spelled out here, since it is done a million times."""
        columns, shared, again = self._columns, self._names.setdefault, self._again
        named, literal, several = ox.NamedNode, ox.Literal, set
        for statement in statements:
            predicate = statement.predicate.value
            who, what = statement.subject, statement.object
            subject = who.value if type(who) is named else _blank(who, mark)
            value: Node
            if type(what) is literal:
                value = what
            else:
                value = what.value if type(what) is named else _blank(what, mark)
                value = shared(value, value)
            column = columns.get(predicate)
            if column is None:
                column = columns[predicate] = {}
            known = column.get(subject)
            if known is None:
                column[shared(subject, subject)] = value
            elif type(known) is several:
                if value in known:
                    again[predicate, value if predicate == TYPE else None] += 1
                else:
                    known.add(value)
            elif known == value:
                again[predicate, value if predicate == TYPE else None] += 1
            else:
                column[subject] = {known, value}  # type: ignore[arg-type]

    def used(self) -> dict[str, int]:
        """Return how often each predicate and each class is used, in all graphs."""
        found: Counter[str] = Counter()
        for predicate, column in self._columns.items():
            found[predicate] += _triples(column)
        for cls, instances in self.inverse(TYPE).items():
            if isinstance(cls, str):
                found[cls] += len(instances)
        for (predicate, stated), count in self._again.items():
            found[predicate] += count
            if isinstance(stated, str):
                found[stated] += count
        return found

    def __len__(self) -> int:
        """Return how many distinct triples there are."""
        return sum(map(_triples, self._columns.values()))

    def predicates(self) -> Collection[str]:
        """Return the predicates of the graph."""
        return self._columns.keys()

    def forward(self, predicate: str) -> Mapping[str, Values]:
        """Return subject → its values of ``predicate``."""
        return self._columns.get(predicate, {})

    def inverse(self, predicate: str) -> Mapping[Node, Collection[str]]:
        """Return value → the subjects that have it for ``predicate``; made at the first call."""
        if predicate not in self._inverse:
            self._inverse[predicate] = inverted(self.forward(predicate))
        return self._inverse[predicate]

    def statements_of(self, subject: str) -> Iterator[tuple[str, Node]]:
        """Yield predicate and value of each triple of a subject."""
        for predicate, column in self._columns.items():
            for value in collected(column.get(subject)):
                yield predicate, value


def _blank(term: object, mark: str) -> str:
    if isinstance(term, ox.BlankNode):
        return f"{mark}{term.value}"
    raise ShapesError(f"{term} is a triple term; the graph publishes none (RDF 1.1)")


def _triples(column: Mapping[str, Values]) -> int:
    return sum(len(values) if type(values) is set else 1 for values in column.values())


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the collector of circles from walking through a graph that has none, again and again while it grows."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def inverted(column: Mapping[str, Values]) -> dict[Node, list[str]]:
    """Return value → the subjects that have it.

    >>> inverted({"urn:a": "urn:x", "urn:b": {"urn:x"}})
    {'urn:x': ['urn:a', 'urn:b']}
    """
    found: dict[Node, list[str]] = {}
    for subject, values in column.items():
        for value in collected(values):
            found.setdefault(value, []).append(subject)
    return found


class Classes:
    """Which class is below which (SHACL §1.1: SHACL instances), as the graph says it."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._instances: dict[str, Collection[Node]] = {}
        self._members: dict[str, frozenset[Node]] = {}
        self._below: dict[str, set[Node]] = {}

    @cached_property
    def _subclasses(self) -> Mapping[Node, Collection[str]]:
        return self._data.inverse(SUBCLASS)

    def below(self, cls: str) -> set[Node]:
        """Return a class and all its subclasses."""
        if cls not in self._below:
            found: set[Node] = {cls}
            pending: list[Node] = [cls]
            while pending:
                for other in self._subclasses.get(pending.pop(), ()):
                    if other not in found:
                        found.add(other)
                        pending.append(other)
            self._below[cls] = found
        return self._below[cls]

    def instances(self, cls: str) -> Collection[Node]:
        """Return the instances of a class and of its subclasses."""
        if cls not in self._instances:
            typed = self._data.inverse(TYPE)
            lists = [typed[c] for c in self.below(cls) if c in typed]
            self._instances[cls] = lists[0] if len(lists) == 1 else {node for nodes in lists for node in nodes}
        return self._instances[cls]

    def members(self, cls: str) -> frozenset[Node]:
        """Return the instances of a class and of its subclasses, to look nodes up in."""
        if cls not in self._members:
            self._members[cls] = frozenset(self.instances(cls))
        return self._members[cls]

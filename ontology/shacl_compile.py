"""Shapes compiled: a shapes graph read once, and each constraint made a check (SHACL Core, https://www.w3.org/TR/shacl/).

What is not covered is refused by name, and so is whatever is ill-formed: pyshacl, which has the last word, says then
what is wrong with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node as Term

from msevidence.ontology.shacl_checks import FocusCheck, ValueCheck
from msevidence.ontology.shacl_constraints import CONSTRAINTS, SETTINGS, Declared, closed_of, qualified_of
from msevidence.ontology.shacl_errors import RefusedError
from msevidence.ontology.shacl_paths import Path, members, path_of

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_TO_SHAPE = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_TO_SHAPES = (SH["and"], SH["or"], SH.xone)
_DEPTH = 15
"""How deep shapes may be nested in shapes: the shapes of SHACL itself are as deep as this; pyshacl has a limit, too."""


@dataclass(frozen=True)
class Targets:
    """Where a shape finds its focus nodes (SHACL §2.1.3)."""

    nodes: tuple[Term, ...] = ()
    classes: tuple[str, ...] = ()
    """Those that it names, and the shape itself where it is a class."""
    subjects_of: tuple[str, ...] = ()
    objects_of: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape, compiled. Two are the same only where they are one object."""

    node: Term
    targets: Targets
    severity: Term
    messages: tuple[Literal, ...]
    deactivated: bool
    path_node: Term | None = None
    path: Path | None = None
    values: tuple[ValueCheck, ...] = ()
    focuses: tuple[FocusCheck, ...] = ()
    properties: tuple["Shape", ...] = ()
    """Values of ``sh:property``: their results are results of their own."""
    nodes: tuple["Shape", ...] = ()
    """Values of ``sh:node``: their results are the details of one."""
    closed: frozenset[str] | None = None
    """The predicates that are allowed, where ``sh:closed`` is true."""


@dataclass(frozen=True)
class Compiled:
    """The shapes of a graph: those that have targets are run, the others are asked by them."""

    graph: Graph
    shapes: tuple[Shape, ...]
    refused: tuple[RefusedError, ...]
    """What is not covered; with anything here, pyshacl has to validate."""


def compiled(graph: Graph) -> Compiled:
    """Compile a shapes graph. It does not end at the first thing that is not covered, so that all can be named."""
    reader = _Reader(graph)
    refused = list(reader.components())
    found: list[Shape] = []
    for node in sorted(reader.all_shapes(refused), key=str):
        try:
            found.append(reader.shape(node))
        except RefusedError as error:
            if str(error) not in map(str, refused):
                refused.append(error)
    targeted = [shape for shape in found if shape.targets != Targets() and not shape.deactivated]
    # Shapes that ask the same predicate first run one after another: a store has to be read once for them.
    targeted.sort(key=lambda shape: (shape.path.first if shape.path else "", str(shape.node)))
    return Compiled(graph, tuple(targeted), tuple(refused))


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._said: dict[Term, dict[Term, list[Term]]] = {}
        for subject, predicate, value in graph:
            self._said.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self._known: dict[Term, Shape] = {}
        self._open: list[Term] = []
        self._heights: dict[Term, int] = {}
        self._metaclasses = {RDFS.Class, OWL.Class, *graph.subjects(RDFS.subClassOf, RDFS.Class)}

    def components(self) -> Iterator[RefusedError]:
        """Yield what the graph declares that is not of SHACL Core: constraint components of its own."""
        kinds = {SH.ConstraintComponent, *self.graph.subjects(RDFS.subClassOf, SH.ConstraintComponent)}
        for kind in kinds:
            for component in self.graph.subjects(RDF.type, kind):
                if not str(component).startswith(str(SH)):
                    yield RefusedError("constraint component", f"<{component}>")

    def all_shapes(self, refused: list[RefusedError]) -> set[Term]:
        """Return the nodes that are shapes (SHACL §2.1.1), as pyshacl finds them."""
        graph = self.graph
        found = {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}
        for predicate in (*_TARGETS, SH.property, SH.node):
            found.update(graph.subjects(predicate))
        for predicate in _TO_SHAPE:
            found.update(graph.objects(None, predicate))
        for predicate in _TO_SHAPES:
            for shape, head in graph.subject_objects(predicate):
                try:
                    found.update(members(graph, head, name(shape), least=1))
                except RefusedError as error:
                    refused.append(error)
        return found

    def shape(self, node: Term) -> Shape:
        """Return the shape that a node is.

        Raises RefusedError when it, or one that it asks, says what is not covered.
        """
        if node in self._open:
            raise RefusedError("recursion", name(node))
        if isinstance(node, Literal):
            raise RefusedError("a literal as shape", name(node))
        if node not in self._known:
            self._open.append(node)
            try:
                self._known[node] = self._read(node)
            finally:
                self._open.pop()
        height = self._heights.setdefault(node, 0)
        if height > _DEPTH:
            raise RefusedError(f"shapes nested more than {_DEPTH} deep", name(node))
        if self._open:
            self._heights[self._open[-1]] = max(self._heights.get(self._open[-1], 0), height + 1)
        return self._known[node]

    def _read(self, node: Term) -> Shape:
        graph, called, said = self.graph, name(node), self._said.get(node, {})
        for predicate in said:
            if str(predicate).startswith(str(SH)) and predicate not in CONSTRAINTS and predicate not in SETTINGS:
                raise RefusedError(f"sh:{str(predicate).removeprefix(str(SH))}", called)
        paths = said.get(SH.path, [])
        types = set(said.get(RDF.type, ()))
        if (SH.NodeShape in types and (paths or SH.PropertyShape in types)) or len(paths) > 1:
            raise RefusedError("ill-formed sh:path", called)
        if SH.PropertyShape in types and not paths:
            raise RefusedError("sh:PropertyShape without sh:path", called)
        declared = Declared(graph, node, called, said, self.shape)
        checks = [
            check
            for parameter in said
            if isinstance(parameter, URIRef) and parameter in CONSTRAINTS
            for check in CONSTRAINTS[parameter](declared, parameter)
        ]
        checks += qualified_of(declared)
        return Shape(
            node=node,
            targets=self._targets(declared, types),
            severity=declared.one(SH.severity) or SH.Violation,
            messages=tuple(m for m in declared.all(SH.message, Literal) if isinstance(m, Literal)),
            deactivated=bool(getattr(declared.one(SH.deactivated, Literal), "value", False)),
            path_node=paths[0] if paths else None,
            path=path_of(graph, paths[0], called) if paths else None,
            values=tuple(check for check in checks if isinstance(check, ValueCheck)),
            focuses=tuple(check for check in checks if isinstance(check, FocusCheck)),
            properties=tuple(self._asked(declared, SH.property, with_path=True)),
            nodes=tuple(self._asked(declared, SH.node, with_path=False)),
            closed=closed_of(declared),
        )

    def _asked(self, declared: Declared, predicate: URIRef, *, with_path: bool) -> Iterator[Shape]:
        for other in declared.all(predicate):
            shape = self.shape(other)
            if (shape.path is not None) is not with_path:
                raise RefusedError(f"sh:{predicate.fragment} to the wrong kind of shape", declared.called)
            yield shape

    def _targets(self, declared: Declared, types: set[Term]) -> Targets:
        def iris(predicate: URIRef) -> tuple[str, ...]:
            return tuple(map(str, declared.all(predicate, URIRef)))

        node = declared.node
        implicit = (str(node),) if isinstance(node, URIRef) and not self._metaclasses.isdisjoint(types) else ()
        return Targets(
            nodes=tuple(declared.all(SH.targetNode)),
            classes=(*iris(SH.targetClass), *implicit),
            subjects_of=iris(SH.targetSubjectsOf),
            objects_of=iris(SH.targetObjectsOf),
        )


def name(node: Term) -> str:
    """Return how a shape is called in what is said of it.

    >>> name(URIRef("urn:a")), name(BNode("x"))
    ('<urn:a>', 'a shape without a name')
    """
    return "a shape without a name" if isinstance(node, BNode) else f"<{node}>"

"""Compiled shapes run on a graph: the results, as SHACL §3 defines them, before they are written as a report."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast

from rdflib import RDFS, SH, URIRef
from rdflib.term import Node as Term

from msevidence.ontology.shacl_checks import Find, FocusCheck, Test, ValueCheck, as_node
from msevidence.ontology.shacl_compile import Shape, Targets
from msevidence.ontology.shacl_data import TYPE, Classes, Data, Node
from msevidence.ontology.shacl_paths import Follow, several

_AT_ONCE = 10_000
"""Focus nodes whose values are held at a time: more would cost memory and gain nothing."""


@dataclass(frozen=True, eq=False)
class Result:
    """One validation result; ``parameter`` declares the constraint, and ``path`` is a node of the shapes graph."""

    shape: Shape
    component: URIRef
    parameter: URIRef
    focus: Node
    value: Node | None
    path: Term | None
    details: tuple["Result", ...] = ()
    """What a value broke in the shape that ``sh:node`` names."""


def run(shapes: Iterable[Shape], data: Data) -> Iterator[Result]:
    """Yield what breaks the shapes, each with its own targets.

    Raises RefusedError when values cannot be compared as a shape asks (``sh:lessThan``).
    """
    bound = Run(data)
    for shape in shapes:
        yield from bound.results(shape, bound.focus_nodes(shape.targets))
        bound.forget()


class Run:
    """Shapes bound to one graph, each when it is first asked."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.classes = Classes(data)
        self._conformance: dict[Shape, Test] = {}
        self._bound: dict[Shape, _Bound] = {}

    def forget(self) -> None:
        """Let go of what was bound, and with it of columns that a store has to be read for."""
        self._conformance.clear()
        self._bound.clear()

    def focus_nodes(self, targets: Targets) -> Collection[Node]:
        """Return the focus nodes that targets name, each once."""
        parts: list[Collection[Node]] = [self.classes.instances(cls) for cls in targets.classes]
        parts += [[as_node(node) for node in targets.nodes]] if targets.nodes else []
        parts += [self.data.forward(predicate).keys() for predicate in targets.subjects_of]
        parts += [self.data.inverse(predicate).keys() for predicate in targets.objects_of]
        return parts[0] if len(parts) == 1 else {node for part in parts for node in part}

    def conformance(self, shape: Shape) -> Test:
        """Return the test of whether a node conforms to a shape (SHACL §3.4.3)."""
        if shape not in self._conformance:
            self._conformance[shape] = self._made_conformance(shape)
        return self._conformance[shape]

    def _made_conformance(self, shape: Shape) -> Test:
        if shape.deactivated:
            return lambda node: True
        parts = self._parts(shape)
        tests = [test for _, test in parts.values]
        tests += [self.conformance(other) for other in (*shape.properties, *shape.nodes)]
        if shape.closed is not None:
            tests.append(lambda node: next(self._undeclared(shape, node), None) is None)
        finds = [find for _, find in parts.focuses]
        if shape.path is None and not finds:
            if len(tests) == 1:
                return tests[0]
            return lambda node: all(test(node) for test in tests)

        def conforms(node: Node) -> bool:
            values = parts.follow_values(node)
            for test in tests:
                for value in values:
                    if not test(value):
                        return False
            return not any(True for find in finds for _ in find(node, values))

        return conforms

    def results(self, shape: Shape, focus_nodes: Iterable[Node]) -> Iterator[Result]:
        """Yield what each focus node breaks in a shape; a node that is given twice is looked at twice."""
        if shape.deactivated:
            return
        pending = iter(focus_nodes)
        while some := list(islice(pending, _AT_ONCE)):
            yield from self._results(shape, some)

    def _results(self, shape: Shape, focus_nodes: list[Node]) -> Iterator[Result]:
        parts = self._parts(shape)
        found = parts.with_values(focus_nodes)
        for check, test in parts.values:
            for focus, value in zip(found.lone, found.values, strict=True):
                if not test(value):
                    yield _result(shape, check, focus, value)
            for focus, values in found.several:
                for value in values:
                    if not test(value):
                        yield _result(shape, check, focus, value)
        for focus_check, find in parts.focuses:
            for focus, values in found.pairs(lone=focus_check.lone, none=focus_check.empty):
                for at_fault in find(focus, values):
                    yield _result(shape, focus_check, focus, at_fault)
        if shape.properties or shape.nodes or shape.closed is not None:
            yield from self._below(shape, list(found.pairs()))

    def _below(self, shape: Shape, pairs: list[tuple[Node, Collection[Node]]]) -> Iterator[Result]:
        """Yield what the shapes find that this one names, and what a closed one does not allow."""
        for other in shape.properties:
            yield from self.results(other, (value for _, values in pairs for value in values))
        for other in shape.nodes:
            yield from self._by_node(shape, other, pairs)
        if shape.closed is not None:
            for focus, values in pairs:
                for value in values:
                    for predicate, stray in self._undeclared(shape, value):
                        path = URIRef(predicate)
                        yield Result(shape, SH.ClosedConstraintComponent, SH.closed, focus, stray, path)

    def _by_node(self, shape: Shape, other: Shape, present: list[tuple[Node, Collection[Node]]]) -> Iterator[Result]:
        conforms = self.conformance(other)
        for focus, values in present:
            for value in values:
                if not conforms(value):
                    details = tuple(self.results(other, (value,)))
                    yield Result(shape, SH.NodeConstraintComponent, SH.node, focus, value, shape.path_node, details)

    def _undeclared(self, shape: Shape, node: Node) -> Iterator[tuple[str, Node]]:
        """Yield what a node has beyond what a closed shape allows."""
        assert shape.closed is not None
        for predicate, value in self.data.statements_of(node) if isinstance(node, str) else ():
            if predicate not in shape.closed and (predicate, value) != (TYPE, str(RDFS.Resource)):
                yield predicate, value

    def _parts(self, shape: Shape) -> "_Bound":
        if shape not in self._bound:
            self._bound[shape] = _Bound(
                None if shape.path is None else shape.path.bind(self.data),
                [(check, check.bind(self)) for check in shape.values],
                [(check, check.bind(self)) for check in shape.focuses],
            )
        return self._bound[shape]


@dataclass(frozen=True)
class _Bound:
    """The checks of a shape bound to a graph."""

    follow: Follow | None
    """From a focus node to its value nodes; in a node shape they are the focus node itself."""
    values: list[tuple[ValueCheck, Test]]
    focuses: list[tuple[FocusCheck, Find]]

    def follow_values(self, node: Node) -> Collection[Node]:
        return (node,) if self.follow is None else several(self.follow(node))

    def with_values(self, nodes: list[Node]) -> "_Found":
        """Return the value nodes of focus nodes."""
        if self.follow is None:
            return _Found(nodes, nodes, [], [])
        follow = self.follow
        found = _Found([], [], [], [])
        for node in nodes:
            values = follow(node)
            if not values:
                found.none.append(node)
            elif type(values) is set or type(values) is list:
                found.several.append((node, values))
            else:
                found.lone.append(node)
                found.values.append(cast(Node, values))
        return found


@dataclass(frozen=True)
class _Found:
    """Focus nodes by how many value nodes they have; most have one, which makes no tuple here."""

    lone: list[Node]
    values: list[Node]
    """The value nodes of those that have one, in the same order."""
    several: list[tuple[Node, Collection[Node]]]
    """Those that have several, or a collection of one, with them."""
    none: list[Node]

    def pairs(self, lone: bool = True, none: bool = False) -> Iterator[tuple[Node, Collection[Node]]]:
        """Yield focus nodes with their value nodes: of those that have one, and have none, where they are asked for."""
        if lone:
            for focus, value in zip(self.lone, self.values, strict=True):
                yield focus, (value,)
        yield from self.several
        if none:
            for focus in self.none:
                yield focus, ()


def _result(shape: Shape, check: ValueCheck | FocusCheck, focus: Node, value: Node | None) -> Result:
    return Result(shape, check.component, check.parameter, focus, value, shape.path_node)

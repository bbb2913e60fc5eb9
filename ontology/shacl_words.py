"""What is said where a shape has no message of its own: pyshacl's words, asked of pyshacl, for equal reports.

Shapes of ours have messages; parts of them, which are named nowhere, have none.
"""

from collections.abc import Callable
from functools import cached_property

from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node as Term


class Words:
    """Words for results of the shapes of one graph; ``described`` gives what the data says of blank nodes."""

    def __init__(self, shapes: Graph, described: Callable[..., Graph]) -> None:
        self._graph = shapes
        self._described = described
        self._constraints: dict[tuple[Term, URIRef], object] = {}

    @cached_property
    def _shapes(self) -> ShapesGraph:
        # The graph itself, in whose order pyshacl lists several values; it adds two triples on classes of OWL.
        graph = ShapesGraph(self._graph)
        list(graph.shapes)  # what looks a shape up does not read them
        return graph

    def of(self, shape: Term, parameter: URIRef, focus: Term, value: Term | None) -> list[Literal]:
        """Return the messages for a result of the constraint that ``parameter`` declares in ``shape``."""
        key = (shape, parameter)
        if key not in self._constraints:
            found = self._shapes.lookup_shape_from_node(shape)
            self._constraints[key] = CONSTRAINT_PARAMETERS_MAP[parameter](found)
        constraint = self._constraints[key]
        messages: list[Literal] = constraint.make_generic_messages(  # type: ignore[attr-defined]
            self._described(focus, value), focus, value
        )
        return messages

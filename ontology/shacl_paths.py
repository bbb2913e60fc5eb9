"""Property paths of shapes (SHACL §2.3.1), compiled to a function from a node to its values."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node as Term

from msevidence.ontology.shacl_data import Data, Node, Values, collected
from msevidence.ontology.shacl_errors import RefusedError

Follow: TypeAlias = Callable[[Node], Collection[Node] | Values | None]
"""From a node to its values: None or an empty collection where there are none."""


@dataclass(frozen=True)
class Path:
    """A property path; ``parts`` are the paths that it is made of."""

    kind: str
    """``predicate``, ``inverse`` (of a predicate), ``sequence``, ``alternative``, or a sign: ``*``, ``+``, ``?``."""
    predicate: str = ""
    parts: tuple["Path", ...] = ()

    def bind(self, data: Data) -> Follow:
        """Return the function that follows the path in ``data``."""
        if self.kind == "predicate":
            return data.forward(self.predicate).get  # type: ignore[return-value]
        if self.kind == "inverse":
            return data.inverse(self.predicate).get
        parts = [part.bind(data) for part in self.parts]
        if self.kind == "sequence":
            return lambda node: _sequence(node, parts)
        if self.kind == "alternative":
            return lambda node: {value for part in parts for value in several(part(node))}
        (part,) = parts
        if self.kind == "?":
            return lambda node: {node, *several(part(node))}
        if self.kind == "*":
            return lambda node: _reached({node}, part)
        return lambda node: _reached(set(several(part(node))), part)

    @property
    def first(self) -> str:
        """The predicate that is asked first; shapes that share it are run one after another."""
        return self.predicate or self.parts[0].first


def several(found: Collection[Node] | Values | None) -> Collection[Node]:
    """Return what a path found as a collection."""
    kind = type(found)
    if kind is set or kind is list:
        return found  # type: ignore[return-value]
    return collected(found)  # type: ignore[arg-type]


def _sequence(node: Node, parts: list[Follow]) -> set[Node]:
    nodes: set[Node] = {node}
    for part in parts:
        nodes = {value for at in nodes for value in several(part(at))}
    return nodes


def _reached(start: set[Node], part: Follow) -> set[Node]:
    found: set[Node] = set()
    pending = start
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending.update(several(part(node)))
    return found


_SIGNS = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_of(graph: Graph, node: Term, shape: str, backwards: bool = False, depth: int = 0) -> Path:
    """Return the path that a node of a shapes graph is; ``backwards`` where it stands in an inverse one.

    Raises RefusedError for what is no path.
    """
    if isinstance(node, URIRef):
        return Path("inverse" if backwards else "predicate", str(node))
    if not isinstance(node, BNode) or depth > 8:  # pyshacl follows ten
        raise RefusedError("ill-formed or very deep sh:path", shape)

    def inner(part: Term, turn: bool = False) -> Path:
        return path_of(graph, part, shape, backwards is not turn, depth + 1)

    if (node, RDF.first, None) in graph:
        if backwards:
            # pyshacl takes the parts of an inverted sequence in their order, SHACL in the opposite one.
            raise RefusedError("sh:inversePath of a sequence", shape)
        return Path("sequence", parts=tuple(inner(part) for part in members(graph, node, shape, least=2)))
    stated = list(graph.predicate_objects(node))
    if len(stated) != 1:
        raise RefusedError("ill-formed sh:path", shape)
    ((kind, part),) = stated
    if kind == SH.inversePath:
        return inner(part, turn=True)
    if kind == SH.alternativePath:
        return Path("alternative", parts=tuple(inner(p) for p in members(graph, part, shape, least=2)))
    if kind in _SIGNS:
        return Path(_SIGNS[kind], parts=(inner(part),))  # type: ignore[index]
    raise RefusedError(f"<{kind}> in sh:path", shape)


def members(graph: Graph, head: Term, shape: str, least: int = 0) -> list[Term]:
    """Return the members of a list of the shapes graph.

    Raises RefusedError when it is ill-formed, or has fewer than ``least`` members.
    """
    found: list[Term] = []
    seen: set[Term] = set()
    while head != RDF.nil:
        firsts, rests = list(graph.objects(head, RDF.first)), list(graph.objects(head, RDF.rest))
        if head in seen or len(firsts) != 1 or len(rests) != 1:
            raise RefusedError("ill-formed list", shape)
        seen.add(head)
        found.append(firsts[0])
        head = rests[0]
    if len(found) < least:
        raise RefusedError(f"list of fewer than {least} members", shape)
    return found

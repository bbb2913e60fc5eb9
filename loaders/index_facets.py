"""By what lists are filtered: the values of each thing for the facets of ``ontology/facets.toml``."""

import re
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from msevidence.loaders.index_graph import IndexedGraph, Node
from msevidence.ontology.index_rules import Among, Condition, Facet, Path, facets

NOT_STATED = ""
"""The value of a thing that has none."""
TRUE, FALSE = "true", "false"
ANY, NONE = "any", "none"
"""Values of a facet of kinds: of what has one of them, beside these, and of what has none."""
_WITHOUT = {"exists": FALSE, "kinds": NONE}
_YEAR = re.compile(r"-?\d{4}", re.ASCII)


def facet_values(graph: IndexedGraph) -> Iterator[tuple[str, str, str, str]]:
    """Yield class, facet, thing and value: a row for each value of a thing, one with :data:`NOT_STATED` without."""
    members: dict[str, list[str]] = {}
    for iri, nodes in graph.types().items():
        for node in nodes:
            members.setdefault(node.value, []).append(iri)
    for facet in facets():
        found = _values(graph, facet, members)
        for iri in members.get(facet.class_iri, ()):
            for value in sorted(found.get(iri, ())) or [_WITHOUT.get(facet.way, NOT_STATED)]:
                yield facet.class_iri, facet.name, iri, value


def _values(graph: IndexedGraph, facet: Facet, members: dict[str, list[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for iri, nodes in _reached(graph, facet.paths, facet.of, members):
        if values := {value for node in nodes if (value := _value(node, facet.way))}:
            found.setdefault(iri, set()).update(values)
    for kind in facet.kinds:
        for iri, nodes in _reached(graph, kind.paths, kind.of, members):
            if any(_counts(graph, kind, node) for node in nodes):
                found.setdefault(iri, set()).update((ANY, kind.value))
    return found


def _reached(
    graph: IndexedGraph, paths: Sequence[Path], of: str | None, members: dict[str, list[str]]
) -> Iterator[tuple[str, list[Node]]]:
    allowed = set(members.get(of, ())) if of is not None else None
    for path in paths:
        for iri, nodes in graph.follow(path).items():
            yield iri, [node for node in nodes if allowed is None or node.value in allowed]


def _counts(graph: IndexedGraph, kind: Among, node: Node) -> bool:
    if not all(_had(graph, one, node) & one.values for one in kind.only):
        return False
    return not any((had := _had(graph, one, node)) and had <= one.values for one in kind.without)


def _had(graph: IndexedGraph, condition: Condition, node: Node) -> set[str]:
    nodes = graph.follow(condition.path).get(node.value, ()) if condition.path else (node,)
    return {n.value.rpartition("/")[2] if isinstance(n, ox.NamedNode) else n.value.lower() for n in nodes}


def _value(node: Node, way: str) -> str:
    if way == "exists":
        return TRUE
    if way == "year":
        match = _YEAR.match(node.value)
        return match[0] if match else NOT_STATED
    return node.value

"""By what lists are filtered: the values of each thing for the facets of ``ontology/facets.toml``."""

import re
from collections.abc import Iterator

import pyoxigraph as ox

from msevidence.loaders.index_graph import IndexedGraph
from msevidence.ontology.index_rules import Facet, facets

NOT_STATED = ""
"""The value of a thing that has none."""
TRUE, FALSE = "true", "false"
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
            for value in sorted(found.get(iri, ())) or [NOT_STATED if facet.way != "exists" else FALSE]:
                yield facet.class_iri, facet.name, iri, value


def _values(graph: IndexedGraph, facet: Facet, members: dict[str, list[str]]) -> dict[str, set[str]]:
    allowed = set(members.get(facet.of, ())) if facet.of is not None else None
    found: dict[str, set[str]] = {}
    for path in facet.paths:
        for iri, nodes in graph.follow(path).items():
            kept = [node for node in nodes if allowed is None or node.value in allowed]
            values = {value for node in kept if (value := _value(node, facet.way))}
            if values:
                found.setdefault(iri, set()).update(values)
    return found


def _value(node: ox.NamedNode | ox.Literal, way: str) -> str:
    if way == "exists":
        return TRUE
    if way == "year":
        match = _YEAR.match(node.value)
        return match[0] if match else NOT_STATED
    return node.value

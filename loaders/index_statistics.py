"""How much a release has of what VoID tells (https://www.w3.org/TR/void/#statistics), counted over the whole graph.

A store would have to look at every statement for each of these figures, so they are counted once a release.
"""

import re
from collections import Counter
from collections.abc import Mapping

import pyoxigraph as ox

from msevidence.loaders.index_graph import IndexedGraph
from msevidence.ontology.naming import expand

LINKS = (
    "owl:sameAs",
    "rdfs:seeAlso",
    "dcterms:source",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "skos:relatedMatch",
)
"""Properties that lead to things of other datasets."""
_SPACE = re.compile(r"[a-z]+://[^/]+/")


def distinct(graph: IndexedGraph) -> Mapping[str, int]:
    """Return how many subjects and objects there are in the merge of the graphs, each counted once."""
    return {"subjects": graph.subjects(), "objects": graph.objects()}


def links(graph: IndexedGraph, base: str) -> Mapping[tuple[str, str], int]:
    """Return how many links lead from things of this dataset to others: by property, and by beginning of the address.

    Args:
        graph: what is counted.
        base: of the IRIs of this dataset.
    """
    found: Counter[tuple[str, str]] = Counter()
    for property in map(expand, LINKS):
        for thing, other in graph.each(property):
            if isinstance(other, ox.NamedNode) and thing.startswith(base) and not other.value.startswith(base):
                space = _SPACE.match(other.value)
                found[property, space[0] if space else other.value] += 1
    return found

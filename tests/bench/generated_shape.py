"""The shape that the generator copies: a part of the real graph, chosen by what a large release has most of.

A *unit* has every study, registration and publication of the real graph, its documents with all references, one claim
a study, each one that cites, and of the other things a number of each kind (:data:`OF_A_KIND`), so that it comes to
about 150 triples a study. Each thing has the properties that the real one has, but for links to what was left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from msevidence.loaders.assembly import assemble
from msevidence.ontology.iris import BASE, Kind
from tests.graph import DATA

_MSE = f"{BASE}ontology#"
_POINTER = f"{_MSE}hasPointer"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

WHOLE = (Kind.STUDY, Kind.REGISTRATION, Kind.PUBLICATION, Kind.DOCUMENT)
"""Kinds of which a unit has all."""
FOLLOWED = frozenset({
    *(Kind.PASSAGE, Kind.SECTION, Kind.TABLE, Kind.ANCHOR, Kind.SELECTOR, Kind.WORK, Kind.REFERENCE_LIST),
    *(Kind.REFERENCE, Kind.POINTER, Kind.POINTER_LIST, Kind.COMPARED_VALUE),
})  # fmt: skip
"""Kinds of things that come with what links to them."""
OF_A_KIND = {
    Kind.CLAIM: 37,
    Kind.IDENTITY: 24,
    Kind.NUMBER_MENTION: 12,
    Kind.RESULT: 8,
    Kind.FINDING: 6,
    Kind.VERDICT: 6,
    Kind.SOURCED_VALUE: 24,
}
"""How many of each further kind a unit has, spread over the real ones in the order of their addresses."""
ONCE = frozenset({
    *(Kind.ORGANISATION, Kind.PERSON, Kind.REGISTRY, Kind.REVIEW_RULE, Kind.SOURCE, Kind.ACTIVITY, Kind.QUERY),
    *(Kind.PREFIX, Kind.DATASET),
})  # fmt: skip
"""Kinds of things that all units share."""
_CONSTANT_GRAPHS = ("ontology", "queries")
_PER_DOCUMENT = ("document-", "curation-")


@dataclass(frozen=True)
class Shape:
    """What is copied, and what stands once."""

    unit: list[ox.Quad]
    once: list[ox.Quad]
    studies: list[str]
    """IRIs of the studies of a unit, sorted."""

    def of_studies(self, wanted: set[str]) -> list[ox.Quad]:
        """Return the part of the unit that says what ``wanted`` studies are, and how they are registered.

        It is for the last few studies where the number of studies is not one of whole units.
        """
        things = set(wanted)
        for quad in self.unit:
            if quad.predicate.value == f"{_MSE}registeredAs" and _iri(quad.subject) in wanted:
                things.add(_iri(quad.object))
        kept = [q for q in self.unit if _iri(q.subject) in things and not _graph(q).startswith(_PER_DOCUMENT)]
        left_out = {_iri(q.subject) for q in self.unit} - things
        return [q for q in kept if _iri(q.object) not in left_out]


@lru_cache(maxsize=1)
def real_shape() -> Shape:
    """Return the shape of the graph of ``data/``, which is assembled (some ten seconds) with the rules of the review.

    Raises LoadError where ``data/`` has a fault.
    """
    return shape_of(assemble(DATA).own_quads())


def shape_of(quads: Iterable[ox.Quad]) -> Shape:
    """Return the shape of a graph: its quads but for what the generator leaves out or makes itself."""
    by_subject: dict[str, list[ox.Quad]] = defaultdict(list)
    once: list[ox.Quad] = []
    for quad in quads:
        graph = _graph(quad)
        if graph in _CONSTANT_GRAPHS or (kind_of(_iri(quad.subject)) in ONCE and graph != "partitions"):
            once.append(quad)
        elif graph not in ("release", "partitions"):
            by_subject[_iri(quad.subject)].append(quad)
    kept = _kept(by_subject)
    graphs = {_iri(quad.graph_name) for thing in kept for quad in by_subject[thing]}
    unit = [q for thing in sorted(kept) for q in by_subject[thing] if _stays(q, kept)]
    for graph in sorted(graphs):
        described = [q for q in by_subject[graph] if _graph(q) == "meta"]
        (unit if graph.removeprefix(f"{BASE}graph/").startswith(_PER_DOCUMENT) else once).extend(described)
    return Shape(unit, once, sorted(thing for thing in kept if kind_of(thing) == Kind.STUDY))


def kind_of(iri: str) -> str:
    """Return the kind of an IRI of the data, empty for any other.

    >>> kind_of("https://w3id.org/msevidence/study/mist"), kind_of("http://www.w3.org/ns/prov#Entity")
    ('study', '')
    """
    return iri[len(BASE) :].partition("/")[0] if iri.startswith(BASE) else ""


def per_document(graph: str) -> bool:
    """Say whether a named graph, by its IRI, is that of one document, so that each copy has its own."""
    return graph.removeprefix(f"{BASE}graph/").startswith(_PER_DOCUMENT)


def _kept(things: dict[str, list[ox.Quad]]) -> set[str]:
    of_kind: dict[str, list[str]] = defaultdict(list)
    for thing in sorted(things):
        of_kind[kind_of(thing)].append(thing)
    kept: set[str] = set()
    for kind in WHOLE:
        _follow(of_kind[kind], things, kept)
    of_kind[Kind.CLAIM] = [t for t in of_kind[Kind.CLAIM] if any(q.predicate.value == _POINTER for q in things[t])]
    for kind, number in OF_A_KIND.items():
        candidates = [t for t in of_kind[kind] if kind == Kind.CLAIM or _closed(things[t], kept)]
        step = max(len(candidates) / number, 1)
        _follow({candidates[int(n * step)] for n in range(min(number, len(candidates)))}, things, kept)
    return kept


def _follow(starts: Iterable[str], things: dict[str, list[ox.Quad]], kept: set[str]) -> None:
    """Add things and what comes with them to ``kept``."""
    waiting = list(starts)
    while waiting:
        thing = waiting.pop()
        if thing not in kept and thing in things:
            kept.add(thing)
            waiting.extend(_iri(q.object) for q in things[thing] if kind_of(_iri(q.object)) in FOLLOWED)


def _closed(quads: Iterable[ox.Quad], kept: set[str]) -> bool:
    """Say whether all that a thing links to is in the unit, or comes with it."""
    return all(_stays(q, kept) or kind_of(_iri(q.object)) in FOLLOWED for q in quads)


def _stays(quad: ox.Quad, kept: set[str]) -> bool:
    iri = _iri(quad.object)
    kind = kind_of(iri)
    return not kind or kind in ONCE or kind in ("scheme", "graph") or "#" in kind or iri in kept


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _graph(quad: ox.Quad) -> str:
    return _iri(quad.graph_name).removeprefix(f"{BASE}graph/")


def counted(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, int, int, int]]:
    """Yield of each class its IRI, instances, distinct pairs of instance and property, and triples (merged)."""
    classes: dict[str, set[str]] = defaultdict(set)
    triples: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for quad in quads:
        triples[_iri(quad.subject)].add((quad.predicate.value, str(quad.object)))
        if quad.predicate.value == _TYPE:
            classes[_iri(quad.object)].add(_iri(quad.subject))
    for cls, things in sorted(classes.items()):
        pairs = sum(len({predicate for predicate, _ in triples[thing]}) for thing in things)
        yield cls, len(things), pairs, sum(len(triples[thing]) for thing in things)

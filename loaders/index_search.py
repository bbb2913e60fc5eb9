"""What searching reads beside texts: kinds of things, sentences by their letters, identifiers, and places."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from msevidence.loaders.index_graph import IndexedGraph
from msevidence.loaders.index_words import letters, stored_key
from msevidence.ontology.index_rules import search
from msevidence.ontology.naming import expand

_PASSAGE, _ORDINAL = expand("mse:text"), expand("mse:ordinal")
_SOURCE, _REPEATS = expand("oa:hasSource"), expand("mse:repeats")
_STATED_IN, _SAID = expand("mse:statedIn"), expand("mse:claimText")
_DOCUMENT, _START = expand("mse:inDocument"), expand("oa:start")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage, and a claim stated in it if there is one, with their letters."""

    passage: str
    text: str
    document: str
    ordinal: int
    claim: str | None
    said: str | None
    repeats: str | None
    letters: str
    said_letters: str


def kinds(graph: IndexedGraph) -> dict[str, str]:
    """Return the kind of each thing that is searched."""
    order = {class_iri: (number, kind.name) for number, kind in enumerate(search().kinds) for class_iri in kind.classes}
    found: dict[str, str] = {}
    for iri, nodes in graph.types().items():
        known = [order[node.value] for node in nodes if node.value in order]
        if known:
            found[iri] = min(known)[1]
    return found


def identifiers(graph: IndexedGraph) -> Iterator[tuple[str, str, str]]:
    """Yield key, thing and value as it stands of each identifier."""
    for scheme, path in search().identifiers:
        for iri, nodes in graph.follow(path).items():
            for node in nodes:
                if (key := stored_key(scheme, node.value)) is not None:
                    yield key, iri, node.value


def sentences(graph: IndexedGraph) -> list[Sentence]:
    """Return every passage with its place, the claims stated in it, and the sentence that it repeats in large type."""
    said = _one(graph, _SAID)
    claims: dict[str, list[str]] = {}
    for iri, node in graph.each(_STATED_IN):
        if iri in said:
            claims.setdefault(node.value, []).append(iri)
    ordinals, sources, repeats = (_one(graph, property) for property in (_ORDINAL, _SOURCE, _REPEATS))
    # Kept in a text many times over in large graphs (a cell, a heading): its letters are made once.
    made: dict[str, str] = {}

    def spelled(text: str) -> str:
        if text not in made:
            made[text] = letters(text)
        return made[text]

    found = []
    for passage, text in sorted(_one(graph, _PASSAGE).items()):
        if passage not in ordinals or passage not in sources:
            continue
        one = partial(Sentence, passage, text, sources[passage], _whole(ordinals[passage]))
        own = spelled(text)
        for claim in sorted(claims.get(passage, ())):
            found.append(one(claim, said[claim], repeats.get(passage), own, spelled(said[claim])))
        if passage not in claims:
            found.append(one(None, None, repeats.get(passage), own, own))
    return sorted(found, key=lambda s: (s.document, s.ordinal, s.claim or ""))


def places(graph: IndexedGraph) -> dict[str, tuple[str, int]]:
    """Return the document in which each thing stands, and where in it: a passage's number, or a character."""
    documents = _one(graph, _DOCUMENT) | _one(graph, _SOURCE)
    starts = _one(graph, _START)
    ordinals = _one(graph, _ORDINAL)
    stated = _one(graph, _STATED_IN)
    found = {}
    for iri, document in documents.items():
        where = stated.get(iri, iri)
        start = starts.get(iri) or starts.get(where) or ordinals.get(where) or "0"
        found[iri] = (document, _whole(start))
    return found


def _one(graph: IndexedGraph, property: str) -> dict[str, str]:
    """Return one value of a property of each thing, the same in every build."""
    found: dict[str, str] = {}
    for iri, node in graph.each(property):
        found[iri] = min(found.get(iri, node.value), node.value)
    return found


def _whole(text: str) -> int:
    """Read a number that the graph should have, 0 where it is none."""
    try:
        return int(text)
    except ValueError:
        return 0

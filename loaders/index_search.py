"""What the full-text search reads: things with their texts by field, sentences by their letters, identifiers, words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import pyoxigraph as ox

from msevidence.loaders.index_graph import IndexedGraph, Node
from msevidence.loaders.index_words import WORD, fold, letters, stored_key
from msevidence.ontology.index_rules import CONCEPT, search
from msevidence.ontology.naming import expand

_PASSAGE, _ORDINAL = expand("mse:text"), expand("mse:ordinal")
_SOURCE, _REPEATS = expand("oa:hasSource"), expand("mse:repeats")
_STATED_IN, _SAID = expand("mse:statedIn"), expand("mse:claimText")
_DOCUMENT, _START = expand("mse:inDocument"), expand("oa:start")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a thing, in its field."""

    field: str
    text: str
    language: str


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


def wordings(
    graph: IndexedGraph, searched: Mapping[str, str], languages: Mapping[str, str]
) -> dict[str, list[Wording]]:
    """Return the texts of each thing by field, a text once, in the first field that has it; then of its concepts.

    Args:
        graph: what is indexed.
        searched: the things, with their kinds.
        languages: of texts without a tag, by thing.
    """
    found: dict[str, list[Wording]] = {iri: [] for iri in searched}
    seen: dict[str, set[str]] = {iri: set() for iri in searched}
    for field in search().fields:
        for path in field.paths:
            for iri, nodes in graph.follow(path).items():
                if iri in found:
                    for node in _sorted(nodes):
                        key = letters(node.value)
                        if key and key not in seen[iri]:
                            seen[iri].add(key)
                            language = node.language or languages.get(iri, "")
                            found[iri].append(Wording(field.name, node.value, language))
    found = {iri: texts for iri, texts in found.items() if texts}
    called = _called(graph)
    spoken = ((iri, [ox.NamedNode(iri)]) for iri in search().spoken)  # a concept itself, by what readers call it
    for iri, nodes in chain(spoken, *(graph.follow(path).items() for path in search().concepts)):
        if iri in found:
            for text in (text for node in nodes for text in called.get(node.value, ())):
                if (key := letters(text.text)) not in seen[iri]:
                    seen[iri].add(key)
                    found[iri].append(text)
    return found


def _called(graph: IndexedGraph) -> dict[str, list[Wording]]:
    """Return what each concept is called, in every language: what readers call it stands beside its label."""
    found: dict[str, list[Wording]] = {}
    preferred = search().labels[0]
    for property in search().labels:
        for iri, nodes in graph.follow((property,)).items():
            for node in _sorted(nodes):
                spoken = search().spoken.get(iri, {}).get(node.language or "") if property == preferred else None
                text = f"{node.value} ({spoken})" if spoken else node.value
                found.setdefault(iri, []).append(Wording(CONCEPT, text, node.language or ""))
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


def vocabulary(texts: Mapping[str, list[Wording]]) -> Iterator[tuple[str, str, int]]:
    """Yield each word as it is searched, its commonest spelling, and in how many things it stands."""
    things: Counter[str] = Counter()
    spelled: Counter[str] = Counter()
    folded: dict[str, str] = {}
    for wordings in texts.values():
        here = [word for wording in wordings for word in WORD.findall(wording.text)]
        spelled.update(here)
        for word in set(here):
            if word not in folded:  # each spelling is folded once; a difference would go through all words every time
                folded[word] = fold(word)
        things.update({folded[word] for word in here})
    spellings: dict[str, Counter[str]] = {}
    for word, times in spelled.items():
        spellings.setdefault(folded[word], Counter())[word.lower()] += times
    for word, count in things.items():
        if len(word) > 2 and not word.isdigit():
            best = min(spellings[word].items(), key=lambda one: (-one[1], one[0]))
            yield word, best[0], count


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


def _sorted(nodes: Sequence[Node]) -> list[ox.Literal]:
    return sorted((n for n in nodes if isinstance(n, ox.Literal)), key=lambda n: (n.language or "", n.value))


def _whole(text: str) -> int:
    """Read a number that the graph should have, 0 where it is none."""
    try:
        return int(text)
    except ValueError:
        return 0

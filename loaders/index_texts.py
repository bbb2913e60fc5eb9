"""The texts by which things are found: of each thing by field, and the words of all."""

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from operator import itemgetter

import pyoxigraph as ox

from msevidence.loaders.index_graph import IndexedGraph, Node
from msevidence.loaders.index_words import WORD, fold, letters
from msevidence.loaders.release_sorting import Runs
from msevidence.ontology.index_rules import CONCEPT, search


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a thing, in its field."""

    field: str
    text: str
    language: str


def wordings(
    graph: IndexedGraph, searched: Container[str], languages: Mapping[str, str]
) -> Iterator[tuple[str, list[Wording]]]:
    """Yield the things that have texts, by IRI: by field, each in the first that has it; then those of their concepts.

    They are put together on the disk: in memory they would be most of what is held for an index.

    Args:
        graph: what is indexed.
        searched: IRIs of the things.
        languages: of texts without a tag, by thing.
    """
    runs = Runs(graph.scratch)
    number = count()
    for iri, texts in _found(graph, searched, languages):
        # Of a thing the lines stay in the order in which its texts are found; no IRI has a tab.
        told = (json.dumps([w.field, w.text, w.language], ensure_ascii=False) for w in texts)
        runs.add([f"{iri}\t{next(number):012}\t{text}\n".encode() for text in told])
    lines = (line.split(b"\t", 2) for some in runs.merged() for line in some)
    for iri, of_thing in groupby(lines, key=itemgetter(0)):
        if texts := _once(Wording(*json.loads(text)) for _, _, text in of_thing):
            yield iri.decode(), texts


def _once(texts: Iterable[Wording]) -> list[Wording]:
    """Return the texts that differ in their letters; those of concepts only of what has a text of its own."""
    found: list[Wording] = []
    seen: set[str] = set()
    for text in texts:
        key = letters(text.text)
        if key not in seen and (found if text.field == CONCEPT else key):
            seen.add(key)
            found.append(text)
    return found


def _found(
    graph: IndexedGraph, searched: Container[str], languages: Mapping[str, str]
) -> Iterator[tuple[str, list[Wording]]]:
    """Yield things with texts of a field, those of the next one after them, and those of concepts last."""
    for field in search().fields:
        for path in field.paths:
            for iri, nodes in graph.follow(path).items():
                if iri in searched:
                    language = languages.get(iri, "")
                    yield iri, [Wording(field.name, n.value, n.language or language) for n in _sorted(nodes)]
            graph.forget()
    called = _called(graph)
    for iri in search().spoken:  # a concept itself, by what readers call it
        if iri in searched:
            yield iri, called.get(iri, [])
    for path in search().concepts:
        for iri, nodes in graph.follow(path).items():
            if iri in searched:
                yield iri, [text for node in nodes for text in called.get(node.value, ())]
        graph.forget()


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


class Vocabulary:
    """The words of all things."""

    def __init__(self) -> None:
        self._things: Counter[str] = Counter()
        self._spelled: Counter[str] = Counter()
        self._folded: dict[str, str] = {}

    def add(self, wordings: Iterable[Wording]) -> None:
        """Take in the texts of one thing."""
        here = [word for wording in wordings for word in WORD.findall(wording.text)]
        self._spelled.update(here)
        folded = self._folded
        for word in set(here):
            if word not in folded:  # each spelling is folded once; a difference would go through all words every time
                folded[word] = fold(word)
        self._things.update({folded[word] for word in here})

    def words(self) -> Iterator[tuple[str, str, int]]:
        """Yield each word as it is searched, its commonest spelling, and in how many things it stands."""
        spellings: dict[str, Counter[str]] = {}
        for word, times in self._spelled.items():
            spellings.setdefault(self._folded[word], Counter())[word.lower()] += times
        for word, number in self._things.items():
            if len(word) > 2 and not word.isdigit():
                best = min(spellings[word].items(), key=lambda one: (-one[1], one[0]))
                yield word, best[0], number


def _sorted(nodes: Sequence[Node]) -> list[ox.Literal]:
    return sorted((n for n in nodes if isinstance(n, ox.Literal)), key=lambda n: (n.language or "", n.value))

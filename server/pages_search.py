"""The search box: opens a pasted sentence or an identifier, and otherwise lists the texts that hold all the words.

Sentences are found as ``msevidence show`` finds them (``show_find``): by letters and digits, so that what is copied
out of a PDF is found. This reads every text once a search; the full-text index comes with the search proper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from msevidence.loaders.index_words import identity, words
from msevidence.ontology.iris import BASE
from msevidence.server import resources
from msevidence.server.errors import NotFound
from msevidence.server.labels import query
from msevidence.server.pages_links import name, of
from msevidence.server.resources import local_path
from msevidence.server.show_find import Sentence, find_sentences
from msevidence.server.show_reader import Row
from msevidence.server.store import PageLane

LIMIT = 2_000
"""Characters of a search: the longest passages have half as many."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and how well it fits: ``exact``, ``near`` (a part, or all the words) or ``alike``."""

    items: Sequence[str] = ()
    fit: str = "none"


class _Lane:
    """A worker of the pages lane, as ``show_find`` asks it."""

    def __init__(self, lane: PageLane) -> None:
        self._lane = lane
        self.asked: list[Row] = []

    def rows(self, name: str) -> Iterator[Row]:
        """Return the solutions of a query, once asked."""
        self.asked = self.asked or [cast(Row, row) for row in self._lane.select(query(name))]
        return iter(self.asked)


def search(lane: PageLane, text: str) -> Found:
    """Find what a text names: an IRI, a registry number, a DOI or PubMed number, a sentence, or words."""
    text = text[:LIMIT].strip()
    if not text:
        return Found()
    named = _by_identifier(lane, text)
    if named:
        return Found(named, "exact")
    reader = _Lane(lane)
    found = find_sentences(reader, text)
    if found.exact:
        return Found(_items(found.sentences), "exact")
    wanted = words(text)
    with_all = [
        of(row, "claim") or of(row, "passage")
        for row in reader.rows("show_sentences")
        if wanted and wanted <= words(of(row, "said") or of(row, "text"))
    ]
    near = [*_items(found.sentences), *with_all]
    if near:
        return Found(list(dict.fromkeys(near)), "near")
    return Found(_items(found.suggestions), "alike") if found.suggestions else Found()


def _items(sentences: Sequence[Sentence]) -> list[str]:
    return list(dict.fromkeys(sentence.claim or sentence.passage for sentence in sentences))


def _by_identifier(lane: PageLane, text: str) -> list[str]:
    for base in dict.fromkeys((lane.release.base, BASE)):
        if text.startswith(base):
            path = local_path(text, lane.release)
            try:
                return [resources.find(lane, path)] if path and "#" not in path else []
            except NotFound:
                return []
    wanted = identity(text)
    rows = lane.select(query("by_value"))
    return list(dict.fromkeys(name(row["item"]) for row in rows if identity(of(row, "value")) == wanted))

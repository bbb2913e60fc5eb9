"""What the page of a review needs for every choice of findings, kept while its release is served."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from msevidence.server import pages_reading
from msevidence.server.labels import Labels
from msevidence.server.pages_links import Value, link
from msevidence.server.store import PageLane

TEXTS = 20
"""Texts kept: a report of some hundred pages takes about a megabyte."""
NAMES = 20_000


def reading(lane: PageLane, labels: Labels, document: str, language: str) -> pages_reading.Reading:
    """Return the text of a document."""
    kept = _texts(lane.release.id)
    if (document, language) not in kept:
        if len(kept) >= TEXTS:
            kept.clear()
        kept[document, language] = pages_reading.read(lane, labels, document)
    return kept[document, language]


def names(lane: PageLane, labels: Labels, language: str) -> Callable[[str], Value]:
    """Return what gives the link to a thing by its name."""
    kept = _names(lane.release.id, language)
    if len(kept) >= NAMES:
        kept.clear()

    def named(iri: str) -> Value:
        if iri not in kept:
            kept[iri] = link(lane, labels, iri)
        return kept[iri]

    return named


@lru_cache(maxsize=2)
def _texts(release: str) -> dict[tuple[str, str], pages_reading.Reading]:
    """Return the texts read so far, by document and language; of a release before the last they are dropped."""
    return {}


@lru_cache(maxsize=4)
def _names(release: str, language: str) -> dict[str, Value]:
    """Return the links made so far, of two releases in two languages."""
    return {}

"""The counts of everything as figures alone, as the build counted them (``loaders/index_counts.py``).

A list of a hundred thousand studies, with the decisions on each, is nothing that a page could show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.loaders.index_counts import ALL, DOCUMENT, SOURCE
from msevidence.server.index import index
from msevidence.server.releases import Release

_PLACES = """
SELECT position, place, what, count FROM counted WHERE kind = ? AND position >= ? AND position < ? ORDER BY position
"""
_END = 1 << 62


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a document, a loaded source, or everything: five steps, and what stands beside them."""

    where: str
    """IRI of the document or source; empty for everything."""
    counted: Mapping[str, int]


def of_everything(release: Release) -> Figures:
    """Return the counts of all documents and loaded sources together."""
    return _read(release, ALL)[0]


def of_documents(release: Release, start: int, size: int) -> Sequence[Figures]:
    """Return the counts of a stretch of the documents, in the order of their IRIs."""
    return _read(release, DOCUMENT, start, start + size)


def of_sources(release: Release) -> Sequence[Figures]:
    """Return the counts of the loaded sources, by their names."""
    return _read(release, SOURCE)


def _read(release: Release, kind: str, first: int = 0, end: int = _END) -> Sequence[Figures]:
    found: dict[int, tuple[str, dict[str, int]]] = {}
    for position, place, what, count in index(release).rows(_PLACES, (kind, first, end)):
        found.setdefault(position, (place, {}))[1][what] = count
    return [Figures(place, counted) for place, counted in found.values()]

"""The things of a class in the order of a list, kept for a release: a page of the list is then cut out of it.

Sorting a hundred thousand things takes half a second, and a page shows fifty. What is kept is compressed, some 15 bytes
a thing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msevidence.server.facets import Choice, Facets
from msevidence.server.releases import Release

BLOCK = 50
"""Things that are compressed together: those of a page."""
ORDERS = 16
"""Orders kept, of lists, readers and releases: of 300,000 things one is some 5 MB."""


class Order:
    """The things of a list, in an order."""

    def __init__(self, iris: Sequence[str]) -> None:
        self.total = len(iris)
        starts = range(0, len(iris), BLOCK)
        self._blocks = [zlib.compress("\n".join(iris[start : start + BLOCK]).encode(), 1) for start in starts]

    def __iter__(self) -> Iterator[str]:
        for number in range(len(self._blocks)):
            yield from self._block(number)

    def cut(self, start: int, size: int) -> list[str]:
        """Return a stretch of the list.

        >>> Order([f"thing {n}" for n in range(200)]).cut(98, 4)
        ['thing 98', 'thing 99', 'thing 100', 'thing 101']
        """
        numbers = range(start // BLOCK, min(-(-(start + size) // BLOCK), len(self._blocks)))
        there = [iri for number in numbers for iri in self._block(number)]
        return there[start % BLOCK :][:size]

    def _block(self, number: int) -> list[str]:
        return zlib.decompress(self._blocks[number]).decode().split("\n")


@lru_cache(maxsize=ORDERS)
def everything(release: Release, reader: str, class_iri: str, sort: str) -> Order:
    """Return all things of a class.

    Args:
        release: where they are.
        reader: language of the labels.
        class_iri: the class.
        sort: ``label``, or ``text`` for as they stand in the documents.
    """
    return Order(Facets(release, reader).ordered(Choice(class_iri), sort))


@lru_cache(maxsize=256)
def is_placed(release: Release, class_iri: str) -> bool:
    """Tell whether a thing of a class stands in a document."""
    return Facets(release, "en").is_placed(class_iri)

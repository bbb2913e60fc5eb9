"""Two releases read beside each other: the lines that differ, and what either says of a thing.

``data.nq`` of a release is sorted. So two of them are compared in one pass that holds two lines, and what one says of a
thing is found by bisection in the file, without a store: releases whose store is pruned can be compared too.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from msevidence.loaders.release_nquads import split_line

ADDED, REMOVED = "A", "D"
PAUSE = ""
"""In place of a line: nothing differs as yet, and who reads may look at something else."""
EVERY = 20_000
"""Lines after which there is a pause: some 10 ms."""
Node = ox.NamedNode | ox.Literal


def changed_lines(before: Path, after: Path, *, pauses: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield the lines that only one of two sorted N-Quads files has, in their order.

    Args:
        before: one file; where it is the other as well, it is not read.
        after: the other.
        pauses: yield :data:`PAUSE` and an empty line after each :data:`EVERY` lines.

    Yields:
        :data:`REMOVED` or :data:`ADDED`, and the line with its line end.
    """
    if before == after:
        return
    left = EVERY if pauses else 0
    with before.open("rb") as one, after.open("rb") as other:
        old, new = one.readline(), other.readline()
        while old or new:
            if old == new:
                old, new = one.readline(), other.readline()
            elif not new or (old and old < new):
                yield REMOVED, old
                old = one.readline()
            else:
                yield ADDED, new
                new = other.readline()
            left -= 1
            if not left:
                left = EVERY
                yield PAUSE, b""


def graph_of(line: bytes) -> str:
    """Return the IRI of the named graph of a line, empty for the default graph."""
    return split_line(line)[1][1:-1].decode()


class Quads:
    """What a release says of a thing, found in its sorted ``data.nq``.

    Use it in a ``with`` statement: it holds the file open.
    """

    def __init__(self, path: Path, left_out: str) -> None:
        """Open a file.

        Args:
            path: ``data.nq``.
            left_out: IRI of the graph ``release``, which is about the release and not in it.
        """
        self._file = path.open("rb")
        self._data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self._left_out = left_out
        self._kept: dict[str, tuple[ox.Quad, ...]] = {}
        self._properties: dict[str, Mapping[str, Sequence[Node]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._data.close()
        self._file.close()

    def of(self, subject: str) -> tuple[ox.Quad, ...]:
        """Return what the named graphs say of a thing."""
        if subject not in self._kept:
            lines = b"".join(self._lines(f"<{subject}> ".encode()))
            quads = ox.parse(lines, format=ox.RdfFormat.N_QUADS)
            self._kept[subject] = tuple(
                q for q in quads if isinstance(q.graph_name, ox.NamedNode) and q.graph_name.value != self._left_out
            )
        return self._kept[subject]

    def properties(self, subject: str) -> Mapping[str, Sequence[Node]]:
        """Return the properties of a thing, each with its values, once."""
        if subject not in self._properties:
            found: dict[str, dict[Node, None]] = {}
            for q in self.of(subject):
                if isinstance(q.object, ox.NamedNode | ox.Literal):
                    found.setdefault(q.predicate.value, {})[q.object] = None
            self._properties[subject] = {property: list(values) for property, values in found.items()}
        return self._properties[subject]

    def values(self, subject: str, *properties: str) -> list[Node]:
        """Return the values of some properties of a thing, each once."""
        there = self.properties(subject)
        return list(dict.fromkeys(value for property in properties for value in there.get(property, ())))

    def links(self, subject: str, *properties: str) -> list[str]:
        """Return the IRIs that some properties of a thing lead to."""
        return [value.value for value in self.values(subject, *properties) if isinstance(value, ox.NamedNode)]

    def beginning(self, prefix: str) -> Iterator[str]:
        """Yield the things whose IRI begins so, each once."""
        last = b""
        for line in self._lines(f"<{prefix}".encode()):
            subject = line[: line.index(b" ")]
            if subject != last:
                last = subject
                yield subject[1:-1].decode()

    def _lines(self, prefix: bytes) -> Iterator[bytes]:
        at = self._first(prefix)
        while self._data[at : at + len(prefix)] == prefix:
            end = self._data.find(b"\n", at) + 1
            yield self._data[at:end]
            at = end

    def _first(self, prefix: bytes) -> int:
        """Return where the first line stands that is not before ``prefix``."""
        low, high = 0, len(self._data)
        while low < high:
            middle = (low + high) // 2
            start = self._data.rfind(b"\n", low, middle) + 1 or low
            if self._data[start : start + len(prefix)] < prefix:
                low = self._data.find(b"\n", middle) + 1
            else:
                high = start
        return low

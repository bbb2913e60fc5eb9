"""Reading back what a store holds: every quad, compared with what was to be stored without sorting either.

The engine gives quads in an order of its own, and the sum of the hashes of their lines is the same in any order. The
hash is Python's own, SipHash with a key that this process drew when it began: nobody knows it beforehand, so a quad too
much, too few or changed leaves the sum as it was once in 2^64 times. Such a sum is compared in the process that made
it, and never kept. The default graph and the named ones are read in two threads, because the engine lets go of Python.
"""

import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from msevidence.loaders.release_errors import engine_faults

TAKEN_BYTES = 2**20
"""Bytes of lines that are hashed at a time."""


@dataclass(frozen=True)
class Fingerprint:
    """How many lines of N-Quads there are, and the sum of their hashes."""

    lines: int = 0
    sum: int = 0

    def __add__(self, other: "Fingerprint") -> "Fingerprint":
        return Fingerprint(self.lines + other.lines, self.sum + other.sum)


def fingerprint(lines: list[bytes]) -> Fingerprint:
    """Return the fingerprint of distinct lines, each with its newline."""
    return Fingerprint(len(lines), sum(map(hash, lines)))


def read_back(path: Path) -> Fingerprint:
    """Open the store at ``path`` to read, and return the fingerprint of all that it holds.

    Raises ReleaseError when the store is damaged.
    """
    with engine_faults(path):
        store = ox.Store.read_only(str(path))
        graphs = list(store.named_graphs())
        with ThreadPoolExecutor(2) as threads:
            parts = [threads.submit(_read, store, some) for some in ([ox.DefaultGraph()], graphs)]
            found = sum((part.result() for part in parts), Fingerprint())
        # Counted by the engine as well: it would also count quads of a graph that it does not name.
        return Fingerprint(len(store), found.sum)


def _read(store: ox.Store, graphs: Iterable[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]) -> Fingerprint:
    found = Fingerprint()
    for graph in graphs:
        lines = _Lines(graph)
        store.dump(cast("IO[bytes]", lines), ox.RdfFormat.N_TRIPLES, from_graph=graph)
        found += lines.ended()
    return found


class _Lines:
    """What the engine writes the triples of one graph to: makes lines of N-Quads of them, and keeps nothing else."""

    def __init__(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        self._end = b".\n" if isinstance(graph, ox.DefaultGraph) else f"{graph} .\n".encode()
        self._found = Fingerprint()
        self._held: list[bytes] = []
        self._bytes = 0

    def write(self, some: bytes) -> int:
        self._held.append(some)
        self._bytes += len(some)
        if self._bytes >= TAKEN_BYTES:
            self._take()
        return len(some)

    def flush(self) -> None:
        """Do nothing: the engine asks for it."""

    def ended(self) -> Fingerprint:
        """Return the fingerprint of all that was written."""
        self._take()
        return self._found

    def _take(self) -> None:
        """Take in whole lines; a line end is one, because none stands in a literal of N-Triples as it is."""
        held = b"".join(self._held)
        end = held.rfind(b"\n") + 1
        self._held, self._bytes = [held[end:]], len(held) - end
        self._found += fingerprint(io.BytesIO(held[:end].replace(b".\n", self._end)).readlines())

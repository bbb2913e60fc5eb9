"""Records checked against the SHACL shapes, many at a time: what breaks one is that record's fault, not the others'.

The shapes look at one record's nodes only, so that a batch says the same as each record alone. pyshacl is the referee;
a batch is as large as pays for loading the shapes.
"""

import io
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.loaders.exports.facts import Fact
from msevidence.loaders.exports.nquads import Block
from msevidence.loaders.exports.parent import end_with_parent
from msevidence.ontology.shapes_subset import shapes

SIZE = 200
"""Records of a batch: pyshacl needs 0.3 s for the shapes alone, and some milliseconds a record."""

ALONE = 2
"""Batches that are checked before processes are started for more: a small file needs none."""


class Checker:
    """Asks the shapes, here or, where there is much to ask, in processes of their own, one for each processor."""

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._asked = 0

    def ask(self, statements: bytes) -> "Future[dict[str, str]]":
        """Return what :func:`faults` will have found in lines of N-Quads."""
        self._asked += 1
        if self._asked <= ALONE or self._processes == 1:
            done: Future[dict[str, str]] = Future()
            done.set_result(faults(statements))
            return done
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, initializer=end_with_parent)
        return self._pool.submit(faults, statements)

    @property
    def ahead(self) -> int:
        """How many batches may wait for their answer: two for each process keep all of them busy."""
        return 0 if self._pool is None else 2 * self._processes

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def faults(statements: bytes) -> dict[str, str]:
    """Return what breaks a shape in lines of N-Quads: the focus node, and the message with the value at fault."""
    quads = ox.parse(io.BytesIO(statements), format=ox.RdfFormat.N_QUADS)
    found: dict[str, str] = {}
    for violation in shapes().violations(quads):
        value = f" [{violation.value}]" if violation.value else ""
        found.setdefault(violation.focus, f"{violation.message('en')}{value}")
    return found


@dataclass(slots=True)
class _Entry:
    version: str
    lines: bytes
    fact: Fact
    label: str | None


@dataclass(slots=True)
class Batch:
    """Records read and not yet checked."""

    entries: list[_Entry] = field(default_factory=list)
    _answer: "Future[dict[str, str]] | None" = None

    def add(self, version: str, block: Block, fact: Fact, label: str | None) -> None:
        self.entries.append(_Entry(version, block.encoded(), fact, label))

    @property
    def full(self) -> bool:
        return len(self.entries) >= SIZE

    def ask(self, checker: Checker | None) -> None:
        """Ask the shapes about the records of the batch."""
        if checker is not None and self.entries:
            self._answer = checker.ask(b"".join(e.lines for e in self.entries))

    def checked(self) -> Iterator[tuple[str, bytes, Fact, str | None, str | None]]:
        """Yield version, statements, fact and label of each record, and what it breaks, if anything."""
        broken_by = self._answer.result() if self._answer is not None else {}
        for entry in self.entries:
            broken = next((m for focus, m in broken_by.items() if f"<{focus}>".encode() in entry.lines), None)
            yield entry.version, entry.lines, entry.fact, entry.label, broken

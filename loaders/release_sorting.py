"""Sorting lines without holding them: runs are sorted in memory, and merged a block at a time.

Sorting and merging are left to Python's list sort, which takes sorted stretches as they are: a merge that compares line
by line in Python takes several times as long.
"""

import errno
import io
import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heapreplace
from itertools import groupby
from pathlib import Path
from typing import IO

RUN_BYTES = 16 * 2**20
"""Bytes of lines sorted in memory at a time, some 60,000 quads; Python holds them in twice as much."""
BLOCK_BYTES = 2**16
"""Bytes read of each run at a time, at least."""


class Runs:
    """Lines to be sorted, in a file without a name: it is gone with the process, however that ends."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take in lines for a file in ``folder``, or where temporary files go."""
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._ends = [0]
        self._held: list[bytes] = []
        self._bytes = 0

    @property
    def written(self) -> int:
        """How many runs there are on the disk."""
        return len(self._ends) - 1

    def add(self, lines: list[bytes]) -> None:
        """Take in lines, each with its newline.

        Raises OSError, which names the folder, where there is no room.
        """
        self._held += lines
        self._bytes += sum(map(len, lines))
        if self._bytes >= RUN_BYTES:
            self._write()

    def merged(self) -> Iterator[list[bytes]]:
        """Yield all lines in the order of their bytes, each once, some at a time; as often as it is asked for."""
        if self._held:
            self._write()
        if self._file is not None:
            runs = zip(self._ends, self._ends[1:], strict=False)
            yield from _merged([_Run(self._file.fileno(), begin, end) for begin, end in runs])

    def _write(self) -> None:
        self._held.sort()
        lines = b"".join(line for line, _ in groupby(self._held))
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0, dir=self._folder)  # noqa: SIM115
            left = memoryview(lines)
            while left:
                left = left[self._file.write(left) :]
        except OSError as e:
            raise OSError(e.errno, e.strerror, str(self._folder or tempfile.gettempdir())) from e
        self._ends.append(self._ends[-1] + len(lines))
        self._held, self._bytes = [], 0


@dataclass
class _Run:
    """Sorted distinct lines, from one place of a file to another."""

    file: int
    at: int
    end: int

    def read(self, size: int) -> list[bytes]:
        """Return the next lines, of so many bytes together, but at least one; none at the end."""
        while self.at < self.end:
            found = os.pread(self.file, min(size, self.end - self.at), self.at)
            if not found:
                raise OSError(errno.EIO, "the file of sorted lines is shorter than it was written")
            if whole := found.rfind(b"\n") + 1:
                self.at += whole
                return io.BytesIO(found[:whole]).readlines()
            size *= 2
        return []


def _merged(runs: list[_Run]) -> Iterator[list[bytes]]:
    """Yield the lines of runs, each time about as many as a run has.

    Of the run whose last line read comes first more is read, until there is enough; then all up to the first of these
    last lines is complete. So of each run no more than a block is left over, and what is put together consists of few
    long stretches: with a block of each run at a time the blocks were cut and copied as often as there are runs.
    """
    size = max(BLOCK_BYTES, RUN_BYTES // (4 * max(len(runs), 1)))
    held: list[list[bytes]] = [[] for _ in runs]
    ends = [(b"", number) for number in range(len(runs))]
    """The last line read of each run that has more, as a heap."""
    while ends:
        taken = 0
        while ends and taken < RUN_BYTES:
            number = ends[0][1]
            if block := runs[number].read(size):
                held[number] += block
                taken += sum(map(len, block))
                heapreplace(ends, (block[-1], number))
            else:
                heappop(ends)
        lines: list[bytes] = []
        for number, block in enumerate(held):
            cut = bisect_right(block, ends[0][0]) if ends else len(block)
            lines += block[:cut]
            held[number] = block[cut:]
        lines.sort()
        if lines:
            yield [line for line, _ in groupby(lines)]


def sort_lines(source: Path, target: Path, scratch: Path) -> None:
    """Write the distinct lines of ``source`` to ``target`` in the order of their bytes (in UTF-8: of code points)."""
    with target.open("wb") as out:
        out.writelines(b"".join(lines) for lines in sorted_lines(source, scratch))


def sorted_lines(source: Path, scratch: Path) -> Iterator[list[bytes]]:
    """Yield the distinct lines of a file in the order of their bytes, some at a time."""
    runs = Runs(scratch)
    with source.open("rb") as file:
        while lines := file.readlines(min(RUN_BYTES, 2**20)):
            runs.add(lines)
    yield from runs.merged()


def blocks(path: Path) -> Iterator[list[bytes]]:
    """Yield the lines of a file, some at a time."""
    with path.open("rb") as file:
        while lines := file.readlines(2**20):
            yield lines

"""Sorting lines without holding them: runs are sorted in memory, and merged a block at a time.

Sorting and merging are left to Python's list sort, which takes sorted stretches as they are: a merge that compares line
by line in Python takes several times as long.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

RUN_BYTES = 16 * 2**20
"""Bytes of lines sorted in memory at a time, some 60,000 quads; Python holds them in twice as much."""
BLOCK_BYTES = 2**16
"""Bytes read of each run at a time, at least."""


class Runs:
    """Lines to be sorted, in files of a folder; distinct once they are merged."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._paths: list[Path] = []
        self._held: list[bytes] = []
        self._bytes = 0

    def add(self, lines: list[bytes]) -> None:
        """Take in lines, each with its newline."""
        self._held += lines
        self._bytes += sum(map(len, lines))
        if self._bytes >= RUN_BYTES:
            self._write()

    def merged(self) -> Iterator[list[bytes]]:
        """Yield all lines in the order of their bytes, each once, some at a time; then the files are gone."""
        if self._held:
            self._write()
        yield from merge(self._paths)
        for path in self._paths:
            path.unlink()
        self._paths = []

    def _write(self) -> None:
        self._held.sort()
        path = self._folder / f"{self._name}-{len(self._paths)}.run"
        path.write_bytes(b"".join(line for line, _ in groupby(self._held)))
        self._paths.append(path)
        self._held, self._bytes = [], 0


def merge(paths: Sequence[Path]) -> Iterator[list[bytes]]:
    """Yield the lines of sorted files of distinct lines in order, each once, some at a time."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        size = max(BLOCK_BYTES, RUN_BYTES // max(len(files), 1))
        blocks: list[list[bytes]] = [[] for _ in files]
        while True:
            for number, file in enumerate(files):
                blocks[number] = blocks[number] or file.readlines(size)
            held = [number for number, block in enumerate(blocks) if block]
            if not held:
                return
            # What is not behind the first end of a block is complete: no later line of any file comes before it.
            end = min(blocks[number][-1] for number in held)
            lines: list[bytes] = []
            for number in held:
                block = blocks[number]
                cut = bisect_right(block, end)
                lines += block[:cut]
                blocks[number] = block[cut:]
            lines.sort()
            yield [line for line, _ in groupby(lines)]


def sort_lines(source: Path, target: Path, scratch: Path) -> None:
    """Write the distinct lines of ``source`` to ``target`` in the order of their bytes (in UTF-8: of code points)."""
    with target.open("wb") as out:
        out.writelines(b"".join(lines) for lines in sorted_lines(source, scratch))


def sorted_lines(source: Path, scratch: Path) -> Iterator[list[bytes]]:
    """Yield the distinct lines of a file in the order of their bytes, some at a time."""
    runs = Runs(scratch, source.name)
    with source.open("rb") as file:
        while lines := file.readlines(min(RUN_BYTES, 2**20)):
            runs.add(lines)
    yield from runs.merged()


def blocks(path: Path) -> Iterator[list[bytes]]:
    """Yield the lines of a file, some at a time."""
    with path.open("rb") as file:
        while lines := file.readlines(2**20):
            yield lines


def written(lines: Iterable[list[bytes]], path: Path) -> Iterator[list[bytes]]:
    """Write lines to a file as they pass by."""
    with path.open("wb") as out:
        for some in lines:
            out.write(b"".join(some))
            yield some

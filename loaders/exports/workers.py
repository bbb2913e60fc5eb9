"""Who converts the shards of sources: processes of this machine here, a Dask cluster in :mod:`distributed`.

Shards are handed out in the order of the source and come back in any; whoever hands them out keeps only so many under
way that memory stays as it is, however large the source.
"""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from msevidence.loaders.exports.bounded import MEMORY, Converter


class Answer(Protocol):
    """What a shard will have been converted to."""

    def result(self) -> bytes:
        """Wait for it, and return it; raises ExportError where it cannot be converted."""


class Workers(Protocol):
    """Converts shards."""

    @property
    def alone(self) -> int | None:
        """Shards of a source up to which its reader converts it itself; ``None``: each source."""

    @property
    def ahead(self) -> int:
        """Shards that may be under way."""

    def submit(self, shard: bytes) -> Answer:
        """Have a shard converted."""

    def close(self) -> None:
        """End what was started."""


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


COLD = 2
"""Shards that a reader converts itself before processes are started for more: they take a second to be ready."""


class LocalWorkers:
    """Bounded processes on this machine, started when there is work for them, and kept from source to source.

    Args:
        number: how many; with one, the process that reads a source also converts it.
        memory: bytes of address space of each.
    """

    def __init__(self, number: int | None = None, memory: int = MEMORY) -> None:
        self.number = number or processors()
        self._memory = memory
        self._threads: ThreadPoolExecutor | None = None
        self._mine = threading.local()
        self._converters: list[Converter] = []

    @property
    def alone(self) -> int | None:
        if self.number == 1:
            return None
        return COLD if self._threads is None else 1

    @property
    def ahead(self) -> int:
        return 2 * self.number

    @property
    def pids(self) -> list[int]:
        """Processes that there are now."""
        return [pid for converter in self._converters if (pid := converter.pid) is not None]

    def submit(self, shard: bytes) -> "Future[bytes]":
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.number, "converter")
        return self._threads.submit(self._convert, shard)

    def _convert(self, shard: bytes) -> bytes:
        converter: Converter | None = getattr(self._mine, "converter", None)
        if converter is None:
            # Started by this thread, which lives as long as the process may: it is killed when its thread ends.
            converter = self._mine.converter = Converter(self._memory)
            self._converters.append(converter)
        return converter.convert(shard)

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            for converter in self._converters:
                converter.close()
            self._threads.shutdown()
            self._threads = None
            self._converters.clear()
            self._mine = threading.local()

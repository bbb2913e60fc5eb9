"""What a server and its workers take of the machine, second by second, from ``/proc``."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

ZOMBIE_LIMIT = 5
"""Samples in a row in which an ended process may wait to be collected."""
KIB = 1024
MIB = KIB * KIB


@dataclass(frozen=True)
class Sample:
    """One look."""

    second: float
    children: int
    """Processes below the server's, workers and whoever starts them."""
    server_pss: int
    """Bytes: the server process's share of memory, shared pages divided among those that share them."""
    pss: int
    """Bytes: the same of all processes together."""
    descriptors: int
    """Open in the server process."""
    all_descriptors: int
    threads: int
    """Of the server process."""
    all_threads: int


def family(pid: int) -> dict[int, str]:
    """Return the states of a process and of all below it, by process id."""
    parents: dict[int, int] = {}
    states: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                # The name, in brackets, may hold spaces and brackets.
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                states[int(entry.name)], parents[int(entry.name)] = fields[0], int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found and child not in found}:
        found |= more
    return {member: states[member] for member in found if member in states}


def pss(pid: int) -> int:
    """Return the proportional set size in bytes, 0 for a process that has gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * KIB
    return 0


def _count(pid: int, what: str) -> int:
    with suppress(OSError):
        return len(list(Path(f"/proc/{pid}/{what}").iterdir()))
    return 0


class Watch:
    """Looks every second from a thread of its own, while a block runs."""

    def __init__(self, pid: int, every: float = 1.0) -> None:
        self.samples: list[Sample] = []
        self.zombies: set[int] = set()
        """Processes that ended and that nobody collected for some seconds."""
        self._pid, self._every = pid, every
        self._started = time.monotonic()
        self._dead: Counter[int] = Counter()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()

    def look(self) -> Sample:
        """Look once."""
        states = family(self._pid)
        dead = {pid for pid, state in states.items() if state == "Z"}
        self._dead = Counter({pid: self._dead[pid] + 1 for pid in dead})
        self.zombies |= {pid for pid, times in self._dead.items() if times >= ZOMBIE_LIMIT}
        shares = {pid: pss(pid) for pid in states}
        return Sample(
            second=time.monotonic() - self._started,
            children=len(states) - 1,
            server_pss=shares.get(self._pid, 0),
            pss=sum(shares.values()),
            descriptors=_count(self._pid, "fd"),
            all_descriptors=sum(_count(pid, "fd") for pid in states),
            threads=_count(self._pid, "task"),
            all_threads=sum(_count(pid, "task") for pid in states),
        )

    def _work(self) -> None:
        while not self._closing.wait(self._every):
            self.samples.append(self.look())


@dataclass(frozen=True)
class Trend:
    """How a figure went after the warm-up, which is the first quarter."""

    name: str
    early: float
    """Median of the second quarter."""
    late: float
    """Median of the last quarter."""
    most: float
    slope: float
    """Growth an hour, of a line through all samples after the warm-up (least squares)."""


def trend(samples: Sequence[Sample], name: str) -> Trend:
    """Fit one figure of the samples."""
    taken = samples[len(samples) // 4 :]
    seconds = [sample.second for sample in taken]
    values = [float(asdict(sample)[name]) for sample in taken]
    third = max(1, len(values) // 3)
    slope = statistics.linear_regression(seconds, values).slope * 3600 if len(values) > 1 else 0.0
    return Trend(name, statistics.median(values[:third]), statistics.median(values[-third:]), max(values), slope)


def settled(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds, for so many seconds at most; tell whether it does."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True

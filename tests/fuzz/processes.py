"""How much memory and how many descriptors a server and its workers hold (Linux, /proc)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Held:
    """One sample."""

    queries: int
    """Sent before it."""
    descriptors: int
    """Open in the server's own process."""
    resident: int
    """Bytes in use of the server's own process."""
    processes: int
    """Of the server and below it."""
    all_resident: int
    """Proportional bytes (PSS) of all of them."""

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def sample(process: int, queries: int) -> Held:
    """Look at a server now."""
    family = [process, *_below(process)]
    return Held(
        queries,
        len(list(Path(f"/proc/{process}/fd").iterdir())),
        _kib(Path(f"/proc/{process}/status"), "VmRSS") * 1024,
        len(family),
        sum(_kib(Path(f"/proc/{pid}/smaps_rollup"), "Pss") for pid in family) * 1024,
    )


def _below(process: int) -> list[int]:
    found: list[int] = []
    waiting = [process]
    while waiting:
        pid = waiting.pop()
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                children = [int(child) for child in task.read_text().split()]
            except OSError:
                continue
            found += children
            waiting += children
    return found


def _kib(path: Path, name: str) -> int:
    try:
        for line in path.read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
    except OSError:  # it has just ended
        pass
    return 0

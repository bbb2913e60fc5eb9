"""How fast records are loaded by so many processes, and in how much memory of each.

    python -m tests.bench.loading --workers 1 --workers 2


Every measurement is a fresh process that does what ``msevidence load`` does with one source, shapes included; runs
with different numbers of processes take turns, and their outcomes must be the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from msevidence.loaders.exports.conversion import RECORDS
from msevidence.loaders.exports.report import read_report
from msevidence.loaders.exports.running import convert_apart
from msevidence.loaders.exports.workers import LocalWorkers
from tests.bench import copies
from tests.bench.building import ROOT

MB = 1e6
ROLES = ("puts together", "reads", "converts")
EVERY = 0.1
"""Seconds between two looks at the memory of the processes; a peak is kept by the kernel, so none is missed but the
growth in a process's last moments."""
SHA256 = "0" * 64


@dataclass(frozen=True)
class Once:
    """One measurement."""

    wall: float
    cpu: float
    """Seconds of all processes together."""
    peaks: dict[str, int]
    """Bytes at most of the process that puts together, of the one that reads, and of the largest that converts."""
    statements: int
    written: int
    digest: str


@dataclass
class Cell:
    """All repetitions of one number of processes at one size of one format."""

    format: str
    size: int
    workers: int
    source: int
    """Bytes of the source."""
    runs: list[Once] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return sorted(self.size / run.wall for run in self.runs)

    def peak(self, role: str) -> float:
        return max(run.peaks.get(role, 0) for run in self.runs) / MB


def one(path: Path, workers: int) -> Once:
    """Load a source in this process and those that it starts."""
    peaks: dict[str, int] = {}
    stop = threading.Event()
    watching = threading.Thread(target=_watch, args=(peaks, stop), daemon=True)
    watching.start()
    with tempfile.TemporaryDirectory(prefix="msevidence-bench-") as folder:
        target = Path(folder)
        begun = time.perf_counter()
        with closing(LocalWorkers(workers)) as converters:
            convert_apart(path, path.name, SHA256, target, strict=False, tell=lambda n: None, workers=converters)
        wall = time.perf_counter() - begun
        stop.set()
        watching.join()
        report = read_report(target / "report.json")
        if report.quarantined or report.duplicate:
            raise ValueError(f"{report.duplicate} duplicates, quarantined: {report.quarantined[:3]}")
        with (target / RECORDS).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = (target / RECORDS).stat().st_size
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Once(wall, sum(u.ru_utime + u.ru_stime for u in used), peaks, report.statements, size, digest)


def _watch(peaks: dict[str, int], stop: threading.Event) -> None:
    while not stop.wait(EVERY):
        for pid in (os.getpid(), *_children()):
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it has ended
            role = "puts together" if pid == os.getpid() else "reads" if b"read" in words else "converts"
            if "VmHWM:" in status:
                peaks[role] = max(peaks.get(role, 0), int(status.split("VmHWM:")[1].split()[0]) * 1024)


def _children() -> list[int]:
    found: list[int] = []
    for children in Path("/proc/self/task").glob("*/children"):
        try:
            found += map(int, children.read_text().split())
        except OSError:
            continue
    return found


def measure(sizes: list[int], formats: list[str], numbers: list[int], repetitions: int, log: Console) -> list[Cell]:
    """Measure each number of processes in turn, as often as is asked for.

    Raises ValueError where two outcomes differ.
    """
    cells = []
    with tempfile.TemporaryDirectory(prefix="msevidence-bench-") as folder:
        for form in formats:
            path = Path(folder) / f"studies.{form}"
            for size in sorted(sizes):
                copies.write(form, size, path)
                of = [Cell(form, size, number, path.stat().st_size) for number in numbers]
                for turn in range(repetitions):
                    for cell in of:
                        log.print(f"{form}, {size:,} records, {cell.workers} processes, {turn + 1}", highlight=False)
                        command = [
                            sys.executable,
                            "-m",
                            "tests.bench.loading_workers",
                            str(path),
                            str(cell.workers),
                        ]
                        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
                        cell.runs.append(Once(**json.loads(done.stdout)))
                if len({run.digest for cell in of for run in cell.runs}) != 1:
                    raise ValueError(f"{form}, {size} records: the number of processes changes the outcome")
                cells += of
    return cells


def show(cells: list[Cell], console: Console) -> None:
    """Print what was measured."""
    speed = Table("format", title="Loading by so many processes, shapes included", title_justify="left")
    for name in ("records", "processes", "records/s", "times the first", "CPU ms/rec.", "quads", "bytes in", "out"):
        speed.add_column(name, justify="right")
    memory = Table("format", title="Memory at most, MB, by process", title_justify="left")
    for name in ("records", "processes", *ROLES):
        memory.add_column(name, justify="right")
    for cell in cells:
        base = next(c for c in cells if (c.format, c.size) == (cell.format, cell.size))
        ratios = sorted(b.wall / run.wall for b, run in zip(base.runs, cell.runs, strict=True))
        first = cell.runs[0]
        speed.add_row(
            cell.format,
            f"{cell.size:,}",
            str(cell.workers),
            f"{median(cell.rates):,.0f} ({cell.rates[0]:,.0f}-{cell.rates[-1]:,.0f})",
            f"{median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})",
            f"{median(run.cpu for run in cell.runs) / cell.size * 1e3:.2f}",
            f"{first.statements / cell.size:.0f}",
            f"{cell.source / cell.size:,.0f}",
            f"{first.written / cell.size:,.0f}",
        )
        memory.add_row(cell.format, f"{cell.size:,}", str(cell.workers), *(f"{cell.peak(role):.0f}" for role in ROLES))
    said = f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors"
    console.print(f"{said}, load average {os.getloadavg()[0]:.1f}", highlight=False)
    console.print(speed)
    console.print(memory)
    console.print(
        "Quads and bytes are of a record. Where one process does all, it stands under reads.", highlight=False
    )


def main(path: Path, workers: int) -> None:
    """Measure once, and print it as JSON."""
    print(json.dumps(vars(one(path, workers))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

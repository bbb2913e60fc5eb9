"""How fast records are loaded, and in how much memory, beside a loader with rdflib; ``python -m tests.bench.loading``.

Every measurement is a fresh process. Before anything is timed, both loaders state the same records and the two outputs
are compared, quad by quad. Ours is what ``msevidence load`` does with a source: it also looks for duplicates, and keeps
for each record a line of facts; the rdflib loader does neither. The store is a bulk load of the statements, ours on
disk, rdflib's in memory; a release does more with them (default graph, rules, sorting, hashes).
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from tests.bench import copies
from tests.bench.building import ROOT

WIDTH = 120
MB = 1e6
GOAL = 10.0
"""Times as fast as the rdflib loader."""
SHA256 = "0" * 64
"""Stands for the hash of the source: both loaders take it as given."""
CHECKED = 200
"""Records whose statements are compared before anything is timed."""
LIMIT = 10_000
"""The largest size of the peer: its memory grows with the file."""
PIECE = 4 * 2**20
"""Bytes of statements in one bulk load, some 20,000 quads as in a release (loaders/release_store.py)."""

PARSE, STATE, CONVERT, STORE, MEMORY, SHAPES = "parse", "state", "convert", "store", "store-in-memory", "shapes"
PEER = "rdflib-"
OURS = {
    "read": "records read, as spelled",
    PARSE: "parse alone (the shared parser)",
    STATE: "parse, state",
    CONVERT: "convert to N-Quads",
    STORE: "convert, bulk load on disk",
    MEMORY: "convert, bulk load in memory",
}
THEIRS = {
    STATE: "rdflib: parse, state as terms",
    "stream": "rdflib: state, rows to N-Quads without a store",
    "memory": "rdflib: state, memory store",
    CONVERT: "rdflib: state, memory store, N-Quads from it",
}
COMPARED = (
    ("conversion alone: statements made", STATE, STATE),
    ("conversion, written as N-Quads, rdflib through its store", CONVERT, CONVERT),
    ("conversion, written as N-Quads, rdflib row by row", CONVERT, "stream"),
    ("conversion and store: ours on disk, rdflib's in memory", STORE, "memory"),
    ("conversion and store: both in memory", MEMORY, "memory"),
)
"""What is compared: our mode and the peer's."""
NOTES = (
    "parsing is the same code in both; each ratio stands with it | without it (the median of parsing taken off)",
    "ours writes facts and block sizes as well, and looks for duplicates: the rdflib loader does not",
    "copies repeat their texts: terms that rdflib made once are found again, more often than in a real file",
    "other work shares the cores, so ratios are of CPU seconds of whole processes; rates are of wall-clock time",
)


class LoadingError(Exception):
    """Raised when a loader fails, or the two do not state the same."""


@dataclass(frozen=True)
class Once:
    """One measurement: seconds of the wall clock and of CPU, the peak of memory in bytes, and statements made."""

    wall: float
    cpu: float
    peak: int
    statements: int


@dataclass
class Cell:
    """All repetitions of one mode at one size of one format."""

    format: str
    size: int
    mode: str
    runs: list[Once] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.size / median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def peak(self) -> int:
        return max(run.peak for run in self.runs)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the lowest and the highest rate."""
        rates = [self.size / run.wall for run in self.runs]
        return min(rates), max(rates)

    def as_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "records": self.size,
            "mode": self.mode,
            "repetitions": len(self.runs),
            "records_per_s": self.rate,
            "records_per_s_lowest_and_highest": self.spread,
            "wall_s": median(run.wall for run in self.runs),
            "cpu_s": self.cpu,
            "peak_bytes": self.peak,
            "statements": self.runs[0].statements,
        }


@dataclass(frozen=True)
class Ratio:
    """CPU seconds of the peer to ours: how many times as fast we are, with the shared parser and without."""

    format: str
    size: int
    what: str
    whole: float
    without_parser: float


@dataclass
class Loading:
    """All that one run found."""

    machine: dict[str, Any]
    inputs: dict[str, str]
    """Format → what its records were made from."""
    bytes: dict[str, int] = field(default_factory=dict)
    compared: dict[str, int] = field(default_factory=dict)
    """Format → quads found equal before timing."""
    cells: dict[tuple[str, int, str], Cell] = field(default_factory=dict)
    seconds: float = 0.0

    def ratios(self) -> Iterator[Ratio]:
        """Yield the ratios of what both have been measured with."""
        for form, size in dict.fromkeys((cell.format, cell.size) for cell in self.cells.values()):
            parser = self.cells.get((form, size, PARSE))
            for what, ours, theirs in COMPARED:
                us, peer = self.cells.get((form, size, ours)), self.cells.get((form, size, PEER + theirs))
                if parser and us and peer:
                    own = max(us.cpu - parser.cpu, 1e-9)
                    yield Ratio(form, size, what, peer.cpu / us.cpu, (peer.cpu - parser.cpu) / own)

    def growth(self) -> Iterator[tuple[str, str, int, int, int]]:
        """Yield format, mode, the smallest and the largest size, and how many bytes more the largest took."""
        for form, mode in dict.fromkeys((cell.format, cell.mode) for cell in self.cells.values()):
            of = sorted((c for c in self.cells.values() if (c.format, c.mode) == (form, mode)), key=lambda c: c.size)
            if len(of) > 1:
                yield form, mode, of[0].size, of[-1].size, of[-1].peak - of[0].peak

    def validation(self) -> Iterator[tuple[str, int, float]]:
        """Yield format, size, and seconds that the shapes took: a conversion with them, less one without."""
        for (form, size, mode), cell in self.cells.items():
            if mode == SHAPES:
                with_shapes = median(run.wall for run in cell.runs)
                yield form, size, with_shapes - median(run.wall for run in self.cells[form, size, CONVERT].runs)

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "inputs": self.inputs,
            "bytes": self.bytes,
            "quads_compared_before_timing": self.compared,
            "notes": NOTES,
            "cells": [cell.as_json() for cell in self.cells.values()],
            "ratios": [vars(ratio) for ratio in self.ratios()],
            "growth_bytes": [
                {"format": f, "mode": m, "from": a, "to": b, "bytes": grown} for f, m, a, b, grown in self.growth()
            ],
            "validation_s": [{"format": f, "records": size, "seconds": s} for f, size, s in self.validation()],
            "seconds": self.seconds,
        }

    def show(self, console: Console) -> None:
        """Print it."""
        for what, said in self.machine.items():
            console.print(f"{what}: {said}", highlight=False, markup=False)
        self.show_figures(console)
        console.print(f"whole run: {self.seconds:.0f} s", highlight=False)

    def show_figures(self, console: Console) -> None:
        """Print what was measured, without the machine."""
        for form, source in self.inputs.items():
            console.print(f"{form} is made from {source}", highlight=False, markup=False)
        console.print(f"Quads compared before timing, the same from both loaders: {self.compared}", highlight=False)
        console.print(self._absolute())
        console.print(self._beside())
        for form, size, seconds in self.validation():
            text = f"validation apart, {form}: {seconds:.2f} s for {size:,} records ({size / seconds:,.0f} records/s)"
            console.print(text, highlight=False)
        for note in NOTES:
            console.print(f"- {note}", highlight=False)

    def _absolute(self) -> Table:
        title = "Loading, each in a fresh process: median, and lowest to highest of the repetitions"
        table = Table("format", "what", title=title, title_justify="left", title_style="bold")
        for name in ("records", "rep.", "records/s", "lowest-highest", "CPU µs/rec.", "peak MB", "growth MB"):
            table.add_column(name, justify="right")
        grown = {(form, mode, to): more for form, mode, _, to, more in self.growth()}
        last = ""
        for form, mode in dict.fromkeys((cell.format, cell.mode) for cell in self.cells.values()):
            if last and last != form:
                table.add_section()
            last = form
            for cell in (c for c in self.cells.values() if (c.format, c.mode) == (form, mode)):
                low, high = cell.spread
                more = grown.get((form, mode, cell.size))
                table.add_row(
                    form,
                    _words(mode),
                    f"{cell.size:,}",
                    str(len(cell.runs)),
                    f"{cell.rate:,.0f}",
                    f"{low:,.0f}-{high:,.0f}",
                    f"{cell.cpu / cell.size * 1e6:,.0f}",
                    f"{cell.peak / MB:.0f}",
                    "" if more is None else f"{more / MB:+.0f}",
                )
        return table

    def _beside(self) -> Table:
        title = "Times as fast as the rdflib loader, by CPU: with the shared parser | without it"
        table = Table("format", "what", title=title, title_justify="left", title_style="bold")
        for name in ("records", "ratio", f"goal: {GOAL:.0f}"):
            table.add_column(name, justify="right")
        for ratio in self.ratios():
            met = [value >= GOAL for value in (ratio.whole, ratio.without_parser)]
            table.add_row(
                ratio.format,
                ratio.what,
                f"{ratio.size:,}",
                f"{ratio.whole:.1f} | {ratio.without_parser:.1f}",
                "met" if all(met) else "without parser" if any(met) else "MISSED",
            )
        return table


def _words(mode: str) -> str:
    if mode == SHAPES:
        return "convert, with SHACL"
    return THEIRS[mode.removeprefix(PEER)] if mode.startswith(PEER) else OURS[mode]


def measure(
    sizes: list[int], formats: list[str], repetitions: int, log: Callable[[str], None] = lambda line: None
) -> Loading:
    """Make the inputs, compare the two loaders, and measure both.

    Sizes above the peer's limit are measured once; a single number says enough where one run takes minutes.

    Raises:
        LoadingError: a loader failed, or the two do not state the same.
    """
    started = time.monotonic()
    found = Loading(
        {
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "pyoxigraph": version("pyoxigraph"),
            "rdflib": version("rdflib"),
            "load average before": f"{os.getloadavg()[0]:.2f}",
        },
        {},
    )
    with tempfile.TemporaryDirectory(prefix="msevidence-bench-") as folder:
        for form in formats:
            path = Path(folder) / f"studies.{form}"
            found.inputs[form] = copies.write(form, CHECKED, path)
            found.compared[form] = compare(path, Path(folder))
            for size in sorted(sizes):
                copies.write(form, size, path)
                found.bytes[f"{form}, {size} records"] = path.stat().st_size
                modes = [*OURS, *(PEER + mode for mode in THEIRS if size <= LIMIT)]
                modes += [SHAPES] if size == min(sizes) else []
                for turn in range(repetitions if size <= LIMIT else 1):
                    for mode in modes:
                        log(f"{form}, {size:,} records, {turn + 1}: {_words(mode)}")
                        cell = found.cells.setdefault((form, size, mode), Cell(form, size, mode))
                        cell.runs.append(once(mode, path, size))
            path.unlink()
    found.seconds = time.monotonic() - started
    return found


def compare(path: Path, scratch: Path) -> int:
    """State the records of a file with both loaders; return how many quads both have.

    Raises:
        LoadingError: the quads are not the same.
    """
    import pyoxigraph as ox

    ours, theirs = scratch / "ours.nq", scratch / "theirs.nq"
    for mode, target in ((CONVERT, ours), (PEER + CONVERT, theirs)):
        once(mode, path, None, target)
    quads = [set(ox.parse(path=str(target), format=ox.RdfFormat.N_QUADS)) for target in (ours, theirs)]
    for one, other, name in ((*quads, "ours"), (*reversed(quads), "rdflib's")):
        if only := one - other:
            raise LoadingError(f"{path.name}: {len(only)} quads are {name} alone, such as {min(map(str, only))}")
    return len(quads[0])


def once(mode: str, path: Path, size: int | None, keep: Path | None = None) -> Once:
    """Measure one mode in a fresh process; ``keep`` is where its statements are kept.

    Raises:
        LoadingError: it failed, or did not load ``size`` records.
    """
    command = [sys.executable, "-m", "tests.bench.loading_once", mode, str(path), *([str(keep)] if keep else [])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise LoadingError(f"{mode} of {path.name} ended with {done.returncode}: {done.stderr.strip()[-800:]}")
    told = json.loads(done.stdout)
    if size is not None and told["records"] != size:
        raise LoadingError(f"{mode} of {path.name} loaded {told['records']} of {size} records")
    return Once(told["wall"], told["cpu"], told["peak"], told["statements"])


def _numbers(_context: click.Context, _option: click.Parameter, text: str) -> list[int]:
    with suppress(ValueError):
        numbers = [int(part) for part in text.split(",")]
        if all(0 < number <= 3_000_000 for number in numbers):
            return numbers
    raise click.BadParameter("give numbers of records, up to three million, such as 1000,10000")


def _formats(_context: click.Context, _option: click.Parameter, text: str) -> list[str]:
    if unknown := set(text.split(",")) - copies.FOLDERS.keys():
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: there are {', '.join(copies.FOLDERS)}")
    return text.split(",")


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--sizes", default="1000,10000,100000", callback=_numbers, help="Records; the peer has up to 10,000.")
@click.option("--formats", default="csv,json", callback=_formats)
@click.option("--repetitions", type=click.IntRange(1, 20), default=3, help="Of sizes up to 10,000; larger ones once.")
@click.option(
    "--workers", type=click.IntRange(1, 64), multiple=True,
    help="Compare so many processes instead, shapes included; repeat it: --workers 1 --workers 2.",
)  # fmt: skip
@click.option("--quick", is_flag=True, help="Only 1,000 records, once or as often as --repetitions says.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path),
    default=ROOT / "build" / "bench-loading.json", help="Write all figures there.",
)  # fmt: skip
def main(
    sizes: list[int], formats: list[str], repetitions: int, workers: tuple[int, ...], quick: bool, json_file: Path
) -> None:
    """Load records of ClinicalTrials.gov, ours and with rdflib, and print what that takes."""
    log = Console(stderr=True, highlight=False)
    if workers:
        from tests.bench import loading_workers

        cells = loading_workers.measure([1000] if quick else sizes, formats, [*workers], repetitions, log)
        loading_workers.show(cells, Console(width=None if sys.stdout.isatty() else WIDTH))
        return
    try:
        found = measure([1000] if quick else sizes, formats, repetitions, log.print)
    except LoadingError as error:
        raise click.ClickException(str(error)) from error
    found.show(Console(width=None if sys.stdout.isatty() else WIDTH))
    json_file.parent.mkdir(parents=True, exist_ok=True)
    json_file.write_text(json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    log.print(f"all figures: {json_file}")


if __name__ == "__main__":
    main()

"""How time and memory grow with the number of studies: measured at several sizes, with an exponent for each.

    python -m tests.bench.growth --studies 1000 --studies 10000 [--studies 100000]

For each size records and documents are generated (tests/bench/generated_records.py), loaded with ``msevidence load``,
built into a release by its parts, and served; point queries and pages of studies are asked over HTTP, each for another
thing. A generated graph of that size (tests/bench/generated.py) is validated. Every stage runs in a process of its own.

What ``data/`` alone takes is measured as size 0. An exponent is the slope of a line through the logarithms (least
squares) of what a size takes above that: 1 is linear. What counts is the CPU time of all processes, since others use
the machine; wall time, which they spoil, stands beside it. Results are written after every stage, so that a run that
was ended goes on where it was.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from tests.bench import generated_documents, generated_records
from tests.bench.growth_asked import asked
from tests.bench.growth_stage import DATA, EXPORTS, HOME

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.1
"""No exponent may be above it, but for wall time."""
KEYS = {
    "cpu_s": (1.0, "CPU s"),
    "wall_s": (1.0, "s"),
    "cpu_ms": (1.0, "CPU ms"),
    "median_ms": (1.0, "ms"),
    "peak_bytes": (1e-6, "MB"),
}
"""What is measured, and as what it is shown. A stage has seconds, of something asked it is milliseconds a time."""
STAGES = ("load", "build", "serve", "validate")


class GrowthError(Exception):
    """Raised when a stage fails; what it wrote to standard error tells why."""


def run(size: int, stage: str, scratch: Path) -> dict[str, Any]:
    """Run one stage for one size in the folder ``scratch``, and return what it took.

    Raises GrowthError when its process fails.
    """
    folder = scratch / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    graph = folder / "generated.nq"
    if stage == "load":
        return _load(folder, size)
    if stage == "serve":
        return asked(folder / HOME, size)
    if stage == "validate":
        # In a process of its own as well: Linux counts to a child the peak of the process that it was forked from.
        _measured([sys.executable, "-m", "tests.bench.generated", "--studies", str(size or 1), "--nquads", str(graph)])
        told = _child("validate", folder)
        graph.unlink()
        return told
    return _child(stage, folder)


def _load(folder: Path, size: int) -> dict[str, Any]:
    """Write the records and documents of a size, and load them; only the loading is measured, file by file."""
    shutil.rmtree(folder, ignore_errors=True)
    generated_documents.write(folder / DATA, size)
    found: dict[str, Any] = {"parts": {}}
    for file in generated_records.write(folder / EXPORTS, size) if size else ():
        command = [str(Path(sys.executable).with_name("msevidence")), "load", "--no-build", "--json"]
        command += ["--home", str(folder / HOME), "--data", str(folder / DATA), str(file)]
        printed, taken = _measured(command)
        report = json.loads(printed)["files"][0]
        if report["read"] != report["loaded"] or report["quarantined"]:
            raise GrowthError(f"{file}: not all records were loaded: {printed[:500]!r}")
        converted = sum(f.stat().st_size for f in (folder / HOME).glob("converted/*/*/records.nq"))
        found["parts"][file.name] = {
            **taken,
            "records": report["loaded"],
            "bytes": file.stat().st_size,
            "statements": report.get("statements", 0),
            "nquads_bytes": converted - sum(p["nquads_bytes"] for p in found["parts"].values()),
        }
    for key in ("wall_s", "cpu_s"):
        found[key] = sum(part[key] for part in found["parts"].values())
    found["peak_bytes"] = max((part["peak_bytes"] for part in found["parts"].values()), default=0)
    return found


def _child(stage: str, folder: Path) -> dict[str, Any]:
    printed, taken = _measured([sys.executable, "-m", "tests.bench.growth_stage", stage, str(folder)])
    told: dict[str, Any] = json.loads(printed.splitlines()[-1])
    peaks = [part["peak_bytes"] for part in told.get("parts", {}).values()]
    return {**told, "peak_bytes": max([taken["peak_bytes"], *peaks])}


def _measured(command: Sequence[str]) -> tuple[bytes, dict[str, float]]:
    """Run a command; return what it printed, and seconds and peak memory of it and its children."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as out:
        printed = out.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise GrowthError(f"{' '.join(command)}: ended with {process.returncode}: {printed[:2000]!r}")
    taken = {
        "wall_s": time.perf_counter() - started,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }
    return printed, taken


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """Return the slope of the line through the logarithms by least squares; None where there are fewer than two.

    >>> round(exponent([1, 10, 100], [3, 30, 300]), 6)
    1.0
    """
    points = [(math.log(s), math.log(v)) for s, v in zip(sizes, values, strict=True) if s > 0 and v > 0]
    if len(points) < 2:
        return None
    x, y = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def measures(results: dict[str, dict[str, Any]]) -> dict[str, dict[int, float]]:
    """Return each thing that was measured (with its unit), by size: of stages, their parts, and what was asked."""
    found: dict[str, dict[int, float]] = {}
    for size, stages in results.items():
        for stage, told in stages.items():
            for name, part in ((stage, told), *((f"{stage}: {p}", v) for p, v in told.get("parts", {}).items())):
                for key in KEYS:
                    if key in part:
                        found.setdefault(f"{name}, {key}", {})[int(size)] = part[key]
    return found


def fitted(by_size: dict[int, float]) -> float | None:
    """Return the exponent of what a size takes above that of size 0, where that was measured."""
    base = by_size.get(0, 0.0)
    sizes = sorted(size for size in by_size if size)
    return exponent(sizes, [by_size[size] - base for size in sizes])


def table(results: dict[str, dict[str, Any]]) -> Table:
    """Return all figures with their exponents."""
    sizes = sorted(map(int, results))
    shown = Table("what", *(f"{size:,}" for size in sizes), "exponent")
    for name, by_size in sorted(measures(results).items()):
        what, _, key = name.rpartition(", ")
        factor, unit = KEYS[key]
        cells = [f"{by_size[size] * factor:,.1f}" if size in by_size else "" for size in sizes]
        slope = fitted(by_size)
        mark = "" if slope is None else f"{slope:.2f}" + (" !" if slope > LIMIT and key != "wall_s" else "")
        shown.add_row(f"{what}, {unit}", *cells, mark)
    return shown


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--studies", "sizes", type=click.IntRange(1), multiple=True, default=(1000, 10_000))
@click.option("--stage", "stages", type=click.Choice(STAGES), multiple=True, default=STAGES)
@click.option("--again", is_flag=True, help="Measure again what was measured before.")
@click.option("--scratch", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "build" / "growth")
@click.option("--keep", is_flag=True, help="Keep the homes and exports of each size.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), default=ROOT / "build" / "growth.json"
)
def main(sizes: Iterable[int], stages: Sequence[str], again: bool, scratch: Path, keep: bool, json_file: Path) -> None:
    """Measure growth, and print the figures with an exponent for each."""
    log = Console(stderr=True, highlight=False)
    results: dict[str, dict[str, Any]] = json.loads(json_file.read_text("utf-8")) if json_file.exists() else {}
    for size in sorted({0, *sizes}):
        done = results.setdefault(str(size), {})
        for stage in (s for s in STAGES if s in stages):
            if stage in done and not again:
                continue
            if stage in ("build", "serve") and not (scratch / str(size) / DATA).is_dir():
                _load(scratch / str(size), size)  # of a run that was ended
            if stage == "serve" and not (scratch / str(size) / HOME / "current").exists():
                _child("build", scratch / str(size))
            try:
                done[stage] = run(size, stage, scratch)
            except GrowthError as error:
                raise click.ClickException(str(error)) from error
            json_file.parent.mkdir(parents=True, exist_ok=True)
            json_file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
            log.print(f"{size:,} studies, {stage}: {done[stage].get('wall_s', 0):,.1f} s")
        if not keep:
            shutil.rmtree(scratch / str(size), ignore_errors=True)
    Console(width=None if sys.stdout.isatty() else 140).print(table(results))


if __name__ == "__main__":
    main()

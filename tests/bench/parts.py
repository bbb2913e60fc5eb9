"""The parts of the run that other modules and commands measure: each becomes a part of the report, with its goals."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import building, loading, memory, starting
from tests.bench.goals import Goal
from tests.bench.graphs import ROOT, Graph
from tests.bench.report import Part

MB = 1e6
PUBLISH, VALIDATE, PEAK = 2.0, 7.0, 1.5
"""Goals: times a bare bulk load at most; times faster than pyshacl at least; GB of memory at most."""
PER_STUDY = 156
ALL_SECONDS, ALL_BYTES = 10.0, 400 * MB
WIDTH = 120
LOADED = 1_000
"""Records of each format that a run loads."""


class PartError(Exception):
    """Raised when a command that measures fails; what it wrote to standard error tells why."""


def build(data: Path, scratch: Path, builds: int) -> Part:
    """Measure the build of all documents with validation, several times.

    Raises:
        BuildError: one fails.
    """
    told = building.medians(building.measure(data, [scratch / f"home-{n}" for n in range(builds + 1)])[1:])
    wall, peak = told["wall_s"], told["peak_bytes"]
    table = Table("", "seconds", "share", title=f"Build of all documents with validation, median of {builds}")
    for stage, seconds in told["stages_s"].items():
        table.add_row(stage, f"{seconds:.2f}", f"{seconds / wall:.0%}")
    table.add_section()
    low, high = min(told["wall_s_all"]), max(told["wall_s_all"])
    table.add_row("wall clock", f"{wall:.2f}", f"{low:.2f}–{high:.2f}")
    table.add_row("CPU", f"{told['cpu_s']:.2f}", "")
    parts = f"process {told['peak_self_bytes'] / MB:.0f}, its children {told['peak_children_bytes'] / MB:.0f}"
    table.add_row("peak memory", f"{peak / MB:.0f} MB", parts)
    goals = [
        Goal("build of all documents", "≤", ALL_SECONDS, wall, low, high, "s"),
        Goal("peak memory of that", "≤", ALL_BYTES / MB, peak / MB, peak / MB, peak / MB, "MB"),
    ]
    return Part("build of all documents", told, [table], goals)


def publish(studies: int, repetitions: int) -> Part:
    """Measure publishing a generated graph, by stage, beside a bare bulk load of the same lines.

    Raises:
        PartError: the command failed.
    """
    command = ["tests.bench.building", "--studies", str(studies), "--repetitions", str(repetitions), "--json"]
    told = json.loads(_printed(command))
    runs = told["runs"]
    table = Table("stage", "clock s", "CPU s", title=f"Publishing {studies:,} studies, {len(runs)} runs")
    for stage in runs[0]["stages"]:
        walls, cpus = ([run["stages"][stage][key] for run in runs] for key in ("wall", "cpu"))
        table.add_row(stage, _spread(walls), _spread(cpus))
    table.add_section()
    for name, key in (("published", "whole"), ("bare bulk load", "bare")):
        table.add_row(name, _spread([run[key]["wall"] for run in runs]), _spread([run[key]["cpu"] for run in runs]))
    goals = []
    for what, key in (("clock", "wall"), ("processor time", "cpu")):
        ratios = [run["whole"][key] / run["bare"][key] for run in runs]
        goals.append(
            Goal(f"publishing: × a bare bulk load, {what}", "≤", PUBLISH, median(ratios), min(ratios), max(ratios))
        )
    rates = [run["named"] / run["whole"]["wall"] for run in runs]
    shown = [table, f"quads of named graphs a second: {_spread(rates, 0)}", told.get("profile", "")]
    return Part(f"publishing, {studies:,} studies", told, [line for line in shown if line], goals)


def validation(studies: tuple[int, ...], rounds: int) -> Part:
    """Measure the compiled shapes beside pyshacl.

    Raises:
        PartError: the command failed, as where their results differ.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "told.json"
        sizes = [word for size in studies for word in ("--triples", str(size * PER_STUDY))]
        said = _printed(["tests.bench.validation", *sizes, "--rounds", str(rounds), "--json", str(file)])
        told: dict[str, dict[str, list[dict[str, Any]]]] = json.loads(file.read_text(encoding="utf-8"))
    goals = []
    for size, runs in told.items():
        own = runs["compiled"]
        for engine in (name for name in runs if name != "compiled"):
            ratios = [theirs["wall"] / ours["wall"] for theirs, ours in zip(runs[engine], own, strict=True)]
            what = f"validation of {int(size):,} statements, reading included: × {engine}"
            goals.append(Goal(what, "≥", VALIDATE, median(ratios), min(ratios), max(ratios)))
        peaks = [run["peak"] / 1e9 for run in own]
        what = f"peak memory of validating {int(size):,} statements"
        goals.append(Goal(what, "≤", PEAK, max(peaks), min(peaks), max(peaks), "GB"))
    return Part("validation", told, list(said.splitlines()), goals)


def start(graph: Graph, programs: Path | None, scratch: Path, repetitions: int) -> Part:
    """Measure cold starts.

    Raises:
        StartError: a server does not answer rightly.
    """
    found = starting.measure(graph, programs, scratch, repetitions)
    table = Table("to the first", "seconds", title=f"Cold start on the {graph.name} graph, {repetitions} of each")
    for name, seconds in found.items():
        table.add_row(name, _spread(seconds))
    return Part(f"start, {graph.name}", found, [table], starting.goals(found))


def sizes(graph: Graph) -> Part:
    """Measure the memory of the server's processes.

    Raises:
        PssError: it is not told here.
    """
    found = memory.measure(graph)
    table = Table("process", *found, title=f"Memory (PSS) serving the {graph.name} graph, MB")
    for rows in zip(*found.values(), strict=False):
        table.add_row(rows[0].name, *(f"{process.pss / MB:.1f}" for process in rows))
    table.add_section()
    table.add_row("together", *(f"{sum(p.pss for p in rows) / MB:.1f}" for rows in found.values()))
    content = {moment: [[p.name, p.pss] for p in processes] for moment, processes in found.items()}
    return Part(f"memory, {graph.name}", content, [table], memory.goals(found))


def load(tell: Callable[[str], None]) -> Part:
    """Measure loading a thousand records of each format beside rdflib.

    Raises:
        LoadingError: one fails.
    """
    found = loading.measure([LOADED], list(loading.copies.FOLDERS), 1, tell)
    said = Console(file=StringIO(), width=WIDTH, record=True)
    found.show_figures(said)
    return Part("loading", found.as_json(), [said.export_text()])


def _printed(module: list[str]) -> str:
    done = subprocess.run([sys.executable, "-m", *module], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise PartError(f"{' '.join(module)} ended with {done.returncode}; see above")
    return done.stdout


def _spread(values: list[float], places: int = 2) -> str:
    return f"{median(values):,.{places}f} ({min(values):,.{places}f}–{max(values):,.{places}f})"

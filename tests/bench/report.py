"""What the benchmark prints, for people, and writes, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import building
from tests.bench.building import Build
from tests.bench.loading import Loading
from tests.bench.measuring import Cell, Figures, Plan, Ratio, ratios
from tests.bench.servers import OURS

MB = 1e6
MS = 1e3
GOAL_SECONDS = 10.0
GOAL_BYTES = 400 * MB
NOTES = (
    "cold: no text comes twice. repeated: one text; msevidence keeps whole answers, rdflib-endpoint parsed queries",
    "msevidence answers through its guard and a confined worker process; the peers answer in the process that listens",
    "CPU is that of the server's processes; the load generator and other work share the cores, which bends req/s",
)
GENERATOR = "own (tests/bench/load.py): one process, closed loop, HTTP/1.1 keep-alive, GET, JSON results, no coding"


@dataclass(frozen=True)
class Report:
    """All that one run found."""

    machine: dict[str, Any]
    versions: dict[str, str]
    release: dict[str, Any]
    plan: Plan
    builds: list[Build]
    figures: list[Figures]
    unmeasured: list[Cell]
    left_out: dict[str, str]
    """Peers that were not measured, and why."""
    rows: dict[str, int]
    """Rows of all texts of a workload, the same from every server."""
    seconds: float
    loading: Loading | None = None

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        content = {
            "machine": self.machine,
            "versions": self.versions,
            "release": self.release,
            "load_generator": GENERATOR,
            "notes": NOTES,
            "plan": asdict(self.plan),
            "build": building.medians(self.builds) if self.builds else None,
            "rows": self.rows,
            "http": [figures.as_json() for figures in self.figures],
            "ratios": [ratio.as_json() for ratio in ratios(self.figures)],
            "not_measured": [asdict(cell) for cell in self.unmeasured],
            "left_out": self.left_out,
            "seconds": self.seconds,
            "loading": self.loading.as_json() if self.loading else None,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print it."""
        for what, said in {**self.machine, **self.versions, **self.release, "load generator": GENERATOR}.items():
            console.print(f"{what}: {said}", highlight=False)
        if self.builds:
            console.print(_build(self.builds))
        if self.figures:
            console.print(_absolute(self.figures))
            console.print(_beside(list(ratios(self.figures))))
            for note in NOTES:
                console.print(f"- {note}", highlight=False)
            own = median(f.generator_cpu / len(f.latencies) for f in self.figures)
            console.print(f"- the load generator's own CPU per request: {own * MS:.3f} ms (median)", highlight=False)
            console.print(f"Answers compared before timing, rows in all texts: {self.rows}", highlight=False)
        for cell in self.unmeasured:
            console.print(f"not measured, time was up: {cell.workload}, {cell.mode}, {cell.connections} connections")
        for peer, reason in self.left_out.items():
            console.print(f"left out: {peer}: {reason}", highlight=False, markup=False)
        if self.loading:
            self.loading.show_figures(console)
        console.print(f"whole run: {self.seconds:.0f} s", highlight=False)


def _build(builds: list[Build]) -> Table:
    told = building.medians(builds)
    wall, peak = told["wall_s"], told["peak_bytes"]
    title = f"Build of all documents with validation, fresh process, median of {len(builds)}"
    table = Table("", "seconds", "share", title=title, title_justify="left", title_style="bold")
    for stage, seconds in told["stages_s"].items():
        table.add_row(stage, f"{seconds:.2f}", f"{seconds / wall:.0%}")
    table.add_section()
    spread = f"{min(told['wall_s_all']):.2f}-{max(told['wall_s_all']):.2f}"
    table.add_row("wall clock", f"{wall:.2f}", f"{spread}; {_goal(wall, GOAL_SECONDS, GOAL_SECONDS, 's')}")
    table.add_row("CPU", f"{told['cpu_s']:.2f}", "")
    parts = f"process {told['peak_self_bytes'] / MB:.0f}, its children {told['peak_children_bytes'] / MB:.0f}"
    table.add_row("peak memory", f"{peak / MB:.0f} MB", f"{parts}; {_goal(peak, GOAL_BYTES, GOAL_BYTES / MB, 'MB')}")
    return table


def _goal(value: float, goal: float, shown: float, unit: str) -> str:
    return f"goal {'met' if value < goal else 'MISSED'}: under {shown:.0f} {unit}"


def _absolute(figures: list[Figures]) -> Table:
    table = Table(title="Over HTTP, absolute", title_justify="left", title_style="bold")
    table.add_column("query")
    table.add_column("texts")
    for name in ("conn.", "server", "requests", "req/s", "p50 ms", "p99 ms", "CPU ms/req"):
        table.add_column(name, justify="left" if name == "server" else "right")
    last: Cell | None = None
    for f in figures:
        new = f.cell != last
        if new and last is not None:
            table.add_section()
        last = f.cell
        cpu = f.cpu_per_request
        table.add_row(
            *((f.cell.workload, f.cell.mode, str(f.cell.connections)) if new else ("", "", "")),
            f.server,
            f"{len(f.latencies):,}",
            f"{f.rate:,.0f}",
            f"{f.percentile(50) * MS:.2f}",
            f"{f.percentile(99) * MS:.2f}",
            "-" if cpu is None else f"{cpu * MS:.3f}",
        )
    return table


def _beside(found: list[Ratio]) -> Table:
    title = f"Ratios, {OURS} : peer. Requests per second (higher is better for us) | CPU per request (lower is)"
    table = Table("query", "texts", "conn.", title=title, title_justify="left", title_style="bold")
    peers = list(dict.fromkeys(ratio.peer for ratio in found))
    for peer in peers:
        table.add_column(peer, justify="right")
    of = {(ratio.cell, ratio.peer): ratio for ratio in found}
    for cell in dict.fromkeys(ratio.cell for ratio in found):
        table.add_row(cell.workload, cell.mode, str(cell.connections), *(_pair(of[cell, peer]) for peer in peers))
    return table


def _pair(ratio: Ratio) -> str:
    cpu = "-" if ratio.cpu_per_request is None else f"{ratio.cpu_per_request:.3g}"
    return f"{ratio.requests_per_s:.3g} | {cpu}"

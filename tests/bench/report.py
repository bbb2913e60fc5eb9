"""What the benchmark prints, for people, and writes, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table

from tests.bench.goals import Goal
from tests.bench.measuring import COLD, MODES, Cell, Figures, Ratio, ratios
from tests.bench.servers import OURS
from tests.bench.serving import Served
from tests.bench.traps import table as of_traps
from tests.bench.workloads import STORED

MS = 1e3
NOTES = (
    "cold: no text comes twice, so every answer goes through guard and worker. repeated: one text, which msevidence "
    "answers from whole answers that it keeps. conditional: the same with its entity tag, answered with 304",
    "msevidence answers through its guard and a confined worker process; the peers answer in the process that listens",
    "text search: ours by its page, from the index; the peers by FILTER(CONTAINS(LCASE(…))). They are not the same "
    "question, so no ratio of them is a goal; the same holds of the study page beside the study card",
    "CPU is that of the server's processes; the load generator and other work share the cores, which bends req/s",
)
GENERATOR = "own (tests/bench/load.py): one process, closed loop, HTTP/1.1 keep-alive, GET, JSON results, no coding"


@dataclass
class Part:
    """One part of the run: what it found, for both readers."""

    name: str
    content: Any
    """For the JSON file."""
    shown: list[RenderableType] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


@dataclass
class Report:
    """All that one run found."""

    machine: dict[str, Any]
    versions: dict[str, str]
    parts: list[Part]
    missing: dict[str, str]
    """Parts that failed, and why."""
    seconds: float

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        content = {
            "machine": self.machine,
            "versions": self.versions,
            "load_generator": GENERATOR,
            "notes": NOTES,
            "parts": {part.name: part.content for part in self.parts},
            "goals": [{"part": part.name, **goal.as_json()} for part in self.parts for goal in part.goals],
            "missing": self.missing,
            "seconds": self.seconds,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print it; the goals of all parts come last."""
        for what, said in {**self.machine, **self.versions, "load generator": GENERATOR}.items():
            console.print(f"{what}: {said}", highlight=False, markup=False)
        for part in self.parts:
            console.rule(part.name)
            for shown in part.shown:
                console.print(shown, highlight=False, markup=False)
        for name, why in self.missing.items():
            console.print(f"no {name}: {why}", highlight=False, markup=False)
        console.print(of_goals((part.name, goal) for part in self.parts for goal in part.goals))
        console.print(f"whole run: {self.seconds:.0f} s", highlight=False)


def of_serving(served: Served) -> Part:
    """Return the part about one graph over HTTP."""
    checked = served.checked
    shown: list[RenderableType] = [
        f"release {served.graph.release.id[:12]}, {served.quads:,} quads; `msevidence serve` serves it as "
        f"{'from memory' if served.default == OURS else 'from the files of its store'}; load average before and after "
        f"{served.load[0]:.1f}, {served.load[1]:.1f}",
        *(_absolute(mode, [f for f in served.figures if f.cell.mode == mode]) for mode in MODES),
        *(_beside(mode, [r for r in ratios(served.figures) if r.cell.mode == mode]) for mode in MODES[:2]),
        of_traps([*served.figures, *served.trapped]),
        *(f"- {note}" for note in NOTES),
        _generator(served),
        f"answers compared before timing: {len(checked.asked)} workloads, {sum(checked.rows.values()):,} rows",
        f"left out, their answers are empty in this graph: {len(checked.empty)} ({', '.join(checked.empty) or '-'})",
    ]
    for name, reasons in checked.without.items():
        shown += [f"{name}, without {server}: {reason}" for server, reason in reasons.items()]
    shown += [f"FAILED: {cell}: {reason}" for cell, reason in served.failed.items()]
    shown += [f"without {peer}: {reason}" for peer, reason in served.left_out.items()]
    shown += [
        f"time was up: {cell.workload}, {cell.mode}, {cell.connections} connections" for cell in served.unmeasured
    ]
    return Part(f"serving, {served.graph.name}", served.as_json(), shown, served.goals())


def of_goals(found: Iterable[tuple[str, Goal]]) -> Table:
    """Return all goals with what was found and whether they are met."""
    table = Table("part", "what", "goal", "found", "spread", "", title="Goals", title_justify="left")
    for part, goal in found:
        what = f"{goal.what}\n  {goal.detail}" if goal.detail else goal.what
        number = ".2f" if goal.wanted < 100 else ".0f"
        table.add_row(
            part,
            what,
            f"{goal.sign} {goal.wanted:g} {goal.unit}",
            f"{goal.found:{number}}",
            f"{goal.least:{number}}–{goal.most:{number}}",
            goal.verdict,
        )
    return table


def _generator(served: Served) -> str:
    full = {(f.cell.mode, f.cell.connections, f.server) for f in served.figures if f.generator_share > 0.9}
    told = "; ".join(f"{mode}, {n} connections, {server}" for mode, n, server in sorted(full))
    by_wrk = "".join(f"; wrk: {name} {max(rates):,.0f} requests a second" for name, rates in served.wrk.items())
    return f"the load generator was busy over 90 % of the time, and so the bottleneck, in: {told or 'nothing'}{by_wrk}"


def _absolute(mode: str, figures: list[Figures]) -> Table:
    table = Table(title=f"{mode}, absolute", title_justify="left", title_style="bold")
    table.add_column("workload")
    for name in ("conn.", "server", "requests", "req/s", "p50 ms", "p99 ms", "p99/p50", "CPU ms/req"):
        table.add_column(name, justify="left" if name == "server" else "right")
    last: Cell | None = None
    for f in figures:
        new = f.cell != last
        if new and last is not None:
            table.add_section()
        last = f.cell
        cpu = f.cpu_per_request
        table.add_row(
            *((f.cell.workload.removeprefix(STORED), str(f.cell.connections)) if new else ("", "")),
            f.server,
            f"{len(f.latencies):,}",
            f"{f.rate:,.0f}",
            f"{f.percentile(50) * MS:.2f}",
            f"{f.percentile(99) * MS:.2f}",
            f"{f.tail:.1f}",
            "-" if cpu is None else f"{cpu * MS:.3f}",
        )
    return table


def _beside(mode: str, found: list[Ratio]) -> Table:
    title = f"{mode}, ratios msevidence : peer of requests per second (lowest to highest of the rounds) | CPU a request"
    table = Table("workload", "conn.", title=title, title_justify="left", title_style="bold")
    pairs = list(dict.fromkeys((r.ours, r.peer) for r in found if mode != COLD or _is_paired(r)))
    for ours, peer in pairs:
        table.add_column(f"{peer}{'' if ours == OURS else ', ours on disk'}", justify="right")
    of = {(r.cell, r.ours, r.peer): r for r in found}
    for cell in dict.fromkeys(ratio.cell for ratio in found):
        cells = list(_pairs(of.get((cell, *pair)) for pair in pairs))
        if any(cells):
            table.add_row(cell.workload.removeprefix(STORED), str(cell.connections), *cells)
    return table


def _is_paired(ratio: Ratio) -> bool:
    """Tell whether both have the same kind of storage, or the peer has but one."""
    return ("on disk" in ratio.ours) == ("on disk" in ratio.peer)


def _pairs(found: Iterable[Ratio | None]) -> Iterator[str]:
    for ratio in found:
        if ratio is None:
            yield ""
            continue
        cpu = "-" if ratio.cpu_per_request is None else f"{ratio.cpu_per_request:.2g}"
        yield f"{ratio.requests_per_s:.3g} ({ratio.least:.2g}–{ratio.most:.2g}) | {cpu}"

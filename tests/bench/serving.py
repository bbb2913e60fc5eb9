"""One graph, served by us and by the peers, and measured: the part of the benchmark that goes over HTTP."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from msevidence.server.settings import Settings
from tests.bench import goals, traps, wrk
from tests.bench.checking import Checked, Fleet, compared
from tests.bench.goals import Goal
from tests.bench.graphs import Graph
from tests.bench.load import generator
from tests.bench.measuring import COLD, Cell, Figures, Plan, measure, ratios
from tests.bench.servers import (
    OURS,
    OURS_ON_DISK,
    OX_DISK,
    OX_MEMORY,
    RDFLIB,
    VIRTUOSO,
    Server,
    ServerError,
    ours,
    oxigraph_in_memory,
    oxigraph_on_disk,
    rdflib_endpoint,
)
from tests.bench.virtuoso import virtuoso
from tests.bench.workloads import POINT, Workload, stored, workloads

PEERS = {
    OX_DISK: oxigraph_on_disk,
    OX_MEMORY: oxigraph_in_memory,
    RDFLIB: rdflib_endpoint,
    VIRTUOSO: virtuoso,
}
EVERYTHING = 2**31
IN_MEMORY = 8_000_000
"""Quads from which on neither we nor Oxigraph are asked to hold them in memory: they take 330 bytes each and more."""
BY_RDFLIB = 4_000_000
"""Quads that rdflib-endpoint is given at most: it takes 1.8 kB for each."""
WRK_SECONDS = 2


@dataclass
class Served:
    """What was found with one graph."""

    graph: Graph
    quads: int
    default: str
    """Which of our servers the command is for this graph."""
    checked: Checked
    figures: list[Figures]
    trapped: list[Figures]
    unmeasured: list[Cell]
    failed: dict[str, str]
    """Cells in which a server failed a request that it had answered before, and how."""
    left_out: dict[str, str]
    """Peers that were not measured, and why."""
    wrk: dict[str, list[float]]
    load: tuple[float, float]
    seconds: float

    def goals(self) -> list[Goal]:
        """Return the goals, with what was found."""
        return goals.serving(self.figures, self.default, self.wrk)

    def as_json(self) -> dict[str, Any]:
        """Return everything for the JSON file."""
        return {
            "graph": self.graph.name,
            "release": self.graph.release.id,
            "quads": self.quads,
            "default": self.default,
            "load_average": self.load,
            "seconds": self.seconds,
            "rows": self.checked.rows,
            "empty": self.checked.empty,
            "without": self.checked.without,
            "left_out": self.left_out,
            "failed": self.failed,
            "http": [figures.as_json() for figures in self.figures],
            "ratios": [ratio.as_json() for ratio in ratios(self.figures)],
            "traps": [dict(zip(("what", "server", "value"), one, strict=True)) for one in self.traps()],
            "wrk_requests_per_s": self.wrk,
            "not_measured": [asdict(cell) for cell in self.unmeasured],
            "goals": [goal.as_json() for goal in self.goals()],
        }

    def traps(self) -> list[tuple[str, str, float]]:
        """Return what the engine is slow at."""
        return traps.told([*self.figures, *self.trapped])


def serve(
    graph: Graph,
    programs: Path | None,
    plan: Plan,
    limit: float,
    without: frozenset[str],
    tell: Callable[[str], None],
    words: tuple[str, ...] = (),
) -> Served:
    """Serve a graph with everybody, compare the answers, and measure.

    Args:
        graph: what.
        programs: where the peers' programs are; None for no peers but those that the system has.
        plan: how much is measured.
        limit: seconds from now after which no measurement is begun.
        without: peers that are not wanted.
        tell: told what is done.
        words: only workloads with one of these in their names are asked; all where there are none.

    Raises:
        ServerError: ours does not start.
        AnswerError: the graph has nothing to ask about.
    """
    begun, load = time.monotonic(), os.getloadavg()[0]
    quads = graph.release.quads
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="msevidence-bench-")))
        fleet = Fleet(stack, anew=4 if graph.studies is None else 1)
        left_out = _started(fleet, graph, quads, programs, scratch, without, tell)
        tell("answers")
        seven = workloads(fleet.servers[0])
        tricky = traps.workloads(_study(seven))
        everything = [*seven, *tricky, *stored()]
        wanted = [w for w in everything if not words or any(word in w.name for word in words)]
        checked = compared(wanted, fleet, tell)
        those = {workload.name for workload in tricky}
        asked = [workload for workload in checked.asked if workload.name not in those]
        trapped = [workload for workload in checked.asked if workload.name in those]
        failed: dict[str, str] = {}
        with generator() as asking:
            alone = Plan((1,), plan.rounds, plan.seconds, plan.requests, (COLD,))
            by_trap, _ = measure(asking, fleet.servers, trapped, alone, begun + limit, tell, failed)
            figures, unmeasured = measure(asking, fleet.servers, asked, plan, begun + limit, tell, failed)
        by_wrk = _by_wrk(fleet.servers, asked, plan, tell)
    return Served(
        graph,
        quads,
        OURS if quads <= Settings().in_memory else OURS_ON_DISK,
        checked,
        figures,
        by_trap,
        unmeasured,
        failed,
        left_out,
        by_wrk,
        (load, os.getloadavg()[0]),
        time.monotonic() - begun,
    )


def _started(
    fleet: Fleet,
    graph: Graph,
    quads: int,
    programs: Path | None,
    scratch: Path,
    without: frozenset[str],
    tell: Callable[[str], None],
) -> dict[str, str]:
    """Start ours and the peers; return the peers that are not there, and why."""
    left_out: dict[str, str] = {}
    if quads <= IN_MEMORY:
        tell(OURS)
        fleet.start(partial(ours, graph.home, EVERYTHING, OURS))
    tell(OURS_ON_DISK)
    fleet.start(partial(ours, graph.home, 0, OURS_ON_DISK))
    for name, start in PEERS.items():
        if name in without:
            left_out[name] = "not wanted"
        elif programs is None and name != VIRTUOSO:
            left_out[name] = "its package is not installed"
        elif (name == OX_MEMORY and quads > IN_MEMORY) or (name == RDFLIB and quads > BY_RDFLIB):
            left_out[name] = f"{quads:,} quads are too many for it to hold in memory here"
        else:
            tell(name)
            try:
                fleet.start(partial(start, programs or Path(), graph.nquads, scratch))
            except ServerError as error:
                left_out[name] = str(error)
    return left_out


def _study(seven: list[Workload]) -> str:
    text = next(workload.texts[0] for workload in seven if workload.name == POINT)
    return text[text.index("<") : text.index(">") + 1]


def _by_wrk(servers: list[Server], asked: list[Workload], plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return requests a second of one point query repeated, as wrk finds them; nothing where it is not installed."""
    point = next((workload for workload in asked if workload.name == POINT), None)
    if point is None or not wrk.is_there():
        return {}
    tell("wrk")
    chosen = [server for server in servers if server.name in (OURS, OX_MEMORY)]
    try:
        return wrk.rates(chosen or servers[:1], point.texts[0], 8, max(2, plan.rounds // 2), WRK_SECONDS)
    except wrk.WrkError as error:
        tell(f"wrk: {error}")
        return {}

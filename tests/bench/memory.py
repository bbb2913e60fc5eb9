"""Memory of the served real graph: the proportional size (PSS) of each process, named; Linux only.

PSS counts a page that n processes share as an nth of itself in each (proc(5), ``smaps_rollup``), so that processes add
up. Which lane a worker is of is told by the request that it answers: it is the one whose processor time grows.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.bench.goals import Goal
from tests.bench.graphs import Graph
from tests.bench.load import RESULTS, target
from tests.bench.processes import clock, tree
from tests.bench.servers import Server, ours
from tests.bench.workloads import HTML, JSON, PAGE_STUDY, Workload, stored, workloads

MB = 1e6
GOAL = 250.0
IDLE, USED = "idle, just started", "after requests of all kinds"
PATIENCE = 60.0
AT_A_TIME = 6
COMPUTED = 0.003
"""Seconds of processor time that tell that a worker was asked."""
WEB, FORKS, RUNNER, SPARE = "web process", "process that workers are forked from", "worker", "worker, spare"
PAGES = ("/", "/studies", "/publications", "/claims", "/map", "/timeline", "/review", "/results", "/compare", "/count",
         "/flow", "/searches", "/vocabulary", "/graphs", "/quality", "/queries", "/export", "/dataset")  # fmt: skip


class PssError(Exception):
    """Raised where PSS is not told."""


@dataclass(frozen=True)
class Process:
    """A process of the server."""

    pid: int
    name: str
    pss: int
    """Bytes."""


def measure(graph: Graph) -> dict[str, list[Process]]:
    """Serve a graph with the command's defaults, and return its processes with their memory, idle and used.

    Raises:
        PssError: see there.
        ServerError: it does not start.
    """
    if not is_told():
        raise PssError("PSS is told on Linux only")
    with ours(graph.home) as server:
        _asked(server, "/", HTML)  # the pages are ready from here on
        idle = _sizes(server)
        _used(server)
        used = _sizes(server)
        names = _named(server)
    return {
        moment: [Process(pid, names.get(pid, "gone since"), size) for pid, size in sizes.items()]
        for moment, sizes in ((IDLE, idle), (USED, used))
    }


def is_told() -> bool:
    """Tell whether the system tells PSS."""
    return Path("/proc/self/smaps_rollup").exists()


def goals(found: dict[str, list[Process]]) -> list[Goal]:
    """Return the goal: all processes together."""
    together = {moment: sum(process.pss for process in processes) / MB for moment, processes in found.items()}
    spread = min(together.values()), max(together.values())
    return [
        Goal(f"memory of all processes together, {moment}", "≤", GOAL, size, *spread, "MB")
        for moment, size in together.items()
    ]


def _used(server: Server) -> None:
    """Ask a few hundred requests of all kinds."""
    asked: list[Workload] = [*workloads(server), *stored()]
    for workload in asked:
        for aim in workload.targets(server)[:10]:
            _asked(server, aim, workload.accept)
    for page in PAGES:
        for language in ("en", "nb"):
            _asked(server, f"{page}?lang={language}", HTML)
    _asked(server, "/studies.json", JSON)


def _asked(server: Server, aim: str, accept: str) -> int:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
    try:
        connection.request("GET", aim, headers={"Accept": accept})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def _sizes(server: Server) -> dict[int, int]:
    return {pid: pss(pid) for pid in tree(server.pid)}


def pss(pid: int) -> int:
    """Return the proportional memory of a process in bytes.

    Raises:
        PssError: it is not told.
    """
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError as error:
        raise PssError(f"process {pid}: {error}") from error
    return int(told.split("\nPss:")[1].split()[0]) * 1024


def _named(server: Server) -> dict[int, str]:
    """Return what each process is."""
    names = {server.pid: WEB}
    [forks, *others] = [pid for pid in tree(server.pid) if pid != server.pid] or [0]
    names[forks] = FORKS
    lanes = dict(_by_lane(server, others))
    return names | {pid: f"{RUNNER}, {lane}" if (lane := lanes.get(pid)) else SPARE for pid in others}


def _by_lane(server: Server, workers: list[int]) -> Iterator[tuple[int, str]]:
    """Ask each lane for much at a time, and yield the workers that computed with its name."""
    study = next(workload for workload in workloads(server) if workload.name == PAGE_STUDY)
    pages = [f"{aim}?x={number}" for number, aim in enumerate(study.texts)]
    queries = [f"{_COUNT}%0A%23{number}" for number in range(len(pages))]
    for lane, aims, accept in (("pages", pages, HTML), ("SPARQL", queries, RESULTS)):
        before = {pid: clock(pid) for pid in workers}
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            list(threads.map(lambda aim, accept=accept: _asked(server, aim, accept), aims))
        yield from ((pid, lane) for pid in workers if clock(pid) - before[pid] > COMPUTED)


_COUNT = target("/sparql", "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o . ?o ?q ?r }")

"""Measuring the servers over HTTP: round after round, each server in turn within a round.

The machine's other work then falls on all servers alike, so ratios hold where absolute figures vary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import count, product
from statistics import median, quantiles
from typing import Any

from tests.bench.load import Generator, Job
from tests.bench.servers import OURS, Server
from tests.bench.workloads import Workload

COLD, REPEATED = "cold", "repeated"
WARM_UP_REQUESTS = 20
SERIALS = count(1_000_000_000, 1_000_000)
"""First serial number of each job: a job makes fewer requests than lie between two, and all have as many digits."""
MOST = 1_000_000


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    connections: tuple[int, ...] = (1, 8)
    rounds: int = 7
    """Short and many: what else the machine does comes and goes in seconds."""
    seconds: float = 0.25
    """Length of a round."""
    requests: int = MOST
    """Requests of a round at most."""


@dataclass(frozen=True)
class Cell:
    """What is asked, and how."""

    workload: str
    mode: str
    connections: int


@dataclass
class Figures:
    """What one server did in one cell."""

    cell: Cell
    server: str
    latencies: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    """Requests per second of each round."""
    cpu: float | None = 0.0
    """CPU seconds of the server's processes, of all rounds."""
    generator_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Requests per second: the median of the rounds."""
        return median(self.rates)

    @property
    def cpu_per_request(self) -> float | None:
        """CPU seconds of the server's processes per request."""
        return None if self.cpu is None else self.cpu / len(self.latencies)

    def percentile(self, number: int) -> float:
        """Return the latency that so many of a hundred requests do not exceed."""
        if len(self.latencies) == 1:
            return self.latencies[0]
        return quantiles(self.latencies, n=100, method="inclusive")[number - 1]

    def as_json(self) -> dict[str, Any]:
        """Return the figures for the JSON file."""
        return {
            **asdict(self.cell),
            "server": self.server,
            "requests": len(self.latencies),
            "requests_per_s": self.rate,
            "requests_per_s_of_rounds": self.rates,
            "p50_s": self.percentile(50),
            "p99_s": self.percentile(99),
            "cpu_s_per_request": self.cpu_per_request,
            "generator_cpu_s_per_request": self.generator_cpu / len(self.latencies),
        }


@dataclass(frozen=True)
class Ratio:
    """Ours beside a peer: above 1 at `requests_per_s` we are faster, below 1 at `cpu_per_request` cheaper.

    The first is the median of the ratios of the rounds, in which one server follows the other at once.
    """

    cell: Cell
    peer: str
    requests_per_s: float
    cpu_per_request: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the ratio for the JSON file."""
        both = {"requests_per_s": self.requests_per_s, "cpu_per_request": self.cpu_per_request}
        return {**asdict(self.cell), "peer": self.peer, **both}


def measure(
    generator: Generator,
    servers: list[Server],
    asked: list[Workload],
    plan: Plan,
    until: float,
    tell: Callable[[str], None],
) -> tuple[list[Figures], list[Cell]]:
    """Measure every server at every query, mode and number of connections.

    Args:
        until: a time of ``time.monotonic`` after which no further cell is begun.
        tell: told what is being measured.

    Returns:
        the figures, and the cells that there was no time for.

    Raises:
        LoadError: a server failed a request.
    """
    found: list[Figures] = []
    unmeasured: list[Cell] = []
    for workload, mode, connections in product(asked, (COLD, REPEATED), plan.connections):
        cell = Cell(workload.name, mode, connections)
        if time.monotonic() > until:
            unmeasured.append(cell)
            continue
        tell(f"{cell.workload}, {cell.mode}, {cell.connections} connections")
        found += _cell(generator, servers, workload, cell, plan)
    return found, unmeasured


def ratios(figures: list[Figures]) -> Iterator[Ratio]:
    """Yield ours beside each peer, cell by cell."""
    own = {f.cell: f for f in figures if f.server == OURS}
    for peer in figures:
        us = own[peer.cell]
        if peer is us:
            continue
        cpu = None
        if us.cpu_per_request is not None and peer.cpu_per_request:
            cpu = us.cpu_per_request / peer.cpu_per_request
        rate = median(ours / theirs for ours, theirs in zip(us.rates, peer.rates, strict=True))
        yield Ratio(peer.cell, peer.server, rate, cpu)


def _cell(generator: Generator, servers: list[Server], workload: Workload, cell: Cell, plan: Plan) -> list[Figures]:
    found = {server.name: Figures(cell, server.name) for server in servers}
    texts = workload.texts if cell.mode == COLD else workload.texts[:1]

    def job(server: Server, requests: int) -> Job:
        serial = next(SERIALS) if cell.mode == COLD else None
        return Job(server.host, server.port, server.path, texts, cell.connections, plan.seconds, requests, serial)

    for server in servers:
        generator.measure(job(server, min(WARM_UP_REQUESTS, plan.requests)))
    for _, server in product(range(plan.rounds), servers):
        figures = found[server.name]
        before = server.cpu()
        outcome = generator.measure(job(server, plan.requests))
        after = server.cpu()
        if before is None or after is None or figures.cpu is None:
            figures.cpu = None
        else:
            figures.cpu += after - before
        figures.generator_cpu += outcome.generator_cpu
        figures.latencies += outcome.latencies
        figures.rates.append(len(outcome.latencies) / outcome.seconds)
    return list(found.values())

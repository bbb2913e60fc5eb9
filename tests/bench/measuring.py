"""Measuring the servers over HTTP: round after round, each server in turn within a round.

The machine's other work then falls on all servers alike, so ratios hold where absolute figures vary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import count, product
from statistics import median, quantiles
from typing import Any

from tests.bench.load import Generator, Job, LoadError, Outcome
from tests.bench.servers import OURS, OURS_ON_DISK, OX_MEMORY, Server
from tests.bench.workloads import STORED, Workload

COLD, REPEATED, CONDITIONAL = "cold", "repeated", "conditional"
MODES = (COLD, REPEATED, CONDITIONAL)
PLAIN = "msevidence, 200"
"""Our server as it is asked without conditions, in turn with conditional requests."""
WARM_UP_REQUESTS = 20
WARM_UP_SECONDS = 0.2
SERIALS = count(1_000_000_000, 1_000_000)
"""First serial number of each job: a job makes fewer requests than lie between two, and all have as many digits."""
MOST = 1_000_000
SLOW = 0.5
"""Seconds: what takes a server longer is measured there at one connection only, and without warming up."""
LONGEST_ROUNDS = 4.0
"""Seconds that the rounds of one server in one cell may take, where one round is not more."""


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    connections: tuple[int, ...] = (1, 8)
    rounds: int = 5
    """Short and many: what else the machine does comes and goes in seconds."""
    seconds: float = 0.2
    """Length of a round."""
    requests: int = MOST
    """Requests of a round at most."""
    modes: tuple[str, ...] = MODES


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
    seconds: float = 0.0
    """Length of all rounds."""

    @property
    def rate(self) -> float:
        """Requests per second: the median of the rounds."""
        return median(self.rates)

    @property
    def cpu_per_request(self) -> float | None:
        """CPU seconds of the server's processes per request."""
        return None if self.cpu is None else self.cpu / len(self.latencies)

    @property
    def generator_share(self) -> float:
        """The part of the time in which the load generator computed: near 1, it is what was measured."""
        return self.generator_cpu / self.seconds if self.seconds else 0.0

    def percentile(self, number: int) -> float:
        """Return the latency that so many of a hundred requests do not exceed."""
        if len(self.latencies) == 1:
            return self.latencies[0]
        return quantiles(self.latencies, n=100, method="inclusive")[number - 1]

    @property
    def tail(self) -> float:
        """p99 over p50."""
        return self.percentile(99) / self.percentile(50)

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
            "p99_over_p50": self.tail,
            "cpu_s_per_request": self.cpu_per_request,
            "generator_cpu_s_per_request": self.generator_cpu / len(self.latencies),
            "generator_share": self.generator_share,
        }


@dataclass(frozen=True)
class Ratio:
    """A server of ours beside a peer: above 1 at `requests_per_s` we are faster, below 1 at `cpu_per_request` cheaper.

    The first is the median of the ratios of the rounds, in which one server follows the other at once.
    """

    cell: Cell
    peer: str
    requests_per_s: float
    cpu_per_request: float | None
    least: float = 0.0
    most: float = 0.0
    """The lowest and the highest of the rounds."""
    ours: str = OURS

    def as_json(self) -> dict[str, Any]:
        """Return the ratio for the JSON file."""
        return {**asdict(self.cell), **{name: value for name, value in asdict(self).items() if name != "cell"}}


def measure(
    generator: Generator,
    servers: list[Server],
    asked: list[Workload],
    plan: Plan,
    until: float,
    tell: Callable[[str], None],
    failed: dict[str, str] | None = None,
) -> tuple[list[Figures], list[Cell]]:
    """Measure every server at every workload, mode and number of connections.

    Repeated requests are asked of ours in memory and of the peers, conditional ones of ours: nobody else has entity
    tags. Both our servers answer these from what they keep, whatever the store. Of the stored questions, which are
    many, only what the goals need is measured: repeated ones of ours and of Oxigraph in memory, no conditional ones.

    Args:
        generator: who asks.
        servers: whom.
        asked: what; a server that a workload's `seconds` do not name is left out there, unless they name none.
        plan: how much.
        until: a time of ``time.monotonic`` after which no further cell is begun.
        tell: told what is being measured.
        failed: takes the cells in which a server failed a request, with the reason; None: such a failure is raised.

    Returns:
        the figures, and the cells that there was no time for.

    Raises:
        LoadError: a server failed a request.
    """
    found: list[Figures] = []
    unmeasured: list[Cell] = []
    for workload, mode, connections in product(asked, plan.modes, plan.connections):
        if mode == CONDITIONAL and workload.name.startswith(STORED):
            continue
        cell = Cell(workload.name, mode, connections)
        if time.monotonic() > until:
            unmeasured.append(cell)
            continue
        tell(f"{cell.workload}, {cell.mode}, {cell.connections} connections")
        found += _cell(generator, _taking_part(servers, workload, cell), workload, cell, plan, failed)
    return found, unmeasured


def ratios(figures: list[Figures]) -> Iterator[Ratio]:
    """Yield each of our servers beside each peer, cell by cell."""
    own = {(f.cell, f.server): f for f in figures if f.server in (OURS, OURS_ON_DISK)}
    for peer in figures:
        if peer.server in (OURS, OURS_ON_DISK, PLAIN):
            continue
        for name in (OURS, OURS_ON_DISK):
            us = own.get((peer.cell, name))
            if us is not None:
                yield ratio_of(us, peer)


def ratio_of(us: Figures, peer: Figures) -> Ratio:
    """Return the ratio of two servers' figures; of rounds that only one had, nothing."""
    cpu = None
    if us.cpu_per_request is not None and peer.cpu_per_request:
        cpu = us.cpu_per_request / peer.cpu_per_request
    rounds = [ours / theirs for ours, theirs in zip(us.rates, peer.rates, strict=False)]
    return Ratio(peer.cell, peer.server, median(rounds), cpu, min(rounds), max(rounds), us.server)


def _taking_part(servers: list[Server], workload: Workload, cell: Cell) -> list[Server]:
    """Return who is measured in a cell."""
    found = []
    for server in servers:
        if workload.seconds and server.name not in workload.seconds:
            continue
        if workload.page and not server.has_pages:
            continue
        if cell.mode != COLD and server.name == OURS_ON_DISK and OURS in (other.name for other in servers):
            continue
        if cell.mode == CONDITIONAL and not server.has_pages:
            continue
        if (
            cell.mode != COLD
            and workload.name.startswith(STORED)
            and server.name not in (OURS, OURS_ON_DISK, OX_MEMORY)
        ):
            continue
        if cell.connections > 1 and workload.seconds.get(server.name, 0.0) > SLOW:
            continue
        found.append(server)
    return found


def _cell(
    generator: Generator,
    servers: list[Server],
    workload: Workload,
    cell: Cell,
    plan: Plan,
    failed: dict[str, str] | None,
) -> list[Figures]:
    if cell.mode == CONDITIONAL:
        servers = [*servers, *(replace(server, name=PLAIN) for server in servers)]
    found = {server.name: Figures(cell, server.name) for server in servers}
    once = len(workload.texts) if cell.mode == COLD else 1

    def job(server: Server, seconds: float, requests: int) -> Job:
        return Job(
            host=server.host,
            port=server.port,
            targets=workload.targets(server)[:once],
            connections=cell.connections,
            seconds=seconds,
            requests=requests,
            joint=workload.joint,
            serial=next(SERIALS) if cell.mode == COLD else None,
            accept=workload.accept,
            conditional=cell.mode == CONDITIONAL and server.name != PLAIN,
        )

    def done(server: Server, seconds: float, requests: int) -> Outcome | None:
        try:
            return generator.measure(job(server, seconds, requests))
        except LoadError as error:
            if failed is None:
                raise
            failed[f"{cell.workload}, {cell.mode}, {cell.connections} connections, {server.name}"] = str(error)
            found.pop(server.name, None)
            return None

    for server in servers:
        if workload.seconds.get(server.name, 0.0) <= SLOW:  # it was asked when answers were compared
            done(server, WARM_UP_SECONDS, min(WARM_UP_REQUESTS, plan.requests))
    for number, server in product(range(plan.rounds), servers):
        if server.name not in found or (number and found[server.name].seconds > LONGEST_ROUNDS):
            continue
        before = server.cpu()
        outcome = done(server, plan.seconds, plan.requests)
        after = server.cpu()
        if outcome is None:
            continue
        figures = found[server.name]
        if before is None or after is None or figures.cpu is None:
            figures.cpu = None
        else:
            figures.cpu += after - before
        figures.generator_cpu += outcome.generator_cpu
        figures.seconds += outcome.seconds
        figures.latencies += outcome.latencies
        figures.rates.append(len(outcome.latencies) / outcome.seconds)
    return list(found.values())

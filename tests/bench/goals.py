"""The goals of speed, each with what this run found: `met`, or `MISSED by` so much.

Every figure is a ratio of what was measured in turn within the same rounds; its spread is that of the rounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import exp, log
from statistics import median
from typing import Any

from tests.bench.measuring import COLD, CONDITIONAL, PLAIN, REPEATED, Figures
from tests.bench.servers import OURS, OURS_ON_DISK, OX_DISK, OX_MEMORY, RDFLIB, VIRTUOSO
from tests.bench.workloads import POINT

MS = 1e-3
SHOWN = 5
FULL = 0.9
"""Share of the time from which on the load generator is the bottleneck."""


@dataclass(frozen=True)
class Goal:
    """One goal."""

    what: str
    sign: str
    """``≥`` or ``≤``: how what was found should lie to what is wanted."""
    wanted: float
    found: float
    least: float
    most: float
    """Spread of what was found, over rounds or repetitions."""
    unit: str = "×"
    detail: str = ""

    @property
    def met(self) -> bool:
        """Whether it is met."""
        return self.found >= self.wanted if self.sign == "≥" else self.found <= self.wanted

    @property
    def verdict(self) -> str:
        """Say whether it is met, and if not, by how much it is missed.

        >>> Goal("x", "≥", 2.0, 1.5, 1.0, 2.0).verdict, Goal("x", "≤", 1.0, 1.5, 1.0, 2.0).verdict
        ('MISSED by 25 %', 'MISSED by 50 %')
        """
        return "met" if self.met else f"MISSED by {100 * abs(self.found - self.wanted) / self.wanted:.2g} %"

    def as_json(self) -> dict[str, Any]:
        """Return it for the JSON file."""
        return {**asdict(self), "met": self.met, "verdict": self.verdict}


def serving(figures: list[Figures], default: str, wrk: dict[str, list[float]] | None = None) -> list[Goal]:
    """Return the goals that requests over HTTP have on one graph.

    Args:
        figures: of all servers.
        default: which of our servers is what the command serves such a graph with.
        wrk: requests per second of ``wrk`` by server, round by round, for one point query repeated at 8 connections.
    """
    found = [*_same_storage(figures), *_against_others(figures, default)]
    found += [*_tails(figures), *_kept(figures, wrk or {})]
    return found


def geometric(values: list[float]) -> float:
    """Return the geometric mean.

    >>> round(geometric([1.0, 4.0]), 6)
    2.0
    """
    return exp(sum(map(log, values)) / len(values))


class _Pairs:
    """Figures of two servers, cell by cell where both were measured."""

    def __init__(self, figures: list[Figures], ours: str, peer: str, mode: str, connections: int) -> None:
        of = {(f.cell, f.server): f for f in figures}
        cells = dict.fromkeys(f.cell for f in figures if (f.cell.mode, f.cell.connections) == (mode, connections))
        self.pairs: dict[str, tuple[Figures, Figures]] = {
            cell.workload: (of[cell, ours], of[cell, peer])
            for cell in cells
            if (cell, ours) in of and (cell, peer) in of
        }

    def only(self, names: set[str]) -> _Pairs:
        self.pairs = {name: pair for name, pair in self.pairs.items() if name in names}
        return self

    def goal(self, what: str, wanted: float) -> Iterator[Goal]:
        """Yield the goal of the geometric mean of ratios of requests a second; nothing where nothing was measured."""
        if not self.pairs:
            return
        by_workload = {name: _ratios(us, peer) for name, (us, peer) in self.pairs.items()}
        rounds = range(max(len(ratios) for ratios in by_workload.values()))
        means = [geometric([r[min(n, len(r) - 1)] for r in by_workload.values()]) for n in rounds]
        middle = {name: median(ratios) for name, ratios in by_workload.items()}
        worst = sorted(middle.items(), key=lambda item: item[1])[:SHOWN]
        told = "; ".join(f"{name} {value:.2f}" for name, value in worst)
        detail = f"{len(middle)} workloads, lowest: {told}" if len(middle) > 1 else ""
        yield Goal(what, "≥", wanted, median(means), min(means), max(means), detail=detail)


def _ratios(us: Figures, peer: Figures) -> list[float]:
    return [ours / theirs for ours, theirs in zip(us.rates, peer.rates, strict=False)]


def _slow(figures: list[Figures], peer: str) -> set[str]:
    """Return the workloads that take a peer over a millisecond, each text new, at one connection."""
    mine = (f for f in figures if f.server == peer and (f.cell.mode, f.cell.connections) == (COLD, 1))
    return {f.cell.workload for f in mine if f.percentile(50) > MS}


def _same_storage(figures: list[Figures]) -> Iterator[Goal]:
    for ours, peer, kind in ((OURS, OX_MEMORY, "in memory"), (OURS_ON_DISK, OX_DISK, "on disk")):
        slow = _slow(figures, peer)
        for n in (1, 8):
            pairs = _Pairs(figures, ours, peer, COLD, n).only(slow)
            yield from pairs.goal(f"new queries over 1 ms, both {kind}, {_at(n)}: × Oxigraph", 0.9)


def _against_others(figures: list[Figures], default: str) -> Iterator[Goal]:
    for n, wanted in ((1, 0.5), (8, 0.35)):
        pairs = _Pairs(figures, default, OX_DISK, COLD, n).only({POINT})
        yield from pairs.goal(f"new point queries, {_at(n)}: × Oxigraph on disk", wanted)
    for n in (1, 8):
        yield from _Pairs(figures, default, RDFLIB, COLD, n).goal(
            f"new queries, all, {_at(n)}: × rdflib-endpoint", 12.0
        )
    for n in (1, 8):
        pairs = _Pairs(figures, default, VIRTUOSO, COLD, n).only({POINT})
        yield from pairs.goal(f"new point queries, {_at(n)}: × Virtuoso 7", 1.0)


def _tails(figures: list[Figures]) -> Iterator[Goal]:
    for ours, peer, kind in ((OURS, OX_MEMORY, "in memory"), (OURS_ON_DISK, OX_DISK, "on disk")):
        for n in (1, 8):
            pairs = _Pairs(figures, ours, peer, COLD, n).pairs
            if not pairs:
                continue
            tails = {name: us.tail / them.tail for name, (us, them) in pairs.items() if len(them.latencies) >= 100}
            if not tails:
                continue
            worst = sorted(tails.items(), key=lambda item: -item[1])[:SHOWN]
            told = "; ".join(f"{name} {value:.2f}" for name, value in worst)
            values = list(tails.values())
            yield Goal(
                f"p99 over p50, new queries, both {kind}, {_at(n)}: × Oxigraph's",
                "≤",
                1.5,
                geometric(values),
                min(values),
                max(values),
                detail=f"geometric mean of {len(values)} workloads of 100 requests or more, highest: {told}",
            )


def _kept(figures: list[Figures], wrk: dict[str, list[float]]) -> Iterator[Goal]:
    ours = OURS if any(f.server == OURS for f in figures) else OURS_ON_DISK
    for n in (1, 8):
        pairs = _Pairs(figures, ours, OX_MEMORY, REPEATED, n).only({POINT})
        full = any(max(us.generator_share, peer.generator_share) > FULL for us, peer in pairs.pairs.values())
        told = "the load generator was busy all the time: the servers can do more" if full else ""
        for goal in pairs.goal(f"repeated point query, {_at(n)}: × Oxigraph in memory", 1.0):
            yield Goal(**{**asdict(goal), "detail": told})
    if wrk.get(ours) and wrk.get(OX_MEMORY):
        ratios = [us / peer for us, peer in zip(wrk[ours], wrk[OX_MEMORY], strict=True)]
        what = "repeated point query, 8 connections, asked by wrk: × Oxigraph in memory"
        told = f"{median(wrk[ours]):,.0f} and {median(wrk[OX_MEMORY]):,.0f} requests a second"
        yield Goal(what, "≥", 1.0, median(ratios), min(ratios), max(ratios), detail=told)
    for n in (1, 8):
        yield from _Pairs(figures, ours, OX_MEMORY, REPEATED, n).goal(
            f"repeated queries, all, {_at(n)}: × Oxigraph in memory", 5.0
        )
    for n in (1, 8):
        pairs = _Pairs(figures, ours, PLAIN, CONDITIONAL, n)
        yield from pairs.goal(f"304 beside the whole answer of the same query, {_at(n)}", 1.0)


def _at(connections: int) -> str:
    return "one connection" if connections == 1 else f"{connections} connections"

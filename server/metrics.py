"""What the server counts of itself, in the text format of Prometheus, at /metrics.

Figures of all clients together; none names a client or a query. They are for the operator: /metrics answers this
machine, and other addresses only where `--metrics-for` names them.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import cast

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from msevidence.server import errors
from msevidence.server.store import Lanes

blueprint = Blueprint("metrics", __name__)
TEXT = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})


class Metrics:
    """The counts of one server.

    Args:
        lanes: whose load is told.
        allowed: networks that may read them, beside this machine.
    """

    def __init__(self, lanes: Lanes, allowed: Sequence[str] = ()) -> None:
        self.registry = CollectorRegistry()
        self.connections: Callable[[], int] = lambda: 0
        self.kept_bytes: Callable[[], int] = lambda: 0
        self._allowed = [ipaddress.ip_network(network) for network in allowed]
        # Counted here and not in prometheus_client's own counters: those take 6 µs an answer.
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[str, list[int]] = {}
        self._seconds_sum: defaultdict[str, float] = defaultdict(float)
        self._bytes = 0
        self.registry.register(_State(lanes, self))
        ProcessCollector(registry=self.registry)

    def observe(self, by: str, method: str, status: int, seconds: float, size: int) -> None:
        """Count one answer: by `sparql` (a worker, on the event loop), `flask` or `refused`."""
        self._requests[by, method if method in METHODS else "other", status] += 1
        if by not in self._seconds:
            self._seconds[by] = [0] * (len(BUCKETS) + 1)
        self._seconds[by][bisect_left(BUCKETS, seconds)] += 1
        self._seconds_sum[by] += seconds
        self._bytes += size

    def kept(self, status: int, size: int) -> None:
        """Count one answer that was given as before."""
        self._requests["kept", "GET", status] += 1
        self._bytes += size

    def counts(self) -> Iterator[Metric]:
        """Yield what was counted."""
        requests = CounterMetricFamily("msevidence_requests", "Requests answered.", labels=["by", "method", "status"])
        for (by, method, status), times in sorted(dict(self._requests).items()):
            requests.add_metric([by, method, str(status)], times)
        yield requests
        seconds = HistogramMetricFamily(
            "msevidence_request_seconds", "From the first byte of a request to its answer.", labels=["by"]
        )
        for by, times_of in sorted(dict(self._seconds).items()):
            bounds = [*map(str, BUCKETS), "+Inf"]
            up_to = list(zip(bounds, accumulate(times_of), strict=True))
            seconds.add_metric([by], up_to, self._seconds_sum[by])
        yield seconds
        yield CounterMetricFamily("msevidence_response_body_bytes", "Bytes of bodies.", value=self._bytes)

    def may_read(self, address: str) -> bool:
        """Tell whether the counts are for this address."""
        try:
            client = ipaddress.ip_address(address)
        except ValueError:
            return False
        return client.is_loopback or any(client in network for network in self._allowed)


class _State(Collector):
    """What is so at the moment of asking."""

    def __init__(self, lanes: Lanes, metrics: Metrics) -> None:
        self._lanes, self._metrics = lanes, metrics

    def collect(self) -> Iterator[Metric]:
        """Yield it."""
        yield from self._metrics.counts()
        running = GaugeMetricFamily("msevidence_lane_running", "Requests that a lane runs.", labels=["lane"])
        waiting = GaugeMetricFamily("msevidence_lane_waiting", "Requests that wait for a lane.", labels=["lane"])
        workers = GaugeMetricFamily("msevidence_lane_workers", "Worker processes of a lane.", labels=["lane"])
        for lane in self._lanes.all():
            now_running, now_waiting = lane.admission.load()
            running.add_metric([lane.name], now_running)
            waiting.add_metric([lane.name], now_waiting)
            workers.add_metric([lane.name], len(lane.workers()))
        yield from (running, waiting, workers)
        connections = self._metrics.connections()
        yield GaugeMetricFamily("msevidence_connections", "Open connections.", value=connections)
        yield GaugeMetricFamily("msevidence_kept_bytes", "Bytes of kept answers.", value=self._metrics.kept_bytes())
        release = self._lanes.sparql.settled()
        if release is not None:
            told = GaugeMetricFamily("msevidence_release_quads", "Quads of the served release.", labels=["release"])
            told.add_metric([release.id], release.quads)
            yield told


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the counts."""
    counts = cast(Metrics, current_app.extensions["msevidence-metrics"])
    if not counts.may_read(request.remote_addr or ""):
        raise errors.Forbidden(
            errors.Words(
                "The metrics are for this machine, and for the networks that --metrics-for names.",
                "Målingene er for denne maskinen, og for nettverkene som --metrics-for nevner.",
            )
        )
    response = Response(generate_latest(counts.registry), content_type=TEXT)
    response.headers["Cache-Control"] = "no-store"
    return response

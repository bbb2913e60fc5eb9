"""What the server counts of itself, in the text format of Prometheus, at /metrics.

Figures of all clients together; none names a client or a query. They are for the operator: /metrics answers this
machine, and other addresses only where `--metrics-for` names them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from msevidence.server import errors
from msevidence.server.store import Lanes

blueprint = Blueprint("metrics", __name__)
TEXT = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
disable_created_metrics()  # type: ignore[no-untyped-call]  # the time of a first count is of no use here
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
        self._requests = Counter(
            "msevidence_requests", "Requests answered.", ("by", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "msevidence_request_seconds", "From the first byte of a request to its answer.", ("by",),
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._bytes = Counter("msevidence_response_body_bytes", "Bytes of bodies.", registry=self.registry)
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._kept = {status: self._requests.labels("kept", "GET", str(status)) for status in (200, 304)}
        self.registry.register(_State(lanes, self))
        ProcessCollector(registry=self.registry)

    def observe(self, by: str, method: str, status: int, seconds: float, size: int) -> None:
        """Count one answer: by `sparql` (a worker, on the event loop), `flask` or `refused`."""
        key = by, method, status
        counted = self._counted.get(key)
        if counted is None:
            known = method if method in METHODS else "other"
            counted = self._requests.labels(by, known, str(status)), self._seconds.labels(by)
            if known == method:
                self._counted[key] = counted
        counted[0].inc()
        counted[1].observe(seconds)
        self._bytes.inc(size)

    def kept(self, status: int, size: int) -> None:
        """Count one answer that was given as before."""
        self._kept[status].inc()
        self._bytes.inc(size)

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

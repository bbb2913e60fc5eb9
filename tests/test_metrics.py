"""What the server counts of itself: in Prometheus's format, read by Prometheus's own parser, for the operator alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from msevidence.server.metrics import Metrics
from msevidence.server.store import Lanes
from tests.pages_site import client_of
from tests.server_fixtures import publish, quick, running
from tests.server_http import ask, send

DATA = b'<a:a> <a:b> "1" <a:g> .\n'


def samples(url: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return what a server counts, by name and labels."""
    answer = send(url, "/metrics")
    assert answer.status == 200 and answer.headers["Cache-Control"] == "no-store"
    families = text_string_to_metric_families(answer.body.decode())
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def counted(url: str, by: str) -> float:
    """Return how many requests were answered in one way."""
    return sum(
        value
        for (name, labels), value in samples(url).items()
        if name == "msevidence_requests_total" and ("by", by) in labels
    )


def test_requests_are_counted_by_who_answered_and_how(tmp_path: Path) -> None:
    release = publish(tmp_path, DATA)
    with running(tmp_path, quick(cache_bytes=1 << 20)) as url:
        for _ in range(3):
            assert ask(url, "ASK {}").status == 200
        assert ask(url, "ASK").status == 400
        assert send(url, "/health").status == 200
        assert send(url, "/sparql", "BREW").status in (400, 405)
        found = samples(url)
        assert counted(url, "sparql") == 2 and counted(url, "kept") == 2 and counted(url, "flask") >= 2
        assert found["msevidence_release_quads", frozenset({("release", release)})] == 2
        assert found["msevidence_lane_workers", frozenset({("lane", "sparql")})] == 4
        assert found["msevidence_connections", frozenset()] >= 1
        assert found["msevidence_kept_bytes", frozenset()] > 0
        assert found["process_open_fds", frozenset()] > 0
        assert found["msevidence_request_seconds_count", frozenset({("by", "sparql")})] == 2
        assert not any("query" in dict(labels) or "client" in dict(labels) for _, labels in found)


@pytest.mark.parametrize(
    ("address", "allowed", "readable"),
    [("127.0.0.1", (), True), ("::1", (), True), ("192.0.2.1", (), False), ("192.0.2.1", ("192.0.2.0/24",), True),
     ("2001:db8::1", ("192.0.2.0/24", "2001:db8::/32"), True), ("unknown", ("0.0.0.0/0",), False)],
)  # fmt: skip
def test_they_are_for_this_machine_and_named_networks(
    tmp_path: Path, address: str, allowed: tuple[str, ...], readable: bool
) -> None:
    publish(tmp_path, DATA)
    lanes = Lanes(tmp_path, quick())
    try:
        assert Metrics(lanes, allowed).may_read(address) is readable
    finally:
        lanes.close()
    with client_of(tmp_path) as client:
        answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == (200 if readable and not allowed else 403)

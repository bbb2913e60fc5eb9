"""The pieces of the benchmark work: on tiny counts, against our own server. Nothing here depends on a time."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench import building
from tests.bench.building import STAGES, Build, BuildError
from tests.bench.load import Generator, Job, LoadError, generator, is_whole, run
from tests.bench.measuring import COLD, REPEATED, Cell, Figures, Plan, measure, ratios
from tests.bench.report import Report
from tests.bench.servers import OURS, PEERS, Server, ServerError, ask, ours, oxigraph_in_memory
from tests.bench.workloads import AnswerError, Workload, answer, check, workloads

CONNECTIONS, ROUNDS, REQUESTS = (1, 3), 2, 6
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def server(release_home: Path) -> Iterator[Server]:
    with ours(release_home) as running:
        yield running


@pytest.fixture(scope="module")
def load() -> Iterator[Generator]:
    with generator() as process:
        yield process


@pytest.fixture(scope="module")
def asked(server: Server) -> list[Workload]:
    return workloads(server)


@pytest.fixture(scope="module")
def measured(server: Server, load: Generator, asked: list[Workload]) -> list[Figures]:
    """Measure our server twice, as itself and as a peer."""
    twin = Server("twin", server.host, server.port, server.path, server.pid)
    plan = Plan(CONNECTIONS, ROUNDS, seconds=30.0, requests=REQUESTS)
    figures, unmeasured = measure(load, [server, twin], asked, plan, time.monotonic() + 60, lambda cell: None)
    assert not unmeasured
    return figures


def test_the_queries_find_something_to_ask_about(asked: list[Workload], server: Server) -> None:
    point, support, every = asked
    assert len(point.texts) > 30 and len(support.texts) > 10 and len(every.texts) == 1
    assert all(len(set(workload.texts)) == len(workload.texts) for workload in asked)
    assert not any("$" in text or "#" in text.replace("ontology#", "") for w in asked for text in w.texts)
    assert check(support, [server]) == check(every, [server]) > len(support.texts)


def test_every_cell_is_measured_with_as_many_requests_as_planned(
    measured: list[Figures], asked: list[Workload]
) -> None:
    cells = [
        (w.name, mode, n, s) for w in asked for mode in (COLD, REPEATED) for n in CONNECTIONS for s in (OURS, "twin")
    ]
    assert [(f.cell.workload, f.cell.mode, f.cell.connections, f.server) for f in measured] == cells
    for figures in measured:
        assert len(figures.latencies) == ROUNDS * REQUESTS
        assert len(figures.rates) == ROUNDS and min(figures.rates) > 0
        assert 0 < figures.percentile(50) <= figures.percentile(99) <= max(figures.latencies)
        assert figures.cpu is None or figures.cpu > 0
    assert len(list(ratios(measured))) == len(cells) // 2


def test_a_ratio_is_ours_to_the_peers() -> None:
    cell = Cell("w", COLD, 1)
    us = Figures(cell, OURS, [0.1, 0.1], [10.0, 30.0, 20.0], cpu=0.4)
    peer = Figures(cell, "peer", [0.1] * 4, [40.0, 10.0, 40.0], cpu=0.2)
    [ratio] = ratios([peer, us])
    assert (ratio.peer, ratio.requests_per_s) == ("peer", 0.5)
    assert ratio.cpu_per_request == pytest.approx(4.0)
    unknown = Figures(cell, "peer", [0.1], [40.0] * 3, cpu=None)
    assert [ratio.cpu_per_request for ratio in ratios([us, unknown])] == [None]


def test_cells_without_time_are_named(load: Generator, server: Server, asked: list[Workload]) -> None:
    figures, unmeasured = measure(load, [server], asked[:1], Plan(), time.monotonic() - 1, lambda cell: None)
    assert figures == [] and len(unmeasured) == 4


def test_a_server_that_answers_otherwise_is_found(server: Server, asked: list[Workload]) -> None:
    text = "SELECT ?x { VALUES ?x { 1 1 2 } }"
    assert answer(server, text).total() == 3
    body = ask(server, text).replace(b'"2"', b'"3"')
    assert body.count(b'"3"') == 1
    with answering([whole(body)]) as other, pytest.raises(AnswerError, match=r"other has 3 rows .* only the one"):
        check(Workload("w", [text]), [server, other])
    with pytest.raises(AnswerError, match="no row"):
        check(Workload("w", ["SELECT ?x { ?x <a:none> ?x }"]), [server])


def test_a_failing_server_fails_the_benchmark(load: Generator, server: Server) -> None:
    job = Job(server.host, server.port, server.path, ["SELEC"], 1, 1.0, 1)
    with pytest.raises(LoadError, match="400"):
        load.measure(job)
    with pytest.raises(ServerError, match="400"):
        ask(server, "SELEC")
    with pytest.raises(LoadError, match="refused"):
        load.measure(Job("127.0.0.1", 1, "/", ["ASK {}"], 1, 1.0, 1))


def test_cold_texts_differ_and_repeated_ones_do_not() -> None:
    for serial, expected in ((None, ["ASK%20%7B%7D"] * 3), (7, [f"ASK%20%7B%7D%0A%23{n}" for n in (7, 8, 9)])):
        seen: list[bytes] = []
        with answering([whole(b"{}")] * 3, seen) as other:
            outcome = run(Job(other.host, other.port, "/", ["ASK {}"], 1, 30.0, 3, serial))
        assert len(outcome.latencies) == 3
        assert [head.split(b" ")[1].decode() for head in seen] == [f"/?query={text}" for text in expected]


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nServer: x\r\n\r\n0\r\n\r\n0\r\n\r\n!",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n5;x=y\r\n0\r\n\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    ],
)
def test_a_response_ends_where_it_says(response: bytes) -> None:
    assert [end for end in range(len(response) + 1) if is_whole(response[:end])] == [len(response)]


def test_a_response_without_length_is_refused() -> None:
    with pytest.raises(LoadError, match="length"):
        is_whole(b"HTTP/1.1 200 OK\r\n\r\nx")


def test_a_build_tells_its_stages_and_memory(data_dir: Path, tmp_path: Path) -> None:
    [build] = building.measure(data_dir, [tmp_path])
    assert tuple(sorted(build.stages)) == tuple(sorted(STAGES)) and min(build.stages.values()) > 0
    assert sum(build.stages.values()) == pytest.approx(build.wall)
    assert build.peak_self > 20e6 and build.cpu > 0
    told = building.medians([build])
    assert told["shacl_share"] == build.stages["SHACL"] / build.wall
    assert (tmp_path / "current" / "data.nq").is_file()


def test_a_build_that_fails_is_said(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="ended with 1"):
        building.measure(tmp_path, [tmp_path / "home"])


def test_a_peer_that_is_not_installed_is_said(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="oxigraph"), oxigraph_in_memory(tmp_path, tmp_path, tmp_path):
        pytest.fail("it started")
    assert len(PEERS) == 3


def test_the_report_is_read_by_people_and_programs(measured: list[Figures], tmp_path: Path) -> None:
    build = Build(4.0, 3.5, dict.fromkeys(STAGES, 0.8), 500_000_000, 0)
    left_out = {"another": "it is not there [at all]"}
    report = Report({}, {}, {}, Plan(), [build], measured, [Cell("late", COLD, 8)], left_out, {}, 1.0)
    report.write(tmp_path / "b.json")
    told = json.loads((tmp_path / "b.json").read_text())
    assert told["build"]["shacl_share"] == pytest.approx(0.2)
    assert len(told["http"]) == len(measured) and len(told["ratios"]) == len(measured) // 2
    assert told["not_measured"] == [{"workload": "late", "mode": COLD, "connections": 8}]
    console = Console(width=120, record=True, file=StringIO())
    report.show(console)
    text = console.export_text()
    for expected in ("goal met: under 10 s", "goal MISSED: under 400 MB", "twin", "late, cold, 8", "[at all]"):
        assert expected in text


@contextmanager
def answering(responses: list[bytes], seen: list[bytes] | None = None) -> Iterator[Server]:
    """Run a server that answers any request with the next of these bytes, on one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                for response in responses:
                    request = b""
                    while not request.endswith(b"\r\n\r\n"):
                        request += connection.recv(65536)
                    if seen is not None:
                        seen.append(request)
                    connection.sendall(response)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Server("other", "127.0.0.1", listening.getsockname()[1], "/", 0)
        thread.join(10)
        assert not thread.is_alive()


def whole(body: bytes) -> bytes:
    """Return a response with this body."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body

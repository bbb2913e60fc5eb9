"""The pieces of the benchmark work: on tiny counts, against our own server. Nothing here depends on a time."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench import building, goals, graphs, memory, starting, wrk
from tests.bench.bounds import Aims, tried
from tests.bench.building import STAGES, BuildError
from tests.bench.checking import Checked, Fleet, compared
from tests.bench.comparing import answer
from tests.bench.goals import OX_DISK, OX_MEMORY, RDFLIB, Goal
from tests.bench.graphs import Graph
from tests.bench.load import Generator, Job, LoadError, generator, is_whole, run, target
from tests.bench.measuring import COLD, CONDITIONAL, MODES, PLAIN, REPEATED, Cell, Figures, Plan, measure, ratios
from tests.bench.report import Report, of_goals, of_serving
from tests.bench.servers import OURS, OURS_ON_DISK, Server, ServerError, ask, ours, oxigraph_in_memory
from tests.bench.serving import PEERS, Served
from tests.bench.workloads import CARD, PAGE_STUDY, POINT, SUPPORT, Workload, stored, workloads

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
    twin = replace(server, name=OX_MEMORY)
    plan = Plan(CONNECTIONS, ROUNDS, seconds=30.0, requests=REQUESTS)
    figures, unmeasured = measure(load, [server, twin], asked, plan, time.monotonic() + 300, lambda cell: None)
    assert not unmeasured
    return figures


def test_the_queries_find_something_to_ask_about(asked: list[Workload], server: Server) -> None:
    assert len(asked) == 9
    by_name = {workload.name: workload for workload in asked}
    assert len(by_name[POINT].texts) > 30 and len(by_name[SUPPORT].texts) > 10
    for workload in asked:
        assert workload.texts and len(set(workload.texts)) == len(workload.texts)
        assert not any(re.search(r"\$\w", text) for text in workload.texts), "a place that was not filled in"
    assert all(answer(server, text) for text in by_name[SUPPORT].texts)


def test_every_stored_question_is_asked(server: Server) -> None:
    questions = stored()
    assert len(questions) == len(list((ROOT / "queries").glob("*.rq"))) > 40
    with ExitStack() as stack:
        fleet = Fleet(stack)
        fleet.start(lambda: nullcontext(server))
        found = compared(questions, fleet, lambda what: None)
    assert len(found.asked) > 40 and len(found.asked) + len(found.empty) == len(questions) and not found.without
    assert min(found.rows[workload.name] for workload in found.asked) > 0


def test_every_cell_is_measured_with_as_many_requests_as_planned(
    measured: list[Figures], asked: list[Workload]
) -> None:
    cells = []
    for workload, mode, n in product(asked, MODES, CONNECTIONS):
        both = mode != CONDITIONAL and not workload.page
        theirs = [PLAIN] if mode == CONDITIONAL else [OX_MEMORY] if both else []
        cells += [(workload.name, mode, n, name) for name in (OURS, *theirs)]
    assert [(f.cell.workload, f.cell.mode, f.cell.connections, f.server) for f in measured] == cells
    for figures in measured:
        assert len(figures.latencies) == ROUNDS * REQUESTS
        assert len(figures.rates) == ROUNDS and min(figures.rates) > 0
        assert 0 < figures.percentile(50) <= figures.percentile(99) <= max(figures.latencies)
        assert figures.cpu is None or figures.cpu > 0
    assert len(list(ratios(measured))) == sum(name == OX_MEMORY for *_, name in cells)


def test_a_ratio_is_ours_to_the_peers() -> None:
    cell = Cell("w", COLD, 1)
    us = Figures(cell, OURS, [0.1, 0.1], [10.0, 30.0, 20.0], cpu=0.4)
    peer = Figures(cell, "peer", [0.1] * 4, [40.0, 10.0, 40.0], cpu=0.2)
    [ratio] = ratios([peer, us])
    assert (ratio.peer, ratio.requests_per_s, ratio.least, ratio.most) == ("peer", 0.5, 0.25, 3.0)
    assert ratio.cpu_per_request == pytest.approx(4.0)
    unknown = Figures(cell, "peer", [0.1], [40.0] * 3, cpu=None)
    assert [ratio.cpu_per_request for ratio in ratios([us, unknown])] == [None]


def test_cells_without_time_are_named(load: Generator, server: Server, asked: list[Workload]) -> None:
    figures, unmeasured = measure(load, [server], asked[:1], Plan(), time.monotonic() - 1, lambda cell: None)
    assert figures == [] and len(unmeasured) == 2 * len(MODES)


def test_a_server_that_fails_while_it_is_measured_is_told(load: Generator, server: Server) -> None:
    failed: dict[str, str] = {}
    gone = replace(server, name="gone", port=1)
    asked = [Workload("w", ["SELECT ?x { VALUES ?x { 1 } }"])]
    plan = Plan((1,), ROUNDS, seconds=30.0, requests=2, modes=(COLD,))
    found, _ = measure(load, [server, gone], asked, plan, time.monotonic() + 60, lambda cell: None, failed)
    assert [figures.server for figures in found] == [OURS]
    assert list(failed) == ["w, cold, 1 connections, gone"] and "refused" in failed["w, cold, 1 connections, gone"]
    with pytest.raises(LoadError):
        measure(load, [gone], asked, plan, time.monotonic() + 60, lambda cell: None)


def test_a_server_that_answers_otherwise_is_left_out_there(server: Server) -> None:
    text = "SELECT ?x { VALUES ?x { 1 1 2 } }"
    assert answer(server, text).total() == 3
    body = ask(server, text).replace(b'"2"', b'"3"')
    assert body.count(b'"3"') == 1
    told: list[str] = []
    with answering([whole(body)]) as other, ExitStack() as stack:
        fleet = Fleet(stack)
        fleet.start(lambda: nullcontext(server))
        fleet.start(lambda: nullcontext(other))
        found = compared([Workload("w", [text]), Workload("none", [f"{text} LIMIT 0"])], fleet, told.append)
    assert [(w.name, list(w.seconds)) for w in found.asked] == [("w", [OURS])] and found.empty == ["none"]
    assert "3 rows for 3; only the one" in found.without["w"]["other"] and "without other" in told[0]


def test_a_server_that_is_silent_is_started_anew_and_then_no_more(server: Server) -> None:
    started: list[str] = []

    @contextmanager
    def silent() -> Iterator[Server]:
        started.append("again")
        with socket.create_server(("127.0.0.1", 0)) as listening:
            yield Server("silent", "127.0.0.1", listening.getsockname()[1], "/", 0)

    with ExitStack() as stack:
        fleet = Fleet(stack, anew=1)
        fleet.start(lambda: nullcontext(server))
        fleet.start(silent)
        asked = [Workload(name, ["SELECT ?x { VALUES ?x { 1 } }"]) for name in "abc"]
        found = compared(asked, fleet, lambda what: None, patience=0.5)
        assert [running.name for running in fleet.servers] == [OURS]
    assert len(started) == 2
    reasons = [found.without[name]["silent"] for name in "abc"]
    assert reasons[0] == reasons[1] and "no answer" in reasons[0] and "too often" in reasons[2]


def test_what_engines_do_to_literals_is_no_difference(server: Server) -> None:
    one = whole(
        b'{"head": {"vars": ["x", "y"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "b; a"}, '
        b'"y": {"type": "literal", "datatype": "http://www.w3.org/2001/XMLSchema#decimal", "value": "1.50"}}]}}'
    )
    text = 'SELECT (GROUP_CONCAT(?v; SEPARATOR="; ") AS ?x) ?y { VALUES (?v ?y) { ("a" 1.5) ("b" 1.5) } } GROUP BY ?y'
    with answering([one]) as other:
        assert answer(other, text) == answer(server, text)
    with answering([one.replace(b"1.50", b"1.51")]) as other:
        assert answer(other, text) != answer(server, text)


def test_a_failing_server_fails_the_benchmark(load: Generator, server: Server) -> None:
    job = Job(server.host, server.port, [target(server.path, "SELEC")], 1, 1.0, 1)
    with pytest.raises(LoadError, match="400"):
        load.measure(job)
    with pytest.raises(ServerError, match="400"):
        ask(server, "SELEC")
    with pytest.raises(LoadError, match="refused"):
        load.measure(Job("127.0.0.1", 1, ["/"], 1, 1.0, 1))


def test_cold_texts_differ_and_repeated_ones_do_not() -> None:
    for serial, expected in ((None, ["ASK%20%7B%7D"] * 3), (7, [f"ASK%20%7B%7D%0A%23{n}" for n in (7, 8, 9)])):
        seen: list[bytes] = []
        with answering([whole(b"{}")] * 3, seen) as other:
            outcome = run(Job(other.host, other.port, [target("/", "ASK {}")], 1, 30.0, 3, serial=serial))
        assert len(outcome.latencies) == 3
        assert [head.split(b" ")[1].decode() for head in seen] == [f"/?query={text}" for text in expected]


def test_a_conditional_request_bears_the_tag_that_came(server: Server) -> None:
    seen: list[bytes] = []
    tagged = b'HTTP/1.1 200 OK\r\nETag: "t-1"\r\nContent-Length: 2\r\n\r\n{}'
    with answering([tagged, *[b"HTTP/1.1 304 Not Modified\r\n\r\n"] * 2], seen) as other:
        outcome = run(Job(other.host, other.port, ["/"], 1, 30.0, 2, conditional=True))
    assert len(outcome.latencies) == 2
    assert [b'If-None-Match: "t-1"' in head for head in seen] == [False, True, True]
    aim = target(server.path, "SELECT ?x { VALUES ?x { 1 } }")
    assert len(run(Job(server.host, server.port, [aim], 2, 30.0, 5, conditional=True)).latencies) == 5
    with answering([whole(b"{}")]) as other, pytest.raises(LoadError, match="no entity tag"):
        run(Job(other.host, other.port, ["/"], 1, 30.0, 2, conditional=True))


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nServer: x\r\n\r\n0\r\n\r\n0\r\n\r\n!",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n5;x=y\r\n0\r\n\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
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
    assert len(PEERS) == 4


def figures(server: str, rates: list[float], mode: str = COLD, workload: str = POINT, took: float = 0.002) -> Figures:
    """Return the figures of a server at one connection."""
    return Figures(Cell(workload, mode, 1), server, [took] * 120, rates, 0.1, 0.1, 10.0)


def test_goals_are_of_pairs_of_the_same_storage() -> None:
    found = goals.serving(
        [
            *(figures(OURS, [50.0, 60.0, 70.0]), figures(OURS_ON_DISK, [10.0, 20.0, 30.0])),
            *(figures(OX_MEMORY, [100.0] * 3), figures(OX_DISK, [20.0] * 3), figures(RDFLIB, [2.0] * 3)),
            *(figures(OURS, [8.0] * 3, workload="quick"), figures(OX_MEMORY, [1.0] * 3, workload="quick", took=1e-4)),
            *(figures(OURS, [300.0] * 3, CONDITIONAL), figures(PLAIN, [200.0] * 3, CONDITIONAL)),
            *(figures(OURS, [300.0] * 3, REPEATED), figures(OX_MEMORY, [50.0] * 3, REPEATED)),
        ],
        OURS,
        {OURS: [3.0, 2.0], OX_MEMORY: [2.0, 4.0]},
    )
    said = {
        goal.what: (round(goal.found, 3), round(goal.least, 3), round(goal.most, 3), goal.verdict) for goal in found
    }
    assert said["new queries over 1 ms, both in memory, one connection: × Oxigraph"] == (
        0.6,
        0.5,
        0.7,
        "MISSED by 33 %",
    )
    assert said["new queries over 1 ms, both on disk, one connection: × Oxigraph"] == (1.0, 0.5, 1.5, "met")
    assert said["new point queries, one connection: × Oxigraph on disk"] == (3.0, 2.5, 3.5, "met")
    assert said["new queries, all, one connection: × rdflib-endpoint"] == (30.0, 25.0, 35.0, "met")
    assert said["repeated point query, one connection: × Oxigraph in memory"] == (6.0, 6.0, 6.0, "met")
    assert said["repeated queries, all, one connection: × Oxigraph in memory"][3] == "met"
    assert said["304 beside the whole answer of the same query, one connection"] == (1.5, 1.5, 1.5, "met")
    by_wrk = said["repeated point query, 8 connections, asked by wrk: × Oxigraph in memory"]
    assert by_wrk == (1.0, 0.5, 1.5, "met")
    assert said["p99 over p50, new queries, both in memory, one connection: × Oxigraph's"][3] == "met"
    assert not any("Virtuoso" in what or "8 connections:" in what for what in said)


def test_a_home_is_known_by_what_it_is_made_of(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a:> <b:> <c:> .")
    before = graphs.made_of([tmp_path])
    assert before == graphs.made_of([tmp_path]) and len(before) == 12
    (tmp_path / "a.ttl").write_text("<a:> <b:> <d:> .")
    assert graphs.made_of([tmp_path]) != before
    with pytest.raises(graphs.GraphError, match="ended with 1"):
        graphs.real(tmp_path, lambda what: None, tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


def test_starting_and_memory_are_measured_on_a_served_release(release_home: Path, tmp_path: Path) -> None:
    graph = Graph("real", release_home, None)
    found = starting.measure(graph, None, tmp_path, 1)
    assert {name: len(took) for name, took in found.items()} == dict.fromkeys(
        (starting.PYTHON, starting.LISTENS, starting.ANSWER, starting.PAGE), 1
    )
    assert found[starting.LISTENS][0] < found[starting.ANSWER][0] and len(starting.goals(found)) == 2
    if not memory.is_told():
        pytest.skip("PSS is told on Linux only")
    sizes = memory.measure(graph)
    for processes in sizes.values():
        names = [process.name for process in processes]
        assert names.count(memory.WEB) == names.count(memory.FORKS) == 1
        assert min(process.pss for process in processes) > 1e6
    used = [process.name for process in sizes[memory.USED]]
    assert "worker, pages" in used and "worker, SPARQL" in used and len(used) > 5, used
    assert [goal.unit for goal in memory.goals(sizes)] == ["MB", "MB"]


def test_what_a_server_bounds_is_seen_with_bare_sockets() -> None:
    """A server that answers anything, closes at the end of a header, and says no more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def serve() -> None:
            listening.settimeout(0.2)
            taken: list[socket.socket] = []
            while not ended.is_set():
                try:
                    client, _ = listening.accept()
                except TimeoutError:
                    continue
                taken.append(client)
                if client.recv(65536).startswith(b"NOT"):
                    client.sendall(b"HTTP/1.1 418 no\r\nContent-Type: a/b\r\n\r\n")
                    client.close()
                else:
                    client.sendall(whole(b"{}"))
            for client in taken:
                client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            server = Server("other", "127.0.0.1", listening.getsockname()[1], "/", 0)
            told = tried(server, Aims("/", "/"), patience=1.0)
        finally:
            ended.set()
            thread.join(30)
    assert list(told.values()) == [
        *("let go within 1 s", "200 after 0 s", "200 after 0 s", "300 and more served", "418, a/b"),
    ]


@pytest.mark.skipif(not wrk.is_there(), reason="wrk is not installed")
def test_wrk_says_how_many_and_what_failed(server: Server) -> None:
    found = wrk.rates([server], "SELECT ?x { VALUES ?x { 1 } }", 2, 1, 1)
    assert list(found) == [OURS] and found[OURS][0] > 1
    with pytest.raises(wrk.WrkError, match="Non-2xx"):
        wrk.rates([server], "SELEC", 2, 1, 1)


def test_the_report_is_read_by_people_and_programs(
    measured: list[Figures], asked: list[Workload], release_home: Path, tmp_path: Path
) -> None:
    checked = Checked(asked, {POINT: 7}, ["stored: none"], {CARD: {"another": "it differs [at all]"}})
    graph = Graph("real", release_home, None)
    late, left_out = [Cell("late", COLD, 8)], {"one more": "not wanted"}
    served = Served(graph, 9, OURS, checked, measured, [], late, {"a cell": "it closed"}, left_out, {}, (0.5, 0.6), 1.0)
    report = Report({"cores": 2}, {}, [of_serving(served)], {"memory": "not told [here]"}, 1.0)
    report.write(tmp_path / "b.json")
    told = json.loads((tmp_path / "b.json").read_text())
    part = told["parts"]["serving, real"]
    assert len(part["http"]) == len(measured) and len(part["ratios"]) > 10 and part["wrk_requests_per_s"] == {}
    assert part["not_measured"] == [{"workload": "late", "mode": COLD, "connections": 8}]
    assert {goal["verdict"][:3] for goal in told["goals"]} <= {"met", "MIS"} and told["goals"]
    console = Console(width=200, record=True, file=StringIO())
    report.show(console)
    text = console.export_text()
    for expected in (
        OX_MEMORY,
        "late, cold, 8",
        "[at all]",
        "[here]",
        PAGE_STUDY,
        "stored: none",
        "from memory",
        "a cell: it closed",
    ):
        assert expected in text
    console.print(of_goals([("x", Goal("w", "≥", 2.0, 1.5, 1.0, 2.0, detail="why"))]))
    assert "MISSED by 25 %" in console.export_text()


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

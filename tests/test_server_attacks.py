"""Queries from strangers, dying workers and changing releases, against the real server: contract 9, 14 to 18, 22."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.server_fixtures import publish, quick, running

MIB = 1 << 20
P = "http://a.example/p"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def chain(count: int, mark: str = "a") -> bytes:
    """Return a chain of triples, each node with a number and the mark of the release."""
    lines = [
        f"<http://a.example/{n}> <{P}> <http://a.example/{n + 1}> <http://a.example/g> .\n"
        f'<http://a.example/{n}> <{P}2> "{mark}{n}" <http://a.example/g> .\n'
        for n in range(count)
    ]
    return "".join(lines).encode()


def send(url: str, query: str, timeout: float = 60) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Send a query and read the answer whole; a short body is an error of http.client."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
    try:
        connection.request("POST", "/sparql", urlencode({"query": query}), FORM)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def health(url: str) -> dict:  # type: ignore[type-arg]
    """Return what /health says."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("GET", "/health")
        return dict(json.loads(connection.getresponse().read()))
    finally:
        connection.close()


def alive(url: str) -> bool:
    """Tell whether the server answers an ordinary query."""
    return send(url, "ASK {}")[0] == 200


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with two seconds, memory enough for them, and results of up to 1 MiB."""
    home = tmp_path_factory.mktemp("home")
    publish(home, chain(2000))
    with running(home, quick(memory=2048 * MIB, result_cap=MIB)) as url:
        yield url


ENDLESS = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "path": f"SELECT (COUNT(*) AS ?n) {{ ?a (<{P}>|!<{P}>)* ?b . ?b (<{P}>|!<{P}>)* ?c . ?c (<{P}>|!<{P}>)* ?d }}",
    "filter that never holds": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?c), STR(?f)) = STR(?i)) }",
    "optimiser": "ASK { ?s ?p 1 " + "; ?p 1" * 400 + " }",
    "optimiser, nested": "ASK { " + "(" * 90 + "1" + ")" * 90 + " ?p ?o . " + "?s ?p ?o . " * 300 + " }",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_query_is_504_and_the_server_goes_on(url: str, name: str) -> None:
    status, headers, body = send(url, ENDLESS[name])
    problem = json.loads(body)
    assert (status, problem["status"], problem["deadline"]) == (504, 504, 2.0)
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert problem["advice"]
    assert alive(url)


HUNGRY = {
    "sorted cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i ?a ?d ?g",
    "one long string": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "distinct": "SELECT DISTINCT ?a ?d ?g (CONCAT(STR(?a), STR(?d), STR(?g)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } "
    "ORDER BY ?x",
}


@pytest.mark.parametrize("name", HUNGRY)
def test_a_query_that_takes_all_memory_is_refused_and_the_server_goes_on(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    home = tmp_path_factory.mktemp("hungry")
    publish(home, chain(2000))
    assert len(HUNGRY[name]) <= 260
    with running(home, quick(memory=32 * MIB, deadline=60.0)) as url:
        status, headers, body = send(url, HUNGRY[name])
        assert (status, json.loads(body)["type"]) == (503, "tag:msevidence,2024:problem/out-of-memory")
        assert int(headers["Retry-After"]) > 0
        assert alive(url)


def test_nested_braces_never_reach_the_engine(url: str) -> None:
    status, _, body = send(url, "ASK " + "{" * 2350 + "}" * 2350)
    assert (status, json.loads(body)["type"]) == (400, "tag:msevidence,2024:problem/too-complex")
    assert alive(url)


def test_a_crash_of_the_engine_is_400_too_complex(tmp_path: Path) -> None:
    """With a guard that lets everything through and a small stack, the worker dies of SIGSEGV."""
    publish(tmp_path, chain(1))
    with running(tmp_path, quick(max_depth=1 << 20, max_tokens=1 << 20, stack=MIB)) as url:
        before = set(health(url)["lanes"]["sparql"]["workers"])
        status, _, body = send(url, "ASK " + "{" * 4000 + "}" * 4000)
        assert (status, json.loads(body)["type"]) == (400, "tag:msevidence,2024:problem/too-complex")
        assert set(health(url)["lanes"]["sparql"]["workers"]) != before
        assert alive(url)


def test_over_the_result_cap_is_413_and_never_a_cut_200(url: str) -> None:
    fits = send(url, "SELECT * { ?s ?p ?o } LIMIT 2000")
    assert fits[0] == 200
    assert len(json.loads(fits[2])["results"]["bindings"]) == 2000
    assert len(fits[2]) < MIB
    status, _, body = send(url, "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 100000")
    problem = json.loads(body)
    assert (status, problem["limit"]) == (413, MIB)
    assert "LIMIT" in problem["advice"]
    assert alive(url)


def test_a_worker_killed_in_flight_is_500_and_is_replaced(tmp_path: Path) -> None:
    publish(tmp_path, chain(2000))
    with running(tmp_path, quick(deadline=30.0)) as url:
        before = health(url)["lanes"]["sparql"]["workers"]
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(send, url, ENDLESS["cross product"])
            while not health(url)["lanes"]["sparql"]["running"]:
                time.sleep(0.01)
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            status, _, body = answer.result(20)
        assert (status, json.loads(body)["type"]) == (500, "tag:msevidence,2024:problem/server-fault")
        assert all(alive(url) for _ in range(5))
        after = health(url)["lanes"]["sparql"]["workers"]
        assert len(after) == len(before) and not set(after) & set(before)


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_workers_die_with_the_server(tmp_path: Path) -> None:
    publish(tmp_path, chain(10))
    code = (
        "import sys; from pathlib import Path; from msevidence.server.serving import serve; "
        "from msevidence.server.settings import Settings; serve(Path(sys.argv[1]), '127.0.0.1', 0, Settings())"
    )
    server = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    pids = [pid for lane in health(url)["lanes"].values() for pid in lane["workers"]]
    assert pids

    def ask() -> None:
        with pytest.raises((OSError, http.client.HTTPException)):
            send(url, ENDLESS["cross product"])

    busy = threading.Thread(target=ask)
    busy.start()
    while not health(url)["lanes"]["sparql"]["running"]:
        time.sleep(0.01)
    server.kill()
    server.wait()
    server.stdout.close()
    busy.join()
    until = time.monotonic() + 20
    while any(running_process(pid) for pid in pids):
        assert time.monotonic() < until, "a worker lives on without its server"
        time.sleep(0.05)


def running_process(pid: int) -> bool:
    """Tell whether a process runs: one that has ended may wait for whoever collects it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "State:\tZ" not in status


def test_one_lane_does_not_starve_the_other(tmp_path: Path) -> None:
    """A stranger fills the SPARQL lane and its queue; pages answer, and others hear when to come again."""
    publish(tmp_path, chain(2000))
    with running(tmp_path, quick(workers=1, queue=1, per_client=3, deadline=6.0)) as url:
        with ThreadPoolExecutor(4) as pool:
            endless = [pool.submit(send, url, ENDLESS["cross product"]) for _ in range(4)]
            while health(url)["lanes"]["sparql"] | {"workers": 0} != {"running": 1, "waiting": 1, "workers": 0}:
                time.sleep(0.01)
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=3)
            connection.request("GET", "/sparql", headers={"Accept": "text/turtle"})
            assert connection.getresponse().status == 200
            connection.close()
            statuses = sorted(answer.result(30)[0] for answer in endless)
            refused = [answer.result() for answer in endless if answer.result()[0] in (429, 503)]
        assert statuses[-1] == 504
        assert refused
        assert all(int(headers["Retry-After"]) > 0 for _, headers, _ in refused)
        assert alive(url)


def test_every_answer_comes_from_one_release_while_releases_change(tmp_path: Path) -> None:
    marks = {
        publish(tmp_path, chain(300 + 50 * n, mark), merge=True): (mark, 300 + 50 * n) for n, mark in enumerate("abcd")
    }
    query = f"SELECT (SAMPLE(SUBSTR(STR(?v), 1, 1)) AS ?mark) (COUNT(?v) AS ?n) {{ ?s <{P}2> ?v . ?s <{P}> ?o }}"
    seen: set[str] = set()
    stop = threading.Event()

    def ask(url: str) -> int:
        asked = 0
        while not stop.is_set():
            status, headers, body = send(url, query)
            assert status == 200, body
            (row,) = json.loads(body)["results"]["bindings"]
            release = headers["ETag"].strip('"').partition("-")[0]
            assert (row["mark"]["value"], int(row["n"]["value"])) == marks[release]
            seen.add(release)
            asked += 1
        return asked

    with running(tmp_path, quick()) as url, ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, url) for _ in range(4)]
        try:
            for release in [*marks, *marks]:
                link = tmp_path / "link"
                link.symlink_to(Path("releases") / release)
                link.replace(tmp_path / "current")
                until = time.monotonic() + 20
                while health(url)["release"]["id"] != release:
                    assert time.monotonic() < until
                time.sleep(0.1)
        finally:
            stop.set()
        assert all(answer.result() for answer in asking)
    assert seen == set(marks)


def test_a_release_that_does_not_open_leaves_the_old_one_served(tmp_path: Path) -> None:
    good = publish(tmp_path, chain(10))
    with running(tmp_path, quick()) as url:
        assert alive(url)
        bad = publish(tmp_path, chain(20))
        files = list((tmp_path / "releases" / bad / "store").iterdir())
        assert files
        # Taken back before the server sees it: the link and the damage appear together.
        (tmp_path / "current").unlink()
        assert alive(url)
        for file in files:
            file.write_bytes(b"\0" * 10)
        (tmp_path / "current").symlink_to(Path("releases") / bad)
        status, headers, _ = send(url, "ASK {}")
        assert status == 200 and headers["ETag"].startswith(f'"{good}-')
        report = health(url)
        assert report["status"] == "degraded" and report["release"]["id"] == good
        assert any(bad in warning for warning in report["warnings"])
        better = publish(tmp_path, chain(30))
        assert send(url, "ASK {}")[1]["ETag"].startswith(f'"{better}-')
        assert health(url)["release"]["id"] == better


def test_an_allowed_endpoint_is_asked_and_others_are_not(tmp_path: Path) -> None:
    publish(tmp_path / "other", chain(3, "x"))
    publish(tmp_path / "own", chain(1))
    with running(tmp_path / "other") as other, running(tmp_path / "own", quick(service_allow=(other,))) as url:
        query = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{other}> {{ ?s <{P}2> ?o }} }}"
        status, headers, body = send(url, query)
        assert status == 200, body
        assert json.loads(body)["results"]["bindings"][0]["n"]["value"] == "3"
        assert headers["ETag"] is None and headers["Cache-Control"] == "no-store"
        assert send(url, query.replace(other, other + "2"))[0] == 403

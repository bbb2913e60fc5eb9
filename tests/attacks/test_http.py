"""Malformed, oversized, chunked and pipelined HTTP/1.1 on raw connections: every answer is one of ours, or none."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks.malformed import CASES, CLOSED, OK, SMUGGLED
from tests.attacks.raw import Heard, connect, converse, descriptors, everything, parse
from tests.attacks.serving import PATIENCE, PROBLEM, Client, Serving, serving

IDLE = 2
AT_ONCE = 48
WARM = 6
"""Descriptors that a first request of a kind may leave for good, such as a thread's way to the index."""


@pytest.fixture(scope="module")
def patient(attacked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that closes a connection after two seconds without traffic."""
    log = tmp_path_factory.mktemp("log") / "log"
    with serving(attacked_home, "--deadline", "5", log=log, idle=IDLE) as server:
        yield server
    assert "Traceback" not in server.said(), server.said()[-3000:]


@pytest.fixture(scope="module")
def heard(patient: Serving) -> dict[str, Heard]:
    """Send all cases, many at once, while another client is served; then all descriptors are back."""
    with Client(patient.url) as warm:
        assert warm.send("/health").status == 200
    before = descriptors(patient.pid)
    with ThreadPoolExecutor(AT_ONCE) as pool, Client(patient.url, "127.0.0.9") as other:
        futures = {
            name: pool.submit(converse, patient.url, case.sent, f"127.0.2.{number % 200 + 1}")
            for number, (name, case) in enumerate(CASES.items())
        }
        served = 0
        while not all(future.done() for future in futures.values()):
            assert other.send(f"/sparql?query={quote(f'ASK {{}} # {served}')}").status == 200
            served += 1
            time.sleep(0.05)
        found = {name: future.result() for name, future in futures.items()}
    assert served > 3
    until = time.monotonic() + PATIENCE
    while descriptors(patient.pid) > before + WARM:
        assert time.monotonic() < until, f"{descriptors(patient.pid)} descriptors are open, {before} were"
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("name", CASES)
def test_each_is_refused_as_it_should_be_and_none_is_a_fault_of_ours(heard: dict[str, Heard], name: str) -> None:
    case, found = CASES[name], heard[name]
    assert not found.rest, f"half an answer: {found.rest[:300]!r}"
    assert len(found.answers) <= case.answers, [answer[0] for answer in found.answers]
    assert found.first() in case.allowed, found.answers[:1]
    for status, headers, body in found.answers:
        assert b"smuggled" not in body or b"smuggled" in case.sent.partition(b"\r\n")[0]
        if status >= 400 and "text/html" not in headers.get("content-type", "") and body:
            assert headers["content-type"] == PROBLEM, headers
            problem = json.loads(body)
            assert problem["status"] == status and problem["type"] and problem["title"] and problem["detail"]
            assert headers["access-control-allow-origin"] == "*"
        assert not {"x-evil", "server"} & headers.keys()


def test_a_hundred_pipelined_requests_are_answered_in_order(patient: Serving) -> None:
    numbers = range(100)
    requests = [
        f"GET /sparql?query={quote(f'SELECT ({n} AS ?n) {{}}')} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for n in numbers
    ]
    found = converse(patient.url, b"".join(requests))
    assert [status for status, _, _ in found.answers] == [200] * 100
    said = [json.loads(body)["results"]["bindings"][0]["n"]["value"] for _, _, body in found.answers]
    assert said == [str(n) for n in numbers]


def test_what_follows_a_malformed_request_is_not_answered(patient: Serving) -> None:
    good = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
    found = converse(patient.url, good * 3 + b"GET /health HTTP/1.1\r\nHost : a\r\n\r\n" + SMUGGLED * 3)
    assert [status for status, _, _ in found.answers] == [200, 200, 200, 400]


def test_a_pipelined_mixture_keeps_its_order(patient: Serving) -> None:
    """A slow query, a page, an error and a body in one go: whatever is ready first waits for its turn."""
    slow = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?c ?d ?e . ?f ?g ?e }")
    parts = [
        f"GET /sparql?query={slow} HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /nothing-here HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\nASK {}",
    ]
    found = converse(patient.url, "".join(parts).encode())
    assert [status for status, _, _ in found.answers] == [found.first(), 200, 404, 200]
    assert found.first() in (200, 504)
    assert b'"boolean":true' in found.answers[3][2]


def test_a_client_that_waits_to_be_told_to_go_on_is_told(patient: Serving) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    with connect(patient.url) as connection:
        connection.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 6\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 100"
        connection.sendall(b"ASK {}")
        assert parse(b"HTTP/1.1 100" + everything(connection)).first() == 200
    # One whose body is refused hears so before it has sent it.
    with connect(patient.url) as connection:
        connection.sendall(f"{head}Expect: 100-continue\r\nContent-Length: {1 << 30}\r\n\r\n".encode())
        assert parse(everything(connection)).first() == 413


def test_who_closes_his_sending_side_still_gets_his_answer(patient: Serving) -> None:
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }")
    found = converse(patient.url, f"GET /sparql?query={query} HTTP/1.1\r\nHost: a\r\n\r\n".encode(), half_close=True)
    assert found.first() in OK | {CLOSED}  # RFC 9112, section 9.6, leaves both open; a fault would be neither
    assert not found.rest

"""Strangers who take what a server has a bounded number of: open files, connections, memory for requests."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks.raw import connect, converse, descriptors, everything, parse
from tests.attacks.serving import PATIENCE, Client, Serving, ask, health, serving

BIG = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000")
MIB = 1 << 20
DIRECT = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = DIRECT + b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module")
def server(attacked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that takes a while to give up on anybody."""
    with serving(attacked_home, "--deadline", "20", log=tmp_path_factory.mktemp("log") / "log") as server:
        yield server
    assert "Traceback" not in server.said(), server.said()[-3000:]


def memory(pid: int) -> int:
    """Return the bytes that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def test_a_server_that_may_open_few_files_takes_fewer_connections(attacked_home: Path, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(260, before[1]), before[1]))
    log = tmp_path / "log"
    try:
        with serving(attacked_home, "--deadline", "20", log=log) as asked_for_more:
            limits = Path(f"/proc/{asked_for_more.pid}/limits").read_text()
            assert f"Max open files            {min(1200, before[1])} " in limits
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_server_at_the_limit_of_its_files_goes_on(attacked_home: Path, tmp_path: Path) -> None:
    """The system allows 260 files: 60 connections, and what workers need."""
    log = tmp_path / "log"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (260, 260)); "
    with serving(attacked_home, "--deadline", "20", log=log, before=limit) as few, ExitStack() as stack:
        held: list[socket.socket] = []
        for number in range(120):
            held.append(stack.enter_context(connect(few.url, f"127.3.0.{1 + number // 40}")))
        assert descriptors(few.pid) < 260
        for number in range(40):  # each way to a worker is a file more, and some of these are given up for others
            assert ask(few.url, f"SELECT ({number} AS ?n) {{}}", source="127.3.1.1").status == 200
        assert health(few.url)["lanes"]["sparql"]["workers"]
        assert "ulimit -n" in few.said() and "Traceback" not in few.said()


def test_slow_readers_give_way_to_who_has_fewer_connections(attacked_home: Path, tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (260, 260)); "
    log = tmp_path / "log"
    with serving(attacked_home, "--deadline", "20", log=log, before=limit) as few, ExitStack() as stack:
        wanted = f"GET /sparql?query={BIG} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        for _ in range(60):
            one = stack.enter_context(connect(few.url, "127.3.2.1", window=4096))
            one.sendall(wanted * 2)
        time.sleep(1)
        for number in range(10):
            assert ask(few.url, "ASK {}", source=f"127.3.3.{1 + number}").status == 200


def test_chunks_of_one_byte_are_a_body_like_any_other(server: Serving) -> None:
    query = b"ASK {} # " + b"x" * 20_000
    body = b"".join(b"1\r\n%c\r\n" % byte for byte in query) + b"0\r\n\r\n"
    assert converse(server.url, CHUNKED + b"Connection: close\r\n\r\n" + body).first() == 200
    more = b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n"
    assert converse(server.url, CHUNKED + b"Connection: close\r\n\r\n" + more).first() == 431


@pytest.mark.parametrize(
    "sent",
    [
        CHUNKED + b"\r\n5\r\nASK{}\r\n0\r\nX-T: " + b"a" * MIB,
        CHUNKED + b"\r\n5\r\nASK{}\r\n0\r\n" + b"X-T: a\r\n" * 100_000,
        CHUNKED + b"\r\n5;" + b"a" * MIB,
        b"GET / HTTP/1.1\r\nHost: a\r\nAccept: " + b"a/b," * 200 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nAccept-Language: " + b"nb;" * 2_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"Accept: a/b, c/d\r\n" * 150 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"a" * 20_000 + b"\r\n\r\n",
    ],
    ids=["trailer", "trailers", "extension", "accept", "language", "accepts", "line"],
)
def test_what_is_no_body_has_an_end(server: Serving, sent: bytes) -> None:
    before = memory(server.pid)
    assert converse(server.url, sent).first() == 431
    assert memory(server.pid) < before + 64 * MIB


def test_one_client_does_not_hold_the_room_for_requests_of_all(server: Serving) -> None:
    half = DIRECT + b"Content-Length: 1000000\r\n\r\n" + b"x" * 900_000
    with ExitStack() as stack:
        taken = [stack.enter_context(connect(server.url, "127.3.4.1")) for _ in range(60)]
        for one in taken:
            one.sendall(half)
        with Client(server.url, "127.3.4.2") as other:
            for _ in range(3):
                answer = other.send(
                    "/sparql", "POST", b"ASK {}" + b" " * 500_000, Content_Type="application/sparql-query"
                )
                assert answer.status in (200, 413)
        time.sleep(0.5)
        refused = 0
        for one in taken:
            one.setblocking(False)
            try:
                refused += parse(one.recv(1 << 16)).first() == 503
            except BlockingIOError:
                continue
        assert 15 < refused < 50
    assert ask(server.url, "ASK {}", source="127.3.4.1").status == 200


def test_requests_that_wait_for_their_turn_are_few(server: Serving) -> None:
    big = f"GET /sparql?query={BIG} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    behind = b"GET /sparql?query=ASK%7B%7D%23" + b"x" * 400_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    with ExitStack() as stack:
        taken = [stack.enter_context(connect(server.url, "127.3.5.1", window=4096)) for _ in range(20)]
        for one in taken:
            one.sendall(big)
        time.sleep(2)
        before = memory(server.pid)
        for one in taken:
            one.settimeout(0.2)
            with suppress(TimeoutError):  # it reads no more
                one.sendall(behind * 18)
        time.sleep(1)
        assert memory(server.pid) < before + 60 * MIB
    assert ask(server.url, "ASK {}", source="127.3.5.1").status == 200


def test_many_pipelined_posts_of_one_connection_are_all_answered(server: Serving) -> None:
    body = b"ASK {} #" + b"x" * 100_000
    one = DIRECT + b"Content-Length: %d\r\n" % len(body)
    sent = (one + b"\r\n" + body) * 399 + one + b"Connection: close\r\n\r\n" + body
    with connect(server.url, "127.3.6.1") as connection:
        sender = threading.Thread(target=connection.sendall, args=(sent,))
        sender.start()
        heard = parse(everything(connection))
        sender.join(PATIENCE)
    assert [status for status, _, _ in heard.answers] == [200] * 400


def test_characters_beyond_ascii_in_the_longest_form_end_no_worker(server: Serving) -> None:
    workers = health(server.url)["lanes"]["sparql"]["workers"]
    graphs = "".join(f"&default-graph-uri=http://x/{n}/{'é' * 240}" for n in range(900))
    with Client(server.url) as client:
        answer = client.send(
            "/sparql", "POST", f"query=ASK{{}}{graphs}".encode(), Content_Type="application/x-www-form-urlencoded"
        )
    assert answer.status == 200
    assert health(server.url)["lanes"]["sparql"]["workers"] == workers


def test_odd_escapes_are_read_aside(server: Serving) -> None:
    with Client(server.url) as client:
        for body in (b"query=ASK%7B%7D&x=" + b"%" * 900_000, b"query=ASK%7B%7D&x=" + b"%zz" * 5_000):
            answer = client.send("/sparql", "POST", body, Content_Type="application/x-www-form-urlencoded")
            assert answer.status == 200


@pytest.mark.parametrize("target", [b"http://[", b"http://[::1/x", b"http://[a]/x"])
def test_a_target_that_is_no_address_is_the_clients_fault(server: Serving, target: bytes) -> None:
    sent = b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert converse(server.url, sent).first() == 400

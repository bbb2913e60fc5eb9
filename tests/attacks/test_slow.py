"""Clients that are slow on purpose, at each step of an exchange, and clients that go: contract 9 and 17."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks.raw import connect, descriptors
from tests.attacks.serving import PATIENCE, Client, Serving, serving

IDLE = 2
STRANGERS = 200
WARM = 6
"""Descriptors that a first request of a kind may leave for good, such as a thread's way to the index."""
LONG = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }")
BIG = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000")
"""An answer of some megabytes: more than all buffers between a server and a client hold."""


@pytest.fixture(scope="module")
def patient(attacked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that closes a connection after two seconds without traffic."""
    log = tmp_path_factory.mktemp("log") / "log"
    with serving(attacked_home, "--deadline", "20", log=log, idle=IDLE) as server:
        yield server
    assert "Traceback" not in server.said(), server.said()[-3000:]


@pytest.fixture
def unharmed(patient: Serving) -> Iterator[Serving]:
    """Another client is served before and after, and all descriptors are back."""
    with Client(patient.url, "127.0.0.9") as other:
        assert other.send("/health").status == 200
        before = descriptors(patient.pid)
        yield patient
        assert other.send("/sparql?query=ASK%7B%7D").status == 200
        until = time.monotonic() + PATIENCE
        while descriptors(patient.pid) > before + WARM:
            assert time.monotonic() < until, f"{descriptors(patient.pid)} descriptors are open, {before} were"
            time.sleep(0.1)
            assert other.send("/health").status == 200


def gone(connections: list[socket.socket]) -> bool:
    """Tell whether the server has closed all of these: their reading side is at its end, or in error."""
    for connection in connections:
        ready, _, _ = select.select([connection], [], [], 0)
        if not ready:
            return False
        connection.setblocking(False)
        try:
            while connection.recv(1 << 16):
                pass
        except BlockingIOError:
            return False
        except ConnectionError:
            continue
    return True


def wait_until_gone(connections: list[socket.socket], other: Client) -> None:
    """Wait until the server has let all of these go, while it serves another client."""
    until = time.monotonic() + PATIENCE
    while not gone(connections):
        assert time.monotonic() < until, "the server holds on to a client that sends nothing"
        assert other.send("/health").status == 200
        time.sleep(0.05)


REQUEST = b"GET /health HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"y" * 200
BODY = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 500\r\n\r\n"
CHUNKS = b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


STARTS = (b"", b"G", REQUEST, BODY + b"ASK {", CHUNKS + b"5\r\nASK")


def test_two_hundred_that_stop_half_way_are_let_go(unharmed: Serving) -> None:
    """From four addresses, since one has a limit; a client at a fifth is served all the while."""
    with ExitStack() as stack, Client(unharmed.url, "127.0.0.9") as other:
        strangers = [
            stack.enter_context(connect(unharmed.url, f"127.0.3.{number % 4 + 1}")) for number in range(STRANGERS)
        ]
        for number, stranger in enumerate(strangers):
            stranger.sendall(STARTS[number % len(STARTS)])
        wait_until_gone(strangers, other)


@pytest.mark.parametrize("start", [b"GET /health HTTP/1.1\r\nHost: a\r\nX: ", BODY])
def test_two_hundred_that_send_a_byte_at_a_time_keep_nobody_from_being_served(unharmed: Serving, start: bytes) -> None:
    """They are traffic, so the server may wait for them; it answers others, and forgets them once they go."""
    with ExitStack() as stack, Client(unharmed.url, "127.0.0.9") as other:
        strangers = [
            stack.enter_context(connect(unharmed.url, f"127.0.3.{number % 4 + 1}")) for number in range(STRANGERS)
        ]
        for stranger in strangers:
            stranger.sendall(start)
        for number in range(20):
            for stranger in strangers:
                with suppress(ConnectionError):
                    stranger.send(b"y")
            assert other.send(f"/sparql?query={quote(f'ASK {{}} # {number}')}").status == 200


@pytest.mark.parametrize("pace", [0, 1])
def test_who_reads_nothing_or_a_byte_at_a_time_holds_no_worker(unharmed: Serving, pace: int) -> None:
    with ExitStack() as stack, Client(unharmed.url, "127.0.0.9") as other:
        readers = [
            stack.enter_context(connect(unharmed.url, f"127.0.3.{number % 4 + 1}", window=2048)) for number in range(8)
        ]
        for reader in readers:
            reader.sendall(f"GET /sparql?query={BIG} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        for number in range(10):
            for reader in readers:
                if pace and select.select([reader], [], [], 0)[0]:
                    with suppress(ConnectionError):
                        reader.recv(pace)
            assert other.send(f"/sparql?query={quote(f'ASK {{}} # {number}')}").status == 200


def test_who_resets_a_connection_leaves_nothing(unharmed: Serving) -> None:
    """At each step: while sending a request, while its query runs, and while its answer is sent."""
    steps = [
        REQUEST,
        BODY + b"ASK",
        f"GET /sparql?query={LONG} HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
        f"GET /sparql?query={BIG} HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 20,
    ]
    for sent in steps:
        for number in range(5):
            with connect(unharmed.url, f"127.0.3.{number + 1}", window=2048) as connection:
                connection.sendall(sent)
                select.select([connection], [], [], 0.02 * number)
                # Closing without lingering sends a reset in place of the orderly end.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_connections_that_come_and_go_leave_nothing(unharmed: Serving) -> None:
    for number in range(500):
        connect(unharmed.url, f"127.0.3.{number % 50 + 1}").close()

"""What a listener bounds of its clients, tried with bare sockets: only what was seen is told.

Each server runs with its defaults and is tried for as long as a client of bad will would: `PATIENCE` seconds.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from tests.bench.load import RESULTS
from tests.bench.servers import Server

PATIENCE = 90.0
DRIP = 1.0
"""Seconds between two bytes of a slow client."""
CONNECTIONS = 300
SMALL_BUFFER = 4096
ANSWERS_IN = 10.0
READER, CLIENT, HEADER, BODY, SHAPE = (
    "a reader who takes nothing",
    "connections of one client",
    "a header, a byte a second",
    "a body, a byte a second",
    "a refusal",
)


@dataclass(frozen=True)
class Aims:
    """What a server is asked for."""

    small: str
    """Target of a short answer."""
    large: str
    """Target of an answer of twenty megabytes, about."""


def tried(server: Server, aims: Aims, patience: float = PATIENCE) -> dict[str, str]:
    """Return what the server did in each trial, in words; the slow trials run side by side."""
    slow: dict[str, Callable[[], str]] = {
        READER: lambda: _reader(server, aims, patience),
        HEADER: lambda: _drip(server, f"GET {aims.small} HTTP/1.1\r\nHost: x\r\nX-Slow: ".encode(), patience),
        BODY: lambda: _drip(server, _BODY % _path(aims).encode(), patience),
    }
    with ThreadPoolExecutor(len(slow)) as threads:
        waiting = {name: threads.submit(trial) for name, trial in slow.items()}
        found = {name: future.result() for name, future in waiting.items()}
    return {**found, CLIENT: _many(server, aims), SHAPE: _refusal(server)}


_BODY = (
    b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\nq"
)


def _path(aims: Aims) -> str:
    return aims.small.partition("?")[0]


def _connected(server: Server, buffer: int = 0) -> socket.socket:
    client = socket.socket()
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.settimeout(ANSWERS_IN)
    client.connect((server.host, server.port))
    return client


def _reader(server: Server, aims: Aims, patience: float) -> str:
    """Ask for a large answer and take nothing of it; then see whether it is still to be had."""
    with _connected(server, SMALL_BUFFER) as client:
        client.sendall(f"GET {aims.large} HTTP/1.1\r\nHost: x\r\nAccept: {RESULTS}\r\n\r\n".encode())
        begun = time.monotonic()
        while time.monotonic() - begun < patience:
            if client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                return f"let go after {time.monotonic() - begun:.0f} s"
            time.sleep(0.2)
        taken = 0
        with suppress(OSError):
            while taken < 5_000_000 and (piece := client.recv(1 << 20)):
                taken += len(piece)
        if taken < 5_000_000:
            return f"let go within {patience:.0f} s"
        return f"waited for, {patience:.0f} s and more"


def _drip(server: Server, begin: bytes, patience: float) -> str:
    """Send a beginning, and then a byte at a time, until the server says or does something."""
    with _connected(server) as client:
        client.sendall(begin)
        begun = time.monotonic()
        client.settimeout(DRIP)
        while time.monotonic() - begun < patience:
            try:
                said = client.recv(65536)
            except TimeoutError:
                try:
                    client.sendall(b"a")
                except OSError:
                    return f"closed after {time.monotonic() - begun:.0f} s"
                continue
            except OSError:
                return f"closed after {time.monotonic() - begun:.0f} s"
            took = time.monotonic() - begun
            return f"{said[9:12].decode()} after {took:.0f} s" if said else f"closed after {took:.0f} s"
        return f"waited for, {patience:.0f} s and more"


def _many(server: Server, aims: Aims) -> str:
    """Open connections that ask once and stay; count those that get an answer."""
    answered = 0
    opened: list[socket.socket] = []
    request = f"GET {aims.small} HTTP/1.1\r\nHost: x\r\nAccept: {RESULTS}\r\n\r\n".encode()
    try:
        for _ in range(CONNECTIONS):
            try:
                client = _connected(server)
                opened.append(client)
                client.settimeout(2.0)
                client.sendall(request)
                answered += client.recv(65536).startswith(b"HTTP/1.1 200")
            except OSError:
                pass
            if len(opened) - answered >= 3:
                break  # three in a row were not served: that is its bound
    finally:
        for client in opened:
            client.close()
    return f"{answered} served" if answered < CONNECTIONS else f"{CONNECTIONS} and more served"


def _refusal(server: Server) -> str:
    """Send what is no request, and tell how that is refused."""
    with _connected(server) as client:
        client.sendall(b"NOT A REQUEST\r\nat all\r\n\r\n")
        said = b"".join(_until_end(client))
    if not said:
        return "closed without a word"
    status = said[9:12].decode(errors="replace")
    kinds = [
        line for line in said.partition(b"\r\n\r\n")[0].lower().split(b"\r\n") if line.startswith(b"content-type:")
    ]
    kind = kinds[0].partition(b":")[2].strip().decode(errors="replace") if kinds else "no media type"
    return f"{status}, {kind}"


def _until_end(client: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while piece := client.recv(65536):
            yield piece

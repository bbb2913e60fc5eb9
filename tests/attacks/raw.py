"""Bytes to the server and answers from it, without a library's help or goodwill."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.attacks.serving import PATIENCE


class Heard(NamedTuple):
    """What came back on a connection until it was closed."""

    answers: list[tuple[int, dict[str, str], bytes]]
    """Status, headers by small names, and body of each answer that was whole."""
    rest: bytes
    """Bytes after the last whole answer."""

    def first(self) -> int:
        """Return the first status, 0 where the connection was closed without one."""
        return self.answers[0][0] if self.answers else 0


def connect(url: str, source: str | None = None, *, window: int | None = None) -> socket.socket:
    """Open a connection, from an address of this machine, with a small buffer for what comes where it is wanted."""
    place = urlsplit(url)
    assert place.hostname is not None and place.port is not None
    made = socket.socket()
    made.settimeout(PATIENCE)
    if window is not None:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    if source is not None:
        made.bind((source, 0))
    made.connect((place.hostname, place.port))
    return made


def converse(url: str, sent: bytes, source: str | None = None, *, half_close: bool = False) -> Heard:
    """Send bytes and read until the server closes.

    Args:
        half_close: close the sending side once everything is sent.

    Raises:
        TimeoutError: the server does not close.
    """
    with connect(url, source) as connection:
        # A server that has refused may close before it has read everything.
        with suppress(ConnectionError):
            connection.sendall(sent)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        return parse(everything(connection))


def everything(connection: socket.socket) -> bytes:
    """Read until the server closes, in whichever way."""
    data = bytearray()
    with suppress(ConnectionError):
        while part := connection.recv(1 << 16):
            data += part
    return bytes(data)


def parse(data: bytes) -> Heard:
    """Cut what a server sent into answers."""
    answers: list[tuple[int, dict[str, str], bytes]] = []
    while data:
        head, end, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        if not end or not first.startswith("HTTP/1."):
            break
        status = int(first.split()[1])
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if status < 200:
            data = rest
            continue
        if headers.get("transfer-encoding") == "chunked":
            body, left = _chunks(rest)
        elif status == 304:
            body, left = b"", rest
        else:
            length = int(headers.get("content-length", len(rest)))
            body, left = rest[:length], rest[length:]
            if len(body) < length:
                break
        answers.append((status, headers, body))
        data = left
    return Heard(answers, data)


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    body = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            return body, data.partition(b"\r\n")[2]
        body, data = body + data[:length], data[length + 2 :]


def descriptors(pid: int) -> int:
    """Return how many files and sockets a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))

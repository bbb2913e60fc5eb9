"""The load generator: GET requests over keep-alive connections in a closed loop, from a process of its own.

Reads jobs from standard input, one a line as JSON, and writes an outcome a line. Python's own HTTP clients cost more a
request than the fastest of the servers measured, and would hide what they differ in; this one reads of a response
(RFC 9112) only what tells where it ends. Its own CPU time is part of the outcome.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count, cycle
from pathlib import Path
from urllib.parse import quote

RESULTS = "application/sparql-results+json"
SERIAL_OF_QUERY = "%0A%23"
"""A line end and the sign of a comment: what follows is no part of the query."""
PIECE = 1 << 18
ROOT = Path(__file__).resolve().parents[2]

_TAG = re.compile(rb"\r\netag:[ \t]*([^\r]+)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)


class LoadError(Exception):
    """Raised when a server answers with another status than is due, closes a connection, or is silent for too long."""


@dataclass(frozen=True)
class Job:
    """One measurement of one server."""

    host: str
    port: int
    targets: list[str]
    """What stands in the first line of the requests, asked in turn; :func:`target` makes one of a query."""
    connections: int
    seconds: float
    """No request starts after this time; those under way are waited for."""
    requests: int
    """No more requests than these."""
    joint: str = SERIAL_OF_QUERY
    """What stands between a target and a serial number."""
    serial: int | None = None
    """Number that the first target bears, so that none comes twice; None: targets as given."""
    accept: str = RESULTS
    conditional: bool = False
    """Ask with the entity tag of an answer that was had before; the status is then 304."""
    patience: float = 60.0
    """Seconds of silence that count as a failure."""


def target(path: str, query: str, parameters: str = "") -> str:
    """Return what asks an endpoint a query, by GET."""
    return f"{path}?{parameters}query={quote(query)}"


@dataclass(frozen=True)
class Outcome:
    """What was measured."""

    latencies: list[float]
    """Seconds from the first byte sent to the last received, of every request."""
    seconds: float
    generator_cpu: float


class Connection:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, job: Job) -> None:
        self.due = b"304" if job.conditional else b"200"
        self.socket = socket.create_connection((job.host, job.port), job.patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._started = 0.0
        self._buffer = b""

    def send(self, request: bytes) -> None:
        """Start a request."""
        self._buffer = b""
        self._started = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> float | None:
        """Take what has come; return how long the request took once the response is whole.

        Raises:
            LoadError: the server has closed the connection, or the status is not the one that is due.
        """
        piece = self.socket.recv(PIECE)
        if not piece:
            raise LoadError("the server closed a connection before its response was whole")
        self._buffer = self._buffer + piece if self._buffer else piece
        if not is_whole(self._buffer):
            return None
        took = time.perf_counter() - self._started
        if self._buffer[9:12] != self.due:
            raise LoadError(f"the server answered {self._buffer[:1000].decode(errors='replace')}")
        return took

    def tag_of(self, request: bytes) -> bytes:
        """Return the entity tag of the answer to a request, which is waited for.

        Raises:
            LoadError: there is none, or the status is not 200.
        """
        due, self.due = self.due, b"200"
        self.send(request)
        while self.receive() is None:
            pass
        self.due = due
        found = _TAG.search(self._buffer, 0, self._buffer.find(b"\r\n\r\n"))
        if found is None:
            raise LoadError("the answer has no entity tag")
        return found[1]


def is_whole(response: bytes) -> bool:
    """Tell whether a response has come to its end (RFC 9112, section 6).

    Raises:
        LoadError: it says neither how long it is nor that it comes in chunks.
    """
    head_end = response.find(b"\r\n\r\n")
    if head_end < 0:
        return False
    body = head_end + 4
    if response[9:12] == b"304":
        return True
    if _CHUNKED.search(response, 0, head_end):
        return _ends_in_chunks(response, body)
    length = _LENGTH.search(response, 0, head_end)
    if length is None:
        raise LoadError(f"the response has no length: {response[:head_end].decode(errors='replace')}")
    return len(response) - body >= int(length[1])


def _ends_in_chunks(response: bytes, at: int) -> bool:
    while True:
        line_end = response.find(b"\r\n", at)
        if line_end < 0:
            return False
        size = int(response[at:line_end].partition(b";")[0], 16)
        at = line_end + 2 + size + 2
        if len(response) < at:
            return False
        if size == 0:
            return True


def run(job: Job) -> Outcome:
    """Measure one server.

    Raises:
        LoadError: see there.
    """
    connections = [Connection(job) for _ in range(job.connections)]
    requests = _requests(job, connections[0])
    latencies: list[float] = []
    cpu = time.process_time()
    start = end = time.perf_counter()
    left = job.requests
    with selectors.DefaultSelector() as selector:
        for connection in connections[:left]:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(requests))
            left -= 1
        under_way = job.requests - left
        while under_way:
            ready = selector.select(job.patience)
            if not ready:
                raise LoadError(f"the server has been silent for {job.patience} s")
            for key, _ in ready:
                took = key.data.receive()
                if took is None:
                    continue
                latencies.append(took)
                end = time.perf_counter()
                if left and end - start < job.seconds:
                    key.data.send(next(requests))
                    left -= 1
                else:
                    under_way -= 1
    outcome = Outcome(latencies, end - start, time.process_time() - cpu)
    for connection in connections:
        connection.socket.close()
    return outcome


def _requests(job: Job, first: Connection) -> Iterator[bytes]:
    """Return requests without end; what can be encoded beforehand is."""
    tail = f" HTTP/1.1\r\nHost: {job.host}:{job.port}\r\nAccept: {job.accept}\r\n".encode()
    heads = [f"GET {aim}".encode() for aim in job.targets]
    if job.conditional:
        tags = [first.tag_of(head + tail + b"\r\n") for head in heads]
        return cycle([head + tail + b"If-None-Match: %b\r\n\r\n" % tag for head, tag in zip(heads, tags, strict=True)])
    tail += b"\r\n"
    if job.serial is None:
        return cycle([head + tail for head in heads])
    joint, serial = job.joint.encode(), job.serial
    return (head + joint + b"%d" % number + tail for head, number in zip(cycle(heads), count(serial), strict=False))


class Generator:
    """The load generator's process, as the benchmark sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def measure(self, job: Job) -> Outcome:
        """Have one job done.

        Raises:
            LoadError: as :func:`run`.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps(asdict(job)), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise LoadError("the load generator has ended; what it wrote to standard error tells why")
        answer = json.loads(line)
        if "error" in answer:
            raise LoadError(answer["error"])
        return Outcome(**answer)


@contextmanager
def generator() -> Iterator[Generator]:
    """Start the load generator, and end it with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Generator(process)
        finally:
            process.terminate()


def main() -> None:
    """Do jobs until standard input ends."""
    for line in sys.stdin:
        try:
            answer = asdict(run(Job(**json.loads(line))))
        except (LoadError, OSError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

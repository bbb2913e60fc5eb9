"""The servers that are measured: ours over a release, and the peers over the N-Quads of the same release.

Each runs in a process of its own on a free loopback port, with its defaults. The default graph of a release is stored,
as the merge of all graphs, and its N-Quads hold it, so the peers answer from the same triples.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.bench.load import RESULTS
from tests.bench.processes import cpu_seconds

HOST = "127.0.0.1"
START_LIMIT = 60.0
LOAD_LIMIT = 60.0
STOP_LIMIT = 10.0
OURS = "msevidence"
Command = list[str | Path]


class ServerError(Exception):
    """Raised when a server does not start, or does not answer as it should; the message says which and why."""


@dataclass(frozen=True)
class Server:
    """A running server and its SPARQL endpoint."""

    name: str
    host: str
    port: int
    path: str
    pid: int

    def cpu(self) -> float | None:
        """Return the CPU seconds used by the server's processes, or None where that cannot be told."""
        return cpu_seconds(self.pid)


def ask(server: Server, query: str) -> bytes:
    """Return the body of an answer in JSON.

    Raises:
        ServerError: the status is not 200.
        OSError: it does not answer.
    """
    status, body = _exchange(server, "GET", f"{server.path}?query={quote(query)}", {"Accept": RESULTS})
    if status != 200:
        raise ServerError(f"{server.name} answers {status} to {query!r}: {body[:300].decode(errors='replace')}")
    return body


@contextmanager
def ours(home: Path) -> Iterator[Server]:
    """Serve the current release of a home with ``msevidence serve`` while the block runs.

    Raises:
        ServerError: it does not start.
    """
    command: Command = [
        Path(sys.executable).with_name("msevidence"),
        "serve",
        "--host",
        HOST,
        "--port",
        "0",
        "--home",
        home,
    ]
    with _running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().decode().strip())
        if address.port is None:
            raise ServerError(f"{OURS} printed no address; see above")
        server = Server(OURS, HOST, address.port, "/sparql", process.pid)
        _await(server, process)
        yield server


@contextmanager
def oxigraph_on_disk(programs: Path, data: Path, scratch: Path) -> Iterator[Server]:
    """Serve N-Quads with Oxigraph's server from a store on disk while the block runs.

    Raises:
        ServerError: the data does not load, or the server does not start.
    """
    program = programs / "oxigraph"
    store = scratch / "oxigraph"
    load: Command = [program, "load", "--location", store, "--file", data]
    done = subprocess.run(load, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=LOAD_LIMIT)
    if done.returncode:
        raise ServerError(f"oxigraph load ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    port = _free_port()
    command: Command = [program, "serve-read-only", "--location", store, "--bind", f"{HOST}:{port}"]
    with _running(command) as process:
        server = Server("Oxigraph on disk", HOST, port, "/query", process.pid)
        _await(server, process)
        yield server


@contextmanager
def oxigraph_in_memory(programs: Path, data: Path, scratch: Path) -> Iterator[Server]:
    """Serve N-Quads with Oxigraph's server from memory while the block runs.

    Raises:
        ServerError: the server does not start, or does not take the data.
    """
    port = _free_port()
    with _running([programs / "oxigraph", "serve", "--bind", f"{HOST}:{port}"]) as process:
        server = Server("Oxigraph in memory", HOST, port, "/query", process.pid)
        _await(server, process)
        status, body = _exchange(server, "POST", "/store", {"Content-Type": "application/n-quads"}, data.read_bytes())
        if status not in (200, 201, 204):
            raise ServerError(f"{server.name} answers {status} to the data: {body[:300].decode(errors='replace')}")
        yield server


@contextmanager
def rdflib_endpoint(programs: Path, data: Path, scratch: Path) -> Iterator[Server]:
    """Serve N-Quads with rdflib-endpoint from memory while the block runs.

    Raises:
        ServerError: it does not start.
    """
    port = _free_port()
    command: Command = [programs / "rdflib-endpoint", "serve", "--host", HOST, "--port", str(port), data]
    with _running(command) as process:
        server = Server("rdflib-endpoint", HOST, port, "/", process.pid)
        _await(server, process)
        yield server


Start = Callable[[Path, Path, Path], AbstractContextManager[Server]]
PEERS: dict[str, tuple[str, Start]] = {
    "Oxigraph on disk": ("oxigraph", oxigraph_on_disk),
    "Oxigraph in memory": ("oxigraph", oxigraph_in_memory),
    "rdflib-endpoint": ("rdflib-endpoint", rdflib_endpoint),
}
"""The peers by name: the program that must be there, and what starts it with programs, data and a scratch folder."""


@contextmanager
def _running(command: Command, stdout: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program while the block runs; what it logs is dropped, as it would tell of every request."""
    quiet = None if stdout == subprocess.PIPE else subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=quiet)
    except OSError as error:
        raise ServerError(f"{command[0]}: does not start ({error})") from error
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers a query."""
    until = time.monotonic() + START_LIMIT
    while True:
        try:
            ask(server, "ASK {}")
            return
        except (OSError, http.client.HTTPException) as error:
            if process.poll() is not None:
                raise ServerError(f"{server.name} ended with {process.returncode} before it answered") from error
            if time.monotonic() > until:
                raise ServerError(f"{server.name} did not answer within {START_LIMIT:.0f} s ({error})") from error
            time.sleep(0.05)


def _exchange(
    server: Server, method: str, target: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=START_LIMIT)
    try:
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
        return port

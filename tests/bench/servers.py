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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tests.bench.load import RESULTS, target
from tests.bench.processes import cpu_seconds

HOST = "127.0.0.1"
START_LIMIT = 60.0
SLOWEST_LOAD = 250_000
"""Bytes of N-Quads a second that a server may take at least; rdflib parses some 2 MB a second."""
STOP_LIMIT = 10.0
OURS, OURS_ON_DISK = "msevidence", "msevidence on disk"
OX_DISK, OX_MEMORY = "Oxigraph on disk", "Oxigraph in memory"
RDFLIB, VIRTUOSO = "rdflib-endpoint", "Virtuoso 7"
TRIPLES = "application/n-triples"
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
    parameters: str = ""
    """What its endpoint is asked with beside the query, encoded, each with a `&` at its end."""
    engine: str = ""
    """``virtuoso`` where its answers need mending."""

    @property
    def has_pages(self) -> bool:
        """Whether it is ours."""
        return self.name in (OURS, OURS_ON_DISK)

    def cpu(self) -> float | None:
        """Return the CPU seconds used by the server's processes, or None where that cannot be told."""
        return cpu_seconds(self.pid)


def accepted(query: str) -> str:
    """Return the media type in which the answer to a query is asked for."""
    return TRIPLES if "CONSTRUCT" in query else RESULTS


def ask(server: Server, query: str, patience: float = START_LIMIT) -> bytes:
    """Return the body of an answer: JSON, of CONSTRUCT N-Triples.

    Raises:
        ServerError: the status is not 200.
        OSError: it does not answer.
    """
    aim = target(server.path, query, server.parameters)
    status, body = exchange(server, "GET", aim, {"Accept": accepted(query)}, patience=patience)
    if status != 200:
        raise ServerError(f"{server.name} answers {status} to {query!r}: {body[:300].decode(errors='replace')}")
    return body


@contextmanager
def ours(home: Path, in_memory: int | None = None, name: str = OURS) -> Iterator[Server]:
    """Serve the current release of a home with ``msevidence serve`` while the block runs.

    Args:
        home: the folder.
        in_memory: quads up to which it is served from memory; None for the command's own limit. The command has no
            option for it.
        name: what the server is called in reports.

    Raises:
        ServerError: it does not start.
    """
    with running([*program_of_ours(in_memory), *_SERVE, "--home", home], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().decode().strip())
        if address.port is None:
            raise ServerError(f"{name} printed no address; see above")
        server = Server(name, HOST, address.port, "/sparql", process.pid)
        await_answer(server, process)
        yield server


_SERVE = ("serve", "--host", HOST, "--port", "0")


def program_of_ours(in_memory: int | None = None) -> Command:
    """Return the beginning of a command line of ours."""
    if in_memory is None:
        return [Path(sys.executable).with_name("msevidence")]
    changed = f"cli_serve.DEFAULTS = replace(cli_serve.DEFAULTS, in_memory={in_memory})"
    code = f"from dataclasses import replace; from msevidence.server import cli, cli_serve; {changed}; cli.main()"
    return [sys.executable, "-c", code]


@contextmanager
def oxigraph_on_disk(programs: Path, data: Path, scratch: Path) -> Iterator[Server]:
    """Serve N-Quads with Oxigraph's server from a store on disk while the block runs.

    Raises:
        ServerError: the data does not load, or the server does not start.
    """
    program = programs / "oxigraph"
    store = scratch / "oxigraph"
    load: Command = [program, "load", "--location", store, "--file", data]
    done = subprocess.run(load, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=patience_for(data))
    if done.returncode:
        raise ServerError(f"oxigraph load ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    port = free_port()
    command: Command = [program, "serve-read-only", "--location", store, "--bind", f"{HOST}:{port}"]
    with running(command) as process:
        server = Server(OX_DISK, HOST, port, "/query", process.pid)
        await_answer(server, process)
        yield server


@contextmanager
def oxigraph_in_memory(programs: Path, data: Path, scratch: Path) -> Iterator[Server]:
    """Serve N-Quads with Oxigraph's server from memory while the block runs.

    Raises:
        ServerError: the server does not start, or does not take the data.
    """
    port = free_port()
    with running([programs / "oxigraph", "serve", "--bind", f"{HOST}:{port}"]) as process:
        server = Server(OX_MEMORY, HOST, port, "/query", process.pid)
        await_answer(server, process)
        kind = {"Content-Type": "application/n-quads", "Content-Length": str(data.stat().st_size)}
        with data.open("rb") as content:
            status, body = exchange(server, "POST", "/store", kind, content, patience_for(data))
        if status not in (200, 201, 204):
            raise ServerError(f"{server.name} answers {status} to the data: {body[:300].decode(errors='replace')}")
        yield server


@contextmanager
def rdflib_endpoint(programs: Path, data: Path, scratch: Path) -> Iterator[Server]:
    """Serve N-Quads with rdflib-endpoint from memory while the block runs.

    Raises:
        ServerError: it does not start.
    """
    port = free_port()
    command: Command = [programs / "rdflib-endpoint", "serve", "--host", HOST, "--port", str(port), data]
    with running(command) as process:
        server = Server(RDFLIB, HOST, port, "/", process.pid)
        await_answer(server, process, patience_for(data))
        yield server


@contextmanager
def running(
    command: Command, stdout: int = subprocess.DEVNULL, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program while the block runs; what it logs is dropped, as it would tell of every request."""
    quiet = None if stdout == subprocess.PIPE else subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=quiet, env=environment)
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


def patience_for(data: Path) -> float:
    """Return the seconds that a server may take to load a file."""
    return START_LIMIT + data.stat().st_size / SLOWEST_LOAD


def await_answer(server: Server, process: subprocess.Popen[bytes], patience: float = START_LIMIT) -> None:
    """Wait until a server answers a query."""
    until = time.monotonic() + patience
    while True:
        try:
            ask(server, "ASK {}")
            return
        except (OSError, http.client.HTTPException) as error:
            if process.poll() is not None:
                raise ServerError(f"{server.name} ended with {process.returncode} before it answered") from error
            if time.monotonic() > until:
                raise ServerError(f"{server.name} did not answer within {patience:.0f} s ({error})") from error
            time.sleep(0.05)


def exchange(
    server: Server,
    method: str,
    aim: str,
    headers: dict[str, str],
    body: IO[bytes] | None = None,
    patience: float = START_LIMIT,
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=patience)
    try:
        connection.request(method, aim, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
        return port

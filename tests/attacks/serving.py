"""``msevidence serve`` as an operator starts it, and what is asked of it from several addresses of this machine."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

PATIENCE = 60.0
"""Seconds that a client waits for an answer, also on a busy machine."""
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
PROBLEM = "application/problem+json"
WAYS = ("get", "every byte escaped", "form", "direct")
"""How a query is sent: SPARQL 1.1 Protocol, section 2.1; the second is the first with every byte percent-encoded."""


class Answer(NamedTuple):
    """A response, whole, and how long it took in seconds."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    took: float

    def kind(self) -> str:
        """Return the last part of a problem's type, such as ``timed-out``; nothing for what is no problem."""
        if self.headers["Content-Type"] != PROBLEM:
            return ""
        return str(json.loads(self.body)["type"]).rpartition("/")[2]


class Serving(NamedTuple):
    """A running server: its address, without a path, its process id and the file of its standard error."""

    url: str
    pid: int
    log: Path

    def said(self) -> str:
        """Return what it wrote on standard error."""
        return self.log.read_text(errors="replace")


@contextmanager
def serving(home: Path, *arguments: str, log: Path, idle: int | None = None, before: str = "") -> Iterator[Serving]:
    """Serve a home folder on a free port while the block runs, then stop it in order.

    Args:
        home: folder with a published release.
        arguments: of the command, such as ``--deadline 1``.
        log: file for its standard error.
        idle: seconds without traffic after which a connection is closed, where it is to be less than the default.
        before: statements of Python that are run first, such as one that sets a limit.

    Raises:
        AssertionError: it does not start, or it does not end with 0 after SIGTERM.
    """
    code = before + "from msevidence.server import cli, cli_serve; "
    if idle is not None:  # the command has no option for it
        code += f"from dataclasses import replace; cli_serve.DEFAULTS = replace(cli_serve.DEFAULTS, idle={idle}); "
    code += "cli.main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(home), *arguments]
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as server,
    ):
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            assert url.startswith("http://"), f"the server printed {url!r}; {log.read_text(errors='replace')[-2000:]}"
            yield Serving(url, server.pid, log)
            server.terminate()
            assert server.wait(PATIENCE) == 0, log.read_text(errors="replace")[-2000:]
        finally:
            server.kill()


class Client:
    """A client at one address of this machine, with one connection that it keeps as long as the server does."""

    def __init__(self, url: str, source: str | None = None, timeout: float = PATIENCE) -> None:
        place = urlsplit(url)
        assert place.hostname is not None
        self._kept = False
        self._connection = http.client.HTTPConnection(
            place.hostname, place.port, timeout=timeout, source_address=None if source is None else (source, 0)
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def send(self, path: str, method: str = "GET", content: bytes | None = None, /, **headers: str) -> Answer:
        """Send one request and read the answer whole.

        Raises:
            OSError: the server closed the connection or did not answer in time.
            http.client.HTTPException: what came is no whole answer.
        """
        try:
            return self._exchange(path, method, content, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # A server may close a kept connection just when the next request is under way (RFC 9112, section 9.3.1).
            if not self._kept:
                raise
            self._kept = False
            return self._exchange(path, method, content, headers)

    def _exchange(self, path: str, method: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        started = time.monotonic()
        try:
            self._connection.request(method, path, body, named)
            response = self._connection.getresponse()
            answer = Answer(response.status, response.headers, response.read(), time.monotonic() - started)
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        self._kept = self._connection.sock is not None
        return answer

    def ask(self, query: str, way: str = "form", **headers: str) -> Answer:
        """Send a query in one of the :data:`WAYS`."""
        if way == "form":
            return self.send("/sparql", "POST", urlencode({"query": query}).encode(), Content_Type=FORM, **headers)
        if way == "direct":
            return self.send("/sparql", "POST", query.encode(), Content_Type=DIRECT, **headers)
        escaped = "".join(f"%{byte:02x}" for byte in query.encode()) if way == "every byte escaped" else quote(query)
        return self.send(f"/sparql?query={escaped}", **headers)


def ask(url: str, query: str, way: str = "form", *, source: str | None = None, **headers: str) -> Answer:
    """Send one query on a connection of its own."""
    with Client(url, source) as client:
        return client.ask(query, way, **headers)


def health(url: str) -> dict[str, Any]:
    """Return what ``/health`` says."""
    with Client(url) as client:
        return dict(json.loads(client.send("/health").body))


def workers(url: str) -> list[int]:
    """Return the process ids of all workers."""
    return [pid for lane in health(url)["lanes"].values() for pid in lane["workers"]]

"""The server that queries are sent to: the real command over a small release, and a listener nobody may ask."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.server_fixtures import publish

DEADLINE = 0.5
"""Seconds of the server's deadline: most queries over the small graph take a millisecond."""
NODES = 40
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass
class Served:
    """A running server."""

    port: int
    process: subprocess.Popen[str]
    log: Path

    def faults(self) -> list[str]:
        """Return what is wrong with the server itself."""
        found = [] if self.process.poll() is None else [f"the server ended with code {self.process.returncode}"]
        text = self.log.read_text(encoding="utf-8", errors="replace")
        if "Traceback" in text:
            found.append("the server's log has a traceback: " + text[text.index("Traceback") :][:2000])
        return found


@dataclass
class Canary:
    """A listener of this machine that no query may reach."""

    port: int
    heard: list[str] = field(default_factory=list)


def graph() -> bytes:
    """Return a small graph: a chain with numbers, labels in two languages, and values of several types."""
    a, xsd = "http://a.example/", "http://www.w3.org/2001/XMLSchema#"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    lines = []
    for n in range(NODES):
        here = f"<{a}{n}>"
        lines += [
            f"{here} <{a}p> <{a}{n + 1}> <{a}g> .",
            f'{here} <{a}p2> "{n}"^^<{xsd}integer> <{a}g> .',
            f'{here} <{label}> "node {n} æøå"@en <{a}g> .',
            f'{here} <{label}> "knute {n}"@nb <{a}h> .',
        ]
    return "\n".join(lines).encode() + b"\n"


@contextmanager
def serving(folder: Path, home: Path | None = None, deadline: float = DEADLINE) -> Iterator[Served]:
    """Run ``msevidence serve`` over a home, one with a small release where none is given."""
    if home is None:
        home = folder / "home"
        publish(home, graph())
    log = folder / "server.log"
    code = "from msevidence.server.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--home", str(home), "--port", "0", "--deadline", str(deadline)]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        told = None
        for line in process.stdout:
            if told := _ADDRESS.search(line):
                break
        if told is None:
            raise RuntimeError(f"the server did not start; see {log}: {log.read_text()[-2000:]}")
        yield Served(int(told[1]), process, log)
    finally:
        process.terminate()
        try:
            process.wait(60)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


@contextmanager
def listening() -> Iterator[Canary]:
    """Listen, and write down who comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        canary = Canary(server.getsockname()[1])

        def hear() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(1)
                    try:
                        canary.heard.append(connection.recv(300).decode("latin-1"))
                    except OSError:
                        canary.heard.append("")

        threading.Thread(target=hear, daemon=True).start()
        yield canary
        server.shutdown(socket.SHUT_RDWR)

"""Cold start: from starting the command to the first right answer, on a release that is published.

``msevidence serve``, to the first SPARQL answer and to the first page; Oxigraph's server over the same quads on disk;
and Python doing nothing. Each in turn within a round. What the kernel has of the files in its cache stays there.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests.bench.goals import Goal
from tests.bench.graphs import Graph
from tests.bench.load import RESULTS, target
from tests.bench.servers import HOST, Command, free_port, patience_for, program_of_ours, running
from tests.bench.workloads import HTML, read

ANSWER, PAGE, SITTING, PYTHON = "SPARQL answer", "page", "Oxigraph's server", "python -c pass"
LISTENS = "address printed"
PATIENCE = 60.0
POLL = 0.002
GOAL = 1.0


class StartError(Exception):
    """Raised when a server does not answer rightly in a minute."""


def measure(graph: Graph, programs: Path | None, scratch: Path, repetitions: int) -> dict[str, list[float]]:
    """Return the seconds of each start.

    Args:
        graph: what is served.
        programs: the folder with Oxigraph's server; None to leave it out.
        scratch: a folder for its store.
        repetitions: how many of each.

    Raises:
        StartError: see there.
    """
    found: dict[str, list[float]] = {name: [] for name in (PYTHON, LISTENS, ANSWER, PAGE)}
    store = None if programs is None else _loaded(programs, graph, scratch)
    for _ in range(repetitions):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        found[PYTHON].append(time.perf_counter() - begun)
        listens, seconds = _ours(graph, target("/sparql", _query()), RESULTS, _is_answer)
        found[LISTENS].append(listens)
        found[ANSWER].append(seconds)
        found[PAGE].append(_ours(graph, "/studies", HTML, _is_page)[1])
        if store is not None and programs is not None:
            found.setdefault(SITTING, []).append(_oxigraph(programs, store))
    return found


def goals(found: dict[str, list[float]]) -> list[Goal]:
    """Return the goal: under a second to the first answer of either kind."""
    return [
        Goal(f"cold start to the first {what}", "≤", GOAL, median(took), min(took), max(took), "s")
        for what in (ANSWER, PAGE)
        if (took := found.get(what))
    ]


def _query() -> str:
    return read("studies").replace("ORDER BY ?study", "ORDER BY ?study LIMIT 3")


def _is_answer(body: bytes) -> bool:
    return body.count(b"/study/") == 3


def _is_page(body: bytes) -> bool:
    return b"</html>" in body and b"/study/" in body


def _ours(graph: Graph, aim: str, accept: str, is_right: Callable[[bytes], bool]) -> tuple[float, float]:
    command: Command = [*program_of_ours(), "serve", "--host", HOST, "--port", "0", "--home", graph.home]
    begun = time.perf_counter()
    with running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = urlsplit(process.stdout.readline().decode().strip()).port
        listens = time.perf_counter() - begun
        if port is None:
            raise StartError("msevidence serve printed no address; see above")
        return listens, _first(begun, port, aim, accept, is_right)


def _loaded(programs: Path, graph: Graph, scratch: Path) -> Path:
    store = scratch / "oxigraph-started"
    load: Command = [programs / "oxigraph", "load", "--location", store, "--file", graph.nquads]
    done = subprocess.run(load, capture_output=True, timeout=patience_for(graph.nquads))
    if done.returncode:
        raise StartError(f"oxigraph load ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
    return store


def _oxigraph(programs: Path, store: Path) -> float:
    port = free_port()
    command: Command = [programs / "oxigraph", "serve-read-only", "--location", store, "--bind", f"{HOST}:{port}"]
    begun = time.perf_counter()
    with running(command):
        return _first(begun, port, target("/query", _query()), RESULTS, _is_answer)


def _first(begun: float, port: int, aim: str, accept: str, is_right: Callable[[bytes], bool]) -> float:
    """Ask until there is an answer, and return the seconds since the start."""
    while True:
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            connection.request("GET", aim, headers={"Accept": accept})
            response = connection.getresponse()
            body = response.read()
        except ConnectionRefusedError:
            if time.perf_counter() - begun > PATIENCE:
                raise StartError(f"no answer to {aim} in {PATIENCE:.0f} s") from None
            time.sleep(POLL)
            continue
        finally:
            connection.close()
        took = time.perf_counter() - begun
        if response.status != 200 or not is_right(body):
            raise StartError(f"{aim} is answered with {response.status} and {body[:200]!r}")
        return took

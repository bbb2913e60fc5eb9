"""``python -m tests.bench.listeners``: what listens, chosen by measurement: servers of others beside our event loop.

Each gives the same kept answer, of the same length: others by an application that does nothing else, ours as a whole
answer that it keeps in front of everything. Oxigraph's server in memory, which evaluates the query, is the yardstick.
Asked by wrk where it is installed, since our own load generator is slower than the fastest of them.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from tests.bench import bounds, graphs, peers, wrk
from tests.bench.bounds import Aims
from tests.bench.load import RESULTS, Job, generator, target
from tests.bench.servers import (
    HOST,
    OX_MEMORY,
    Server,
    ServerError,
    await_answer,
    exchange,
    free_port,
    ours,
    oxigraph_in_memory,
    running,
)
from tests.bench.workloads import POINT, workloads

ROOT = Path(__file__).resolve().parents[2]
WSGI, ASGI = "tests.bench.listened:application", "tests.bench.listened:asgi"
THREADS = "8"
EVERYTHING = "SELECT ?s ?p ?o ?q WHERE { ?s ?p ?o OPTIONAL { ?s ?q ?o } }"
"""An answer of some tens of megabytes on the real graph, which no socket's buffers hold."""


def commands(programs: Path, port: int) -> dict[str, list[str | Path]]:
    """Return how each listener is started on a port."""
    at, number = f"{HOST}:{port}", str(port)
    return {
        "waitress": [programs / "waitress-serve", "--host", HOST, "--port", number, "--threads", THREADS, WSGI],
        "gunicorn, gthread, 2 workers": [
            *(programs / "gunicorn", "--bind", at, "--workers", "2", "--worker-class", "gthread"),
            *("--threads", THREADS, "--keep-alive", "60", WSGI),
        ],
        "granian, WSGI": [
            *(programs / "granian", "--interface", "wsgi", "--host", HOST, "--port", number, "--workers", "1"),
            *("--blocking-threads", THREADS, "--no-ws", WSGI),
        ],
        "uvicorn, httptools, uvloop": [
            *(programs / "uvicorn", "--host", HOST, "--port", number, "--http", "httptools", "--loop", "uvloop"),
            *("--no-access-log", "--log-level", "critical", ASGI),
        ],
    }


@contextmanager
def listening(programs: Path, name: str, body: Path) -> Iterator[Server]:
    """Run one of them while the block runs.

    Raises:
        ServerError: it does not start.
    """
    port = free_port()
    environment = {**os.environ, "LISTENED_BODY": str(body), "PYTHONPATH": str(ROOT)}
    with running(commands(programs, port)[name], environment=environment) as process:
        server = Server(name, HOST, port, "/sparql", process.pid)
        await_answer(server, process)
        yield server


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--rounds", type=click.IntRange(1, 50), default=5)
@click.option("--seconds", type=click.IntRange(1, 30), default=1, help="Length of a round.")
@click.option("--bounds/--no-bounds", "with_bounds", default=True, help="Try what each bounds; takes two minutes.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures there.")
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "data")
@click.option(
    "--peers", "environment", type=click.Path(file_okay=False, path_type=Path), default=ROOT / ".venv" / "bench"
)
def main(rounds: int, seconds: int, with_bounds: bool, json_file: Path | None, data: Path, environment: Path) -> None:
    """Measure listeners beside ours, and try what each bounds of its clients."""
    log = Console(stderr=True, highlight=False)
    load = os.getloadavg()[0]
    try:
        peers.install(environment)
        graph = graphs.real(data, log.print)
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="msevidence-listeners-")))
            start = partial(oxigraph_in_memory, environment / "bin", graph.nquads, scratch)
            servers = [stack.enter_context(ours(graph.home)), stack.enter_context(start())]
            text = next(w for w in workloads(servers[0]) if w.name == POINT).texts[0]
            body = scratch / "body.json"
            body.write_bytes(exchange(servers[0], "GET", target("/sparql", text), {"Accept": RESULTS})[1])
            for name in commands(environment / "bin", 0):
                servers.append(stack.enter_context(listening(environment / "bin", name, body)))
            found = {n: _rates(servers, text, n, rounds, seconds) for n in (1, 8)}
            seen = _bounds(servers, text) if with_bounds else {}
            size = body.stat().st_size
    except (peers.InstallError, graphs.GraphError, ServerError, wrk.WrkError) as error:
        raise click.ClickException(str(error)) from error
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, load average {load:.1f} and "
        f"{os.getloadavg()[0]:.1f}; one answer of {size:,} bytes, again and again, asked by "
        f"{'wrk' if wrk.is_there() else 'tests/bench/load.py'}; {rounds} rounds of {seconds} s in turn",
        highlight=False,
    )
    console.print(_table(found))
    if seen:
        console.print(_seen(seen))
    if json_file is not None:
        json_file.write_text(json.dumps({"requests_per_s": found, "bounds": seen}, indent=1), encoding="utf-8")


def _rates(servers: list[Server], text: str, connections: int, rounds: int, seconds: int) -> dict[str, list[float]]:
    if wrk.is_there():
        return wrk.rates(servers, text, connections, rounds, seconds)
    found: dict[str, list[float]] = {server.name: [] for server in servers}
    with generator() as asking:
        for _, server in product(range(rounds), servers):
            aims = [target(server.path, text)]
            told = asking.measure(Job(server.host, server.port, aims, connections, float(seconds), 1_000_000))
            found[server.name].append(len(told.latencies) / told.seconds)
    return found


def _bounds(servers: list[Server], text: str) -> dict[str, dict[str, str]]:
    """Try all side by side: waiting takes no processor."""

    def one(server: Server) -> dict[str, str]:
        large = target(server.path, EVERYTHING) if server.path != "/sparql" or server is servers[0] else "/large"
        return bounds.tried(server, Aims(target(server.path, text), large))

    with ThreadPoolExecutor(len(servers)) as threads:
        return dict(zip((server.name for server in servers), threads.map(one, servers), strict=True))


def _table(found: dict[int, dict[str, list[float]]]) -> Table:
    table = Table("listener", title=f"Requests a second, and their ratio to {OX_MEMORY}'s", title_justify="left")
    for connections in found:
        table.add_column(f"{connections} conn.", justify="right")
        table.add_column("ratio (lowest–highest)", justify="right")
    for name in found[1]:
        row = []
        for rates in found.values():
            ratios = [mine / theirs for mine, theirs in zip(rates[name], rates[OX_MEMORY], strict=True)]
            row += [f"{median(rates[name]):,.0f}", f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"]
        table.add_row(name, *row)
    return table


def _seen(seen: dict[str, dict[str, str]]) -> Table:
    first = next(iter(seen.values()))
    table = Table("listener", *first, title="What each did, with its defaults", title_justify="left")
    for name, told in seen.items():
        table.add_row(name, *told.values())
    return table


if __name__ == "__main__":
    main()

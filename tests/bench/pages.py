"""``python -m tests.bench.pages [HOME]``: the processor time of each type of page, server and workers together.

Without a home the graph of ``data/`` is built. Each page is asked for some times with the cache of whole answers off,
so that each time it is made anew; the first time is told apart, since it reads what is then kept for the release. A
client that has the page already asks too: that answer is a 304. Times are of the processor (``schedstat`` of Linux, in
nanoseconds), so what else the machine does matters less than for times of the clock.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table

from msevidence.loaders.build import build
from msevidence.server.app import create_app
from msevidence.server.settings import Settings
from tests.browser.page_types import REAL, STATUS

ROOT = Path(__file__).resolve().parents[2]
GOAL = 50.0
"""Milliseconds of processor time that a page of the real graph may take."""
HTML = {"Accept": "text/html,application/xhtml+xml", "Accept-Encoding": "gzip"}
MILLION = 1_000_000


def spent() -> float:
    """Return the processor time of this process and of its children, in milliseconds."""
    return sum(int(_schedstat(pid).split()[0]) for pid in _processes()) / MILLION


def _processes() -> list[str]:
    """Return this process and the workers, which the spawner makes its children."""
    me, found = os.getpid(), [str(os.getpid())]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text(encoding="utf-8")
        except OSError:  # it has ended
            continue
        if int(stat.rpartition(")")[2].split()[1]) == me:
            found.append(process.name)
    return found


def _schedstat(pid: str) -> str:
    try:
        # The sum over the threads: the file of the process has its first thread only.
        tasks = Path("/proc", pid, "task").iterdir()
        return str(sum(int((task / "schedstat").read_text().split()[0]) for task in tasks))
    except OSError:
        return "0"


def timed(client: FlaskClient, address: str, headers: dict[str, str], status: int) -> tuple[float, str]:
    """Ask once; return the processor time and the entity tag."""
    before = spent()
    response = client.get(address, headers=headers)
    took = spent() - before
    if response.status_code != status:
        raise click.ClickException(f"{address}: {response.status_code} and not {status}")
    return took, response.headers.get("ETag", "")


@click.command()
@click.argument("home", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=15, show_default=True, help="How often each page is made.")
def main(home: Path | None, rounds: int) -> None:
    """Print the median processor time of each type of page, the first time, and that of a 304."""
    with tempfile.TemporaryDirectory() as folder:
        if home is None:
            home = Path(folder)
            build(ROOT / "data", home)
        settings = replace(Settings(), cache_bytes=0)
        app = create_app(home, settings)
        try:
            _report(app.test_client(), rounds)
        finally:
            app.extensions["msevidence"].close()


def _report(client: FlaskClient, rounds: int) -> None:
    timed(client, "/opensearch.xml", HTML, 200)
    table = Table("page", "address", "first, ms", "median, ms", "greatest, ms", "304, ms")
    over = []
    for name, address in REAL.items():
        if name in STATUS:  # a refusal is no page of the graph
            continue
        first, tag = timed(client, address, HTML, 200)
        times = [timed(client, address, HTML, 200)[0] for _ in range(rounds)]
        known = [timed(client, address, {**HTML, "If-None-Match": tag}, 304)[0] for _ in range(rounds)]
        median = statistics.median(times)
        over += [name] if median > GOAL else []
        table.add_row(
            name, address, f"{first:.0f}", f"{median:.1f}", f"{max(times):.0f}", f"{statistics.median(known):.1f}"
        )
    console = Console(width=140 if not sys.stdout.isatty() else None)
    console.print(table)
    console.print(f"over {GOAL:.0f} ms: {', '.join(over) or 'none'}")


if __name__ == "__main__":
    main()

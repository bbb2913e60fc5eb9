"""``python -m tests.bench``: what a build and a load cost, and how the server does beside its peers, in one run.

The servers' answers are compared before anything is timed. Nothing here is part of the test suite: how long something
takes depends on what else the machine does, so the ratios of one run are what to look at.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import click
from rich.console import Console

from msevidence.server.releases import current
from tests.bench import building, loading, peers
from tests.bench.building import BuildError
from tests.bench.load import LoadError, generator
from tests.bench.loading import LoadingError
from tests.bench.measuring import Plan, measure
from tests.bench.report import Report
from tests.bench.servers import PEERS, Server, ServerError, ours
from tests.bench.workloads import AnswerError, check, workloads

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 120
SETTLED = 20.0
"""Seconds that the run needs beside its measurements, at most."""

LOADED = 1_000
"""Records of each format that this run loads."""


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), default=ROOT / "build" / "bench.json",
    help="Write all figures there.",
)  # fmt: skip
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "data")
@click.option(
    "--peers", "environment", type=click.Path(file_okay=False, path_type=Path), default=ROOT / ".venv" / "bench",
    help="Environment of the peers; made from tests/bench/requirements.txt if need be.",
)  # fmt: skip
@click.option("--builds", type=click.IntRange(1, 20), default=5, help="Builds to take the median of.")
@click.option(
    "--rounds", type=click.IntRange(1, 20), default=Plan.rounds, help="Rounds of every measurement over HTTP."
)
@click.option("--seconds", type=click.FloatRange(0.05, 10), default=Plan.seconds, help="Length of a round.")
@click.option("--loading/--no-loading", "with_loading", default=True, help="Load records, too; takes two minutes.")
@click.option("--limit", type=click.FloatRange(30), default=230.0, help="Seconds after which no measurement is begun.")
def main(
    json_file: Path,
    data: Path,
    environment: Path,
    builds: int,
    rounds: int,
    seconds: float,
    with_loading: bool,
    limit: float,
) -> None:
    """Build the release and measure it; serve it beside Oxigraph's server and rdflib-endpoint and measure those.

    Then load a thousand records beside rdflib; ``python -m tests.bench.loading`` does that with more of them.

    \b
    Example:
      python -m tests.bench --json build/bench.json
    """
    log = Console(stderr=True, highlight=False)
    left_out: dict[str, str] = {}
    try:
        log.print(f"peers: {environment}")
        peers.install(environment)
        versions = peers.versions(environment)
    except peers.InstallError as error:
        left_out = dict.fromkeys(PEERS, str(error))
        versions = {}
    started = time.monotonic()  # what follows is the run; the peers are installed once
    try:
        report = _run(data, environment, builds, Plan(rounds=rounds, seconds=seconds), started + limit, left_out, log)
        if with_loading:
            report = replace(report, loading=loading.measure([LOADED], list(loading.copies.FOLDERS), 1, log.print))
    except (BuildError, ServerError, LoadError, AnswerError, LoadingError) as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    report.versions.update({name: versions[name] for name in ("oxigraph", "rdflib-endpoint", "rdflib") if versions})
    report.show(Console(width=None if sys.stdout.isatty() else WIDTH))
    report.write(json_file)
    log.print(f"all figures: {json_file}")


def _run(
    data: Path, environment: Path, builds: int, plan: Plan, until: float, left_out: dict[str, str], log: Console
) -> Report:
    started = time.monotonic()
    load = f"{os.getloadavg()[0]:.2f}"
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="msevidence-bench-")))
        log.print(f"{builds + 1} builds; the first warms the machine")
        homes = [scratch / f"home-{number}" for number in range(builds + 1)]
        built = building.measure(data, homes)[1:]
        release = current(homes[-1])
        nquads = release.path / "data.nq"
        log.print("servers")
        servers: list[Server] = [stack.enter_context(ours(homes[-1]))]
        for name, (program, start) in PEERS.items():
            if name in left_out:
                continue
            if not (environment / "bin" / program).is_file():
                left_out[name] = f"{program} is not in {environment}"
                continue
            try:
                servers.append(stack.enter_context(start(environment / "bin", nquads, scratch)))
            except ServerError as error:
                left_out[name] = str(error)
        log.print("answers")
        asked = workloads(servers[0])
        rows = {workload.name: check(workload, servers) for workload in asked}
        figures, unmeasured = measure(
            stack.enter_context(generator()), servers, asked, plan, until - SETTLED, log.print
        )
    return Report(
        machine={
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "load average before and after": f"{load}, {os.getloadavg()[0]:.2f}",
        },
        versions={"python": platform.python_version()}
        | {name: version(name) for name in ("msevidence", "pyoxigraph", "pyshacl", "flask", "uvloop", "httptools")},
        release={"release": release.id, "quads": release.quads},
        plan=plan,
        builds=built,
        figures=figures,
        unmeasured=unmeasured,
        left_out=left_out,
        rows=rows,
        seconds=time.monotonic() - started,
    )


if __name__ == "__main__":
    main()

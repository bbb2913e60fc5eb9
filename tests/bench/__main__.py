"""``python -m tests.bench``: speed, memory and starting beside the peers, in one run that says which goals are met.

The servers' answers are compared before anything is timed. Nothing here is part of the test suite: how long something
takes depends on what else the machine does, so the ratios of one run are what to look at.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console

from tests.bench import graphs, parts, peers, report, serving
from tests.bench.building import BuildError
from tests.bench.comparing import AnswerError
from tests.bench.graphs import Graph, GraphError
from tests.bench.load import LoadError
from tests.bench.loading import LoadingError
from tests.bench.measuring import Plan
from tests.bench.memory import PssError
from tests.bench.parts import PartError
from tests.bench.servers import ServerError
from tests.bench.starting import StartError

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
WIDTH = 150
PARTS = ("serving", "build", "validation", "start", "memory", "loading")
FAILURES = (
    *(AnswerError, BuildError, GraphError, LoadError, LoadingError, PartError, PssError, ServerError, StartError),
    OSError,
)
SMALL = 1_000
"""Studies whose graph is validated beside pyshacl in every run: 150 k triples."""


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option(
    "--studies", "sizes", type=click.IntRange(0), multiple=True, default=(10_000,),
    help="Size of a generated graph, beside the real one; may be given again. 0: none.",
)  # fmt: skip
@click.option("--real/--no-real", "with_real", default=True, help="Measure the graph of the data, too.")
@click.option("--only", help=f"Parts of the run, with commas, of {','.join(PARTS)}. Unless told, all but loading.")
@click.option("--asked", help="Ask only what has this in its name, as `stored: harms`; with commas, several.")
@click.option(
    "--without", multiple=True, type=click.Choice(list(serving.PEERS)), help="A peer to leave out; may be given again."
)
@click.option(
    "--rounds", type=click.IntRange(1, 50), default=Plan.rounds, help="Rounds of every measurement over HTTP."
)
@click.option("--seconds", type=click.FloatRange(0.05, 10), default=Plan.seconds, help="Length of a round.")
@click.option("--repetitions", type=click.IntRange(1, 20), default=3, help="Of builds, publications, validations.")
@click.option("--starts", type=click.IntRange(1, 50), default=9, help="Cold starts of each kind.")
@click.option("--limit", type=click.FloatRange(1), default=3600.0, help="Seconds after which a graph is asked no more.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), default=ROOT / "build" / "bench.json",
    help="Write all figures there.",
)  # fmt: skip
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "data")
@click.option(
    "--peers", "environment", type=click.Path(file_okay=False, path_type=Path), default=ROOT / ".venv" / "bench",
    help="Environment of the peers; made from tests/bench/requirements.txt if need be.",
)  # fmt: skip
def main(
    sizes: tuple[int, ...],
    with_real: bool,
    only: str | None,
    asked: str | None,
    without: tuple[str, ...],
    rounds: int,
    seconds: float,
    repetitions: int,
    starts: int,
    limit: float,
    json_file: Path,
    data: Path,
    environment: Path,
) -> None:
    """Serve the real graph and generated ones beside other servers, and measure building, validating and starting.

    The graphs are kept in build/bench between runs.

    \b
    Examples:
      python -m tests.bench
      python -m tests.bench --only serving --studies 100000 --no-real
      python -m tests.bench --only start,memory
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no server is left behind
    chosen = _chosen(only)
    sizes = tuple(size for size in sizes if size)
    log = Console(stderr=True, highlight=False)
    begun, load = time.monotonic(), os.getloadavg()

    def tell(what: str) -> None:
        log.print(what, markup=False)

    programs, versions = _peers(environment, tell)
    plan = Plan(rounds=rounds, seconds=seconds)
    run = _Run(tell)
    try:
        with tempfile.TemporaryDirectory(prefix="msevidence-bench-") as folder:
            scratch = Path(folder)
            needed = chosen & {"serving", "start", "memory"}
            real = run.does("the real graph", lambda: graphs.real(data, tell)) if needed and with_real else None
            if "build" in chosen:
                run.part("build of all documents", lambda: parts.build(data, scratch, repetitions))
                for size in sizes:
                    run.part(f"publishing, {size:,} studies", lambda size=size: parts.publish(size, repetitions))
            if "validation" in chosen:
                run.part("validation", lambda: parts.validation(tuple(dict.fromkeys((SMALL, *sizes))), repetitions))
            if real is not None and "start" in chosen:
                run.part("start", lambda: parts.start(real, programs, scratch, starts))
            if real is not None and "memory" in chosen:
                run.part("memory", lambda: parts.sizes(real))
            if "serving" in chosen:
                words = tuple(word.strip() for word in asked.split(",")) if asked else ()

                def served(graph: Graph) -> report.Part:
                    found = serving.serve(graph, programs, plan, limit, frozenset(without), tell, words)
                    return report.of_serving(found)

                if real is not None:
                    run.part("serving, real", lambda: served(real))
                for size in sizes:
                    graph = run.does(f"{size:,} studies", lambda size=size: graphs.generated(size, tell))
                    if graph is not None:
                        run.part(f"serving, {size:,} studies", lambda graph=graph: served(graph))
            if "loading" in chosen:
                run.part("loading", lambda: parts.load(tell))
    finally:  # also of a run that was ended: of the parts that came to theirs
        found = report.Report(_machine(load), _versions(versions), run.parts, run.missing, time.monotonic() - begun)
        found.show(Console(width=None if sys.stdout.isatty() else WIDTH))
        found.write(json_file)
        tell(f"all figures: {json_file}")
    if run.missing:
        raise SystemExit(1)


class _Run:
    """The run so far: one part that fails does not end it."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.parts: list[report.Part] = []
        self.missing: dict[str, str] = {}
        self._tell = tell

    def does(self, name: str, what: Callable[[], T]) -> T | None:
        """Do something, and note where it fails."""
        self._tell(f"== {name}")
        try:
            return what()
        except FAILURES as error:
            self.missing[name] = f"{type(error).__name__}: {error}"
            self._tell(f"{name}: {self.missing[name]}")
            return None

    def part(self, name: str, what: Callable[[], report.Part]) -> None:
        """Do a part, and keep what it found."""
        found = self.does(name, what)
        if found is not None:
            self.parts.append(found)


def _chosen(only: str | None) -> frozenset[str]:
    if only is None:
        return frozenset(PARTS) - {"loading"}
    chosen = frozenset(word.strip() for word in only.split(","))
    if unknown := chosen - set(PARTS):
        raise click.UsageError(f"--only {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    return chosen


def _peers(environment: Path, tell: Callable[[str], None]) -> tuple[Path | None, dict[str, str]]:
    """Return where the programs of the peers are, and the versions of their packages; nothing where there are none."""
    tell(f"peers: {environment}")
    try:
        peers.install(environment)
        return environment / "bin", peers.versions(environment)
    except peers.InstallError as error:
        tell(f"no peers: {error}")
        return None, {}


def _machine(load: tuple[float, float, float]) -> dict[str, object]:
    now = os.getloadavg()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "load average before and after": f"{load[0]:.2f}, {now[0]:.2f}",
    }


def _processor() -> str:
    """Return the model's name, where it is told."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _versions(peers_have: dict[str, str]) -> dict[str, str]:
    ours = ("msevidence", "pyoxigraph", "pyshacl", "flask", "uvloop", "httptools")
    theirs = ("oxigraph", "rdflib-endpoint", "rdflib")
    found = {"python": platform.python_version(), **{name: version(name) for name in ours}}
    return found | {f"{name} (peer)": peers_have[name] for name in theirs if name in peers_have}


if __name__ == "__main__":
    main()

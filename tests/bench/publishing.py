"""From statements to a published release, by stage, beside a bare bulk load of the same quads in the same run.

    python -m tests.bench.building --studies 10000

Each repetition publishes the graph of so many studies (tests/bench/generated.py) into an empty home in a fresh process,
then loads the ``data.nq`` of that release into an empty store on disk in another, with the engine's own loader and
nothing else. Validation is measured apart. Seconds of the clock tell what a person waits for where the machine is
quiet; CPU seconds, of child processes too, tell the work where it is not. The slowest stage is profiled in a last run.
"""

from __future__ import annotations

import cProfile
import io
import json
import os
import platform
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import click
import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[2]
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 4 * 2**20
GOAL = 2.0
"""Times the bare bulk load that publishing may take."""
SHOWN = 12
"""Functions of the profile."""
SORTED = "sorted"
COUNTED = "counted (VoID)"
BARE = "bare bulk load"


@click.command()
@click.option("--studies", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--repetitions", type=click.IntRange(1), default=3, show_default=True)
@click.option("--scratch", type=click.Path(file_okay=False, path_type=Path), help="Where to write; a temporary folder.")
@click.option("--json", "as_json", is_flag=True)
def main(studies: int, repetitions: int, scratch: Path | None, as_json: bool) -> None:
    """Measure publishing beside a bare bulk load."""
    from tests.bench import generated

    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        quads = Path(folder, "quads.nq")
        generated.write(quads, studies)
        runs = [_measured(quads, Path(folder, f"home-{n}")) for n in range(repetitions)]
        slowest = max(runs[0]["stages"], key=lambda stage: _cpu(runs, stage))
        profile = _child("profile", quads, Path(folder, "home-profile"), slowest)["profile"]
    if as_json:
        click.echo(json.dumps({"studies": studies, "runs": runs, "profile": profile}, indent=2))
        return
    click.echo("\n".join(_told(studies, runs, slowest, profile)))


def _measured(quads: Path, home: Path) -> dict[str, Any]:
    """Publish once, and load the same quads once."""
    run = _child("publish", quads, home)
    [data] = home.glob("releases/*/data.nq")
    run["bare"] = _child("bare", data, home / "bare")
    subprocess.run(["rm", "-rf", str(home)], check=True)
    return run


def _child(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.publishing", *map(str, arguments)]
    found = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    told: dict[str, Any] = json.loads(found)
    return told


def _told(studies: int, runs: list[dict[str, Any]], slowest: str, profile: str) -> Iterator[str]:
    first = runs[0]
    cores = os.cpu_count()
    yield f"{platform.processor() or platform.machine()}, {cores} cores, Python {platform.python_version()}"
    yield f"load of the machine {os.getloadavg()[0]:.1f}; {len(runs)} runs of {studies:,} studies,"
    yield f"{first['named']:,} quads of named graphs, {first['quads']:,} lines of data.nq"
    yield f"{'stage':<20}{'clock s':>10}{'CPU s':>10}{'clock, lowest and highest':>30}"
    for stage in first["stages"]:
        walls = [run["stages"][stage]["wall"] for run in runs]
        yield f"{stage:<20}{median(walls):>10.2f}{_cpu(runs, stage):>10.2f}{min(walls):>20.2f}{max(walls):>10.2f}"
    for name, pick in (("published", lambda run: run["whole"]), (BARE, lambda run: run["bare"])):
        walls = [pick(run)["wall"] for run in runs]
        cpu = median(pick(run)["cpu"] for run in runs)
        yield f"{name:<20}{median(walls):>10.2f}{cpu:>10.2f}{min(walls):>20.2f}{max(walls):>10.2f}"
    for what, key in (("clock", "wall"), ("CPU", "cpu")):
        ratios = [run["whole"][key] / run["bare"][key] for run in runs]
        yield f"times the bare load, {what}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); goal {GOAL}"
    rates = [run["named"] / run["whole"]["wall"] for run in runs]
    yield f"{median(rates):,.0f} quads of named graphs a second ({min(rates):,.0f} to {max(rates):,.0f})"
    peak, bare = (max(run["peak"] for run in these) / 1e6 for these in (runs, [run["bare"] for run in runs]))
    yield f"peak of memory: {peak:.0f} MB; {BARE}: {bare:.0f} MB"
    yield f"profile of the slowest stage, {slowest}:"
    yield profile


def _cpu(runs: list[dict[str, Any]], stage: str) -> float:
    return median(run["stages"][stage]["cpu"] for run in runs)


class _Clock:
    """Takes the time between stages; profiles one of them where asked."""

    def __init__(self, profiled: str = "") -> None:
        self.stages: dict[str, dict[str, float]] = {}
        self._profiled = profiled
        self._order: list[str] = []
        self.profile = cProfile.Profile(time.process_time) if profiled else None
        self._before = _now()
        if self.profile is not None:
            self.profile.enable()

    def stage(self, name: str) -> None:
        now = _now()
        self.stages[name] = {key: now[key] - self._before[key] for key in now}
        if self.profile is not None:
            self.profile.disable()
            if name != self._profiled:
                self.profile.clear()
                self.profile.enable()
            else:
                raise _DoneError
        self._before = _now()


class _DoneError(Exception):
    """Raised to end a run whose profile is taken."""


def _now() -> dict[str, float]:
    return {"wall": time.perf_counter(), "cpu": sum(os.times()[:4])}


def _publish(quads: Path, home: Path, profiled: str = "") -> dict[str, Any]:
    from msevidence.loaders.partitions import Tally
    from msevidence.loaders.release import publish
    from msevidence.loaders.release_lines import canonical, in_order
    from msevidence.ontology.iris import graph_iri
    from msevidence.ontology.namespaces import BASE

    clock, start = _Clock(profiled), _now()
    reserved = str(graph_iri("release"))
    try:
        lines = in_order(_lines(quads), reserved, quads.parent)
        clock.stage(SORTED)
        own = Tally(lines.merged()).statements()
        for some in canonical(own, reserved):
            lines.add(some)
        clock.stage(COUNTED)
        release = publish(
            lines,
            home,
            base=BASE,
            version="0+generated",
            sources=[],
            validation_report="# measured apart\n",
            built=BUILT,
            stage=clock.stage,
        )
    except _DoneError:
        assert clock.profile is not None
        shown = io.StringIO()
        pstats.Stats(clock.profile, stream=shown).sort_stats("tottime").print_stats(SHOWN)
        table = shown.getvalue().partition("ncalls")
        return {"profile": (table[1] + table[2]).replace(str(ROOT) + "/", "").rstrip()}
    end = _now()
    manifest = release.manifest
    assert str(graph_iri("meta")) not in manifest.graphs
    return {
        "stages": clock.stages,
        "whole": {key: end[key] - start[key] for key in end},
        "quads": manifest.quads,
        "named": manifest.quads - manifest.default_graph_triples,
        "peak": _peak(),
    }


def _lines(quads: Path) -> Iterator[bytes]:
    """Yield the lines but those of the graph ``meta``, which speaks of the files of ``data/``."""
    from msevidence.ontology.iris import graph_iri

    meta = f" <{graph_iri('meta')}> .\n".encode()
    with quads.open("rb") as file:
        while lines := file.readlines(CHUNK):
            yield b"".join(line for line in lines if not line.endswith(meta))


def _bare(quads: Path, folder: Path) -> dict[str, float]:
    store = ox.Store(str(folder))
    start = _now()
    store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    store.flush()
    end = _now()
    return {
        **{key: end[key] - start[key] for key in end},
        "peak": _peak(),
    }


def _peak() -> int:
    """Return the most memory that this process has held, in bytes; ``ru_maxrss`` would count what its parent held."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    what, first, second = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    print(json.dumps(_bare(first, second) if what == "bare" else _publish(first, second, *sys.argv[4:])))

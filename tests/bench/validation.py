"""The compiled shapes beside pyshacl: ``python -m tests.bench.validation --triples 150000 --triples 1500000``.

Each engine reads the same N-Triples and the same shapes and validates, in a process of its own, in turn within a round,
and says what it found: where the results differ, nothing is measured. Starting Python and importing are not counted;
reading data and shapes is. Ratios are of processor time, which other work on the machine changes least, and of wall
time. pyshacl runs twice: as it comes, with rdflib reading the file, and on a graph that pyoxigraph read for it, as this
project fed it before. The shapes are Core, without the rules.

The graph is one of tests/bench/generated.py, its studies made faulty here and there so that there are results.
"""

import hashlib
import json
import logging
import math
import os
import resource
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[2]
PER_STUDY = 156
"""Triples of a study in a generated graph, about."""
FAULTY = 1009
"""One statement in so many is broken: about as many results as the graph has things in ten thousand."""
OURS, AS_IT_COMES, FED = "compiled", "pyshacl", "pyshacl-fed"
ENGINES = (OURS, AS_IT_COMES, FED)
GOAL = 7.0
Parts = tuple[Callable[[], Any], Callable[[Any], Any]]


def faulty(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines of N-Triples, of N-Quads; one in many is missing, and one in many has another text twice."""
    for number, quad in enumerate(lines):
        line = quad.rsplit(b" ", 2)[0] + b" .\n"
        if number % FAULTY == 7:
            continue
        yield line
        if number % FAULTY == 500 and line.count(b'"') >= 2:
            yield line.replace(b'"', b'"not ', 1)


def write(path: Path, triples: int) -> int:
    """Write a graph of about so many triples, and return how many statements it has."""
    from tests.bench.generated import quads

    count = 0
    with path.open("wb") as file:
        for line in faulty(quads(max(1, round(triples / PER_STUDY)))):
            file.write(line)
            count += 1
    return count


def once(engine: str, file: Path) -> dict[str, Any]:
    """Read and validate here; return seconds, peak memory in bytes, and the results as a count and hash."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it logs every literal that is ill-formed
    warnings.simplefilter("ignore")
    read, run = _parts(engine, file)
    wall, cpu = time.perf_counter(), time.process_time()
    data = read()
    read_wall, read_cpu = time.perf_counter() - wall, time.process_time() - cpu
    report = run(data)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = _peak()
    found, digest = _digest(report)
    return {
        "wall": wall, "cpu": cpu, "read_wall": read_wall, "read_cpu": read_cpu, "peak": peak, "results": found,
        "digest": digest,
    }  # fmt: skip


def _peak() -> int:
    """Return the peak memory of this process in bytes; where Linux tells, without that of the process it came from."""
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _parts(engine: str, file: Path) -> Parts:
    """Return how an engine reads the data, and how it reads the shapes and validates; all is imported before."""
    import rdflib
    from rdflib import Graph

    from msevidence.ontology import shacl_referee, validation_reading
    from msevidence.ontology.shacl_compile import compiled
    from msevidence.ontology.shacl_data import Columns
    from msevidence.ontology.shacl_validate import core_report
    from msevidence.ontology.validation_report import shape_files, term_files

    files = [*term_files(), file]

    def columns() -> Columns:
        data = Columns()
        for part in files:
            data.take(validation_reading.read_statements(part))
        return data

    def ours(data: Columns) -> Graph:
        report, refused = core_report(compiled(validation_reading.read_graph(shape_files())), data)
        assert refused == ()
        return report

    def by_rdflib() -> Graph:
        rdflib.NORMALIZE_LITERALS = False  # else it would validate other literals than were written
        graph = Graph()
        for part in files:
            graph.parse(part, format={".nt": "nt", ".ttl": "turtle"}[part.suffix])
        return graph

    def shapes_by_rdflib() -> Graph:
        graph = Graph()
        for part in shape_files():
            graph.parse(part, format="turtle")
        return graph

    return {
        OURS: (columns, ours),
        AS_IT_COMES: (by_rdflib, lambda data: shacl_referee.report_graph(data, shapes_by_rdflib())),
        FED: (
            lambda: validation_reading.read_graph(files),
            lambda data: shacl_referee.report_graph(data, validation_reading.read_graph(shape_files())),
        ),
    }[engine]


def _digest(report: Any) -> tuple[int, str]:
    from msevidence.ontology.validation_compared import found_in

    found: Counter[Any] = found_in(report)
    lines = sorted(repr(violation) for violation in found.elements())
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()


def measured(file: Path, engines: tuple[str, ...], rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Run the engines in turn, each in a process of its own; raise ClickException where their results differ."""
    runs: dict[str, list[dict[str, Any]]] = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            command = [sys.executable, "-m", "tests.bench.validation", "--once", engine, str(file)]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
            runs[engine].append(json.loads(done.stdout))
    told = {(run["results"], run["digest"]) for found in runs.values() for run in found}
    if len(told) != 1:
        raise click.ClickException(f"the engines differ: {told}")
    return runs


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """Return the exponent of growth, fitted over all sizes by least squares on logarithms.

    >>> round(exponent([10, 100, 1000], [1.0, 10.0, 100.0]), 6)
    1.0
    """
    xs, ys = [math.log(n) for n in sizes], [math.log(s) for s in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def _told(name: str, runs: dict[str, list[dict[str, Any]]]) -> None:
    for engine, found in runs.items():
        cpu, wall = [r["cpu"] for r in found], [r["wall"] for r in found]
        click.echo(
            f"  {engine:12} cpu {median(cpu):8.2f} s ({min(cpu):.2f}–{max(cpu):.2f}), of it reading"
            f" {median([r['read_cpu'] for r in found]):.2f}; wall {median(wall):.2f} s;"
            f" peak {max(r['peak'] for r in found) / 1e6:,.0f} MB"
        )
    for engine in [e for e in runs if e != OURS]:
        for kind in ("cpu", "wall"):
            ratios = [theirs[kind] / ours[kind] for theirs, ours in zip(runs[engine], runs[OURS], strict=True)]
            met = "met" if min(ratios) >= GOAL else "missed"
            click.echo(
                f"  {engine} / compiled, {kind}: {median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f});"
                f" goal {GOAL:g}: {met}"
            )


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--triples", type=int, multiple=True, default=(150_000,), help="Size of a graph; may be given again.")
@click.option("--rounds", type=click.IntRange(1, 20), default=3, help="Rounds at the smallest size.")
@click.option("--rounds-large", type=click.IntRange(1, 20), default=1, help="Rounds at the others.")
@click.option("--engine", "engines", type=click.Choice(ENGINES), multiple=True, default=ENGINES)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures there.")
@click.option("--once", "alone", type=(click.Choice(ENGINES), click.Path(path_type=Path)), hidden=True)
def main(
    triples: tuple[int, ...],
    rounds: int,
    rounds_large: int,
    engines: tuple[str, ...],
    json_file: Path | None,
    alone: tuple[str, Path] | None,
) -> None:
    """Measure the compiled shapes beside pyshacl, and print ratios, memory and growth."""
    if alone is not None:
        click.echo(json.dumps(once(*alone)))
        return
    chosen = tuple(engine for engine in ENGINES if engine == OURS or engine in engines)
    told: dict[int, dict[str, list[dict[str, Any]]]] = {}
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    click.echo(f"{os.cpu_count()} processors, load {load}; Core shapes of this project, reading included")
    with TemporaryDirectory() as folder:
        for size in sorted(triples):
            file = Path(folder) / f"{size}.nt"
            count = write(file, size)
            told[count] = measured(file, chosen, rounds if size == min(triples) else rounds_large)
            found = told[count][OURS][0]["results"]
            click.echo(f"{count:,} statements, {found:,} results, the same from all")
            _told(str(size), told[count])
            file.unlink()
    if len(told) > 1:
        for engine in chosen:
            seconds = [median([r["cpu"] for r in runs[engine]]) for runs in told.values()]
            click.echo(f"growth of {engine}: n^{exponent(list(told), seconds):.2f}")
    if json_file is not None:
        json_file.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

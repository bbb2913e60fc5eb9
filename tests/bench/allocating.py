"""How long the engine takes for the stored questions with memory as workers get it, and as the C library gives it.

    python -m tests.bench.allocating --home HOME

Each round asks all questions of a release's store, in memory, in a process of either kind in turn; of each question the
ratio counts, and over all their geometric mean. What is taken is CPU time, since others use the machine. Nothing here
is part of the tests.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import geometric_mean, median, quantiles

import click
import pyoxigraph as ox

from msevidence.queries import load_questions
from msevidence.server.releases import current
from msevidence.server.spawner import MALLOC
from tests.bench.workloads import uncommented

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 0.05
"""Seconds; a question that takes longer is left out, it would take most of the time."""


@click.command()
@click.option("--home", type=click.Path(exists=True, path_type=Path), required=True, help="With a release.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--times", default=20, show_default=True, help="Each question is asked in a round.")
def main(home: Path, rounds: int, times: int) -> None:
    """Measure both in turns, and print the ratios."""
    data = current(home).path / "data.nq"
    plain, given = {k: v for k, v in os.environ.items() if k not in MALLOC}, {**os.environ, **MALLOC}
    found = [(_asked(data, times, plain), _asked(data, times, given)) for _ in range(rounds)]
    ratios = {name: [one[name] / other[name] for one, other in found] for name in found[0][0]}
    for name, each in sorted(ratios.items(), key=lambda item: median(item[1])):
        took = 1000 * median(other[name] for _, other in found)
        print(f"{name:45} {took:8.3f} ms of CPU, without it {median(each):.2f} times ({min(each):.2f}–{max(each):.2f})")
    means = [geometric_mean(each[n] for each in ratios.values()) for n in range(rounds)]
    print(f"all {len(ratios)}: without it {median(means):.2f} times as long ({min(means):.2f}–{max(means):.2f})")


def _asked(data: Path, times: int, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.allocating", str(data), str(times)]
    told: dict[str, float] = json.loads(subprocess.check_output(command, env=environment, cwd=ROOT))
    return told


def asked(data: Path, times: int) -> dict[str, float]:
    """Return CPU seconds that each question takes, the lower quartile of so many times."""
    store = ox.Store()
    store.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
    found = {}
    for name, question in load_questions().items():
        text = uncommented(question.sparql)
        taken: list[float] = []
        for _ in range(times):
            begun = time.process_time()
            results = store.query(text)
            if isinstance(results, ox.QueryTriples):
                results.serialize(io.BytesIO(), ox.RdfFormat.TURTLE)
            else:
                results.serialize(io.BytesIO(), ox.QueryResultsFormat.JSON)
            taken.append(time.process_time() - begun)
            if taken[0] > LONGEST:
                break
        if taken[0] <= LONGEST:
            found[name] = quantiles(taken, n=4)[0]
    return found


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1].endswith(".nq"):
        print(json.dumps(asked(Path(sys.argv[1]), int(sys.argv[2]))))
    else:
        main()

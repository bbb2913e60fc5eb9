"""How long a build takes: several builds, each in a fresh process over an empty home.

    python -m tests.bench.building DATA HOME

builds once and prints the seconds of each stage and the peak memory as JSON; :func:`measure` runs that several times.

    python -m tests.bench.building --studies 10000

publishes a large generated graph, stage by stage, beside a bare bulk load of it (tests/bench/publishing.py).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("start and imports", "read and state", "SHACL", "rules, terms, coverage", "hash, store, publish")


class BuildError(Exception):
    """Raised when a build fails; what it wrote to standard error tells why."""


@dataclass(frozen=True)
class Build:
    """One build: wall and CPU seconds of its process from start to end, its stages, its peak memory in bytes."""

    wall: float
    cpu: float
    stages: dict[str, float]
    peak_self: int
    peak_children: int
    """The largest of its child processes; it may have been there at the same time."""

    @property
    def peak(self) -> int:
        """An upper bound of what was in memory at one time."""
        return self.peak_self + self.peak_children


def measure(data: Path, homes: list[Path]) -> list[Build]:
    """Build once into each home, one after the other.

    Raises:
        BuildError: a build failed.
    """
    return [_once(data, home) for home in homes]


def medians(builds: list[Build]) -> dict[str, Any]:
    """Return the median of every figure, for the report."""
    walls = [build.wall for build in builds]
    return {
        "repetitions": len(builds),
        "wall_s": median(walls),
        "wall_s_all": walls,
        "cpu_s": median(build.cpu for build in builds),
        "stages_s": {stage: median(build.stages[stage] for build in builds) for stage in STAGES},
        "shacl_share": median(build.stages["SHACL"] / build.wall for build in builds),
        "peak_self_bytes": max(build.peak_self for build in builds),
        "peak_children_bytes": max(build.peak_children for build in builds),
        "peak_bytes": max(build.peak for build in builds),
    }


def _once(data: Path, home: Path) -> Build:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.building", str(data), str(home)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout as out:
        printed = out.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BuildError(f"the build of {data} ended with {process.returncode}; see above")
    told = json.loads(printed)
    stages: dict[str, float] = told["stages"]
    stages[STAGES[0]] = wall - sum(stages.values())
    return Build(wall, usage.ru_utime + usage.ru_stime, stages, told["peak_self"], told["peak_children"])


def _build(data: Path, home: Path) -> dict[str, Any]:
    """Build, and take the time at which each stage ends."""
    from msevidence.loaders.build import build
    from msevidence.ontology import validation

    told: dict[tuple[str, bool], float] = {}
    shacl = 0.0
    core_report = validation.core_report

    def progress(stage: str, done: int, total: int) -> None:
        told.setdefault((stage, done == total), time.perf_counter())

    def timed(*graphs: Any) -> Any:
        nonlocal shacl
        before = time.perf_counter()
        try:
            return core_report(*graphs)
        finally:
            shacl += time.perf_counter() - before

    start = time.perf_counter()
    with patch.object(validation, "core_report", timed):  # the real one runs; only its time is taken
        build(data, home, progress)
    valid = told["validate", True] - told["validate", False]
    return {
        "stages": {
            STAGES[1]: told["validate", False] - start,
            STAGES[2]: shacl,
            STAGES[3]: valid - shacl,
            STAGES[4]: time.perf_counter() - told["validate", True],
        },
        "peak_self": _peak(resource.RUSAGE_SELF),
        "peak_children": _peak(resource.RUSAGE_CHILDREN),
    }


def _peak(whose: int) -> int:
    """Return ru_maxrss in bytes: Linux counts KiB, macOS bytes."""
    size = resource.getrusage(whose).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1].startswith("-"):
        from tests.bench.publishing import main

        main()
    print(json.dumps(_build(Path(sys.argv[1]), Path(sys.argv[2]))))

"""One stage of the measurement of growth, in a process of its own: ``python -m tests.bench.growth_stage STAGE FOLDER``.

Prints what it took as JSON: wall and CPU seconds and peak memory, and what there was of what. Where a stage has parts,
each has its own peak: the kernel is told to count anew when one begins (``/proc/self/clear_refs``; on another system
than Linux the peak is that of the process so far).
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

DATA, EXPORTS, HOME = "data", "exports", "home"
"""Folders of one size: what it is built from, what is loaded, and where the release goes."""


class Parts:
    """What the parts of a stage took; a part within another one is counted to itself alone."""

    def __init__(self, file: Path | None = None) -> None:
        """Write them to ``file`` as each ends, for a stage that does not come to its end."""
        self._file = file
        self.taken: dict[str, dict[str, float]] = {}
        self._open: list[str] = []
        self._since = _clocks()

    def begin(self, name: str) -> None:
        self._account()
        self._open.append(name)

    def end(self) -> None:
        self._account()
        self._open.pop()

    def turn(self, name: str) -> None:
        """End the part that is open, and begin another one."""
        if self._open:
            self.end()
        self.begin(name)

    def _account(self) -> None:
        wall, cpu = _clocks()
        if self._open:
            part = self.taken.setdefault(self._open[-1], {"wall_s": 0.0, "cpu_s": 0.0, "peak_bytes": 0})
            part["wall_s"] += wall - self._since[0]
            part["cpu_s"] += cpu - self._since[1]
            part["peak_bytes"] = max(part["peak_bytes"], peak())
            if self._file is not None:
                self._file.write_text(json.dumps(self.taken, indent=1) + "\n", encoding="utf-8")
        forget_peak()
        self._since = wall, cpu

    @contextmanager
    def timed(self, module: Any, function: str, name: str) -> Iterator[None]:
        """Run what a module calls ``function`` as a part; the real one runs, only its time is taken."""
        real: Callable[..., Any] = getattr(module, function)

        def measured(*args: Any, **kwargs: Any) -> Any:
            self.begin(name)
            try:
                return real(*args, **kwargs)
            finally:
                self.end()

        with patch.object(module, function, measured):
            yield


def _clocks() -> tuple[float, float]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime


def peak() -> int:
    """Return the peak of this process's memory in bytes, since it was last forgotten."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def forget_peak() -> None:
    """Have the kernel count the peak from now on (proc(5), clear_refs)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def build(folder: Path) -> dict[str, Any]:
    """Build the release of one size, by parts: reading, identity, review, counts, validation, publishing."""
    from msevidence.loaders import assembly
    from msevidence.loaders import build as building
    from msevidence.loaders.release import publish

    parts = Parts(folder / "build-parts.json")

    def published(*args: Any, **kwargs: Any) -> Any:
        # The name of what ends → what begins then; statements were sorted when they were counted.
        names = {
            "started": "merge and hash",
            "hashed": "describe",
            "described": "store",
            "loaded": "copy",
            "copied": "read back",
            "dumped": "index",
            "indexed": "check",
            "checked": "put in place",
        }
        told: Callable[[str], None] = kwargs.pop("stage", lambda name: None)

        def stage(name: str) -> None:
            told(name)
            if name in names:
                parts.turn(names[name])

        return publish(*args, **kwargs, stage=stage)

    with ExitStack() as stack:
        for function, name in (("judge", "identity"), ("review", "review"), ("_tallied", "count")):
            stack.enter_context(parts.timed(assembly, function, name))
        stack.enter_context(parts.timed(building, "shacl", "validate"))
        stack.enter_context(patch.object(building, "publish", published))
        parts.begin("read and state")
        outcome = building.build(folder / DATA, folder / HOME)
        parts.end()
    release = outcome.release.path
    return {
        "parts": parts.taken,
        "counts": outcome.counts,
        "quads": outcome.release.manifest.quads,
        "triples": outcome.release.manifest.default_graph_triples,
        "bytes": {
            "data.nq": (release / "data.nq").stat().st_size,
            "index.sqlite": (release / "index.sqlite").stat().st_size,
            "store": sum(file.stat().st_size for file in (release / "store").iterdir()),
        },
    }


def validate(folder: Path) -> dict[str, Any]:
    """Validate a generated graph (see generated.py), reading it included."""
    import pyoxigraph as ox

    from msevidence.ontology.validation import validate as shacl

    quads: Iterable[ox.Quad] = ox.parse(path=str(folder / "generated.nq"), format=ox.RdfFormat.N_QUADS)
    outcome = shacl(quads)
    if not outcome.conforms:
        raise ValueError(outcome.summary())
    return {"triples": outcome.triples if hasattr(outcome, "triples") else outcome.summary()}


STAGES = {"build": build, "validate": validate}


def main(stage: str, folder: Path) -> None:
    """Run a stage and print what it took."""
    start = _clocks()
    told = STAGES[stage](folder)
    end = _clocks()
    told["wall_s"], told["cpu_s"] = end[0] - start[0], end[1] - start[1]
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

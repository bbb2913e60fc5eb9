"""The graphs that servers are measured with: the real one, and generated ones, each a home with a release.

They are kept in ``build/bench/`` between runs. What a home is named by decides what is in it: size, seed, and the
content of every file of the program and the data that it was made by.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from msevidence.server.releases import Release, current

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench"
SEED = 1
SUFFIXES = frozenset({".py", ".ttl", ".rq", ".toml", ".yaml", ".txt", ".json"})
GENERATOR = "tests/bench/generated*.py"


class GraphError(Exception):
    """Raised when a graph can not be made; the message says why."""


@dataclass(frozen=True)
class Graph:
    """A release to serve."""

    name: str
    home: Path
    studies: int | None
    """Of a generated graph."""

    @property
    def release(self) -> Release:
        """The release of the home."""
        return current(self.home)

    @property
    def nquads(self) -> Path:
        """All its quads."""
        return self.release.path / "data.nq"


def real(data: Path, tell: Callable[[str], None], kept: Path = KEPT) -> Graph:
    """Return the graph of ``data``, built with the command if need be.

    Raises:
        GraphError: the build failed.
    """
    home = kept / f"real-{made_of((data, *_program()))}"
    if not (home / "current").exists():
        tell(f"building the real graph: {home}")
        _make(home, [Path(sys.executable).with_name("msevidence"), "build", "--data", data, "--home"])
    return Graph("real", home, None)


def generated(studies: int, tell: Callable[[str], None], seed: int = SEED, kept: Path = KEPT) -> Graph:
    """Return a generated graph of so many studies, made if need be.

    Raises:
        GraphError: it can not be made.
    """
    home = kept / f"{studies}-{seed}-{made_of((ROOT / 'data', *_program(), *sorted(ROOT.glob(GENERATOR))))}"
    if not (home / "current").exists():
        tell(f"making the graph of {studies:,} studies: {home}")
        _make(
            home,
            [sys.executable, "-m", "tests.bench.generated", "--studies", str(studies), "--seed", str(seed), "--home"],
        )
    return Graph(f"{studies:,} studies", home, studies)


def made_of(places: Iterable[Path]) -> str:
    """Return a short hash of the content of files, and of all files of folders that a release is made from."""
    known = hashlib.sha256()
    for place in places:
        files = [place] if place.is_file() else sorted(f for f in place.rglob("*") if f.suffix in SUFFIXES)
        for file in files:
            if file.is_file():
                known.update(f"{file.name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return known.hexdigest()[:12]


def _program() -> list[Path]:
    """Return the folders that decide what is in a release."""
    return [ROOT / name for name in ("ontology", "loaders", "queries")]


def _make(home: Path, command: list[str | Path]) -> None:
    """Run a command that publishes into the home at its end; what is half made is gone before the next run."""
    new = home.with_name(f".{home.name}-{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run([*command, new], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode:
            raise GraphError(
                f"{' '.join(map(str, command))} ended with {done.returncode}: "
                f"{done.stderr.decode(errors='replace').strip()[-500:]}"
            )
        new.rename(home)
        for stale in home.parent.glob(f"{home.name.rpartition('-')[0]}-*"):
            if stale != home:  # of another program or other data; a large one takes gigabytes
                shutil.rmtree(stale, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)

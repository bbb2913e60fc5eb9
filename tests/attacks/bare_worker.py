"""A worker without the guard in front of it: the one module of the attacks that knows how workers are started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msevidence.server import errors
from msevidence.server.pool import Question
from msevidence.server.releases import current
from msevidence.server.settings import Settings
from msevidence.server.spawner import Spawner

Ask = Callable[[str], str]
"""Asks a query as no stranger can: the answer, or the kind of the problem."""


@contextmanager
def bare_worker(home: Path, *, network: bool = False) -> Iterator[Ask]:
    """Start workers over the current release of a home; each query gets one of its own.

    Args:
        home: folder with a published release.
        network: leave the network open, as for the lane of allow-listed SERVICE clauses.
    """
    release = current(home)
    spawner = Spawner(Settings())

    def ask(query: str) -> str:
        worker = spawner.spawn(release, network=network)
        try:
            worker.ready()
            assert worker.confinement is not None and worker.confinement.complete, "this kernel confines no worker"
            return worker.ask(Question(query, "json"), deadline=20.0, cap=1 << 20).decode()
        except errors.Problem as problem:
            return problem.kind
        finally:
            worker.close()

    try:
        yield ask
    finally:
        spawner.close()

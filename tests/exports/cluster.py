"""A Dask cluster that tests start: a scheduler and workers, each a process of its own, on loopback, on free ports."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from msevidence.loaders.exports.parent import end_with_parent

PATIENCE = 60.0
"""Seconds that scheduler and workers may take to be there."""
QUIET = ["--host", "127.0.0.1", "--no-dashboard"]


@dataclass
class Cluster:
    """A scheduler, and its workers in the order of their start."""

    address: str
    workers: list["subprocess.Popen[bytes]"]


def _start(module: str, *arguments: str, folder: Path, paths: str | None = None) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **({} if paths is None else {"PYTHONPATH": paths})}
    with (folder / f"{module}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *QUIET, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            preexec_fn=end_with_parent,
        )


def until(true: object, what: str) -> None:
    """Wait until a condition holds."""
    assert callable(true)
    last = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > last:
            pytest.fail(f"{what} within {PATIENCE} s")
        time.sleep(0.05)


@contextmanager
def cluster(folder: Path, workers: int, paths: str | None = None) -> Iterator[Cluster]:
    """Run a scheduler and so many workers of one thread; they end with the block, whatever ends that.

    Args:
        folder: for their files.
        workers: how many.
        paths: ``PYTHONPATH`` of the workers.
    """
    pytest.importorskip("distributed")
    from distributed import Client

    file = folder / "scheduler.json"
    started = [_start("dask_scheduler", "--port", "0", "--scheduler-file", str(file), folder=folder)]
    try:
        until(lambda: file.exists() and file.read_text().strip().endswith("}"), "the scheduler does not start")
        address = json.loads(file.read_text())["address"]
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        started += [_start("dask_worker", address, *options, folder=folder, paths=paths) for _ in range(workers)]
        with Client(address, timeout=PATIENCE, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(workers, timeout=PATIENCE) if workers else None
        yield Cluster(address, started[1:])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()

"""Runs :mod:`~msevidence.loaders.exports.child`: one process a source, with bounded memory and time."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msevidence.loaders.exports.faults import ExportError

SECONDS, BYTES_PER_SECOND = 600, 10_000
"""A source may take ten minutes, and a second more for each of these bytes (100 times what it needs)."""

MEMORY = 2 * 2**30
"""Bytes of address space of the process: rdflib and the shapes take some 300 MB, a record ten times its size."""


def convert_apart(
    path: Path,
    name: str,
    sha256: str,
    target: Path,
    *,
    strict: bool,
    tell: Callable[[int], None],
    memory: int = MEMORY,
) -> None:
    """Convert the source at ``path`` into ``target`` in a process of its own.

    Raises ExportError where it cannot be read, and where the process does not survive it or takes too long; OSError
    where the outcome cannot be written.
    """
    command = [sys.executable, "-m", "msevidence.loaders.exports.child", str(path), name, sha256, str(target)]
    command.append(str(memory))
    limit = SECONDS + path.stat().st_size / BYTES_PER_SECOND
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        child = subprocess.Popen(
            [*command, *(["--strict"] if strict else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        clock = threading.Timer(limit, child.kill)
        clock.start()
        try:
            last = _followed(child, tell)
        finally:
            late = not clock.is_alive()
            clock.cancel()
            child.kill()
            child.wait()
        if "done" in last:
            return
        if "error" in last:
            fault = last["error"]
            raise ExportError(fault["message"], fault["path"], fault["line"], fault["field"])
        if "disk" in last:
            raise OSError(last["disk"]["errno"], last["disk"]["strerror"], str(target))
        if late:
            raise ExportError(f"was not read in {limit:.0f} s; split it", name)
        errors.seek(0)
        said = errors.read().strip().splitlines()
        why = said[-1] if said else f"it ended with code {child.returncode}"
        raise ExportError(f"the process that reads it did not survive it ({why}); please report this file", name)


def _followed(child: "subprocess.Popen[str]", tell: Callable[[int], None]) -> dict[str, Any]:
    """Pass on how far the child is; return its last line."""
    last: dict[str, Any] = {}
    assert child.stdout is not None
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if "read" in said:
            tell(said["read"])
        else:
            last = said
    return last

"""A process that runs commands of the product in forks of itself, and kills one at the step that a test names.

A step is a call that changes the file system below a folder, or sends a request. An undisturbed run gives their list;
then the same command is run and dies before the nth of them, or directly after a file was opened for writing. What the
engine and SQLite write between two calls is met by killing at random moments. Only the process of the command is
killed: what it has started is left behind, as ``kill -9`` leaves it, and told.
"""

from __future__ import annotations

import builtins
import ctypes
import functools
import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
PR_SET_CHILD_SUBREAPER = 36
LAST_BREATH = 30.0
"""Seconds in which what a killed process has started must have ended."""
CALLS = ("mkdir", "rmdir", "unlink", "remove", "rename", "replace", "link", "symlink", "truncate", "fsync", "chmod")
_NUMBERS = re.compile(r"[0-9a-f]{64}|\d+|\bstore/\S+")
"""What differs between files of one kind: ids of releases, numbers, and how the engine calls its files."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Order:
    """A command to be run, and when it is to be killed.

    ``run`` is ``cli`` (the command line) or ``publish`` (a home and a word: ``release_helper.publish_small``).
    """

    run: str
    arguments: tuple[str, ...]
    below: str = "/"
    """The folder whose changes are steps."""
    kill: tuple[str, int] | None = None
    """The step that it is killed at: a kind of steps, and which of them, counted from 0."""
    after: float | None = None
    """The seconds after which it is killed."""
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    """Its exit code; -9 where it was killed."""
    steps: tuple[str, ...]
    said: str
    """What it wrote on standard output and error."""
    seconds: float
    left: tuple[str, ...]
    """What it had started and was still there long after."""

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL

    def counted(self) -> list[tuple[str, int]]:
        """Return the kind of each step, with how many of it came before."""
        before: Counter[str] = Counter()
        found = []
        for step in self.steps:
            found.append((kind_of(step), before[kind_of(step)]))
            before[kind_of(step)] += 1
        return found

    def past(self, kind: str) -> bool:
        """Tell whether a step of this kind was done: another one came after it."""
        return any(kind_of(step) == kind for step in self.steps[:-1])


def kind_of(step: str) -> str:
    """Return the kind of a step: the same call on files that differ in their numbers is one kind."""
    return _NUMBERS.sub("#", step)


class Stepper:
    """The side of the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1772600767"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.stepping", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, order: Order) -> Ended:
        """Run a command."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        said = (self._folder / "said").read_text(encoding="utf-8", errors="replace")
        steps = (self._folder / "steps").read_text(encoding="utf-8", errors="replace").splitlines()
        return Ended(told["code"], tuple(steps), said, told["seconds"], tuple(told["left"]))

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@contextmanager
def stepper(folder: Path) -> Iterator[Stepper]:
    """Give a process that runs commands; ``folder`` is for what they say."""
    one = Stepper(folder)
    try:
        yield one
    finally:
        one.close()


class _Steps:
    """The calls of the process that are steps, and its end at one of them."""

    def __init__(self, order: dict[str, Any], steps: Path) -> None:
        self._below, self._kill = order["below"].rstrip("/") + "/", order["kill"]
        self._seen: Counter[str] = Counter()
        self._busy = False
        self._file = os.open(steps, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC)

    def point(self, name: str) -> None:
        """Come to a step; not to return from it where it is the one."""
        os.write(self._file, f"{name}\n".encode(errors="replace"))
        kind = kind_of(name)
        if self._kill == [kind, self._seen[kind]]:
            os.kill(os.getpid(), signal.SIGKILL)
        self._seen[kind] += 1

    def install(self) -> None:
        """Put the steps in front of the calls of Python."""
        for name in CALLS:
            setattr(os, name, self._around(name, getattr(os, name), after=False))
        os.open = self._around("open", os.open, after=True, flags=True)
        opened = self._around("open", io.open, after=True, mode=True)
        io.open = builtins.open = opened
        sent = http.client.HTTPConnection.send

        @functools.wraps(sent)
        def send(connection: http.client.HTTPConnection, data: Any) -> None:
            self.point("send")
            sent(connection, data)
            self.point("sent")

        http.client.HTTPConnection.send = send  # type: ignore[method-assign]

    def _around(
        self, name: str, call: Callable[..., Any], *, after: bool, flags: bool = False, mode: bool = False
    ) -> Any:
        @functools.wraps(call)
        def stepping(*arguments: Any, **named: Any) -> Any:
            if self._busy:
                return call(*arguments, **named)
            self._busy = True
            try:
                place = self._place(arguments, named)
            finally:
                self._busy = False
            changes = not (flags or mode)
            if flags:
                changes = bool(arguments[1:] and arguments[1] & WRITING)
            if mode:
                given = named.get("mode", arguments[1] if len(arguments) > 1 else "r")
                changes = bool(set(given) & set("wax+"))
            if place is None or not changes:
                return call(*arguments, **named)
            self.point(f"{name} {place}")
            self._busy = mode  # opening a file in Python is one step, whatever it calls
            try:
                result = call(*arguments, **named)
            finally:
                self._busy = False
            if after:
                self.point(f"{name}ed {place}")
            return result

        return stepping

    def _place(self, arguments: Sequence[Any], named: dict[str, Any]) -> str | None:
        """Return what a call is about, from the folder that is watched; None where that is elsewhere."""
        places = []
        folder = named.get("dir_fd")
        for given in arguments[:2]:
            if isinstance(given, bool) or not isinstance(given, str | bytes | int | os.PathLike):
                continue
            if isinstance(given, int):
                try:
                    places.append(_opened(given))
                except OSError:
                    continue
            else:
                path = os.fsdecode(given)
                places.append(str((Path.cwd() if folder is None else Path(_opened(folder))) / path))
        inside = [place for place in places if f"{place}/".startswith(self._below)]
        return " ".join(place.removeprefix(self._below[:-1]).lstrip("/") or "." for place in inside) or None


def _opened(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


def _command(order: dict[str, Any]) -> int:
    os.environ.update(order["environment"])
    if order["run"] == "publish":
        from tests.release_helper import main

        return main(order["arguments"][0], order["arguments"][1], "-")
    from msevidence.server.cli import run

    return run(order["arguments"])


def _child(order: dict[str, Any], folder: Path) -> NoReturn:
    code = 70
    try:
        said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = order["environment"].pop("STANDARD_OUTPUT", None)
        os.dup2(said if output is None else os.open(output, os.O_WRONLY), 1)
        os.dup2(said, 2)
        steps = _Steps(order, folder / "steps")
        steps.install()
        code = _command(order)
        sys.stdout.flush()
        steps.point("end")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _orphans() -> dict[int, str]:
    """Return the processes that have come to us because who started them is gone, by what they run."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            status = (entry / "stat").read_text()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        state, parent = status.rpartition(")")[2].split()[:2]
        if int(parent) == os.getpid() and state != "Z":
            found[int(entry.name)] = command or status
    return found


def _left() -> list[str]:
    """Wait for what a command has left behind to end; return what has not, and end it."""
    last = time.monotonic() + LAST_BREATH
    while (there := _orphans()) and time.monotonic() < last:
        time.sleep(0.01)
    for process in there:
        os.kill(process, signal.SIGKILL)
    try:
        while os.waitpid(-1, os.WNOHANG if not there else 0)[0]:
            pass
    except ChildProcessError:
        pass
    return list(there.values())


def main(folder: str) -> None:
    """Run the orders of standard input, a line each."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    # Imported once, for all that are forked; no store is opened here, whose threads a fork would not have.
    import msevidence.loaders.build
    import msevidence.loaders.exports.sources
    import msevidence.loaders.stores.push
    import msevidence.server.cli  # noqa: F401
    import tests.release_helper  # noqa: F401

    for line in sys.stdin:
        order = json.loads(line)
        began = time.monotonic()
        (Path(folder) / "steps").unlink(missing_ok=True)
        process = os.fork()
        if process == 0:
            _child(order, Path(folder))
        status = _waited(process, order["after"])
        told = {"code": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - began, "left": _left()}
        print(json.dumps(told), flush=True)


def _waited(process: int, after: float | None) -> int:
    if after is not None:
        last = time.monotonic() + after
        while time.monotonic() < last:
            found, status = os.waitpid(process, os.WNOHANG)
            if found:
                return status
            time.sleep(0.0005)
        os.kill(process, signal.SIGKILL)
    return os.waitpid(process, 0)[1]


if __name__ == "__main__":
    main(sys.argv[1])

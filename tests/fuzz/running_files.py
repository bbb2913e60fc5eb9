"""Runs changed files of every loader through processes that read them, and adds up what came of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from queue import SimpleQueue

from tests.fuzz.file_cases import FileCase, file_case

PART = 100
KEPT = 50
"""Faults whose file is kept in full."""
WAIT = 600
"""Seconds after which a process that says nothing is taken for hanging, busy machine or not."""


@dataclass
class FileAccount:
    """What a number of files met."""

    seed: int = 0
    files: Counter[str] = field(default_factory=Counter)
    """By loader."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """By loader and outcome: ``ris: loaded in part``."""
    beside: int = 0
    """Files in which one record alone was changed, and its neighbours compared."""
    commands: Counter[str] = field(default_factory=Counter)
    """Exit codes of the real command, over a part of the files."""
    slowest: tuple[float, str] = (0.0, "")
    """Seconds of the processor, and the case."""
    faults: list[dict[str, str]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: FileAccount) -> None:
        """Add what another part met."""
        self.files += other.files
        self.outcomes += other.outcomes
        self.beside += other.beside
        self.commands += other.commands
        self.slowest = max(self.slowest, other.slowest)
        self.faults += other.faults
        self.parts += other.parts

    def write(self, path: Path) -> None:
        """Write the account as JSON, whole or not at all."""
        new = path.with_suffix(path.suffix + ".new")
        said = {name.name: getattr(self, name.name) for name in fields(self)}
        new.write_text(json.dumps(said, indent=1), encoding="utf-8")
        new.rename(path)

    @classmethod
    def read(cls, path: Path) -> FileAccount:
        """Read what :meth:`write` wrote."""
        said = json.loads(path.read_text(encoding="utf-8"))
        for name in ("files", "outcomes", "commands"):
            said[name] = Counter(said[name])
        said["slowest"] = tuple(said["slowest"])
        return cls(**said)


class Converter:
    """A process that reads files (:mod:`tests.fuzz.converter`), started again whenever one ends it."""

    def __init__(self, work: Path) -> None:
        self._work = work
        work.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[str] | None = None

    def read(self, case: FileCase) -> tuple[str, list[str], float]:
        """Return outcome, faults and seconds of a file."""
        file, beside = self._work / "file", self._work / "beside"
        file.write_bytes(case.data)
        if case.neighbours is not None:
            beside.write_bytes(case.neighbours)
        asked = {
            "loader": case.loader,
            "file": str(file),
            "neighbours": None if case.neighbours is None else str(beside),
            "part": case.part,
            "review": case.review,
        }
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.converter", str(self._work)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=os.environ | {"TMPDIR": str(self._work)},
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        clock = threading.Timer(WAIT, process.kill)
        clock.start()
        try:
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            clock.cancel()
        if line:
            outcome, faults, seconds = json.loads(line)
            return outcome, faults, seconds
        code = process.wait()
        said = process.stderr.read()[-1500:]
        self.close()
        if code == -signal.SIGPROF:
            return "too slow", ["took longer than its bound"], 0.0
        return "crash", [f"the process ended with {code}: {said}"], 0.0

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()


def command(case: FileCase, work: Path) -> tuple[int, list[str]]:
    """Load a file with the real command; return its exit code and what is wrong."""
    home, file = work / "home", work / "given"
    file.write_bytes(case.data)
    code = "from msevidence.server.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "load", "--no-build", "--json", "--home", str(home), str(file)],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=WAIT,
        cwd=work,
        check=False,
    )
    faults = []
    if done.returncode not in (0, 1):
        faults.append(f"the command ended with {done.returncode}: {done.stderr[-1500:]}")
    if "Traceback" in done.stderr + done.stdout:
        faults.append(f"the command printed a traceback: {done.stderr[-1500:]}")
    if "survive" in done.stderr + done.stdout:
        faults.append(f"the process that reads did not survive: {done.stdout[-800:]}{done.stderr[-800:]}")
    left = [p.name for p in (home / "converted").glob(".new-*")] + [
        p.name for p in (home / "sources").glob(".incoming*")
    ]
    if left:
        faults.append(f"left behind: {left}")
    try:
        (one,) = json.loads(done.stdout)["files"]
        fault = one.get("fault") or one.get("error")
        if done.returncode == 0 and fault:
            faults.append(f"exit code 0 with a fault: {fault}")
    except (ValueError, KeyError, AttributeError) as error:
        faults.append(f"its JSON cannot be read ({error}): {done.stdout[:300]} {done.stderr[-600:]}")
    for path in (home / "sources").glob("*"):
        if path.is_file():
            path.unlink()
    return done.returncode, faults


def run_part(
    seed: int, key: str, start: int, count: int, converter: Converter, work: Path, samples: bool, commands: int
) -> FileAccount:
    """Run the cases of a loader from ``start``; every ``commands``-th through the real command, too (0: none)."""
    account = FileAccount(seed, parts=[f"{key}:{start}"])
    for number in range(start, start + count):
        case = file_case(seed, key, number, samples=samples)
        outcome, faults, seconds = converter.read(case)
        account.files[key] += 1
        account.outcomes[f"{key}: {outcome}"] += 1
        account.beside += case.neighbours is not None
        account.slowest = max(account.slowest, (seconds, f"{key} {number}"))
        if commands and number % commands == 0 and not case.part:
            code, more = command(case, work)
            account.commands[str(code)] += 1
            faults += more
        for fault in faults:
            kept = {"case": f"{key} {number}", "fault": fault}
            if len(account.faults) < KEPT:
                kept["file"] = case.data[:20_000].decode("utf-8", "backslashreplace")
            account.faults.append(kept)
    return account


class Converters:
    """Some processes that read files, each with a folder of its own; a context at whose end they are ended."""

    def __init__(self, folder: Path, processes: int | None = None) -> None:
        self.count = processes or os.cpu_count() or 1
        self._all = [(Converter(folder / f"work-{n}" / "converter"), folder / f"work-{n}") for n in range(self.count)]
        self._free: SimpleQueue[tuple[Converter, Path]] = SimpleQueue()
        for one in self._all:
            self._free.put(one)

    def __enter__(self) -> Converters:
        return self

    def __exit__(self, *_: object) -> None:
        for converter, _work in self._all:
            converter.close()

    @contextmanager
    def one(self) -> Iterator[tuple[Converter, Path]]:
        """Lend one of them, and its folder, as soon as one is free."""
        lent = self._free.get()
        try:
            yield lent
        finally:
            self._free.put(lent)


def run(
    account: FileAccount,
    keys: Sequence[str],
    per_loader: int,
    converters: Converters,
    *,
    samples: bool = False,
    commands: int = 0,
    tell: Callable[[FileAccount], None] = lambda account: None,
) -> FileAccount:
    """Run the cases of a seed that the account does not have yet; what is wrong is in its faults."""
    begun, before = time.monotonic(), account.seconds

    def part(key: str, start: int) -> FileAccount:
        with converters.one() as (converter, work):
            size = min(PART, per_loader - start)
            return run_part(account.seed, key, start, size, converter, work, samples, commands)

    done = set(account.parts)
    wanted = [(key, start) for start in range(0, per_loader, PART) for key in keys if f"{key}:{start}" not in done]
    with ThreadPoolExecutor(converters.count) as pool:
        for future in as_completed([pool.submit(part, key, start) for key, start in wanted]):
            account.add(future.result())
            account.seconds = before + time.monotonic() - begun
            tell(account)
    return account

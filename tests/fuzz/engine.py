"""The engine's own word on a query, beside which the server's answer is held.

The engine runs in a process of its own (``python -m tests.fuzz.engine``), with bounded time and memory and without the
kernel's wall: a query that asks another endpoint asks it here, and the listener hears it, although the guard let it
through. It parses, and runs, over an empty store.
"""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

SECONDS = 0.5
MEMORY = 3 << 30
STACK = 64 << 20  # as the server's workers have
BASE = "https://w3id.org/msevidence/"
ROWS = 20
TERMS = {"SELECT": "QuerySolutions", "ASK": "QueryBoolean", "CONSTRUCT": "QueryTriples", "DESCRIBE": "QueryTriples"}
"""Class of the engine's result for each form."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the engine says."""

    kind: str
    """``ok``, ``syntax``, ``evaluation``, ``slow``, ``memory`` or ``crash``."""
    detail: str = ""
    """Class of the result, or message."""
    differs: bool = False
    """Two runs gave different results."""


class Engine:
    """The process, started again whenever a query ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, query: str) -> Word:
        """Return what the engine says of a query."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.engine"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(query) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if line:
            return Word(*json.loads(line))
        code = process.wait()
        self.close()
        kind = {-signal.SIGALRM: "slow", -signal.SIGABRT: "memory", -signal.SIGKILL: "memory"}.get(code, "crash")
        return Word(kind, f"ended with {code}")

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def main() -> None:
    """Answer queries, one a line, until the input ends."""
    import pyoxigraph as ox

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (STACK if hard == resource.RLIM_INFINITY else min(STACK, hard), hard))
    store = ox.Store()
    for line in sys.stdin:
        query = json.loads(line)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        said = judged(store, query)
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps(said), flush=True)


def judged(store: Any, query: str) -> tuple[str, str, bool]:
    """Parse and run a query; return what :class:`Word` holds."""
    try:
        results = store.query(query, base_iri=BASE)
    except SyntaxError as error:
        return "syntax", str(error)[:500], False
    except MemoryError:
        return "memory", "", False
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        return "evaluation", str(error)[:500], False
    form = type(results).__name__
    try:
        first = shown(results)
        return "ok", form, first is not None and first != shown(store.query(query, base_iri=BASE))
    except MemoryError:
        return "memory", "", False
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        return "evaluation", str(error)[:500], False


def shown(results: Any) -> list[str] | None:
    """Return a small result as sorted text; ``None`` for a larger one."""
    if type(results).__name__ == "QueryBoolean":
        return [str(bool(results))]
    rows: list[str] = []
    for row in results:
        if len(rows) >= ROWS:
            return None
        rows.append(str(row))
    return sorted(rows)


if __name__ == "__main__":
    main()

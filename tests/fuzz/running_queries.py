"""Runs mutated queries in parts of a thousand, in several processes, and adds up what they met."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, fields
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random

from tests.fuzz.engine import Engine
from tests.fuzz.grammar import CANARY
from tests.fuzz.http_client import Answer, Connection, FramingError, request_for
from tests.fuzz.judging_queries import AGAIN, Judged, faults_of, judge, outcome
from tests.fuzz.processes import Held, sample
from tests.fuzz.query_cases import case
from tests.fuzz.served import Canary, Served

PART = 1_000
CONNECTIONS = 4
"""Of each process; the server has two workers and lets sixteen wait."""
TRIES = 20
KEPT = 50
"""Faults whose query is kept in full."""


@dataclass
class Account:
    """What a number of cases met."""

    seed: int = 0
    cases: int = 0
    sent: int = 0
    """Over HTTP; the others met the guard and the engine only."""
    outcomes: Counter[str] = field(default_factory=Counter)
    guard: Counter[str] = field(default_factory=Counter)
    engine: Counter[str] = field(default_factory=Counter)
    stricter: Counter[str] = field(default_factory=Counter)
    """What the engine would take and the guard refuses as no SPARQL, by case and message."""
    asked_again: int = 0
    connections: int = 0
    slowest_guard: tuple[float, int] = (0.0, 0)
    """Seconds, and the case."""
    faults: list[dict[str, object]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    seconds: float = 0.0
    held: list[dict[str, int]] = field(default_factory=list)

    def add(self, other: Account) -> None:
        """Add what another part met."""
        self.cases += other.cases
        self.sent += other.sent
        self.outcomes += other.outcomes
        self.guard += other.guard
        self.engine += other.engine
        self.stricter += other.stricter
        self.asked_again += other.asked_again
        self.connections += other.connections
        self.slowest_guard = max(self.slowest_guard, other.slowest_guard)
        self.faults += other.faults
        self.parts += other.parts

    def write(self, path: Path) -> None:
        """Write the account as JSON, whole or not at all."""
        new = path.with_suffix(path.suffix + ".new")
        said = {name.name: getattr(self, name.name) for name in fields(self)}
        new.write_text(json.dumps(said, indent=1), encoding="utf-8")
        new.rename(path)

    @classmethod
    def read(cls, path: Path) -> Account:
        """Read what :meth:`write` wrote."""
        said = json.loads(path.read_text(encoding="utf-8"))
        for name in ("outcomes", "guard", "engine", "stricter"):
            said[name] = Counter(said[name])
        said["slowest_guard"] = tuple(said["slowest_guard"])
        return cls(**said)


@cache
def _engine(process: int) -> Engine:
    """Return this process's engine."""
    return Engine()


def bytes_of(text: str, canary: int) -> bytes:
    """Return the bytes of a case, with the listener's port where the grammar has a sign for it."""
    return text.replace(CANARY, f"http://127.0.0.1:{canary}/").encode("utf-8", "surrogateescape")


def run_part(seed: int, start: int, count: int, port: int, canary: int, share: float, suite: bool) -> Account:
    """Run the cases from ``start``; a ``share`` of them over HTTP."""
    return asyncio.run(_part(seed, start, count, port, canary, share, suite))


async def _part(seed: int, start: int, count: int, port: int, canary: int, share: float, suite: bool) -> Account:
    account = Account(seed, cases=count, parts=[start])
    numbers = iter(range(start, start + count))
    engine = _engine(os.getpid())

    async def one_after_another(own: Random) -> None:
        connection = Connection("127.0.0.1", port, own)
        for number in numbers:
            query = bytes_of(case(seed, number, with_suite=suite), canary)
            judged, faults = judge(query, engine)
            account.guard[judged.kind] += 1
            account.slowest_guard = max(account.slowest_guard, (judged.seconds, number))
            if judged.engine is not None:
                account.engine[judged.engine.kind] += 1
            if judged.stricter:
                account.stricter[f"case {number}: {judged.stricter[:200]}"] += 1
            random = Random(f"{seed}:{number}:sent")
            if random.random() < share:
                account.sent += 1
                faults += await _answered(connection, query, judged, random, account)
            for fault in faults:
                _keep(account, number, fault, query)
        await connection.close()
        account.connections += connection.opened

    await asyncio.gather(*(one_after_another(Random(f"{start}:{n}")) for n in range(CONNECTIONS)))
    return account


async def _answered(
    connection: Connection, query: bytes, judged: Judged, random: Random, account: Account
) -> list[str]:
    request = request_for(query, "127.0.0.1", random)
    for _ in range(TRIES):
        try:
            answer: Answer = await connection.send(request)
        except FramingError as error:
            account.outcomes["no answer"] += 1
            return [f"no whole answer: {error}"]
        said = outcome(answer)
        # Who has asked for long is held back for a while: others of this machine go on.
        if answer.status in (429, 504):
            await connection.close()
        if said.partition(" ")[2] not in AGAIN:
            break
        account.asked_again += 1
        await asyncio.sleep(0.05)
    account.outcomes[said] += 1
    return faults_of(answer, judged, query.decode("utf-8", "replace"))


def _keep(account: Account, number: int, fault: str, query: bytes) -> None:
    kept: dict[str, object] = {"case": number, "fault": fault}
    if len(account.faults) < KEPT:
        kept["query"] = query[:20_000].decode("utf-8", "backslashreplace")
    account.faults.append(kept)


def run(
    account: Account,
    count: int,
    served: Served,
    canary: Canary,
    *,
    share: float = 1.0,
    suite: bool = False,
    processes: int | None = None,
    tell: Callable[[Account], None] = lambda account: None,
) -> Account:
    """Run the cases of a seed up to ``count`` that the account does not have yet; what is wrong is in its faults."""
    begun, before = time.monotonic(), account.seconds
    done = set(account.parts)
    starts = iter([n for n in range(0, count, PART) if n not in done])
    with ProcessPoolExecutor(processes or os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:

        def next_part() -> Iterator[Future[Account]]:
            for start in starts:
                size = min(PART, count - start)
                yield pool.submit(run_part, account.seed, start, size, served.port, canary.port, share, suite)
                return

        waiting = {f for _ in range(processes or os.cpu_count() or 1) for f in next_part()}
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for part in finished:
                account.add(part.result())
                waiting |= set(next_part())
            account.seconds = before + time.monotonic() - begun
            account.held.append(sample(served.process.pid, account.cases).as_json())
            tell(account)
    account.faults += [{"case": -1, "fault": fault} for fault in served.faults()]
    account.faults += [{"case": -1, "fault": f"the listener was asked: {said[:200]!r}"} for said in canary.heard]
    return account


def grown(account: Account) -> tuple[int, int]:
    """Return how many descriptors and bytes the server's process holds more at the end than after its first tenth."""
    held = [Held(**h) for h in account.held]
    first, last = held[len(held) // 10], held[-1]
    return last.descriptors - first.descriptors, last.resident - first.resident

"""A worker asked on an event loop, in a thread, and in turns: each gets its own answer, and nothing stays open."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from msevidence.server import asking, errors, releases, wire
from msevidence.server.admission import Admission
from msevidence.server.asking import Threads
from msevidence.server.lane import Lane
from msevidence.server.link import Link
from msevidence.server.pool import Question, Worker
from msevidence.server.settings import Settings
from msevidence.server.spawner import Spawner
from tests.server_fixtures import publish

CAP = 8 << 20
T = TypeVar("T")
LONG = "x" * 300_000
"""More than a pipe takes at once."""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    """A lane of one worker."""
    publish(tmp_path, "".join(f"<a:{n}> <a:b> <a:c{n}> <a:g> .\n" for n in range(100)).encode())
    spawner = Spawner(Settings())
    lane = Lane("test", tmp_path, spawner, Admission(1, 8, 16, 20.0), size=1, deadline=20.0, cap=CAP)
    try:
        lane.release()
        yield lane
    finally:
        lane.close()
        spawner.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run it on a loop of its own, in a thread: others' tests may have left a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def saying(text: str) -> Question:
    """Return a question whose answer is this text."""
    return Question(f'SELECT ("{text}" AS ?said) {{}}', "csv")


def csv(text: str) -> bytes:
    """Return that answer."""
    return f"said\r\n{text}\r\n".encode()


@asynccontextmanager
async def asked(lane: Lane) -> AsyncIterator[Callable[[Question], Awaitable[bytes | None]]]:
    """Give what asks the lane on this loop."""
    release = lane.served()
    assert release is not None
    with ThreadPoolExecutor(2) as executor:
        threads = Threads(executor)
        yield lambda question: asking.run(lane, question, "client", release, threads)


def open_files() -> int:
    """Return how many descriptors this process has."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_loop_and_threads_take_turns_with_one_worker(lane: Lane) -> None:
    release = releases.current(lane._home)

    async def turns() -> None:
        async with asked(lane) as ask:
            for n in range(20):
                text = LONG if n % 5 == 0 else str(n)
                assert await ask(saying(f"loop {text}")) == csv(f"loop {text}")
                answer = await asyncio.to_thread(lane.run, saying(f"thread {text}"), "other", release)
                assert answer == csv(f"thread {text}")

    run(turns())
    assert len(lane.workers()) == 1


def test_one_after_another_is_answered_without_sleep(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msevidence.server.lane.ALONE", 0)
    monkeypatch.setattr("msevidence.server.lane.LINGER", 5.0)

    async def one_after_another() -> None:
        async with asked(lane) as ask:
            await ask(saying("first"))
            worker = lane._idle[0]
            for n in range(20):
                text = LONG if n % 5 == 0 else str(n)
                assert await ask(saying(text)) == csv(text)
            assert lane._idle[0] is worker and worker.link is not None
            # Without the loop, which stands still: the answer was there before it came to look.
            asking_it = worker.link.ask(worker.request(saying("now"), 5.0, 1 << 20, 5.0), 1 << 20, 5.0, linger=5.0)
            with pytest.raises(StopIteration) as ended:
                asking_it.send(None)
            assert ended.value.value[1] == csv("now")

    run(one_after_another())


def test_many_wait_for_one_worker_and_each_gets_its_own(lane: Lane) -> None:
    async def together() -> list[bytes | None]:
        async with asked(lane) as ask:
            return await asyncio.gather(*(ask(saying(str(n))) for n in range(8)))

    assert run(together()) == [csv(str(n)) for n in range(8)]


def test_nothing_stays_open_of_workers_that_ended(lane: Lane) -> None:
    async def killed() -> tuple[int, int]:
        async with asked(lane) as ask:
            await ask(saying("first"))
            before = open_files()
            for n in range(5):
                worker = lane._idle[0]
                os.kill(worker.process.pid, signal.SIGKILL)
                while not worker.hung_up():
                    await asyncio.sleep(0.01)
                assert await ask(saying(str(n))) == csv(str(n))  # a spare, or a new one
            await asyncio.sleep(0)
            return before, open_files()

    before, after = run(killed())
    assert after <= before


def test_the_deadline_is_each_questions_own(lane: Lane) -> None:
    """An alarm of a question before, which was answered, is not that of the next."""
    lane.deadline = 1.0

    async def late() -> None:
        async with asked(lane) as ask:
            await ask(saying("first"))
            await asyncio.sleep(0.7)
            started = asyncio.get_running_loop().time()
            with pytest.raises(errors.TimedOut):
                await ask(Question(ENDLESS, "csv"))
            assert asyncio.get_running_loop().time() - started >= 0.99
            assert await ask(saying("after")) == csv("after")

    run(late())


def test_nobody_waits_for_the_end_of_a_worker_that_was_killed_at_the_deadline(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the lowest priority, on a busy machine, it may take seconds to die."""
    lane.deadline = 0.5
    dead, close = threading.Event(), Worker.close

    def slowly(worker: Worker) -> None:
        if worker.spent:
            assert dead.wait(20)
        close(worker)

    monkeypatch.setattr(Worker, "close", slowly)

    async def late() -> None:
        async with asked(lane) as ask:
            await ask(saying("first"))
            late_one = lane._idle[0]
            with pytest.raises(errors.TimedOut):
                await ask(Question(ENDLESS, "csv"))
            assert late_one.spent and not dead.is_set()
            assert lane.admission.load() == (0, 0)
            assert await ask(saying("after")) == csv("after")
            assert late_one not in lane._idle
            dead.set()
            while late_one.alive:
                await asyncio.sleep(0.01)

    run(late())


def test_a_worker_that_dies_is_told_from_one_that_is_late(lane: Lane) -> None:
    async def dies() -> None:
        async with asked(lane) as ask:
            await ask(saying("first"))
            running = asyncio.ensure_future(ask(Question(ENDLESS, "csv")))
            await asyncio.sleep(0.3)
            os.kill(lane.workers()[0], signal.SIGKILL)
            with pytest.raises(errors.ServerFault):
                await running

    run(dies())


def test_a_question_that_no_worker_takes_is_not_waited_for(lane: Lane) -> None:
    """A pipe is full while its reader is stopped: the deadline holds for the writing as well."""

    async def stopped() -> None:
        worker = lane.take()
        os.kill(worker.process.pid, signal.SIGSTOP)
        link = Link(worker, asyncio.get_running_loop())
        with pytest.raises(wire.LateError):
            await link.ask(b"x" * (4 << 20), CAP, 0.3)
        worker.process.kill()
        lane.give_back(worker)

    run(stopped())

"""Asking a worker from an event loop: as ``pool.Worker.ask``, without a thread that waits."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from msevidence.server import errors, wire
from msevidence.server.admission import Admission, Ticket
from msevidence.server.lane import Lane
from msevidence.server.link import Link
from msevidence.server.pool import Question, Worker
from msevidence.server.releases import Release

T = TypeVar("T")
ENDING = 4
"""Killed workers whose end nobody waits for: a large one takes a while to go, and its slot is for others meanwhile.
Such a worker may still hold all of its memory, so they are few."""
_ENDING: set[asyncio.Future[None]] = set()


class Threads:
    """Where an event loop has done what may block: starting and ending processes, reading files."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def do(self, work: Callable[[], T]) -> T:
        """Run it in a thread, in the context of who asks, so that what it logs names the request."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._executor, context.run, work)


async def run(lane: Lane, question: Question, client: str, release: Release, threads: Threads) -> bytes | None:
    """Run one query on this release, or return None where another one is current by now; as ``Lane.run``.

    Raises:
        errors.Problem: see there.
    """
    ticket = await admitted(lane.admission, client)
    try:
        worker = lane.ready_worker(release, slow=ticket.slow)
        if worker is None:
            worker = await threads.do(lambda: lane.take(slow=ticket.slow))
        lane.follow(ticket, worker)
        try:
            if worker.release != release:
                return None
            return await _ask(worker, question, lane.deadline, lane.cap, threads, lane.linger())
        except errors.Problem as error:
            lane.note(error)
            raise
        finally:
            ticket.lower = None
            if not lane.keep_ready(worker):
                given_back = asyncio.ensure_future(threads.do(lambda: lane.give_back(worker)))
                if worker.spent and len(_ENDING) < ENDING:
                    _ENDING.add(given_back)
                    given_back.add_done_callback(_ENDING.discard)
                else:
                    await given_back
    finally:
        lane.admission.leave(ticket)


def ending() -> list[asyncio.Future[None]]:
    """Return what this loop still has to see the end of."""
    loop = asyncio.get_running_loop()
    return [one for one in _ENDING if one.get_loop() is loop]


class _Wait:
    """Wakes who waits for a slot, from whichever thread the slot is given."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._future: asyncio.Future[None] | None = None
        self._called = False

    def __call__(self) -> None:
        if threading.get_ident() == self._thread:
            self._wake()
        else:
            self._loop.call_soon_threadsafe(self._wake)

    async def until_called(self, seconds: float) -> None:
        """Return when called, or after so long."""
        if self._called:
            return
        self._future = self._loop.create_future()
        patience = self._loop.call_later(seconds, self._wake)
        try:
            await self._future
        finally:
            patience.cancel()

    def _wake(self) -> None:
        self._called = True
        if self._future is not None and not self._future.done():
            self._future.set_result(None)


async def admitted(admission: Admission, client: str) -> Ticket:
    """Take a slot, waiting for it where need be; it is to be left again.

    Raises:
        errors.Problem: as ``Admission.slot``.
    """
    wait = _Wait()
    ticket = admission.enter(client, wait)
    if not ticket.granted:
        await wait.until_called(admission.patience)
        admission.settle(ticket)
    return ticket


async def _ask(worker: Worker, question: Question, deadline: float, cap: int, threads: Threads, linger: float) -> bytes:
    written = worker.request(question, deadline, cap, linger)
    heard = closed = False
    header: wire.Header = {}
    body = b""
    try:
        link = worker.link or Link(worker, asyncio.get_running_loop())
        header, body = await link.ask(written, worker.body_limit(cap), deadline, linger=linger)
        heard = not header["retire"]
    except wire.LateError:
        worker.spend()
        raise errors.TimedOut(deadline) from None
    except wire.ClosedError:
        closed = True
    finally:
        if not heard and not worker.spent:  # whatever happened, half an answer must not be read as the next one
            await threads.do(worker.close)
    if closed:
        raise await threads.do(worker.cause)
    if header["status"] == "ok":
        return body
    raise await threads.do(lambda: worker.refusal(header, question, cap))

"""Asking a worker from an event loop: as ``pool.Worker.ask``, without a thread that waits."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from msevidence.server import errors, wire
from msevidence.server.admission import Ticket
from msevidence.server.lane import Lane
from msevidence.server.link import Link
from msevidence.server.pool import Question, Worker
from msevidence.server.releases import Release

T = TypeVar("T")


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
    ticket = await _admitted(lane, client)
    try:
        worker = lane.ready_worker(release)
        if worker is None:
            worker = await threads.do(lane.take)
        try:
            if worker.release != release:
                return None
            return await _ask(worker, question, lane.deadline, lane.cap, threads)
        except errors.Problem as error:
            lane.note(error)
            raise
        finally:
            if not lane.keep_ready(worker):
                await threads.do(lambda: lane.give_back(worker))
    finally:
        lane.admission.leave(ticket)


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


async def _admitted(lane: Lane, client: str) -> Ticket:
    admission = lane.admission
    wait = _Wait()
    ticket = admission.enter(client, wait)
    if not ticket.granted:
        await wait.until_called(admission.patience)
        admission.settle(ticket)
    return ticket


async def _ask(worker: Worker, question: Question, deadline: float, cap: int, threads: Threads) -> bytes:
    written = worker.request(question, deadline, cap)
    link = worker.link or Link(worker, asyncio.get_running_loop())
    heard = closed = False
    header: wire.Header = {}
    body = b""
    try:
        header, body = await link.ask(written, worker.body_limit(cap), deadline)
        heard = not header["retire"]
    except wire.LateError:
        raise errors.TimedOut(deadline) from None
    except wire.ClosedError:
        closed = True
    finally:
        if not heard:  # whatever happened, half an answer must not be read as the next one
            await threads.do(worker.close)
    if closed:
        raise await threads.do(worker.cause)
    if header["status"] == "ok":
        return body
    raise await threads.do(lambda: worker.refusal(header, question, cap))

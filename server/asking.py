"""Asking a worker from an event loop: as ``pool.Worker.ask``, without a thread that waits."""

from __future__ import annotations

import asyncio
import contextvars
import os
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from msevidence.server import errors, wire
from msevidence.server.admission import Ticket
from msevidence.server.lane import Lane
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
        self.future: asyncio.Future[None] = self._loop.create_future()

    def __call__(self) -> None:
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if not self.future.done():
            self.future.set_result(None)


async def _admitted(lane: Lane, client: str) -> Ticket:
    admission = lane.admission
    wait = _Wait()
    ticket = admission.enter(client, wait)
    if not ticket.granted:
        await asyncio.wait([wait.future], timeout=admission.patience)
        admission.settle(ticket)
    return ticket


async def _ask(worker: Worker, question: Question, deadline: float, cap: int, threads: Threads) -> bytes:
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[tuple[wire.Header, bytes]] = loop.create_future()
    rest = memoryview(worker.request(question, deadline, cap))
    to, back = worker.ends()
    reader = wire.Reader(worker.body_limit(cap))
    piece_size = wire.FIRST

    def fail(error: Exception) -> None:
        if not answered.done():
            answered.set_exception(error)

    def write() -> None:
        nonlocal rest
        try:
            rest = rest[os.write(to, rest) :]
        except BlockingIOError:
            pass
        except OSError:
            fail(wire.ClosedError("the reader has gone"))
            rest = rest[:0]
        if not rest:
            loop.remove_writer(to)

    def read() -> None:
        nonlocal piece_size
        try:
            piece = os.read(back, piece_size)
            piece_size = wire.CHUNK
            whole = reader.feed(piece)
        except BlockingIOError:
            return
        except (OSError, wire.ClosedError) as error:
            fail(wire.ClosedError(str(error)))
            return
        if whole is not None and not answered.done():
            answered.set_result(whole)

    late = loop.call_later(deadline, fail, wire.LateError("the deadline has passed"))
    loop.add_reader(back, read)
    heard = closed = False
    header: wire.Header = {}
    body = b""
    try:
        try:
            rest = rest[os.write(to, rest) :]
        except BlockingIOError:
            pass
        except OSError as error:
            raise wire.ClosedError("the reader has gone") from error
        if rest:
            loop.add_writer(to, write)
        header, body = await answered
        heard = not header["retire"]
    except wire.LateError:
        raise errors.TimedOut(deadline) from None
    except wire.ClosedError:
        closed = True
    finally:
        late.cancel()  # and look at its pipes no more: closed ones may be another's by their number at any moment
        loop.remove_reader(back)
        if rest:
            loop.remove_writer(to)
        if not heard:  # whatever happened, half an answer must not be read as the next one
            await threads.do(worker.close)
    if closed:
        raise await threads.do(worker.cause)
    if header["status"] == "ok":
        return body
    raise await threads.do(lambda: worker.refusal(header, question, cap))

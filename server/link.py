"""A worker's pipes on an event loop: a question goes out, and its answer is put together as it comes.

To look at a pipe, and to stop, costs a loop several calls of the kernel. So once a worker was asked here, its pipe is
looked at until the worker ends, or until somebody else asks it, in a thread, and reads the answer there.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress

from msevidence.server import wire
from msevidence.server.pool import Worker

Whole = tuple[wire.Header, bytes]


class Link:
    """The pipes of one worker. For the loop's thread alone, :meth:`let_go` apart.

    Args:
        worker: who is asked; its :attr:`Worker.link` is this from now on.
        loop: that looks at the pipes.
    """

    def __init__(self, worker: Worker, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._to, back = worker.ends()
        # Of its own: the worker may be closed in a thread, and its number be another pipe's while this is looked at.
        self._back = os.dup(back)
        self._looking = False
        self._closed = False
        self._answered: asyncio.Future[Whole] | None = None
        self._reader = wire.Reader(0)
        self._until = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        worker.link = self

    async def ask(self, written: bytes, limit: int, deadline: float, *, linger: float = 0.0) -> Whole:
        """Send a frame and return the one that comes back.

        Args:
            written: the question's frame.
            limit: bytes that the answer's body may have.
            deadline: seconds.
            linger: seconds in which the answer is looked for again and again while the loop stands still.

        Raises:
            wire.ClosedError: the worker has gone, or writes no frames.
            wire.LateError: the deadline has passed.
        """
        answered: asyncio.Future[Whole] = self._loop.create_future()
        self._answered = answered
        self._reader = wire.Reader(limit)
        self._set_alarm(deadline)
        if not self._looking:
            self._loop.add_reader(self._back, self._read)
            self._looking = True
        rest = memoryview(written)
        try:
            rest = self._write(rest)
            if rest:
                await self._write_rest(rest, answered)
            if linger:
                until = time.monotonic() + linger
                while not answered.done() and time.monotonic() < until:
                    wire.let_others_run()
                    self._read()
            return await answered
        finally:
            self._answered = None

    def let_go(self) -> None:
        """Have the loop look at the pipe no more: the worker is closed. From any thread."""
        with suppress(RuntimeError):  # the loop has ended, and its pipes with it
            self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            self._look_away()
            os.close(self._back)
            if self._alarm is not None:
                self._alarm.cancel()

    def _look_away(self) -> None:
        if self._looking:
            self._loop.remove_reader(self._back)
            self._looking = False

    def _set_alarm(self, deadline: float) -> None:
        """Have the deadline looked at: by an alarm that is set anew when it rings, not with each question."""
        self._until = self._loop.time() + deadline
        if self._alarm is None:
            self._alarm = self._loop.call_later(deadline, self._ring)
        elif self._alarm.when() > self._until:
            self._alarm.cancel()
            self._alarm = self._loop.call_later(deadline, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._answered is None:
            return
        left = self._until - self._loop.time()
        if left > 0:
            self._alarm = self._loop.call_later(left, self._ring)
        else:
            self._fail(wire.LateError("the deadline has passed"))

    def _fail(self, error: Exception) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)

    def _write(self, rest: memoryview) -> memoryview:
        try:
            return rest[os.write(self._to, rest) :]
        except BlockingIOError:
            return rest
        except OSError as error:
            raise wire.ClosedError("the reader has gone") from error

    async def _write_rest(self, rest: memoryview, answered: asyncio.Future[Whole]) -> None:
        """Write what the pipe did not take at once, unless the answer, or the end, comes before."""
        written = self._loop.create_future()

        def write() -> None:
            nonlocal rest
            try:
                rest = self._write(rest)
            except wire.ClosedError as error:
                self._fail(error)
                rest = rest[:0]
            if not rest and not written.done():
                written.set_result(None)

        self._loop.add_writer(self._to, write)
        try:
            await asyncio.wait([written, answered], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._loop.remove_writer(self._to)

    def _read(self) -> None:
        if self._answered is None:
            self._look_away()  # the answer is another's, who asked in a thread; or the worker has ended
            return
        try:
            whole = self._reader.feed(os.read(self._back, self._reader.piece))
        except BlockingIOError:
            return
        except (OSError, wire.ClosedError) as error:
            self._look_away()
            self._fail(wire.ClosedError(str(error)))
            return
        if whole is not None and not self._answered.done():
            self._answered.set_result(whole)

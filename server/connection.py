"""One connection: requests read by llhttp (``httptools``), answered in their order, within bounds of size and time.

What is no request is refused in the one shape of errors, and the connection closed once the client has had the time
to read why: closing on bytes that were not read takes the answer back.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from typing import TYPE_CHECKING, cast

import httptools

from msevidence.server import errors, problem_written
from msevidence.server.http_message import CONTINUE, Answer, Request, head
from msevidence.server.request_reader import BODY_LIMIT, HEADER_LIMIT, RequestReader, said_by, too_long_a_header
from msevidence.server.settings import KIB, MIB

if TYPE_CHECKING:
    from msevidence.server.listening import Listener

PIPELINED, READ_AHEAD = 16, 64 * KIB
"""Requests of one connection, and bytes of them, that are read ahead of their answers."""
LINGER, UNHEARD = 10.0, 64 * MIB
"""Seconds and bytes that a client may go on sending after a refusal, so that it gets to read why."""
HEAD_TIME, REQUEST_TIME = 20.0, 60.0
"""Seconds that a header, and a whole request, may take from its first byte."""
SLOWEST = 1 * KIB
"""Bytes a second that a client must take of its answer, looked at once the idle time has passed."""
COPIED = 16 * KIB
"""Bytes up to which a body is put behind its header in memory: cheaper than two things to send."""


class Connection(RequestReader, asyncio.Protocol):
    """What is read from and written to one client; used on the event loop's thread alone."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self.client = self.address = ""
        self.trusted = False
        self.busy = False
        """A request is being answered."""
        self.used = listener.time()
        """When bytes last came or went."""
        self.transport = cast(asyncio.Transport, None)
        self._listener = listener
        self._waiting: deque[Request] = deque()
        self._begun = 0.0
        self._lingering: float | None = None
        self._unheard = 0
        self._unsent = 0
        self._sending_since = 0.0
        self._sent = 0
        self._drained: asyncio.Future[None] | None = None
        self._last: Request | None = None
        self._held = 0

    # The transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless this client has too many connections."""
        self.transport = cast(asyncio.Transport, transport)
        self.address = str((transport.get_extra_info("peername") or ("",))[0])
        if not self._listener.admit(self):
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._listener.forget(self)
        self._let_go()
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Read requests; the same bytes as before get the same answer, if it is kept."""
        self.used = self._listener.time()
        if self._lingering is not None:
            self._unheard -= len(data)
            if self._unheard <= 0:
                self.cut()
            return
        if self._request is None and not self.busy and self._drained is None:
            if self._listener.answer_kept(self, data):
                return
            self._data = data
        else:
            self._data = None
        self._read += len(data)
        try:
            self.feed(data)
        except httptools.HttpParserError as error:
            self._fault = self._fault or errors.BadRequest(f"The request is none: {said_by(error)}.")
        self._data = None
        if self._request is not None:
            if self._body_read <= BODY_LIMIT and not self._hold(len(data)):  # of a longer body nothing more is kept
                self._fault = self._fault or errors.Overloaded("Too many requests are being read at the moment.")
            if self._read - self._body_read >= HEADER_LIMIT:
                self._fault = self._fault or too_long_a_header()
        if self._fault is not None and not self.busy and not self._waiting:
            self._refuse(self._fault)
        elif self._waiting and self._has_enough():
            self.transport.pause_reading()

    def _has_enough(self) -> bool:
        """Tell whether no more requests are to be read before some of those that wait are answered."""
        return len(self._waiting) > PIPELINED or sum(request.size for request in self._waiting) > READ_AHEAD

    def _hold(self, size: int) -> bool:
        self._held += size
        return self._listener.hold("" if self.trusted else self.client, size)

    def eof_received(self) -> bool:
        """Answer what was asked, although the client sends no more."""
        if self._last is not None and (self.busy or self._waiting):
            self._last.keep_alive = False
            return True
        return False

    @property
    def waits(self) -> bool:
        """Whether the client has yet to take the answer before."""
        return self._drained is not None

    async def drained(self) -> None:
        """Wait until the client has taken the answer before."""
        if self._drained is not None:
            await self._drained

    def pause_writing(self) -> None:
        """Note that the client is slower than its answer."""
        self._listener.slow.add(self)
        if self._drained is None:
            self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Note that it has caught up."""
        self._listener.slow.discard(self)
        if self._drained is not None:
            if not self._drained.done():
                self._drained.set_result(None)
            self._drained = None

    # Requests

    def begun(self) -> Request:
        """Return the request that begins; the bytes of one before it in the same piece are not its alone."""
        if self._data is None and self._last is not None:
            self._last.raw = None
        self._begun = self._listener.time()
        return Request(self.client, self.address, trusted=self.trusted)

    def expected(self) -> None:
        """Have the client send its body, which waits to hear that it will be read (RFC 9110, section 10.1.1)."""
        if self._fault is None and not self.busy and not self._waiting:
            self.transport.write(CONTINUE)

    def read(self, request: Request | None) -> None:
        """Answer the request, or have it wait for its turn."""
        if request is None or self._fault is not None:
            self._let_go()
            return
        if self._listener.stopping:
            request.keep_alive = False
        request.started = self._begun
        request.raw = self._data
        self._data = None
        self._last = request
        if self.busy:
            self._waiting.append(request)
        else:
            self._answer(request)

    # Answers

    def send(self, request: Request, answer: Answer) -> tuple[bytes, bytes]:
        """Write an answer whole, and go on to the next request; return its header before and after its date."""
        keep_alive = request.keep_alive and not answer.end and not self._listener.stopping
        before, after = head(answer, keep_alive=keep_alive, version=request.version, chunked=False)
        self.write(before, after, b"" if request.method == "HEAD" else answer.body)
        self._answered(keep_alive)
        return before, after

    async def stream(self, request: Request, answer: Answer) -> None:
        """Write an answer piece by piece as the client takes it, and go on to the next request."""
        assert answer.more is not None
        whole = bool(answer.header("Content-Length"))
        chunked = not whole and request.version == "1.1"
        keep_alive = request.keep_alive and (whole or chunked) and not self._listener.stopping
        before, after = head(answer, keep_alive=keep_alive, version=request.version, chunked=chunked)
        self.write(before, after)
        threads = self._listener.threads
        pieces = answer.more
        piece = None if request.method == "HEAD" else answer.body  # which is empty where the first piece takes a while
        try:
            while piece is not None and not self.transport.is_closing():
                if piece:
                    self.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                await self.drained()
                piece = await threads.do(lambda: next(pieces, None))
            if chunked and request.method != "HEAD" and not self.transport.is_closing():
                self.transport.write(b"0\r\n\r\n")
        except errors.Unavailable:  # its place is another's now, which is no fault
            self.cut()
        except Exception:
            self.cut()  # what ends in order looks whole where it is not chunked
            raise
        finally:
            await threads.do(getattr(pieces, "close", lambda: None))
        self._answered(keep_alive)

    def write(self, before: bytes, after: bytes, body: bytes = b"") -> None:
        """Write an answer: its header with the `Date` between its parts, and its body."""
        if self.transport.is_closing():
            return
        header = before + self._listener.date() + after
        if len(body) < COPIED:
            self.transport.write(header + body)
        else:
            self.transport.writelines((header, body))

    def _answer(self, request: Request) -> None:
        self.busy = True
        self._listener.answer(self, request)

    def _answered(self, keep_alive: bool) -> None:
        self.used = self._listener.time()
        self.busy = False
        if self._held:
            self._let_go(sum(request.size for request in self._waiting) + (self._read if self._request else 0))
        if self.transport.is_closing():
            return
        if not keep_alive:
            self._linger(0.0)
        elif self._waiting:
            request = self._waiting.popleft()
            if not self._has_enough():
                self.transport.resume_reading()
            asyncio.get_running_loop().call_soon(self._answer, request)  # not deeper with each
            self.busy = True
        elif self._fault is not None:
            self._refuse(self._fault)
        elif self._listener.stopping:
            self._linger(0.0)

    def _refuse(self, problem: errors.Problem) -> None:
        """Answer what is no request, and read no further."""
        request = self._request or Request(self.client, self.address, started=self._listener.time())
        self._request = None
        request.keep_alive, request.started = False, request.started or self._begun
        self._let_go()
        answer = problem_written.refusal(problem)
        before, after = head(answer, keep_alive=False, version="1.1", chunked=False)
        self.write(before, after + (b"" if request.method == "HEAD" else answer.body))
        self._listener.refused(request, answer)
        self._linger(LINGER)

    def _linger(self, seconds: float) -> None:
        """Close once the client has heard; until then what it sends is thrown away."""
        if not seconds:
            self.transport.close()
            return
        self._lingering, self._unheard = self._listener.time() + seconds, UNHEARD
        self.transport.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def closing(self) -> None:
        """Close after the answer: the parser reads nothing more."""
        if self._last is not None:
            self._last.keep_alive = False

    def _let_go(self, but: int = 0) -> None:
        """Count no more bytes of requests than these as held."""
        if self._held > but:
            self._hold(but - self._held)

    # Time

    def look(self, now: float, idle: float) -> None:
        """Let the client go if it is too slow: in asking, in reading, or in asking again."""
        if self._lingering is not None:
            if now > self._lingering:
                self.cut()
        elif self._is_stuck(now, idle):
            self.cut()
        elif self._request is not None and self._is_late(now, idle):
            late = errors.RequestTimeout("The request did not come to its end in time.")
            if self.busy or self._waiting:
                self._fault = self._fault or late  # told after the answers to what was asked before
            else:
                self._fault = None
                self._refuse(late)
        elif not self.busy and not self._waiting and not self.unsent() and now - self.used > idle:
            self.transport.close()

    def cut(self) -> None:
        """Close at once with a reset: a client sees that an answer is not whole, and the kernel keeps nothing of it."""
        found = self.transport.get_extra_info("socket")
        if found is not None and not self.transport.is_closing():
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def unsent(self) -> int:
        """Return the bytes of answers that the client has yet to take."""
        return self.transport.get_write_buffer_size()

    def _is_late(self, now: float, idle: float) -> bool:
        took = now - self._begun
        return took > (REQUEST_TIME if self._in_body else HEAD_TIME) or (not self.busy and now - self.used > idle)

    def _is_stuck(self, now: float, idle: float) -> bool:
        """Tell whether the client takes nothing of its answer, or next to nothing."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent:
            self._sending_since = 0.0
            return False
        if not self._sending_since or unsent > self._unsent:
            self._sending_since, self._sent = now, 0
        elif unsent < self._unsent:
            self._sent += self._unsent - unsent
            self.used = now
        self._unsent = unsent
        took = now - self._sending_since
        return took > idle and self._sent < SLOWEST * took

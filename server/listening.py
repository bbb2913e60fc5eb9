"""The listening side: connections, and what is answered before a request reaches the application.

Waitress reads requests and writes answers. What it lacks is added here: its own refusals (a request that is none, too
long a header or body) get the one shape of errors; a client that does not read what it asked for is let go, where
waitress waits for as long as the client holds the connection (it closes one only once it can write to it, and keeps a
thread for the next request on it); one client gets only so many of the connections; and the end is orderly: no new
connection, an answer to every request that was read, then nothing.
"""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, TcpWSGIServer
from waitress.task import ErrorTask
from waitress.utilities import Error, ServerNotImplemented

from msevidence.server import answers, errors
from msevidence.server.admission import network_of
from msevidence.server.settings import MIB

PER_CLIENT = 100
"""Connections of one client: browsers open six, and people behind one address share them."""

LINGER, UNHEARD = 10.0, 64 * MIB
"""Seconds and bytes that a client may go on sending after a refusal, so that it gets to read why."""
GRACE = 5.0
"""Seconds that running queries have to end after the first signal to stop; containers are killed after ten."""
LAST_ANSWERS = 3.0
"""Seconds to send what was answered to the others: that the server is stopping."""
POLL = 0.1
CHUNK = 1 << 16


class Refusal(ErrorTask):
    """Answers a request that waitress itself refuses."""

    def execute(self) -> None:
        """Write the error as the application would."""
        error: Error = cast(Any, self.request).error
        # A transfer coding that nobody here knows is the client's fault.
        status = HTTPStatus.BAD_REQUEST if isinstance(error, ServerNotImplemented) else HTTPStatus(error.code)
        problem = errors.of_status(status, f"{error.body}.")
        body = answers.document(problem, "en").encode()
        self.status = f"{problem.status} {HTTPStatus(problem.status).phrase}"
        headers = {**answers.COMMON, "Content-Type": answers.PROBLEM, "Cache-Control": "no-store"}
        self.response_headers = list(headers.items())
        cast(Channel, self.channel).linger = True
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection, and whose it is."""

    error_task_class = Refusal

    def __init__(
        self, server: BaseWSGIServer, sock: socket.socket, addr: Any, adj: Adjustments, map: Any = None
    ) -> None:
        self.client = network_of(addr[0])
        self.linger = False
        self._unheard, self._until = 0, 0.0
        super().__init__(server, sock, addr, adj, map)

    def handle_close(self) -> None:
        """Close; after a refusal once the client has sent the rest, since closing on unread bytes takes it back."""
        if self.linger and self.connected and not self.total_outbufs_len:
            self.linger = False
            try:
                cast(Any, self).socket.shutdown(socket.SHUT_WR)
            except OSError:  # the client has gone
                super().handle_close()
                return
            self.will_close = False
            self._unheard, self._until = UNHEARD, time.monotonic() + LINGER
            return
        self._unheard = 0
        super().handle_close()

    def readable(self) -> bool:
        """Tell whether to read: also what is only thrown away."""
        return self._unheard > 0 or bool(super().readable())

    def handle_read(self) -> None:
        """Read a request, or throw away what comes after a refusal."""
        if not self._unheard:
            super().handle_read()
            return
        try:
            data = cast(Any, self).recv(CHUNK)  # closes the channel at the end
        except OSError:
            data = b""
        self._unheard -= len(data)
        if not data or self._unheard <= 0 or time.monotonic() > self._until:
            self.handle_close()

    def stuck(self, since: float) -> bool:
        """Tell whether nothing was read or sent since then, and no query is being answered."""
        return self.last_activity < since and (not self.requests or self.total_outbufs_len > 0)


class Server(TcpWSGIServer):
    """The listening server."""

    channel_class = Channel
    _told_to_stop = 0

    def stop(self) -> None:
        """Tell :meth:`run_until_stopped` to end, and with a second call to wait no longer; for signal handlers."""
        self._told_to_stop += 1
        self.pull_trigger()

    def run_until_stopped(self, drain: Callable[[], None], abandon: Callable[[], None]) -> None:
        """Serve until :meth:`stop` is called, then end in order.

        Args:
            drain: makes the application refuse what has not begun; called once nothing more is accepted.
            abandon: ends what still runs after the grace, or after a second call of :meth:`stop`.
        """
        while not self._told_to_stop:
            self._turn(self.adj.asyncore_loop_timeout)
        super(BaseWSGIServer, self).close()  # the listening socket alone: the trigger wakes this loop still
        drain()
        self._finish(GRACE, patient=True)
        abandon()
        self._finish(LAST_ANSWERS, patient=False)
        for channel in self._channels():
            channel.handle_close()
        self.task_dispatcher.shutdown()
        self.close()

    def _finish(self, seconds: float, *, patient: bool) -> None:
        """Go on with the connections until every request is answered and every answer sent."""
        until = time.monotonic() + seconds
        while any(channel.requests or channel.total_outbufs_len for channel in self._channels()):
            if time.monotonic() > until or (patient and self._told_to_stop > 1):
                return
            self._turn(POLL)

    def _turn(self, timeout: float) -> None:
        self.asyncore.loop(timeout=timeout, map=cast(Any, self)._map, use_poll=self.adj.asyncore_use_poll, count=1)

    def accept(self) -> tuple[socket.socket, Any] | None:
        """Accept a connection; close it at once where its client has too many."""
        accepted = super().accept()
        if accepted is None:
            return None
        connection, (address, *_) = accepted
        client = network_of(address)
        if address != self.adj.trusted_proxy and Counter(c.client for c in self._channels())[client] >= PER_CLIENT:
            connection.close()
            return None
        return accepted

    def maintenance(self, now: float) -> None:
        """Close connections without traffic, also those whose client does not read."""
        for channel in self._channels():
            if channel.stuck(now - self.adj.channel_timeout):
                channel.handle_close()

    def _channels(self) -> list[Channel]:
        return list(cast("dict[int, Channel]", self.active_channels).values())

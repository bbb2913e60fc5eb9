"""The listening side: an event loop (uvloop) with every connection, and what it does itself.

It reads requests and writes answers, keeps whole answers (``kept``), asks workers for SPARQL results (``direct``) and
leaves the rest to Flask in threads, which are so many that waiting requests never hold all of them. A client has only
so many connections, and so many bytes of answers that it has not taken yet; the end is orderly: no new connection, an
answer to every request that was read, then nothing.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import uvloop
from flask import Flask

from msevidence.server import asking, console, errors, gateway, problem_written
from msevidence.server.admission import network_of
from msevidence.server.asking import Threads
from msevidence.server.connection import Connection
from msevidence.server.direct import Direct
from msevidence.server.http_message import Answer, Clock, Request
from msevidence.server.kept import LONGEST, Kept, Published, Response
from msevidence.server.parts import Parts
from msevidence.server.settings import MIB, Settings

LOG = logging.getLogger(__name__)
PER_CLIENT = 100
"""Connections of one client: browsers open six, and people behind one address share them."""
CONNECTIONS = 1_000
"""Connections of all: each takes some 20 KiB, and a descriptor of the usual 1,024."""
BACKLOG = 1_024
UNFINISHED, UNFINISHED_OF_ONE = 256 * MIB, 32 * MIB
"""Bytes of requests that are being read or wait for their turn, of all clients and of one."""
UNTAKEN, UNTAKEN_BY_ALL = 128 * MIB, 512 * MIB
"""Bytes of answers in memory that one client, and all together, have yet to take."""
GRACE = 5.0
"""Seconds that running queries have to end after the first signal to stop; containers are killed after ten."""
LAST_ANSWERS = 3.0
"""Seconds to send what was answered to the others: that the server is stopping."""
SWEEP = 1.0
POLL = 0.05
OF_MANY = (b"/releases", b"/changes", b"/openapi.json", b"/api", b"/export")
"""Where answers depend on more than the published release: on which others are kept, or on what else is being made."""
PROBLEM = "msevidence.problem"
"""Name in the WSGI environment of an error that Flask is to write."""
NOT_NOW = (429, 503)
"""Statuses of what is refused whatever the query says."""


class Listener:
    """The server: runs in the thread that calls :meth:`run_until_stopped`.

    Args:
        parts: the lanes, counts and answers that Flask has too.
        site: the Flask application, once it is there.
        bound: a socket with an address.
        home: folder with the link `current`.
        settings: limits.
    """

    def __init__(self, parts: Parts, site: Future[Flask], bound: socket.socket, home: Path, settings: Settings) -> None:
        bound.listen(BACKLOG)
        self.stopping = False
        self.most = CONNECTIONS
        """Connections that there may be."""
        self.slow: set[Connection] = set()
        """Connections whose clients are slower than their answers."""
        self.date = Clock()
        self._site, self._bound, self._settings = site, bound, settings
        self._metrics = parts.metrics
        self._metrics.connections, self._metrics.kept_bytes = self.connections, self.kept_bytes
        self._address = bound.getsockname()[:2]
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="flask")
        self._aside = ThreadPoolExecutor(
            2 * (settings.workers + settings.spares + settings.slow_workers) + 4, thread_name_prefix="aside"
        )
        self.threads = Threads(self._aside)
        self._flask = Threads(self._pool)
        self._judge = ThreadPoolExecutor(1, thread_name_prefix="judge")
        self._direct = Direct(parts.lanes, settings, parts.cache, self.threads, Threads(self._judge))
        self._kept = Kept(home, settings.cache_bytes // 2)
        self._connections: dict[Connection, None] = {}
        self._of_client: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = uvloop.new_event_loop()
        self.time = time.monotonic  # the loop's own has milliseconds
        self._lanes = parts.lanes
        self._followed: Published | None = None
        self._following = False
        self._settled: Published | None = None
        self._told_to_stop = 0
        self._held = 0
        self._held_of: Counter[str] = Counter()

    # From start to stop

    def stop(self) -> None:
        """Tell :meth:`run_until_stopped` to end, and with a second call to wait no longer; for signal handlers."""
        self._told_to_stop += 1
        self._loop.call_soon_threadsafe(lambda: None)

    def run_until_stopped(
        self, ready: Callable[[], None], drain: Callable[[], None], abandon: Callable[[], None]
    ) -> None:
        """Serve until :meth:`stop` is called, then end in order.

        Args:
            ready: called once connections are taken.
            drain: makes the application refuse what has not begun; called once nothing more is accepted.
            abandon: ends what still runs after the grace, or after a second call of :meth:`stop`.
        """
        try:
            self._loop.run_until_complete(self._run(ready, drain, abandon))
        finally:
            for pool in (self._pool, self._aside, self._judge):
                pool.shutdown(wait=False, cancel_futures=True)
            self._loop.close()

    async def _run(self, ready: Callable[[], None], drain: Callable[[], None], abandon: Callable[[], None]) -> None:
        server = await self._loop.create_server(lambda: Connection(self), sock=self._bound, backlog=BACKLOG)
        ready()
        swept = self.time()
        while not self._told_to_stop:
            await asyncio.sleep(POLL)
            if self._site.done():
                self._site.result()  # or the reason why there is none
            self._follow()
            self._look()
            if self.time() - swept > SWEEP:
                swept = self.time()
                self._sweep(swept)
        server.close()
        self.stopping = True
        drain()
        for connection in list(self._connections):
            if not connection.busy:
                connection.transport.close()
        await self._finish(GRACE, patient=True)
        await self.threads.do(abandon)
        await self._finish(LAST_ANSWERS, patient=False)
        for connection in list(self._connections):
            connection.cut()
        # Of clients that went before their answers came: what they asked has a worker to give back, in a thread.
        for task in list(self._tasks):
            task.cancel()
        if left := [*self._tasks, *asking.ending()]:
            await asyncio.wait(left, timeout=LAST_ANSWERS)

    def _look(self) -> None:
        for lane in self._lanes.all():
            try:
                lane.admission.look()
            except Exception:  # a fault there must not end the server
                LOG.exception("unforeseen")

    def _follow(self) -> None:
        """Have every lane go to what is published, also one that nobody asks at the moment."""
        published = self._kept.published()
        self._forget_settled(published)
        if published != self._followed and published is not None and not self._following:
            self._following = True
            task = self._loop.create_task(self._lead(published))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _lead(self, published: Published) -> None:
        try:
            await self.threads.do(self._lead_lanes)
            self._followed = published  # or as near to it as can be: a damaged one is tried again by who asks
        finally:
            self._following = False

    def _lead_lanes(self) -> None:
        for lane in self._lanes.all():
            with suppress(errors.Problem):
                lane.release()

    def _follows(self, published: Published) -> bool:
        """Tell whether every lane answers from what is published: before, what is kept of it would be ahead of them."""
        if published != self._settled:
            if any(lane.settled() is None for lane in self._lanes.all()) or published != self._kept.published():
                return False
            self._settled = published
        return True

    def _forget_settled(self, published: Published | None) -> None:
        """Ask the lanes anew once another release was seen, also where the one of before comes back."""
        if published is not None and published != self._settled:
            self._settled = None

    async def _finish(self, seconds: float, *, patient: bool) -> None:
        """Go on with the connections until every request is answered and every answer sent."""
        until = self.time() + seconds
        while any(connection.busy or connection.unsent() for connection in self._connections):
            if self.time() > until or (patient and self._told_to_stop > 1):
                return
            await asyncio.sleep(POLL)

    def _sweep(self, now: float) -> None:
        for connection in list(self._connections):
            connection.look(now, self._settings.idle)

    # Connections

    def admit(self, connection: Connection) -> bool:
        """Take a connection in, unless its client has too many; make room where all are too many."""
        connection.client = network_of(connection.address)
        connection.trusted = connection.address == self._settings.trusted_proxy
        if not connection.trusted and self._of_client[connection.client] >= PER_CLIENT:
            return False
        if len(self._connections) >= self.most:
            given_up = self._one_to_give_up(connection)
            if given_up is None:
                return False
            given_up.cut()
        self._connections[connection] = None
        self._of_client[connection.client] += 1
        return True

    def _one_to_give_up(self, newcomer: Connection) -> Connection | None:
        """Return the connection that makes room: one without a request, else one that does not take its answer.

        The latter is one of the client that has most of all, where the newcomer's has fewer.
        """
        idle = min((c for c in self._connections if not c.busy), key=lambda c: c.used, default=None)
        if idle is not None:
            return idle
        slow = max(self.slow, key=lambda c: (self._of_client[c.client], -c.used), default=None)
        if slow is None or self._of_client[slow.client] <= self._of_client[newcomer.client] + 1:
            return None
        return slow

    def forget(self, connection: Connection) -> None:
        """Let go of a connection that is closed."""
        self.slow.discard(connection)
        if self._connections.pop(connection, connection) is None:
            self._of_client[connection.client] -= 1
            if not self._of_client[connection.client]:
                del self._of_client[connection.client]

    def hold(self, client: str, size: int) -> bool:
        """Count bytes of a client's requests that came, or are done with; tell whether there is room for more.

        ``client`` is empty for a proxy, behind which are many.
        """
        self._held += size
        if not client:
            return self._held <= UNFINISHED
        own = self._held_of[client] = self._held_of[client] + size
        if own <= 0:
            del self._held_of[client]
        return self._held <= UNFINISHED and own <= UNFINISHED_OF_ONE

    def connections(self) -> int:
        """Return how many connections are open."""
        return len(self._connections)

    def kept_bytes(self) -> int:
        """Return how many bytes of responses are kept."""
        return self._kept.size

    # Answers

    def answer_kept(self, connection: Connection, data: bytes) -> bool:
        """Answer bytes that are a whole request as they were before, and tell whether that was to be had."""
        if len(data) > LONGEST or self.stopping:
            return False
        found = self._kept.get((connection.trusted, data))
        if found is None or not self._follows(found.published):
            return False
        connection.write(found.head, found.rest, found.body)
        self._metrics.kept(found.status, len(found.body))
        if self._settings.access_log:
            console.access_kept(data, connection.address, found.status, len(found.body))
        return True

    def answer(self, connection: Connection, request: Request) -> None:
        """Answer a request: here, or in a thread."""
        if connection.trusted and (said := gateway.forwarded_for(request)):
            request.address, request.client = said, network_of(said)
        published = self._kept.published() if request.raw is not None else None
        self._forget_settled(published)
        task = self._loop.create_task(self._answer(connection, request, published))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def refused(self, request: Request, answer: Answer) -> None:
        """Count what was no request."""
        self._observe("refused", request, answer)

    async def _answer(self, connection: Connection, request: Request, published: Published | None) -> None:
        console.task_is_about(request)
        kind = "flask"
        try:
            if connection.waits:
                await connection.drained()
            answer = self._held_back(request) if self.slow else None
            if answer is None:
                kind, answer = await self._found(request, published)
        except errors.Problem as problem:
            answer = problem_written.refusal(problem)
        except Exception:
            LOG.exception("unforeseen")
            fault = errors.ServerFault("Something went wrong that was not foreseen; the log has more.")
            answer = problem_written.refusal(fault)
        self._observe(kind, request, answer)
        if answer.more is not None:
            await connection.stream(request, answer)
            return
        before, after = connection.send(request, answer)
        self._keep(request, published, answer, before, after)

    async def _found(self, request: Request, published: Published | None) -> tuple[str, Answer]:
        """Return the answer to a request, and who found it: a worker or Flask."""
        plan, problem = None, None
        try:
            plan = await self._direct.plan(request)
            if plan is not None:
                settled = published is not None and self._follows(published)
                return "sparql", await self._direct.answer(request, plan, settled=settled)
        except errors.Problem as raised:
            refused = problem_written.answer(raised, request)
            if refused is not None:
                return "sparql", refused
            # The form shows by itself what is wrong with a query; what no query would get past needs no second look.
            problem = raised if plan is not None or raised.status in NOT_NOW else None
        return "flask" if plan is None else "sparql", await self._by_flask(request, problem)

    async def _by_flask(self, request: Request, problem: errors.Problem | None = None) -> Answer:
        more = {} if problem is None else {PROBLEM: problem}
        return await self._flask.do(lambda: gateway.respond(self._site.result(), request, self._address, **more))

    def _held_back(self, request: Request) -> Answer | None:
        """Refuse who has yet to take what was answered before: it waits here, in memory."""
        by_all = sum(connection.unsent() for connection in self.slow)
        if by_all > UNTAKEN_BY_ALL:
            return problem_written.refusal(errors.Overloaded("Too many answers wait here for their readers."))
        own = sum(connection.unsent() for connection in self.slow if connection.client == request.client)
        if own > UNTAKEN:
            return problem_written.refusal(errors.UntakenAnswers(UNTAKEN))
        return None

    def _keep(self, request: Request, published: Published | None, answer: Answer, before: bytes, after: bytes) -> None:
        """Keep an answer that says by its tag that it is the published release's, and may be kept."""
        if published is None or request.raw is None or not request.keep_alive or len(request.raw) > LONGEST:
            return
        if answer.end or self.stopping or answer.status not in (200, 304):
            return
        if not request.target.startswith(b"/") or request.target.startswith(OF_MANY) or b"%" in request.plain_path:
            return
        if not answer.header("ETag").startswith(f'"{published.link.rpartition("/")[2]}-'):
            return
        if answer.header("Cache-Control") == "no-store":
            return
        body = b"" if request.method == "HEAD" else answer.body
        response = Response(published, before, after, body, answer.status)
        self._kept.put((request.trusted, request.raw), response)

    def _observe(self, kind: str, request: Request, answer: Answer) -> None:
        took = self.time() - request.started
        self._metrics.observe(kind, request.method, answer.status, took, len(answer.body))
        if self._settings.access_log:
            console.access(request, answer.status, len(answer.body), took)

"""A lane: a bounded number of workers over the current release, and the queue in front of them.

A lane follows the link `current`: a worker belongs to one release, a request to one worker, so an answer comes from
exactly one release. A release whose store is damaged or does not open is not served; the one before it stays.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msevidence.server import errors, errors_elsewhere, releases
from msevidence.server.admission import Admission, Ticket
from msevidence.server.pool import Question, Worker, WorkerFailedError
from msevidence.server.releases import Release
from msevidence.server.sandbox import Confinement
from msevidence.server.spawner import Spawner
from msevidence.server.switching import Switching

LOG = logging.getLogger(__name__)
LINGER = 0.0003
"""Seconds; to wake a process up takes a tenth of it to a third, by the machine."""
ALONE = 16
"""Queries in a row after which nobody else is to be expected."""


class Lane:
    """Workers for one kind of request.

    Args:
        name: what logs and /health call it.
        home: folder with the link `current`.
        spawner: the thread that starts workers.
        admission: the queue in front.
        size: workers to keep, spares included.
        low: of them, those kept at the lowest priority, once they were brought there.
        deadline: seconds that one query may take.
        cap: bytes that one result may have.
        network: leave the workers' network open.
        switching: what takes it from release to release, together with the lanes that share it; None: for itself.
    """

    def __init__(
        self,
        name: str,
        home: Path,
        spawner: Spawner,
        admission: Admission,
        *,
        size: int,
        deadline: float,
        cap: int,
        network: bool = False,
        switching: Switching | None = None,
        low: int = 0,
    ) -> None:
        self.name = name
        self.admission = admission
        self.deadline, self.cap = deadline, cap
        self.warning: str | None = None
        self.damage: str | None = None
        self._home, self._spawner, self._size, self._network = home, spawner, size, network
        self._lock = threading.Lock()
        self._release: Release | None = None
        self._idle: deque[Worker] = deque()
        self._low: deque[Worker] = deque()
        """Idle too, at the lowest priority."""
        self._keep_low = low
        self._alone = 0
        """Queries in a row that ran with none beside."""
        self._busy: set[Worker] = set()
        self._of: dict[Worker, Ticket] = {}
        """Whose query a busy worker runs, where it may have to go on at the lowest priority."""
        self._starting = 0
        self._closed = False
        self._confinement: Confinement | None = None
        self._switching = switching or Switching(home)
        self._switching.join(self)

    @contextmanager
    def worker(self, client: str) -> Iterator[Worker]:
        """Hold a worker on the current release while the block runs.

        Raises:
            errors.Problem: 429 or 503 where none is to be had.
        """
        with self.admission.slot(client) as ticket:
            worker = self.take(slow=ticket.slow)
            self.follow(ticket, worker)
            try:
                yield worker
            except errors.Problem as error:
                self.note(error)
                raise
            finally:
                ticket.lower = None
                self.give_back(worker)

    def run(self, question: Question, client: str, release: Release) -> bytes | None:
        """Run one query on this release, or return None where another one is current by now."""
        with self.worker(client) as worker:
            if worker.release != release:
                return None
            return worker.ask(question, deadline=self.deadline, cap=self.cap)

    def note(self, error: errors.Problem) -> None:
        """Remember what a query's failure says of the lane."""
        if isinstance(error, errors.DamagedStore):
            self.damage = error.detail
        if isinstance(error, errors_elsewhere.StoreMoved):
            self._switching.try_again()

    def linger(self) -> float:
        """Return for how many seconds it pays to watch for what comes next without sleep: some where one query follows
        another and none beside, since then every wait for a process to wake up is a wait for its only client.
        """
        self._alone = self._alone + 1 if self.admission.load() == (1, 0) else 0
        return LINGER if self._alone > ALONE else 0.0

    def settled(self) -> Release | None:
        """Return the release that the next answer comes from where that needs no wait: nothing new is published."""
        try:
            return self._release if releases.current(self._home) == self._release else None
        except releases.NoReleaseError:
            return None

    def served(self) -> Release | None:
        """Return the release that answers come from at this moment, without a look at what is published."""
        return self._release

    def follow(self, ticket: Ticket, worker: Worker) -> None:
        """Have a worker go on at the lowest priority when its query is slow: now, or once it turns out to be.

        Where the lane keeps no such workers, nothing is done.
        ``ticket.lower`` is to be None again before the worker is given back.
        """

        def lower() -> None:
            with self._lock:
                if self._of.get(worker) is ticket:  # it may run another's query by now
                    worker.lower()

        if not ticket.slow and not self._keep_low:
            return
        with self._lock:
            self._of[worker] = ticket
        if ticket.slow:
            lower()
        else:
            ticket.lower = lower

    def ready_worker(self, release: Release, *, slow: bool = False) -> Worker | None:
        """Take a warm worker on this release, if there is one; without a wait, as an event loop must."""
        with self._lock:
            idle = self._low if slow and self._low else self._idle
            if not idle:
                return None
            worker = idle[0]
            if worker.release != release or worker.confinement is None or worker.hung_up():
                return None
            idle.popleft()
            self._busy.add(worker)
            return worker

    def keep_ready(self, worker: Worker) -> bool:
        """Give a worker back where that needs no wait: it goes on. Else :meth:`give_back` is to be called."""
        with self._lock:
            return self._put_back(worker)

    def release(self) -> Release:
        """Return the release that the next answer comes from.

        Raises:
            errors.Unavailable: there is none.
        """
        try:
            published = releases.current(self._home)
            self._switching.follow(published)
            if published == self._release and not self._switching.is_broken():
                self.warning = None
        except releases.NoReleaseError as error:
            if self._release is None:
                raise errors.Unavailable(str(error), 30) from error
            # The release being served stays served, whatever has become of the link.
            self.warning = str(error)
            return self._release
        if self._release is None:
            raise errors.Unavailable(self.warning or "no release is served", 30)
        return self._release

    @property
    def confinement(self) -> Confinement | None:
        """What holds this lane's workers; None before the first is ready."""
        return self._confinement

    def workers(self) -> list[int]:
        """Return the process ids of the workers, idle and busy."""
        with self._lock:
            idle = [worker for worker in [*self._idle, *self._low] if not worker.hung_up()]
            return sorted(worker.process.pid for worker in [*idle, *self._busy])

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._closed = True
            idle = [*self._idle, *self._low]
            self._idle.clear()
            self._low.clear()
            workers = [*idle, *self._busy]
        self.admission.stop()
        for worker in workers:
            worker.end()
        for worker in idle:
            worker.close()

    def start(self, release: Release) -> Worker:
        """Start a worker on a release that is not served yet; see ``Switching``.

        Raises:
            WorkerFailedError, OSError: as ``Spawner.spawn``.
        """
        return self._spawner.spawn(release, network=self._network)

    def adopt(self, release: Release, first: Worker) -> deque[Worker]:
        """Answer from this release from now on, with this worker first; return workers to be closed."""
        with self._lock:
            if self._closed:
                return deque([first])
            old, self._idle = deque([*self._idle, *self._low]), deque([first])
            self._low.clear()
            self._release, self.warning, self.damage = release, None, None
            self._confinement = first.confinement
        return old

    def take(self, *, slow: bool = False) -> Worker:
        """Take a worker on the current release; a new one is started where none is left.

        Args:
            slow: one at the lowest priority will do.

        Raises:
            errors.Unavailable: there is no release, or no worker could be started.
        """
        worker = None
        with self._lock:
            self._starting += 1
        try:
            worker = self._next_worker(slow=slow)
        except (WorkerFailedError, OSError) as error:
            LOG.error("%s: no worker: %s", self.name, error)
            raise errors.Unavailable("no worker could be started") from error
        finally:
            with self._lock:
                self._starting -= 1
                if worker is not None:
                    self._busy.add(worker)
        self.top_up()
        return worker

    def _next_worker(self, *, slow: bool) -> Worker:
        """Return a warm worker on the current release, or a new one where none is left."""
        while True:
            release = self.release()
            with self._lock:
                idle = self._low if slow and self._low else self._idle
                worker = idle.popleft() if idle else None
            if worker is None:
                worker = self._spawner.spawn(release, network=self._network)
            elif worker.release != release or worker.hung_up():
                worker.close()
                continue
            worker.ready()
            return worker

    def give_back(self, worker: Worker) -> None:
        """Give a worker back; one that ended is replaced."""
        with self._lock:
            if self._put_back(worker):
                return
            self._busy.discard(worker)
            self._of.pop(worker, None)
        worker.close()
        self.top_up()

    def _put_back(self, worker: Worker) -> bool:
        """Make a busy worker an idle one, unless it is not to be asked again."""
        idle = self._low if worker.low else self._idle
        if not worker.alive or worker.spent or worker.release != self._release or self._closed:
            return False
        if worker.low and len(self._low) >= self._keep_low:
            return False
        self._busy.discard(worker)
        self._of.pop(worker, None)
        idle.appendleft(worker)
        return True

    def top_up(self) -> None:
        """Start what is missing: a killed worker's place is taken by a warm spare, and a new spare starts."""
        while True:
            with self._lock:
                release = self._release
                there = len(self._idle) + len(self._low) + len(self._busy) + self._starting
                if release is None or self._closed or there >= self._size:
                    return
                self._starting += 1
            try:
                worker = self._spawner.spawn(release, network=self._network)
            except (WorkerFailedError, OSError) as error:
                with self._lock:
                    self._starting -= 1
                LOG.error("%s: no spare worker: %s", self.name, error)
                return
            with self._lock:
                self._starting -= 1
                stopping = self._closed
                if not stopping:
                    self._idle.append(worker)
            if stopping:
                worker.close()

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

from msevidence.server import errors, releases
from msevidence.server.admission import Admission
from msevidence.server.pool import Question, Worker, WorkerFailedError
from msevidence.server.releases import Release
from msevidence.server.sandbox import Confinement
from msevidence.server.spawner import Spawner
from msevidence.server.switching import Switching

LOG = logging.getLogger(__name__)


class Lane:
    """Workers for one kind of request.

    Args:
        name: what logs and /health call it.
        home: folder with the link `current`.
        spawner: the thread that starts workers.
        admission: the queue in front.
        size: workers to keep, spares included.
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
        self._busy: set[Worker] = set()
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
        with self.admission.slot(client):
            worker = self.take()
            try:
                yield worker
            except errors.Problem as error:
                self.note(error)
                raise
            finally:
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
        if isinstance(error, errors.StoreMoved):
            self._switching.try_again()

    def settled(self) -> Release | None:
        """Return the release that the next answer comes from where that needs no wait: nothing new is published."""
        try:
            return self._release if releases.current(self._home) == self._release else None
        except releases.NoReleaseError:
            return None

    def served(self) -> Release | None:
        """Return the release that answers come from at this moment, without a look at what is published."""
        return self._release

    def ready_worker(self, release: Release) -> Worker | None:
        """Take a warm worker on this release, if there is one; without a wait, as an event loop must."""
        with self._lock:
            if not self._idle:
                return None
            worker = self._idle[0]
            if worker.release != release or worker.confinement is None or worker.hung_up():
                return None
            self._idle.popleft()
            self._busy.add(worker)
            return worker

    def keep_ready(self, worker: Worker) -> bool:
        """Give a worker back where that needs no wait: it goes on. Else :meth:`give_back` is to be called."""
        with self._lock:
            if not worker.alive or worker.release != self._release or self._closed:
                return False
            self._busy.discard(worker)
            self._idle.appendleft(worker)
            return True

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
            idle = [worker for worker in self._idle if not worker.hung_up()]
            return sorted(worker.process.pid for worker in [*idle, *self._busy])

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, deque()
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
            old, self._idle = self._idle, deque([first])
            self._release, self.warning, self.damage = release, None, None
            self._confinement = first.confinement
        return old

    def take(self) -> Worker:
        """Take a worker on the current release; a new one is started where none is left.

        Raises:
            errors.Unavailable: there is no release, or no worker could be started.
        """
        worker = None
        with self._lock:
            self._starting += 1
        try:
            worker = self._next_worker()
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

    def _next_worker(self) -> Worker:
        """Return a warm worker on the current release, or a new one where none is left."""
        while True:
            release = self.release()
            with self._lock:
                worker = self._idle.popleft() if self._idle else None
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
            self._busy.discard(worker)
            if worker.alive and worker.release == self._release and not self._closed:
                self._idle.appendleft(worker)
                return
        worker.close()
        self.top_up()

    def top_up(self) -> None:
        """Start what is missing: a killed worker's place is taken by a warm spare, and a new spare starts."""
        while True:
            with self._lock:
                release = self._release
                there = len(self._idle) + len(self._busy) + self._starting
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

"""The store as the rest of the server sees it: two lanes of workers over the current release.

The lane `sparql` runs strangers' queries, the lane `pages` the fixed queries of pages, so that abuse of the one does
not starve the other; a third, `federated`, exists where SERVICE to listed endpoints is allowed. A lane follows the
link `current`: a worker belongs to one release, a request to one worker, so an answer comes from exactly one release.

Pages use :func:`pages`::

    rows = pages().select(QUERY, {"study": ox.NamedNode(iri)})
    title = pages().release.version
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from flask import current_app, g, request

from msevidence.server import errors, releases
from msevidence.server.admission import Admission
from msevidence.server.pool import Question, Spawner, Worker, WorkerFailedError
from msevidence.server.releases import Release
from msevidence.server.sandbox import Confinement
from msevidence.server.settings import Settings
from msevidence.server.wire import Term

LOG = logging.getLogger(__name__)
NOTHING: Mapping[str, Term] = {}


class Lane:
    """A bounded number of workers over the current release, and the queue in front of them."""

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
    ) -> None:
        self.name = name
        self.admission = admission
        self.deadline, self.cap = deadline, cap
        self.warning: str | None = None
        self._home, self._spawner, self._size, self._network = home, spawner, size, network
        self._lock = threading.Lock()
        self._switching = threading.Lock()
        self._release: Release | None = None
        self._broken: Release | None = None
        self._idle: deque[Worker] = deque()
        self._busy: set[Worker] = set()
        self._closed = False
        self._confinement: Confinement | None = None

    @contextmanager
    def worker(self, client: str) -> Iterator[Worker]:
        """Hold a worker on the current release while the block runs.

        Raises:
            errors.Problem: 429 or 503 where none is to be had.
        """
        with self.admission.slot(client):
            worker = self._take()
            try:
                yield worker
            finally:
                self._give_back(worker)

    def run(self, question: Question, client: str, release: Release) -> bytes | None:
        """Run one query on this release, or return None where another one is current by now."""
        with self.worker(client) as worker:
            if worker.release != release:
                return None
            return worker.ask(question, deadline=self.deadline, cap=self.cap)

    def release(self) -> Release:
        """Return the release that the next answer comes from.

        Raises:
            errors.Unavailable: there is none.
        """
        try:
            published = releases.current(self._home)
        except releases.NoReleaseError as error:
            if self._release is None:
                raise errors.Unavailable(str(error), 30) from error
            # The release being served stays served, whatever has become of the link.
            self.warning = str(error)
            return self._release
        if published == self._release or published == self._broken:
            return self._release or published
        with self._switching:
            if published != self._release and published != self._broken:
                self._switch(published)
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
        for worker in workers:
            worker.process.kill()
        for worker in idle:
            worker.close()

    def _switch(self, published: Release) -> None:
        """Make workers for a newly published release; keep the old ones where its store does not open."""
        try:
            first = self._spawner.spawn(published, network=self._network)
            first.ready()
        except (WorkerFailedError, OSError) as error:
            LOG.error("%s: release %s is not served: %s", self.name, published.id, error)
            self.warning, self._broken = f"release {published.id} is not served: {error}", published
            return
        with self._lock:
            old, self._idle = self._idle, deque([first])
            self._release, self._broken, self.warning = published, None, None
            self._confinement = first.confinement
        for worker in old:
            worker.close()
        self._top_up()

    def _take(self) -> Worker:
        discarded = False
        while True:
            release = self.release()
            with self._lock:
                worker = self._idle.popleft() if self._idle else None
            try:
                if worker is None:
                    worker = self._spawner.spawn(release, network=self._network)
                if worker.release != release or worker.hung_up():
                    worker.close()
                    discarded = True
                    continue
                worker.ready()
            except (WorkerFailedError, OSError) as error:
                LOG.error("%s: no worker: %s", self.name, error)
                raise errors.Unavailable("no worker could be started") from error
            with self._lock:
                self._busy.add(worker)
            if discarded:
                self._top_up()
            return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if worker.alive and worker.release == self._release and not self._closed:
                self._idle.appendleft(worker)
                return
        worker.close()
        self._top_up()

    def _top_up(self) -> None:
        """Start what is missing: a killed worker's place is taken by a warm spare, and a new spare starts."""
        while True:
            with self._lock:
                release = self._release
                missing = self._size - len(self._idle) - len(self._busy)
            if release is None or missing <= 0 or self._closed:
                return
            try:
                worker = self._spawner.spawn(release, network=self._network)
            except OSError as error:
                LOG.error("%s: no spare worker: %s", self.name, error)
                return
            with self._lock:
                self._idle.append(worker)


class PageLane:
    """A worker held by one page request: all its queries see one release."""

    def __init__(self, worker: Worker, lane: Lane) -> None:
        self._worker, self._lane = worker, lane

    @property
    def release(self) -> Release:
        """The release that the answers come from, with its manifest's figures."""
        return self._worker.release

    def select(self, query: str, substitutions: Mapping[str, Term] = NOTHING) -> list[dict[str, Term]]:
        """Run a SELECT query.

        Args:
            query: the query's text, fixed in the program or a `.rq` file, never assembled.
            substitutions: values for variables by name without `?`; in a SELECT the engine wants them among
                the selected variables.

        Returns:
            one mapping a solution, without the variables that are unbound in it.

        Raises:
            errors.Problem: as ``Worker.ask``.
        """
        solutions = ox.parse_query_results(self._ask(query, "json", substitutions), ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        rows = []
        for solution in solutions:
            row = {name: solution[name] for name in names}
            rows.append({name: cast(Term, term) for name, term in row.items() if term is not None})
        return rows

    def ask(self, query: str, substitutions: Mapping[str, Term] = NOTHING) -> bool:
        """Run an ASK query."""
        answer = ox.parse_query_results(self._ask(query, "json", substitutions), ox.QueryResultsFormat.JSON)
        return bool(answer)

    def construct(self, query: str, substitutions: Mapping[str, Term] = NOTHING) -> list[ox.Triple]:
        """Run a CONSTRUCT or DESCRIBE query and return its triples without repetition, in the engine's order."""
        quads = ox.parse(self._ask(query, "nt", substitutions), ox.RdfFormat.N_TRIPLES)
        return list(dict.fromkeys(quad.triple for quad in quads))

    def serialise(
        self,
        query: str,
        format: str,
        substitutions: Mapping[str, Term] = NOTHING,
        prefixes: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run a query and return the result in a format of ``formats``, by its name."""
        return self._ask(query, format, substitutions, prefixes or {})

    def _ask(
        self,
        query: str,
        format: str,
        substitutions: Mapping[str, Term],
        prefixes: Mapping[str, str] | None = None,
    ) -> bytes:
        question = Question(query, format, substitutions=substitutions, prefixes=prefixes or {})
        return self._worker.ask(question, deadline=self._lane.deadline, cap=self._lane.cap)


class Lanes:
    """All lanes of a server."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self.home, self.settings = home, settings
        self._spawner = Spawner(settings)
        run = settings.workers
        self.sparql = self._lane("sparql", run, run + settings.spares, settings.queue, settings.deadline)
        size = settings.page_workers
        self.pages = self._lane("pages", size, size, settings.page_queue, settings.page_deadline)
        self.federated = (
            self._lane("federated", run, run, settings.queue, settings.deadline, network=True)
            if settings.service_allow
            else None
        )

    def all(self) -> list[Lane]:
        """Return every lane that there is."""
        return [lane for lane in (self.sparql, self.pages, self.federated) if lane is not None]

    def close(self) -> None:
        """End all workers and start no more."""
        for lane in self.all():
            lane.close()
        self._spawner.close()

    def _lane(self, name: str, slots: int, size: int, waiting: int, deadline: float, *, network: bool = False) -> Lane:
        # A request waits as long as the query before it may run.
        admission = Admission(slots, waiting, self.settings.per_client, deadline)
        return Lane(
            name,
            self.home,
            self._spawner,
            admission,
            size=size,
            deadline=deadline,
            cap=self.settings.result_cap,
            network=network,
        )


def lanes() -> Lanes:
    """Return the lanes of the running application."""
    return cast(Lanes, current_app.extensions["msevidence"])


def client() -> str:
    """Return what admission knows the client by: its address, an IPv6 one by its network of 64 bits."""
    address = request.remote_addr or "unknown"
    return ":".join(address.split(":")[:4]) if ":" in address else address


def pages() -> PageLane:
    """Return this request's worker of the pages lane; it is given back when the request ends.

    Raises:
        errors.Problem: 429 or 503 where none is to be had.
    """
    if "page_lane" not in g:
        lane = lanes().pages
        g.page_hold = lane.worker(client())
        g.page_lane = PageLane(g.page_hold.__enter__(), lane)
    return cast(PageLane, g.page_lane)


def release_page_lane(_: BaseException | None = None) -> None:
    """Give back what :func:`pages` took; runs at the end of every request."""
    g.pop("page_lane", None)
    hold = g.pop("page_hold", None)
    if hold is not None:
        hold.__exit__(None, None, None)

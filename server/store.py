"""The store as the rest of the server sees it: two lanes of workers over the current release.

The lane `sparql` runs strangers' queries, the lane `pages` the fixed queries of pages, so that abuse of the one does
not starve the other; a third, `federated`, exists where SERVICE to listed endpoints is allowed.

Pages use :func:`pages`::

    rows = pages().select(QUERY, {"study": ox.NamedNode(iri)})
    title = pages().release.version
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from flask import current_app, g, request

from msevidence.server import cut
from msevidence.server.admission import Admission, network_of
from msevidence.server.errors import PageTimedOut, TimedOut
from msevidence.server.lane import Lane
from msevidence.server.pool import Question, Worker
from msevidence.server.releases import Release, check_index, check_store
from msevidence.server.settings import Settings
from msevidence.server.spawner import Spawner
from msevidence.server.switching import Switching
from msevidence.server.wire import Term

REPLACEMENT = 4.0
"""Seconds in which another worker takes the place of one that was killed at the deadline, also on a busy machine."""
TOGETHER = 3
"""Deadlines of one query that all queries of a request may take together: a page asks tens, and whoever asks for one
that asks many has a worker of the few that there are."""
NOTHING: Mapping[str, Term] = {}


class PageLane:
    """A worker held by one page request: all its queries see one release.

    Args:
        worker: who is asked.
        lane: whose worker it is.
        together: deadlines of one query that all of them may take.
    """

    def __init__(self, worker: Worker, lane: Lane, together: float = TOGETHER) -> None:
        self._worker, self._lane = worker, lane
        self._together = self._left = lane.deadline * together

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
            errors.PageTimedOut: the queries of the request took too long together.
            errors.Problem: as ``Worker.ask``.
        """
        solutions = ox.parse_query_results(self._ask(query, "json", substitutions), ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        rows = []
        for solution in solutions:
            row = {name: solution[name] for name in names}
            rows.append({name: cast(Term, term) for name, term in row.items() if term is not None})
        cut.notice(query, len(rows))
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
        names: tuple[str, ...] = (),
    ) -> bytes:
        """Run a query and return the result in a format of ``formats``, by its name, or as ``excerpt`` writes it."""
        return self._ask(query, format, substitutions, prefixes or {}, names)

    def _ask(
        self,
        query: str,
        format: str,
        substitutions: Mapping[str, Term],
        prefixes: Mapping[str, str] | None = None,
        names: tuple[str, ...] = (),
    ) -> bytes:
        question = Question(query, format, substitutions=substitutions, prefixes=prefixes or {}, names=names)
        if self._left <= 0 and self._worker.alive:  # of one that has ended, it says itself what happened
            raise PageTimedOut(self._together)
        begun, deadline = time.monotonic(), min(self._lane.deadline, self._left)
        try:
            return self._worker.ask(question, deadline=deadline, cap=self._lane.cap)
        except TimedOut:
            if deadline < self._lane.deadline:
                raise PageTimedOut(self._together) from None
            raise
        finally:
            self._left -= time.monotonic() - begun


class Lanes:
    """All lanes of a server."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self.home, self.settings = home, settings
        self._spawner = Spawner(settings)
        self._switching = Switching(home, check_store if settings.store is None else check_index)
        run = settings.workers
        slow = settings.slow_workers
        self.sparql = self._lane(
            "sparql", run, run + settings.spares + slow, settings.queue, settings.deadline, slow=slow
        )
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

    def drain(self) -> None:
        """Let what runs go on, and refuse everything else."""
        for lane in self.all():
            lane.admission.stop()

    def close(self) -> None:
        """End all workers and start no more."""
        for lane in self.all():
            lane.close()
        self._spawner.close()

    def _lane(
        self, name: str, slots: int, size: int, waiting: int, deadline: float, *, network: bool = False, slow: int = 0
    ) -> Lane:
        # A request waits as long as the query before it may run, and the worker's replacement takes.
        admission = Admission(slots, waiting, self.settings.per_client, deadline + REPLACEMENT, slow=slow)
        return Lane(
            name,
            self.home,
            self._spawner,
            admission,
            size=size,
            deadline=deadline,
            cap=self.settings.result_cap,
            network=network,
            switching=self._switching,
            low=slow,
        )


def lanes() -> Lanes:
    """Return the lanes of the running application."""
    return cast(Lanes, current_app.extensions["msevidence"])


def client() -> str:
    """Return what admission knows the client by."""
    return network_of(request.remote_addr or "unknown")


def pages(together: float = TOGETHER) -> PageLane:
    """Return this request's worker of the pages lane; it is given back when the request ends.

    Args:
        together: deadlines of one query that all queries of the request may take, for whoever takes the worker.

    Raises:
        errors.Problem: 429 or 503 where none is to be had.
    """
    if "page_lane" not in g:
        lane = lanes().pages
        g.page_hold = lane.worker(client())
        g.page_lane = PageLane(g.page_hold.__enter__(), lane, together)
    return cast(PageLane, g.page_lane)


def release_page_lane(_: BaseException | None = None) -> None:
    """Give back what :func:`pages` took; runs at the end of every request."""
    g.pop("page_lane", None)
    hold = g.pop("page_hold", None)
    if hold is not None:
        hold.__exit__(None, None, None)

"""SPARQL queries answered by the event loop itself: of what Flask would do, only what such an answer needs.

What is asked most, a query by GET or POST whose answer is data, goes from here to a worker and back without a thread
of its own. Everything else is left to Flask, errors too: there one module writes them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from msevidence.server import (
    answers,
    asking,
    errors,
    gateway,
    hosts,
    negotiation,
    parameters,
    planned,
    problem_written,
    running,
)
from msevidence.server.admission import Admission
from msevidence.server.asking import Threads
from msevidence.server.cache import Cache
from msevidence.server.http_message import Answer, Request, lines
from msevidence.server.parameters import Parameters
from msevidence.server.settings import Settings
from msevidence.server.store import Lanes

PATHS = (b"/sparql", b"/sparql/")
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_BODY = re.compile(rf"({re.escape(FORM)}|{re.escape(QUERY)})[ \t]*(?:;[ \t]*charset=\"?utf-8\"?[ \t]*)?", re.IGNORECASE)


class Direct:
    """Answers SPARQL queries on an event loop.

    Args:
        lanes: the workers.
        settings: the limits.
        cache: bodies by entity tag, the same as Flask's.
        threads: for what may block.
        judge: a thread that judges queries which are not brief.
    """

    def __init__(self, lanes: Lanes, settings: Settings, cache: Cache, threads: Threads, judge: Threads) -> None:
        self._lanes, self._settings, self._cache, self._threads = lanes, settings, cache, threads
        self._judge = judge
        self._turns = Admission(1, settings.queue, settings.per_client, settings.deadline)

    async def plan(self, request: Request) -> planned.Plan | None:
        """Return how to answer a request here, or None where that is Flask's to do.

        Raises:
            errors.Problem: as ``planned.plan``, or the judge has too much to read.
        """
        path, _, query_string = request.target.partition(b"?")
        if path not in PATHS or request.method not in ("GET", "POST") or not hosts.is_host(gateway.host_of(request)):
            return None
        try:
            found = _query(request, query_string)
            if found is None:
                return None
        except errors.Problem:
            return None
        query, given = found
        accept = request.header("accept")
        if planned.is_brief(query):
            plan = planned.plan(query, given, accept, self._settings, judge=planned.judged)
        elif problem_written.wants_page(accept):
            return None
        else:
            plan = await self._plan_in_turn(query, given, accept, request.client)
        if plan.as_page or plan.question.federated:
            return None
        if not negotiation.gzip_among(request.header("accept-encoding")):
            return plan
        return replace(plan, question=replace(plan.question, gzip=True))

    async def _plan_in_turn(self, query: str, given: Parameters, accept: str, client: str) -> planned.Plan:
        """Judge a query that is not brief while the loop goes on: one at a time, and clients in turn.

        One that would be refused whatever it says is not read: in a flood, that is most of them.
        """
        self._lanes.sparql.admission.let_in(client)
        ticket = await asking.admitted(self._turns, client)
        try:
            return await self._judge.do(
                lambda: planned.plan(query, given, accept, self._settings, judge=planned.judged)
            )
        finally:
            self._turns.leave(ticket)

    async def answer(self, request: Request, plan: planned.Plan, *, settled: bool = False) -> Answer:
        """Answer a planned query, whole, from one release.

        Args:
            request: what was asked.
            plan: see :meth:`plan`.
            settled: the lanes were seen to serve what is published since the request came.

        Raises:
            errors.Problem: 413, 429, 5xx, or 400 for a syntax error.
        """
        lane = self._lanes.sparql
        for _ in range(running.SWITCHES):
            release = lane.served() if settled else lane.settled()
            settled = False
            if release is None:
                release = await self._threads.do(lane.release)
            tag = None if plan.volatile else running.tag_of(plan.question, release, settings=self._settings)
            if tag is not None:
                if request.method == "GET" and _names(request.header("if-none-match"), tag):
                    return _headed(Answer(304, [("ETag", f'"{tag}"')]), "", gzipped=False, kept=True)
                body = self._cache.get(tag)
                if body is not None:
                    return _whole(plan, body, tag)
            body = await asking.run(lane, plan.question, request.client, release, self._threads)
            if body is not None:
                if tag is not None:
                    self._cache.put(tag, body)
                return _whole(plan, body, tag)
        raise errors.Unavailable("releases follow each other too quickly")


def _query(request: Request, query_string: bytes) -> tuple[str, Parameters] | None:
    """Return the query and the parameters of a request that is one; None for Flask to say what it is."""
    pairs = parameters.decoded_at_once(query_string, "query string")
    if pairs is None:
        return None
    if request.method == "POST":
        kind = _BODY.fullmatch(request.header("content-type"))
        if kind is None or request.header("content-encoding"):
            return None
        if kind[1].lower() == QUERY:
            given = Parameters(pairs)
            try:
                return None if "query" in given or "update" in given else (request.body.decode(), given)
            except UnicodeDecodeError:
                return None
        form = parameters.decoded_at_once(request.body, "form")
        if form is None:
            return None
        pairs += form
    given = Parameters(pairs)
    query = given.one("query")
    return None if query is None or "update" in given else (query, given)


def _names(if_none_match: str, tag: str) -> bool:
    """Tell whether a conditional request names this tag, strong or weak; `*` names no release."""
    return bool(if_none_match) and f'"{tag}"' in if_none_match


def _whole(plan: planned.Plan, body: bytes, tag: str | None) -> Answer:
    headers = [("Content-Length", str(len(body)))]
    if tag is not None:
        headers.append(("ETag", f'"{tag}"'))
    answer = Answer(200, headers, body)
    return _headed(answer, plan.format.content_type, gzipped=plan.question.gzip, kept=tag is not None)


def _headed(answer: Answer, content_type: str, *, gzipped: bool, kept: bool) -> Answer:
    """Add the headers that are the same for every answer of a kind."""
    answer.lines = _lines(content_type, gzipped=gzipped, kept=kept)
    return answer


@lru_cache(maxsize=256)
def _lines(content_type: str, *, gzipped: bool, kept: bool) -> str:
    return lines(answers.head(content_type, gzipped=gzipped, kept=kept).items())

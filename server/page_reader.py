"""What the pages with an answer of their own share: a worker asked by stored queries, and the formats they offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import pyoxigraph as ox

from msevidence.server import cut
from msevidence.server.binding import PLACE, among, with_any
from msevidence.server.formats import RDF_FORMATS, Format
from msevidence.server.labels import query
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

Row = Mapping[str, Term]
# The page comes first: it is what a client gets that does not say what it wants.
OFFERED: dict[str, Format[Any]] = {
    "html": Format("html", "text/html", cast(Any, None), "html", ("application/xhtml+xml",)),
    "json": Format("json", "application/json", cast(Any, None), "json"),
    "csv": Format("csv", "text/csv", cast(Any, None), "csv"),
    "turtle": RDF_FORMATS["turtle"],
    "jsonld": RDF_FORMATS["jsonld"],
}


ROOM = 60_000_000
"""Bytes, about, of answers kept in memory a release; what comes after is asked each time."""
LONGEST = 2_000
"""Rows of an answer that is kept."""
ROW, TERM = 250, 120
"""Bytes of a row and of a term beside its characters."""


NAMED = 500
"""Characters of the values asked about in an answer that is kept: an address may hold any."""


class LaneReader:
    """A worker of the pages lane, asked by the names of queries."""

    def __init__(self, lane: PageLane) -> None:
        self._lane = lane

    def rows(self, name: str, **bound: str) -> Iterator[Row]:
        """Return the solutions of ``queries/<name>.rq`` with variables bound to IRIs."""
        return iter(self._lane.select(*_asked(query(name), bound)))


def _asked(text: str, bound: Mapping[str, str]) -> tuple[str, Mapping[str, Term]]:
    """Return a query with IRIs at the places that it has for variables, and the substitutions of the others.

    Where a value stands in the text, the engine plans with it; a substitution comes too late for that.
    """
    placed = {variable: iri for variable, iri in bound.items() if PLACE.format(variable) in text}
    for variable, iri in placed.items():
        text = among(text, [iri], variable)
    return text, {variable: ox.NamedNode(iri) for variable, iri in bound.items() if variable not in placed}


MOST = 500
"""Things that one query asks for; a page shows fewer, a file has as many queries as it needs."""


def rows_of(lane: PageLane, name: str, items: Sequence[str]) -> Iterator[Row]:
    """Return the solutions of ``queries/<name>.rq`` for things, by IRI, which are its variable ``?item``.

    A query of several branches has a place for them in each: the engine starts from them only there.
    """
    text = query(name)
    placed = PLACE.format("item") in text
    for start in range(0, len(items), MOST):
        some = items[start : start + MOST]
        for row in lane.select(among(text, some, "item") if placed else with_any(text, "item", some)):
            if "item" in row:
                yield row


class KeptReader(LaneReader):
    """The same, which asks each question of a release once: a release never changes."""

    def __init__(self, lane: PageLane) -> None:
        super().__init__(lane)
        self._kept = _kept(lane.release.id)

    def rows(self, name: str, **bound: str) -> Iterator[Row]:
        """Return the solutions as :meth:`LaneReader.rows`, from memory where they were asked for before."""
        return iter(self.select(*_asked(query(name), bound)))

    def select(self, text: str, bound: Mapping[str, Term]) -> Sequence[Row]:
        """Return the solutions of a query of ours, from memory where they were asked for before."""
        key = (text, *sorted((variable, str(term)) for variable, term in bound.items()))
        there = self._kept.answers.get(key)
        if there is None:
            there = self._lane.select(text, bound)
            if len(there) <= LONGEST and sum(map(len, key[1:])) <= NAMED:
                size = _size(there)
                if size <= self._kept.room:
                    self._kept.room -= size
                    self._kept.answers[key] = there
        else:
            cut.notice(text, len(there))
        return there


def _size(rows: Sequence[Row]) -> int:
    """Return about how many bytes rows take in memory, their key included."""
    return ROW * (1 + len(rows)) + sum(TERM + len(str(term)) for row in rows for term in row.values())


@dataclass(slots=True)
class _Kept:
    """The answers of a release so far, and how many bytes more may be kept."""

    answers: dict[tuple[object, ...], Sequence[Row]] = field(default_factory=dict)
    room: int = ROOM


@lru_cache(maxsize=2)
def _kept(release: str) -> _Kept:
    """Return what is kept of a release; that of a release before the last is dropped."""
    return _Kept()

"""The studies that documents and the catalogue tell of, and queries about them and no others.

A graph may hold the records of a hundred thousand studies of which documents tell of a few. A query that starts from
these few costs the same in both; the engine finds that only where each branch of a UNION names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msevidence.server.binding import among
from msevidence.server.facets import Facets
from msevidence.server.labels import query
from msevidence.server.page_reader import KeptReader, Row
from msevidence.server.pages_links import MSE, of
from msevidence.server.store import PageLane

MOST = 500
"""Studies that one query names, at each of its places: a worker takes no query of more than a megabyte."""


def told(lane: PageLane) -> Sequence[str]:
    """Return the studies that documents or the catalogue tell of."""
    known = _known(lane.release.id)
    if not known:
        known[""] = tuple(sorted({of(row, "study") for row in lane.select(query("told_studies"))}))
    return known[""]


@lru_cache(maxsize=2)
def _known(release: str) -> dict[str, Sequence[str]]:
    """Return what was found in a release; that of a release before the last is dropped."""
    return {}


def others(lane: PageLane, told: Sequence[str]) -> int:
    """Return how many studies there are beside these, known from records of registries only."""
    return max(0, Facets(lane.release, "en").count(MSE + "Study") - len(told))


def rows(lane: PageLane, name: str, studies: Sequence[str]) -> Iterator[Row]:
    """Yield the solutions of ``queries/<name>.rq`` about these studies, which are asked for some at a time."""
    reader, text = KeptReader(lane), query(name)
    for start in range(0, len(studies), MOST):
        yield from reader.select(among(text, studies[start : start + MOST]), {})


def behind(name: str, studies: Sequence[str]) -> str:
    """Return the query to show beside what :func:`rows` gave: of more than it names at once it asks for all studies."""
    return among(query(name), studies) if len(studies) <= MOST else query(name)

"""What lists count and date: of the things of a page, or of all of a list that is short enough for their order.

What is asked for is asked of these things only: what a page costs does not depend on how many there are beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msevidence.server.binding import among
from msevidence.server.labels import query
from msevidence.server.page_reader import MOST, rows_of
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane

COUNTED = ("claims", "findings", "set_aside", "results", "passages")
"""Measures of ``list_counts.rq``, which are columns of these names."""
DATE = "date"


def counts(lane: PageLane, iris: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """Return measure → thing → how many there are, for these things; one without any is left out."""
    found: dict[str, dict[str, int]] = {}
    for start in range(0, len(iris), MOST):
        for row in lane.select(among(query("list_counts"), iris[start : start + MOST], "item")):
            if "item" in row and "measure" in row:
                found.setdefault(of(row, "measure"), {})[of(row, "item")] = int(of(row, "count"))
    return found


def dates(lane: PageLane, iris: Sequence[str]) -> Mapping[str, str]:
    """Return the dates of these things; one without is left out."""
    return {of(row, "item"): of(row, "date") for row in rows_of(lane, "list_dates", iris)}


def ordered(lane: PageLane, iris: Sequence[str], sort: str) -> list[str]:
    """Return things in the order of their dates (the newest first), or of what is counted (the most first).

    What is not dated comes last, and equals stay as they are.
    """
    if sort == DATE:
        dated = dates(lane, iris)
        return sorted(iris, key=lambda iri: dated.get(iri, ""), reverse=True)
    counted = counts(lane, iris).get(sort, {})
    return sorted(iris, key=lambda iri: -counted.get(iri, 0))

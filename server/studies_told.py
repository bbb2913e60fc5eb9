"""The studies that documents and the catalogue tell of, and queries about them and no others.

A graph may hold the records of a hundred thousand studies of which documents tell of a few. A query that starts from
these few costs the same in both; the engine finds that only where each branch of a UNION names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from msevidence.server.labels import query
from msevidence.server.page_reader import KeptReader, Row
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane

PLACE = "# VALUES ?study\n"
"""Stands in a query where the studies are written."""
MOST = 500
"""Studies that one query names, at each of its places: a worker takes no query of more than a megabyte."""


def told(lane: PageLane) -> list[str]:
    """Return the studies that documents or the catalogue tell of."""
    return sorted({of(row, "study") for row in lane.select(query("told_studies"))})


def others(lane: PageLane, told: Sequence[str]) -> int:
    """Return how many studies there are beside these, known from records of registries only."""
    return max(0, int(of(lane.select(query("study_count"))[0], "count")) - len(told))


def rows(lane: PageLane, name: str, studies: Sequence[str]) -> Iterator[Row]:
    """Yield the solutions of ``queries/<name>.rq`` about these studies, which are asked for some at a time."""
    reader, text = KeptReader(lane), query(name)
    for start in range(0, len(studies), MOST):
        yield from reader.select(among(text, studies[start : start + MOST]), {})


def behind(name: str, studies: Sequence[str]) -> str:
    """Return the query to show beside what :func:`rows` gave: of more than it names at once it asks for all studies."""
    return among(query(name), studies) if len(studies) <= MOST else query(name)


def among(sparql: str, studies: Sequence[str]) -> str:
    """Return a query that is about these studies only, at each place that it has for them.

    >>> among("SELECT ?study WHERE { # VALUES ?study\\n ?study ?p ?o }", ["https://example.org/a"])
    'SELECT ?study WHERE { VALUES ?study { <https://example.org/a> }\\n ?study ?p ?o }'

    Raises:
        ValueError: the query has no such place, or an IRI is none.
    """
    if PLACE not in sparql:
        raise ValueError(f"the query has no place {PLACE.strip()!r}")
    terms = " ".join(str(ox.NamedNode(study)) for study in studies)
    return sparql.replace(PLACE, f"VALUES ?study {{ {terms} }}\n")

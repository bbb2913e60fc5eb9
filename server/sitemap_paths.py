"""The addresses of the things of a release, in order, some at a time: from its index, where they stand in that order.

The index names more than the things: a graph of which nothing is said has a name there, too, and no page of its own.
"""

from __future__ import annotations

from msevidence.server.index import Index

# ?1 and ?2: the first address, and what comes after the last. A thing is of a class; only graphs can be of none.
_THINGS = """
FROM label AS l WHERE l.reader = 'en' AND l.iri >= ?1 AND l.iri < ?2 AND instr(l.iri, '#') = 0
AND (substr(l.iri, 1, length(?1) + 6) <> ?1 || 'graph/' OR EXISTS (
  SELECT 1 FROM class_count AS c JOIN thing AS t ON t.class = c.class AND t.iri = l.iri))
"""


def count(index: Index, base: str) -> int:
    """Return how many things there are."""
    return int(index.rows(f"SELECT count(*) {_THINGS}", _bounds(base))[0][0])


def paths(index: Index, base: str, start: int, size: int) -> list[str]:
    """Return a stretch of the addresses, without the base."""
    rows = index.rows(f"SELECT l.iri {_THINGS} ORDER BY l.iri LIMIT ?3 OFFSET ?4", (*_bounds(base), size, start))
    return [iri.removeprefix(base) for (iri,) in rows]


def _bounds(base: str) -> tuple[str, str]:
    return base, f"{base}\U0010ffff"

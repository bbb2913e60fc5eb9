"""Answers that end at a limit in one of our own queries: the page says so, and a file of it is refused.

Those queries stop after some thousands of rows, because a page shows no more. What stops there is not all that there
is, and whoever reads it must know.
"""

from __future__ import annotations

import re

from flask import g, has_request_context

from msevidence.server.errors import ResultTooLarge, Words

_LIMIT = re.compile(r"\nLIMIT ([0-9]{4,})\s*\Z")
"""Of a query of ours that wants all there is, up to so many; one that wants a few examples has a smaller number."""


def notice(query: str, rows: int) -> None:
    """Note, for the request that is answered, that a query gave as many rows as it may."""
    found = _LIMIT.search(query, max(0, len(query) - 40))
    if found and rows >= int(found[1]):
        mark(int(found[1]))


def mark(most: int) -> None:
    """Note, for the request that is answered, that no more than so many entries of something were read."""
    if has_request_context():
        g.cut = max(reached(), most)


def reached() -> int:
    """Return the greatest limit at which an answer to the present request ended; 0 where none did."""
    return int(getattr(g, "cut", 0)) if has_request_context() else 0


def refuse() -> None:
    """Refuse a file that would not hold all that there is.

    Raises:
        ResultTooLarge: an answer ended at a limit.
    """
    if most := reached():
        said = f"The file would end after {most} entries of one kind, and there are more."
        raise ResultTooLarge(
            most, Words(said, f"Filen ville slutte etter {most} oppføringer av ett slag, og det er flere.")
        )

"""Where the engine's parser gives up, as a place in the query.

The engine names the furthest character that it looked at. That is past the fault: it tries a keyword by reading as
many characters as the keyword has, across what stands between (`GROUP BY⏎}` is told as a fault after the end of the
text). So the query is parsed once more with every run of white space widened beyond the longest keyword: what is read
ahead then stays within the token at fault and the space after it.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

WIDTH = 24
"""The longest keyword is ENCODE_FOR_URI."""
_SPACE = re.compile(r"[ \t\r\n]+|\Z")
_PLACE = re.compile(r"error at (\d+):(\d+): ")


def find(query: str, base: str) -> tuple[int, str] | None:
    """Find the fault in a query that does not parse.

    Args:
        query: the query's text.
        base: IRI that relative IRIs are resolved against.

    Returns:
        the offset of a character of the token at fault, the query's length where the text ends too early, and the
        engine's message about it; None where the engine names no place.
    """
    runs = list(_SPACE.finditer(query))
    wide = "".join(_widened(query, runs))
    try:
        ox.Store().query(wide, base_iri=base)
    except SyntaxError as error:
        message = str(error)
        told = _PLACE.match(message)
        if told is not None:
            lines = wide.split("\n")
            line, column = int(told[1]), int(told[2])
            return _narrowed(runs, sum(len(before) + 1 for before in lines[: line - 1]) + column - 1), message
    return None


def _widened(query: str, runs: list[re.Match[str]]) -> list[str]:
    parts, after = [], 0
    for run in runs:
        # A comment ends where it ended.
        space = "\n" if "\n" in run[0] or "\r" in run[0] else " "
        parts += [query[after : run.start()], space.ljust(WIDTH)]
        after = run.end()
    return parts


def _narrowed(runs: list[re.Match[str]], position: int) -> int:
    """Return the offset in the query of a position in the wide text; space belongs to the token before it."""
    wide = after = 0
    for run in runs:
        start = wide + run.start() - after
        if position < start:
            return after + position - wide
        if position < start + WIDTH:
            return max(0, run.start() - 1)
        wide, after = start + WIDTH, run.end()
    return after

"""Percentages that have a column of their own, beside columns with their counts and denominators.

Headers name such columns in too many ways, so the numbers tell them: where nearly all rows of three columns are a
count, its base and the percentage, the row that is not is wrong.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from msevidence.loaders.review.arithmetic.percentages import Share
from msevidence.loaders.review.view import Passage, Table

_WHOLE = re.compile(r"\d{1,3}(?:[ ,\u2009\u202f\u00a0]\d{3})+|\d+")
_PERCENT = re.compile(r"(\d+(?:[.,·]\d+)?)\s?%?")
_SAYS_PERCENT = re.compile(r"%|\bper ?cent|\bprosent|\bandel\b|\bproportion\b", re.IGNORECASE)
_FEWEST = 4
"""Rows below which three columns may agree by chance."""


def shares_in_columns(table: Table) -> Iterator[Share]:
    """Yield the shares of each row of a table that has columns with counts, their bases and percentages."""
    for percent in table.columns:
        if not _SAYS_PERCENT.search(table.text(0, percent)):
            continue
        found = [
            shares
            for count in table.columns
            for base in table.columns
            if len({count, base, percent}) == 3 and (shares := _rows(table, count, base, percent))
        ]
        if found:
            yield from max(found, key=lambda shares: sum(s.agrees(s.base) for s in shares))


def _rows(table: Table, count: int, base: int, percent: int) -> list[Share]:
    """Return a share a row; none where the three columns are not a count, its base and the percentage."""
    shares = []
    for row in sorted(table.cells):
        cells = [table.cells[row].get(c, []) for c in (count, base, percent)]
        if row and all(len(cell) == 1 for cell in cells):
            share = _share(*(cell[0] for cell in cells))
            shares += [share] if share else []
    agree = sum(s.agrees(s.base) for s in shares)
    telling = len({(s.count, s.base) for s in shares if s.agrees(s.base) and 0 < s.count < s.base})
    if len(shares) < _FEWEST or agree < len(shares) - max(1, len(shares) // 10) or telling < _FEWEST - 1:
        return []
    return shares


def _share(count: Passage, base: Passage, percent: Passage) -> Share | None:
    texts = [p.text.strip() for p in (count, base, percent)]
    printed = _PERCENT.fullmatch(texts[2])
    if not printed or not _WHOLE.fullmatch(texts[0]) or not _WHOLE.fullmatch(texts[1]):
        return None
    part, whole = (Decimal(re.sub(r"\D", "", t)) for t in texts[:2])
    value = re.sub(r"[,·]", ".", printed[1])
    return Share(part, whole, value, percent, base) if whole and Decimal(value) <= 100 else None

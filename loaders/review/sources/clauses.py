"""The parts of a sentence that speak of a number each."""

import re
from collections.abc import Iterator
from itertools import pairwise

from msevidence.loaders.review.numbers import Number

_SEPARATOR = re.compile(
    r"[,;:](?=\s)|\s(?:and|og|but|men|while|mens|whereas|compared (?:to|with)|sammenlignet med|versus|vs\.?)(?=\s)",
    re.I,
)
STATISTIC = re.compile(
    r"\b(?:median|mean|average|gjennomsnitt(?:lig)?|max(?:imum)?|maks(?:imalt)?|min(?:imum)?)\b", re.I
)
"""What kind of value a number is."""
_LABEL_ALONE = re.compile(r"[\W_]*(?:\w+[\W_]+)?\w+[\W_]*")
_WHEN = re.compile(
    r"\W*(?:after|at|by|over|within|etter|ved|innen)\s[^,;]*"
    r"\b(?:years?|months?|weeks?|days?|år|måneder|uker|dager)\W*",
    re.I,
)
"""A part that only tells when: it belongs to the next one, though it holds a number itself."""


def parts(text: str, found: list[Number]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sentence that hold a number each, or several that no comma or ``and`` parts.

    A part without a number belongs to the one before it; to the next one where none is before it, where it is a label
    (``mean,``), or where numbers follow what they count, in brackets (``fever (30 %), infection and nausea (12 %)``).
    So does a first part that tells when (``after two years,``).
    """
    cuts = [0, *(m.start() for m in _SEPARATOR.finditer(text) if not _in_brackets(text, m.start())), len(text)]
    spans = [(a, b) for a, b in pairwise(cuts) if a < b]
    begin: int | None = None
    done: list[tuple[int, int]] = []
    for i, (a, b) in enumerate(spans):
        if any(a <= n.begin < b for n in found):
            if not done and _WHEN.fullmatch(text[a:b]) and any(n.begin >= b for n in found):
                begin = a if begin is None else begin
                continue
            done.append((a if begin is None else begin, b))
            begin = None
            continue
        following = [n for n in found if n.begin >= b]
        ahead = bool(following) and (
            not done
            or begin is not None
            or (bool(_LABEL_ALONE.fullmatch(text[a:b])) and bool(STATISTIC.search(text[a:b])))
            or (_in_brackets(text, following[0].begin) and i + 1 < len(spans))
        )
        if ahead:
            begin = a if begin is None else begin
        elif done:
            done[-1] = (done[-1][0], b)
    yield from done


def _in_brackets(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")

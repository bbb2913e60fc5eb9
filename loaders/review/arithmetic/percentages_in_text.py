"""Percentages in running text with their count and denominator.

``5 of 30 patients (17 %)``, ``67 % (10/15)``, ``Of 30 patients, 5 (17 %) …``.
"""

import re
from collections.abc import Iterator

from msevidence.loaders.review.arithmetic.percentages import Share
from msevidence.loaders.review.arithmetic.sums import measures
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Passage

_OF = re.compile(
    r"\s?/\s?|\s(?:out\s)?(?:of|av|blant|among)\s"
    r"(?:(?:the|these|a|all|total|totalt|i alt|of|til sammen|de|disse|alle)\s)*",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?:^|[.;,]\s|\band\s|\bog\s)(?:of|among|out of|av|blant)\s"
    r"(?:(?:the|these|all|a total of|totalt|de|disse|alle)\s)*$",
    re.IGNORECASE,
)
"""What stands before a denominator that opens a clause: ``Of the 30 patients, …``."""
_SMALLEST = 5
"""Below this, two figures with a slash are rather a grade (``3/4``), a dose or a part of a name."""


def shares_in_text(passage: Passage) -> Iterator[Share]:
    """Yield each count with denominator and percentage in a passage."""
    text, found = passage.text, numbers(passage.text, passage.language)
    for i in range(len(found) - 2):
        one, two, three = found[i : i + 3]
        if _is_fraction(text, one, two) and three.percent and _brackets(text, two.end, three.begin):
            share = _share(passage, one, two, three)
        elif one.percent and _is_fraction(text, two, three) and _bracketed(text, one.end, two.begin, three.end):
            share = _share(passage, two, three, one)
        elif three.percent and _is_of_leading(text, one, two, three):
            share = _share(passage, two, one, three)
        else:
            continue
        if share:
            yield share


def _is_fraction(text: str, count: Number, base: Number) -> bool:
    between = text[count.end : base.begin]
    if not _OF.fullmatch(between) or not (count.whole and _whole(base)) or measures(count) or measures(base):
        return False
    return count.value <= base.value and base.value >= (_SMALLEST if "/" in between else 1)


def _is_of_leading(text: str, base: Number, count: Number, percent: Number) -> bool:
    """Say whether a clause opens with the denominator, and its first count and percentage follow in the next."""
    if not _LEADING.search(text[: base.begin]) or not (count.whole and base.whole) or measures(count) or measures(base):
        return False
    apart = re.fullmatch(r"(?:\s[^\W\d_][\w'’/-]*){1,12},\s(?:\w+\s){0,2}", text[base.end : count.begin])
    said = re.fullmatch(r"\s?[(\[]\s?", text[count.end : percent.begin]) and text[percent.end : percent.end + 1] in ")]"
    return bool(apart and said) and _SMALLEST <= base.value >= count.value


def _whole(number: Number) -> bool:
    """Say whether a number is a denominator; one of four figures without a noun may be one and no year."""
    return number.whole or (not (number.high or number.percent or number.p_value) and number.value % 1 == 0)


def _brackets(text: str, start: int, percent: int) -> bool:
    """Say whether brackets with the percentage follow the denominator and its noun."""
    return bool(re.fullmatch(r"(?:\s?[^\s().;:,]+){0,6}\s?[(\[]\s?(?:[~=]\s?)?", text[start:percent]))


def _bracketed(text: str, percent: int, start: int, end: int) -> bool:
    """Say whether the count and its denominator stand in brackets of their own after the percentage."""
    before = re.fullmatch(r"(?:\s?[^\s().;:,]+){0,6}\s?[(\[]\s?(?:n\s?=\s?)?", text[percent:start])
    return bool(before and re.match(r"(?:\s[^\W\d_]+){0,4}\s?[)\];,]", text[end:]))


def _share(passage: Passage, count: Number, base: Number, percent: Number) -> Share | None:
    if percent.high is not None or percent.hedge or count.hedge or percent.value > 100:
        return None
    return Share(count.value, base.value, f"{percent.value:f}", passage, passage)

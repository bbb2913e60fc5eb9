"""Lengths of follow-up, and the times after which something was seen."""

import re
from collections.abc import Iterator
from decimal import Decimal

from msevidence.loaders.review.outcome import Severity, VerdictKind
from msevidence.loaders.review.sources import lexicon
from msevidence.loaders.review.sources.counts import same_label
from msevidence.loaders.review.sources.equal import equal
from msevidence.loaders.review.sources.items import Item, Passed, of_quantity
from msevidence.loaders.review.sources.known import KnownWork, Stated
from msevidence.loaders.review.sources.quantities import Quantity

_AFTER = re.compile(r"\b(?:after|at|by|etter|ved|innen)\s(?:a\s|en\s|ett?\s)?(?:[\w-]+\s){0,4}$", re.I)
_LASTED = re.compile(r"\b(?:persist|last(?:ed|s)\b|maintain|sustain|remain|vedvar|holdt seg|varte|opprettholdt)", re.I)
_FEW = Decimal("0.5")
"""Part of all people below which a result at a time is said to rest on few of them."""


def times(passed: Passed, work: KnownWork) -> Iterator[Item]:
    """Compare lengths of follow-up with those of the source, and times of a result with those of the same result."""
    for quantity in passed.quantities:
        if quantity.kind != "time":
            continue
        before = passed.text[: quantity.number.begin]
        if lexicon.AGE.search(passed.text[slice(*quantity.part)]):
            yield from _age(passed, work, quantity)
        elif found := _of_another_time(passed, work, quantity):
            yield _differing(passed, quantity, found, VerdictKind.DISAGREES)
        elif "follow-up" in quantity.outcomes and not _LASTED.search(before):
            yield _follow_up(passed, work, quantity)
        elif _LASTED.search(before[-60:]) or _AFTER.search(before):
            yield _time_point(passed, work, quantity)


def _age(passed: Passed, work: KnownWork, quantity: Quantity) -> Iterator[Item]:
    """Compare a mean or median age; an age without either may be of anybody."""
    if quantity.statistic not in ("mean", "median"):
        return
    like = [
        s
        for s in _times(work)
        if s.quantity.statistic == quantity.statistic
        and s.quantity.people == quantity.people
        and lexicon.AGE.search(s.sentence.text[slice(*s.quantity.part)])
    ]
    if same := [s for s in like if equal(quantity, s.quantity)]:
        yield of_quantity(VerdictKind.AGREES, passed, quantity, same[0].sentence)
    elif len({s.value for s in like}) == 1 and passed.sole:
        yield _differing(passed, quantity, like[0], VerdictKind.DISAGREES)


def _of_another_time(passed: Passed, work: KnownWork, quantity: Quantity) -> Stated | None:
    """Return the time at which the source has the number that the passage has at this one."""
    beside = [q for q in passed.quantities if q.part == quantity.part and q.kind in ("percent", "person")]
    found = {
        time
        for q in beside
        for s in work.stated
        if s.quantity.kind in (q.kind, "bare") and equal(q, s.quantity) and q.outcomes & s.quantity.outcomes
        for time in _times(work)
        if time.sentence is s.sentence and time.quantity.part == s.quantity.part
    }
    if len(found) != 1 or any(equal(quantity, t.quantity) for t in _times(work)):
        return None
    return found.pop()


def _follow_up(passed: Passed, work: KnownWork, quantity: Quantity) -> Item:
    stated = [s for s in _times(work) if "follow-up" in s.quantity.outcomes]
    if quantity.statistic in ("median", "mean"):
        stated = [s for s in stated if s.quantity.statistic in (None, quantity.statistic)]
    named = [s for s in stated if s.quantity.named and same_label(quantity.label, s.quantity.label)]
    if same := [s for s in named or stated if equal(quantity, s.quantity)]:
        return of_quantity(VerdictKind.AGREES, passed, quantity, same[0].sentence)
    if longest := _longest(quantity, stated, work):
        return _differing(passed, quantity, longest, VerdictKind.DISAGREES)
    like = named or [s for s in stated if not s.quantity.named and quantity.statistic in (None, s.quantity.statistic)]
    different = len({s.quantity.months for s in like})
    if not like or (different > 1 and not named) or quantity.number.high is not None or not passed.sole:
        return of_quantity(VerdictKind.NOT_IN_WHAT_WAS_READ, passed, quantity, None)
    return _differing(passed, quantity, like[0], VerdictKind.DISAGREES)


def _longest(quantity: Quantity, stated: list[Stated], work: KnownWork) -> Stated | None:
    """Return the longest time that the source tells, which a time called the longest ought to be."""
    told = [s for s in stated if s.quantity.statistic is None and s.quantity.months is not None]
    if quantity.statistic != "max" or not told or work.full:
        return None
    return max(told, key=lambda s: s.quantity.months or 0)


def _time_point(passed: Passed, work: KnownWork, quantity: Quantity) -> Item:
    """Compare the time of a result; ``after one year`` is no length of follow-up but may have to fit it."""
    same = [
        s
        for s in _times(work)
        if equal(quantity, s.quantity)
        and s.quantity.number.hedge is None
        and s.quantity.statistic in (None, quantity.statistic)
    ]
    if same:
        return _on_few(passed, work, quantity, same) or of_quantity(
            VerdictKind.AGREES, passed, quantity, same[0].sentence
        )
    other = [
        s for s in _times(work) if _AFTER.search(s.sentence.text[: s.quantity.number.begin]) and _result(quantity, s)
    ]
    if alike := [s for s in other if equal(quantity, s.quantity)]:  # the source says of it that it is a median
        return of_quantity(VerdictKind.AGREES, passed, quantity, alike[0].sentence)
    if len({s.quantity.months for s in other}) != 1 or work.full or not passed.sole:
        return of_quantity(VerdictKind.NOT_IN_WHAT_WAS_READ, passed, quantity, None)
    return _differing(passed, quantity, other[0], VerdictKind.OTHER_MEASURE)


def _result(quantity: Quantity, stated: Stated) -> bool:
    """Say whether a sentence of the source tells a result of the same kind."""
    inside = stated.sentence.quantities
    if quantity.direction and any(q.direction == quantity.direction for q in inside):
        return True
    return bool(quantity.outcomes & stated.sentence.outcomes - {"follow-up"})


def _on_few(passed: Passed, work: KnownWork, quantity: Quantity, same: list[Stated]) -> Item | None:
    """Return an item where the source says how few were there at that time, and the passage does not."""
    totals = {s.value for s in work.totals("person")}
    if len(totals) != 1 or not _LASTED.search(passed.text):
        return None
    (total,) = totals
    for stated in same:
        for count in stated.sentence.quantities:
            here = count.kind in ("person", "bare") and stated.quantity.months in count.times and count.number.whole
            if here and not count.interval and count.number.value < _FEW * total:
                if any(q.number.value == count.number.value for q in passed.quantities):
                    return None  # the passage says so, too
                return of_quantity(
                    VerdictKind.OTHER_MEASURE,
                    passed,
                    quantity,
                    stated.sentence,
                    f"It rests on {count.number.printed} of {total} people.",
                    f"Det bygger på {count.number.printed} av {total} personer.",
                    Severity.NOTE,
                )
    return None


def _times(work: KnownWork) -> list[Stated]:
    return [s for s in work.stated if s.quantity.kind == "time" and not s.quantity.interval]


def _differing(passed: Passed, quantity: Quantity, stated: Stated, kind: VerdictKind) -> Item:
    ours, theirs = (_printed(passed.text, quantity), _printed(stated.sentence.text, stated.quantity))
    return of_quantity(
        VerdictKind.OTHER_MEASURE if stated.sentence.selected else kind,
        passed,
        quantity,
        stated.sentence,
        f"The time is {ours} here and {theirs} there.",
        f"Tiden er {ours} her og {theirs} der.",
    )


def _printed(text: str, quantity: Quantity) -> str:
    """Return a time as printed, with its unit where that follows at once."""
    after = re.match(r"(?:\s?\([^()]*\))?\s?[^\W\d_]+", text[quantity.number.end :])
    return f"{quantity.number.printed}{after[0] if after else ''}"

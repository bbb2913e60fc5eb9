"""Percentages, against those that the source gives of the same outcome in the same people, and changes on a scale."""

from collections.abc import Iterator
from decimal import Decimal

from msevidence.loaders.review.outcome import VerdictKind
from msevidence.loaders.review.sources import lexicon
from msevidence.loaders.review.sources.equal import bears_out, equal
from msevidence.loaders.review.sources.items import Item, Passed, of_quantity
from msevidence.loaders.review.sources.known import KnownWork, Stated
from msevidence.loaders.review.sources.quantities import Quantity
from msevidence.loaders.review.sources.scales import Change, changes

_SHARED = 3
"""Stems that two sentences must share to speak of one thing where no outcome of the lexicon stands in them …"""
_ALIKE = 0.5
"""… and what part of all their stems these must be."""


def shares(passed: Passed, work: KnownWork) -> Iterator[Item]:
    """Compare the percentages and the points on a scale of a passage.

    A number of the source that bears out one of the passage is taken: no other one is held against it.
    """
    mine = [q for q in passed.quantities if q.kind in ("percent", "points")]
    agreeing = {id(q): [s for s in work.stated if _same(q, s)] for q in mine}
    taken = {id(s) for found in agreeing.values() for s in found}
    for quantity in mine:
        if found := agreeing[id(quantity)]:
            yield _agreeing(passed, quantity, found[0])
        elif on_scale := _scaled(quantity, work):
            yield _against_scale(passed, quantity, on_scale)
        else:
            elsewhere = lexicon.drugs(passed.text[slice(*quantity.part)]) - work.drugs
            free = [s for s in work.stated if id(s) not in taken and not elsewhere]
            yield _differing(passed, quantity, [s for s in free if _comparable(quantity, s)])


def _agreeing(passed: Passed, quantity: Quantity, stated: Stated) -> Item:
    ours, theirs = quantity.direction, stated.quantity.direction
    if ours and theirs and lexicon.OPPOSITE[ours] == theirs:
        return of_quantity(
            VerdictKind.DISAGREES,
            passed,
            quantity,
            stated.sentence,
            "The number is the same, but it goes the other way.",
            "Tallet er det samme, men det går motsatt vei.",
        )
    if quantity.outcomes & stated.quantity.outcomes and quantity.free != stated.quantity.free:
        return of_quantity(
            VerdictKind.DISAGREES,
            passed,
            quantity,
            stated.sentence,
            "The number is the same, but one says it of those who had it and the other of those who were spared.",
            "Tallet er det samme, men den ene sier det om dem som fikk det, den andre om dem som slapp.",
        )
    return of_quantity(VerdictKind.AGREES, passed, quantity, stated.sentence)


def _same(quantity: Quantity, stated: Stated) -> bool:
    other = stated.quantity
    if other.kind != quantity.kind or not equal(quantity, other) or (other.interval and quantity.number.high is None):
        return False
    ours, theirs = quantity.outcomes, other.outcomes
    if ours and theirs and not ours & theirs:
        return False
    return bool(ours & theirs) or bool(quantity.stems & other.stems)


def _comparable(quantity: Quantity, stated: Stated) -> bool:
    """Say whether two percentages are of one outcome, in the same people, at no other time."""
    other = stated.quantity
    if other.kind != quantity.kind or other.interval or other.number.high is not None:
        return False
    ours, theirs = quantity.outcomes - {"follow-up"}, other.outcomes - {"follow-up"}
    if ours or theirs:
        about_one_thing = bool(ours & theirs) and (ours <= theirs or theirs <= ours)
    else:
        both = quantity.stems & other.stems
        about_one_thing = len(both) >= _SHARED and len(both) >= _ALIKE * len(quantity.stems | other.stems)
    same_time = not (quantity.times and other.times) or bool(quantity.times & other.times)
    moved = (quantity.direction, other.direction)
    opposite = None not in moved and lexicon.OPPOSITE[moved[0] or ""] == moved[1]
    return (
        about_one_thing
        and same_time
        and quantity.risk == other.risk
        and not opposite
        and quantity.people == other.people
        and quantity.free == other.free
    )


def _differing(passed: Passed, quantity: Quantity, against: list[Stated]) -> Item:
    if len({s.value for s in against}) != 1:
        return of_quantity(VerdictKind.NOT_IN_WHAT_WAS_READ, passed, quantity, None)
    stated = against[0]
    chosen = stated.sentence.selected and not lexicon.SELECTED.search(passed.text)
    return of_quantity(
        VerdictKind.OTHER_MEASURE if chosen else VerdictKind.DISAGREES,
        passed,
        quantity,
        stated.sentence,
        f"It is {quantity.printed} here and {stated.quantity.printed} there.",
        f"Det er {quantity.printed} her og {stated.quantity.printed} der.",
    )


def _scaled(quantity: Quantity, work: KnownWork) -> list[Change]:
    """Return the changes on a scale that the source gives of the outcome, in the direction that the passage says."""
    if quantity.direction is None or quantity.risk:
        return []
    found = [c for s in work.sentences for c in changes(s) if c.outcomes & quantity.outcomes]
    falling = {"down": True, "up": False}.get(quantity.direction)
    return [c for c in found if falling is None or (c.after < c.before) == falling]


def _against_scale(passed: Passed, quantity: Quantity, found: list[Change]) -> Item:
    """Compare a percentage with what a change on a scale makes relatively, and points with the points."""
    for change in found:
        value = change.percent if quantity.kind == "percent" else change.points
        if bears_out(quantity.number, abs(value).quantize(_step(quantity.number.value))):
            return of_quantity(VerdictKind.AGREES, passed, quantity, change.sentence)
    if len(found) > 1:
        return of_quantity(VerdictKind.NOT_IN_WHAT_WAS_READ, passed, quantity, None)
    (change,) = found
    if quantity.kind == "points":
        kind, english, norwegian = VerdictKind.DISAGREES, f"{change.english}.", f"{change.norwegian}."
    else:
        kind = VerdictKind.OTHER_MEASURE
        english = f"{change.english}, not {quantity.number.printed}."
        norwegian = f"{change.norwegian}, ikke {quantity.number.printed}."
    return of_quantity(kind, passed, quantity, change.sentence, english, norwegian)


def _step(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)

"""Whether a number of a claim and one of its source are the same, as printed: rounded, a bound, or a range."""

from decimal import Decimal

from msevidence.loaders.review.numbers import Number
from msevidence.loaders.review.sources.quantities import MONTHS, Quantity

AT_LEAST = frozenset(
    ("over", "more than", "at least", "just over", ">", "≥", "minst", "mer enn", "flere enn", "drøyt", "i overkant av")
)
_AT_MOST = (
    "up to|under|less than|fewer than|just under|<|≤|nearly|almost|opptil|inntil|mindre enn|færre enn|nesten|nærmere"
    "|i underkant av"
)
AT_MOST = frozenset(_AT_MOST.split("|"))
ABOUT = Decimal("0.1")
"""By how much ``about 200`` may differ, as a share of it."""
NEAR = Decimal("0.5")
"""How far below a bound a value may lie for the bound to be said of it: ``up to 40 %`` of 25 %, not of 3 %."""


def equal(claim: Quantity, source: Quantity) -> bool:
    """Say whether the source's number bears out the claim's."""
    value, high = source.number.value, source.number.high
    if claim.kind == "time":
        if claim.unit is None or source.unit is None:
            return False
        factor = MONTHS[source.unit] / MONTHS[claim.unit]
        value, high = value * factor, None if high is None else high * factor
    return bears_out(claim.number, value, high, exact=claim.kind not in ("percent", "time", "points", "bare"))


def bears_out(claim: Number, value: Decimal, high: Decimal | None = None, exact: bool = False) -> bool:
    """Say whether a value (or range) is what a printed number says; ``exact`` where it is a count."""
    if claim.high is not None:
        ends = rounds(claim.value, value) and high is not None and rounds(claim.high, high)
        return ends or (high is None and claim.value <= value <= claim.high)
    if high is not None:
        return False
    if claim.hedge in AT_LEAST:
        return claim.value <= value <= claim.value / NEAR
    if claim.hedge in AT_MOST:
        return claim.value * NEAR <= value <= claim.value
    if claim.hedge is not None:
        return abs(value - claim.value) <= ABOUT * abs(claim.value)
    return claim.value == value if exact else rounds(claim.value, value)


def rounds(printed: Decimal, value: Decimal) -> bool:
    """Say whether one of two numbers is the other one rounded.

    >>> rounds(Decimal("2.8"), Decimal("2.84")), rounds(Decimal("4"), Decimal("3.78"))
    (True, True)
    >>> rounds(Decimal("79"), Decimal("97"))
    False
    """
    places = min(_places(printed), _places(value))
    return abs(printed - value) <= Decimal(5).scaleb(-places - 1)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0

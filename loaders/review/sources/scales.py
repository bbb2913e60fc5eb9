"""Changes of a score from one value to another: in points, as a share of the first value, and of the scale."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from msevidence.loaders.review.sources.known import Sentence

SCALES = {
    r"\bEDSS\b|expanded disability status": ("EDSS", 0, 10),
    r"\bSF-?36\b": ("SF-36", 0, 100),
    r"\bMMSE\b|mini-?mental": ("MMSE", 0, 30),
    r"\bmRS\b|modified Rankin": ("mRS", 0, 6),
    r"\bSDMT\b|symbol digit": ("SDMT", 0, 110),
    r"\bFSS\b|fatigue severity scale": ("FSS", 1, 7),
    r"\bMSIS-?29\b": ("MSIS-29", 0, 100),
}
"""Scales of the field by their names in a text: short name, lowest and highest value."""
_BETWEEN = re.compile(r"\s(?:to|til)\s(?:\w+\s)?")
_FROM = re.compile(r"\b(?:from|fra)\s(?:a |an |en |et )?(?:\w+\s)?(?:of |på )?$", re.I)


@dataclass(frozen=True)
class Change:
    """A score that went from one value to another."""

    before: Decimal
    after: Decimal
    scale: tuple[str, int, int] | None
    outcomes: frozenset[str]
    sentence: Sentence

    @property
    def points(self) -> Decimal:
        return self.after - self.before

    @property
    def percent(self) -> Decimal:
        """The change as a share of the first value, in percent."""
        return 100 * self.points / self.before

    @property
    def english(self) -> str:
        more, scale = "less" if self.points < 0 else "more", ""
        if self.scale:
            name, low, high = self.scale
            scale = f" on the scale {name} of {low}–{high} ({_share(self.points, low, high)} % of the scale)"
        return (
            f"The source gives {self.before} and {self.after}, which is {abs(self.points)} points {more}{scale}. "
            f"As a share of the first value it is {_places(abs(self.percent), 0)} % {more}"
        )

    @property
    def norwegian(self) -> str:
        more, scale = "mindre" if self.points < 0 else "mer", ""
        if self.scale:
            name, low, high = self.scale
            share = _comma(_share(self.points, low, high))
            scale = f" på skalaen {name} fra {low} til {high} ({share} % av skalaen)"
        before, after, points = _comma(self.before), _comma(self.after), _comma(abs(self.points))
        return (
            f"Kilden oppgir {before} og {after}, som er {points} poeng {more}{scale}. "
            f"Som andel av den første verdien er det {_places(abs(self.percent), 0)} % {more}"
        )


def changes(sentence: Sentence) -> Iterator[Change]:
    """Yield the changes that a sentence gives as ``from 3.4 to 2.4``."""
    scale = next((s for pattern, s in SCALES.items() if re.search(pattern, sentence.text, re.I)), None)
    found = [q for q in sentence.quantities if q.kind in ("bare", "points") and not q.interval]
    for one, two in pairwise(found):
        between = sentence.text[one.number.end : two.number.begin]
        if not (_BETWEEN.fullmatch(between) and _FROM.search(sentence.text[: one.number.begin])):
            continue
        if one.number.high is None and two.number.high is None and one.number.value > 0:
            yield Change(one.number.value, two.number.value, scale, one.outcomes | two.outcomes, sentence)


def _share(points: Decimal, low: int, high: int) -> Decimal:
    return _places(100 * abs(points) / (high - low), 1)


def _places(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places))


def _comma(value: Decimal) -> str:
    return str(value).replace(".", ",")

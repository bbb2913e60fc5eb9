"""The numbers of a sentence, each with what is measured, of whom, when and in which direction, as far as it is said."""

import re
from dataclasses import dataclass
from decimal import Decimal

from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, is_year, numbers
from msevidence.loaders.review.sources import lexicon
from msevidence.loaders.review.sources.clauses import STATISTIC, parts

MONTHS = {"year": Decimal(12), "month": Decimal(1), "week": Decimal(12) / 52, "day": Decimal(12) / 365}
"""How many months a unit of time has."""
COUNTED = ("person", "study", "centre", "country")
_STATISTICS = {"average": "mean", "gjennomsnitt": "mean", "gjennomsnittlig": "mean", "maximum": "max", "maks": "max"}
_STATISTICS |= {"maksimalt": "max", "minimum": "min"}
_UNIT_AFTER = re.compile(r"\s?\([^()]*\)\s?([^\W\d_]+)")
_UNIT_BEFORE = re.compile(r"\b(?:in|i) (years|months|weeks|days|år|måneder|uker|dager)\b", re.I)
_GROUP_SIZE = re.compile(r"\bn\s?=\s?$", re.I)
_COMPARED = re.compile(r"\W*(?:compared (?:to|with)|versus|vs\b|against|sammenlignet med|mot)\s", re.I)
_LABEL_END = re.compile(r"\s*\(?\s*(?:\bn\s?=)?[\s:]*$|^[\s,;]+", re.I)
_POINTS = re.compile(r"\s?(?:EDSS[- ])?(?:points?|poeng|trinn)\b", re.I)
_INTERVAL = re.compile(
    r"\b(?:CI|KI|IQR|SD|SE|range[ds]?|spredning|interquartile|konfidens\w*|confidence)\b|±|\bp\s?[<=>≤]", re.I
)
_CENTRES = re.compile(
    r"\s(?:[A-ZÆØÅ]\w+\s(?:(?:and|og)\s)?){1,5}(centres|centers|sites|hospitals|countries|sentre|sykehus|land)\b"
)
"""``five European and North American centres``: adjectives that are no noun, though they begin with a capital."""
_ENROLLED_CASES = re.compile(r"\s?(?:enrolled|included|randomi[sz]ed|treated|consecutive)\scases", re.I)


@dataclass(frozen=True)
class Quantity:
    """A number of a sentence with what is said of it."""

    number: Number
    kind: str
    """``percent``, ``time``, ``group`` (``n = 9``), ``points``, ``bare``, or what is counted (``person`` …)."""
    unit: str | None
    """Of a time: ``year``, ``month``, ``week``, ``day``."""
    outcomes: frozenset[str]
    stems: frozenset[str]
    people: frozenset[str]
    direction: str | None
    free: bool
    risk: bool
    """It is a change of a risk, not of how many had it."""
    statistic: str | None
    """``median``, ``mean``, ``max``, ``min``."""
    times: frozenset[Decimal]
    """Months at which it was measured, by other numbers of its part of the sentence."""
    label: str
    """Words before it in its part of the sentence."""
    interval: bool
    """It is an end of a confidence interval, range or the like, or a deviation."""
    part: tuple[int, int]
    """Where the part of the sentence stands that speaks of it."""
    named: bool = False
    """``label`` is the name of a group, in a line that tells the figures of a table."""

    @property
    def printed(self) -> str:
        """The number as printed, in figures where it is a word, with what makes it a bound or a guess."""
        figure = str(self.number.value) if self.number.word else self.number.printed
        return f"{self.number.hedge} {figure}" if self.number.hedge else figure

    @property
    def months(self) -> Decimal | None:
        """The value of a time, in months."""
        return self.number.value * MONTHS[self.unit] if self.unit else None


def quantities(text: str, language: str, context: str = "") -> list[Quantity]:
    """Return the numbers of a sentence or table cell; ``context`` is what is said beside it (label of the row).

    >>> [(str(q.number.value), q.kind, sorted(q.outcomes)) for q in quantities("81% had no attacks in 26 months", "en")]
    [('81', 'percent', ['relapse']), ('26', 'time', ['relapse'])]
    """
    found = [n for n in numbers(text, language) if not n.p_value and not is_year(n)]
    spans = list(parts(text, found))
    kinds = [_kind(text, n, language) for n in found]
    whole = lexicon.outcomes(text)
    result: list[Quantity] = []
    for number, (kind, unit) in zip(found, kinds, strict=True):
        begin, end = next((p for p in spans if p[0] <= number.begin < p[1]), (0, len(text)))
        words = f"{text[begin:end]} {context}"
        outcomes = lexicon.outcomes(words)
        bare = not lexicon.stems(text[begin:end])  # "; mean, 2.8 years"
        if kind == "time" and not outcomes and bare and "follow-up" in whole:
            outcomes = frozenset({"follow-up"})
        if kind == "time" and lexicon.AGE.search(text[begin:end]):
            outcomes -= {"follow-up"}
        moved = lexicon.direction(text[begin:end], number.begin - begin)
        compared = bool(_COMPARED.match(text, begin))
        if (moved or compared) and not outcomes and result and kind in ("percent", "points", "bare"):
            outcomes = result[-1].outcomes  # "disability fell by 10 %, rose by 7 % with the other"
        others = [
            n.value * MONTHS[u]
            for n, (k, u) in zip(found, kinds, strict=True)
            if k == "time" and u and n is not number and begin <= n.begin < end
        ]
        before = text[begin : number.begin]
        statistic = [m[0].lower() for m in STATISTIC.finditer(before)]
        result.append(
            Quantity(
                number,
                kind,
                unit,
                outcomes,
                lexicon.stems(words),
                lexicon.people(text[begin:end]),
                moved,
                bool(lexicon.FREE.search(text[begin:end])),
                bool(lexicon.RISK.search(text[begin:end])),
                _STATISTICS.get(statistic[-1], statistic[-1]) if statistic else None,
                frozenset(others),
                _LABEL_END.sub("", before),
                _is_interval(text, number, found),
                (begin, end),
            )
        )
    return result


def _kind(text: str, number: Number, language: str) -> tuple[str, str | None]:
    if number.percent:
        return "percent", None
    if _GROUP_SIZE.search(text[max(0, number.begin - 6) : number.begin]):
        return "group", None
    if _POINTS.match(text, number.end):
        return "points", None
    counted = noun_kind(number.unit, language)
    after = _UNIT_AFTER.match(text, number.end)
    if counted is None and after:
        counted = noun_kind(after[1].lower(), language)
    if counted is None and (before := _UNIT_BEFORE.search(text[: number.begin])):
        counted = noun_kind(before[1].lower(), language)
    if counted is None and (places := _CENTRES.match(text, number.end)):
        counted = noun_kind(places[1], language)
    if counted in MONTHS:
        return "time", counted
    if counted == "case" and _ENROLLED_CASES.match(text, number.end):
        return "person", None
    if counted in COUNTED and not _UNIT_BEFORE.search(text[: number.begin]):
        return counted, None
    return "bare", None


def _is_interval(text: str, number: Number, found: list[Number]) -> bool:
    for opened in re.finditer(r"[(\[]([^()\[\]]*)[)\]]", text):
        if not opened.start() < number.begin < opened.end():
            continue
        if _INTERVAL.search(opened[1]):
            return True
        alone = opened[1].strip() == number.printed
        if alone and number.high is not None and any(n.end <= opened.start() <= n.end + 2 for n in found):
            return True
    return bool(re.search(r"±\s?$|\bCI\b[:,]?\s?$", text[: number.begin]))

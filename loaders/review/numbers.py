"""The numbers that a text states, in figures and in words, each with what it counts.

What tells one thing from another is no number here: citation markers, registry numbers, DOIs, addresses, dates, ratios,
``Table 2``, ``phase 3``. A year is a number (:func:`is_year`), and so is a p-value, which is marked as one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from msevidence.loaders.review.number_words import (
    FUNCTION_WORDS,
    HEDGES,
    LABELS,
    LABELS_OR_COUNTS,
    MONTHS,
    TIMES,
    WORDS,
    noun_kind,
)
from msevidence.ontology.identifiers import find_numbers

SPACES = " \u00a0\u2009\u202f"
_DASH = "-–—‐‑‒"
_GROUPS = rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?!\d)"
_FIGURE = {
    "en": rf"(?:{_GROUPS}(?:\.\d+)?|\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+,\d+(?=\s?%)|\d*[.·]\d+|\d+)",
    "nb": rf"(?:{_GROUPS}(?:,\d+)?|[1-9]\d{{0,2}}(?:\.\d{{3}})+(?![\d.])(?:,\d+)?|\d+,\d+|\d*\.\d+|\d+)",
}
_PERCENT = r"\s?(?:%|per\s?cent(?![a-z])|prosent(?![a-zæøå])|pct\.?)"
_FRACTION = r"(?:thirds?|quarters?|fourths?|fifths?|half|halves|tredje|fjerde|tredel|fjerdedel|femtedel)"
_MEASURES = r"(?:mg|[µμm]?g|kg|[mdµμ]?l|[cmkµμ]?m|mm|ms|s|h|d|y|yrs?|hrs?|min|pts?|k?Pa|Hz|fold)\b"
_AROUND = (  # no letter, figure or part of an identifier on either side
    r"(?<![\w§#@])(?<![^\W\d_][-–‐‑])(?<!\d[.,])",
    rf"(?![^\W\d_])(?!\d)(?![.,]\d)|(?=\s?{_PERCENT})|(?={_MEASURES})",
)
_CITED = r"\d{1,3}(?:\s?[-–,;]\s?\d{1,3})*(?:\s?,\s?(?:s|p|pp)\.\s?\d+(?:\s?[-–]\s?\d+)?)?"
_LIST = rf"\d+[a-z]?(?:\.\d+)*(?:\s?(?:[{_DASH},/]|and|og|or|eller|to|til|&)\s?\d+[a-z]?(?!\d|[.,]\d|\s?%))*"
_LEFT_OUT = re.compile(
    r"^\d{1,2}\.\s(?=[A-ZÆØÅ])|(?:https?://|www\.)\S+|\b10\.\d{4,9}/\S+|\bdoi:\s?\S+|\S+@\S+"
    rf"|\[{_CITED}\]|(?<![\d%])(?<!\d\s)\({_CITED}(?:\s?[;,]\s?{_CITED})*\)"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d+\s?:\s?\d+\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)?(?=\s(?:{MONTHS})\b)|(?<=\s)\d{{1,2}}(?:st|nd|rd|th)?(?=,\s\d{{4}}\b)"
    rf"|(?<![\w-])(?:{LABELS})\s?{_LIST}"
    rf"|\b(?:90|95|99)\s?%[-\s]?(?:CI|KI|confidence|konfidens)|\b(?:CI|KI)\s?\(?(?:90|95|99)\s?%",
    re.IGNORECASE,
)
_LABEL_OR_COUNT = re.compile(rf"(?<![\w-])(?:{LABELS_OR_COUNTS})\s$", re.IGNORECASE)
_P_VALUE = re.compile(r"(?<![a-z])p(?:[-\s]?values?|[-\s]?verdi(?:er)?)?\s?(?:of|på|for trend)?\s?[=<>≤≥:]?\s?$", re.I)
_HEDGE = re.compile(rf"(?:^|(?<=[\s(\[=]))(?:{HEDGES})\s?$", re.IGNORECASE)
_SIZE = re.compile(r"(?<![^\W_])n\s?[=:]\s?$", re.IGNORECASE)
_PLURAL = {"en": re.compile(r"[^s]s$"), "nb": re.compile(r"(?:er|ene)$")}
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True)
class Number:
    """A number where it stands in a text; offsets are those of the text that was given."""

    value: Decimal
    """The lower end of a range."""
    high: Decimal | None
    """The upper end of a range."""
    printed: str
    """With its percent sign: ``10–20 %``."""
    begin: int
    end: int
    percent: bool
    word: bool
    """Printed as a word. ``one``, ``en`` and ``ett`` may be no more than an article."""
    unit: str | None
    """The noun that follows, in small letters: what is counted. Compare with :func:`noun_kind`."""
    p_value: bool = False
    hedge: str | None = None
    """A word before it by which it is a guess or a bound: ``around``, ``more than``, ``ca.``."""
    size: bool = False
    """Printed as the size of a group: ``n = 21``."""

    @property
    def whole(self) -> bool:
        """Whether it can be a count: one whole number that is no percentage, p-value or year."""
        return not (
            self.high
            or self.percent
            or self.p_value
            or self.value != self.value.to_integral_value()
            or self.value < 0
            or is_year(self)
        )


def numbers(text: str, language: str = "en") -> list[Number]:
    """Return the numbers of a text in order. ``language`` is that of the text; all but ``nb`` is read as English.

    >>> [(str(n.value), n.unit) for n in numbers("Of 2,558 patients, twenty-one died within 2.5 years (6, 9–12).")]
    [('2558', 'patients'), ('21', 'died'), ('2.5', 'years')]
    >>> [(str(n.value), n.printed, n.unit) for n in numbers("Syv studier, 1 490 deltakere; 6,7 prosent falt fra", "nb")]
    [('7', 'Syv', 'studier'), ('1490', '1 490', 'deltakere'), ('6.7', '6,7 prosent', 'falt')]
    >>> [(str(n.value), str(n.high), n.percent) for n in numbers("10–20 % over 0.5-11.3 years, two to four weeks")]
    [('10', '20', True), ('0.5', '11.3', False), ('2', '4', False)]
    >>> numbers("NCT03477500, doi: 10.4045/tidsskr.23.0770, Table 2, phase 3, 31. mai, IL-2, [12], (14, s. 165)", "nb")
    []
    """
    language = "nb" if language in ("nb", "nn", "no") else "en"
    found = list(_joined(text, _single(text, language)))
    for i in range(len(found) - 2, -1, -1):  # "at 2, 4 and 6 months": all are months
        between = text[found[i].end : found[i + 1].begin]
        if (
            found[i].unit is None
            and not is_year(found[i])
            and re.fullmatch(r",\s(?:(?:and|og|or|eller)\s)?|\s(?:and|og|or|eller)\s", between)
        ):
            found[i] = replace(found[i], unit=found[i + 1].unit)
    return found


def is_year(number: Number) -> bool:
    """Say whether a number reads as a year: four figures without separator, and nothing that it counts.

    >>> [is_year(n) for n in numbers("In 2015, 2000 patients; 2014–2021")]
    [True, False, True]
    """
    if (
        number.word
        or number.percent
        or number.hedge
        or number.size
        or noun_kind(number.unit)
        or noun_kind(number.unit, "nb")
    ):
        return False
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:\D+(?:19|20)\d\d)?", number.printed))


_LONGEST = 24
"""Characters of a figure, with its separators: a longer row of figures is a code, and no amount of anything."""


def _single(text: str, language: str) -> list[Number]:
    left_out = [m.span() for m in _LEFT_OUT.finditer(text)] + [(n.begin, n.end) for n in find_numbers(text)]
    return [
        _number(text, match, language)
        for match in _pattern(language).finditer(text)
        if len(match["figure"] or "") <= _LONGEST
        and not any(b < match.end() and match.start() < e for b, e in left_out)
        and not _labels(text, match, language)
    ]


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = "|".join(sorted(WORDS[language], key=len, reverse=True))
    before, after = _AROUND
    return re.compile(
        rf"{before}(?P<minus>(?<![\w)\]%])(?<![\w)\]%]\s)[-−–](?=[\d.]))?(?P<figure>{_FIGURE[language]})"
        rf"(?P<percent>{_PERCENT})?(?:{after})|(?<![\w-])(?P<word>{words})(?P<share>{_PERCENT})?(?![\w]|\s?{_FRACTION})",
        re.IGNORECASE,
    )


def _labels(text: str, match: re.Match[str], language: str) -> bool:
    if match["word"] or not _LABEL_OR_COUNT.search(text[max(0, match.start() - 12) : match.start()]):
        return False
    return noun_kind(_unit(text, match.end(), language), language) is None


def _number(text: str, match: re.Match[str], language: str) -> Number:
    word = match["word"]
    value = Decimal(WORDS[language][word.lower()]) if word else _value(match["figure"], language)
    start = text[max(0, match.start() - 24) : match.start()]
    hedge = _HEDGE.search(start)
    return Number(
        -value if match["minus"] else value,
        None,
        match[0],
        match.start(),
        match.end(),
        bool(match["percent"] or match["share"]),
        bool(word),
        _unit(text, match.end(), language),
        bool(_P_VALUE.search(start)),
        hedge[0].strip().lower() if hedge else None,
        bool(_SIZE.search(start)),
    )


def _value(figure: str, language: str) -> Decimal:
    figure = re.sub(rf"[{SPACES}]", "", figure).replace("·", ".")
    if language == "nb":
        figure = re.sub(r"^([1-9]\d{0,2}(?:\.\d{3})+)(?=,|$)", lambda m: m[1].replace(".", ""), figure).replace(
            ",", "."
        )
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", figure):
        figure = figure.replace(",", "")
    return Decimal(figure.replace(",", "."))


def _unit(text: str, at: int, language: str) -> str | None:
    """Return the noun that follows: a known one within four words, else the next word that can be one."""
    first, known, of = None, None, False
    if re.match(r"\s?°", text[at:]):
        return "°"
    gap = re.compile(r"[\s-]*[«\"“]?(?=[^\W\d_])|/(?=[^\W\d_])")
    for _ in range(5):
        between = gap.match(text, at)
        found = between and _WORD.match(text, between.end())
        if not found or (known and between and not between[0].isspace()):
            break
        word, at = found[0].lower(), found.end()
        if noun_kind(word, language):
            if known is None and ((between and between[0] == "-") or noun_kind(word, language) in TIMES):
                return word  # "49-item versions" counts items, "12 month study period" months
            known = word  # "patient series" counts series
            continue
        if known:
            break
        if word in ("of", "av", "the", "de", "these", "disse", "those", "all", "alle") and (of or word in ("of", "av")):
            of = True
        elif word in FUNCTION_WORDS or word in WORDS[language]:
            break
        elif first is None or (not _PLURAL[language].search(first) and _PLURAL[language].search(word)):
            first = word  # "654 small ruminants" counts ruminants
    return known or first


def _joined(text: str, found: list[Number]) -> Iterator[Number]:
    """Join the two ends of a range: ``10–20 %``, ``two to four weeks``, but not ``from 40 to 60``."""
    i = 0
    while i < len(found):
        low = found[i]
        high = found[i + 1] if i + 1 < len(found) else None
        between = text[low.end : high.begin] if high else ""
        dash = re.fullmatch(rf"\s?[{_DASH}−]\s?", between)
        change = re.search(r"\b(?:from|fra)\s(?:\w+\s)?$", text[max(0, low.begin - 16) : low.begin], re.IGNORECASE)
        if high and (dash or (re.fullmatch(r"\s(?:to|til)\s", between) and not change)) and low.value < high.value:
            yield replace(
                high,
                value=low.value,
                high=high.value,
                printed=text[low.begin : high.end],
                begin=low.begin,
                p_value=low.p_value,
                hedge=low.hedge,
                size=low.size,
            )
            i += 2
        else:
            yield low
            i += 1

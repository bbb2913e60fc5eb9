"""Wholes whose parts a text lists: in the same sentence, or in those that follow in the paragraph.

Numbers one after another are not yet parts of a whole: they may overlap (``30 with fever and 25 with cough``) or be
examples. So a list counts as parts only where its words divide: a remainder (``and 50 in other countries``), opposites
(``12 women and 18 men``), a ``none`` at the end, places (``15 in the treatment group and 15 in the control group``), or
a colon or brackets right after the whole.
"""

import re
from collections.abc import Iterator, Sequence

from msevidence.loaders.review.arithmetic.parts_said import Parts
from msevidence.loaders.review.arithmetic.parts_words import (
    AND,
    INCLUDES,
    LED,
    LOOSE,
    NONE,
    OF,
    OF_WHOLE,
    OPPOSITES,
    OTHER_ONE,
    PLACE,
    PLURAL,
    PREPOSITIONS,
    REMAINDER,
    SEPARATOR,
    SUBSET,
    WORD,
)
from msevidence.loaders.review.arithmetic.sums import kind_counted, measures, paragraphs
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage


def parts_listed(document: Document) -> Iterator[Parts]:
    """Yield every whole of a document whose parts are listed with it."""
    for paragraph in paragraphs(document):
        for i, passage in enumerate(paragraph):
            found = numbers(passage.text, passage.language)
            for k, whole in enumerate(found):
                if not _can_be_whole(whole, passage.text):
                    continue
                parts = _in_sentence(passage.text, whole, found, k)
                if parts:
                    yield Parts(whole, passage, tuple(parts), (passage,))
                    break
                later = _in_next(whole, found[k + 1 :], paragraph[i + 1 : i + 6])
                if later:
                    places = tuple(dict.fromkeys(p for _, p in later))
                    yield Parts(whole, passage, tuple(n for n, _ in later), places)
                    break


def _can_be_whole(number: Number, text: str) -> bool:
    if not number.whole or measures(number) or number.value < 2:
        return False
    if number.unit is None:  # "111 were excluded: 14 …, 82 … and 15 …"
        return bool(re.match(r"\s(?:were|was|are|is|ble|er)\s\w+\s?[:(]", text[number.end :]))
    if OF_WHOLE.match(text[number.end :]):  # "four of the studies" is a part
        return False
    if noun_kind_of(number) is None and not PLURAL.search(number.unit):
        return False
    return not re.search(r"\b(?:each|every|per|hver|every other)\s(?:\w+\s)?$", text[: number.begin], re.IGNORECASE)


def _depth(text: str, at: int) -> int:
    return text.count("(", 0, at) - text.count(")", 0, at)


def _listed(text: str, whole: Number, found: Sequence[Number], start: int, end: int) -> list[Number]:
    """Return the numbers between two places that stand where the parts of a list do."""
    inside = [n for n in found if start <= n.begin and n.end <= end and n.whole and not measures(n)]
    parts: list[Number] = []
    for number in inside:
        separator = SEPARATOR.search(text[start : number.begin])
        if not separator or (parts and _depth(text, number.begin) != _depth(text, parts[0].begin)):
            continue
        deeper = re.match(r"(?:of|av|hvorav|derav)\b", separator["by"], re.IGNORECASE)
        follows = re.match(r"(?:and|og|samt|while|mens)\b", separator["by"], re.IGNORECASE)
        if not parts and follows and start:  # "5 in A and 4 in B": beside the whole, not of it
            return []
        if (deeper and parts) or SUBSET.match(text[number.end :]) or OTHER_ONE.search(text[start : number.begin]):
            continue
        parts.append(number)
    kinds = {noun_kind(n.unit) or noun_kind(n.unit, "nb") for n in parts} - {None}
    return [] if kinds - {kind_counted(whole)} and (whole.unit or len(kinds) > 1) else parts


def _in_sentence(text: str, whole: Number, found: Sequence[Number], k: int) -> list[Number]:
    end = len(text)
    opened = _depth(text, whole.begin)
    bracket = re.match(r"[^(),;:]*\((?=[^()]*\))", text[whole.end :])
    start = whole.end
    if bracket and any(n.begin == whole.end + bracket.end() for n in found):
        start, end = whole.end + bracket.end() - 1, text.index(")", whole.end + bracket.end())
    elif opened > 0:
        end = _closing(text, whole.end, opened)
    parts = _listed(text, whole, found, start, end)
    first = _part_of(text, whole, found, k)
    if first and parts and REMAINDER.search(text[whole.end : end]):
        parts = [first, *parts]
    if len(parts) < 2 or not all(re.match(r"\s[^\W\d]", text[p.end :]) for p in parts):
        return []  # a part says what it is part of; "0, 1 and 2" are values
    words = text[whole.end : end]
    closed = bool(AND.search(text[parts[-2].end : parts[-1].begin])) or (start != whole.end and len(parts) > 2)
    if LOOSE.search(words) or not closed or any(p.value > 2 * whole.value for p in parts):
        return []
    direct = text[whole.end : parts[0].begin]
    introduced = bool(re.fullmatch(r"[^,;()]*[:–(]\s?", direct)) and len(parts) > 1
    if introduced:
        return parts
    return parts if not _beside(text, whole, parts, direct) and _divides(text, parts, end) else []


def _beside(text: str, whole: Number, parts: Sequence[Number], direct: str) -> bool:
    """Say whether the first number is one of the list: ``259 were from A, 228 from B and 130 from other places``."""
    before = text[: whole.begin]
    if OF.search(before) or LED.search(direct) or parts[0].begin < whole.begin:
        return False
    if any(_stem(p.unit) == _stem(whole.unit) for p in parts):
        return True
    items = [m[0].lower() for p in parts if (m := WORD.search(text[p.end :]))]
    if set(items) & set(re.findall(r"\w+", direct.lower())[-4:]):
        return True
    plain = any(i in PREPOSITIONS for i in items) or _opposite([text[p.end : p.end + 30] for p in parts])
    return not plain and not INCLUDES.search(before + direct)


def _stem(noun: str | None) -> str:
    return re.sub(r"(?:ies|y|ie|ier|iene|ene|ne|er|en|e|s|r|n)$", "", noun or "-")


def _closing(text: str, start: int, depth: int) -> int:
    for i in range(start, len(text)):
        if text[i] == ")" and _depth(text, i + 1) < depth:
            return i
    return len(text)


def _part_of(text: str, whole: Number, found: Sequence[Number], k: int) -> Number | None:
    """Return the part before the whole: ``10 of 30 patients …, while the remaining 20 …``."""
    if k == 0 or not found[k - 1].whole:
        return None
    of = re.fullmatch(r"\s(?:out\s)?(?:of|av)\s(?:the\s|these\s|de\s|disse\s)?", text[found[k - 1].end : whole.begin])
    return found[k - 1] if of else None


def _divides(text: str, parts: Sequence[Number], end: int) -> bool:
    """Say whether the words after each part divide a whole."""
    ends = [*(p.begin for p in parts[1:]), end]
    items = [text[p.end : stop] for p, stop in zip(parts, ends, strict=True)]
    before_last = text[parts[-2].end : parts[-1].begin]
    if REMAINDER.search(before_last[-40:]) or REMAINDER.search(items[-1]):
        return True
    if NONE.search(items[-1]) and not any(NONE.search(item) for item in items[:-1]):
        return True
    if _opposite(items):
        return True
    places = [PLACE.match(item) for item in items]
    return all(places) and len({p[1].lower() for p in places if p}) == 1


def _opposite(items: Sequence[str]) -> bool:
    """Say whether two items are all that there is: women and men, completed and ongoing."""
    return len(items) == 2 and any(
        (one.search(items[0]) and other.search(items[1])) or (other.search(items[0]) and one.search(items[1]))
        for one, other in OPPOSITES
    )


def _in_next(whole: Number, rest: Sequence[Number], following: Sequence[Passage]) -> list[tuple[Number, Passage]]:
    """Return the parts that the sentences after the whole list, each of which begins with one."""
    if any(kind_counted(n) == kind_counted(whole) for n in rest) or not noun_kind_of(whole):
        return []
    parts: list[tuple[Number, Passage]] = []
    words: list[str] = []
    for passage in following:
        text = passage.text
        lead = re.match(r"(?:(?:of|av)\s(?:these|them|disse|dem),?\s)?", text, re.IGNORECASE)
        start = lead.end() if lead else 0
        found = numbers(text, passage.language)
        if not found or found[0].begin != start or LOOSE.search(text):
            break
        listed = [n for n in _listed(text, whole, found, start, len(text)) if n.begin == start or _goes_on(text, n)]
        if not listed or listed[0].begin != start or (parts and len(listed) > 1):
            break
        if len(listed) > 1:
            if parts or not _divides(text, listed, len(text)):
                break
            return [(n, passage) for n in listed]
        if kind_counted(listed[0]) != kind_counted(whole) and not OF_WHOLE.match(text[listed[0].end :]):
            break
        parts.append((listed[0], passage))
        words.append(text[listed[0].end :])
    return parts if len(parts) > 1 and _divide(words) else []


def noun_kind_of(number: Number) -> str | None:
    """Return what the noun of a number means, in either language."""
    return noun_kind(number.unit) or noun_kind(number.unit, "nb")


def _goes_on(text: str, number: Number) -> bool:
    return bool(re.search(r"[,;]\s$|\b(?:and|og|samt|while|mens)\s(?:\w+\s)?$", text[: number.begin], re.IGNORECASE))


def _divide(words: Sequence[str]) -> bool:
    """Say whether the words of two or more sentences divide a whole."""
    if REMAINDER.search(words[-1]):
        return True
    return _opposite(words)

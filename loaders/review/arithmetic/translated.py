"""The summary of a report in two languages: the same numbers in the same order."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from msevidence.loaders.review.arithmetic.twice import Twice
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage

ALIKE = 0.6
"""Share of the numbers that two summaries must have in common, in this order, to be each other's translation."""
FEWEST = 3
Printed = tuple[Passage, Number]


def translated(document: Document) -> Iterator[Twice]:
    """Yield the numbers of two summaries in two languages that stand in the same place of both."""
    by_language: dict[str, list[Printed]] = {}
    for passage in document.passages:
        if passage.kind in ("sentence", "list-item") and document.section_roles(passage) & {"abstract", "key-messages"}:
            found = [(passage, n) for n in numbers(passage.text, passage.language)]
            by_language.setdefault(passage.language, []).extend(found)
    languages = sorted(code for code, found in by_language.items() if len(found) >= FEWEST)
    if len(languages) != 2:
        return
    one, other = (by_language[code] for code in languages)
    matcher = SequenceMatcher(None, [_key(n) for _, n in one], [_key(n) for _, n in other], autojunk=False)
    if matcher.ratio() < ALIKE:
        return
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag not in ("equal", "replace") or i_end - i != j_end - j:
            continue
        for (first, a), (second, b) in zip(one[i:i_end], other[j:j_end], strict=True):
            if tag == "equal" or _may_be_one(a, first.language, b, second.language):
                yield Twice(a.printed, first, b.printed, second, tag == "equal", a.unit or b.unit or "")


def _key(number: Number) -> tuple[str, str, bool]:
    return f"{number.value.normalize():f}", f"{number.high.normalize():f}" if number.high else "", number.percent


def _may_be_one(one: Number, language: str, other: Number, other_language: str) -> bool:
    kinds = {noun_kind(one.unit, language), noun_kind(other.unit, other_language)} - {None}
    return one.percent == other.percent and len(kinds) < 2

"""Brackets and quotation marks of search strings: each must have its partner."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.texts.strings import SearchString, neighbours, searches, strings
from msevidence.loaders.review.view import View

_PAIRS = {")": "(", "]": "[", "}": "{", "”": "“", "»": "«", "›": "‹"}
_QUOTES = '"“”'
_SINGLE = re.compile(r"(?P<opens>(?<![\w)\]*’'])['‘](?=\w))|(?P<closes>(?<=[\w*)])['’](?![\w(]))")
_AROUND = 18
"""Characters shown before and after the place."""
_WORDS = {
    "open": ("has no partner", "mangler motstykke"),
    "close": ("closes what was not opened", "lukker noe som ikke ble åpnet"),
    "mixed": ("is closed by another kind of quotation mark", "lukkes av en annen type anførselstegn"),
}


def faults(text: str) -> list[tuple[int, str]]:
    """Return each offset where a bracket or quotation mark does not pair, and how: ``open``, ``close``, ``mixed``.

    >>> faults('("stem cell" or [cells]) and “bone marrow”'), faults("(a or b"), faults("a) or b")
    ([], [(0, 'open')], [(1, 'close')])
    >>> faults('(“stem cell" or b)'), faults("'stem cell'/exp or patient's"), faults('"stem or b')
    ([(1, 'mixed')], [], [(0, 'open')])
    """
    found: list[tuple[int, str]] = []
    opened: list[tuple[int, str]] = []
    for i, c in enumerate(text):
        inside = opened and opened[-1][1] in _QUOTES
        if c == '"' or (c == "“" and inside) or c == "”":
            _quotation_mark(c, i, opened, found)
        elif c in "([{“«‹" and not inside:
            opened.append((i, c))
        elif c in _PAIRS and not inside:
            if opened and opened[-1][1] == _PAIRS[c]:
                opened.pop()
            elif any(o == _PAIRS[c] for _, o in opened):
                while opened[-1][1] != _PAIRS[c]:
                    found.append((opened.pop()[0], "open"))
                opened.pop()
            else:
                found.append((i, "close"))
    found += [(i, "open") for i, _ in opened]
    return sorted(found + _single(text))


def _quotation_mark(c: str, i: int, opened: list[tuple[int, str]], found: list[tuple[int, str]]) -> None:
    inside = opened[-1] if opened and opened[-1][1] in _QUOTES else None
    if inside is None:
        if c == "”":
            found.append((i, "close"))
        else:
            opened.append((i, c))
        return
    if (inside[1], c) in (('"', '"'), ("“", "”")):
        opened.pop()
    elif c == "“":  # a new quotation begins before the last one ended
        found.append((opened.pop()[0], "open"))
        opened.append((i, c))
    else:
        found.append((opened.pop()[0], "mixed"))


def _single(text: str) -> list[tuple[int, str]]:
    """Return single quotation marks without a partner. An apostrophe opens nothing, so closing ones alone are none."""
    marks = list(_SINGLE.finditer(text))
    if not any(m["opens"] for m in marks):
        return []
    found, last = [], None
    for mark in marks:
        if mark["opens"]:
            if last is not None:
                found.append((last, "open"))
            last = mark.start()
        else:
            last = None
    return found + ([(last, "open")] if last is not None else [])


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        seen = set()
        for lines in searches(document):
            for i, line in enumerate(lines):
                seen.add(line.passage.iri)
                yield _outcome(document.iri, line, lines, i)
        for line in strings(document):
            if line.passage.iri not in seen:
                yield _outcome(document.iri, line, [line], 0)


def _outcome(document: str, line: SearchString, lines: list[SearchString], i: int) -> Outcome:
    text = line.passage.text
    wrong = faults(text)
    before, after = neighbours(lines, i)
    if wrong and (before or after):  # an expression may be printed on several lines
        whole = [*before, line, *after]
        if not faults(" ".join(part.passage.text for part in whole)):
            wrong = []
    if not wrong:
        return Outcome(document, False, line.focus, (line.passage.iri,))
    places = [(text[max(0, at - _AROUND) : at + _AROUND + 1].strip(), text[at], how) for at, how in wrong]
    return Outcome(
        document,
        True,
        line.focus,
        (line.passage.iri,),
        f"The search string does not pair: {_told(places, 0)}.",
        f"Søkestrengen går ikke opp: {_told(places, 1)}.",
        tuple(Compared("place", "sted", place, line.passage.iri) for place, _, _ in places),
    )


def _told(places: list[tuple[str, str, str]], language: int) -> str:
    by = ("in", "i")[language]
    return "; ".join(f"{mark} {by} “{place}” {_WORDS[how][language]}" for place, mark, how in places)


RULE = Rule(
    "unbalanced-search-string",
    Severity.WARNING,
    "search strings",
    "søkestrenger",
    _check,
    file="loaders/review/texts/unbalanced.py",
)

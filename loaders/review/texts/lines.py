"""Lines of a search that combine lines by their numbers: the lines must be there, and each should be used."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.texts.strings import SearchString, searches
from msevidence.loaders.review.view import View

_MARKED = re.compile(r"(?<![\w#])(?P<style>[#S])(?P<low>\d{1,3})(?:\s?[-–]\s?[#S]?(?P<high>\d{1,3}))?\b(?![.,/]\d)")
_OVID = re.compile(r"^(?:and|or|not)/(?P<list>\d[\d,\s–-]*)$", re.I)
_PLAIN_ONLY = re.compile(r"^[\s()]*\d{1,3}(?:[\s()]+(?:and|or|not)[\s()]+\d{1,3})+[\s()]*$", re.I)
_PLAIN = re.compile(r"(?<![\w./,-])(?P<low>\d{1,3})(?:\s?[-–]\s?(?P<high>\d{1,3}))?(?![\w./,-])")
_OPERAND = re.compile(
    r"(?:^|[(\s])(?P<low>\d{1,3})\s+(?:and|or|not)\b|\b(?:and|or|not)\s+(?P<high>\d{1,3})(?=$|[)\s])", re.I
)


def combined(text: str, style: str) -> list[int]:
    """Return the numbers of the lines that a line combines. ``style`` is what its own number has before it.

    >>> combined("#4 or #5 or #6-#8", "#"), combined("S1 AND S2", "S"), combined("or/1-3,7", "")
    ([4, 5, 6, 7, 8], [1, 2], [1, 2, 3, 7])
    >>> combined("12 months and 24 weeks", ""), combined("3 and (trial or study).tw.", "")
    ([], [3])
    """
    found: list[int] = []
    if style or _MARKED.search(text):
        matches = [m for m in _MARKED.finditer(text) if not style or m["style"] == style]
    elif ovid := _OVID.match(text.strip()):
        matches = list(_PLAIN.finditer(ovid["list"].replace(",", " ")))
    elif _PLAIN_ONLY.match(text):
        matches = list(_PLAIN.finditer(text))
    else:
        return [int(m["low"] or m["high"]) for m in _OPERAND.finditer(text) if _stands_alone(text, m)]
    for match in matches:
        low, high = int(match["low"]), int(match["high"] or match["low"])
        found += range(low, high + 1)
    return found


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Say whether a number is an operand of its own: it stands first, or beside a bracket or another operator."""
    before, after = text[: match.start()].strip(), text[match.end() :].strip()
    if match["low"]:
        return not before or before[-1] == "("
    return not after or after[0] in ")"


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        for lines in searches(document):
            numbered = {line.number: line for line in lines if line.number is not None}
            uses = {line.number: combined(line.passage.text, line.style) for line in numbered.values()}
            if not any(uses.values()):
                continue
            for number, line in numbered.items():
                yield _line(document.iri, line, int(number), uses[number], numbered, uses)


def _line(
    document: str,
    line: SearchString,
    number: int,
    used: list[int],
    numbered: dict[int, SearchString],
    uses: dict[int | None, list[int]],
) -> Outcome:
    absent = sorted({n for n in used if n not in numbered})
    later = sorted({n for n in used if n >= number and n in numbered})
    compared = tuple(
        Compared(f"line {n}", f"linje {n}", line.label or str(n), line.passage.iri) for n in (*absent, *later)
    )
    if absent or later:
        en = [_named(absent, "is not there", "are not there")] if absent else []
        nb = [_named(absent, "finnes ikke", "finnes ikke", "og")] if absent else []
        if later:
            en.append(_named(later, "does not come before it", "do not come before it"))
            nb.append(_named(later, "kommer ikke før den", "kommer ikke før den", "og"))
        return Outcome(
            document,
            True,
            line.focus,
            (line.passage.iri,),
            f"Line {line.label} of the search (“{line.passage.text}”) combines lines that it cannot: "
            f"{'; '.join(en)}. The search has the lines {min(numbered)} to {max(numbered)}.",
            f"Linje {line.label} i søket («{line.passage.text}») kombinerer linjer den ikke kan: "
            f"{'; '.join(nb)}. Søket har linjene {min(numbered)} til {max(numbered)}.",
            compared,
        )
    if number != max(numbered) and not any(number in of for n, of in uses.items() if n != number):
        return Outcome(
            document,
            True,
            line.focus,
            (line.passage.iri,),
            f"Line {line.label} of the search (“{line.passage.text}”) is used in no other line.",
            f"Linje {line.label} i søket («{line.passage.text}») er ikke brukt i noen annen linje.",
            severity=Severity.NOTE,
        )
    return Outcome(document, False, line.focus, (line.passage.iri,))


def _named(numbers: list[int], one: str, many: str, word: str = "and") -> str:
    told = [str(n) for n in numbers]
    return f"{told[0]} {one}" if len(told) == 1 else f"{', '.join(told[:-1])} {word} {told[-1]} {many}"


RULE = Rule(
    "search-line-missing",
    Severity.WARNING,
    "a search whose lines combine others by their numbers",
    "et søk med linjer som kombinerer andre ved nummer",
    _check,
    file="loaders/review/texts/lines.py",
)

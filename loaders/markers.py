"""Citation markers in running text: ``(8)``, ``(6, 9-12)``, ``(2;3)``, ``(14, s. 165)``, ``[3-5]``.

A marker is a ``c4o:SingleLocationPointerList``, each of its numbers a ``c4o:InTextReferencePointer`` (C4O 1.2).
Not markers: quantities (``(n = 9)``, ``(30 %)``), cross-references (``(Table 1)``), years, and the issue of a volume
(``2019;321(2):165``, ``20(8)``).
"""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from msevidence.loaders.errors import SourceError
from msevidence.loaders.text import fold_dashes

Style = Literal["round", "square", "both"]

_NUMBER = r"\d{1,4}"
_RANGE = rf"{_NUMBER}(?:\s?[-\u2010-\u2015\u2212]\s?{_NUMBER})?"
_JOIN = r"\s?(?:[,;&]|\b(?:and|og|och|und|et|y|en|ja)\b)\s?"
_PLACE = (
    r"(?:s|S|p|pp|sid|ss|side|sidene|sidan|sida|page|pages|Seite|Seiten|kap|kapittel|kapitel|Kapitel|ch|chap|chapter"
    r"|avsn|avsnitt|sec|section|Table|Tabell|table|tabell|Fig|Figure|Figur|fig|figure|figur|bilag|vedlegg|appendix)"
    r"\b\.?\s?[^()\[\];]{1,30}?"
)
_WORD = r"(?:refs?|references?|referanser?|ref\.nr|referens|referenser|Literatur|Lit)\b\.?\s?"
_LEAD = (
    r"(?:(?:see(?:\salso)?|cf|e\.g|reviewed\sin|data\sfrom|adapted\sfrom|se(?:\sogså|\sogs[åa]|\säven)?|jf|jfr|jmf|f\.\s?eks"
    r"|bl\.\s?a|t\.\s?ex|s\.\sauch|siehe(?:\sauch)?|vgl|z\.\s?B|u\.\s?a)\b\.?,?\s)"
)
"""Words that may lead to the numbers of a marker: ``(see 5)``, ``(1, 8-10; see also ref. 2)``."""
_BODY = (
    rf"\s?(?:(?i:{_LEAD})?(?i:{_WORD})?|[^()\[\]]{{1,40}}\s(?=(?i:refs?\b))(?i:{_WORD}))"
    rf"(?P<list>{_RANGE}(?:(?:{_JOIN}|[,;]\s?(?i:{_LEAD})(?i:{_WORD})?){_RANGE})*)"
    rf"(?:\s?[,;:]?\s?(?P<place>{_PLACE}))?\s?"
)
ROUND = re.compile(rf"\({_BODY}\)")
SQUARE = re.compile(rf"\[{_BODY}\]")

# A number in brackets after one of these words counts something else.
COUNTED = re.compile(
    r"\b(?:eqs?|equation|ligning|ekvation|gleichung|formula|formel|table|tabell|tabelle|figure|figur|fig|abb|abbildung"
    r"|vol|no\.|nr)\.?\s?$",
    re.IGNORECASE,
)
STEP = re.compile(r"\b(?:phase|fase|step|trinn|steg|stage|stadium|grade|grad)\s?$", re.IGNORECASE)
STUDIED = re.compile(r"\s?(?:trial|stud|forsøk|prøving|försök|prövning)|$", re.IGNORECASE)
"""``phase (2) trial`` counts phases, ``in the acute phase (2).`` cites."""
SPREAD = re.compile(
    r"\b(?:median\w*|mean|average|gjennomsnitt\w*|snitt|medel\w*|medelvärde|genomsnitt\w*|mittel\w*|durchschnitt\w*|range"
    r"|spredning|spann\w*|variasjon\w*|IQR)\b[^.;()\[\]]{0,40}\d[^.;()\[\]]{0,15}$",
    re.IGNORECASE,
)
"""After a middle value a range in round brackets is its spread: ``median 2 years (1-5)``."""
LARGEST = 999
"""Above this a number that is not in the reference list is a year or a count, not a reference."""


@dataclass(frozen=True)
class FoundMarker:
    """A marker at ``begin`` to ``end`` (exclusive) of a text, with its numbers in order, ranges written out."""

    begin: int
    end: int
    printed: str
    numbers: tuple[int, ...]
    from_range: frozenset[int] = frozenset()
    """Numbers that stand only inside a range, not as an end of it."""
    locator: str | None = None


def find_markers(
    text: str,
    known: Set[int] = frozenset(),
    *,
    style: Style = "both",
    path: Path | str = "text",
    line_at: Callable[[int], int] | None = None,
) -> list[FoundMarker]:
    """Return the citation markers of ``text``, in order.

    ``known`` are the numbers of the reference list, empty where there is none: a number above 999, such as a year,
    is a marker only if it is known, and so is a range only if one of its ends is. A number without entry is
    still a marker. ``style`` limits the brackets; ``path`` and ``line_at`` (offset in ``text`` -> line) serve messages.

    Raises SourceError for a range that runs backwards.

    >>> [m.numbers for m in find_markers("Safe (6, 9–12), in 2015 (n = 9) (2015).", known=set(range(1, 16)))]
    [(6, 9, 10, 11, 12)]
    """
    patterns = [p for p, s in ((ROUND, "round"), (SQUARE, "square")) if style in (s, "both")]
    matches = sorted((m for p in patterns for m in p.finditer(text)), key=lambda m: m.start())
    found = []
    for match in matches:
        if not _stands_alone(text, match):
            continue
        line = line_at(match.start()) if line_at else None
        read = _numbers(match, known, path, line)
        if read is not None:
            numbers, inside = read
            place = match["place"]
            found.append(
                FoundMarker(
                    match.start(), match.end(), match.group(), numbers, inside, place.strip() if place else None
                )
            )
    return found


NEAR = 200
"""Characters on either side of a marker that say what it is; the whole of a long paragraph for each took seconds."""


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - NEAR) : match.start()], text[match.end() : match.end() + NEAR]
    if before.endswith((";", ":")) or re.match(r":\s?[A-Za-z]?\d", after):
        return False  # 2019;(2):165
    if before and (before[-1].isdigit() or before[-1] in "-/^"):
        return False  # 20(8)
    word = re.search(r"\w+$", before)
    letters = 2 if match.group()[0] == "[" else 3
    if word and not re.search(rf"[^\W\d_]{{{letters},}}$", word.group()):
        return False  # f(2), CD4(25)
    if after and (after[0].isalnum() or after[0] in "%^"):
        return False
    spread = "-" in fold_dashes(match["list"]) and match.group()[0] == "(" and SPREAD.search(before[-80:])
    phase = STEP.search(before[-20:]) and STUDIED.match(after)
    return not (spread or phase or COUNTED.search(before[-20:]))


def _numbers(
    match: re.Match[str], known: Set[int], path: Path | str, line: int | None
) -> tuple[tuple[int, ...], frozenset[int]] | None:
    """Return the numbers of a marker and those inside a range only, or ``None`` where it is none."""
    numbers: list[int] = []
    printed: set[int] = set()
    for part in re.finditer(_RANGE, match["list"]):
        ends = [int(n) for n in re.findall(r"\d+", part.group())]
        if any(n == 0 or (n > LARGEST and n not in known) for n in ends):
            return None
        if len(ends) == 2:
            if known and not known & set(ends):
                return None
            if ends[0] > ends[1]:
                mend = f"write ({ends[1]}–{ends[0]}), or correct the number that is wrong"
                raise SourceError(f"the range {part.group()} in {match.group()!r} runs backwards; {mend}", path, line)
        printed.update(ends)
        numbers.extend(range(ends[0], ends[-1] + 1))
    unique = tuple(dict.fromkeys(numbers))
    return unique, frozenset(unique) - printed

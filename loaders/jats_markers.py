"""Citation markers of a JATS article: ``xref ref-type="bibr"``, those side by side as one, ranges written out.

The number of a reference is its place in the list; what a marker prints is whatever its elements hold and the brackets
around them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msevidence.loaders.document import Marker
from msevidence.loaders.jats_flow import Mark, inside
from msevidence.loaders.markers import LARGEST
from msevidence.loaders.text import Normalised

BETWEEN = re.compile(r"[\s,;:&/()\[\]-]*(?:\b(?:and|og|och|und|et|y)\b[\s()\[\]]*)?", re.I)
"""What may stand between two citations of one marker."""
DASH = re.compile(r"[\s\])]*-[\s\[(]*")
NUMBERS = re.compile(r"[\[(]?\s*(\d{1,4}(?:\s*[,;-]\s*\d{1,4})*)\s*[\])]?")
CLOSES = {"[": "]", "(": ")"}
LOCATOR = re.compile(
    r",\s?(?P<place>(?:pp?|pg|pages?|s|ss|sid|side|S|Seiten?|chap|chapter|kap|kapittel|section|fig|table)\b\.?\s?"
    r"[\w-]{1,12})\s?[)\]]"
)
FEW = 20
"""Characters beside a citation in brackets that are no sentence of their own: ``see``, ``p. 3``."""
OPENED, CLOSED = re.compile(r"\([^().!?]*$"), re.compile(rf"[^()]{{0,{FEW}}}\)")
NEAR = 10
"""Characters before a citation among which the stop of a sentence is looked for."""
AFTER_STOP = re.compile(r"[.?!][)\]»”\"’']*\s?$")
NEW_SENTENCE = re.compile(r"[.]?(?:\s+[\W_]*[A-ZÀ-ÖØ-Þ0-9]|\s*$)")


@dataclass(frozen=True)
class Numbering:
    """References by the ``id`` of their element, and by the label that the list prints, where that is a number."""

    by_id: dict[str, tuple[int, ...]] = field(default_factory=dict)
    by_label: dict[int, int] = field(default_factory=dict)

    def cites(self, mark: Mark) -> bool:
        """Say whether a mark is a citation; one that does not say what it is may lead to an entry all the same."""
        kind = mark.element.attributes.get("ref-type")
        known = any(i in self.by_id for i in mark.element.attributes.get("rid", "").split())
        return mark.element.name == "xref" and (kind == "bibr" or (kind is None and known))

    def of(self, mark: Mark) -> tuple[tuple[int, ...], list[str]]:
        """Return the numbers that a mark leads to, and the ids in it that no reference has."""
        ids = mark.element.attributes.get("rid", "").split()
        numbers = [n for i in ids for n in self.by_id.get(i, ())]
        return tuple(dict.fromkeys(numbers)), [i for i in ids if i not in self.by_id]


@dataclass
class Group:
    """Citations side by side, in the text of a paragraph."""

    begin: int
    end: int
    numbers: tuple[int, ...]
    inner: set[int]
    """Numbers that a range implies; others may print some of them."""
    direct: set[int]
    raised: bool = False
    locator: str | None = None
    """Page or other place in the cited work, where the brackets name one."""

    def marker(self, passage: int, offset: int, text: str) -> Marker:
        """Return the marker in a passage that begins at ``offset`` of the paragraph ``text``."""
        printed = text[self.begin : self.end]
        from_range = frozenset(self.inner - self.direct)
        place = self.begin - offset, self.end - offset
        return Marker(passage, *place, printed, self.numbers, from_range, self.locator)


@dataclass(frozen=True)
class _Cited:
    begin: int
    end: int
    numbers: tuple[int, ...]
    inner: frozenset[int]
    ends: tuple[int, int] | None
    """First and last number where the text is numbers, as places in the list."""
    raised: bool


def find_groups(
    content: Normalised, marks: Sequence[Mark], numbering: Numbering, tell: Callable[[str, Mark], None]
) -> list[Group]:
    """Return the citations among the marks of a text; ``tell`` is told of what leads nowhere or runs backwards."""
    groups: list[Group] = []
    before: _Cited | None = None
    for mark in marks:
        one = _cited(content, mark, numbering, tell) if numbering.cites(mark) else None
        if one is None:
            continue
        direct = set(one.numbers) - one.inner
        between = content.text[groups[-1].end : one.begin] if groups else ""
        if before is None or not BETWEEN.fullmatch(between):
            groups.append(Group(one.begin, one.end, one.numbers, set(one.inner), direct, one.raised))
        else:
            filled: tuple[int, ...] = ()
            if DASH.fullmatch(between) and before.ends and one.ends:
                filled = tuple(range(before.ends[1] + 1, one.ends[0]))
                if one.ends[0] < before.ends[1]:
                    tell(f"the range {content.text[before.begin : one.end]!r} runs backwards", mark)
            group = groups[-1]
            group.numbers = tuple(dict.fromkeys((*group.numbers, *filled, *one.numbers)))
            group.inner |= one.inner | set(filled)
            group.direct |= direct
            group.end = max(group.end, one.end)
            group.raised = group.raised or one.raised
        before = one
    for group in groups:
        opened = content.text[group.begin - 1 : group.begin]
        if group.begin and opened in CLOSES and content.text[group.end : group.end + 1] == CLOSES[opened]:
            group.begin, group.end = group.begin - 1, group.end + 1
        elif place := LOCATOR.match(content.text, group.end):
            group.locator = place["place"]
    return groups


def _cited(content: Normalised, mark: Mark, numbering: Numbering, tell: Callable[[str, Mark], None]) -> _Cited | None:
    numbers, unknown = numbering.of(mark)
    for name in unknown:
        tell(f"a citation leads to {name!r}, which no reference of the list has", mark)
    if not numbers:
        if not unknown:
            tell("a citation leads to no reference", mark)
        return None
    begin, end = inside(content, mark.start, mark.end)
    if begin == end:  # no text of its own: it stands with the word before it
        end = len(content.text[:begin].rstrip()) or 1
        begin = content.text.rfind(" ", 0, end) + 1
    printed = NUMBERS.fullmatch(content.text[begin:end])
    if printed is None:
        return _Cited(begin, end, numbers, frozenset(), None, mark.raised)
    listed, inner, ends = _listed(printed[1], numbers, numbering)
    return _Cited(begin, end, listed, inner, ends, mark.raised)


def _listed(
    printed: str, numbers: tuple[int, ...], numbering: Numbering
) -> tuple[tuple[int, ...], frozenset[int], tuple[int, int] | None]:
    """Return the numbers of a mark that prints numbers, those only implied by a range, and its first and last."""
    if len(numbers) == 1 and printed.isdecimal() and int(printed) <= LARGEST:
        return numbers, frozenset(), (numbers[0], numbers[0])  # also where a second list begins again at 1
    labels = numbering.by_label
    found: list[int] = []
    outer: set[int] = set()
    for part in re.split(r"[,;]", printed):
        ends = [labels.get(int(n)) for n in part.split("-")]
        if len(ends) > 2 or any(n is None for n in ends):
            return numbers, frozenset(), None
        first, last = ends[0], ends[-1]
        assert first is not None and last is not None
        outer |= {first, last}
        found += range(first, last + 1) if first <= last else (first, last)
    if not set(numbers) & set(found):  # the text counts something else than the list: years, or another numbering
        return numbers, frozenset(), None
    alls = tuple(dict.fromkeys((*found, *numbers)))
    inner = frozenset(found) - outer
    return alls, inner, (found[0], found[-1])


def hidden(text: str, groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Return where markers hide the end of a sentence: raised ones, and those printed behind its full stop."""
    places = []
    for group in groups:
        begin, end = _brackets(text, group)
        behind = AFTER_STOP.search(text, max(0, begin - NEAR), begin)
        if behind and NEW_SENTENCE.match(text, end):
            places.append((begin, end))
        elif group.raised:
            places.append((group.begin, group.end))
    return places


def _brackets(text: str, group: Group) -> tuple[int, int]:
    """Return the brackets around a group and a few words (``(Holm 2019, p. 3)``), or the group where there are none."""
    before = OPENED.search(text, max(0, group.begin - FEW), group.begin)
    after = CLOSED.match(text, group.end)
    return (before.start(), after.end()) if before and after else (group.begin, group.end)

"""A flow diagram as steps: what goes in, what is taken out, and what is left (PRISMA 2020, item 16a).

What a box is, is told by its words and by its place: extraction leaves the boxes one after another, and of two columns
often one column after the other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations_with_replacement, islice, pairwise

from rdflib import RDFS

from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage
from msevidence.ontology.namespaces import MSE

DUPLICATES = r"(?:dupli[ck]at|dubb?let)\w*"
EXCLUDED = (
    r"exclu|e[kx]s?klu[ds]|uteslut|ineligible|not eligible|removed|fjern[ea]t|borttag|"
    r"not (?:retriev|obtain|availab)|ikke (?:hentet|tilgjengelig|innhentet)|could not be"
)
REMAINS = re.compile(
    rf"\b(?:after|etter|efter|following)\b.*?(?:{DUPLICATES}|{EXCLUDED}|screening)|\b(?:without|uten|utan)\b.*?"
    rf"{DUPLICATES}|\bunique\b|\bunike\b",
    re.I,
)
_EXCLUDED = re.compile(rf"{EXCLUDED}|^{DUPLICATES}", re.I)
_SOURCE = re.compile(
    r"identifi|\bdatabas|\bregist(?:er|re|ries)\b|\btreff|\btr[äa]ff|\bhits?\b|\bsources?\b|\bkilder?\b|\bkällor?\b|"
    r"hand.?search|håndsøk|citation search|\bwebsites?\b|\bnettsteder\b|organi[sz]ations\b|"
    r"grey literature|grå litteratur|\bother (?:ways|means|methods|routes)\b|\b(?:andre måter|på annen måte)\b|"
    r"^(?!.*\bnot\b).*\b(?:found|retrieved|located|funnet|hentet)\s(?:in|through|via|by|from|i|gjennom|via|fra|ved)\b",
    re.I,
)
_INCLUDED = re.compile(r"\binclu|\binklu", re.I)
_PART = re.compile(r"quantitativ|kvantitativ|meta-?anal", re.I)
_RECORDS = re.compile(
    r"referan|referens|record|report|rapport|reference|article|artik|publi[ck]a|abstract|citation|treff|hits|full.?te[kx]t",
    re.I,
)
_STUDIES = re.compile(r"\bstud|\btrials?\b|\brcts?\b|forsøk", re.I)


WAYS = 2_000
"""Ways to place what was taken out that are tried: six boxes at six steps have 462."""


class Part(StrEnum):
    """What a box is in the diagram."""

    SOURCE = "source"
    OUT = "out"
    LEFT = "left"
    INCLUDED = "included"


@dataclass(frozen=True)
class Box:
    """A box with its counts; ``reasons`` and ``further`` are what it lists with a count each."""

    iri: str
    label: str
    part: Part
    count: int | None
    """Of the box itself, as printed; ``None`` where only its reasons have counts."""
    reasons: tuple[tuple[str, int], ...]
    further: tuple[tuple[str, int], ...]
    passages: tuple[Passage, ...]
    reason_passages: tuple[Passage, ...]

    @property
    def total(self) -> int:
        """How many the box stands for: its count, or what it lists where the count is but the first of the list."""
        listed = sum(n for _, n in self.reasons)
        if self.count is None:
            return listed
        return self.count + listed if self.lists else self.count

    @property
    def lists(self) -> bool:
        """Whether the count of the box is that of the first that it lists: ``Excluded: not RCT (n = 3)``."""
        return bool(self.reasons) and re.search(r":\s*\S", self.label) is not None

    @property
    def is_part(self) -> bool:
        """Whether it counts some of what is included: those in a meta-analysis."""
        return _PART.search(self.label) is not None

    @property
    def counts(self) -> list[tuple[str | None, int]]:
        """Every count of the box itself with what it counts: ``record``, ``study`` or ``None``."""
        own = [] if self.count is None else [(unit_of(self.label), self.total)]
        return own + [(unit_of(label), n) for label, n in self.further]


@dataclass(frozen=True)
class Step:
    """From what was there to the next box, by what was taken out between them."""

    before: tuple[Box, ...]
    out: tuple[Box, ...]
    after: tuple[Box, ...]
    """Several only where boxes of one step count in different units."""

    @property
    def start(self) -> int:
        return sum(b.total for b in self.before)

    @property
    def left(self) -> int:
        return self.start - sum(b.total for b in self.out)

    @property
    def passages(self) -> list[Passage]:
        return [p for b in (*self.before, *self.out, *self.after) for p in b.passages]

    @property
    def after_counts(self) -> list[tuple[str | None, int]]:
        """What the next box says, in the unit of the boxes before it where it has several."""
        counts = [c for b in self.after for c in b.counts]
        unit = self.unit
        return [c for c in counts if unit and c[0] == unit] or counts

    @property
    def unit(self) -> str | None:
        return next((u for b in (*self.out, *self.before) if (u := unit_of(b.label))), None)

    @property
    def adds_up(self) -> bool:
        """Whether the next box is what is left; with nothing known to be taken out, whether it is no more than that."""
        if not self.out:
            return any(n <= self.left for _, n in self.after_counts)
        return any(n == self.left for _, n in self.after_counts)

    @property
    def other_unit(self) -> bool:
        """Whether the next box counts fewer studies where the others count reports: several may be of one study."""
        return (
            self.unit != "study"
            and all(b.part is Part.INCLUDED for b in self.after)
            and all(u == "study" and n <= self.left for u, n in self.after_counts)
        )


def unit_of(label: str) -> str | None:
    """Return what a label counts.

    >>> unit_of("Referanser ekskludert"), unit_of("inkluderte studier"), unit_of("Screened")
    ('record', 'study', None)
    """
    if _STUDIES.search(label) and not re.match(r"(?:reports?|records?|articles?) of\b", label, re.I):
        return "study"
    return "record" if _RECORDS.search(label) else None


def part_of(label: str) -> Part:
    """Return what a box with this label is.

    >>> [str(part_of(w)) for w in ("Records after duplicates removed", "Duplicates removed", "Uteslutna efter titel")]
    ['left', 'out', 'out']
    >>> [str(part_of(w)) for w in ("Referanser identifisert gjennom andre kilder", "15 inkluderte studier", "Screened")]
    ['source', 'included', 'left']
    """
    if REMAINS.search(label) and not re.match(rf"\W*(?:\w+\s)?(?:{EXCLUDED})", label, re.I):
        return Part.LEFT
    if _EXCLUDED.search(label):
        return Part.OUT
    if _INCLUDED.search(label):
        return Part.INCLUDED
    return Part.SOURCE if _SOURCE.search(label) else Part.LEFT


def boxes(document: Document) -> list[Box]:
    """Return the boxes of a document with a count, in the order of the diagram."""
    found = []
    for thing in sorted(document.of(MSE.FlowBox), key=lambda t: t.integer(MSE.position) or 0):
        reasons = sorted(thing.all(MSE.hasReason), key=lambda t: t.integer(MSE.position) or 0)
        count = thing.integer(MSE.count)
        if count is None and not reasons:
            continue
        label = thing.words(RDFS.label, document.language) or ""
        found.append(
            Box(
                thing.iri,
                label,
                part_of(label),
                count,
                _counted(reasons, document),
                _counted(thing.all(MSE.hasCount), document),
                tuple(document.stated(thing)),
                tuple(p for r in reasons for p in document.stated(r)),
            )
        )
    return found


def _counted(things: Sequence[Thing], document: Document) -> tuple[tuple[str, int], ...]:
    counted = ((t.words(RDFS.label, document.language) or "", t.integer(MSE.count)) for t in things)
    return tuple((label, n) for label, n in counted if n is not None)


def columns(found: Sequence[Box]) -> list[list[Box]]:
    """Return the boxes of each column of a diagram: sources after other boxes open a second one."""
    made: list[list[Box]] = []
    for box in found:
        opens = box.part is Part.SOURCE and (not made or any(b.part is not Part.SOURCE for b in made[-1]))
        if opens or not made:
            made.append([])
        made[-1].append(box)
    return made


def steps(found: Sequence[Box]) -> list[Step]:
    """Return the steps of a diagram, of each of its columns."""
    several = columns(found)
    return [s for column in several for s in _column_steps(column, len(several) > 1)]


def _column_steps(column: Sequence[Box], several: bool) -> list[Step]:
    left: list[tuple[Box, ...]] = []
    out: list[tuple[int, Box]] = []
    for box in column:
        if box.part is Part.OUT:
            out.append((len(left) - 1, box))
        elif box.part is Part.SOURCE and left and left[-1][0].part is Part.SOURCE:
            left[-1] += (box,)
        elif box.part is Part.INCLUDED and left and left[-1][0].part is Part.INCLUDED and not box.is_part:
            left[-1] += (box,)  # its reports beside its studies
        else:
            left.append((box,))
    if several:  # what both columns lead to is no step of one of them
        left = [group for group in left if group[0].part is not Part.INCLUDED]
        last = [box for i, box in out if i >= len(left) - 1]
        if len(last) == 1:  # nor is what is taken out just before that
            out = [(i, box) for i, box in out if box is not last[0]]
    tried = islice(_ways(len(left) - 1, [i for i, _ in out]), WAYS)
    ways = [_placed(left, way, [b for _, b in out]) for way in tried]
    return next((way for way in ways if all(s.adds_up for s in way)), ways[0] if ways else [])


def _ways(count: int, places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield at which step each of the boxes taken out may stand: the likeliest first, then any other in this order.

    Likeliest is as printed; where they are printed after everything else, the last of the steps, one each.
    """
    if count < 1:
        return
    if all(0 <= i < count for i in places):
        yield tuple(places)
    elif len(places) <= count:
        yield tuple(range(count - len(places), count))
    yield from combinations_with_replacement(range(count), len(places))


def _placed(left: Sequence[tuple[Box, ...]], way: Sequence[int], out: Sequence[Box]) -> list[Step]:
    return [
        Step(before, tuple(b for i, b in zip(way, out, strict=True) if i == n), after)
        for n, (before, after) in enumerate(pairwise(left))
    ]

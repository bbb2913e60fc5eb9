"""A passage cut where something in it is live: the printed numbers that are links, and the words of its claims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from msevidence.loaders.text import squash


@dataclass(frozen=True, slots=True)
class Target:
    """What one number of a marker leads to."""

    number: str
    """As printed, empty where the marker names its source otherwise."""
    href: str
    name: str
    """What the link is called for those who do not see where it stands."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed citation, such as ``(6, 9-12)``, and what its numbers lead to."""

    printed: str
    offset: int
    """How far into the passage it begins in the source, which tells one of two equal markers from the other."""
    targets: Sequence[Target]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a claim, with their offset as of :class:`Marker`."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage."""

    text: str
    claims: tuple[int, ...] = ()
    """Which claims these words are of, by their place in the list that was given."""
    target: Target | None = None
    """Where it is a link."""
    ends: tuple[int, ...] = ()
    """Claims whose words end here."""


def pieces(text: str, claims: Sequence[Words], markers: Sequence[Marker]) -> list[Piece]:
    """Cut a passage; the pieces together are its text.

    A claim whose words do not stand in the passage as they are takes all of it. A marker that does not is left out:
    its references are still those of the passage.

    >>> [(p.text, p.target and p.target.href) for p in pieces("So it is (5, 6).", [], [
    ...     Marker("(5, 6)", 9, [Target("5", "#e5", "five"), Target("6", "#e6", "six")])])]
    [('So it is (', None), ('5', '#e5'), (', ', None), ('6', '#e6'), (').', None)]
    >>> [(p.text, p.claims, p.ends) for p in pieces("A, and B.", [Words("A", 0), Words("B.", 7)], [])]
    [('A', (0,), (0,)), (', and ', (), ()), ('B.', (1,), (1,))]
    """
    spans = [_span(text, claim) for claim in claims]
    links = _links(text, markers)
    cuts = sorted({0, len(text), *(n for span in spans for n in span), *(n for a, b, _ in links for n in (a, b))})
    starting = {a: target for a, _, target in links}
    return [
        Piece(
            text[a:b],
            tuple(n for n, (start, end) in enumerate(spans) if start <= a and b <= end),
            starting.get(a),
            tuple(n for n, (_, end) in enumerate(spans) if end == b),
        )
        for a, b in pairwise(cuts)
    ]


def place(text: str, words: str, offset: int) -> tuple[int, int] | None:
    """Return where words stand in a text, the nearest to the offset where they stand there twice.

    >>> place("A costs 2, B costs 2.", "costs 2", 13), place("A", "B", 0)
    ((13, 20), None)
    """
    places = [match.start() for match in re.finditer(re.escape(words), text)] if words else []
    if not places:
        return None
    start = min(places, key=lambda there: abs(there - offset))
    return start, start + len(words)


def _span(text: str, claim: Words) -> tuple[int, int]:
    return place(text, claim.text, claim.offset) or (0, len(text))


def _links(text: str, markers: Sequence[Marker]) -> list[tuple[int, int, Target]]:
    """Return the stretches of the text that are links, none over another."""
    found: list[tuple[int, int, Target]] = []
    for marker in sorted(markers, key=lambda one: one.offset):
        where = place(text, squash(marker.printed), marker.offset)
        if where is None:
            continue
        start, end = where
        numbered = [(match.span(), target) for target in marker.targets if (match := _number(text, target, start, end))]
        if not numbered and len(marker.targets) == 1:
            numbered = [((start, end), marker.targets[0])]
        for (a, b), target in numbered:
            if all(b <= other or a >= to for other, to, _ in found):
                found.append((a, b, target))
    return found


def _number(text: str, target: Target, start: int, end: int) -> re.Match[str] | None:
    """Return where a number stands in a marker; one that a range only implies (10 in ``9-12``) stands nowhere."""
    if not target.number:
        return None
    return re.compile(rf"(?<!\d){re.escape(target.number)}(?!\d)").search(text, start, end)

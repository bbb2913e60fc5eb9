"""The findings about a thing, each once: the reviews of two documents have a finding between them both.

Twins are of one kind and severity, say the same, and both stand or are both set aside. ``review_tallies.rq`` and
``list_counts.rq`` count by the same rule, so that a thing has as many in a list as on its own page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from msevidence.server import review_badges
from msevidence.server.document_names import document_names
from msevidence.server.review_badges import Badge
from msevidence.server.store import PageLane

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shared:
    """A finding, once for all documents whose reviews have it."""

    badge: Badge
    documents: Sequence[tuple[str, Badge]]
    """Short name of a document, empty where no document has it, and the finding as its review has it."""

    def among(self, known: Mapping[str, T]) -> T | None:
        """Return what is known of it by IRI, where it is known of each of the twins."""
        there = [known.get(badge.iri) for _, badge in self.documents]
        return there[0] if None not in there else None


def merged(badges: Iterable[Badge]) -> list[list[Badge]]:
    """Return findings with their twins, in the order of the first of each."""
    found: dict[tuple[str, str, str, bool], list[Badge]] = {}
    for badge in badges:
        found.setdefault((badge.kind, badge.severity, badge.message.en, badge.set_aside), []).append(badge)
    return list(found.values())


def shared_findings(lane: PageLane, iri: str) -> list[Shared]:
    """Return the findings about a thing, the gravest first; those set aside come last."""
    names = document_names(lane)
    base = f"{lane.release.base}document/"
    return [
        Shared(those[0], numbered([(names.get(base + badge.document, badge.document), badge) for badge in those]))
        for those in merged(review_badges.badges(lane, iri))
    ]


def numbered(named: Sequence[tuple[str, Badge]]) -> list[tuple[str, Badge]]:
    """Return findings with their documents; one that has several has a number from the second on."""
    times: Counter[str] = Counter()
    found = []
    for name, badge in named:
        times[name] += 1
        found.append((name if times[name] == 1 else f"{name} ({times[name]})", badge))
    return found

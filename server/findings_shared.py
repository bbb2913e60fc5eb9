"""The findings about a thing, each once: the reviews of two documents have a finding between them both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.server import review_badges
from msevidence.server.document_names import document_names
from msevidence.server.review_badges import Badge
from msevidence.server.store import PageLane


@dataclass(frozen=True, slots=True)
class Shared:
    """A finding, once for all documents whose reviews have it."""

    badge: Badge
    documents: Sequence[tuple[str, Badge]]
    """Short name of a document, empty where no document has it, and the finding as its review has it."""


def shared_findings(lane: PageLane, iri: str) -> list[Shared]:
    """Return the findings about a thing, the gravest first."""
    names = document_names(lane)
    base = f"{lane.release.base}document/"
    found: dict[tuple[str, str, bool], list[Badge]] = {}
    for badge in review_badges.badges(lane, iri):
        found.setdefault((badge.kind, badge.message.en, badge.set_aside), []).append(badge)
    return [
        Shared(those[0], numbered([(names.get(base + badge.document, badge.document), badge) for badge in those]))
        for those in found.values()
    ]


def numbered(named: Sequence[tuple[str, Badge]]) -> list[tuple[str, Badge]]:
    """Return findings with their documents; one that has several has a number from the second on."""
    times: Counter[str] = Counter()
    found = []
    for name, badge in named:
        times[name] += 1
        found.append((name if times[name] == 1 else f"{name} ({times[name]})", badge))
    return found

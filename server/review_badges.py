"""Findings where their things appear: on the page of a claim, study, registration or passage, and in lists of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server.labels import Labels, Text, query
from msevidence.server.pages_links import name, of
from msevidence.server.review_model import SEVERITIES, Words
from msevidence.server.store import PageLane


@dataclass(frozen=True, slots=True)
class Badge:
    """A finding about a thing, as that thing's page shows it."""

    key: str
    severity: str
    kind: Text
    message: Words
    document: str
    """Key of the document whose review has it, empty where none has."""
    set_aside: bool


def badges(lane: PageLane, labels: Labels, iri: str) -> list[Badge]:
    """Return the findings about a thing, the gravest first."""
    found = {}
    for row in lane.select(query("review_of"), {"resource": ox.NamedNode(iri)}):
        if "finding" not in row:
            continue
        finding = name(row["finding"])
        severity = of(row, "severity").rpartition("/")[2]
        found[finding] = Badge(
            finding.rpartition("/")[2],
            severity if severity in SEVERITIES else SEVERITIES[-1],
            labels(name(row["kind"])),
            Words(of(row, "en"), of(row, "nb")),
            of(row, "document").rpartition("/")[2],
            "decided" in row,
        )
    return sorted(found.values(), key=lambda badge: (SEVERITIES.index(badge.severity), badge.kind.text, badge.key))


def tallies(lane: PageLane, labels: Labels, iris: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return how many findings there are about each of some things, by severity; those set aside do not count."""
    counted: dict[str, dict[str, int]] = {}
    for iri in iris:
        for badge in badges(lane, labels, iri):
            if not badge.set_aside:
                of_thing = counted.setdefault(iri, {})
                of_thing[badge.severity] = of_thing.get(badge.severity, 0) + 1
    return counted

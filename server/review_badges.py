"""Findings where their things appear: on the page of a claim, study, registration or passage, in lists, in a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server.labels import query
from msevidence.server.page_reader import KeptReader, rows_of
from msevidence.server.pages_links import name, of
from msevidence.server.review_model import SEVERITIES, Words
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

Tally = Mapping[str, int]
"""Severity → how many findings, the gravest first; last :data:`SET_ASIDE`."""
SET_ASIDE = "set-aside"
"""Of findings of any severity that a person set aside."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A finding about a thing, as that thing's page shows it."""

    iri: str
    severity: str
    kind: str
    """IRI of the concept."""
    message: Words
    document: str
    """Key of the document whose review has it, empty where none has."""
    set_aside: bool

    @property
    def key(self) -> str:
        """Last part of its address."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Flag:
    """The findings that rest on a passage of a text."""

    severity: str
    """The gravest."""
    findings: tuple[str, ...]
    """Their keys, the gravest first."""


def badges(lane: PageLane, iri: str) -> list[Badge]:
    """Return the findings about a thing, the gravest first."""
    return badges_of(KeptReader(lane).rows("review_of", resource=iri))


def badges_of(rows: Iterable[Mapping[str, Term]]) -> list[Badge]:
    """Return the findings that the rows of ``review_of.rq`` tell, the gravest first."""
    found = {
        name(row["finding"]): Badge(
            name(row["finding"]),
            of(row, "severity").rpartition("/")[2],
            name(row["kind"]),
            Words(of(row, "en"), of(row, "nb")),
            of(row, "document").rpartition("/")[2],
            "decided" in row,
        )
        for row in rows
        if "finding" in row
    }
    return sorted(found.values(), key=lambda badge: (badge.set_aside, *_rank(badge.severity, badge.kind, badge.key)))


def tallies(lane: PageLane, things: Sequence[str]) -> Mapping[str, Tally]:
    """Return how many findings there are about each of these things, by severity, and how many are set aside."""
    counted: dict[str, dict[str, int]] = {}
    for row in rows_of(lane, "review_tallies", things):
        counted.setdefault(name(row["item"]), {})[of(row, "standing").rpartition("/")[2]] = int(of(row, "findings"))
    return {iri: {s: by[s] for s in (*SEVERITIES, SET_ASIDE) if s in by} for iri, by in counted.items()}


def flags(lane: PageLane, document: str) -> dict[str, Flag]:
    """Return the passages of a document that findings of its review rest on, by key."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in lane.select(query("review_flags"), {"document": ox.NamedNode(document)}):
        if "finding" in row:
            one = (of(row, "severity").rpartition("/")[2], name(row["finding"]).rpartition("/")[2])
            found.setdefault(name(row["passage"]).rpartition("/")[2], set()).add(one)
    return {
        passage: Flag(ordered[0][0], tuple(key for _, key in ordered))
        for passage, several in found.items()
        if (ordered := sorted(several, key=lambda one: _rank(*one)))
    }


def _rank(severity: str, *rest: str) -> tuple[int, tuple[str, ...]]:
    return SEVERITIES.index(severity), rest

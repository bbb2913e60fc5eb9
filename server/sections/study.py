"""A study: what leads to it, by kind and document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox

from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.pages_view import View
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane

STUDY_KINDS = ("registrations", "whole", "parts", "descriptions", "publications", "claims", "citing-claims")


@dataclass(frozen=True, slots=True)
class StudySections(Sections):
    """A study: what leads to it, by kind and document."""

    template: str = "study.html"
    groups: Mapping[str, Sequence[tuple[Value | None, Sequence[Value]]]] = field(default_factory=dict)
    """Kind of thing → documents (or None) with their things."""

    def values(self, kind: str) -> list[Value]:
        """Return all things of a kind."""
        return [value for _, values in self.groups.get(kind, ()) for value in values]


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> StudySections:
    """Return what the page of a study shows."""
    rows = [row for row in lane.select(query("study"), {"resource": ox.NamedNode(view.iri)}) if "thing" in row]
    groups: dict[str, list[tuple[Value | None, Sequence[Value]]]] = {}
    for (kind, document), of_document in groupby(rows, key=lambda row: (of(row, "kind"), of(row, "document"))):
        things = dict.fromkeys(name(row["thing"]) for row in of_document)
        head = link(lane, labels, document) if document else None
        groups.setdefault(kind, []).append((head, [link(lane, labels, thing) for thing in things]))
    return StudySections(groups={kind: groups[kind] for kind in STUDY_KINDS if kind in groups})

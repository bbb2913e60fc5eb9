"""What stands round a claim that has to be told apart from it: citations of the next sentence, findings on others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.server.labels import Labels, Text, query
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.store import PageLane


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference that the next sentence cites."""

    number: str
    """Empty where the marker is no number."""
    reference: Value
    publication: Value | None
    read: dict[str, Value] = field(default_factory=dict)
    """What was read of it for a review; empty where nothing was."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """That a finding is not of the claim's own passage."""

    passage: Value | None
    """What it is first of all about; None where that is no words."""
    text: Text | None


def cited_next(lane: PageLane, labels: Labels, claim: str) -> list[Cited]:
    """Return what the sentence after a claim's passage cites, in its paragraph; the page asks for both rows anyway."""
    reader, bound = KeptReader(lane), {"resource": ox.NamedNode(claim)}
    order: dict[str, None] = {}
    own = ""
    for row in reader.select(query("claim"), bound):
        order.setdefault(name(row["passage"]))
        own = of(row, "own")
    passages = list(order)
    after = passages[passages.index(own) + 1 :][:1] if own in order else []
    found: dict[str, Cited] = {}
    for row in reader.select(query("claim_pointers"), bound):
        if "reference" not in row or name(row["passage"]) not in after:
            continue
        reference = name(row["reference"])
        if reference not in found:
            publication = link(lane, labels, name(row["publication"])) if "publication" in row else None
            found[reference] = Cited(of(row, "number"), link(lane, labels, reference), publication)
        if "basis" in row:
            found[reference].read.setdefault(of(row, "basis"), link(lane, labels, name(row["basis"])))
    return list(found.values())


def elsewhere(lane: PageLane, labels: Labels, claim: str) -> Mapping[str, Elsewhere]:
    """Return which findings about a claim are of other passages, by IRI: those that are of its own are not there."""
    found: dict[str, Elsewhere] = {}
    own: set[str] = set()
    for row in KeptReader(lane).select(query("claim_findings"), {"resource": ox.NamedNode(claim)}):
        if "finding" not in row:
            continue
        finding, focus = name(row["finding"]), of(row, "focus")
        if focus in (claim, of(row, "own")) or of(row, "others") != "true":
            own.add(finding)
        elif "text" in row:
            found[finding] = Elsewhere(
                link(lane, labels, focus),
                Text(of(row, "text"), of(row, "language")),
            )
        else:
            found.setdefault(finding, Elsewhere(None, None))
    return {finding: one for finding, one in found.items() if finding not in own}

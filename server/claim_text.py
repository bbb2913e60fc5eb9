"""A claim in its paragraph: its words marked, the printed numbers live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server.labels import Labels, query
from msevidence.server.live_text import Marker, Piece, Target, Words, pieces
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import Value, link, name, of, resource_url
from msevidence.server.reading_marks import offset
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage of the paragraph that a claim stands in."""

    passage: Value
    language: str
    own: bool
    """Whether the claim is stated in it; the pieces of its words have a claim."""
    pieces: Sequence[Piece]


def paragraph(lane: PageLane, labels: Labels, claim: str, cited: Mapping[str, str]) -> list[Sentence]:
    """Return the paragraph of a claim in reading order.

    Args:
        lane: this request's worker.
        labels: names, in the reader's language.
        claim: its IRI.
        cited: IRI of a reference that the claim itself cites → where this page tells of it (``#…``).
    """
    markers = _markers(lane, labels, claim, cited)
    shown: dict[str, Sentence] = {}
    for row in KeptReader(lane).select(query("claim"), {"resource": ox.NamedNode(claim)}):
        passage = name(row["passage"])
        own = passage == of(row, "own")
        if passage in shown and (shown[passage].own or not own):
            continue
        said = [Words(of(row, "said"), int(of(row, "offset") or 0))] if own else []
        parts = pieces(of(row, "text"), said, markers.get(passage, []))
        shown[passage] = Sentence(link(lane, labels, passage), of(row, "language"), own, parts)
    return list(shown.values())


def _leads_to(lane: PageLane, labels: Labels, row: Row) -> str:
    """Return the path of a reference's publication; where none is known that of its entry in the list, or its own."""
    if "publication" in row and (path := link(lane, labels, name(row["publication"])).href):
        return path
    if "list" in row and (path := link(lane, labels, name(row["list"])).href):
        return f"{path}.html#{name(row['entry']).rpartition('/')[2]}"
    return link(lane, labels, name(row["reference"])).href or ""


def _markers(lane: PageLane, labels: Labels, claim: str, cited: Mapping[str, str]) -> dict[str, list[Marker]]:
    found: dict[str, dict[tuple[str, int], dict[str, Target]]] = {}
    for row in KeptReader(lane).select(query("claim_pointers"), {"resource": ox.NamedNode(claim)}):
        if "reference" not in row:
            continue
        reference, number = name(row["reference"]), of(row, "number")
        href = cited.get(reference) or resource_url(_leads_to(lane, labels, row))
        called = labels(name(row["publication"])).text if "publication" in row else ""
        target = Target(number, href, f"{number}: {called}" if number and called else number or called)
        marker = found.setdefault(name(row["passage"]), {}).setdefault((of(row, "printed"), offset(row)), {})
        marker.setdefault(name(row["pointer"]), target)
    return {
        passage: [Marker(*where, list(targets.values())) for where, targets in own.items()]
        for passage, own in found.items()
    }

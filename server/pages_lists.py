"""The lists of what there is, a page at a time, the figures of the home page, and the stored questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.ontology.counted import COUNTED
from msevidence.server.labels import Labels, Text, query
from msevidence.server.pages_links import MSE, PAGE, Page, Value, cut, link, name, of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

CLASSES: Mapping[str, str] = {
    "documents": MSE + "Document",
    "studies": MSE + "Study",
    "publications": MSE + "Publication",
    "registrations": MSE + "Registration",
}
"""Lists that are all things of a class; the list of claims has a query of its own, for the order of the text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list; claims have their document and the kind of their support."""

    value: Value
    document: Value | None = None
    support: Text | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    entries: Sequence[Entry]
    page: Page[Value]


def counts(lane: PageLane) -> dict[str, int]:
    """Return how many there are of each kind that the home page names."""
    found = {name(row["class"]): int(of(row, "count")) for row in lane.select(query("counts")) if "class" in row}
    return {kind: found.get(str(iri), 0) for kind, iri in COUNTED.items()}


def documents(lane: PageLane, labels: Labels) -> list[Value]:
    """Return all documents."""
    return [link(lane, labels, iri) for iri in instances(lane, MSE + "Document")]


def instances(lane: PageLane, class_iri: str) -> list[str]:
    """Return everything of a class, by IRI."""
    rows = lane.select(query("instances"), {"class": ox.NamedNode(class_iri)})
    return list(dict.fromkeys(name(row["item"]) for row in rows))


def listing(lane: PageLane, labels: Labels, kind: str, number: int) -> Listing:
    """Return one page of a list.

    Args:
        lane: this request's worker.
        labels: names, in the reader's language.
        kind: a key of :data:`CLASSES`, or ``claims``.
        number: of the page, from 1.

    Raises:
        NotFound: there is no such page.
    """
    if kind != "claims":
        return page_of(instances(lane, CLASSES[kind]), lane, labels, number)
    rows = {name(row["item"]): row for row in lane.select(query("claims")) if "item" in row}
    return _with_rows(cut(list(rows), number, PAGE, lane, labels), rows, lane, labels)


def page_of(items: Sequence[str], lane: PageLane, labels: Labels, number: int) -> Listing:
    """Return one page of a list of IRIs."""
    page = cut(items, number, PAGE, lane, labels)
    return Listing([Entry(value) for value in page.items], page)


def _with_rows(page: Page[Value], rows: Mapping[str, Mapping[str, Term]], lane: PageLane, labels: Labels) -> Listing:
    entries = []
    for value in page.items:
        row = rows[value.iri]
        document = link(lane, labels, name(row["document"])) if "document" in row else None
        entries.append(Entry(value, document, labels(name(row["support"])) if "support" in row else None))
    return Listing(entries, page)

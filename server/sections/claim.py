"""A claim: its paragraph, and what it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.pages_view import View
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage of the paragraph that a claim stands in."""

    passage: Value
    language: str
    before: str
    claimed: str
    """The words of it that are the claim, empty where the claim is stated elsewhere."""
    after: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication that a reference leads to, and the studies that it reports, with their registrations."""

    value: Value
    studies: dict[str, tuple[Value, list[Value]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Support:
    """One step from a claim to what supports it: pointer, reference, and what that leads to."""

    pointer: Value
    number: str
    printed: str
    inherited: bool
    missing: bool
    reference: Value
    publications: dict[str, Publication] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimSections(Sections):
    """A claim: its paragraph, and what it rests on."""

    template: str = "claim.html"
    paragraph: Sequence[Sentence] = ()
    support: Sequence[Support] = ()


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> ClaimSections:
    """Return what the page of a claim shows."""
    return ClaimSections(paragraph=_paragraph(lane, labels, view.iri), support=_support(lane, labels, view.iri))


def _paragraph(lane: PageLane, labels: Labels, iri: str) -> list[Sentence]:
    shown: dict[str, Sentence] = {}
    for row in lane.select(query("claim"), {"resource": ox.NamedNode(iri)}):
        passage, text = name(row["passage"]), of(row, "text")
        own = passage == of(row, "own")
        if passage in shown and (shown[passage].claimed or not own):
            continue
        parts = _parts(text, of(row, "said"), int(of(row, "offset") or 0)) if own else (text, "", "")
        shown[passage] = Sentence(link(lane, labels, passage), of(row, "language"), *parts)
    return list(shown.values())


def _parts(text: str, said: str, offset: int) -> tuple[str, str, str]:
    """Return a passage as what stands before a claim, the claim, and what stands after it.

    Args:
        text: of the passage.
        said: the claim's words; the whole passage is taken where they do not stand in it as they are.
        offset: how far into the passage they begin in the source, which tells one occurrence from another.

    >>> _parts("A costs 2, B costs 3.", "B costs 3.", 11)
    ('A costs 2, ', 'B costs 3.', '')
    """
    places = [match.start() for match in re.finditer(re.escape(said), text)] if said else []
    if not places:
        return "", text, ""
    start = min(places, key=lambda place: abs(place - offset))
    return text[:start], text[start : start + len(said)], text[start + len(said) :]


def _support(lane: PageLane, labels: Labels, iri: str) -> list[Support]:
    found: dict[str, Support] = {}
    for row in lane.select(query("support"), {"resource": ox.NamedNode(iri)}):
        pointer = name(row["pointer"])
        if pointer not in found:
            found[pointer] = Support(
                link(lane, labels, pointer),
                of(row, "number"),
                of(row, "printed"),
                "inherited" in row,
                of(row, "missing") == "true",
                link(lane, labels, name(row["reference"])),
            )
        if "publication" not in row:
            continue
        key = name(row["publication"])
        publication = found[pointer].publications.setdefault(key, Publication(link(lane, labels, key)))
        if "study" in row:
            study = name(row["study"])
            _, registrations = publication.studies.setdefault(study, (link(lane, labels, study), []))
            if "registration" in row:
                registrations.append(link(lane, labels, name(row["registration"])))
    return list(found.values())

"""A claim: its paragraph, what it rests on, what a review made of it, where it comes from, and its nanopublication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.server import claim_around, claim_judged, claim_support, review_badges
from msevidence.server.claim_around import Cited, Elsewhere
from msevidence.server.claim_judged import Disagreement, Expectation, Interest, Judged, Verdict
from msevidence.server.claim_support import Support
from msevidence.server.claim_text import Sentence, paragraph
from msevidence.server.findings_shared import Shared
from msevidence.server.labels import Labels, Text, query
from msevidence.server.nanopublication import Nanopublication, nanopublication
from msevidence.server.nanopublication_shown import Part, parts
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import MSE, Value, link, name, of
from msevidence.server.pages_view import View
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim stands, and what it was read from and by; what is not known is empty."""

    document: Value | None = None
    passage: Value | None = None
    kind: Value | None = None
    support: str = ""
    """``cited``, ``inherited``, ``personal-communication``, ``uncited``."""
    notes: Sequence[Text] = ()
    """What a curator wrote of it."""
    start: str = ""
    end: str = ""
    section: str = ""
    page: str = ""
    table: str = ""
    row: str = ""
    column: str = ""
    language: str = ""
    file: str = ""
    sha256: str = ""
    rights: str = ""
    loaders: Sequence[str] = ()
    communicated: Sequence[str] = ()
    """The personal communications that it names, as printed."""


@dataclass(frozen=True, slots=True)
class Version:
    """The claim's passage in another language."""

    passage: Value
    text: Text
    differs: str
    claims: Sequence[Value]


@dataclass(frozen=True, slots=True)
class ClaimSections(Sections):
    """A claim and all that stands behind it."""

    template: str = "claim.html"
    place: Place = field(default_factory=Place)
    paragraph: Sequence[Sentence] = ()
    support: Sequence[Support] = ()
    verdicts: Sequence[Verdict] = ()
    disagreements: Sequence[Disagreement] = ()
    interests: tuple[Sequence[Interest], Sequence[Interest]] = ((), ())
    """Those in a study that the claim is about or rests on; the others of its document."""
    expectation: Expectation | None = None
    """Only where no reference stands with the claim."""
    cited_next: Sequence[Cited] = ()
    """What the next sentence cites; only where no reference stands with the claim."""
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)
    """IRI of a finding → that it is not of the claim's own passage."""
    siblings: Sequence[Value] = ()
    """The other claims of the same passage."""
    versions: Sequence[Version] = ()
    nanopublication: Nanopublication | None = None
    parts: Sequence[Part] = ()

    def own(self, findings: Sequence[Shared]) -> list[Shared]:
        """Return the findings that are of the claim's own passage."""
        return [one for one in findings if not one.among(self.elsewhere)]

    def others(self, findings: Sequence[Shared]) -> list[Shared]:
        """Return the findings that are of other passages."""
        return [one for one in findings if one.among(self.elsewhere)]


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> ClaimSections:
    """Return what the page of a claim shows."""
    steps = claim_support.support(lane, labels, view.iri)
    judged = Judged(lane, labels, view.iri, language)
    verdicts = judged.verdicts()
    about = {value.iri for value in view.values(MSE + "about")}
    studies = about | {study for step in steps for p in step.publications.values() for study in p.studies}
    siblings, versions = _beside(lane, labels, view.iri)
    made = nanopublication(lane, view.iri)
    return ClaimSections(
        tables=[claim_support.table(steps, language), claim_judged.table(verdicts, language)],
        place=_place(lane, labels, view.iri),
        paragraph=paragraph(lane, labels, view.iri, {step.reference.iri: f"#{step.anchor}" for step in steps}),
        support=steps,
        verdicts=verdicts,
        disagreements=judged.disagreements(),
        interests=judged.interests(studies),
        expectation=None if steps else judged.expectation(review_badges.badges(lane, view.iri)),
        cited_next=[] if steps else claim_around.cited_next(lane, labels, view.iri),
        elsewhere=claim_around.elsewhere(lane, labels, view.iri),
        siblings=siblings,
        versions=versions,
        nanopublication=made,
        parts=parts(lane, labels, made, language),
    )


def _place(lane: PageLane, labels: Labels, claim: str) -> Place:
    rows = KeptReader(lane).select(query("claim_place"), {"resource": ox.NamedNode(claim)})
    if not rows:
        return Place()
    first = rows[0]
    notes = {
        of(row, "note"): Text(of(row, "note"), getattr(row["note"], "language", None) or "")
        for row in rows
        if "note" in row
    }
    loaders = dict.fromkeys(f"{of(row, 'loader')} {of(row, 'version')}".strip() for row in rows if "loader" in row)

    def named(variable: str) -> Value | None:
        return link(lane, labels, name(first[variable])) if variable in first else None

    return Place(
        named("document"),
        named("passage"),
        named("kind"),
        of(first, "support").rpartition("/")[2],
        list(notes.values()),
        start=of(first, "start"),
        end=of(first, "end"),
        section=of(first, "section"),
        page=of(first, "page"),
        table=of(first, "table"),
        row=of(first, "row"),
        column=of(first, "column"),
        language=of(first, "language"),
        file=of(first, "file"),
        sha256=of(first, "sha256"),
        rights=of(first, "rights"),
        loaders=list(loaders),
        communicated=list(dict.fromkeys(of(row, "communicated") for row in rows if "communicated" in row)),
    )


def _beside(lane: PageLane, labels: Labels, claim: str) -> tuple[list[Value], list[Version]]:
    """Return the other claims of the passage, and the passage in another language."""
    siblings: dict[str, Value] = {}
    versions: dict[str, Version] = {}
    claims: dict[str, list[Value]] = {}
    for row in KeptReader(lane).select(query("claim_beside"), {"resource": ox.NamedNode(claim)}):
        other = link(lane, labels, name(row["claim"])) if "claim" in row else None
        if "passage" not in row:
            if other:
                siblings[other.iri] = other
            continue
        key = name(row["passage"])
        text = Text(of(row, "text"), of(row, "language"))
        claims.setdefault(key, [])
        versions.setdefault(key, Version(link(lane, labels, key), text, of(row, "differs"), claims[key]))
        if other and other not in claims[key]:
            claims[key].append(other)
    return list(siblings.values()), list(versions.values())

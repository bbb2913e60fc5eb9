"""Where the findings of a document stand: tables and sections as parts to choose, and the gravest findings first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.server.review_model import SEVERITIES, Finding, Place, Review

OUTSIDE = "outside"
"""Key of what stands in no section."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table or a section that findings rest on."""

    key: str
    """As the address has it."""
    name: str
    """In the document's words; empty for what stands in no section."""
    page: str
    """Page of the first finding, where another section has the same name."""
    table: bool
    count: int
    """Findings that would be shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A finding in a line."""

    finding: Finding
    place: Place | None
    """The first place in the part that is chosen, or in the document; None where it is of the document as a whole."""


def part(place: Place) -> str:
    """Return the key of the table that a passage stands in, or else of its section.

    Tables and sections are both numbered, so that the key says which it is.
    """
    kind, _, key = place.within.rpartition("/")
    return f"{kind.rpartition('/')[2]}-{key}" if key else OUTSIDE


def own_places(finding: Finding, document: str, within: str = "") -> list[Place]:
    """Return the places of a finding in a document, in one part of it where one is named, in reading order."""
    there = [p for p in finding.places if p.document == document and within in ("", part(p))]
    return sorted(there, key=lambda p: p.ordinal)


def parts(review: Review, counted: Sequence[Finding]) -> list[Part]:
    """Return the parts that the findings of a document rest on: tables first, each in reading order.

    Args:
        review: with all findings.
        counted: those that the other filters choose.
    """
    first: dict[str, Place] = {}
    for finding in review.findings:
        for place in own_places(finding, review.document):
            if (known := first.get(part(place))) is None or place.ordinal < known.ordinal:
                first[part(place)] = place
    counts = dict.fromkeys(first, 0)
    for finding in counted:
        for key in {part(place) for place in own_places(finding, review.document)}:
            counts[key] += 1
    ordered = sorted(first.items(), key=lambda item: (not item[1].table, item[1].ordinal))
    names = [place.table or place.section for _, place in ordered]
    return [
        Part(key, name, place.page if names.count(name) > 1 else "", bool(place.table), counts[key])
        for (key, place), name in zip(ordered, names, strict=True)
    ]


def gravest(review: Review, within: str, whole: Sequence[Finding]) -> dict[str, list[Line]]:
    """Return the findings by severity, the gravest first and then in reading order; those set aside last.

    Args:
        review: with the findings that are shown.
        within: key of the part that is chosen, empty for none.
        whole: those of the document as a whole.
    """
    everywhere = {finding.iri for finding in whole}
    made: dict[str, list[Line]] = {severity: [] for severity in (*SEVERITIES, "aside")}
    for finding in review.findings:
        own = own_places(finding, review.document, within)
        place = own[0] if own and (within or finding.iri not in everywhere) else None
        made["aside" if finding.set_aside else finding.severity].append(Line(finding, place))
    for lines in made.values():
        lines.sort(key=lambda line: line.place.ordinal if line.place else -1)
    return {severity: lines for severity, lines in made.items() if lines}

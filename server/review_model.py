"""The review of documents as values: findings with their places and what they compare, and the state of each rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

SEVERITIES = ("error", "warning", "note")
"""From the gravest on."""
STANDINGS = ("machine-found", "confirmed", "judged", "set-aside")
"""Who stands behind a finding: a rule, a rule and a person, a person alone; or a person who set it aside."""
GROUPS = (
    *("arithmetic", "identifiers-and-links", "citations", "dates-and-status", "between-documents"),
    *("claim-and-source", "summary-and-evidence", "texts", "identity", "reading"),
)
"""Concepts of the scheme finding-kind that the kinds are grouped by, in the order they are told."""


CUT = " […] "
"""Between printed words of a passage that layout or markup keeps apart."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in English and Norwegian bokmål."""

    en: str
    nb: str

    def of(self, language: str) -> str:
        """Return the text in a language of the interface."""
        return self.nb if language == "nb" else self.en


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that a finding rests on."""

    passage: str
    document: str
    text: str
    """In one line, normalised."""
    printed: str
    """As the source file has it; pieces that the layout keeps apart are joined by an ellipsis."""
    language: str
    section: str
    page: str
    table: str
    row: int | None
    column: int | None
    start: int
    end: int
    ordinal: int
    within: str = ""
    """IRI of its table, or else of its section; empty where it stands in neither."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a finding compares."""

    label: Words
    printed: str
    passage: str = ""
    about: str = ""
    """Thing of the graph that it is from instead."""
    source: str = ""
    """Address that it is from instead."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comparing words of a document with a work that they cite showed."""

    iri: str
    kind: str
    basis: str
    passage: str
    words: str
    source_words: str
    source_language: str
    publication: str
    address: str
    message: Words
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two passages that do not agree."""

    iri: str
    kind: str
    found_by: str
    field: Words
    first: str
    first_document: str
    first_says: str
    second: str
    second_document: str
    second_says: str
    message: Words


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a finding."""

    decision: str
    because: str
    by: str
    date: str


@dataclass(slots=True)
class Finding:
    """Something that does not add up."""

    iri: str
    document: str
    kind: str
    group: str
    severity: str
    found_by: str
    """``machine`` or ``person``."""
    rule: str
    file: str
    focus: str
    message: Words
    because: str = ""
    by: str = ""
    places: list[Place] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Last part of its address."""
        return self.iri.rpartition("/")[2]

    @property
    def set_aside(self) -> bool:
        """Whether a person set it aside; it stays visible."""
        return bool(self.decisions) and self.decisions[-1].decision == "set-aside"

    @property
    def confirmed(self) -> bool:
        """Whether a person looked at the places and confirmed it, or judged it in the first place."""
        return self.found_by == "person" or (bool(self.decisions) and self.decisions[-1].decision == "confirmed")

    @property
    def standing(self) -> str:
        """``machine-found``, ``judged`` by a person, ``confirmed`` by one, or ``set-aside``."""
        if self.set_aside:
            return "set-aside"
        if self.found_by == "person":
            return "judged"
        return "confirmed" if self.confirmed else "machine-found"


@dataclass(frozen=True, slots=True)
class RuleState:
    """What a rule showed of a document."""

    rule: str
    kind: str
    group: str
    state: str
    checked: int
    found: int
    why: Words
    """Why it had nothing to look at, where that is so."""
    language: str
    file: str


@dataclass(frozen=True, slots=True)
class Review:
    """The review of one document."""

    document: str
    title: str
    language: str
    issued: str
    findings: list[Finding]
    states: list[RuleState]
    verdicts: list[Verdict]

    @property
    def key(self) -> str:
        """Key of the document."""
        return self.document.rpartition("/")[2]

    def counts(self) -> dict[str, int]:
        """Return how many findings there are by severity, those set aside left out."""
        return count_by_severity(self.findings)


def count_by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are by severity, those set aside left out."""
    counted = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        if not finding.set_aside:
            counted[finding.severity] += 1
    return counted


def at_least(severity: str, least: str) -> bool:
    """Say whether a severity is as grave as another, or graver."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)


def order(finding: Finding) -> tuple[int, int, str, int, str]:
    """Sort findings by group, severity, kind and place."""
    group = GROUPS.index(finding.group) if finding.group in GROUPS else len(GROUPS)
    own = [p.ordinal for p in finding.places if p.document == finding.document]
    place = min(own, default=0)
    return group, SEVERITIES.index(finding.severity), finding.kind, place, finding.iri

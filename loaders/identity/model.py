"""What identity resolution works on and gives back: assertions, their outcomes, findings, and the studies that result.

Everything here is plain data: IRIs as strings, no graph and no file, so that the resolution can be tested and measured
without either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Relation = Literal["same-study", "part-of", "not-same", "same-publication"]
"""The last one is heard elsewhere (:mod:`~msevidence.loaders.identity.publications`)."""
Outcome = Literal["applied", "stopped"]


@dataclass(frozen=True, slots=True)
class Assertion:
    """Somebody's word that two things are one study, that one is a part of the other, or that they are two."""

    subject: str
    """IRI of a registration, a study, or a description of one; of ``part-of``, the part."""
    relation: Relation
    object: str
    """IRI, as ``subject``; of ``part-of``, the whole."""
    rule: str
    """Concept of the scheme identity-rule."""
    because: str
    """The reason, in English; it names the numbers."""
    confidence: float
    """Between 0 and 1: the higher is heard first, and what contradicts it is stopped."""
    sources: tuple[str, ...] = ()
    """Addresses, records, or document and place."""
    passages: tuple[str, ...] = ()
    """IRIs of the passages that it rests on."""
    document: str | None = None
    """IRI of the document on whose word it stands."""
    date: str | None = None
    """Of that word (``2024``, ``2024-05``, ``2024-05-31``)."""
    decided_by: str | None = None
    """Who decided, where a person did."""
    through: str | None = None
    """IRI of the registration that both name, where that is the reason."""

    @property
    def pair(self) -> tuple[str, str]:
        """Subject and object, the same whichever way round they stand."""
        return (self.subject, self.object) if self.subject < self.object else (self.object, self.subject)


@dataclass(frozen=True, slots=True)
class IdentityFinding:
    """Something that the resolution found not to add up; the decisions that it stopped say so themselves."""

    kind: str
    """Concept of the scheme finding-kind."""
    about: tuple[str, ...]
    """IRIs of the registrations and studies concerned, sorted."""
    english: str
    norwegian: str
    severity: str = "warning"
    """Concept of the scheme severity."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An assertion and what became of it: ``applied``, or ``stopped`` by a finding. None is ever lost."""

    assertion: Assertion
    outcome: Outcome
    stopped_by: IdentityFinding | None = None


@dataclass(frozen=True, slots=True)
class MintedStudy:
    """A study that only registrations make known."""

    iri: str
    """``study/<key of the representative registration>``."""
    registration: str
    """The representative: the first by scheme (NCT, EudraCT, CTIS, ISRCTN, others), then by number."""
    label: str
    """Its public title; its number where no record of it is known."""
    language: str
    acronym: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which registration is of which study, and why. It does not depend on the order of what it was made from."""

    study_of: Mapping[str, str]
    """Registration to study: exactly one for every registration known, also for a number that is only printed."""
    minted: tuple[MintedStudy, ...]
    """Sorted by IRI."""
    replaced: Mapping[str, str]
    """A study that turned out to be another one, to that one (a row of a document that nobody curated)."""
    parts: tuple[tuple[str, str], ...]
    """Each study that is a part, with its whole: sorted pairs of studies, of applied ``part-of`` assertions."""
    decisions: tuple[Decision, ...]
    """Every assertion once, in the order in which they were heard."""
    findings: tuple[IdentityFinding, ...]

    def final(self, study: str) -> str:
        """Return the study that ``study`` is."""
        return self.replaced.get(study, study)

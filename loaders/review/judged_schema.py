"""The keys of ``data/review.yaml``: what people found when they read, and what they decided on findings.

An entry that rests on a text quotes it; the quotation is looked up in the passages of its document. Everything here is
a judgement: it says who made it, when, and on what ground.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from msevidence.loaders.partial_dates import existing
from msevidence.loaders.review.outcome import DisagreementKind, Severity
from msevidence.loaders.schema import Concept, Entry, Key, Text

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(existing)]
FindingKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
"""Last part of the IRI of a finding: ``nygaard-2024.arms-against-total.0123456789``."""
Quotes = Text | Annotated[list[Text], Field(min_length=1)]


class Words(Entry):
    """A text in the two languages of the review."""

    en: Text
    nb: Text


class Signed(Entry):
    """Something that a person decided."""

    because: Text
    decided_by: Text
    date: Day


class Keyed(Signed):
    key: Key
    """Names the entry in messages; it is no part of an IRI."""


class Side(Entry):
    """Words of a document."""

    document: Key
    quote: Quotes


class Against(Entry):
    """What a judged passage is held against: words of a document, of a cited publication or of a registry record."""

    document: Key | None = None
    """The document of the finding itself, or another."""
    publication: Key | None = None
    """Words that are known of a publication (``source-quotes.yaml``, or a loaded full text)."""
    registration: Text | None = None
    """Words of a value that is recorded of a registration, by its key."""
    quote: Quotes

    @model_validator(mode="after")
    def _of_one(self) -> "Against":
        if sum(x is not None for x in (self.document, self.publication, self.registration)) != 1:
            raise ValueError("give one of document, publication and registration")
        return self


class JudgedEntry(Keyed):
    """A finding that a person made: above all one that no rule can make."""

    kind: Concept
    """Scheme ``finding-kind``."""
    severity: Severity
    document: Key
    quote: Quotes
    against: list[Against] = []
    about: list[Key] = []
    """Studies concerned."""
    message: Words
    """What does not add up, with the words in it."""


class DisagreementEntry(Keyed):
    """Two documents that do not say the same of one thing, where only a reader can tell."""

    kind: DisagreementKind
    """Read as: ``one`` … ``other``."""
    finding: Concept = "study-told-differently"
    """Scheme ``finding-kind``: what it is listed as in each of the two documents."""
    severity: Severity = Severity.WARNING
    field: Words
    """What they differ in."""
    one: Side
    other: Side
    about: list[Key] = []
    verdict: Words
    """What each says, and what to make of it."""

    @model_validator(mode="after")
    def _between_two(self) -> "DisagreementEntry":
        if self.one.document == self.other.document:
            raise ValueError("both sides are one document; write it under judged, with against")
        return self


class DecisionEntry(Signed):
    """What a person decided on a finding."""

    decision: Literal["confirmed", "set-aside"]
    """Scheme ``review-decision``."""


class ReviewContent(Entry):
    """The whole file."""

    as_of: Day | None = None
    """The date at which expectations are measured: a build has no clock."""
    judged: list[JudgedEntry] = []
    disagreements: list[DisagreementEntry] = []
    decisions: dict[FindingKey, DecisionEntry] = {}

    @model_validator(mode="after")
    def _keys_are_unique(self) -> "ReviewContent":
        entries: list[Keyed] = [*self.judged, *self.disagreements]
        keys = [e.key for e in entries]
        twice = sorted({k for k in keys if keys.count(k) > 1})
        if twice:
            raise ValueError(f"the key {', '.join(twice)} stands at two entries; rename one")
        return self

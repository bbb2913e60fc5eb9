"""Records of exports in one shape, whatever the format: as printed, and normalised where that can be done.

A field that the source does not have is ``None`` or empty; one that it has without a value is named in ``empty``.
Nothing is made up: a date that cannot be read keeps its printed form alone.
"""

from dataclasses import dataclass, field
from typing import Any

from msevidence.ontology.identifiers import FoundNumber


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as its source spells it, and where it begins."""

    fields: Any
    """A mapping, a list of pairs, or an XML element: what the format's own ``record`` takes apart."""
    line: int | None = None
    """Line of the file, from 1, where the format has lines."""
    label: str | None = None
    """What a person would look for: a number or a title, if it can be told before the record is read."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as printed, and as read (``2024``, ``2024-05``, ``2024-05-31``) where it can be."""

    printed: str
    value: str | None
    kind: str | None = None
    """``actual`` or ``estimated``, where the source says."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of persons, printed and read."""

    printed: str
    value: int | None
    kind: str | None = None
    """``actual`` or ``estimated``, where the source says."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A category as printed, and the concept of ours that it is; ``None`` where we know no such category."""

    printed: str
    concept: str | None


@dataclass(frozen=True, slots=True)
class Title:
    """A title: ``kind`` is ``public``, ``scientific`` or ``short``; ``language`` a BCP 47 tag."""

    kind: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """Another number that a record gives for its study: printed, what the source calls it, and what it is for.

    ``role``:

    - ``secondary``: an identifier of the same study elsewhere, as the registry's field for these says;
    - ``protocol-code``: the sponsor's own number of the protocol (organisation's study id, A.4.1);
    - ``obsolete``: a number that the registry once gave the same record;
    - ``associated``: a study that is related, and need not be the same;
    - ``transition``: the number of the same trial in the register that it was moved from;
    - ``title`` and ``abstract``: a registry number that stands in a title or an abstract.
    """

    printed: str
    role: str
    label: str | None = None
    """What the source calls the number: ``EudraCT Number``, ``REGISTRY``, ``A.5.2`` …"""
    number: FoundNumber | None = None
    """The registry number that it is, where it follows the pattern of a registry."""
    link: str | None = None
    """The address that the source puts with it."""


@dataclass(frozen=True, slots=True)
class CitedPublication:
    """A publication that a registry record cites; ``kind`` is ``result``, ``background`` or ``derived``."""

    citation: str | None = None
    kind: str | None = None
    pmid: str | None = None
    doi: str | None = None


@dataclass(slots=True)
class RegistryRecord:
    """One record of a trial registry, or one country's record of a EudraCT number (``number.suffix``)."""

    number: FoundNumber
    titles: list[Title] = field(default_factory=list)
    acronyms: list[str] = field(default_factory=list)
    status: Coded | None = None
    dates: dict[str, Dated] = field(default_factory=dict)
    """Keys, where the source has them: ``start``, ``primary-completion``, ``completion``, ``registered`` (first posted
    or entered), ``authorised`` (by the competent authority), ``updated`` (the record's own date of last change or
    refresh), ``results-posted``."""
    enrolment: Counted | None = None
    phase: str | None = None
    study_type: str | None = None
    design: str | None = None
    conditions: list[str] = field(default_factory=list)
    interventions: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    """Primary outcomes as printed."""
    sponsors: list[str] = field(default_factory=list)
    """Lead sponsors only."""
    collaborators: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    other_numbers: list[OtherNumber] = field(default_factory=list)
    publications: list[CitedPublication] = field(default_factory=list)
    has_results: bool | None = None
    address: str | None = None
    """Address of the record, as the source gives it."""
    empty: list[str] = field(default_factory=list)
    """Fields that the source has and leaves without a value."""


@dataclass(slots=True)
class PublicationRecord:
    """One record of a bibliographic service."""

    title: str | None
    language: str | None = None
    """BCP 47 tag of the title, where the source says so."""
    kind: Coded | None = None
    """Concept of the scheme ``publication-kind``."""
    authors: list[str] = field(default_factory=list)
    """Personal authors: family name, then initials where known (``Burt RK``)."""
    group_authors: list[str] = field(default_factory=list)
    container: str | None = None
    container_short: str | None = None
    year: str | None = None
    published: Dated | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    """Normalised (small letters)."""
    pmid: str | None = None
    pmcid: str | None = None
    printed_identifiers: dict[str, str] = field(default_factory=dict)
    """``doi``, ``pmid``, ``pmcid`` as the source prints them."""
    issns: list[str] = field(default_factory=list)
    accession: str | None = None
    """The service's own number of the record (Embase, CENTRAL ``CN-…``), as printed."""
    registry_numbers: list[OtherNumber] = field(default_factory=list)
    """Registry numbers that the record gives (data banks, title, abstract)."""
    references: int | None = None
    """How many references the record says that the work has."""
    updated: Dated | None = None
    """The record's own date of last change."""
    rights: str | None = None
    licence: str | None = None
    address: str | None = None
    abstract: str | None = field(default=None, repr=False)
    """On one line. It is read by the review and never published, so versions do not differ by it (they hash repr)."""
    empty: list[str] = field(default_factory=list)


@dataclass(slots=True)
class MappingRecord:
    """One row of somebody's mapping file: two things that are said to be the same, or not."""

    subject: str
    """``registration/<key>``, ``study/…``, ``publication/…`` or ``document/…``; of ``part-of``, the part."""
    object: str
    """As ``subject``, and of its kind; of ``part-of``, the whole."""
    relation: str | None
    """Concept of the scheme identity-relation; ``None`` where the row asserts nothing of the kind (close, related)."""
    predicate: str
    """IRI, as far as its prefix is known."""
    printed: dict[str, str] = field(default_factory=dict)
    """``subject``, ``predicate`` and ``object``, ``confidence`` and ``date``, as the row prints them."""
    negated: bool = False
    justification: str | None = None
    """IRI, as far as its prefix is known."""
    confidence: float | None = None
    authors: list[str] = field(default_factory=list)
    """Identifiers (ORCID), then names."""
    date: Dated | None = None
    comment: str | None = None
    sources: list[str] = field(default_factory=list)
    """Where the file says that the mapping comes from, and the set that it is of."""
    licence: str | None = None
    empty: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What a person would look for."""
        return f"{self.printed.get('subject', self.subject)} {self.printed.get('object', self.object)}"


Record = RegistryRecord | PublicationRecord | MappingRecord

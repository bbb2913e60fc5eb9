"""What a rule says of each thing that it looked at, and of a document that has nothing for it to look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from msevidence.loaders.review.view import View


class Severity(StrEnum):
    """How grave a finding is; the values are local names of the scheme ``severity``."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Compared:
    """A value that was compared, as printed, and where it stands."""

    label: str
    """What the value is, in English: ``sum of the arms``, ``number in the link``."""
    label_nb: str
    printed: str
    """As the source prints it; of a sum, the sum and how it was made: ``9 + 21 = 30``."""
    passage: str | None = None
    """IRI of the passage that prints it, where one does."""
    source: str | None = None
    """Where it is from instead: IRI of a record or publication, or an address."""


@dataclass(frozen=True)
class Outcome:
    """What looking at one thing showed. Only ``broken`` outcomes become findings; all of them are counted."""

    document: str
    """IRI of the document."""
    broken: bool
    focus: str
    """IRI of the thing that was looked at: a claim, passage, table, reference, number mention, search …"""
    passages: tuple[str, ...]
    """IRIs of the exact passages that it rests on, in reading order; at least one where ``broken``."""
    english: str = ""
    """The message in plain words, with the values in it. Empty where nothing is broken."""
    norwegian: str = ""
    compared: tuple[Compared, ...] = ()
    about: tuple[str, ...] = ()
    """IRIs of the claims, studies, registrations, publications … concerned, beside the focus."""
    severity: Severity | None = None
    """Where it differs from that of the rule."""
    path: str | None = None
    """IRI of the property whose value is wrong, where there is one (sh:resultPath)."""
    disagreement: "Disagreement | None" = None
    verdict: "Verdict | None" = None
    """Kept also where the outcome is not broken."""


class DisagreementKind(StrEnum):
    """How two passages disagree; local names of the scheme ``disagreement-kind``."""

    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    OUTDATED_BY = "outdated-by"
    OTHER_POPULATION = "other-population"
    OTHER_UNIT = "other-unit"


@dataclass(frozen=True)
class Disagreement:
    """Two passages that do not agree about one thing. The kind is read as: the first … the second."""

    kind: DisagreementKind
    field: str
    """What they differ in, in English: ``start``, ``comparator``."""
    field_nb: str
    one: str
    """IRI of the first passage."""
    other: str
    one_says: str
    other_says: str
    english: str
    """The verdict: what to make of it."""
    norwegian: str


class VerdictKind(StrEnum):
    """What comparing a claim with its cited source showed; local names of the scheme ``verdict``."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    OTHER_MEASURE = "other-measure"
    NOT_IN_WHAT_WAS_READ = "not-in-what-was-read"


class Basis(StrEnum):
    """What was read of the source; local names of the scheme ``verdict-basis``."""

    FULL_TEXT = "full-text"
    ABSTRACT = "abstract"
    TABLE = "table"
    SUMMARY = "summary"
    REGISTRY = "registry"


@dataclass(frozen=True)
class Verdict:
    """What a comparison of the words of a document with those of the source that it cites showed."""

    kind: VerdictKind
    basis: Basis
    publication: str
    """IRI of the publication (or registration) that was read."""
    passage: str
    claim: str | None
    """IRI of the claim of the passage, where it is one."""
    words: str
    """Quotation from the document."""
    source_words: str | None
    """Quotation from the source; ``None`` where nothing in what was read speaks of it."""
    source_language: str | None
    """Language of that quotation, as a BCP 47 tag."""
    address: str
    """Where the source was read: address, or file and place of what was loaded."""
    english: str
    norwegian: str


@dataclass(frozen=True)
class NotApplicable:
    """A document has nothing that a rule could look at, and why."""

    document: str
    english: str
    norwegian: str


@dataclass(frozen=True)
class Rule:
    """A rule of the review. Its name is a concept of the scheme ``finding-kind``, which says what it is for.

    ``check`` yields for each document of the view an outcome a thing looked at, and may say why there was none. A
    document for which it yields nothing is reported as one where the rule had nothing to look at, for ``needs``.
    """

    name: str
    severity: Severity
    needs: str
    """What a document must have for the rule to have something to look at, in English: ``a table with group sizes``."""
    needs_nb: str
    check: "Check" = field(repr=False, compare=False)
    language: str = "python"
    """``sparql`` where it is a file of queries."""
    file: str = ""
    """Of the rule, below the package: ``loaders/review/arithmetic/arms.py``."""


Check = Callable[[View], Iterator[Outcome | NotApplicable]]

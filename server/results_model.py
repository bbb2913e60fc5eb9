"""Results as documents print them, and what was found where they stand. Nothing here is computed: values are copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.server.review_model import SEVERITIES, Words

VERDICTS = ("disagrees", "other-measure", "not-in-what-was-read", "agrees")
"""Keys of the scheme verdict, the gravest first."""
AROUND = ("groups", "study")
"""Where a finding stands that is beside a result: on its groups, or on its study elsewhere in its table."""
DOUBTS = (
    *("disagrees", "other-measure", "error", "warning"),
    *("error-on-groups", "error-on-study", "warning-on-groups", "warning-on-study"),
)
STANDINGS = (*DOUBTS, "agrees", "note", "nothing")
"""What is known for and against quoting a result, in a word, the gravest first."""
GRAVE = SEVERITIES[:2]
"""What stands against quoting; notes do not."""
LOCAL = 8
"""A finding that rests on more passages than this is about its document: it does not tell whether one number holds."""
NO_CHANGE = 1.0
"""The ratio at which two groups do not differ."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of a study."""

    iri: str
    name: str
    size: str
    """Number of people, empty where the document does not give it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the cited source has for words of a passage."""

    iri: str
    kind: str
    """Key of the scheme verdict."""
    basis: str
    """Key of the scheme verdict-basis: what was read."""
    words: str
    """Words of the document that were compared."""
    source_words: str
    source_language: str
    publication: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding where a result stands."""

    iri: str
    severity: str
    kind: str
    document: str
    """IRI of the document whose review has it, empty where none has."""
    message: Words
    verdict: str
    """IRI of the verdict that it states, if any."""
    spread: int = 1
    """Passages that it rests on."""

    @property
    def local(self) -> bool:
        """Whether it is about the passages that it rests on, rather than about the document at large."""
        return self.spread <= LOCAL


@dataclass(frozen=True, slots=True)
class Around:
    """An error or a warning that stands beside a result: on what it is shown with, not on the result itself."""

    where: str
    """One of AROUND."""
    found: Found


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What another document says instead."""

    iri: str
    kind: str
    first: bool
    """Whether the result's document is the first: the kind is read as "the first … the second"."""
    passage: str
    document: str
    says: str
    language: str


@dataclass(frozen=True, slots=True)
class Result:
    """One result, with everything that its document says of it."""

    iri: str
    document: str
    language: str
    outcomes: Sequence[str]
    harm: bool
    counts_works: bool
    """Whether it counts studies or records: a figure, but no effect."""
    measure: str
    measure_language: str
    study: str
    arm: Arm | None
    compared: Sequence[Arm]
    value: float | None
    high: float | None
    """Upper end, where a range is printed."""
    unit: str
    """IRI of the concept."""
    qualifier: str
    printed: str
    direction: str
    """IRI of the concept."""
    time: str
    population: str
    place: str
    denominator: str
    note: str
    words: str
    passages: Sequence[str]
    table: str
    found: Sequence[Found] = ()
    """The findings on these words or their passage, the gravest first; none about other words of the passage."""
    verdicts: Sequence[Verdict] = ()
    """Of these words, the gravest first."""
    otherwise: Sequence[Otherwise] = ()
    around: Sequence[Around] = ()
    """The gravest first, those on its groups before those on its study; none that is in `found`."""

    @property
    def measured_in(self) -> str:
        """Key of the unit."""
        return self.unit.rpartition("/")[2]

    @property
    def estimate(self) -> bool:
        """Whether a number is printed that is no p value."""
        return self.value is not None and not p_value(self.printed)

    @property
    def standing(self) -> str:
        """In a word, whether it can be quoted: the gravest of what was found, and of what its source has.

        One of STANDINGS.
        """
        kinds = {verdict.kind for verdict in self.verdicts}
        for kind in VERDICTS[:2]:
            if kind in kinds:
                return kind
        severities = {found.severity for found in self.found if found.local}
        for severity in GRAVE:
            if severity in severities:
                return severity
        if self.around:
            return f"{self.around[0].found.severity}-on-{self.around[0].where}"
        if "agrees" in kinds:
            return "agrees"
        return "note" if self.found else "nothing"

    @property
    def grave(self) -> Sequence[Found]:
        """The errors and warnings about this passage."""
        return [found for found in self.found if found.local and found.severity in GRAVE]

    @property
    def beside(self) -> Sequence[Found]:
        """The other findings: notes, and what is about the document at large."""
        return [found for found in self.found if not found.local or found.severity not in GRAVE]

    @property
    def doubtful(self) -> bool:
        """Whether anything stands against quoting it as it is: on it, on its groups, or on its study in its table."""
        return self.standing in DOUBTS


def p_value(printed: str) -> bool:
    """Return whether what is printed is a p value and nothing else.

    >>> p_value("p < 0.001"), p_value("P=0,03"), p_value("79 % (p = 0.001)")
    (True, True, False)
    """
    folded = printed.casefold().replace("-value", "").replace("-verdi", "").strip()
    return folded.startswith("p") and folded[1:].lstrip()[:1] in ("<", ">", "=", "≤", "≥") and len(folded) < 20

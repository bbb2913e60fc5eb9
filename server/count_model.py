"""What a count is made of: printed numbers, distinct numbers, registrations, studies, references, and the decisions.

Everything is named by its IRI; a number that the graph does not know has that of the registration that it would be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msevidence.server.count_numbers import NotRecognised

Rule = Literal["in-its-row", "reports-on", "registers", "gives-number"]
WayKind = Literal["number", "table-row", "description", "mention", "reference", "record"]


@dataclass(frozen=True, slots=True)
class Printed:
    """One place where a number stands."""

    printed: str
    registration: str
    """IRI of the registration with this number."""
    label: str
    """The normalised number, with its scheme where it has no letters of its own."""
    suffix: str = ""
    where: str = ""
    """IRI of the document or source; empty for what a user gave."""
    place: str = ""
    """IRI of the passage or record."""
    own: bool = False
    """Whether a loaded source holds the record of this number."""


@dataclass(slots=True)
class Number:
    """A distinct number: its spellings, and the record that it denotes."""

    iri: str
    label: str
    known: bool
    record: str
    """IRI of the registration; another than ``iri`` where this is a former number of that."""
    printed: list[Printed] = field(default_factory=list)

    @property
    def normalised(self) -> str:
        """The number as its registry writes it; of the EU registers, without the name of the scheme."""
        scheme, _, digits = self.label.partition(" ")
        return digits if scheme in ("EudraCT", "CTIS") and digits else self.label

    @property
    def spellings(self) -> list[str]:
        """The spellings, each once."""
        return list(dict.fromkeys(p.printed for p in self.printed))


@dataclass(frozen=True, slots=True)
class Decision:
    """An identity decision."""

    iri: str
    subject: str
    relation: str
    """``same-study``, ``part-of``, ``not-same``."""
    object: str
    rule: str
    because: str
    stopped: bool = False
    finding: str = ""
    document: str = ""
    sources: tuple[str, ...] = ()
    date: str = ""

    @property
    def holds(self) -> bool:
        """Whether it joins things, and was applied."""
        return not self.stopped and self.relation != "not-same"


@dataclass(slots=True)
class Registration:
    """A registry record: the numbers that denote it, the studies that it is of, and the decisions about it."""

    iri: str
    label: str
    known: bool
    numbers: list[str] = field(default_factory=list)
    studies: list[str] = field(default_factory=list)
    """What it denotes: a whole, or a part of one."""
    wholes: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Way:
    """How a study comes to be counted: a number, a row, a description, a mention, a reference, a record."""

    kind: WayKind
    where: str = ""
    thing: str = ""
    table: str = ""
    row: int | None = None


@dataclass(slots=True)
class Part:
    """A part of a counted study, which is no study more."""

    iri: str
    label: str
    registrations: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


@dataclass(slots=True)
class Study:
    """A study that is counted: a whole."""

    iri: str
    label: str
    known: bool
    registrations: list[str] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)

    def is_listed(self) -> bool:
        """Say whether a document lists it in a table, or a loaded source holds a record of it."""
        return any(
            w.kind in ("table-row", "record") for w in [*self.ways, *(w for p in self.parts.values() for w in p.ways)]
        )


@dataclass(slots=True)
class Reference:
    """An entry of a document, or a record of a loaded source, that leads to a study."""

    iri: str
    where: str
    kind: Literal["entry", "record"]
    target: str = ""
    """IRI of the publication or registration that it names."""
    number: int | None = None
    title: str = ""
    studies: dict[str, list[Rule]] = field(default_factory=dict)
    """Counted studies (wholes), with the rules by which it is theirs."""
    others: list[str] = field(default_factory=list)
    """Studies that are not counted and that its registration is of: its row is about another."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding about the identity of something that is counted."""

    iri: str
    kind: str
    about: str
    labels: tuple[tuple[str, str], ...]
    """(language, text)."""
    document: str = ""


@dataclass(slots=True)
class Count:
    """A whole count."""

    printed: list[Printed] = field(default_factory=list)
    numbers: dict[str, Number] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    """Those that were applied."""
    kept_apart: dict[str, Decision] = field(default_factory=dict)
    """Those that keep apart, and those that were stopped."""
    findings: dict[str, Finding] = field(default_factory=dict)
    not_recognised: list[NotRecognised] = field(default_factory=list)
    where: str = ""
    """IRI of the document or source; empty for numbers given and for everything."""
    title: str = ""
    documents: list[Count] = field(default_factory=list)
    sources: list[Count] = field(default_factory=list)

    @property
    def parts(self) -> dict[str, Part]:
        """The parts of all studies."""
        return {iri: part for study in self.studies.values() for iri, part in study.parts.items()}

    @property
    def publications(self) -> list[str]:
        """The distinct publications that the references name."""
        targets = (r.target for r in self.references.values() if "/publication/" in r.target)
        return list(dict.fromkeys(targets))

    def figures(self) -> dict[str, int]:
        """Return the five counts, and those that stand beside them."""
        return {
            "printed": len(self.printed),
            "numbers": len(self.numbers),
            "registrations": len(self.registrations),
            "studies": len(self.studies),
            "references": len(self.references),
            "listed": sum(study.is_listed() for study in self.studies.values()),
            "parts": len(self.parts),
            "publications": len(self.publications),
            "kept_apart": len(self.kept_apart) + len(self.findings),
            "unknown": sum(not number.known for number in self.numbers.values()),
            "not_recognised": len(self.not_recognised),
        }

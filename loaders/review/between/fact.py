"""What a passage says of a study in one field, and how two such things differ."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from msevidence.loaders.review.outcome import DisagreementKind
from msevidence.loaders.review.view import Document

FIELDS = {
    "start": "start",
    "end": "slutt",
    "status": "status",
    "participants": "deltakere",
    "planned participants": "planlagte deltakere",
    "comparator": "sammenligning",
    "population": "populasjon",
    "follow-up": "oppfølging",
    "effect": "effekt",
    "emphasis": "vektlegging",
}
"""Fields in which studies are compared, in English and Norwegian."""


@dataclass(frozen=True)
class Fact:
    """A thing that a document says of a study."""

    field: str
    """Key of ``FIELDS``."""
    value: Any
    """Comparable with that of another fact of the field, and hashable."""
    printed: str
    passages: tuple[str, ...]
    role: str = ""
    """What sets facts of one field apart: ``planned``, ``median``, ``end``, ``results`` …"""


@dataclass(frozen=True)
class Difference:
    """How two facts differ. The kind is read as: the first … the second."""

    kind: DisagreementKind
    first: Fact
    second: Fact
    english: str
    """What to make of it."""
    norwegian: str
    grave: bool = True
    """Whether it is more than words that are less exact."""


@dataclass(frozen=True)
class Teller:
    """A document that tells of a study, with what it says."""

    document: Document
    facts: tuple[Fact, ...]

    @property
    def issued(self) -> str:
        return self.document.issued or ""

    def of(self, field: str) -> list[Fact]:
        return [f for f in self.facts if f.field == field]


def merged(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return facts with equal ones made one, which rests on all their passages."""
    found: dict[tuple[str, Any, str], Fact] = {}
    for fact in facts:
        key = (fact.field, fact.value, fact.role)
        if key in found:
            passages = tuple(dict.fromkeys((*found[key].passages, *fact.passages)))
            found[key] = replace(found[key], passages=passages)
        else:
            found[key] = fact
    return tuple(found.values())


def dated(issued: str | None) -> str:
    """Return the month of a document as it stands in a message; nothing where no date is known.

    >>> dated("2021-09-14"), dated(None)
    (' (2021-09)', '')
    """
    return f" ({issued[:7]})" if issued else ""

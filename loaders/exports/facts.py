"""What identity resolution needs to know of a record, apart from its statements: compact, and kept beside them.

A line of JSON a record, in the order of the records' statements, so that a build can read either without the other.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class NumberFact:
    """Another number that a record gives; ``key`` is that of the registration it denotes, ``None`` where it is none."""

    printed: str
    role: str
    """As in :class:`~msevidence.loaders.exports.records.OtherNumber`."""
    label: str | None = None
    key: str | None = None
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class PublicationLink:
    """A publication that a registry record cites: key of its own IRI, and the kind that the record gives."""

    key: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class RegistrationFact:
    """One version of a registry record."""

    key: str
    """Key of the registration (``NCT00273364``, ``EudraCT-2010-023560-40``)."""
    version: str
    """Key of the record version; equal content has an equal key."""
    number: str
    """Normalised."""
    scheme: str
    suffix: str | None = None
    titles: tuple[tuple[str, str, str], ...] = ()
    """(kind, text, language) as in :class:`~msevidence.loaders.exports.records.Title`."""
    acronyms: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    numbers: tuple[NumberFact, ...] = ()
    publications: tuple[PublicationLink, ...] = ()
    status: str | None = None
    """As printed."""
    dates: dict[str, tuple[str, str | None, str | None]] = field(default_factory=dict)
    """(printed, value, kind) by the keys of RegistryRecord.dates."""
    enrolment: tuple[str, int | None, str | None] | None = None
    has_results: bool | None = None
    placeholders: tuple[str, ...] = ()
    """Numbers given that are placeholders, as printed."""
    place: str = ""
    """Member of the archive and line, for messages: ``export.zip!NCT0123.json``, ``line 12``."""
    origin: str = ""
    """Key of the format that it came in."""

    @property
    def updated(self) -> str:
        """The record's own date of last change, ``""`` where it states none."""
        return (self.dates.get("updated", ("", None, None))[1]) or ""


@dataclass(frozen=True, slots=True)
class PublicationFact:
    """One bibliographic record, or one publication that something else names (a reference, a registry record)."""

    key: str
    """Key of its own IRI, before publications are made one."""
    version: str | None = None
    title: str | None = None
    kind: str | None = None
    """Concept of the scheme publication-kind."""
    family: str | None = None
    """First author's family name, or the group's name."""
    year: str | None = None
    containers: tuple[str, ...] = ()
    """The whole it stands in, in full and abbreviated."""
    volume: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    numbers: tuple[NumberFact, ...] = ()
    """Registry numbers that the record gives for the work."""
    abstract: str | None = None
    """Its words, for the review to compare claims with; for the sake of rights they are no statements."""
    place: str = ""


@dataclass(frozen=True, slots=True)
class MappingFact:
    """What one row of somebody's mapping file asserts; kinds and keys as in MappingRecord."""

    subject: str
    object: str
    relation: str | None
    predicate: str
    """As printed."""
    negated: bool = False
    justification: str | None = None
    confidence: float | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    comment: str | None = None
    sources: tuple[str, ...] = ()
    version: str | None = None
    place: str = ""

    @property
    def key(self) -> str:
        """Name of the pair, for messages."""
        return f"{self.subject} {self.object}"


Fact = RegistrationFact | PublicationFact | MappingFact


_NAMES = {RegistrationFact: "registration", PublicationFact: "publication", MappingFact: "mapping"}


def _inner(value: NumberFact | PublicationLink) -> dict[str, str | None]:
    return {name: getattr(value, name) for name in value.__slots__}


# One encoder for all facts, and no deep copy of them first (dataclasses.asdict): a fifth of the time of a load.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_inner).encode


def to_json(fact: Fact) -> str:
    """Return a fact as one line of JSON."""
    content = {k: v for k in fact.__slots__ if (v := getattr(fact, k)) not in (None, (), {}, "")}
    content["is"] = _NAMES[type(fact)]
    return _encode(content)


def from_json(line: str) -> Fact:
    """Return the fact that :func:`to_json` wrote."""
    content = json.loads(line)
    kind = content.pop("is")
    if kind == "mapping":
        several = {name: tuple(content.get(name, ())) for name in ("authors", "sources")}
        return MappingFact(**{"relation": None, **content, **several})
    numbers = tuple(NumberFact(**n) for n in content.pop("numbers", ()))
    if kind == "publication":
        return PublicationFact(**{**content, "numbers": numbers, "containers": tuple(content.get("containers", ()))})
    for name in ("acronyms", "sponsors", "conditions", "placeholders"):
        content[name] = tuple(content.get(name, ()))
    content["titles"] = tuple((k, t, la) for k, t, la in content.get("titles", ()))
    content["dates"] = {k: (p, v, w) for k, (p, v, w) in content.get("dates", {}).items()}
    content["publications"] = tuple(PublicationLink(**p) for p in content.get("publications", ()))
    if content.get("enrolment") is not None:
        printed, value, how = content["enrolment"]
        content["enrolment"] = (printed, value, how)
    return RegistrationFact(**content, numbers=numbers)


def read_facts(path: Path) -> Iterator[Fact]:
    """Yield the facts of a file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield from_json(line)

"""What registry records say, value by value: as of which date, and where it was read.

A record is known from values that the catalogue names sources for, and from versions of it that were loaded from
exports. Both are brought under the same keys here, local names of properties of this ontology; a field of the
catalogue that has no property keeps its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.loaders.superseded import MOVING
from msevidence.server.pages_links import MSE, name
from msevidence.server.study_read import Thing, grouped
from msevidence.server.wire import Term

FIELDS: Mapping[str, str] = {
    "brief_title": "title",
    "official_title": "title",
    "exact_title": "title",
    "status": "status",
    "start_date": "startDate",
    "primary_completion_date": "primaryCompletionDate",
    "completion_date": "completionDate",
    "trial_end_date": "completionDate",
    "end_date": "completionDate",
    "global_end_of_trial": "completionDate",
    "first_posted": "registeredOn",
    "date_of_registration": "registeredOn",
    "last_update_posted": "updated",
    "enrolment": "enrolment",
    "enrolment_type": "enrolmentKind",
    "sponsor": "sponsor",
    "collaborators": "collaborator",
    "countries": "country",
    "countries_full": "country",
    "phase": "phase",
    "design": "registeredDesign",
    "interventions": "interventionName",
    "primary_outcomes": "primaryOutcome",
    "has_results": "hasResults",
    "acronym": "acronym",
}
"""Field of the catalogue, or of an earlier state of a record (``history``) → key."""
OF_VERSIONS: Mapping[str, str] = {"printedStatus": "status", "dcterms:title": "title"}
SEVERAL = ("country", "collaborator", "interventionName")
"""Keys whose values an export joins by ``|``."""
EARLIER = "history"
"""Field of the catalogue that holds an earlier state of the record, as ``field: value``."""
ABOUT = (
    *("denotesStudy", "rdf:type", "rdfs:label", "scheme", "registrationNumber", "inRegistry", "rdfs:seeAlso"),
    *("recordFound", "note"),
)
MOVES: Mapping[str, str] = {
    {"registeredStatus": "status"}.get(name, name): name
    for name in (property.value.removeprefix(MSE) for property in MOVING)
}
"""Key of a value that moves → local name of its property."""
UNSAID = ("printed", "countrySuffix", "exportPlace", "sourceDate", "printedStart", "printedEnd", "registeredStatus")
KINDS = ("startKind", "completionKind", "primaryCompletionKind", "enrolmentKind")
ENDED = frozenset(
    ("completed", "terminated", "withdrawn", "prematurely-ended", "ended", "not-authorised", "prohibited", "revoked")
)
"""Statuses as registered after which nothing more of the study is to come, but its results."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One value of a record."""

    registration: str
    key: str
    text: str
    held: str
    """The node that states it: a value with its source, a version, or the record."""
    date: str = ""
    source: str = ""
    """Address or place where it was read."""
    note: str = ""
    language: str | None = None
    kind: str = ""
    """``actual`` or ``estimated``, where the record says."""
    earlier: bool = False
    """Whether it is of an earlier state of the record."""
    catalogued: str = ""
    """Field of the catalogue that holds it; several come to one key."""


@dataclass(slots=True)
class Record:
    """A registration: what is said of it here, and what its record says."""

    iri: str
    study: str = ""
    about: Thing = field(default_factory=lambda: Thing("", {}))
    values: list[Stated] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    """Node that states it → concept of the status as registered; of the record itself, the only one it has."""
    versions: dict[str, str] = field(default_factory=dict)
    """Version of the record that an export holds → its date, empty where it has none."""

    @property
    def found(self) -> bool | None:
        """Whether the record was found; None where nobody says."""
        said = self.about.first("recordFound")
        return None if not said else said == "true"

    def of(self, *keys: str, earlier: bool = False) -> list[Stated]:
        """Return what it says under these keys now; with ``earlier``, before too."""
        return [v for v in self.values if v.key in keys and (earlier or not v.earlier)]

    def now(self, *keys: str) -> list[Stated]:
        """Return what it says under these keys, without what a newer version of the record outdates."""
        return [value for value in self.of(*keys) if not self._outdated(value)]

    def _outdated(self, value: Stated) -> bool:
        """Say whether a value that moves does not hold any more; the record itself has those that do (superseded.py).

        What has no date is never outdated by a date, only by another value that the record itself has.
        """
        if value.key not in MOVES or not self.versions:
            return False
        held = {text.casefold() for text in self.about.texts(MOVES[value.key])}
        said = self.status_of(value) if value.key == "status" else value.text
        if said.casefold() in held:
            return False
        return bool(held) or "" < value.date < max(self.versions.values())

    def status_of(self, value: Stated) -> str:
        """Return the concept of a status, empty where no concept was given.

        What the catalogue prints has the concept of the record itself, unless a loaded version is newer: then that of a
        version with the same words, if there is one.
        """
        own = self.statuses.get(value.held, "")
        if own or value.earlier:
            return own
        if not any(date > value.date for date in self.versions.values()):
            return self.statuses.get(self.iri, "")
        alike = (v for v in self.values if v.key == "status" and v.text == value.text and v.held in self.versions)
        return next((self.statuses[v.held] for v in alike if v.held in self.statuses), "")

    def ended(self) -> bool:
        """Say whether the newest status is one after which the study goes no further."""
        newest = sorted(self.of("status"), key=lambda value: value.date)
        return bool(newest) and self.status_of(newest[-1]).rpartition("/")[2] in ENDED


def records(rows: Sequence[Mapping[str, Term]], registration: str = "") -> dict[str, Record]:
    """Return the records that rows of ``study_records.rq``, or of ``registration_record.rq`` for one, tell of."""
    found: dict[str, Record] = {}
    by_record: dict[str, list[Mapping[str, Term]]] = {}
    for row in rows:
        iri = name(row["registration"]) if "registration" in row else registration
        if not iri:
            continue
        record = found.setdefault(iri, Record(iri))
        if "study" in row:
            record.study = record.study or name(row["study"])
        if "value" in row:
            by_record.setdefault(iri, []).append(row if "held" in row else {**row, "held": ox.NamedNode(iri)})
    for iri, record in found.items():
        _fill(record, grouped(by_record.get(iri, ()), "held"))
        # A document may print a number at a study that the decisions say it is not of.
        record.study = next(iter(sorted(record.about.texts("denotesStudy"))), record.study)
    return dict(sorted(found.items()))


def _fill(record: Record, held: Mapping[str, Thing]) -> None:
    for iri, thing in held.items():
        if iri == record.iri:
            record.about = thing
            if len(statuses := thing.texts("registeredStatus")) == 1:
                record.statuses[iri] = statuses[0]
        elif "field" in thing.values:
            record.values += _sourced(record.iri, thing)
        else:
            record.values += _version(record.iri, thing)
            record.versions[iri] = thing.first("sourceDate")
            if statuses := thing.texts("registeredStatus"):
                record.statuses[iri] = statuses[0]
    known = {value.key for value in record.values}
    for key, text, language in _plain(record.about, (*ABOUT, *UNSAID, "emptyField")):
        if key not in known:  # loaded versions state it of the record alone
            record.values.append(Stated(record.iri, key, text, record.iri, language=language))
    if "status" not in known:
        for concept in sorted(record.about.texts("registeredStatus")):
            record.values.append(Stated(record.iri, "status", concept, concept))
            record.statuses[concept] = concept
    record.values.sort(key=lambda value: (value.earlier, value.date, value.source, value.held))


def _sourced(registration: str, thing: Thing) -> Iterable[Stated]:
    field_name, text = thing.first("field"), thing.first("value")
    date, source, note = thing.first("sourceDate"), thing.first("dcterms:source"), thing.first("note")
    earlier = field_name == EARLIER and ": " in text
    if earlier:
        field_name, _, text = text.partition(": ")
    key = FIELDS.get(field_name, field_name)
    for one in text.split("|") if key in SEVERAL else (text,):
        yield Stated(
            registration,
            key,
            _shown(key, one.strip()),
            thing.iri,
            date,
            source,
            note,
            "",
            earlier=earlier,
            catalogued=field_name,
        )


def _version(registration: str, thing: Thing) -> Iterable[Stated]:
    date, source = thing.first("sourceDate"), thing.first("exportPlace")
    kinds = {kind.removesuffix("Kind"): thing.first(kind) for kind in KINDS}
    for key, text, language in _plain(thing, (*ABOUT, *UNSAID, *KINDS, "printedEnrolment", "emptyField")):
        kind = kinds.get(key.removesuffix("Date"), "")
        yield Stated(registration, key, _shown(key, text), thing.iri, date, source, "", language, kind)


def _plain(thing: Thing, without: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    for key, values in thing.values.items():
        if key in without or ":" in key.replace("dcterms:title", ""):
            continue
        for value in values:
            if isinstance(value, ox.Literal):
                yield OF_VERSIONS.get(key, key), value.value, value.language or ""


def _shown(key: str, text: str) -> str:
    """Return a value as people write it: a count of an export without its decimals."""
    return text.removesuffix(".0") if key == "enrolment" and text.removesuffix(".0").isdigit() else text


def property_of(key: str) -> str:
    """Return the property that a key names; a field of the catalogue names none, which its label shows."""
    return {"title": "http://purl.org/dc/terms/title", "status": MSE + "registeredStatus"}.get(key, MSE + key)

"""What trial registries say of a study, each value with the day from which it is, and when a publication came out."""

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import DCTERMS, RDFS, SKOS, URIRef

from msevidence.loaders import partial_dates
from msevidence.loaders.printed_dates import find_date
from msevidence.loaders.review.things import Thing
from msevidence.loaders.triples_registrations import STATUS
from msevidence.ontology.namespaces import MSE, scheme

# What the fields of recorded values are called, by what they say; a field may hold "name: value" of an older record.
_FIELDS = {
    "status": ("status",),
    "start": ("start_date", "first_enrolment"),
    "completion": ("completion_date", "global_end_of_trial", "end_date", "trial_end_date"),
    "primary": ("primary_completion_date",),
    "enrolment": ("enrolment",),
    "phase": ("phase",),
    "posted": ("first_posted", "date_of_registration", "first_entered"),
}
_NAMED = ("history", "nct_record")
_PROPERTIES: dict[str, tuple[URIRef, ...]] = {
    "status": (MSE.registeredStatus,),
    "start": (MSE.startDate,),
    "completion": (MSE.completionDate,),
    "primary": (MSE.primaryCompletionDate,),
    "enrolment": (MSE.enrolment,),
    "phase": (MSE.phase,),
    "posted": (MSE.registeredOn,),
}
_KINDS = {"enrolment": MSE.enrolmentKind, "completion": MSE.completionKind, "start": MSE.startKind}

FINISHED = frozenset({"completed", "ended"})
STOPPED = frozenset({"terminated", "withdrawn", "prohibited", "revoked", "cancelled", "expired", "not-authorised"})
RUNNING = frozenset(
    {
        "recruiting",
        "not-yet-recruiting",
        "enrolling-by-invitation",
        "active-not-recruiting",
        "ongoing",
        "restarted",
        "authorised",
        "suspended",
        "temporarily-halted",
    }
)


@dataclass(frozen=True)
class Fact:
    """A value that a record of a registry has, or had."""

    value: str
    """Normalised: local name of the status, ISO date, number; of a phase, as recorded."""
    registration: Thing
    as_of: str | None
    """Day of the record, as precise as known."""
    unchanged_since: str | None
    """Day on which the record was last changed before that, where it says so."""
    kind: str | None
    """``actual`` or ``estimated``, where the record says so."""
    source: str
    other: str | None = None
    """Number of the record that holds it, where that is recorded under another number of the study."""

    @property
    def number(self) -> str:
        return self.other or self.registration.value(RDFS.label) or self.registration.iri.rsplit("/", 1)[-1]

    def known_at(self, day: str) -> bool | None:
        """Say whether the record had this value on a day or before; ``None`` where that is not known."""
        since = self.unchanged_since or self.as_of
        return None if since is None else partial_dates.last_day(since) <= day


def facts(registrations: Iterable[Thing], name: str) -> list[Fact]:
    """Return what is recorded under a name (``status``, ``completion`` …), the newest last."""
    found: dict[tuple[str, str, str | None], Fact] = {}
    for registration in registrations:
        values = [*_recorded(registration, name), *_versions(registration, name)]
        if not values:
            values = [Fact(v, registration, None, None, None, registration.iri) for v in _plain(registration, name)]
        for fact in values:
            found.setdefault((fact.registration.iri, fact.value, fact.as_of), fact)
    return sorted(found.values(), key=lambda f: (f.as_of or "", f.registration.iri, f.value))


def _recorded(registration: Thing, name: str) -> list[Fact]:
    values = registration.all(MSE.hasSourcedValue)
    by_source: dict[str, dict[str, str]] = {}
    for v in values:
        by_source.setdefault(v.value(DCTERMS.source) or v.iri, {})[v.value(MSE.field) or ""] = v.value(MSE.value) or ""
    found = []
    for v in values:
        field, text = v.value(MSE.field) or "", v.value(MSE.value) or ""
        if field in _NAMED and ": " in text:
            field, text = text.split(": ", 1)
        if field not in _FIELDS[name]:
            continue
        source = v.value(DCTERMS.source) or v.iri
        beside = by_source.get(source, {})
        if v.value(MSE.field) in _NAMED:
            beside = _named(values, v.value(MSE.field))
        kind = beside.get(f"{name}_type", "").lower() or None
        changed = beside.get("last_update_posted")
        value = _normal(name, text)
        if value:
            since = changed if changed and _date(changed) else None
            found.append(Fact(value, registration, v.value(MSE.sourceDate), since, kind, source, beside.get("id")))
    return found


def _named(values: list[Thing], field: str | None) -> dict[str, str]:
    """Return what is recorded as "name: value" under one field: the record of the study in another registry."""
    texts = [v.value(MSE.value) or "" for v in values if v.value(MSE.field) == field]
    return dict(t.split(": ", 1) for t in texts if ": " in t)


def _versions(registration: Thing, name: str) -> list[Fact]:
    found = []
    for version in registration.all(MSE.hasVersion):
        kind = version.value(_KINDS[name]) if name in _KINDS else None
        for value in _plain(version, name):
            as_of = version.value(MSE.sourceDate)
            found.append(Fact(value, registration, as_of, as_of, kind.lower() if kind else None, version.iri))
    return found


def _plain(thing: Thing, name: str) -> list[str]:
    values = sorted({v for path in _PROPERTIES[name] for v in thing.values(path)})
    return [v.rsplit("/", 1)[-1] if name == "status" else v for v in values]


def _normal(name: str, text: str) -> str | None:
    if name == "status":
        return STATUS.get(text, STATUS.get(text.upper()))
    if name == "enrolment":
        number = text.removesuffix(".0")
        return number if number.isdigit() else None
    if name == "phase":
        return text
    return _date(text)


def _date(text: str) -> str | None:
    try:
        return partial_dates.existing(text)
    except ValueError:
        return None


def status_label(fact: Fact, language: str) -> str:
    """Return a registered status in words of a language."""
    label = fact.registration.things.get(str(scheme("status-as-registered", fact.value)))
    return label.words(SKOS.prefLabel, language) or fact.value


def published(publication: Thing) -> str | None:
    """Return when a publication came out, as precisely as a record or citation of it says."""
    values = [*publication.values(DCTERMS.issued), *publication.values(MSE.published)]
    for value in publication.all(MSE.hasSourcedValue):
        if value.value(MSE.field) == "page_citation":
            try:
                found = find_date(value.value(MSE.value) or "")
            except ValueError:
                continue
            values += [found[0].value] if found else []
    dates = sorted(v for v in values if _date(v))
    longest = max((len(d) for d in dates), default=0)
    return next((d for d in dates if len(d) == longest), None)

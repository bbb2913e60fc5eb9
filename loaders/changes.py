"""What a new export changes against what is known: a status that moved, a date that slipped, results that were posted.

Known are the newest version of each registry record among the sources loaded before, and the values that
``data/registrations.yaml`` records. Dates of records say which of two is newer; where neither has one, the new file is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from msevidence.loaders.catalogue_schema import Registrations
from msevidence.loaders.exports.conversion import FACTS, PULLED
from msevidence.loaders.exports.facts import RegistrationFact, read_facts
from msevidence.loaders.exports.sources import LoadedSource, Sources
from msevidence.loaders.yamlfile import parse

_DATES = {"start": "start_date", "primary-completion": "primary_completion_date", "completion": "completion_date"}
"""Keys of dates in a record, and the fields of the catalogue that hold them."""
_OPEN = frozenset({"recruiting", "enrollingbyinvitation", "ongoing", "open", "opentorecruitment", "available"})
"""Statuses, folded, that “Not recruiting” contradicts."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs between what was known of a registration and what a new source says."""

    registration: str
    field: str
    """``status``, ``start``, ``primary completion``, ``completion``, ``enrolment`` or ``results``."""
    before: str | None
    after: str | None
    before_date: str | None
    """Date of what was known, where it states one; ``after_date`` likewise."""
    after_date: str | None
    earlier: bool = False
    """Whether the new source is older than what was known: then it tells of the past, and moves nothing."""

    def __str__(self) -> str:
        when = f" ({self.before_date or 'undated'} → {self.after_date or 'undated'})"
        old = "; the file is older than what was known" if self.earlier else ""
        return f"{self.registration} {self.field}: {self.before or 'none'} → {self.after or 'none'}{when}{old}"


@dataclass(frozen=True, slots=True)
class _Compared:
    """What is compared of a registration record: all of it, for each that is known, would be held otherwise."""

    name: str
    updated: str
    status: str | None
    dates: tuple[str | None, ...]
    """The values of :data:`_DATES`."""
    enrolment: tuple[str | None, int | None] | None
    has_results: bool | None
    posted: str

    @classmethod
    def of(cls, fact: RegistrationFact) -> "_Compared":
        """Return it of a record."""
        found = (fact.dates.get(key) for key in _DATES)
        dates = tuple(date[1] if date else None for date in found)
        enrolment = fact.enrolment[:2] if fact.enrolment else None
        return cls(_name(fact), fact.updated, fact.status, dates, enrolment, fact.has_results, _posted(fact))


@dataclass
class Known:
    """The newest version of each registration record, and the versions that are known at all."""

    newest: dict[str, _Compared]
    versions: set[str]

    @classmethod
    def of(cls, sources: Sources, data: Path) -> "Known":
        """Return what the sources of a home and the catalogue of ``data`` say."""
        newest: dict[str, _Compared] = {}
        for fact in _recorded(data):
            newest[fact.key] = _Compared.of(fact)
        versions: set[str] = set()
        for source in sources.all():
            folder, _ = sources.conversion(source)
            for known in read_facts(folder / FACTS):
                versions.add(known.version or "")
                if isinstance(known, RegistrationFact) and known.origin != PULLED:
                    name = _name(known)
                    if name not in newest or newest[name].updated <= known.updated:
                        newest[name] = _Compared.of(known)
        return cls(newest, versions)

    def compare(self, folder: Path, source: LoadedSource) -> tuple[int, list[Change]]:
        """Take in a converted source; return how many of its records were known, and what the others change."""
        already = 0
        changes: list[Change] = []
        for fact in read_facts(folder / FACTS):
            if fact.version in self.versions:
                already += 1
                continue
            self.versions.add(fact.version or "")
            if isinstance(fact, RegistrationFact):
                name = _name(fact)
                before = self.newest.get(name) or self.newest.get(fact.key)
                after = _Compared.of(fact)
                if before is not None:
                    changes += _differences(before, after)
                if before is None or before.updated <= after.updated or not after.updated:
                    self.newest[name] = after
        return already, changes


def _name(fact: RegistrationFact) -> str:
    return f"{fact.key}/{fact.suffix}" if fact.suffix else fact.key


def differences(before: RegistrationFact, after: RegistrationFact) -> Iterator[Change]:
    """Yield what one version of a record says otherwise than another one."""
    return _differences(_Compared.of(before), _Compared.of(after))


def _differences(before: _Compared, after: _Compared) -> Iterator[Change]:
    earlier = bool(before.updated and after.updated and after.updated < before.updated)
    blank = Change(after.name, "", None, None, before.updated or None, after.updated or None, earlier)
    if after.status and not _one_status(_folded(before.status), _folded(after.status)):
        yield replace(blank, field="status", before=before.status, after=after.status)
    for key, old, new in zip(_DATES, before.dates, after.dates, strict=True):
        if old and new and old != new:
            yield replace(blank, field=key.replace("-", " "), before=old, after=new)
    if before.enrolment and after.enrolment and before.enrolment[1] != after.enrolment[1]:
        yield replace(blank, field="enrolment", before=before.enrolment[0], after=after.enrolment[0])
    if after.has_results and before.has_results is False:
        yield replace(blank, field="results", before="not posted", after=after.posted)


def _posted(fact: RegistrationFact) -> str:
    posted = fact.dates.get("results-posted")
    return f"posted {posted[0]}" if posted else "posted"


def _one_status(before: str, after: str) -> bool:
    """Say whether two statuses differ in nothing but how much they say.

    The portal of the WHO has few words: what is completed or stopped in its registry is “Not recruiting” there, and
    what the EU register calls ongoing is “Authorised-recruitment may be ongoing or finished”.
    """
    pair = {before, after}
    if len(pair) == 1 or (before and any(s.startswith("authorisedrecruitmentmaybe") for s in pair)):
        return True
    return bool(before) and "notrecruiting" in pair and not pair & _OPEN


def _folded(status: str | None) -> str:
    """Return a status without what its spellings differ in: ``ACTIVE_NOT_RECRUITING``, ``Active, not recruiting``."""
    return "".join(c for c in (status or "").lower() if c.isalpha())


def _recorded(data: Path) -> Iterator[RegistrationFact]:
    path = data / "registrations.yaml"
    if path.exists():
        yield from recorded(parse(path, Registrations)[0])


def recorded(content: Registrations) -> Iterator[RegistrationFact]:
    """Yield what the catalogue records of each registration, as far as it can have changed."""
    for key, entry in content.registrations.items():
        values: Mapping[str, tuple[str, str]] = {
            name: (value.texts()[0], content.address(value).date or "")
            for name, value in entry.values()
            if value.texts()
        }
        if "status" not in values and not any(name in values for name in _DATES.values()):
            continue
        dates = {k: (values[f][0], values[f][0], None) for k, f in _DATES.items() if f in values}
        if "last_update_posted" in values:
            dates["updated"] = (values["last_update_posted"][0], values["last_update_posted"][0], None)
        enrolled = values["enrolment"][0].removesuffix(".0") if "enrolment" in values else None
        yield RegistrationFact(
            key=key,
            version="",
            number=entry.number,
            scheme=entry.scheme,
            status=values["status"][0] if "status" in values else None,
            dates=dates,  # type: ignore[arg-type]
            enrolment=(enrolled, int(enrolled), None) if enrolled and enrolled.isdigit() else None,
            has_results={"True": True, "False": False}.get(values.get("has_results", ("", ""))[0]),
        )

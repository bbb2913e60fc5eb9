"""EU Clinical Trials Register, text downloads: full trial details (one record a country) and summary details.

Published by the European Medicines Agency at https://www.clinicaltrialsregister.eu (closed to new trials since January
2025); what the fields mean is in "EudraCT step-by-step guide" and on the register's page "How to search". Traps: one
trial is as many records as countries, and their statuses differ; the titles may be in several languages; ``A.3.2`` may
hold an acronym, a short title or a protocol code; a summary gives no country's record but lists them all; the *start
date* of a summary is no start of recruitment but of the first authorisation.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, fitting
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Coded, Counted, OtherNumber, Raw, RegistryRecord, Title
from msevidence.loaders.exports.values import counted, numbers_in, own_number, plain, unmarked
from msevidence.loaders.registries.euctr_fields import (
    BLANK,
    COMPARATORS,
    COUNTRIES,
    DESIGN,
    HEADER,
    IGNORED,
    PHASES,
    PLANNED,
    PRODUCT,
    STATUS,
    USED,
    WITHOUT_VALUE,
    YES_OR_NUMBER,
)
from msevidence.loaders.registries.euctr_lines import records
from msevidence.loaders.registries.several_numbers import has_value, is_acronym, several_numbers
from msevidence.ontology.identifiers import FoundNumber

_LABEL = re.compile(r"(?P<code>[ABDEFGH]\.(?:[\d.]*\d|IMP))(?:(?: and| to) [A-H]\.[\d.]+)?\s*(?P<label>.*)", re.DOTALL)
_LANGUAGE = re.compile(r"\s\((?P<language>[a-z]{2})\)$")
_LINK = re.compile(r"/trial/(?P<number>[^/]+)/(?P<suffix>[A-Z]{2}|3rd)/?$")
_IDENTIFIER = re.compile(r"Name:\s*(?P<name>.*?)[\s,;]*Number:\s*(?P<number>.*)")
_PROTOCOL = re.compile(r"(?P<country>[A-Z]{2}|Outside EU/EEA|3rd)\s*\((?P<status>[^()]*)\)")


class _Pairs:
    """The fields of one record by number or label: (label, language, value) each, in order."""

    def __init__(self, pairs: Any, audit: Audit) -> None:
        self.by_key: dict[str, list[tuple[str, str, str]]] = {}
        self.products: list[dict[str, str]] = []
        self.empty: list[str] = []
        where = next((v for k, v in pairs if k == "EudraCT Number"), "")
        for label, value in pairs:
            self._add(label, value, audit, where)

    def _add(self, label: str, value: str, audit: Audit, where: str) -> None:
        language = "en"
        label = fitting(label, audit, "name of a field")
        if match := _LANGUAGE.search(label):
            language, label = match["language"], label[: match.start()]
        coded = _LABEL.fullmatch(label)
        key = coded["code"] if coded else label
        if key == "D.IMP":
            self.products.append({})
        known = key in USED and coded["label"].startswith(USED[key]) if coded else key in HEADER
        if not known:
            ignored = key in WITHOUT_VALUE or (key not in USED and _ignored(key))
            if value and not ignored:  # a heading has no value
                audit.tell(label, where)
            return
        blank = value.lower() in BLANK if key in YES_OR_NUMBER else not has_value(value)
        if blank:
            self.empty.append(label)
            return
        value = fitting(value, audit, label)
        if key in PRODUCT and self.products:
            self.products[-1].setdefault(key, plain(value))
        self.by_key.setdefault(key, []).append((label, language, value))

    def all(self, key: str) -> list[tuple[str, str, str]]:
        return self.by_key.get(key, [])

    def one(self, *keys: str) -> str | None:
        """Return the value of the first of these fields that has one, on one line."""
        return next((plain(self.by_key[k][0][2]) for k in keys if k in self.by_key), None)

    def english(self, key: str) -> list[str]:
        """Return the values in English, or in the languages that there are."""
        values = [v for _, language, v in self.all(key) if language == "en"] or [v for _, _, v in self.all(key)]
        return list(dict.fromkeys(map(plain, values)))

    def yes(self, *keys: str) -> list[str]:
        """Return the labels of those of these fields that say yes."""
        return [label.split(" ", 1)[1] for k in keys for label, _, v in self.all(k)[:1] if v.lower() == "yes"]

    def no(self, *keys: str) -> bool:
        return all((self.one(k) or "").lower() == "no" for k in keys)


def _ignored(key: str) -> bool:
    """Say whether a field, or a section it stands in, is in :data:`IGNORED`."""
    parts = key.split(".") if re.match(r"[A-H]\.", key) else [key]
    return any(".".join(parts[:n]) in IGNORED for n in range(1, len(parts) + 1))


def recognise(head: bytes) -> bool:
    """Say whether a file is one of the two text downloads of the register."""
    text = head.replace(b"\r", b"")
    return bool(
        re.search(
            rb"^(?:\xef\xbb\xbf)?\s*EudraCT Number:[^\n]*\n+Sponsor(?:'s Protocol Code| Protocol) Number:", text, re.M
        )
    )


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the records of a download, as pairs of label and value."""
    return records(stream, name)


def record(fields: Any, audit: Audit) -> RegistryRecord:
    """Take the fields of one record apart."""
    if not isinstance(fields, list) or not all(isinstance(f, tuple) and len(f) == 2 for f in fields):
        raise RecordError("the record is no list of labels and values; get the file again")
    pairs = _Pairs(fields, audit)
    number = _number(pairs, audit)
    found = RegistryRecord(number, address=_address(pairs), empty=pairs.empty)
    _names(found, pairs)
    _other_numbers(found, pairs)
    _states(found, pairs, audit)
    found.study_type = pairs.one("Clinical Trial Type")
    found.conditions = pairs.english("E.1.1") or pairs.english("E.1.1.1") or pairs.english("Medical condition")
    found.outcomes = pairs.english("E.5.1")
    found.sponsors = list(dict.fromkeys(plain(v) for k in ("B.1.1", "Sponsor Name") for _, _, v in pairs.all(k)))
    names = (next((p[k] for k in PRODUCT if k in p), None) for p in pairs.products)
    found.interventions = list(dict.fromkeys(n for n in names if n))
    found.phase = "; ".join(pairs.yes(*PHASES)) or None
    design = pairs.yes(*DESIGN) + [f"Comparator: {c}" for c in pairs.yes(*COMPARATORS)]
    found.design = "; ".join(design) or None
    found.enrolment = _enrolment(pairs)
    return found


def _number(pairs: _Pairs, audit: Audit) -> FoundNumber:
    """Return the record's number with its country; the places that give it must agree."""
    printed = pairs.one("A.2", "EudraCT Number")
    number = own_number(printed, "EudraCT", "A.2 EudraCT number" if pairs.all("A.2") else "EudraCT Number")
    said = pairs.one("EudraCT Number")
    if said is not None and own_number(said, "EudraCT", "EudraCT Number").normalised != number.normalised:
        raise RecordError(f"is {said}, and A.2 is {printed}; get the record again", field="EudraCT Number")
    country = (pairs.one("A.1", "National Competent Authority") or "").split(" - ")[0]
    suffix = COUNTRIES.get(country)
    if country and suffix is None:
        audit.tell(f"A.1={country}", number.normalised)
    link = _LINK.search(pairs.one("Link") or "")
    if link is not None:
        if own_number(link["number"], "EudraCT", "Link").normalised != number.normalised:
            raise RecordError(f"leads to {link['number']}, and the record is {printed}; get it again", field="Link")
        if suffix not in (None, link["suffix"]):
            raise RecordError(f"leads to {link['suffix']}, and the record is of {country}; get it again", field="Link")
        suffix = link["suffix"]
    return replace(number, suffix=suffix or number.suffix)


def _address(pairs: _Pairs) -> str | None:
    link = pairs.one("Link")
    return link if link and link.startswith(("https://", "http://")) and " " not in link else None


def _names(found: RegistryRecord, pairs: _Pairs) -> None:
    for kind, key in (("scientific", "A.3"), ("public", "A.3.1"), ("short", "A.3.2"), ("scientific", "Full Title")):
        for _, language, value in pairs.all(key):
            text = unmarked(value)
            if kind == "short" and is_acronym(text):
                if text not in found.acronyms:
                    found.acronyms.append(text)
            elif text:
                found.titles.append(Title(kind, text, language))


def _other_numbers(found: RegistryRecord, pairs: _Pairs) -> None:
    numbers: list[OtherNumber] = []
    for key in ("A.5.1", "A.5.2", "A.5.3"):
        for label, _, value in pairs.all(key):
            numbers += several_numbers(value, "secondary", label)
    for label, _, value in pairs.all("A.5.4"):
        for line in value.split("\n"):
            named = _IDENTIFIER.search(line)
            numbers += (
                several_numbers(named["number"], "secondary", named["name"] or label)
                if named
                else several_numbers(line, "secondary", label)
            )
    for key in ("A.4.1", "Sponsor's Protocol Code Number", "Sponsor Protocol Number"):
        if not any(n.role == "protocol-code" for n in numbers):
            numbers += [OtherNumber(plain(value), "protocol-code", label) for label, _, value in pairs.all(key)[:1]]
    for title in found.titles:
        numbers += numbers_in(title.text, "title", found.number.normalised)
    seen: dict[tuple[str, str], OtherNumber] = {}
    for n in numbers:
        if n.number is None or n.number.normalised != found.number.normalised:
            seen.setdefault((n.role, n.number.normalised if n.number else n.printed), n)
    found.other_numbers = list(seen.values())


def _states(found: RegistryRecord, pairs: _Pairs, audit: Audit) -> None:
    """Read status, dates and countries."""
    where = found.number.normalised
    status, head = pairs.one("P. End of Trial Status"), pairs.one("Trial Status")
    if status and head and status != head:
        audit.tell("Trial Status is not P. End of Trial Status", where)
    countries = [plain(v).split(" - ")[0] for _, _, v in pairs.all("A.1")]
    countries += [plain(line) for _, _, v in pairs.all("E.8.6.3") for line in v.split("\n") if has_value(line)]
    protocols = [m.groups() for m in _PROTOCOL.finditer(_balanced(pairs.one("Trial protocol") or ""))]
    countries += [c for c, _ in protocols]
    statuses = {s for _, s in protocols}
    found.status = _status(status or head or (statuses.pop() if len(statuses) == 1 else None), audit, where)
    found.countries = list(dict.fromkeys(c for c in countries if COUNTRIES.get(c, c) != "3rd"))
    for key, label in (
        ("registered", "Date on which this record was first entered in the EudraCT database"),
        ("authorised", "N. Date of Competent Authority Decision"),
        ("authorised", "Start Date"),
        ("completion", "P. Date of the global end of the trial"),
    ):
        printed = pairs.one(label)
        if printed is not None:
            found.dates[key] = read_date(printed, label)


def _balanced(text: str) -> str:
    """Return the list of protocols without brackets inside a status."""
    return re.sub(r"\(([^()]*)\(([^()]*)\)([^()]*)\)", r"(\1\2\3)", text)


def _status(printed: str | None, audit: Audit, where: str) -> Coded | None:
    if printed is None:
        return None
    concept = STATUS.get(printed.lower())
    if concept is None:
        audit.tell(f"status={printed}", where)
    return Coded(printed, concept)


def _enrolment(pairs: _Pairs) -> Counted | None:
    """Return how many participants are planned in the whole trial, where the record says so.

    The number of one member state is that only where no other takes part, that of the EEA where nobody else does.
    """
    planned = {k: counted(v, f"{k} {USED[k]}", "estimated") for k in PLANNED if (v := pairs.one(k)) is not None}
    if "F.4.2.2" in planned:
        return planned["F.4.2.2"]
    if "F.4.2.1" in planned and pairs.no("E.8.6.1", "E.8.6.2"):
        return planned["F.4.2.1"]
    return planned.get("F.4.1") if pairs.no("E.8.5") else None


FORMAT = Format(
    key="euctr-text",
    label="EU Clinical Trials Register, text download",
    origin="EU Clinical Trials Register",
    rights="No licence is recorded.",
    recognise=recognise,
    read=read,
    record=record,
)

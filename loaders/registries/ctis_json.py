"""EU Clinical Trials Information System (CTIS), JSON of its public API: records, and rows of a search.

Published by the European Medicines Agency at https://euclinicaltrials.eu/ctis-public-api (``retrieve/{number}`` and
``search``), without documentation of the fields. There are three layouts: a record since June 2024
(``authorizedApplication``), a record before (``authorizedPartI`` at the top), and a row of a search (``ctTitle``).

Traps: ``ctStatus`` is a code in a search, words of the trial in the older layout, and words of the *application* in the
newer one, so ``ctPublicStatusCode`` goes before it. ``shortTitle`` is labelled protocol code on the portal and holds
an acronym, a code or a title. Dates are ``31/12/2024`` or ISO. The planned number is the sum of the countries' numbers
(``recruitmentSubjectCount``) and that of the rest of the world (``rowSubjectCount``).
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.json_records import json_records
from msevidence.loaders.exports.records import (
    CitedPublication,
    Coded,
    Counted,
    Dated,
    OtherNumber,
    Raw,
    RegistryRecord,
    Title,
)
from msevidence.loaders.exports.values import counted, numbers_in, own_number, plain, unmarked
from msevidence.loaders.registries.ctis_fields import IGNORED, LANGUAGES, PHASE_OF_CODE, STATUS, STATUS_OF_CODE
from msevidence.loaders.registries.several_numbers import has_value, is_acronym, is_code, several_numbers

_KEYS = re.compile(rb'"(?:ctNumber|ctPublicStatusCode)"\s*:')
_PER_COUNTRY = re.compile(r"[A-Z]{2}:")


def recognise(head: bytes) -> bool:
    """Say whether a file is JSON of the public API."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start in (b"{", b"[") and bool(_KEYS.search(head))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield each trial: a single object, a list, one a line, or the rows of a search."""
    for item in json_records(stream, name, ["data", "elements"]):
        if isinstance(item, Raw) and isinstance(item.fields, dict):
            item = Raw(item.fields, item.line, str(item.fields.get("ctNumber") or "") or None)
        yield item


def record(fields: Any, audit: Audit) -> RegistryRecord:
    """Take one trial apart."""
    top = Fields(fields, audit)
    number = own_number(top.text("ctNumber"), "CTIS", "ctNumber")
    found = RegistryRecord(number, empty=top.empty)
    where = number.normalised
    found.status = _status(top, audit, where)
    application = _part(top, "authorizedApplication") if "authorizedApplication" in top.data else top
    part = _part(application, "authorizedPartI")
    details = _part(part, "trialDetails")
    information = _part(details, "trialInformation")
    _titles(found, top, _part(details, "clinicalTrialIdentifiers"), audit, where)
    _transition(found, application)
    for trial in _each(details, "associatedClinicalTrials"):
        if (text := trial.text("ctNumber")) is not None:
            found.other_numbers += several_numbers(text, "associated", "associatedClinicalTrials")
    found.publications = [CitedPublication(pmid=p) for p in details.texts("pubmedCode") if p.isascii() and p.isdigit()]
    _studied(found, top, part, information)
    _dates(found, top, application, information)
    _countries(found, top, application, part)
    _results(found, top)
    found.phase = _phase(top, information, audit, where)
    if application is not top:
        application.close(where)
    for each in (information, details, part, top):
        _close(each, where)
    titled = [n for t in found.titles for n in numbers_in(t.text, "title", where)]
    found.other_numbers = [n for n in found.other_numbers + titled if n.number is None or n.number.normalised != where]
    return found


def _part(parent: Fields, key: str) -> Fields:
    """Return a nested object by its own name, an empty one where it is absent."""
    value = parent.pop(key)
    return Fields({} if value is None else value, parent.audit, key, parent.empty)


def _each(parent: Fields, key: str) -> Iterator[Fields]:
    """Yield the objects of a list; one that stands without its list is a list of one."""
    value = parent.pop(key)
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        yield Fields(item, parent.audit, key, parent.empty)


def _close(part: Fields, where: str) -> None:
    part.ignore(*[k for k in part.data if (f"{part.path}.{k}" if part.path else k) in IGNORED])
    part.close(where)


def _status(top: Fields, audit: Audit, where: str) -> Coded | None:
    code, words = top.text("ctPublicStatusCode"), top.text("ctStatus")
    printed = code or words
    if printed is None:
        return None
    concept = STATUS_OF_CODE.get(printed) or STATUS.get(printed.lower())
    if concept is None:
        audit.tell(f"status={printed}", where)
    return Coded(printed, concept)


def _titles(found: RegistryRecord, top: Fields, identifiers: Fields, audit: Audit, where: str) -> None:
    """Read titles, the short one, and the numbers that stand with them."""
    full, other = identifiers.text("fullTitle"), [top.text("ctTitle"), top.text("title")]
    for kind, text, key in (
        ("scientific", full or next(filter(None, other), None), "fullTitleTranslations"),
        ("public", identifiers.text("publicTitle"), "publicTitleTranslations"),
    ):
        if text is not None:
            found.titles.append(Title(kind, unmarked(text), "en"))
        for translation in _each(identifiers, key):
            words, name = translation.text("attributeTranslation"), translation.text("languageDescription")
            language = LANGUAGES.get(name or "")
            if words is not None and language is None:
                audit.tell(f"languageDescription={name}", where)
            if words is not None:
                found.titles.append(Title(kind, unmarked(words), language or "und"))
    short, again = identifiers.text("shortTitle"), top.text("shortTitle")
    if (text := short or again) is not None and has_value(text):
        word = unmarked(text)
        if is_acronym(word):
            found.acronyms.append(word)
        elif is_code(word):
            found.other_numbers.append(OtherNumber(word, "protocol-code", "shortTitle"))
        else:
            found.titles.append(Title("short", word, "en"))
    numbers = _part(identifiers, "secondaryIdentifyingNumbers")
    for key in list(numbers.data):
        for item in _each(numbers, key):
            label = item.text("otherRegistryName") or key
            if (printed := item.text("number")) is not None:
                found.other_numbers += several_numbers(printed, "secondary", label)
    identifiers.close(where)


def _transition(found: RegistryRecord, application: Fields) -> None:
    """Read the EudraCT number under which a trial ran before it was moved."""
    for key in ("eudraCt", "eudraCtInfo"):
        before = _part(application, key)
        moved, code = before.text("isTransitioned"), before.text("eudraCtCode")
        before.ignore("id", "hasVhp", "vhpNumber")
        before.close(found.number.normalised)
        if code is not None:
            role = "secondary" if moved == "false" else "transition"
            found.other_numbers += several_numbers(code, role, f"{key}.eudraCtCode")


def _studied(found: RegistryRecord, top: Fields, part: Fields, information: Fields) -> None:
    """Read conditions, products, outcomes and sponsors."""
    where = found.number.normalised
    condition, points = _part(information, "medicalCondition"), _part(information, "endPoint")
    named = [c.text("medicalCondition") for c in _each(condition, "partIMedicalConditions")]
    again = [c.text("medicalCondition") for c in _each(part, "medicalConditions")]
    found.conditions = _unique(named) or _unique(again) or _unique([top.text("conditions")])
    found.outcomes = _unique([p.text("endPoint") for p in _each(points, "primaryEndPoints")])
    found.outcomes = found.outcomes or _unique([top.text("primaryEndPoint")])
    for each in (condition, points):
        _close(each, where)
    products = []
    for product in _each(part, "products"):
        known = _part(product, "productDictionaryInfo")
        names = [product.text("productName"), known.text("prodName"), product.text("jsonActiveSubstanceNames")]
        names += [known.text("activeSubstanceName"), known.text("sponsorProductCode")]
        products.append(next((n for n in names if n and has_value(n)), None))
    found.interventions = _unique(products) or _unique([top.text("product")])
    for key, parent in (("sponsors", part), ("primarySponsor", top), ("coSponsors", top)):
        for sponsor in _each(parent, key):
            leads, name = sponsor.text("primary"), _part(sponsor, "organisation").text("name")
            if name is not None:
                (found.collaborators if leads == "false" else found.sponsors).append(plain(name))
    printed = top.text("sponsor")
    found.sponsors = _unique(list(found.sponsors)) or _unique([printed])
    found.collaborators = [c for c in _unique(list(found.collaborators)) if c not in found.sponsors]


def _unique(texts: list[str | None]) -> list[str]:
    return list(dict.fromkeys(plain(t) for t in texts if t))


def _dates(found: RegistryRecord, top: Fields, application: Fields, information: Fields) -> None:
    """Read the dates: those that happened before those that are estimated."""
    duration, events = _part(information, "trialDuration"), _part(top, "events")
    ends = [g.text("globalEndDate") for g in _each(application, "trialGlobalEnd")] + [events.text("trialGlobalEndDate")]
    submitted = [
        a.text("submissionDate") for a in _each(application, "applicationInfo") if a.text("type") in (None, "INITIAL")
    ]
    decided = top.text("decisionDate")
    eea = top.text("endDateEU") or top.text("eeaEndDate")
    region, code = top.text("trialRegion"), top.text("trialRegionCode")
    if (code or region) not in ("1", "EEA"):  # elsewhere the trial may go on
        eea = None
    started = [top.text("startDateEU"), top.text("eeaStartDate"), top.text("trialStartDate")]
    ended = [top.text("endDate"), top.text("trialEndDate"), *ends, eea]
    planned_end = [duration.text("estimatedGlobalEndDate"), duration.text("estimatedEndDate")]
    posted = [top.text("lastUpdated"), top.text("lastPublicationUpdate"), top.text("publishDate")]
    said = [top.text("decisionDateOverall"), top.text("authorizationDate")]
    if decided is not None and not _PER_COUNTRY.match(decided):
        said.append(decided)
    for key, kind, texts in (
        ("start", "actual", started),
        ("start", "estimated", [duration.text("estimatedRecruitmentStartDate")]),
        ("completion", "actual", ended),
        ("completion", "estimated", planned_end),
        ("registered", None, [top.text("submissionDate"), *submitted]),
        ("authorised", None, said),
        ("updated", None, posted),
    ):
        dates = [read_date(text, key, kind=kind) for text in texts if text is not None]
        if dates:
            found.dates.setdefault(key, dates[0])
    duration.close(found.number.normalised)
    _close(events, found.number.normalised)


def _countries(found: RegistryRecord, top: Fields, application: Fields, part: Fields) -> None:
    """Read countries, and how many participants are planned in them together."""
    concerned = [c.text("mscName") or c.text("countryName") for c in _each(application, "memberStatesConcerned")]
    world = [c.text("name") for c in _each(part, "rowCountriesInfo")]
    listed = top.pop("trialCountries")
    texts = listed if isinstance(listed, list) else [listed] if isinstance(listed, str) else []
    sound = Fields({"trialCountries": [t for t in texts if isinstance(t, str)]}, top.audit, top.path)
    named: list[str | None] = [t.partition(":")[0] for t in sound.texts("trialCountries")]
    found.countries = _unique(concerned + world) or _unique(named)
    total, rest = top.text("totalNumberEnrolled"), part.text("rowSubjectCount")
    parts = [c.text("recruitmentSubjectCount") for c in _each(application, "authorizedPartsII")]
    counts = [counted(p, "recruitmentSubjectCount") for p in [*parts, rest] if p is not None]
    planned = None if total is None else counted(total, "totalNumberEnrolled", "estimated")
    if parts and rest is not None and None not in parts and all(c.value is not None for c in counts):
        printed = " + ".join(c.printed for c in counts)
        planned = Counted(printed, sum(c.value or 0 for c in counts), "estimated")
    found.enrolment = planned


def _results(found: RegistryRecord, top: Fields) -> None:
    received, results = top.text("resultsFirstReceived"), top.pop("results")
    if received is not None:
        found.has_results = {"yes": True, "no": False}.get(received.lower())
    if results is None:
        return
    held = Fields(results, top.audit, "results", top.empty)
    dates: list[Dated] = []
    for key in ("summaryResults", "laypersonResults"):
        for one in _each(held, key):
            found.has_results = True
            if (submitted := one.text("submissionDate")) is not None:
                dates.append(read_date(submitted, f"results.{key}.submissionDate"))
    if known := [d for d in dates if d.value is not None]:
        found.dates["results-posted"] = min(known, key=lambda d: d.value or "")
    _close(held, found.number.normalised)


def _phase(top: Fields, information: Fields, audit: Audit, where: str) -> str | None:
    words, category = top.text("trialPhase"), _part(information, "trialCategory")
    code = category.text("trialPhase")
    if words is not None:
        return plain(words)
    if code is not None and code not in PHASE_OF_CODE:
        audit.tell(f"trialPhase={code}", where)
    return PHASE_OF_CODE.get(code or "", code)


FORMAT = Format(
    key="ctis-json",
    label="EU Clinical Trials Information System (CTIS), JSON of its public API",
    origin="EU Clinical Trials Information System",
    rights="No licence is recorded.",
    recognise=recognise,
    read=read,
    record=record,
)

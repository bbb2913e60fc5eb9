"""Crossref works in JSON: one work (``/works/{doi}``), a list (``/works?query=…``), bare works, and one in each line.

Published by Crossref; fields: https://api.crossref.org/swagger-ui/index.html, as in the REST API's format of works.
The CSL JSON that doi.org makes from them is read, too: a title there is a text and not a list.

Traps: a date is a list of lists whose innermost may hold ``null``; ``issued`` is the earlier of print and online, but
documents cite the print's year; titles hold JATS and HTML tags; numbers of trials are in small letters; ``indexed``
changes whenever anybody cites the work, ``deposited`` only when the publisher changes the record.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from msevidence.loaders.bibliographic.authors import author
from msevidence.loaders.bibliographic.languages import language_tag
from msevidence.loaders.bibliographic.publication import (
    accessions,
    counted_references,
    finished,
    parted_date,
    take_abstract,
    take_doi,
    take_numbers,
    take_pmid,
    title_text,
)
from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.json_records import json_records
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord, Raw
from msevidence.loaders.exports.values import unmarked

_NO_KIND = """book book-chapter book-part book-section book-series book-set book-track chapter component database
dataset dissertation edited-book grant journal journal-issue journal-volume monograph other paper-conference peer-review
posted-content proceedings proceedings-article proceedings-series reference-book reference-entry report
report-component report-series standard"""
KINDS: Mapping[str, str | None] = {
    "journal-article": "journal-article",
    "article-journal": "journal-article",
    **dict.fromkeys(_NO_KIND.split()),
}
"""Types of https://api.crossref.org/types; ``None`` where the scheme has no such kind."""
IGNORED: Mapping[str, str] = {
    **dict.fromkeys(
        ("relation", "update-to", "updated-by", "review"),
        "relations to other works (preprints, corrections, retractions) are not modelled",
    ),
    **dict.fromkeys(("reference", "is-referenced-by-count"), "only how many references the work has is kept"),
    **dict.fromkeys(
        (
            "publisher",
            "publisher-location",
            "prefix",
            "member",
            "source",
            "score",
            "archive",
            "content-domain",
            "aliases",
        ),
        "the publisher and Crossref's handling",
    ),
    **dict.fromkeys(("update-policy", "alternative-id", "content-created", "content-updated"), "Crossref's handling"),
    **dict.fromkeys(("link", "resource", "free-to-read"), "places of the full text; the DOI leads there"),
    **dict.fromkeys(("funder", "award", "project", "award-start"), "funding is not modelled"),
    **dict.fromkeys(("editor", "translator", "chair", "investigator", "contributor"), "persons who are not authors"),
    **dict.fromkeys(
        ("subject", "categories", "degree", "institution", "event", "standards-body", "special-numbering", "edition"),
        "not modelled",
    ),
    **dict.fromkeys(("short-title", "original-title", "group-title", "ISBN", "isbn-type", "subtype"), "not compared"),
    **dict.fromkeys(
        ("created", "accepted", "approved", "posted", "published-other", "content-domain", "assertion"),
        "steps of publishing other than the date that is cited",
    ),
    "issn-type": "the same ISSNs again",
    "journal-issue": "number and date of the issue again",
    **dict.fromkeys(("part-number", "proceedings-subject", "component-number"), "not modelled"),
    "reference-count": "the same as references-count",
}
_LISTS = ("message.items", "items")
_ENVELOPE = re.compile(rb'"message-type"\s*:\s*"work(?:-list)?"')
_DATES = re.compile(rb'"date-parts"\s*:\s*\[\s*\[')
_CROSSREF = re.compile(
    rb'"(?:reference-count|references-count|is-referenced-by-count|content-domain|update-policy)"\s*:'
)
_OPENS = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
_VERSIONS = ("vor", "unspecified", "am", "tdm")


def recognise(head: bytes) -> bool:
    """Say whether a JSON file holds what only works of Crossref have."""
    if not _OPENS.match(head):
        return False
    return bool(_ENVELOPE.search(head) or (_DATES.search(head) and _CROSSREF.search(head)))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the works of a file, without the envelopes that the service puts round them."""
    for raw in json_records(stream, name, _LISTS):
        if isinstance(raw, RecordError):
            yield raw
            continue
        for work in _works(raw.fields):
            doi = work.get("DOI") if isinstance(work, dict) else None
            yield Raw(work, raw.line, doi if isinstance(doi, str) else None)


def _works(value: Any) -> list[Any]:
    message = value.get("message") if isinstance(value, dict) and "DOI" not in value else None
    if isinstance(message, dict):
        items = message.get("items")
        return items if isinstance(items, list) else [message]
    return [value]


def record(fields: Any, audit: Audit) -> PublicationRecord:
    """Return the publication that a work describes.

    Raises RecordError where it has no DOI, or a part of it cannot be read.
    """
    found = PublicationRecord(None)
    work = Fields(fields, audit, empty=found.empty)
    printed = work.text("DOI")
    take_doi(found, printed, audit, printed or "")
    if found.doi is None:
        raise RecordError(f"{printed!r} is no DOI; get the record again", field="DOI")
    where = f"DOI {found.doi}"
    language = work.text("language")
    found.language = language_tag(language, audit, where) if language else None
    _titles(found, work)
    _authors(found, work, where)
    _imprint(found, work)
    kind = work.text("type")
    if kind is not None:
        found.kind = Coded(kind, KINDS.get(kind))
        if kind not in KINDS:
            audit.tell(f"type={kind}", where)
    for trial in work.each("clinical-trial-number"):
        number, registry = trial.text("clinical-trial-number"), trial.text("registry")
        label = ", ".join(t for t in (registry, trial.text("type")) if t)
        found.registry_numbers.extend(accessions(number or "", label or "clinical-trial-number"))
        trial.close(where)
    take_abstract(found, work.text("abstract"))
    counts = [counted_references(work.text(n), n) for n in ("references-count", "reference-count")]
    found.references = next((c for c in counts if c is not None), None)
    found.licence = _licence(work, where)
    found.updated = _moment(work.fields("deposited"), "deposited") or _moment(work.fields("indexed"), "indexed")
    found.address = work.text("URL")
    take_pmid(found, work.text("PMID"), audit, where)
    work.ignore(*IGNORED, "deposited", "indexed")
    work.close(where)
    return finished(found, where)


def _titles(found: PublicationRecord, work: Fields) -> None:
    """Take the title with its subtitle; further titles are translations of it."""
    titles, subtitles = work.texts("title"), work.texts("subtitle")
    if titles:
        title = title_text(titles[0])
        subtitle = title_text(subtitles[0]) if subtitles else ""
        found.title = title if subtitle.casefold() in title.casefold() else f"{title.rstrip(':')}: {subtitle}"
    for text in (*titles, *subtitles):
        take_numbers(found, unmarked(text), "title")


def _authors(found: PublicationRecord, work: Fields, where: str) -> None:
    for person in work.each("author"):
        family, given, name = person.text("family"), person.text("given"), person.text("name")
        suffix = person.text("suffix")
        if family or given:
            found.authors.append(author(family or given or "", given if family else None, suffix))
        elif name or (name := person.text("literal")):
            found.group_authors.append(unmarked(name))
        person.ignore("sequence", "affiliation", "ORCID", "authenticated-orcid", "prefix", "role", "id", "literal")
        person.close(where)


def _imprint(found: PublicationRecord, work: Fields) -> None:
    containers = work.texts("container-title")
    short = work.texts("short-container-title") or work.texts("container-title-short")
    found.container = title_text(containers[0]) if containers else None
    found.container_short = unmarked(short[0]) if short else None
    found.volume, found.issue = work.text("volume"), work.text("issue")
    page, number = work.text("page"), work.text("article-number")
    found.pages = page or number
    found.issns = list(dict.fromkeys(work.texts("ISSN")))
    dates = [_date(work.fields(n), n) for n in ("published-print", "issued", "published", "published-online")]
    found.published = next((d for d in dates if d), None)
    found.year = found.published.value[:4] if found.published and found.published.value else None


def _date(fields: Fields, name: str) -> Dated | None:
    """Return the date that lists of year, month and day give; ``[[null]]`` is none.

    Raises RecordError for a date that does not exist, or is no such list.
    """
    parts = fields.pop("date-parts")
    if parts is None:
        return None
    first = parts[0] if isinstance(parts, list) and parts else []
    if not isinstance(parts, list) or not isinstance(first, list):
        raise RecordError("should be a list of lists of numbers; get the record again", field=f"{name}.date-parts")
    numbers = [str(n) for n in first if n is not None]
    if len(numbers) > 3 or not all(n.isascii() and n.isdecimal() and len(n) < 5 for n in numbers):
        raise RecordError(f"{first!r:.80} is no date; correct it in the source", field=f"{name}.date-parts")
    if not numbers:
        return None
    return Dated("-".join(numbers), parted_date(numbers, name).value)


def _moment(fields: Fields, name: str) -> Dated | None:
    moment = fields.text("date-time")
    return read_date(moment, name) if moment else _date(fields, name)


def _licence(work: Fields, where: str) -> str | None:
    """Return the address of the licence of the version of record, or of the next best version."""
    licences: dict[str, str] = {}
    for each in work.each("license"):
        address, version = each.text("URL"), each.text("content-version") or "unspecified"
        if address:
            licences.setdefault(version, address)
        each.ignore("start", "delay-in-days")
        each.close(where)
    ranked = sorted(licences, key=lambda v: _VERSIONS.index(v) if v in _VERSIONS else len(_VERSIONS))
    return licences[ranked[0]] if ranked else None


FORMAT = Format(
    key="crossref-json",
    label="Crossref works, JSON",
    origin="Crossref",
    rights="Crossref holds that its metadata are facts free to use; abstracts may be protected.",
    recognise=recognise,
    read=read,
    record=record,
)

"""RIS, as EndNote, Embase, Scopus, Cochrane CENTRAL, Ovid, Zotero and Mendeley write it: one publication a record.

Published by Research Information Systems (now EndNote), no longer on its own site; tags and types by name are rispy's
(https://github.com/MrTango/rispy). What a tag holds differs between services, so values are judged, too.

Traps: the journal is in ``JF``, ``T2`` or ``JO``, and ``JO`` may be its abbreviation; ``M3`` may hold a type of work or
a DOI; ``AN`` holds the number that the database gives, which is PubMed's where the database is PubMed; Embase has its
own number in ``U2`` and PubMed's in ``C5``, EndNote has PubMed Central's in ``C2``. CENTRAL holds entries of registries
as if they were articles: they are publications (of a registry), and the number is one they name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from rispy.config import TYPE_OF_REFERENCE_MAPPING

from msevidence.loaders.bibliographic.authors import read_author
from msevidence.loaders.bibliographic.languages import language_tag
from msevidence.loaders.bibliographic.publication import (
    PMID,
    YEAR,
    finished,
    page_range,
    take_abstract,
    take_doi,
    take_numbers,
    take_pmcid,
    take_pmid,
    take_title,
    title_text,
)
from msevidence.loaders.bibliographic.publication_types import kind_of
from msevidence.loaders.bibliographic.ris_lines import ris_records
from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord, Raw
from msevidence.ontology.identifiers import SCHEMES, normalise_doi, number_in_url

TYPES: Mapping[str, str] = {
    "JOUR": "journal-article",
    "EJOUR": "journal-article",
    "NEWS": "newspaper-article",
    "ELEC": "web-page",
    "BLOG": "web-page",
    "COMP": "software",
}
"""Types of reference that are a kind of ours; the others of rispy are known, and none."""
IGNORED: Mapping[str, str] = {
    **dict.fromkeys(("AD", "A2", "A3", "A4", "ED", "TA"), "addresses of persons; persons who are not authors"),
    **dict.fromkeys(("KW", "C1", "C3", "C4", "C6", "C8", "U1", "U5"), "subject headings and fields of one's own"),
    **dict.fromkeys(("L1", "L2", "L3", "L4", "LK"), "addresses of full texts and of link servers"),
    **dict.fromkeys(
        ("PB", "CY", "ET", "NV", "SE", "OP", "RP", "RI", "CA", "CN"), "what a library needs to find a work"
    ),
    **dict.fromkeys(
        ("ST", "TT", "T3", "LB", "RN", "Y2", "M2", "VO", "CP", "J1", "PP"), "short or translated titles, notes"
    ),
    "U3": "date on which Embase first entered the record; U4, that of the whole record, is taken",
    "DP": "name of the database's host; it is read only to tell whose number AN is",
}
"""Of these, registry numbers are taken all the same where they stand in notes and fields of one's own."""
_TAGS = (
    """TY TI T1 CT BT AU A1 AB N2 AN ID DO UR M1 M3 N1 C2 C5 C7 U2 U4 JF T2 JO JA J2 VL IS SP EP PY Y1 DA SN LA DB"""
)
TAKEN = frozenset(_TAGS.split())
_BEGINS = re.compile(rb"(?:^|\n)(?:\xef\xbb\xbf)?TY[ ]{1,2}- ?[A-Z]{2,7}\s*\r?\n", re.ASCII)
_NOTES = ("N1", "M1", "M2", "M3", "C7", "C1", "C2", "C3", "C4", "CN", "RN", "ID", "U1", "KW")
_REGISTRY_NAMES = frozenset(name.lower() for name in SCHEMES) | {"euctr", "jprn"}
"""CENTRAL writes the letters of a number as its author (``Nct,``), where it holds an entry of a registry."""
_MEDLINE = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_CENTRAL = re.compile(r"CN-\d{8}", re.ASCII)
_NOTED_PMID = re.compile(r"\b(?:PMID|PUBMED)[:\s]+([1-9]\d{0,8})\b", re.IGNORECASE | re.ASCII)
_NOTED_PMCID = re.compile(r"\bPMC\d{4,9}\b", re.ASCII)
_EMPTY_PARTS = re.compile(r"/+$")


def recognise(head: bytes) -> bool:
    """Say whether a line of a file's beginning is a type of reference, and the file no web page or XML."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start not in (b"<", b"{", b"[") and bool(_BEGINS.search(head))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the records of a file as a mapping from tag to its values, in order."""
    return ris_records(stream, name)


def record(fields: Mapping[str, list[str]], audit: Audit) -> PublicationRecord:
    """Return the publication that a record describes.

    Raises RecordError where nothing in it tells which work it is, or a part of it cannot be read.
    """
    found = PublicationRecord(None)
    tags = Fields(fields, audit, empty=found.empty)
    known = {tag: tags.texts(tag) for tag in list(tags.data)}
    found.empty += [tag for tag, values in known.items() if not values]
    first = next((v for tag in ("TI", "T1", "AN", "DO") for v in known.get(tag, ())), "record without a title")
    where = title_text(first)[:120]
    _titles(found, known, audit, where)
    for tag in ("AU", "A1"):
        for printed in known.get(tag, ()):
            name, group = read_author(printed)
            if name.lower() not in _REGISTRY_NAMES:
                (found.group_authors if group else found.authors).append(name)
    _imprint(found, known)
    _dates(found, known)
    _kind(found, known, audit, where)
    _identifiers(found, known, audit, where)
    _registry_numbers(found, known)
    found.issns = list(dict.fromkeys(known.get("SN", ())))
    for tag in known:
        if tag not in TAKEN and tag not in IGNORED:
            audit.tell(tag, where)
    return finished(found, where)


def _first(known: Mapping[str, list[str]], *tags: str) -> str | None:
    return next((known[tag][0] for tag in tags if known.get(tag)), None)


def _titles(found: PublicationRecord, known: Mapping[str, list[str]], audit: Audit, where: str) -> None:
    languages = known.get("LA", [])
    language = language_tag(languages[0], audit, where) if len(languages) == 1 else None
    take_title(found, _first(known, "TI", "T1", "CT", "BT"), None, language)
    for tag in ("TI", "T1", "TT"):
        for text in known.get(tag, ()):
            take_numbers(found, text, "title")
    for tag in ("AB", "N2"):
        for text in known.get(tag, ()):
            take_abstract(found, text)


def _imprint(found: PublicationRecord, known: Mapping[str, list[str]]) -> None:
    container = _first(known, "JF", "T2", "JO", "BT", "JA", "J2")
    short = _first(known, "JA", "J2", "JO")
    found.container = title_text(container) if container else None
    found.container_short = short if short and short != container else None
    found.volume, found.issue = _first(known, "VL"), _first(known, "IS")
    found.pages = page_range(_first(known, "SP"), _first(known, "EP"))


def _dates(found: PublicationRecord, known: Mapping[str, list[str]]) -> None:
    """Take the date of publication: the fullest of those that give the same year as ``PY`` does."""
    years = [y.group() for tag in ("PY", "Y1", "DA") for v in known.get(tag, ()) if (y := YEAR.search(v))]
    found.year = years[0] if years else None
    dates = [_date(v, tag) for tag in ("PY", "Y1", "DA") for v in known.get(tag, ())]
    fitting = [d for d in dates if d.value and d.value.startswith(found.year or " ")]
    found.published = max(fitting, key=lambda d: len(d.value or ""), default=dates[0] if dates else None)
    if entered := _first(known, "U4"):
        found.updated = read_date(entered, "U4")


def _date(printed: str, tag: str) -> Dated:
    """Read ``2012///``, ``2019/05/31/``, ``2019/05/31/Spring``, ``2019`` or a date in words."""
    parts = [p.strip() for p in printed.split("/")]
    if len(parts) > 1 and YEAR.fullmatch(parts[0]):
        numbers = [p for p in parts[1:3] if p.isascii() and p.isdecimal()]
        return Dated(printed, read_date("/".join([parts[0], *numbers]) if numbers else parts[0], tag).value)
    return Dated(printed, read_date(_EMPTY_PARTS.sub("", printed), tag).value)


def _kind(found: PublicationRecord, known: Mapping[str, list[str]], audit: Audit, where: str) -> None:
    """Take the kind: ``M3`` tells more than ``TY`` does."""
    kind = _first(known, "TY")
    printed = [w for v in known.get("M3", ()) if normalise_doi(v) is None for w in v.split(";")]
    told = kind_of(printed, audit, where)
    if kind is not None and kind not in TYPE_OF_REFERENCE_MAPPING:
        audit.tell(f"TY={kind}", where)
    texts = [t for t in (kind, told.printed if told else None) if t]
    concept = (told.concept if told else None) or (TYPES.get(kind or "") if told is None else None)
    found.kind = Coded("; ".join(texts), concept) if texts else None


def _identifiers(found: PublicationRecord, known: Mapping[str, list[str]], audit: Audit, where: str) -> None:
    for printed in known.get("DO", ()):
        take_doi(found, printed, audit, where)
    for tag in ("M3", "UR", "L3"):
        for printed in known.get(tag, ()):
            if found.doi is None and normalise_doi(printed):
                take_doi(found, printed, audit, where)
    bases = " ".join([*known.get("DB", ()), *known.get("DP", ())])
    for tag in ("AN", "ID"):
        for printed in known.get(tag, ()):
            labelled = PMID.fullmatch(printed) and not printed.isdecimal()
            if labelled or (PMID.fullmatch(printed) and _MEDLINE.search(bases) and "embase" not in bases.lower()):
                take_pmid(found, printed, audit, where)
            elif tag == "AN" and found.accession is None:
                found.accession = printed
    found.accession = found.accession or _first(known, "U2")
    for printed in known.get("C5", ()):
        if PMID.fullmatch(printed) and "embase" in bases.lower():
            take_pmid(found, printed, audit, where)
    for tag in ("C2", "N1", "C5", "C7"):
        for printed in known.get(tag, ()):
            if found.pmid is None and (noted := _NOTED_PMID.search(printed)):
                take_pmid(found, noted[1], audit, where)
            if found.pmcid is None and (in_central := _NOTED_PMCID.search(printed)):
                take_pmcid(found, in_central.group(), audit, where)
    if found.accession is None and (number := _CENTRAL.search(" ".join(known.get("UR", ())))):
        found.accession = number.group()
    found.address = next((u for u in known.get("UR", ()) if u.startswith(("http://", "https://"))), None)


def _registry_numbers(found: PublicationRecord, known: Mapping[str, list[str]]) -> None:
    """Take the registry numbers of notes and addresses; an address leads to the record of its number."""
    for printed in known.get("UR", ()):
        for address in printed.split(";"):
            if number := number_in_url(address):
                take_numbers(found, number.printed, "secondary", "UR", address.strip())
    for tag in (*_NOTES, "AN", "C5"):
        for printed in known.get(tag, ()):
            take_numbers(found, printed, "secondary", tag)


FORMAT = Format(
    key="ris",
    label="RIS",
    origin="RIS export",
    rights="No licence is recorded.",
    recognise=recognise,
    read=read,
    record=record,
)

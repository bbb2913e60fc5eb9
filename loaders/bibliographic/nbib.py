"""PubMed's text format (``.nbib``, MEDLINE): tag, ``- ``, value; a record after another.

Published by the U.S. National Library of Medicine; tags: https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format.

Traps: values go on in the next line after six spaces; ``AID`` and ``LID`` hold DOIs and publishers' numbers, told by
the word in brackets; ``AB`` of one record may hold what looks like a tag; nothing ends a record but an empty line, so
one that a download cut off is known by its missing ``SO``, which PubMed writes last.
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from msevidence.loaders.bibliographic.authors import read_author
from msevidence.loaders.bibliographic.data_banks import take_accession
from msevidence.loaders.bibliographic.languages import language_tag
from msevidence.loaders.bibliographic.publication import (
    PMID,
    YEAR,
    counted_references,
    finished,
    parted_date,
    take_abstract,
    take_doi,
    take_numbers,
    take_pmcid,
    take_pmid,
    take_title,
    title_text,
)
from msevidence.loaders.bibliographic.publication_types import kind_of
from msevidence.loaders.bibliographic.tagged import TaggedRecord
from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.lines import Lines
from msevidence.loaders.exports.records import Dated, PublicationRecord, Raw
from msevidence.loaders.exports.values import plain

_WORDS: Mapping[str, str] = {
    "MH SH OT OTO RN NM KW GS CTI": "subject headings and collections",
    "OWN STAT DA DCOM DRDT MHDA EDAT CRDT PHST PST PUBM SB": "NLM's own handling of the record",
    "AD IRAD AUID IR FIR PS FPS IO ED FED EN": "addresses and numbers of persons; persons who are not authors",
    "GR COIS": "funding and interests are not modelled",
    "JID PL PB ISBN OID OCI GN SFM CP VTI MID OABL": "what a library needs to find a work, and notes on the record",
    "CIN CON CRI CRF DDIN DRIN EIN EFR ECI ECF PRIN PROF RPI RPF RIN ROF RRI RRF SPIN UIN UOF ORI": "links to other "
    "publications (comments, corrections) are not modelled; that a work was retracted is among its publication types",
    "DEP": "the date of the electronic version; the date of the issue, which is cited, is taken",
    "SO": "the fields of the citation again, in one text",
}
IGNORED: Mapping[str, str] = {tag: reason for tags, reason in _WORDS.items() for tag in tags.split()}
_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3})\s*- ?(.*)")
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*PMID ?- ?\d", re.ASCII)
_PRINTED_BY_NLM = re.compile(rb"^(?:OWN|STAT|DP|TI|TA|JT|DCOM|SO|FAU|AU|LR|BTI|IS|PT) {0,2}- ?", re.MULTILINE)
_SERVICE = re.compile(r"(.*?)\s*\[([\w ]+)\]")


def recognise(head: bytes) -> bool:
    """Say whether a file begins with a PubMed number and goes on with other tags of MEDLINE."""
    return bool(_BEGINS.match(head) and _PRINTED_BY_NLM.search(head))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the records of a file as a mapping from tag to its values, in order."""
    lines = Lines(stream, name)
    record: TaggedRecord | None = None
    for line in lines:
        text = line if isinstance(line, str) else ""
        blank = isinstance(line, str) and not text.strip("\ufeff \t")
        tagged = None if text.startswith(" ") else _TAG.match(text)
        if record is not None and (blank or (tagged and tagged[1] == "PMID")):
            yield record.closed("PMID")
            record = None
        if blank:
            continue
        record = record or TaggedRecord(lines.number)
        if isinstance(line, RecordError):
            record.fail(line)
        elif tagged:
            record.add(tagged[1], tagged[2])
        elif not text.startswith(" ") or not record.go_on(text):
            record.fail(RecordError("is no line of a PubMed record; get the file again", lines.number))
    if record is not None:
        if record.fault is None and not any(record.values().get("SO", ())):
            record.fail(
                RecordError("the file breaks off in this record (PubMed ends each with SO); get it again", record.line)
            )
        yield record.closed("PMID")


def record(fields: Mapping[str, list[str]], audit: Audit) -> PublicationRecord:
    """Return the publication that a record describes.

    Raises RecordError where it has no PubMed number, or a part of it cannot be read.
    """
    found = PublicationRecord(None)
    tags = Fields(fields, audit, empty=found.empty)
    numbers = tags.texts("PMID")
    if len(numbers) != 1 or not PMID.fullmatch(numbers[0]):
        raise RecordError(f"{', '.join(numbers)!r} is no PubMed number; get the record again", field="PMID")
    where = f"PMID {numbers[0]}"
    found.empty += [
        tag for tag, values in fields.items() if isinstance(values, list) and tag not in IGNORED and not any(values)
    ]
    take_pmid(found, numbers[0], audit, where)
    _titles(found, tags, audit, where)
    _imprint(found, tags)
    full, short = tags.texts("FAU"), tags.texts("AU")
    if len(short) >= len(full):  # AU has the initials and the suffix as NLM writes them
        found.authors = [plain(name) for name in short]
    else:
        found.authors = [read_author(name)[0] for name in full]
    found.group_authors = [plain(name) for name in tags.texts("CN")]
    found.kind = kind_of(tags.texts("PT"), audit, where)
    for tag in ("LID", "AID"):
        for printed in tags.texts(tag):
            _location(found, tag, printed, audit, where)
    for printed in tags.texts("PMC"):
        take_pmcid(found, printed, audit, where)
    for abstract in tags.texts("AB"):
        take_abstract(found, abstract)
    for other in tags.texts("OAB"):  # in another language, or for other readers
        take_numbers(found, other, "abstract")
    for printed in tags.texts("SI"):
        _bank(found, printed, audit, where)
    rights = tags.texts("CI")
    found.rights = plain(rights[0]) if rights else None
    found.references = counted_references(next(iter(tags.texts("RF")), None), "RF")
    revised = tags.texts("LR")
    found.updated = read_date(revised[0], "LR") if revised else None
    tags.ignore(*IGNORED)
    tags.close(where)
    return finished(found, where)


def _titles(found: PublicationRecord, tags: Fields, audit: Audit, where: str) -> None:
    languages = tags.texts("LA")
    tag = language_tag(languages[0], audit, where) if len(languages) == 1 else None
    own, vernacular = next(iter(tags.texts("TI")), None), next(iter(tags.texts("TT")), None)
    book = next(iter(tags.texts("BTI")), None)
    take_title(found, own or book, vernacular, tag)
    if own and book:
        found.container = title_text(book)


def _imprint(found: PublicationRecord, tags: Fields) -> None:
    """Take journal, date and pages."""
    full, short, dates = tags.texts("JT"), tags.texts("TA"), tags.texts("DP")
    found.container = title_text(full[0]) if full else found.container
    found.container_short = short[0] if short else None
    found.volume, found.issue, found.pages = (next(iter(tags.texts(t)), None) for t in ("VI", "IP", "PG"))
    found.issns = list(dict.fromkeys(issn.partition(" ")[0] for issn in tags.texts("IS")))
    if dates:
        found.published = _published(dates[0])
        found.year = found.published.value[:4] if found.published.value else None


def _published(printed: str) -> Dated:
    """Return the date of ``2018 May 17``, ``2013 Spring`` or ``1998 Dec-1999 Jan``; of the last the year is sure."""
    parts = printed.split()
    if any("-" in p or "/" in p for p in parts):
        year = YEAR.search(printed)
        return Dated(printed, year.group() if year else None)
    return Dated(printed, parted_date(parts, "DP").value)


def _location(found: PublicationRecord, tag: str, printed: str, audit: Audit, where: str) -> None:
    match = _SERVICE.fullmatch(printed)
    value, kind = (match[1], match[2]) if match else (printed, "")
    if kind == "doi":
        take_doi(found, value, audit, where)
    elif kind == "bookaccession":
        found.accession = value
    elif kind == "pii":
        if tag == "LID" and not found.pages and re.fullmatch(r"[A-Za-z]?\d{1,7}", value, re.ASCII):
            found.pages = value
    else:
        audit.tell(f"{tag} [{kind}]", where)


def _bank(found: PublicationRecord, printed: str, audit: Audit, where: str) -> None:
    """Take ``ClinicalTrials.gov/NCT01234567``; some registries' own numbers hold slashes, too."""
    bank, _, number = printed.partition("/")
    take_accession(found, bank.strip(), number.strip(), audit, where)


FORMAT = Format(
    key="nbib",
    label="PubMed text (.nbib, MEDLINE)",
    origin="PubMed",
    rights="Terms and conditions of the U.S. National Library of Medicine; abstracts may be protected.",
    recognise=recognise,
    read=read,
    record=record,
)

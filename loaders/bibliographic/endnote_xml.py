"""EndNote XML, as EndNote, Zotero and others write it: ``xml/records/record``, each text inside ``style`` elements.

Published by Clarivate (EndNote's ``RSXML.dtd``, in its program's folder; not on the web).

Traps: a text may be cut into several ``style`` elements (italics in a title); ``&#xD;`` parts several values in one
text; the type of reference has a number and a name, and people rename types, so the number decides; ``accession-num``
is PubMed's number only where the database is PubMed or MEDLINE; the DOI field may hold an address.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from msevidence.loaders.bibliographic.authors import read_author
from msevidence.loaders.bibliographic.languages import language_tag
from msevidence.loaders.bibliographic.publication import (
    PMID,
    YEAR,
    finished,
    take_abstract,
    take_doi,
    take_numbers,
    take_pmcid,
    take_pmid,
    take_title,
    title_text,
)
from msevidence.loaders.bibliographic.publication_types import kind_of
from msevidence.loaders.bibliographic.xml_fields import Elements, root_name
from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord, Raw
from msevidence.loaders.exports.xml_records import all_text, entity_inside, local, xml_records
from msevidence.ontology.identifiers import normalise_doi, number_in_url

if TYPE_CHECKING:
    from lxml.etree import _Element

TYPES: Mapping[str, tuple[str, str | None]] = {
    "17": ("journal article", "journal-article"),
    "43": ("electronic article", "journal-article"),
    "23": ("newspaper article", "newspaper-article"),
    "12": ("web page", "web-page"),
    "56": ("blog", "web-page"),
    "9": ("computer program", "software"),
    "55": ("aggregated database", None),
    "51": ("ancient text", None),
    "2": ("artwork", None),
    "3": ("audiovisual material", None),
    "4": ("bill", None),
    "6": ("book", None),
    "5": ("book section", None),
    "7": ("case", None),
    "8": ("catalog", None),
    "38": ("chart or table", None),
    "49": ("classical work", None),
    "47": ("conference paper", None),
    "10": ("conference proceedings", None),
    "59": ("dataset", None),
    "52": ("dictionary", None),
    "28": ("edited book", None),
    "44": ("electronic book", None),
    "60": ("electronic book section", None),
    "53": ("encyclopedia", None),
    "39": ("equation", None),
    "37": ("figure", None),
    "21": ("film or broadcast", None),
    "13": ("generic", None),
    "46": ("government document", None),
    "54": ("grant", None),
    "14": ("hearing", None),
    "50": ("legal rule or regulation", None),
    "19": ("magazine article", None),
    "36": ("manuscript", None),
    "20": ("map", None),
    "61": ("music", None),
    "45": ("online database", None),
    "48": ("online multimedia", None),
    "24": ("pamphlet", None),
    "25": ("patent", None),
    "26": ("personal communication", None),
    "27": ("report", None),
    "57": ("serial", None),
    "58": ("standard", None),
    "31": ("statute", None),
    "32": ("thesis", None),
    "34": ("unpublished work", None),
    "63": ("press release", None),
}
"""EndNote's number of a type, its name, and the kind of ours that it is."""
_LIBRARY = """pub-location publisher orig-pub edition section num-vols reprint-edition reprint-status call-num report-id
coden reviewed-item availability remote-source meeting-place work-extent pack-method size repro-ratio secondary-volume
secondary-issue access-date"""
IGNORED: Mapping[str, str] = {
    **dict.fromkeys(
        ("database", "source-app", "rec-number", "foreign-keys", "query-id", "rating", "label"), "the library"
    ),
    **dict.fromkeys(
        ("auth-address", "auth-affiliaton", "auth-affiliation", "custom3", "caption", "image"), "not modelled"
    ),
    **dict.fromkeys(
        ("custom1", "custom4", "custom5", "custom6", "misc1", "misc2", "misc3"), "fields of the user's own"
    ),
    **dict.fromkeys(("keywords", "research-notes", "alt-periodical", "work-location"), "subject headings and notes"),
    **dict.fromkeys(_LIBRARY.split(), "what a library needs to find a work"),
}
_PEOPLE = ("secondary-authors", "tertiary-authors", "subsidiary-authors", "translated-authors")
_BEGINS = re.compile(rb"<xml[^>]*>\s*<records\b")
_MEDLINE = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_NOTED_PMCID = re.compile(r"PMC\d{4,9}", re.ASCII)


def recognise(head: bytes) -> bool:
    """Say whether the root is ``xml`` with ``records`` in it."""
    return root_name(head) == "xml" and bool(_BEGINS.search(head))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the records of a file."""
    for raw in xml_records(stream, ("record",)):
        if isinstance(raw, RecordError):
            yield raw
        else:
            title = all_text(raw.fields.find("{*}titles/{*}title"))
            yield Raw(raw.fields, raw.line, title[:120] if title else None)


def record(fields: "_Element", audit: Audit) -> PublicationRecord:
    """Return the publication that a record describes.

    Raises RecordError where nothing in it tells which work it is, or a part of it cannot be read.
    """
    if entity_inside(fields):
        raise RecordError("holds an entity, which is not resolved; get the file again", field="record")
    found = PublicationRecord(None)
    top = Elements(fields, audit, local(fields), found.empty)
    titles = top.inside("titles")
    title = titles.text("title")
    where = title_text(title)[:120] if title else f"record {top.text('rec-number') or 'without a title'}"
    languages = _values(top.text("language"))
    language = language_tag(languages[0], audit, where) if len(languages) == 1 else None
    take_title(found, title, None, language)
    take_numbers(found, titles.text("translated-title"), "title")
    _containers(found, titles, top, where)
    _authors(found, top.inside("contributors"), where)
    found.pages, found.volume = top.text("pages"), top.text("volume")
    found.issue = top.text("number") or top.text("issue")
    _dates(found, top, where)
    _kind(found, top, audit, where)
    found.issns = list(dict.fromkeys(i.partition(" ")[0] for i in _values(top.text("isbn"))))
    _identifiers(found, top, audit, where)
    take_abstract(found, top.text("abstract"))
    for name in ("notes", "custom7", "custom1", "custom4", "custom5", "custom6", "keywords"):
        for text in top.texts(name):
            take_numbers(found, text, "secondary", name)
    top.ignore(*IGNORED)
    top.close(where)
    return finished(found, where)


def _values(text: str | None) -> list[str]:
    """Return the values that EndNote parts by carriage returns."""
    return [v.strip() for v in re.split(r"[\r\n;]", text or "") if v.strip()]


def _containers(found: PublicationRecord, titles: Elements, top: Elements, where: str) -> None:
    periodical = top.inside("periodical")
    full, short = periodical.text("full-title"), periodical.text("abbr-1")
    second, other = titles.text("secondary-title"), titles.text("alt-title")
    container = second or full
    found.container = title_text(container) if container else None
    found.container_short = next((t for t in (short, other) if t and t != container), None)
    periodical.ignore("abbr-2", "abbr-3")
    titles.ignore("tertiary-title", "short-title")
    titles.close(where)
    periodical.close(where)


def _authors(found: PublicationRecord, people: Elements, where: str) -> None:
    authors = people.inside("authors")
    for printed in authors.texts("author"):
        name, group = read_author(printed)
        (found.group_authors if group else found.authors).append(name)
    people.ignore(*_PEOPLE)
    authors.close(where)
    people.close(where)


def _dates(found: PublicationRecord, top: Elements, where: str) -> None:
    """Take the year, and the day or month that stands beside it (``Feb``, ``May 17``)."""
    dates = top.inside("dates")
    printed = dates.text("year")
    match = YEAR.search(printed or "")
    found.year = match.group() if match else None
    listed = dates.inside("pub-dates").texts("date")
    if printed:
        found.published = Dated(printed, found.year)
    if listed and found.year:
        day = listed[0]
        fuller = read_date(day if found.year in day else f"{found.year} {day}", "dates/pub-dates/date")
        if fuller.value and fuller.value.startswith(found.year):
            found.published = Dated(day if found.year in day else f"{printed} {day}", fuller.value)
    modified = top.text("modified-date")
    if modified:
        found.updated = read_date(modified, "modified-date")
    dates.ignore("copyright-dates")
    dates.close(where)


def _kind(found: PublicationRecord, top: Elements, audit: Audit, where: str) -> None:
    """Take the kind: the type of work tells more than that of the reference, whose number decides and not its name."""
    element = top.one("ref-type")
    number = all_text(element) or ""
    name = element.get("name", "") if element is not None else ""
    by_name = {n: concept for n, concept in TYPES.values()}
    known = number in TYPES or name.lower() in by_name
    if (number or name) and not known:
        audit.tell(f"ref-type={name or number}", where)
    told = kind_of(_values(top.text("work-type")), audit, where)
    concept = TYPES[number][1] if number in TYPES else by_name.get(name.lower())
    if told is not None:
        concept = told.concept
    texts = [t for t in (name or number, told.printed if told else None) if t]
    found.kind = Coded("; ".join(texts), concept) if texts else None


def _identifiers(found: PublicationRecord, top: Elements, audit: Audit, where: str) -> None:
    bases = f"{top.text('remote-database-name') or ''} {top.text('remote-database-provider') or ''}"
    for printed in _values(top.text("electronic-resource-num")):
        take_doi(found, printed, audit, where)
    accession = top.text("accession-num")
    if accession and PMID.fullmatch(accession) and _MEDLINE.search(bases) and "embase" not in bases.lower():
        take_pmid(found, accession, audit, where)
    else:
        found.accession = accession
    if (central := top.text("custom2")) and _NOTED_PMCID.fullmatch(central):
        take_pmcid(found, central, audit, where)
    urls = top.inside("urls")
    for group in ("web-urls", "related-urls", "pdf-urls", "text-urls", "image-urls"):
        for address in [a for t in urls.inside(group).texts("url") for a in re.split(r"\s+", t)]:
            if found.doi is None and normalise_doi(address):
                take_doi(found, address, audit, where)
            if number := number_in_url(address):
                take_numbers(found, number.printed, "secondary", "url", address)
            if found.address is None and address.startswith(("http://", "https://")) and group != "pdf-urls":
                found.address = address
    urls.close(where)


FORMAT = Format(
    key="endnote-xml",
    label="EndNote XML",
    origin="EndNote XML export",
    rights="No licence is recorded.",
    recognise=recognise,
    read=read,
    record=record,
)

"""PubMed XML, as efetch and the "PubMed" format of its website's XML give it: articles and books with their numbers.

Published by the U.S. National Library of Medicine (NLM): https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd,
elements explained at https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html.

Traps: each reference has an ``ArticleIdList`` of its own, so the article's is taken from ``PubmedData`` alone; a title
in square brackets is NLM's translation into English; a ``PubDate`` may be a season or a stretch of time; an identifier
with ``ValidYN="N"`` and a name that was corrected are void; update files end with numbers that were deleted.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from msevidence.loaders.bibliographic.authors import author
from msevidence.loaders.bibliographic.data_banks import take_accession
from msevidence.loaders.bibliographic.languages import language_tag
from msevidence.loaders.bibliographic.publication import (
    PMID,
    YEAR,
    counted_references,
    finished,
    page_range,
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
from msevidence.loaders.bibliographic.xml_fields import Elements, root_name
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Dated, PublicationRecord, Raw
from msevidence.loaders.exports.values import plain
from msevidence.loaders.exports.xml_records import all_text, entity_inside, local, xml_records

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOTS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"})
RECORDS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_BOOK_PARTS = ("Publisher", "Isbn", "Medium", "ReportNumber", "Edition", "VolumeTitle", "BeginningDate", "EndingDate")
IGNORED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "MeshHeadingList",
            "KeywordList",
            "ChemicalList",
            "SupplMeshList",
            "GeneSymbolList",
            "CitationSubset",
            "Keyword",
        ),
        "subject headings are not modelled",
    ),
    **dict.fromkeys(
        ("DateCompleted", "DateCreated", "History", "PublicationStatus"), "NLM's own handling of the record"
    ),
    **dict.fromkeys(("InvestigatorList", "PersonalNameSubjectList"), "persons who are not authors"),
    **dict.fromkeys(("GrantList", "CoiStatement"), "funding and interests are not modelled"),
    **dict.fromkeys(("OtherID", "GeneralNote", "SpaceFlightMission", "ObjectList"), "NLM's notes on the record"),
    "CommentsCorrectionsList": "links to other publications (comments, corrections) are not modelled; that a work "
    "was retracted is among its publication types",
    "MedlineJournalInfo": "the journal's place and NLM's number of it; its abbreviation and ISSN are taken",
    "ArticleDate": "the date of the electronic version; the date of the issue, which is cited, is taken",
    "AffiliationInfo": "addresses of persons",
    "Sections": "table of contents of a book",
    "ItemList": "lists of a book",
    **dict.fromkeys(_BOOK_PARTS, "what a library needs to find a book"),
}
_PII_PAGE = re.compile(r"[A-Za-z]?\d{1,7}", re.ASCII)


def recognise(head: bytes) -> bool:
    """Say whether a file begins as PubMed XML does."""
    return root_name(head) in ROOTS


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the articles and books of a file; a number that PubMed has deleted is told as a fault."""
    for raw in xml_records(stream, RECORDS):
        if isinstance(raw, RecordError):
            yield raw
        elif local(raw.fields) == "DeleteCitation":
            for deleted in raw.fields:
                number = all_text(deleted)
                yield RecordError(f"PubMed has deleted its record {number}; do not use it", raw.line, "DeleteCitation")
        else:
            pmid = raw.fields.find(".//{*}PMID")
            yield Raw(raw.fields, raw.line, None if pmid is None else all_text(pmid))


def record(fields: "_Element", audit: Audit) -> PublicationRecord:
    """Return the publication that a PubMed record describes.

    Raises RecordError where it has no PubMed number, or a part of it cannot be read.
    """
    if entity_inside(fields):
        raise RecordError("holds an entity, which is not resolved; get the file again", field=local(fields))
    found = PublicationRecord(None)
    top = Elements(fields, audit, local(fields), found.empty)
    if local(fields) == "PubmedBookArticle":
        document, data = top.inside("BookDocument"), top.inside("PubmedBookData")
    else:
        document, data = top.inside("MedlineCitation"), top.inside("PubmedData")
    number = document.text("PMID")
    if number is None or not PMID.fullmatch(number):
        raise RecordError(f"{number!r} is no PubMed number; get the record again", field=f"{document.path}/PMID")
    where = f"PMID {number}"
    take_pmid(found, number, audit, where)
    if local(fields) == "PubmedBookArticle":
        _book(found, document, audit, where)
    else:
        _article(found, document, audit, where)
    _data(found, data, audit, where)
    top.close(where)
    return finished(found, where)


def _article(found: PublicationRecord, citation: Elements, audit: Audit, where: str) -> None:
    article = citation.inside("Article")
    _journal(found, article.inside("Journal"), citation.inside("MedlineJournalInfo"), where)
    _pages(found, article, audit, where)
    languages = article.texts("Language")
    tag = language_tag(languages[0], audit, where) if len(languages) == 1 else None
    take_title(found, article.text("ArticleTitle"), article.text("VernacularTitle"), tag)
    _authors(found, article.each("AuthorList"), audit, where)
    _abstract(found, article.each("Abstract"), where)
    _abstract(found, citation.each("OtherAbstract"), where, own=False)
    types = article.inside("PublicationTypeList")
    found.kind = kind_of(types.texts("PublicationType"), audit, where)
    for bank in article.inside("DataBankList").each("DataBank"):
        _bank(found, bank, audit, where)
    found.updated = _day(citation.one("DateRevised"), audit, "DateRevised")
    found.references = counted_references(citation.text("NumberOfReferences"), "NumberOfReferences")
    article.ignore("ArticleDate", "GrantList")
    citation.ignore(*IGNORED)
    article.close(where)
    citation.close(where)


def _book(found: PublicationRecord, document: Elements, audit: Audit, where: str) -> None:
    book = document.inside("Book")
    languages = document.texts("Language")
    tag = language_tag(languages[0], audit, where) if len(languages) == 1 else None
    chapter, whole = document.text("ArticleTitle"), book.text("BookTitle")
    take_title(found, chapter or whole, document.text("VernacularTitle"), tag)
    found.container = title_text(whole) if chapter and whole else book.text("CollectionTitle")
    own, of_book = document.each("AuthorList"), book.each("AuthorList")
    _authors(found, own if chapter else [*own, *of_book], audit, where)
    found.volume = book.text("Volume")
    found.published = _published(book.one("PubDate"), audit) or _day(
        document.one("ContributionDate"), audit, "ContributionDate"
    )
    found.year = found.published.value[:4] if found.published and found.published.value else None
    found.pages = document.inside("Pagination").text("MedlinePgn")
    found.kind = kind_of(document.texts("PublicationType"), audit, where)
    _abstract(found, document.each("Abstract"), where)
    _identifiers(found, document.inside("ArticleIdList"), audit, where)
    found.updated = _day(document.one("DateRevised"), audit, "DateRevised")
    found.references = _references(document.all("ReferenceList"))
    book.ignore(*_BOOK_PARTS, "ELocationID", "CollectionTitle")
    document.ignore(*IGNORED, "LocationLabel")
    book.close(where)
    document.close(where)


def _data(found: PublicationRecord, data: Elements, audit: Audit, where: str) -> None:
    """Take the article's own identifiers, and count its references, whose identifiers are not its own."""
    _identifiers(found, data.inside("ArticleIdList"), audit, where)
    if (references := _references(data.all("ReferenceList"))) is not None:
        found.references = references
    data.ignore(*IGNORED)
    data.close(where)


def _references(lists: "list[_Element]") -> int | None:
    return sum(local(e) == "Reference" for one in lists for e in one.iter()) if lists else None


def _identifiers(found: PublicationRecord, listed: Elements, audit: Audit, where: str) -> None:
    for element in listed.all("ArticleId"):
        kind, text = element.get("IdType", "pubmed"), all_text(element)
        if kind == "doi":
            take_doi(found, text, audit, where)
        elif kind == "pubmed":
            take_pmid(found, text, audit, where)
        elif kind in ("pmc", "pmcid"):
            take_pmcid(found, (text or "").removeprefix("pmc-id:").strip().rstrip(";"), audit, where)
        elif kind == "bookaccession":
            found.accession = text
        elif kind not in ("pii", "mid", "sici", "medline", "pmcpid", "pmpid", "url"):
            audit.tell(f"ArticleId IdType={kind}", where)
    listed.close(where)


def _journal(found: PublicationRecord, journal: Elements, info: Elements, where: str) -> None:
    issue = journal.inside("JournalIssue")
    found.volume, found.issue = issue.text("Volume"), issue.text("Issue")
    found.published = _published(issue.one("PubDate"), issue.audit)
    found.year = found.published.value[:4] if found.published and found.published.value else None
    title, short = journal.text("Title"), journal.text("ISOAbbreviation")
    found.container = title_text(title) if title else None
    found.container_short = short or info.text("MedlineTA")
    found.issns = list(dict.fromkeys([*journal.texts("ISSN"), *info.texts("ISSNLinking")]))
    info.ignore("Country", "NlmUniqueID", "MedlineTA")
    for part in (journal, issue, info):
        part.close(where)


def _pages(found: PublicationRecord, article: Elements, audit: Audit, where: str) -> None:
    pagination = article.inside("Pagination")
    found.pages = pagination.text("MedlinePgn")
    first, last = pagination.text("StartPage"), pagination.text("EndPage")
    found.pages = found.pages or page_range(first, last)
    pagination.close(where)
    for element in article.all("ELocationID"):
        text, kind = all_text(element), element.get("EIdType")
        if element.get("ValidYN", "Y") != "Y":
            continue
        if kind == "doi":
            take_doi(found, text, audit, where)
        elif kind != "pii":
            audit.tell(f"ELocationID EIdType={kind}", where)
        elif not found.pages and text and _PII_PAGE.fullmatch(text):
            found.pages = text


def _authors(found: PublicationRecord, lists: list[Elements], audit: Audit, where: str) -> None:
    for listed in lists:
        for each in listed.each("Author"):
            family, given = each.text("LastName"), each.text("Initials") or each.text("ForeName")
            group = each.text("CollectiveName")
            if family or given:
                found.authors.append(author(family or given or "", given if family else None, each.text("Suffix")))
            if group:
                found.group_authors.append(plain(group))
            each.ignore("ForeName", "Suffix", "AffiliationInfo", "Affiliation", "Identifier")
            each.close(where)
        listed.close(where)


def _abstract(found: PublicationRecord, abstracts: list[Elements], where: str, own: bool = True) -> None:
    """Take abstracts; one that is not the work's ``own`` is in another language or for other readers."""
    for abstract in abstracts:
        text = " ".join(abstract.texts("AbstractText"))
        if own:
            take_abstract(found, text)
        else:
            take_numbers(found, text, "abstract")
        if (notice := abstract.text("CopyrightInformation")) and not found.rights:
            found.rights = plain(notice)
        abstract.close(where)


def _bank(found: PublicationRecord, bank: Elements, audit: Audit, where: str) -> None:
    name, numbers = bank.text("DataBankName") or "", bank.inside("AccessionNumberList")
    for printed in numbers.texts("AccessionNumber"):
        take_accession(found, name, printed, audit, where)
    bank.close(where)


def _published(element: "_Element | None", audit: Audit) -> Dated | None:
    if element is None:
        return None
    parts = {local(e): text for e in element if (text := all_text(e))}
    if "MedlineDate" in parts:
        year = YEAR.search(parts["MedlineDate"])
        return Dated(parts["MedlineDate"], year.group() if year else None)
    return parted_date([parts[n] for n in ("Year", "Season", "Month", "Day") if n in parts], "PubDate")


def _day(element: "_Element | None", audit: Audit, field: str) -> Dated | None:
    parts = {local(e): text for e in (() if element is None else element) if (text := all_text(e))}
    return parted_date([parts[n] for n in ("Year", "Month", "Day") if n in parts], field) if parts else None


FORMAT = Format(
    key="pubmed-xml",
    label="PubMed XML",
    origin="PubMed",
    rights="Terms and conditions of the U.S. National Library of Medicine; abstracts may be protected.",
    recognise=recognise,
    read=read,
    record=record,
)

"""PubMed XML: every field of articles and books, whose identifiers are whose, and what is wrong with a file."""

from pathlib import Path

import pytest

from msevidence.loaders.bibliographic import pubmed_xml
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord
from tests.exports.reading import FIXTURES, assert_truncation_is_told, load, one, other_samples

FORMAT = pubmed_xml.FORMAT
THREE = (FIXTURES / "pubmed_xml" / "three.xml").read_bytes()


@pytest.fixture(scope="module")
def three() -> list[PublicationRecord]:
    outcome = load(FORMAT, THREE)
    assert outcome.faults == [] and dict(outcome.audit.unknown) == {}
    assert len(outcome.records) == 3
    return outcome.records


def article(inside: str = "", *, pmid: str = "39900109", title: str = "A title", data: str = "") -> bytes:
    """Return a file with one small article; ``inside`` stands in ``Article``, ``data`` in ``PubmedData``."""
    return (
        f"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article>"
        f"<ArticleTitle>{title}</ArticleTitle>{inside}</Article></MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle></PubmedArticleSet>"
    ).encode()


def dated(pub_date: str) -> bytes:
    return article(f"<Journal><JournalIssue><PubDate>{pub_date}</PubDate></JournalIssue></Journal>")


def test_identifiers_are_the_articles_own_printed_and_normalised(three: list[PublicationRecord]) -> None:
    first = three[0]
    assert (first.pmid, first.pmcid, first.doi) == ("39900101", "PMC9990101", "10.1177/13524585.test.1")
    assert first.printed_identifiers == {
        "pmid": "39900101",
        "doi": "10.1177/13524585.TEST.1",
        "pmcid": "PMC9990101",
    }
    assert first.references == 3


def test_titles_lose_their_markup_and_the_stop_at_the_end(three: list[PublicationRecord]) -> None:
    assert three[0].title == (
        "Reset of the immune system by autologous transplantation (NCT09990001): CD34+ cells & outcome"
    )
    assert three[0].language == "en"


def test_a_title_in_brackets_is_a_translation_and_numbers_of_the_vernacular_title_count(
    three: list[PublicationRecord],
) -> None:
    second = three[1]
    assert (second.title, second.language) == ("Stem cells in multiple sclerosis", "en")
    assert [(n.number.normalised, n.role) for n in second.registry_numbers if n.number] == [("DRKS00099901", "title")]


def test_where_there_is_no_english_title_the_vernacular_one_stands() -> None:
    record = one(
        FORMAT,
        article("<Language>fre</Language><VernacularTitle>Titre.</VernacularTitle>", title="[Not Available]."),
    )
    assert (record.title, record.language) == ("Titre", "fr")


def test_authors_and_groups(three: list[PublicationRecord]) -> None:
    assert three[0].authors == ["Bjørnstad-Ruud KM Jr", "van der Lee JP"]
    assert three[0].group_authors == ["RESET Study Group"]


def test_the_journal_its_issue_and_pages(three: list[PublicationRecord]) -> None:
    first, second = three[:2]
    assert first.container == "Multiple sclerosis (Houndmills, Basingstoke, England)"
    assert (first.container_short, first.volume, first.issue, first.pages) == ("Mult Scler", "30", "2", "165-74")
    assert first.issns == ["1477-0970", "1352-4585"]
    assert second.container_short is None
    assert second.pages == "e1234"


def test_dates_of_publication_and_revision(three: list[PublicationRecord]) -> None:
    assert three[0].published == Dated("2024 Feb", "2024-02")
    assert (three[0].year, three[0].updated) == ("2024", Dated("2024 11 05", "2024-11-05"))
    assert (three[1].published, three[1].year) == (Dated("1998 Dec-1999 Jan", "1998"), "1998")
    assert three[1].updated is None
    assert three[2].published == Dated("2021 Summer", "2021")


@pytest.mark.parametrize(
    ("pub_date", "printed", "value"),
    [
        ("<Year>2018</Year><Month>05</Month><Day>17</Day>", "2018 05 17", "2018-05-17"),
        ("<Year>2018</Year><Month>May</Month><Day>7</Day>", "2018 May 7", "2018-05-07"),
        ("<MedlineDate>Winter 2018</MedlineDate>", "Winter 2018", "2018"),
        ("<MedlineDate>no date</MedlineDate>", "no date", None),
        ("<Year>18</Year>", "18", None),
    ],
)
def test_a_date_is_kept_as_printed_and_as_read(pub_date: str, printed: str, value: str | None) -> None:
    record = one(FORMAT, dated(pub_date))
    assert record.published == Dated(printed, value)
    assert record.year == (value[:4] if value else None)


def test_registry_numbers_with_their_roles(three: list[PublicationRecord]) -> None:
    found = [(n.printed, n.role, n.label, n.number and n.number.scheme) for n in three[0].registry_numbers]
    assert found == [
        ("NCT09990001", "title", None, "NCT"),
        ("NCT09990002", "abstract", None, "NCT"),
        ("ISRCTN 99900012", "abstract", None, "ISRCTN"),
        ("NCT09990001", "secondary", "ClinicalTrials.gov", "NCT"),
        ("NCT09990003", "secondary", "ClinicalTrials.gov", "NCT"),
        ("2019-009990-12", "secondary", "EudraCT", "EudraCT"),
    ]


def test_an_unknown_data_bank_is_kept_and_told_and_no_number_is_none() -> None:
    banks = "".join(
        f"<DataBank><DataBankName>{name}</DataBankName><AccessionNumberList><AccessionNumber>{number}</AccessionNumber>"
        "</AccessionNumberList></DataBank>"
        for name, number in (("New bank", "X-1"), ("ISRCTN", "N/A"), ("NTR", "NTR12; NL99.1 and NCT09990001"))
    )
    outcome = load(FORMAT, article(f"<DataBankList>{banks}</DataBankList>"))
    [record] = outcome.records
    assert [(n.printed, n.label, n.number is not None) for n in record.registry_numbers] == [
        ("X-1", "New bank", False),
        ("NTR12", "NTR", True),
        ("NCT09990001", "NTR", True),
    ]
    assert outcome.audit.first == {"data bank=New bank": "PMID 39900109"}


@pytest.mark.parametrize(
    ("types", "concept"),
    [
        (["Journal Article", "Clinical Trial Protocol"], "protocol"),
        (["Journal Article", "Review"], "review-article"),
        (["Editorial", "Comment"], "commentary"),
        (["Editorial"], "opinion"),
        (["Journal Article", "Retracted Publication"], "journal-article"),
        (["Letter"], None),
    ],
)
def test_the_most_telling_publication_type_is_the_kind(types: list[str], concept: str | None) -> None:
    listed = "".join(f"<PublicationType>{t}</PublicationType>" for t in types)
    outcome = load(FORMAT, article(f"<PublicationTypeList>{listed}</PublicationTypeList>"))
    assert outcome.records[0].kind == Coded("; ".join(types), concept)
    assert dict(outcome.audit.unknown) == {}


def test_kinds_of_the_three(three: list[PublicationRecord]) -> None:
    assert [r.kind and r.kind.concept for r in three] == ["journal-article", "systematic-review", "guideline"]


def test_an_unknown_publication_type_stays_as_printed_and_is_told() -> None:
    types = "<PublicationTypeList><PublicationType>Podcast</PublicationType></PublicationTypeList>"
    outcome = load(FORMAT, article(types))
    assert outcome.records[0].kind == Coded("Podcast", None)
    assert dict(outcome.audit.unknown) == {"publication type=Podcast": 1}


def test_rights_and_no_personal_address(three: list[PublicationRecord]) -> None:
    assert three[0].rights == "© The Authors, 2024."
    assert "example.org" not in repr(three)


def test_a_chapter_stands_in_its_book(three: list[PublicationRecord]) -> None:
    book = three[2]
    assert (book.title, book.container, book.authors) == ("A chapter on cells", "Handbook of Tests", ["Chapman CC"])
    assert (book.accession, book.doi, book.pmid) == ("NBK990103", "10.3310/test-book", "39900103")


def test_identifiers_that_follow_no_pattern_stay_as_printed_and_are_told() -> None:
    ids = '<ArticleId IdType="doi">not a doi</ArticleId><ArticleId IdType="pmc">PMCx</ArticleId>'
    outcome = load(FORMAT, article(data=f"<ArticleIdList>{ids}</ArticleIdList>"))
    [record] = outcome.records
    assert (record.doi, record.pmcid) == (None, None)
    assert record.printed_identifiers == {"pmid": "39900109", "doi": "not a doi", "pmcid": "PMCx"}
    assert dict(outcome.audit.unknown) == {"doi that follows no pattern": 1, "pmcid that follows no pattern": 1}


def test_a_second_doi_is_told_and_the_first_stands() -> None:
    ids = '<ArticleId IdType="doi">10.1000/a</ArticleId><ArticleId IdType="doi">10.1000/b</ArticleId>'
    outcome = load(FORMAT, article(data=f"<ArticleIdList>{ids}</ArticleIdList>"))
    assert outcome.records[0].doi == "10.1000/a"
    assert dict(outcome.audit.unknown) == {"doi beside another": 1}


def test_unknown_fields_are_told_and_stop_nothing() -> None:
    outcome = load(FORMAT, article("<Novelty>1</Novelty>", data="<Other/>"))
    assert len(outcome.records) == 1
    assert sorted(outcome.audit.unknown) == [
        "PubmedArticle/MedlineCitation/Article/Novelty",
        "PubmedArticle/PubmedData/Other",
    ]


@pytest.mark.parametrize("pmid", ["", "abc", "0", "12.5"])
def test_without_a_pubmed_number_a_record_is_a_fault(pmid: str) -> None:
    outcome = load(FORMAT, article(pmid=pmid))
    assert outcome.records == []
    assert "is no PubMed number" in str(outcome.faults[0])


@pytest.mark.parametrize(
    "pub_date", ["<Year>2018</Year><Month>13</Month>", "<Year>2018</Year><Month>Feb</Month><Day>30</Day>"]
)
def test_a_date_that_does_not_exist_is_a_fault(pub_date: str) -> None:
    outcome = load(FORMAT, dated(pub_date))
    assert outcome.records == []
    assert "no date of the calendar" in str(outcome.faults[0])


def test_a_bad_record_leaves_its_neighbours_as_they_are(three: list[PublicationRecord]) -> None:
    outcome = load(FORMAT, THREE.replace(b'<PMID Version="1">39900102</PMID>', b"<PMID/>"))
    assert outcome.records == [three[0], three[2]]
    assert len(outcome.faults) == 1


def test_a_number_that_pubmed_deleted_is_a_fault_of_its_own() -> None:
    deleted = b"<DeleteCitation><PMID>5</PMID><PMID>6</PMID></DeleteCitation></PubmedArticleSet>"
    outcome = load(FORMAT, THREE.replace(b"</PubmedArticleSet>", deleted))
    assert len(outcome.records) == 3
    assert ["record 5" in str(outcome.faults[0]), "record 6" in str(outcome.faults[1])] == [True, True]
    assert len(outcome.faults) == 2


def test_fields_that_hold_nothing_are_named() -> None:
    record = one(FORMAT, article("<Journal><JournalIssue><Volume/></JournalIssue></Journal>"))
    assert record.empty == ["PubmedArticle/MedlineCitation/Article/Journal/JournalIssue/Volume"]


def test_a_file_that_breaks_off_gives_what_is_whole_and_one_fault() -> None:
    assert_truncation_is_told(FORMAT, THREE, 3, lambda piece: False)


def test_a_byte_order_mark_changes_nothing(three: list[PublicationRecord]) -> None:
    assert FORMAT.recognise(b"\xef\xbb\xbf" + THREE)
    assert load(FORMAT, b"\xef\xbb\xbf" + THREE).records == three


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a [<!ENTITY e 'boo'><!ENTITY f '" + b"&e;" * 2000 + b"'>]>" + article(title="&f;&f;"),
        b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + article(title="&e;"),
        article(title="A\0B"),
        article(title="caf\xe9").decode().encode("latin-1"),
        article().decode().encode("utf-16"),
        article(title="<i>" * 400 + "deep" + "</i>" * 400),
        article("<Journal/><Journal/>"),
    ],
    ids=["bomb", "file", "nul", "latin-1", "utf-16", "deep", "twice"],
)
def test_hostile_files_end_in_a_fault(data: bytes) -> None:
    outcome = load(FORMAT, data)
    assert [r.title for r in outcome.records if "root:" in (r.title or "") or "boo" in (r.title or "")] == []
    if outcome.records:  # UTF-16 with its mark is honest XML
        assert outcome.records[0].title == "A title"
    else:
        assert len(outcome.faults) >= 1


def test_only_pubmed_xml_is_recognised() -> None:
    assert FORMAT.recognise(b"  \n<?xml version='1.0'?><!-- c --><PubmedArticleSet>")
    assert FORMAT.recognise(THREE[:300])
    for other in (b"<eSummaryResult>", b"<article><PubmedArticle>", b"<html>", b"", b"PMID- 1", b"<PubmedArticleSetX>"):
        assert not FORMAT.recognise(other)


@pytest.mark.shared
def test_the_samples_give_what_stands_in_them(shared_dir: Path) -> None:
    files = sorted((shared_dir / "samples" / "pubmed_xml").iterdir())
    assert [f.name for f in files] == [
        "MedlineImporterTestNbib.xml",
        "MedlineImporterTestPubmedBook.xml",
        "pubmed-29768149.xml",
        "pubmed1.xml",
    ]
    outcomes = [load(FORMAT, f.read_bytes()) for f in files]
    assert all(FORMAT.recognise(f.read_bytes()[: 2**16]) for f in files)
    assert [len(o.records) for o in outcomes] == [2, 1, 1, 2]
    assert [len(o.faults) for o in outcomes] == [0, 0, 0, 0]
    asthma = outcomes[2].records[0]
    assert (asthma.pmid, asthma.doi, asthma.pages) == ("29768149", "10.1056/nejmoa1715274", "1865-1876")
    assert [(n.printed, n.role) for n in asthma.registry_numbers] == [
        ("NCT02149199", "abstract"),
        ("NCT02149199", "secondary"),
    ]
    assert asthma.authors[0] == "O'Byrne PM" and len(asthma.authors) == 10
    assert outcomes[3].records[0].published == Dated("1990 Spring", "1990")
    assert outcomes[1].records[0].kind == Coded("Review; Practice Guideline", "guideline")


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    claimed = [p.name for p in other_samples(shared_dir, "pubmed_xml") if FORMAT.recognise(p.read_bytes()[: 2**16])]
    assert claimed == []

"""EndNote XML: texts in styles, types by number, whose accession number it is, and what is wrong with a file."""

from pathlib import Path

import pytest

from msevidence.loaders.bibliographic import endnote_xml
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord
from tests.exports.reading import FIXTURES, assert_truncation_is_told, load, one, other_samples

FORMAT = endnote_xml.FORMAT
LIBRARY = (FIXTURES / "endnote_xml" / "library.xml").read_bytes()


@pytest.fixture(scope="module")
def three() -> list[PublicationRecord]:
    outcome = load(FORMAT, LIBRARY)
    assert outcome.faults == [] and dict(outcome.audit.unknown) == {}
    assert outcome.lines == [2, 15, 16]
    return outcome.records


def library(inside: str) -> bytes:
    """Return a file with one record."""
    return f"<xml><records><record><titles><title>A title</title></titles>{inside}</record></records></xml>".encode()


def test_identifiers_printed_and_normalised(three: list[PublicationRecord]) -> None:
    first, second, third = three
    assert (first.pmid, first.pmcid, first.doi) == ("39900401", "PMC9990401", "10.1177/13524585.test.5")
    assert first.printed_identifiers["doi"] == "https://doi.org/10.1177/13524585.TEST.5"
    assert (first.accession, second.accession, second.pmid) == (None, "L639999902", None)
    assert third.doi == "10.1000/page"
    assert first.issns == ["1477-0970", "1352-4585"]


def test_a_title_may_be_in_several_styles(three: list[PublicationRecord]) -> None:
    assert three[0].title == "Reset of the immune system by autologous transplantation (NCT09990001)"
    assert [(r.title, r.language) for r in three[1:]] == [
        ("Stem cells in multiple sclerosis", "en"),
        ("A page on cells", None),
    ]


def test_authors_and_groups(three: list[PublicationRecord]) -> None:
    assert three[0].authors == ["Bjørnstad-Ruud KM", "Gibb FW Jr"]
    assert three[0].group_authors == ["RESET Study Group"]
    assert three[1].authors == ["Adler DG"]
    assert "example.org" not in repr(three)


def test_imprint_and_dates(three: list[PublicationRecord]) -> None:
    first, second, third = three
    assert (first.container, first.container_short) == ("Multiple Sclerosis Journal", "Mult. Scler.")
    assert (first.volume, first.issue, first.pages) == ("30", "2", "165-74")
    assert (first.published, first.year) == (Dated("2024 Feb 15", "2024-02-15"), "2024")
    assert first.updated == Dated("2024/11/05", "2024-11-05")
    assert (second.container_short, second.published) == (None, Dated("2019", "2019"))
    assert (third.year, third.published) == ("2021", Dated("2021, May", "2021"))


def test_registry_numbers_with_their_roles(three: list[PublicationRecord]) -> None:
    assert [(n.printed, n.role, n.label) for n in three[0].registry_numbers] == [
        ("NCT09990001", "title", None),
        ("NCT09990002", "abstract", None),
        ("ISRCTN99900012", "secondary", "notes"),
    ]
    address = "https://clinicaltrials.gov/study/NCT09990005"
    assert [(n.printed, n.role, n.label, n.link) for n in three[1].registry_numbers] == [
        ("NCT09990005", "secondary", "url", address)
    ]
    assert three[1].address == address


def test_the_number_of_a_type_decides_and_the_type_of_work_tells_more(three: list[PublicationRecord]) -> None:
    assert [r.kind for r in three] == [
        Coded("Journal Article; Journal Article; Randomized Controlled Trial", "journal-article"),
        Coded("Artikkel", "journal-article"),
        Coded("Web Page", "web-page"),
    ]
    assert one(FORMAT, library('<ref-type name="Web Page">0</ref-type>')).kind == Coded("Web Page", "web-page")
    assert one(FORMAT, library('<ref-type name="Book">6</ref-type>')).kind == Coded("Book", None)


def test_unknown_fields_and_types_are_told() -> None:
    outcome = load(FORMAT, library('<ref-type name="Holo">99</ref-type><novelty>1</novelty><language>tlh</language>'))
    assert sorted(outcome.audit.unknown) == ["language=tlh", "record/novelty", "ref-type=Holo"]
    assert outcome.records[0].kind == Coded("Holo", None)


def test_a_doi_that_follows_no_pattern_stays_as_printed_and_is_told() -> None:
    outcome = load(FORMAT, library("<electronic-resource-num>see page</electronic-resource-num>"))
    assert outcome.records[0].printed_identifiers == {"doi": "see page"}
    assert dict(outcome.audit.unknown) == {"doi that follows no pattern": 1}


def test_empty_fields_are_named() -> None:
    assert one(FORMAT, library("<volume></volume>")).empty == ["record/volume"]


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<dates><year>2019</year><pub-dates><date>Feb 30</date></pub-dates></dates>", "no date of the calendar"),
        ("<modified-date>2019-13-01</modified-date>", "no date of the calendar"),
        ("<volume>1</volume><volume>2</volume>", "stands 2 times"),
        ("<volume>&unknown;</volume>", ""),
    ],
)
def test_a_fault_costs_its_record(inside: str, message: str) -> None:
    outcome = load(FORMAT, library(inside))
    assert outcome.records == []
    assert message in str(outcome.faults[0])


def test_a_bad_record_leaves_its_neighbours_as_they_are(three: list[PublicationRecord]) -> None:
    untitled = LIBRARY.replace(b"<title>[Stem cells in multiple sclerosis]</title>", b"")
    outcome = load(FORMAT, untitled)
    assert outcome.records == [three[0], three[2]]
    assert "no title, DOI or PubMed number" in str(outcome.faults[0])


def test_a_file_that_breaks_off_gives_what_is_whole_and_one_fault() -> None:
    assert_truncation_is_told(FORMAT, LIBRARY, 3, lambda piece: False)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE xml [<!ENTITY e 'boo'><!ENTITY f '" + b"&e;" * 2000 + b"'>]>" + library("<volume>&f;&f;</volume>"),
        b"<!DOCTYPE xml [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + library("<volume>&e;</volume>"),
        library("<volume>A\0</volume>"),
        LIBRARY.decode().encode("latin-1"),
        library("<custom1>" + "<style>" * 400 + "</style>" * 400 + "</custom1>"),
    ],
    ids=["bomb", "file", "nul", "latin-1", "deep"],
)
def test_hostile_files_end_in_faults(data: bytes) -> None:
    outcome = load(FORMAT, data)
    assert outcome.records == []
    assert len(outcome.faults) >= 1


def test_a_byte_order_mark_changes_nothing(three: list[PublicationRecord]) -> None:
    assert FORMAT.recognise(b"\xef\xbb\xbf" + LIBRARY)
    assert load(FORMAT, b"\xef\xbb\xbf" + LIBRARY).records == three


def test_only_endnote_xml_is_recognised() -> None:
    assert FORMAT.recognise(b"<xml>\n<records>\n<record>") and FORMAT.recognise(LIBRARY[:120])
    for other in (b"<records><record>", b"<xml><data/></xml>", b"<html><xml><records>", b"", b"<xml>"):
        assert not FORMAT.recognise(other)


@pytest.mark.shared
def test_the_sample_gives_what_stands_in_it(shared_dir: Path) -> None:
    files = sorted((shared_dir / "samples" / "endnote_xml").iterdir())
    assert [f.name for f in files] == ["endnote-sm.xml"]
    assert FORMAT.recognise(files[0].read_bytes()[: 2**16])
    outcome = load(FORMAT, files[0].read_bytes())
    assert (len(outcome.records), outcome.faults, dict(outcome.audit.unknown)) == (5, [], {})
    assert [r.pmid for r in outcome.records] == ["2158737", "1768215", "8469648", "2692656", None]
    first = outcome.records[0]
    assert (first.container_short, first.pages, first.published) == (
        "Acta Chir Scand",
        "113-9",
        Dated("1990 Feb", "1990-02"),
    )
    assert first.authors == ["Blichert-Toft M", "Andersen J", "Dyreborg U"]
    assert first.kind and first.kind.concept == "review-article"


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    claimed = [p.name for p in other_samples(shared_dir, "endnote_xml") if FORMAT.recognise(p.read_bytes()[: 2**16])]
    assert claimed == []

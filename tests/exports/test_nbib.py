"""PubMed's text format: every tag that is loaded, lines that go on, and records that a download cut off."""

import re
from pathlib import Path

import pytest

from msevidence.loaders.bibliographic import nbib
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord
from tests.exports.reading import FIXTURES, assert_truncation_is_told, load, one, other_samples

FORMAT = nbib.FORMAT
THREE = (FIXTURES / "nbib" / "three.nbib").read_bytes()


@pytest.fixture(scope="module")
def three() -> list[PublicationRecord]:
    outcome = load(FORMAT, THREE)
    assert outcome.faults == [] and dict(outcome.audit.unknown) == {}
    assert outcome.lines == [2, 47, 61]
    return outcome.records


def small(*lines: str) -> bytes:
    """Return a file with one record that has these lines beside its number and end."""
    return "\n".join(["PMID- 39900209", "OWN - NLM", "TI  - A title", *lines, "SO  - X.", ""]).encode()


def test_identifiers_printed_and_normalised(three: list[PublicationRecord]) -> None:
    first = three[0]
    assert (first.pmid, first.pmcid, first.doi) == ("39900201", "PMC9990201", "10.1177/13524585.test.2")
    assert first.printed_identifiers == {
        "pmid": "39900201",
        "doi": "10.1177/13524585.TEST.2",
        "pmcid": "PMC9990201",
    }


def test_a_title_goes_on_in_the_next_line(three: list[PublicationRecord]) -> None:
    assert three[0].title == (
        "Reset of the immune system by autologous transplantation (NCT09990001): a long title that goes on"
    )
    assert (three[0].language, three[1].title, three[1].language) == ("en", "Stem cells in multiple sclerosis", "en")


def test_authors_and_groups(three: list[PublicationRecord]) -> None:
    assert three[0].authors == ["Bjørnstad-Ruud KM", "Gibb FW Jr"]
    assert three[0].group_authors == ["RESET Study Group"]
    assert three[2].authors == ["Chapman CC"]  # no AU
    assert "example.org" not in repr(three)


def test_imprint(three: list[PublicationRecord]) -> None:
    first, second, book = three
    assert (first.container, first.container_short) == (
        "Multiple sclerosis (Houndmills, Basingstoke, England)",
        "Mult Scler",
    )
    assert (first.volume, first.issue, first.pages, first.issns) == ("30", "2", "165-74", ["1477-0970", "1352-4585"])
    assert (first.year, first.published, first.updated) == (
        "2024",
        Dated("2024 Feb", "2024-02"),
        Dated("20241105", "2024-11-05"),
    )
    assert (second.published, second.pages, second.references) == (Dated("1998 Dec-1999 Jan", "1998"), "e1234", 12)
    assert (book.container, book.accession) == ("Handbook of Tests", "NBK990203")


def test_registry_numbers_with_their_roles(three: list[PublicationRecord]) -> None:
    found = [(n.printed, n.role, n.label, n.number and n.number.scheme) for n in three[0].registry_numbers]
    assert found == [
        ("NCT09990001", "title", None, "NCT"),
        ("NCT09990002", "abstract", None, "NCT"),
        ("NCT09990001", "secondary", "ClinicalTrials.gov", "NCT"),
        ("CTRI/2019/01/099901", "secondary", "CTRI", "CTRI"),
    ]
    assert [(n.printed, n.role) for n in three[1].registry_numbers] == [("DRKS00099901", "title")]


def test_kinds_and_rights(three: list[PublicationRecord]) -> None:
    assert [r.kind for r in three] == [
        Coded("Journal Article; Randomized Controlled Trial", "journal-article"),
        Coded("Systematic Review", "systematic-review"),
        Coded("Practice Guideline", "guideline"),
    ]
    assert three[0].rights == "(c) The Authors, 2024."


def test_unknown_tags_types_and_banks_are_told() -> None:
    outcome = load(FORMAT, small("ZZ  - 1", "PT  - Podcast", "SI  - Newbank/1", "LA  - tlh"))
    assert sorted(outcome.audit.unknown) == ["ZZ", "data bank=Newbank", "language=tlh", "publication type=Podcast"]
    assert outcome.records[0].kind == Coded("Podcast", None)


def test_a_tag_without_value_is_named() -> None:
    assert one(FORMAT, small("VI  - ")).empty == ["VI"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("LR  - 20241399", "no date of the calendar"),
        ("DP  - 2024 Feb 30", "no date of the calendar"),
        ("RF  - -3", "no count of references"),
        ("PMID- 7", "no PubMed number"),
        ("what is this", "no line of a PubMed record"),
    ],
)
def test_a_fault_costs_only_its_record(line: str, message: str, three: list[PublicationRecord]) -> None:
    bad = small(line)
    if line.startswith("PMID"):
        bad = bad.replace(b"PMID- 39900209\n", b"").replace(b"PMID- 7", b"PMID- x")
    outcome = load(FORMAT, bad + THREE)
    assert outcome.records[-3:] == three
    assert message in str(outcome.faults[0])


def test_records_need_no_empty_line_between_them(three: list[PublicationRecord]) -> None:
    assert load(FORMAT, THREE.replace(b"\n\n", b"\n")).records == three
    assert load(FORMAT, THREE.replace(b"\n\n", b"\n\n\n \n")).records == three


def test_line_ends_and_byte_order_marks_change_nothing(three: list[PublicationRecord]) -> None:
    assert load(FORMAT, THREE.replace(b"\n", b"\r\n")).records == three
    assert load(FORMAT, b"\xef\xbb\xbf" + THREE.lstrip()).records == three
    assert FORMAT.recognise(b"\xef\xbb\xbf" + THREE.lstrip())


def test_a_file_that_breaks_off_gives_what_is_whole_and_one_fault() -> None:
    def ends(piece: bytes) -> bool:  # a cut in the last value, which is not loaded, loses nothing
        last = piece[piece.rfind(b"PMID- ") :]
        return re.search(rb"\nSO  - \S", last) is not None

    assert_truncation_is_told(FORMAT, THREE, 3, ends)


@pytest.mark.parametrize("bad", [b"A\0B", b"caf\xe9"])
def test_nul_and_other_encodings_are_faults_of_their_record(bad: bytes, three: list[PublicationRecord]) -> None:
    outcome = load(FORMAT, THREE.replace(b"Handbook of Tests", bad))
    assert outcome.records == three[:2]
    assert len(outcome.faults) == 1 and outcome.faults[0].line == 64


def test_what_the_mapping_may_hold_besides() -> None:
    assert FORMAT.record is not None
    outcome = load(FORMAT, small())
    for wrong in (None, [], "text", {"PMID": {"a": 1}}, {"PMID": ["1"], "TI": [["a"]]}, {}):
        with pytest.raises(nbib.RecordError):
            FORMAT.record(wrong, outcome.audit)


def test_only_pubmed_text_is_recognised() -> None:
    assert FORMAT.recognise(THREE[:200])
    for other in (b"PMID- 1", b"TY  - JOUR\nTI  - x", b"<html>", b"", b"%PMID- 12\nTI  - x"):
        assert not FORMAT.recognise(other)


@pytest.mark.shared
def test_the_samples_give_what_stands_in_them(shared_dir: Path) -> None:
    files = sorted((shared_dir / "samples" / "pubmed_nbib").iterdir())
    assert [f.name for f in files] == ["pubmed_result1.txt", "pubmed_result3.txt"]
    assert all(FORMAT.recognise(f.read_bytes()) for f in files)
    first, second = (one(FORMAT, f.read_bytes()) for f in files)
    assert (first.pmid, first.pages, first.authors) == ("12230038", "296-302", ["Mangalam H"])
    assert first.updated == Dated("20041117", "2004-11-17")
    assert (second.doi, second.pages, len(second.authors)) == ("10.1118/1.4748329", "5795-813", 4)
    assert second.kind and second.kind.concept == "journal-article"


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    claimed = [p.name for p in other_samples(shared_dir, "pubmed_nbib") if FORMAT.recognise(p.read_bytes()[: 2**16])]
    assert claimed == []

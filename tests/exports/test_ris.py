"""RIS of several services: what their tags hold, and records that are not whole."""

import re
from pathlib import Path

import pytest
from rispy.config import TAG_KEY_MAPPING

from msevidence.loaders.bibliographic import ris
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord
from tests.exports.reading import FIXTURES, assert_truncation_is_told, load, one, other_samples

FORMAT = ris.FORMAT
MIXED = (FIXTURES / "ris" / "mixed.ris").read_bytes()


@pytest.fixture(scope="module")
def four() -> list[PublicationRecord]:
    outcome = load(FORMAT, MIXED)
    assert outcome.faults == [] and dict(outcome.audit.unknown) == {}
    assert outcome.lines == [4, 30, 40, 61]
    return outcome.records


def small(*lines: str, kind: str = "JOUR") -> bytes:
    """Return a file with one record that has these lines."""
    return "\n".join([f"TY  - {kind}", "TI  - A title", *lines, "ER  - ", ""]).encode()


def test_identifiers_printed_and_normalised(four: list[PublicationRecord]) -> None:
    assert [r.doi for r in four] == ["10.1177/13524585.test.4", None, None, "10.3310/test-chapter"]
    assert [r.pmid for r in four] == ["39900301", None, "39900303", "39900304"]
    assert [r.pmcid for r in four] == [None, None, None, "PMC9990304"]
    assert [r.accession for r in four] == ["CN-02999901", "CN-02999902", "L639999901", None]
    assert four[0].printed_identifiers == {
        "doi": "https://doi.org/10.1177/13524585.TEST.4",
        "pmid": "39900301",
    }


def test_authors_in_every_spelling_and_groups(four: list[PublicationRecord]) -> None:
    assert [r.authors for r in four] == [
        ["Bjørnstad-Ruud KM", "Gibb FW Jr"],
        [],
        ["Adler DG", "von Holst A"],
        ["Chapman CC"],
    ]
    assert [r.group_authors for r in four] == [["RESET Study Group"], [], [], []]


def test_imprint(four: list[PublicationRecord]) -> None:
    assert [(r.container, r.container_short) for r in four] == [
        ("Multiple Sclerosis Journal", "Mult Scler"),
        ("https://clinicaltrials.gov/show/NCT09990005", None),
        ("Multiple Sclerosis", "Mult. Scler."),
        ("Handbook of Tests", None),
    ]
    assert [r.pages for r in four] == ["165-74", None, "801", "11-19"]
    assert (four[0].volume, four[0].issue, four[0].issns) == ("30", "2", ["1352-4585"])


def test_dates(four: list[PublicationRecord]) -> None:
    assert [r.year for r in four] == ["2024", "2019", "2019", "2021"]
    assert [r.published for r in four] == [
        Dated("2024/02/15/", "2024-02-15"),
        Dated("2019", "2019"),
        Dated("2019//", "2019"),
        Dated("2021/07//Summer", "2021-07"),
    ]
    assert [r.updated for r in four] == [None, None, Dated("2019-11-04", "2019-11-04"), None]


def test_registry_numbers_with_their_roles(four: list[PublicationRecord]) -> None:
    assert [(n.printed, n.role, n.label, n.link) for n in four[0].registry_numbers] == [
        ("NCT09990001", "title", None, None),
        ("NCT09990002", "abstract", None, None),
        ("ISRCTN99900012", "secondary", "N1", None),
    ]
    address = "https://clinicaltrials.gov/show/NCT09990005"
    assert [(n.printed, n.role, n.label, n.link) for n in four[1].registry_numbers] == [
        ("NCT09990005", "title", None, None),
        ("NCT09990005", "secondary", "UR", address),
    ]
    assert four[1].address == address


def test_kinds(four: list[PublicationRecord]) -> None:
    assert [r.kind for r in four] == [
        Coded("JOUR; Journal Article; Randomized Controlled Trial", "journal-article"),
        Coded("JOUR; Trial registry record", "registration"),
        Coded("JOUR; Conference Abstract", "conference-abstract"),
        Coded("CHAP", None),
    ]


def test_languages_and_no_personal_address(four: list[PublicationRecord]) -> None:
    assert [r.language for r in four] == ["en", None, "de", None]
    assert "example.org" not in repr(four)


def test_a_value_goes_on_in_the_next_line(four: list[PublicationRecord]) -> None:
    record = one(FORMAT, small("N1  - first", "second NCT09990001", "   third", "TI - fourth"))
    assert record.title == "A title"
    assert [n.printed for n in record.registry_numbers] == ["NCT09990001"]
    assert one(FORMAT, b"TY  - JOUR\nTI  - A\nlong title.\nER  -").title == "A long title"


def test_fewer_spaces_are_read_where_ty_has_them() -> None:
    record = one(FORMAT, b"TY - JOUR\nTI - A title\nAU - Burt, Richard K\nER -\n")
    assert FORMAT.recognise(b"TY - JOUR\nTI - A title\n")
    assert (record.title, record.authors) == ("A title", ["Burt RK"])


def test_unknown_tags_types_and_languages_are_told() -> None:
    outcome = load(FORMAT, small("ZZ  - 1", "M3  - Podcast", "LA  - Klingon", kind="HOLO"))
    assert sorted(outcome.audit.unknown) == ["TY=HOLO", "ZZ", "language=Klingon", "publication type=Podcast"]
    assert outcome.records[0].kind == Coded("HOLO; Podcast", None)
    assert set(outcome.audit.first.values()) == {"A title"}


def test_every_tag_that_rispy_knows_is_taken_or_left_out_for_a_reason() -> None:
    known = set(TAG_KEY_MAPPING) - {"ER", "UK"}  # the end of a record, and rispy's own name for what it does not know
    assert len(known) > 50
    assert sorted(known - ris.TAKEN - set(ris.IGNORED)) == []
    assert ris.TAKEN.isdisjoint(ris.IGNORED)


def test_a_number_of_pubmed_is_told_by_its_database() -> None:
    for lines, pmid, accession in (
        (("AN  - 39900309", "DB  - PubMed"), "39900309", None),
        (("AN  - 39900309", "DP  - NLM"), "39900309", None),
        (("AN  - PMID:39900309",), "39900309", None),
        (("ID  - 39900309", "DB  - Ovid MEDLINE(R)"), "39900309", None),
        (("AN  - 39900309", "DB  - Scopus"), None, "39900309"),
        (("AN  - 639900309", "DB  - Embase", "DB  - Medline"), None, "639900309"),
        (("AN  - WOS:000123", "N1  - PMID: 39900309"), "39900309", "WOS:000123"),
    ):
        record = one(FORMAT, small(*lines))
        assert (record.pmid, record.accession) == (pmid, accession), lines


def test_a_doi_in_an_address_counts_where_there_is_no_other() -> None:
    assert one(FORMAT, small("UR  - https://doi.org/10.1000/X")).doi == "10.1000/x"
    outcome = load(FORMAT, small("DO  - see publisher", "UR  - https://example.org/a"))
    assert outcome.records[0].doi is None
    assert outcome.records[0].printed_identifiers == {"doi": "see publisher"}
    assert dict(outcome.audit.unknown) == {"doi that follows no pattern": 1}


def test_a_title_in_brackets_is_a_translation() -> None:
    record = one(FORMAT, b"TY  - JOUR\nTI  - [Stem cells].\nLA  - nor\nER  -")
    assert (record.title, record.language) == ("Stem cells", "en")


def test_empty_tags_are_named() -> None:
    assert one(FORMAT, small("VL  - ", "DB  -")).empty == ["VL", "DB"]


@pytest.mark.parametrize(
    ("record", "message", "line"),
    [
        (b"TY  - JOUR\nTI  - no end\n", "no ER before the next", 1),
        (b"TY  - JOUR\nTY  - CONF\nTI  - A title\nER  -\n", "no ER before the next", 1),
        (b"TI  - no beginning\nAU  - A\nER  -\n", "no TY at its beginning", 1),
        (b"TY  - JOUR\nAU  - Burt RK\nER  -\n", "has no title, DOI or PubMed number", None),
        (b"TY  - JOUR\nTI  - A\nDA  - 2019/02/30\nER  -\n", "no date of the calendar", None),
        (b"TY  - JOUR\nTI  - caf\xe9\nER  -\n", "not in UTF-8", 2),
        (b"TY  - JOUR\nTI  - A\0B\nER  -\n", "NUL", 2),
    ],
)
def test_a_fault_costs_only_its_record(
    record: bytes, message: str, line: int | None, four: list[PublicationRecord]
) -> None:
    outcome = load(FORMAT, record + MIXED[MIXED.index(b"TY  -") :])
    assert outcome.records[-4:] == four
    [fault] = outcome.faults
    assert message in str(fault)
    assert fault.line == line


def test_line_ends_byte_order_marks_and_joined_files(four: list[PublicationRecord]) -> None:
    marked = b"\xef\xbb\xbf" + MIXED[MIXED.index(b"TY  -") :]
    assert FORMAT.recognise(marked) and FORMAT.recognise(MIXED.replace(b"\n", b"\r\n"))
    assert load(FORMAT, MIXED.replace(b"\n", b"\r\n")).records == four
    assert load(FORMAT, marked + marked).records == four + four
    assert load(FORMAT, MIXED.rstrip()).records == four


def test_a_file_that_breaks_off_gives_what_is_whole_and_one_fault() -> None:
    def ends(piece: bytes) -> bool:
        last = max(piece.rfind(b"\nER  -"), 0)
        return re.search(rb"\nTY  - \w|\n[A-Z][A-Z0-9]  -", piece[last + 6 :]) is None

    assert_truncation_is_told(FORMAT, MIXED, 4, ends)


def test_what_the_mapping_may_hold_besides() -> None:
    assert FORMAT.record is not None
    for wrong in (None, [], "text", 3, {"TI": {"a": 1}}, {"TI": [["a"]]}, {}):
        with pytest.raises(RecordError):
            FORMAT.record(wrong, Audit())


def test_only_ris_is_recognised() -> None:
    assert FORMAT.recognise(MIXED[:200])
    for other in (b"PMID- 1\nTI  - x", b"<html>\nTY  - JOUR\n", b"", b'{"a":"\nTY  - JOUR\n"}', b"The TY  - JOUR\n"):
        assert not FORMAT.recognise(other)


@pytest.mark.shared
def test_the_samples_give_what_stands_in_them(shared_dir: Path) -> None:
    files = sorted((shared_dir / "samples" / "ris").iterdir())
    assert [f.name for f in files] == ["RisImporterTest5a.ris", "asreview_embase.ris"]
    assert all(FORMAT.recognise(f.read_bytes()[: 2**16]) for f in files)
    powder = one(FORMAT, files[0].read_bytes())
    assert (powder.doi, powder.pages, powder.authors[3]) == (
        "10.1016/j.powtec.2012.01.008",
        "245-251",
        "Cabral-Marques HM",
    )
    embase = load(FORMAT, files[1].read_bytes())
    assert (len(embase.records), embase.faults, dict(embase.audit.unknown)) == (6, [], {})
    assert [r.pmid for r in embase.records] == [None, "15368318", None, "30396417", "21218094", None]
    assert embase.records[2].container_short == "Int. J. Surg. Case Rep."
    assert embase.records[3].kind == Coded("JOUR; Review", "review-article")
    assert "@" not in repr(embase.records)


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    claimed = [p.name for p in other_samples(shared_dir, "ris") if FORMAT.recognise(p.read_bytes()[: 2**16])]
    assert claimed == []

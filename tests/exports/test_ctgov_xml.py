"""ClinicalTrials.gov classic XML: every field, printed and normalised; what is wrong, told."""

from io import BytesIO
from pathlib import Path

import pytest

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import CitedPublication, Coded, Counted, Dated, OtherNumber, Title
from msevidence.loaders.registries.ctgov_xml import FORMAT, IGNORED, read, recognise, record
from tests.exports.ctgov_reading import FIXTURES, cuts, load, one, other_heads

STUDIES = (FIXTURES / "ctgov_xml" / "studies.xml").read_bytes()
_BEGIN, _END = STUDIES.index(b"<clinical_study rank"), STUDIES.index(b'<clinical_study rank="2')
STUDY = STUDIES[_BEGIN:_END].strip()


def small(inside: str = "", number: str = "<nct_id>NCT09990999</nct_id>") -> bytes:
    """Return a record with a number and the given elements."""
    return f"<clinical_study><id_info>{number}</id_info>{inside}</clinical_study>".encode()


def test_titles_status_and_dates() -> None:
    found = load(FORMAT, STUDIES).records[0]
    assert (found.number.scheme, found.number.normalised) == ("NCT", "NCT09990301")
    assert found.titles == [
        Title("public", "Cells in the Classic Format", "en"),
        Title("scientific", "Cells in the Classic Format: Extension of ISRCTN90909012", "en"),
    ]
    assert found.acronyms == ["CLASSIC"]
    assert found.status == Coded("Active, not recruiting", "active-not-recruiting")
    assert found.dates == {
        "start": Dated("September 2014", "2014-09", None),
        "primary-completion": Dated("May 31, 2019", "2019-05-31", "actual"),
        "completion": Dated("December 2019", "2019-12", "estimated"),
        "registered": Dated("July 25, 2014", "2014-07-25", "estimated"),
        "results-posted": Dated("May 30, 2019", "2019-05-30", "actual"),
        "updated": Dated("May 30, 2019", "2019-05-30", "actual"),
    }
    assert found.address == "https://clinicaltrials.gov/show/NCT09990301"
    assert found.has_results is True


def test_what_the_study_is() -> None:
    found = one(FORMAT, STUDY)
    assert found.sponsors == ["Sandviken Hospital"]
    assert found.collaborators == ["Cell Works AS", "Fund of Trials"]
    assert found.conditions == ["Multiple Sclerosis", "Optic Neuritis"]
    assert found.interventions == ["Autologous cells"]
    assert found.outcomes == ["Walking", "Seeing"]
    assert found.countries == ["Norway", "Iran, Islamic Republic of"]
    assert (found.study_type, found.phase) == ("Interventional", "Phase 1/Phase 2")
    assert found.enrolment == Counted("21", 21, "actual")
    assert found.design == (
        "Allocation: Non-Randomized|Intervention Model: Single Group Assignment|Masking: None (Open Label)"
        "|Primary Purpose: Treatment"
    )
    assert "kari" not in repr(found).lower()
    assert found == load(FORMAT, STUDIES).records[0]


def test_every_other_number_has_its_role() -> None:
    found = one(FORMAT, STUDY)
    assert [(n.printed, n.role, n.label, n.number and n.number.normalised) for n in found.other_numbers] == [
        ("BERGEN-SC-3", "protocol-code", "org_study_id", None),
        ("2011-000321-54", "secondary", "secondary_id", "2011-000321-54"),
        ("EudraCT 2012-000321-54", "secondary", "secondary_id", "2012-000321-54"),
        ("NCT09990399", "secondary", "secondary_id", "NCT09990399"),
        ("NCT09990012", "obsolete", "nct_alias", "NCT09990012"),
        ("NCT09990078", "associated", "expanded_access_nct_id", "NCT09990078"),
        ("ISRCTN90909012", "title", None, "ISRCTN90909012"),
    ]
    assert found.empty == ["id_info.secondary_id"]  # the "Nil known"


def test_publications_with_their_kinds() -> None:
    assert one(FORMAT, STUDY).publications == [
        CitedPublication("Prove K. Cells. doi: 10.9999/JT.2019.3.", "result", "30000001", "10.9999/jt.2019.3"),
        CitedPublication("Old work. 1999.", None, "10000001", None),
        CitedPublication("Protocol", None, None, "10.9999/protocol.8"),
    ]


def test_older_names_of_dates_and_design() -> None:
    loaded = load(FORMAT, STUDIES)
    assert loaded.numbers == ["NCT09990301", "NCT09990302", "NCT09990303"]
    assert (loaded.faults, loaded.audit.unknown) == ([], {})
    assert loaded.lines == [3, 71, 80]
    older = loaded.records[1]
    assert older.dates == {
        "registered": Dated("March 3, 2009", "2009-03-03", None),
        "updated": Dated("April 4, 2012", "2012-04-04", None),
    }
    assert older.design == "Allocation: Randomized, Masking: Double Blind"
    assert older.status == Coded("No longer available", "no-longer-available")
    assert older.empty == ["acronym"]
    assert older.has_results is False
    last = loaded.records[2]
    assert (last.status, last.empty, last.dates) == (Coded("Completed", "completed"), [], {})
    assert [raw.label for raw in read(BytesIO(STUDIES), "f") if not isinstance(raw, RecordError)] == loaded.numbers


def test_what_is_not_known_is_kept_as_printed_and_told() -> None:
    loaded = load(
        FORMAT,
        small(
            "<overall_status>Resting</overall_status><mood>good</mood><start_date type='Hoped'>May 2031</start_date>"
            "<sponsors><lead_sponsor><agency>S</agency><colour>red</colour></lead_sponsor></sponsors>"
        ),
    )
    assert loaded.faults == []
    assert loaded.records[0].status == Coded("Resting", None)
    assert loaded.records[0].dates == {"start": Dated("May 2031", "2031-05", None)}
    assert dict(loaded.audit.unknown) == {
        "status=Resting": 1,
        "type=Hoped": 1,
        "sponsors.lead_sponsor.colour": 1,
        "mood": 1,
    }


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (small(number=""), r"id_info\.nct_id: the record has no NCT number"),
        (b"<clinical_study/>", "the record has no NCT number"),
        (small(number="<nct_id>NCT11111111</nct_id>"), "nct_id: .*placeholder"),
        (small(number="<nct_id>NCT1</nct_id>"), "nct_id: .*pattern"),
        (small(number="<nct_id>NCT09990001</nct_id><nct_id>NCT09990002</nct_id>"), r"nct_id: stands 2 times"),
        (small("<start_date>February 30, 2031</start_date>"), "start_date: .*calendar"),
        (small("<last_update_posted>2031-13-01</last_update_posted>"), "last_update_posted: .*calendar"),
        (small("<enrollment>-4</enrollment>"), "enrollment: .*no number of persons"),
        (small("<brief_title>A</brief_title><brief_title>B</brief_title>"), "brief_title: stands 2 times"),
        (small("<id_info/>"), "id_info: stands 2 times"),
        (
            b"<!DOCTYPE x [<!ENTITY e 'SECRET'>]>" + small("<brief_title>A &e; B</brief_title>"),
            "holds an entity",
        ),
        (
            b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + small("<brief_title>&e;</brief_title>"),
            "holds an entity",
        ),
    ],
)
def test_faults_of_a_record_name_the_field(data: bytes, message: str) -> None:
    loaded = load(FORMAT, data)
    assert loaded.records == []
    with pytest.raises(RecordError, match=message):
        raise loaded.faults[0]
    assert len(loaded.faults) == 1


@pytest.mark.parametrize("wrong", [None, {}, "text", 7])
def test_what_is_no_element_is_a_fault(wrong: object) -> None:
    with pytest.raises(RecordError, match="should be an element"):
        record(wrong, Audit())


def test_a_bad_study_leaves_its_neighbours_as_they_are() -> None:
    good = load(FORMAT, STUDIES).records
    loaded = load(FORMAT, STUDIES.replace(b"<nct_id>NCT09990302</nct_id>", b"<nct_id>NCT0</nct_id>"))
    assert loaded.records == [good[0], good[2]]
    assert len(loaded.faults) == 1


def test_what_is_whole_before_a_cut_is_loaded() -> None:
    whole = load(FORMAT, STUDIES).records
    seen = set()
    for piece in cuts(STUDIES):
        loaded = load(FORMAT, piece)
        assert loaded.records == whole[: len(loaded.records)]
        assert len(loaded.faults) == 1
        assert "cannot be read here" in loaded.faults[0].message
        seen.add(len(loaded.records))
    assert seen == {0, 1, 2, 3}


def test_hostile_bytes_are_faults() -> None:
    good = load(FORMAT, STUDIES).records
    second = STUDIES.index(b"An Older")
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>".encode() for i in range(12)
    )
    cases = [
        STUDIES[:second] + b"\0" + STUDIES[second:],
        STUDIES[:second] + b"\xff" + STUDIES[second:],
        STUDIES[:second] + b"<a>" * 10_000 + STUDIES[second:],
        STUDIES[:second] + b"<a>" * 1000 + b"</a>" * 1000 + STUDIES[second:],
        STUDIES[:second] + b"&unknown;" + STUDIES[second:],
        STUDIES[:second] + b"x" * 11_000_000 + STUDIES[second:],
        bomb + b"]>" + small("<brief_title>&m;</brief_title>"),
        bomb + b"]>" + small("<brief_title x='&m;'>T</brief_title>"),
        STUDIES.replace(b'encoding="UTF-8"', b'encoding="KLINGON"'),
    ]
    for bad in cases:
        loaded = load(FORMAT, bad)
        assert len(loaded.faults) == 1, bad[:200]
        assert all(r in good for r in loaded.records)
    assert load(FORMAT, b"\xef\xbb\xbf" + STUDIES).records == good
    # Another encoding than UTF-8 is no fault where the file says which it is.
    latin = "<?xml version='1.0' encoding='ISO-8859-1'?>" + small("<brief_title>Zürich</brief_title>").decode()
    assert one(FORMAT, latin.encode("iso-8859-1")).titles == [Title("public", "Zürich", "en")]


def test_a_list_of_hits_is_refused_by_name() -> None:
    hits = (
        b"<?xml version='1.0'?><search_results count='1'><query>cells</query>"
        b"<study rank='1'><nct_id>NCT09990301</nct_id></study></search_results>"
    )
    assert recognise(hits)
    with pytest.raises(ExportError, match=r"list of hits.*download the studies"):
        load(FORMAT, hits)
    wrapped = b"<search_results>" + STUDY + b"</search_results>"
    assert load(FORMAT, wrapped).numbers == ["NCT09990301"]


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless:
        """Many records, made while they are read."""

        left = 40_000_000

        def read(self, size: int = -1) -> bytes:
            first, self.left = self.left == 40_000_000, self.left - len(STUDY)
            return b"<clinical_studies>" + STUDY if first else STUDY if self.left > 0 else b""

    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = list(not isinstance(raw, RecordError) for raw in read(Endless(), "file"))  # type: ignore[arg-type]
    assert sum(items) > 5000
    assert items.count(False) == 1  # the element around the records is not closed
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


def test_recognised_by_content_only() -> None:
    for good in (STUDIES, STUDY, b"\xef\xbb\xbf \n" + STUDY, STUDIES[:120]):
        assert recognise(good)
    for other in (b"", b"<html><clinical_studyx>", b"clinical_study", b"<search_results><entry/></search_results>"):
        assert not recognise(other)


def test_everything_that_is_ignored_has_a_reason() -> None:
    assert len(IGNORED) > 50
    assert all(len(reason) > 5 for reason in IGNORED.values())


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    assert not any(recognise(head) for head in other_heads(shared_dir, "ctgov_legacy_xml"))


@pytest.mark.shared
def test_the_samples(shared_dir: Path) -> None:
    paths = sorted((shared_dir / "samples" / "ctgov_legacy_xml").glob("*.xml"))
    assert [p.stem for p in paths] == ["NCT02260193", "NCT02591810"]
    assert all(recognise(p.read_bytes()[: 2**16]) for p in paths)
    first, second = (one(FORMAT, p.read_bytes()) for p in paths)
    assert first.dates["start"] == Dated("September 2014", "2014-09", None)
    assert first.dates["completion"] == Dated("August 2015", "2015-08", "actual")
    assert first.dates["updated"] == Dated("December 16, 2015", "2015-12-16", "estimated")
    assert first.enrolment == Counted("94", 94, "actual")
    assert first.sponsors == ["Akebia Therapeutics"]
    assert first.other_numbers == [OtherNumber("AKB-6548-CI-0011", "protocol-code", "org_study_id")]
    assert first.outcomes == ["Change in Baseline Hemoglobin"] * 2 + ["Change in Week 8 Hemoglobin"]
    assert second.status == Coded("Withdrawn", "withdrawn")
    assert second.acronyms == ["DRUJ"]
    assert second.enrolment == Counted("0", 0, "actual")
    assert second.countries == []
    assert second.has_results is False

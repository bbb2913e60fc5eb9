"""JSON of the public API of the EU Clinical Trials Information System."""

import io
import json
import re
from typing import Any

import pytest

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import CitedPublication, Coded, Counted, Dated, Raw, Title
from msevidence.loaders.registries.ctis_fields import IGNORED, LANGUAGES, PHASE_OF_CODE, STATUS, STATUS_OF_CODE
from msevidence.loaders.registries.ctis_json import FORMAT
from msevidence.ontology.namespaces import schemes
from tests.exports.european import FIXTURES, OTHERS, cuts, damaged, items, loaded, records_of, survives

NEW, OLD, SEARCH = ((FIXTURES / "ctis_json" / f"{n}.json").read_bytes() for n in ("new_layout", "old_layout", "search"))


def changed(path: str, value: Any, data: bytes = NEW) -> bytes:
    """Return a record with another value at a path of names."""
    whole = json.loads(data)
    place = whole
    *names, last = path.split(".")
    for name in names:
        place = place[int(name) if name.isdigit() else name]
    place[int(last) if last.isdigit() else last] = value
    return json.dumps(whole).encode()


IDENTIFIERS = "authorizedApplication.authorizedPartI.trialDetails.clinicalTrialIdentifiers"


def test_the_newer_layout():
    (found,) = records_of(FORMAT, NEW)
    assert (found.number.scheme, found.number.normalised) == ("CTIS", "2023-508111-25-00")
    assert found.titles == [
        Title("scientific", "Stem cell transplantation against best drug treatment (NCT04971005)", "en"),
        Title("scientific", "Stamcellstransplantation", "sv"),
        Title("public", "Stem cells or medicine for MS", "en"),
    ]
    assert found.acronyms == ["NORD-MS"]
    assert found.status == Coded("5", "active-not-recruiting")
    assert found.dates == {
        "start": Dated("02/05/2019", "2019-05-02", "actual"),
        "completion": Dated("2027-06-30", "2027-06-30", "estimated"),
        "registered": Dated("2023-10-01", "2023-10-01"),
        "authorised": Dated("12/01/2024", "2024-01-12"),
        "updated": Dated("02/02/2025", "2025-02-02"),
        "results-posted": Dated("2025-01-31T10:00:00", "2025-01-31"),
    }
    assert found.enrolment == Counted("40 + 20 + 12", 72, "estimated")
    assert found.phase == "Therapeutic confirmatory (Phase III)"
    assert found.conditions == ["Relapsing multiple sclerosis"]
    assert found.interventions == ["Autologous stem cells", "Compardrug 10 mg"]
    assert found.outcomes == ["No evidence of disease activity", "Confirmed worsening"]
    assert found.sponsors == ["Northern University Hospital"]
    assert found.collaborators == ["Southern University Hospital"]
    assert found.countries == ["Sweden", "Norway", "Switzerland"]
    assert found.has_results is True
    assert found.publications == [CitedPublication(pmid="39012345")]
    assert not any(w in repr(found) for w in ("Kari", "north.example"))


def test_every_number_has_its_role_and_label():
    (found,) = records_of(FORMAT, NEW)
    assert [(n.printed, n.role, n.label, n.number.scheme if n.number else None) for n in found.other_numbers] == [
        ("NCT04971004", "secondary", "nctNumber", "NCT"),
        ("ISRCTN40217893", "secondary", "isrctnNumber", "ISRCTN"),
        ("U1111-1197-2083", "secondary", "whoUniversalTrialNumber", None),
        ("DRKS00021773", "secondary", "German register", "DRKS"),
        ("REK 2018/421", "secondary", "additionalRegistries", None),
        ("2018-003415-27", "transition", "eudraCt.eudraCtCode", "EudraCT"),
        ("2012-004821-93", "associated", "associatedClinicalTrials", "EudraCT"),
        ("NCT04971005", "title", None, "NCT"),
    ]


def test_the_older_layout():
    (found,) = records_of(FORMAT, OLD)
    assert found.number.normalised == "2022-501377-18-00"
    assert found.status == Coded("Ongoing, recruiting", "recruiting")
    assert found.titles == [
        Title("scientific", "Mesenchymal cells in progressive MS", "en"),
        Title("public", "Cells for progressive MS", "en"),
    ]
    assert [(n.printed, n.role) for n in found.other_numbers] == [("ACI-0042", "protocol-code")]
    assert found.dates == {
        "start": Dated("2022-10-01", "2022-10-01", "estimated"),
        "completion": Dated("2024-03-03", "2024-03-03", "actual"),
        "registered": Dated("2022-05-05", "2022-05-05"),
        "authorised": Dated("2022-09-01", "2022-09-01"),
        "updated": Dated("2023-11-11", "2023-11-11"),
    }
    assert (found.sponsors, found.collaborators) == (["Alpine Cell Institute"], ["Lowland Clinic"])
    assert found.countries == ["Austria"]
    assert found.conditions == ["Progressive multiple sclerosis"]
    assert found.enrolment == Counted("30", 30, "estimated")


def test_rows_of_a_search():
    first, second = records_of(FORMAT, SEARCH)
    assert [i.label for i in items(FORMAT, SEARCH)] == ["2024-512345-67-00", "2024-512345-68-00"]
    assert first.titles == [Title("scientific", "Haematopoietic stem cells in early MS", "en")]
    assert first.acronyms == ["EARLY-CELL"]
    assert first.status == Coded("4", "recruiting")
    assert first.sponsors == ["Iberian Hospital"]
    assert first.conditions == ["Multiple sclerosis, relapsing"]  # names have commas, too
    assert first.countries == ["Spain", "France"]
    assert first.enrolment == Counted("120", 120, "estimated")
    assert first.dates["completion"] == Dated("04/04/2026", "2026-04-04", "actual")
    assert first.dates["start"] == Dated("03/03/2025", "2025-03-03", "actual")
    assert first.has_results is False
    assert first.outcomes == ["Relapse rate"]
    assert first.interventions == ["CELLS"]
    assert "completion" not in second.dates  # it ended in the EEA, and goes on elsewhere
    assert second.status == Coded("99", None)


def test_lists_and_lines_are_read_like_single_objects():
    one = [json.loads(d) for d in (NEW, OLD)]
    both = [records_of(FORMAT, d)[0] for d in (NEW, OLD)]
    assert records_of(FORMAT, json.dumps(one).encode()) == both
    lines = "\n".join(json.dumps(o) for o in one).encode()
    assert records_of(FORMAT, lines) == both
    assert [i.line for i in items(FORMAT, lines)] == [1, 2]
    assert records_of(FORMAT, b"\xef\xbb\xbf" + NEW) == both[:1]
    assert records_of(FORMAT, json.dumps({"data": []}).encode()) == []


def test_the_fixtures_have_no_unknown_field():
    audit = Audit()
    for data in (NEW, OLD, SEARCH):
        records_of(FORMAT, data, audit)
    assert audit.unknown == {"status=99": 1}


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("ctColour", "blue", "ctColour"),
        ("ctPublicStatusCode", 42, "status=42"),
        ("authorizedApplication.fee", 1, "authorizedApplication.fee"),
        ("authorizedApplication.authorizedPartI.fee", 1, "authorizedPartI.fee"),
        ("authorizedApplication.authorizedPartI.trialDetails.fee", 1, "trialDetails.fee"),
        ("authorizedApplication.authorizedPartI.trialDetails.trialInformation.fee", 1, "trialInformation.fee"),
        (f"{IDENTIFIERS}.fee", 1, "clinicalTrialIdentifiers.fee"),
        (f"{IDENTIFIERS}.fullTitleTranslations.0.languageDescription", "Elvish", "languageDescription=Elvish"),
        ("authorizedApplication.eudraCt.fee", 1, "eudraCt.fee"),
        ("events.fee", 1, "events.fee"),
        ("results.fee", 1, "results.fee"),
    ],
)
def test_what_nobody_knows_is_told_and_does_not_stop_the_record(path: str, value: Any, told: str):
    audit = Audit()
    assert len(records_of(FORMAT, changed(path, value), audit)) == 1
    assert audit.first == {told: "2023-508111-25-00"}


def test_an_unknown_phase_code_is_told():
    audit = Audit()
    path = "authorizedApplication.authorizedPartI.trialDetails.trialInformation.trialCategory.trialPhase"
    (found,) = records_of(FORMAT, changed(path, "77"), audit)
    assert found.phase == "77"
    assert "trialPhase=77" in audit.unknown


def test_the_status_of_the_application_is_not_that_of_the_trial():
    (found,) = records_of(FORMAT, changed("ctPublicStatusCode", 8))
    assert found.status == Coded("8", "ended")
    data = json.loads(NEW)
    del data["ctPublicStatusCode"]
    (found,) = records_of(FORMAT, json.dumps(data).encode())
    assert found.status == Coded("Authorised", "authorised")


def test_every_code_has_a_concept_and_every_field_a_reason():
    concepts = set(schemes()["status-as-registered"])
    assert set(STATUS.values()) | set(STATUS_OF_CODE.values()) <= concepts
    assert set(STATUS_OF_CODE) == {str(n) for n in range(1, 13)}
    assert set(PHASE_OF_CODE) == {str(n) for n in range(1, 12)}
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)
    assert all(IGNORED.values())


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("ctNumber", None, "has no CTIS number"),
        ("ctNumber", "2018-003415-27", "no number of CTIS"),
        ("ctNumber", "0000-000000-00-00", "placeholder"),
        ("ctNumber", ["2023-508111-25-00"], "more than a text"),
        ("startDateEU", "31/02/2019", "no date of the calendar"),
        ("lastUpdated", "2019-13-01", "no date of the calendar"),
        ("authorizedApplication.authorizedPartsII.0.recruitmentSubjectCount", -4, "no number of persons"),
        ("totalNumberEnrolled", "7.5", "no number of persons"),
        ("authorizedApplication", [], "should be an object"),
        ("authorizedApplication.authorizedPartI.sponsors.0", "Hospital", "should be an object"),
        (f"{IDENTIFIERS}.fullTitle", {"text": "x"}, "more than a text"),
    ],
)
def test_faults_leave_the_neighbours(path: str, value: Any, message: str):
    data = [json.loads(OLD), json.loads(changed(path, value)), json.loads(OLD)]
    found = loaded(FORMAT, json.dumps(data).encode())
    good = records_of(FORMAT, OLD)[0]
    assert (found[0], found[2]) == (good, good)
    assert isinstance(found[1], RecordError)
    assert message in str(found[1])
    assert found[1].field


@pytest.mark.parametrize("short", ["", "N/A", None])
def test_an_empty_short_title_is_neither(short: str | None):
    (found,) = records_of(FORMAT, changed(f"{IDENTIFIERS}.shortTitle", short))
    assert found.acronyms == []
    assert not any(t.kind == "short" for t in found.titles)


def test_a_short_title_in_words():
    (found,) = records_of(FORMAT, changed(f"{IDENTIFIERS}.shortTitle", "Cells in MS"))
    assert Title("short", "Cells in MS", "en") in found.titles


def test_several_numbers_in_one_field_are_taken_apart():
    path = f"{IDENTIFIERS}.secondaryIdentifyingNumbers.nctNumber.number"
    (found,) = records_of(FORMAT, changed(path, "NCT04971004, NCT04971006 / NCT00000000"))
    assert [n.printed for n in found.other_numbers if n.label == "nctNumber"] == [
        "NCT04971004",
        "NCT04971006",
        "NCT00000000",
    ]
    (found,) = records_of(FORMAT, changed(path, "none"))
    assert not any(n.label == "nctNumber" for n in found.other_numbers)


def test_a_number_not_moved_is_secondary():
    (found,) = records_of(FORMAT, changed("authorizedApplication.eudraCt.isTransitioned", False))
    assert ("2018-003415-27", "secondary") in [(n.printed, n.role) for n in found.other_numbers]


def test_an_incomplete_sum_is_not_made():
    path = "authorizedApplication.authorizedPartsII.0.recruitmentSubjectCount"
    (found,) = records_of(FORMAT, changed(path, None))
    assert found.enrolment == Counted("72", 72, "estimated")  # what the record says itself


@pytest.mark.parametrize("data", [NEW, OLD, SEARCH], ids=["new", "old", "search"])
def test_a_file_that_breaks_off_keeps_what_is_whole(data: bytes):
    good = records_of(FORMAT, data)
    places = cuts(data.rstrip())
    assert len(places) >= 40
    for place in places:
        found = loaded(FORMAT, data[:place])
        assert isinstance(found[-1], RecordError), place
        assert found[:-1] == good[: len(found) - 1]
        assert "get the file again" in str(found[-1])
    assert max(len(loaded(FORMAT, data[:p])) for p in places) == len(good) + (data == SEARCH)


def test_values_of_wrong_types_end_in_faults_only():
    tried = 0
    for data in (NEW, OLD):
        for change in (lambda v: [v], lambda v: {"a": v}, lambda v: None, lambda v: "text", lambda v: -1):
            for value in damaged(json.loads(data), change):
                survives(FORMAT, json.dumps(value).encode())
                tried += 1
    assert tried > 1000


@pytest.mark.parametrize(
    "data",
    [
        b'{"ctNumber": ' + b"[" * 200_000,
        b'{"ctNumber": "\0"}',
        b'{"ctNumber": "\\u0000"}',
        b'{"ctNumber": "2023-508111-25-00", "ctTitle": "\\ud800"}',
        b'{"ctNumber": "\xff"}',
        b'{"ctNumber": ' + b"9" * 10_000 + b"}",
        b'{"ctNumber": NaN}',
        NEW.decode().encode("utf-16"),
        b'{"ctNumber" "2023-508111-25-00"}',
    ],
)
def test_hostile_bytes_end_in_faults_only(data: bytes):
    assert all(isinstance(f, RecordError) for f in survives(FORMAT, data))


def test_records_come_as_the_stream_is_read():
    class Stream(io.BytesIO):
        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Stream.asked += 1
            return super().read(min(size or 0, 2**12))

    rows = json.dumps({"data": json.loads(SEARCH)["data"] * 500}).encode()
    assert FORMAT.read is not None
    assert isinstance(next(FORMAT.read(Stream(rows), "test")), Raw)
    assert 0 < Stream.asked < len(rows) / 2**12


@pytest.mark.parametrize("name", OTHERS)
def test_files_of_other_formats_are_not_claimed(name: str):
    assert not FORMAT.recognise(OTHERS[name])


@pytest.mark.parametrize("data", [NEW, OLD, SEARCH, b"[" + NEW + b"]", b"\xef\xbb\xbf \n" + NEW])
def test_the_layouts_are_recognised(data: bytes):
    assert FORMAT.recognise(data)
    assert FORMAT.recognise(data[: re.search(rb'"ctNumber": *\S', data).end()])  # type: ignore[union-attr]


@pytest.mark.shared
def test_real_records(shared_dir):
    files = sorted((shared_dir / "samples" / "ctis_json").iterdir())
    assert [f.name for f in files] == ["2022-500244-37-00_pre2024layout.json", "2024-510663-34-00.json"]
    audit = Audit()
    assert all(FORMAT.recognise(f.read_bytes()[: 2**16]) for f in files)
    older, newer = (records_of(FORMAT, f.read_bytes(), audit)[0] for f in files)
    assert audit.unknown == {}
    assert older.number.normalised == "2022-500244-37-00"
    assert older.status == Coded("Authorised, not started", "not-yet-recruiting")
    assert older.enrolment == Counted("150 + 290", 440, "estimated")
    assert older.sponsors == ["Kinarus AG"]
    assert older.countries == ["Germany", "Switzerland"]
    assert [(n.printed, n.role) for n in older.other_numbers] == [
        ("KIN001-204", "protocol-code"),
        ("2020-005849-16", "associated"),
    ]
    assert newer.number.normalised == "2024-510663-34-00"
    assert newer.status == Coded("4", "recruiting")
    assert newer.enrolment == Counted("7 + 4 + 0", 11, "estimated")
    assert [(t.kind, t.language) for t in newer.titles] == [
        ("scientific", "en"),
        ("scientific", "es"),
        ("public", "en"),
        ("public", "es"),
    ]
    assert [(n.printed, n.role) for n in newer.other_numbers] == [
        ("200925", "protocol-code"),
        ("NCT04494412", "secondary"),
        ("2019-001588-63", "transition"),
    ]
    assert newer.dates["start"] == Dated("29/01/2021", "2021-01-29", "actual")
    assert newer.dates["completion"] == Dated("2026-12-09", "2026-12-09", "estimated")
    assert newer.dates["updated"].value == "2025-09-15"
    assert newer.has_results is False
    assert not any("@" in repr(r) for r in (older, newer))


@pytest.mark.shared
def test_other_samples_are_not_claimed(shared_dir):
    files = [f for f in (shared_dir / "samples").rglob("*.*") if f.parent.name != "ctis_json"]
    assert len(files) >= 25
    assert not [f.name for f in files if FORMAT.recognise(f.read_bytes()[: 2**16])]

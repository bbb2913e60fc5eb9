"""The text downloads of the EU Clinical Trials Register."""

import io
import re

import pytest

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import Coded, Counted, Dated, Raw, Title
from msevidence.loaders.registries import euctr_lines
from msevidence.loaders.registries.euctr_fields import COUNTRIES, IGNORED, STATUS
from msevidence.loaders.registries.euctr_text import FORMAT
from msevidence.ontology.namespaces import schemes
from tests.exports.european import FIXTURES, OTHERS, cuts, faults, items, loaded, records_of, survives

FULL = (FIXTURES / "euctr_text" / "full.txt").read_bytes()
SUMMARY = (FIXTURES / "euctr_text" / "summary.txt").read_bytes()


def one(text: bytes = FULL, audit: Audit | None = None):
    return records_of(FORMAT, text, audit)[0]


def replaced(old: str, new: str, text: bytes = FULL) -> bytes:
    assert old.encode() in text
    return text.replace(old.encode(), new.encode(), 1)


def test_each_country_is_a_record_with_its_suffix():
    found = records_of(FORMAT, FULL)
    assert [(r.number.normalised, r.number.suffix) for r in found] == [
        ("2018-003415-27", "SE"),
        ("2018-003415-27", "NO"),
        ("2018-003415-27", "GB"),
    ]
    assert [i.line for i in items(FORMAT, FULL)] == [4, 141, 270]
    assert items(FORMAT, FULL)[0].label == "2018-003415-27"


def test_titles_carry_their_language_and_go_over_lines():
    assert one().titles == [
        Title(
            "scientific",
            "Stem cell transplantation against best drug treatment in relapsing multiple sclerosis: "
            "a randomised trial (NCT04971005)",
            "en",
        ),
        Title("scientific", "Stamcellstransplantation jämfört med bästa läkemedel", "sv"),
        Title("public", "Stem cells or medicine for MS", "en"),
        Title("public", "Stamceller eller läkemedel", "sv"),
    ]
    assert one().acronyms == ["NORD-MS"]


def test_a_short_title_in_words_is_no_acronym():
    found = one(replaced("where available: NORD-MS", "where available: Cells in MS"))
    assert found.acronyms == []
    assert found.titles[-1] == Title("short", "Cells in MS", "en")


def test_every_number_has_its_role_and_label():
    found = {n.printed: n for n in one().other_numbers}
    assert {p: n.role for p, n in found.items()} == {
        "ISRCTN40217893": "secondary",
        "NCT04971004": "secondary",
        "NCT04971006": "secondary",
        "U1111-1197-2083": "secondary",
        "2018/421": "secondary",
        "2023-508111-25-00": "secondary",
        "NORD-HSCT-7": "protocol-code",
        "NCT04971005": "title",
    }
    assert found["2018/421"].label == "REK"
    assert found["NCT04971004"].label == "A.5.2 US NCT (ClinicalTrials.gov registry) number"
    assert found["2023-508111-25-00"].number.scheme == "CTIS"
    assert found["U1111-1197-2083"].number is None


@pytest.mark.parametrize("nothing", ["", "N/A", "None", "not yet available", "Nil known", "-"])
def test_a_word_for_nothing_is_no_number(nothing: str):
    found = one(replaced("number: ISRCTN40217893", f"number: {nothing}"))
    assert not any(n.label and n.label.startswith("A.5.1") for n in found.other_numbers)
    assert "A.5.1 ISRCTN (International Standard Randomised Controlled Trial) number" in found.empty


def test_a_placeholder_keeps_its_printed_form():
    found = one(replaced("NCT04971004, NCT04971006", "NCT00000000"))
    assert [(n.printed, n.number) for n in found.other_numbers if n.label and n.label.startswith("A.5.2")] == [
        ("NCT00000000", None)
    ]


def test_dates_status_and_the_rest():
    sweden, norway, britain = records_of(FORMAT, FULL)
    assert sweden.status == Coded("Ongoing", "ongoing")
    assert norway.status == Coded("Completed", "completed")
    assert britain.status == Coded("GB - no longer in EU/EEA", "no-longer-in-eea")
    assert sweden.dates == {
        "registered": Dated("2018-03-01", "2018-03-01"),
        "authorised": Dated("2018-04-02", "2018-04-02"),
    }
    assert norway.dates["completion"] == Dated("2024-02-29", "2024-02-29")
    assert sweden.address == "https://www.clinicaltrialsregister.eu/ctr-search/trial/2018-003415-27/SE/"
    assert sweden.study_type == "EEA CTA"
    assert sweden.phase == "Therapeutic confirmatory (Phase III)"
    assert sweden.design == "Controlled; Randomised; Open; Comparator: Other medicinal product(s)"
    assert sweden.sponsors == ["Northern University Hospital", "Southern University Hospital"]
    assert sweden.conditions == ["Relapsing-remitting multiple sclerosis"]
    assert sweden.outcomes == ["No evidence of disease activity at two years"]
    assert sweden.interventions == ["Autologous stem cells", "Compardrug"]
    assert sweden.countries == ["Sweden", "Switzerland", "Canada"]
    assert sweden.has_results is None
    assert sweden.empty == ["D.3.8 INN - Proposed INN", "D.3.1 Product name"]


def test_no_contact_data_is_loaded():
    assert not any(w in repr(one()) for w in ("Kari", "north.example", "Hospital Road", "+47"))


def test_conditions_fall_back_to_plain_language():
    text = replaced("investigated: Relapsing-remitting\nmultiple sclerosis", "investigated:")
    text = replaced("E.1.1 Medical condition(s) being investigated (sv): Skovvis multipel skleros\n", "", text)
    assert one(text).conditions == ["MS"]


@pytest.mark.parametrize(
    ("planned", "found"),
    [
        (
            ("F.4.2.2 In the whole clinical trial: 60", "F.4.2.2 In the whole clinical trial: 0"),
            Counted("0", 0, "estimated"),
        ),
        (("F.4.2.2 In the whole clinical trial: 60\n", ""), None),
    ],
)
def test_enrolment_is_that_of_the_whole_trial(planned: tuple[str, str], found: Counted | None):
    assert one().enrolment == Counted("60", 60, "estimated")
    assert one(replaced(*planned)).enrolment == found


def test_a_national_trial_is_as_large_as_its_country():
    text = replaced("F.4.2.2 In the whole clinical trial: 60\n", "")
    text = replaced("involves multiple Member States: Yes", "involves multiple Member States: No", text)
    assert one(text).enrolment == Counted("20", 20, "estimated")
    text = replaced(
        "E.8.6.1 Trial being conducted both within and outside the EEA: Yes",
        "E.8.6.1 Trial being conducted both within and outside the EEA: No",
        text,
    )
    assert one(text).enrolment == Counted("60", 60, "estimated")


def test_the_fixture_has_no_unknown_field():
    audit = Audit()
    records_of(FORMAT, FULL + b"\n" + FULL, audit)
    records_of(FORMAT, SUMMARY, audit)
    assert audit.unknown == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("A.7 Trial is part", "A.9 Something new: 4\nA.7 Trial is part", "A.9 Something new"),
        ("A.5.2 US NCT (ClinicalTrials.gov registry)", "A.5.2 American", "A.5.2 American number"),
        ("N. Competent Authority Decision:", "N. Fee:", "N. Fee"),
        ("Clinical Trial Type:", "Kind of trial:", "Kind of trial"),
        ("P. End of Trial Status: Ongoing", "P. End of Trial Status: Paused", "status=Paused"),
        ("Concerned: Sweden - MPA", "Concerned: Atlantis - CA", "A.1=Atlantis"),
        ("Trial Status: Ongoing", "Trial Status: Completed", "Trial Status is not P. End of Trial Status"),
    ],
)
def test_what_nobody_knows_is_told_and_does_not_stop_the_record(old: str, new: str, told: str):
    audit = Audit()
    found = records_of(FORMAT, replaced(old, new), audit)
    assert len(found) == 3
    assert told in audit.unknown
    assert audit.first[told] == "2018-003415-27"


def test_an_unknown_status_is_kept_as_printed():
    text = replaced("P. End of Trial Status: Ongoing", "P. End of Trial Status: Paused")
    assert one(text).status == Coded("Paused", None)


def test_every_status_is_a_concept():
    assert set(STATUS.values()) <= set(schemes()["status-as-registered"])
    assert all(IGNORED.values())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("A.2 EudraCT number: 2018-003415-27", "A.2 EudraCT number: 2018-003415-28", "A.2 is 2018-003415-28"),
        ("A.2 EudraCT number: 2018-003415-27", "A.2 EudraCT number: 2018-3415-27", "no number of EudraCT"),
        ("A.2 EudraCT number: 2018-003415-27", "A.2 EudraCT number: 0000-000000-00", "placeholder"),
        ("A.2 EudraCT number: 2018-003415-27", "A.2 EudraCT number: NCT04971004", "no number of EudraCT"),
        ("trial/2018-003415-27/SE/", "trial/2018-003415-28/SE/", "leads to 2018-003415-28"),
        ("trial/2018-003415-27/SE/", "trial/2018-003415-27/DK/", "leads to DK"),
        ("EudraCT database: 2018-03-01", "EudraCT database: 2018-02-30", "no date of the calendar"),
        ("whole clinical trial: 60", "whole clinical trial: -6", "no number of persons"),
        ("In the member state: 20", "In the member state: 2.5", "no number of persons"),
    ],
)
def test_faults_name_their_field_and_leave_the_neighbours(old: str, new: str, message: str):
    found = loaded(FORMAT, replaced(old, new))
    assert len(found) == 3
    assert isinstance(found[0], RecordError)
    assert message in str(found[0])
    assert found[0].field
    assert found[1:] == records_of(FORMAT, FULL)[1:]


def test_a_record_without_any_number_is_a_fault():
    text = re.sub(rb"EudraCT Number: .*", b"EudraCT Number:", FULL, count=1)
    text = re.sub(rb"A\.2 EudraCT number: .*\n", b"", text, count=1)
    found = loaded(FORMAT, text)
    assert [isinstance(f, RecordError) for f in found] == [True, False, False]
    assert "has no EudraCT number" in str(found[0])


def test_the_number_of_the_summary_serves_where_a2_is_missing():
    assert one(replaced("A.2 EudraCT number: 2018-003415-27\n", "")).number.suffix == "SE"


def test_the_country_comes_from_the_authority_where_there_is_no_link():
    found = one(replaced("Link: https://www.clinicaltrialsregister.eu/ctr-search/trial/2018-003415-27/SE/\n", ""))
    assert (found.number.suffix, found.address) == ("SE", None)


def test_a_trial_outside_the_eea_has_a_suffix_of_its_own():
    text = FULL.replace(b"Sweden - MPA", b"Outside EU/EEA").replace(b"/SE/", b"/3rd/")
    assert one(text).number.suffix == "3rd"
    assert one(text).countries == ["Switzerland", "Canada"]
    assert len(COUNTRIES) >= 32


def test_a_link_that_is_no_address_is_no_address():
    assert one(replaced("Link: https://", "Link: javascript://")).address is None


def test_lists_in_free_text_are_no_fields():
    pairs = dict(items(FORMAT, FULL)[0].fields)
    assert pairs["E.3 Principal inclusion criteria"] == (
        "One of\nA. Women and men\nA.2 older than 18: yes\nF. able to consent\n"
        "D.3.1 Product name: this line is no field"
    )


def test_windows_line_ends_bom_and_several_files_in_one():
    windows = b"\xef\xbb\xbf" + FULL.replace(b"\n", b"\r\n")
    assert FORMAT.recognise(windows)
    assert records_of(FORMAT, windows) == records_of(FORMAT, FULL)
    twice = FULL + b"\xef\xbb\xbf" + FULL
    assert records_of(FORMAT, twice) == records_of(FORMAT, FULL) * 2
    twice = SUMMARY + b"\xef\xbb\xbf" + SUMMARY
    assert records_of(FORMAT, twice) == records_of(FORMAT, SUMMARY) * 2


@pytest.mark.parametrize("bad", [b"\0", b"\xff\xfe", "ü".encode("latin-1")])
@pytest.mark.parametrize("at", [b"A.7 Trial", b"Kari", b"EudraCT Number: 2018-003415-27", b"Summary"])
def test_bytes_that_are_no_text_cost_their_record_alone(bad: bytes, at: bytes):
    second = FULL.index(b"Summary", FULL.index(b"P. End of Trial Status"))
    place = FULL.index(at, second) + 3
    found = loaded(FORMAT, FULL[:place] + bad + FULL[place:])
    good = records_of(FORMAT, FULL)
    assert len(found) == 3
    assert (found[0], found[2]) == (good[0], good[2])
    assert isinstance(found[1], RecordError)


def test_a_file_that_breaks_off_keeps_what_is_whole():
    good = records_of(FORMAT, FULL)
    places = cuts(FULL)
    assert len(places) >= 40
    begins = [m.start() for m in re.finditer(rb"Summary\nEudraCT", FULL)]
    for place in places:
        text = FULL[:place]
        if not FORMAT.recognise(text):
            continue
        found = loaded(FORMAT, text)
        whole = sum(b < place for b in begins[1:])
        assert found[:whole] == good[:whole]
        assert len(found) <= whole + 1
        if len(found) > whole and place < len(FULL) - 2:
            assert isinstance(found[whole], RecordError), text[-60:]
            assert "download it again" in str(found[whole])


def test_a_last_line_without_end_may_be_cut():
    assert "in the middle of a line" in str(loaded(FORMAT, FULL.rstrip(b"\n"))[-1])


def test_a_record_that_never_ends_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(euctr_lines, "RECORD_CHARACTERS", 20_000)
    long = replaced("A.7 Trial", "more and more\n" * 5_000 + "A.7 Trial")
    found = loaded(FORMAT, long)
    assert [isinstance(f, RecordError) for f in found] == [True, False, False]
    assert "more than 20000 characters" in str(found[0])


def test_records_come_as_the_stream_is_read():
    class Stream(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            if not line:
                raise AssertionError("read to the end before the first record was given")
            return line

    assert FORMAT.read is not None
    assert isinstance(next(FORMAT.read(Stream(FULL), "test")), Raw)


def test_a_file_without_records_says_so():
    with pytest.raises(ExportError, match="EudraCT Number"):
        items(FORMAT, b"This file contains nothing\n")


def test_summaries_are_one_record_a_trial():
    first, second = records_of(FORMAT, SUMMARY)
    assert (first.number.normalised, first.number.suffix) == ("2018-003415-27", None)
    assert first.titles == [
        Title("scientific", "Stem cell transplantation against best drug treatment: a randomised trial", "en")
    ]
    assert first.status is None  # its countries have several
    assert first.countries == ["SE", "NO", "GB"]
    assert first.dates == {"authorised": Dated("2018-04-02", "2018-04-02")}
    assert first.sponsors == ["Northern University Hospital"]
    assert first.conditions == ["Relapsing multiple sclerosis"]
    assert [(n.printed, n.role) for n in first.other_numbers] == [("NORD-HSCT-7", "protocol-code")]
    assert second.status == Coded("Completed", "completed")
    assert second.other_numbers == []
    assert second.empty == ["Sponsor Protocol Number"]


def test_an_unknown_label_of_a_summary_is_told():
    audit = Audit()
    records_of(FORMAT, replaced("Population Age:          Adults", "Age of population:       Adults", SUMMARY), audit)
    assert "Age of population" in audit.unknown


def test_a_summary_that_breaks_off_keeps_what_is_whole():
    good = records_of(FORMAT, SUMMARY)
    second = SUMMARY.index(b"EudraCT Number", 10)
    for place in cuts(SUMMARY):
        if not FORMAT.recognise(SUMMARY[:place]):
            continue
        found = loaded(FORMAT, SUMMARY[:place])
        whole = int(place > second)
        assert found[:whole] == good[:whole]
        if place < len(SUMMARY) - 2:
            assert isinstance(found[-1], RecordError)


@pytest.mark.parametrize("fields", [None, {}, "text", [1], [("a",)], [["a", "b"]]])
def test_fields_of_a_wrong_type_are_a_fault(fields: object):
    with pytest.raises(RecordError):
        FORMAT.record(fields, Audit())


def test_every_line_can_be_lost_without_another_exception():
    lines = FULL.splitlines(keepends=True)
    for i in range(len(lines)):
        survives(FORMAT, b"".join(lines[:i] + lines[i + 1 :]))
        survives(FORMAT, b"".join([*lines[:i], lines[i].upper(), *lines[i + 1 :]]))


@pytest.mark.parametrize("name", OTHERS)
def test_files_of_other_formats_are_not_claimed(name: str):
    assert not FORMAT.recognise(OTHERS[name])


def test_the_downloads_are_recognised():
    assert FORMAT.recognise(FULL)
    assert FORMAT.recognise(FULL[: FULL.index(b"National")])
    assert FORMAT.recognise(SUMMARY)
    assert FORMAT.recognise(b"\n \n" + SUMMARY)


@pytest.mark.shared
def test_a_real_download(shared_dir):
    files = sorted((shared_dir / "samples" / "euctr_text").iterdir())
    assert [f.name for f in files] == ["test_error_trials_euctr.txt"]
    data = files[0].read_bytes()
    assert FORMAT.recognise(data[: 2**16])
    audit = Audit()
    found = records_of(FORMAT, data, audit)
    assert audit.unknown == {}
    assert [(r.number.normalised, r.number.suffix) for r in found] == [
        ("2022-002568-62", "ES"),
        ("2022-002568-62", "SE"),
        ("2022-002568-62", "SE"),
        *(("2021-002179-21", s) for s in ("FR", "ES", "GR", "PL", "PL", "PT", "HU")),
    ]
    spain = found[0]
    assert [(t.kind, t.language) for t in spain.titles] == [
        ("scientific", "en"),
        ("scientific", "es"),
        ("public", "en"),
        ("public", "es"),
        ("short", "en"),
    ]
    assert spain.enrolment == Counted("15", 15, "estimated")
    assert spain.sponsors == ["AviadoBio Ltd"]
    assert spain.countries == ["Spain", "United States", "United Kingdom"]
    assert spain.dates["registered"].value == "2023-01-16"
    assert spain.dates["authorised"].value == "2023-05-18"
    assert spain.phase == "Human pharmacology (Phase I); Therapeutic exploratory (Phase II)"
    assert [n.printed for n in spain.other_numbers] == ["AVB-PGRN-001"]
    assert found[2].enrolment == Counted("9", 9, "estimated")
    assert found[5].enrolment is None  # Greece gives none for the whole trial
    assert found[9].conditions == ["Alzheimer's disease"]
    assert found[9].empty == ["E.1.1 Medical condition(s) being investigated"]
    assert {r.status for r in found} == {Coded("Ongoing", "ongoing")}
    assert not any("@" in repr(r) for r in found)
    assert faults(loaded(FORMAT, data)) == []


@pytest.mark.shared
def test_other_samples_are_not_claimed(shared_dir):
    files = [f for f in (shared_dir / "samples").rglob("*.*") if f.parent.name != "euctr_text"]
    assert len(files) >= 25
    assert not [f.name for f in files if FORMAT.recognise(f.read_bytes()[: 2**16])]

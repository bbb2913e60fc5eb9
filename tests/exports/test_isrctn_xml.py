"""XML of the API of the ISRCTN registry."""

import io
import re

import pytest

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import CitedPublication, Coded, Counted, Dated, Raw, Title
from msevidence.loaders.registries.isrctn_xml import FORMAT, IGNORED, STATUS
from msevidence.ontology.namespaces import schemes
from tests.exports.european import FIXTURES, OTHERS, cuts, items, loaded, records_of, survives

TWO = (FIXTURES / "isrctn_xml" / "two_trials.xml").read_bytes()


def replaced(old: str, new: str, text: bytes = TWO) -> bytes:
    assert old.encode() in text
    return text.replace(old.encode(), new.encode(), 1)


def test_both_trials():
    first, second = records_of(FORMAT, TWO)
    assert (first.number.scheme, first.number.normalised) == ("ISRCTN", "ISRCTN40217893")
    assert second.number.normalised == "ISRCTN51730264"
    assert [(i.line, i.label) for i in items(FORMAT, TWO)] == [(3, "40217893"), (78, "51730264")]
    assert first.titles == [
        Title("public", "Stem cells & medicine for MS", "en"),
        Title("scientific", "Stem cell transplantation against best drug treatment (NCT04971005)", "en"),
    ]
    assert (first.acronyms, second.acronyms) == (["NORD-MS"], [])
    assert first.study_type == "Interventional"
    assert first.design == (
        "Randomised controlled trial; Randomized controlled trial; Open (masking not used); Treatment"
    )
    assert first.phase == "Phase III"
    assert first.conditions == ["Multiple sclerosis"]
    assert (first.interventions, second.interventions) == (["Compardrug"], ["Infusion of cells"])
    assert first.outcomes == ["No evidence of disease activity; MRI; 96 weeks"]
    assert second.outcomes == ["Walking"]
    assert first.sponsors == ["Northern University Hospital"]
    assert first.countries == ["Norway", "Sweden"]
    assert not any(w in repr(first) for w in ("Kari", "Nordmann", "north.example"))


def test_a_status_is_only_what_the_record_states():
    first, second = records_of(FORMAT, TWO)
    assert first.status == Coded("Stopped", "terminated")
    assert second.status == Coded("Suspended", "suspended")
    without = replaced("<overallStatusOverride>Stopped</overallStatusOverride>", "")
    assert records_of(FORMAT, without)[0].status is None
    both = replaced("<recruitmentStatusOverride/>", "<recruitmentStatusOverride>Suspended</recruitmentStatusOverride>")
    assert records_of(FORMAT, both)[0].status == Coded("Stopped", "terminated")
    assert set(STATUS.values()) <= set(schemes()["status-as-registered"])
    assert all(IGNORED.values())


def test_dates():
    first, second = records_of(FORMAT, TWO)
    assert {k: d.value for k, d in first.dates.items()} == {
        "registered": "2018-02-03",
        "updated": "2024-05-06",
        "start": "2018-01-01",
        "completion": "2024-02-29",
        "results-posted": "2024-03-01",
    }
    assert first.dates["updated"] == Dated("2024-05-06T07:08:09.123456789Z", "2024-05-06")
    assert second.dates["start"] == Dated("2025-02-01T00:00:00.000Z", "2025-02-01")  # of recruitment
    assert "results-posted" not in second.dates
    assert (first.has_results, second.has_results) == (True, None)


def test_the_final_enrolment_comes_before_the_target():
    first, second = records_of(FORMAT, TWO)
    assert first.enrolment == Counted("72", 72, "actual")
    assert second.enrolment == Counted("40", 40, "estimated")  # 0 stands until a trial has ended


def test_every_number_has_its_role_and_label():
    first, second = records_of(FORMAT, TWO)
    assert [(n.printed, n.role, n.label, n.number.scheme if n.number else None) for n in first.other_numbers] == [
        ("2018-003415-27", "secondary", "eudraCTNumber", "EudraCT"),
        ("NCT04971004", "secondary", "clinicalTrialsGovNumber", "NCT"),
        ("NCT04971006", "secondary", "clinicalTrialsGovNumber", "NCT"),
        ("245781", "secondary", "irasNumber", None),
        ("CPMS 38211", "secondary", "Central Portfolio Management System (CPMS)", None),
        ("NORD-HSCT-7", "protocol-code", "Protocol serial number", None),
        ("IRAS 245781", "secondary", "protocolSerialNumber", None),
        ("NCT04971005", "title", None, "NCT"),
    ]
    assert [(n.printed, n.number) for n in second.other_numbers] == [("NCT00000000", None)]
    assert second.empty == ["externalRefs.eudraCTNumber", "externalRefs.irasNumber"]


def test_one_protocol_number_is_the_sponsors_own():
    text = replaced("<protocolSerialNumber>ISRCTN51730264<", "<protocolSerialNumber>ACI-0042<")
    assert ("ACI-0042", "protocol-code") in [(n.printed, n.role) for n in records_of(FORMAT, text)[1].other_numbers]


@pytest.mark.parametrize("nothing", ["None", "N/A", "Nil known", "Not Applicable", "-", "Nil Known."])
def test_a_word_for_nothing_is_no_number(nothing: str):
    text = replaced("<irasNumber>245781<", f"<irasNumber>{nothing}<")
    found = records_of(FORMAT, text)[0]
    assert not any(n.label == "irasNumber" for n in found.other_numbers)
    assert "externalRefs.irasNumber" in found.empty


def test_publications_are_those_that_are_named():
    assert records_of(FORMAT, TWO)[0].publications == [
        CitedPublication("Results https://pubmed.ncbi.nlm.nih.gov/38345678/", "result", pmid="38345678"),
        CitedPublication(
            "2020 protocol in https://www.ncbi.nlm.nih.gov/pubmed/32012345 (added 01/02/2020)", None, pmid="32012345"
        ),
        CitedPublication(
            "2024 results in https://doi.org/10.1056/NEJMoa9900001 (added 01/03/2024)",
            "result",
            doi="10.1056/nejmoa9900001",
        ),
    ]


def test_a_single_trial_and_one_without_namespace():
    good = records_of(FORMAT, TWO)
    bare = TWO.replace(b' xmlns="http://www.67bricks.com/isrctn"', b"")
    assert records_of(FORMAT, bare) == good
    single = re.search(rb"<fullTrial>.*?</fullTrial>", TWO, re.DOTALL)
    assert single is not None
    assert FORMAT.recognise(single[0])
    assert records_of(FORMAT, single[0]) == good[:1]
    prefixed = re.sub(rb"<(/?)(?=[a-z])", rb"<\1i:", TWO).replace(b"xmlns=", b"xmlns:i=")
    assert FORMAT.recognise(prefixed)
    assert records_of(FORMAT, prefixed) == good
    assert records_of(FORMAT, b'<allTrials totalCount="0"/>') == []


def test_the_fixture_has_no_unknown_field():
    audit = Audit()
    records_of(FORMAT, TWO, audit)
    assert audit.unknown == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<attachedFiles/>", "<attachedFiles/><colour>blue</colour>", "trial.colour"),
        ('version="3"', 'version="3" mood="good"', "trial.@mood"),
        ("<acknowledgment>", "<mood/><acknowledgment>", "trialDescription.mood"),
        ("<irasNumber>245781", "<mood/><irasNumber>245781", "externalRefs.mood"),
        ("<overallEndDate>2024", "<mood/><overallEndDate>2024", "trialDesign.mood"),
        ("<targetEnrolment>100", "<mood/><targetEnrolment>100", "participants.mood"),
        ("<diseaseClass1>", "<mood/><diseaseClass1>", "condition.mood"),
        ("<interventionType>", "<mood/><interventionType>", "intervention.mood"),
        ("<basicReport/>", "<basicReport/><mood/>", "results.mood"),
        ("<productionNotes/>", "<mood/>", "output.mood"),
        ("<commercialStatus>", "<mood/><commercialStatus>", "sponsor.mood"),
        ("<funder ", "<mood/><funder ", "fullTrial.mood"),
        (">Stopped<", ">Paused<", "status=Paused"),
    ],
)
def test_what_nobody_knows_is_told_and_does_not_stop_the_record(old: str, new: str, told: str):
    audit = Audit()
    assert len(records_of(FORMAT, replaced(old, new), audit)) == 2
    assert audit.first == {told: "ISRCTN40217893"}


def test_an_unknown_status_is_kept_as_printed():
    assert records_of(FORMAT, replaced(">Stopped<", ">Paused<"))[0].status == Coded("Paused", None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (">40217893<", "><", "is ISRCTN40217893"),
        (">40217893<", ">4021789<", "does not follow the pattern"),
        (">40217893<", ">40217894<", "publicIdentifierCanonical is ISRCTN40217893"),
        ("2018-02-03T", "2018-02-30T", "no date of the calendar"),
        ("2024-02-29T", "2023-02-29T", "no date of the calendar"),
        ("<targetEnrolment>100", "<targetEnrolment>-5", "no number of persons"),
        ("<title>Stem", "<title>A</title><title>Stem", "more than a text"),
        ("<title>Stem", "<title><b>x</b>Stem", "more than a text"),
        ("<participants>", "<participants/><people>", "Opening and ending tag"),
    ],
)
def test_faults(old: str, new: str, message: str):
    if new == "><":  # then the other place gives the number
        assert records_of(FORMAT, replaced(old, new))[0].number.normalised == "ISRCTN40217893"
        return
    found = loaded(FORMAT, replaced(old, new))
    assert isinstance(found[0], RecordError)
    assert message in str(found[0])
    if "Opening" not in message:
        assert found[1:] == records_of(FORMAT, TWO)[1:]


def test_a_trial_without_a_number_is_a_fault():
    text = replaced(">40217893<", "><").replace(b' publicIdentifierCanonical="ISRCTN40217893"', b"")
    found = loaded(FORMAT, text)
    assert "has no ISRCTN number" in str(found[0])
    assert found[1] == records_of(FORMAT, TWO)[1]


@pytest.mark.parametrize("number", ["00000000", "11111111"])
def test_a_placeholder_is_a_fault(number: str):
    text = TWO.replace(b"51730264", number.encode())
    assert "placeholder" in str(loaded(FORMAT, text)[1])


def test_a_file_that_breaks_off_keeps_what_is_whole():
    good = records_of(FORMAT, TWO)
    ends = [m.end() for m in re.finditer(rb"</fullTrial>", TWO)]
    places = cuts(TWO.rstrip())
    assert len(places) >= 40
    for place in places:
        found = loaded(FORMAT, TWO[:place])
        whole = sum(e <= place for e in ends)
        assert found[:whole] == good[:whole]
        assert len(found) == whole + 1
        assert "get the file again" in str(found[-1])


def test_every_element_can_be_lost_emptied_or_doubled_without_another_exception():
    tried = 0
    for match in re.finditer(rb"<(\w+)[^<>]*>[^<]*</\1>|<\w+[^<>]*/>", TWO):
        for new in (b"", match[0] * 2, b"<x>" + match[0] + b"</x>", re.sub(rb">[^<]+<", b"><y><z/></y><", match[0])):
            survives(FORMAT, TWO[: match.start()] + new + TWO[match.end() :])
            tried += 1
    for name in set(re.findall(rb"<(\w+)[\s>]", TWO)):
        survives(FORMAT, re.sub(rb"<" + name + rb"[\s>].*?</" + name + rb">", b"<" + name + b">7</" + name + b">", TWO))
        tried += 1
    assert tried > 300


BOMB = b"""<?xml version="1.0"?><!DOCTYPE allTrials [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY f SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize(
    "data",
    [
        BOMB + replaced("<title>Stem", "<title>&d;Stem").partition(b"?>")[2],
        BOMB + replaced("<title>Stem", "<title>&f;Stem").partition(b"?>")[2],
        b"<allTrials>" + b"<fullTrial>" * 5_000,
        b"<allTrials><fullTrial>" + b"<a>" * 300 + b"</a>" * 300 + b"</fullTrial></allTrials>",
        replaced("Slow", "Sl\0w"),
        replaced(">2018-003415-27<", ">&eudra;<"),
        replaced("Slow", "x").replace(b"Central", b"\xff\xfe"),
        replaced("<?xml", " <?xml"),
        b"<fullTrial><trial/></fullTrial>",
        b"<fullTrial/>",
        b"<fullTrial>text</fullTrial>",
        b"<allTrials",
    ],
)
def test_hostile_bytes_end_in_faults_only(data: bytes):
    found = survives(FORMAT, data)
    assert found
    assert isinstance(found[0], RecordError)
    assert "root:" not in repr(found)


def test_an_entity_costs_its_record_alone():
    found = loaded(FORMAT, BOMB + replaced("<title>Stem", "<title>&d;Stem").partition(b"?>")[2])
    assert "entity" in str(found[0])
    assert found[1] == records_of(FORMAT, TWO)[1]


def test_records_come_as_the_stream_is_read():
    class Stream(io.BytesIO):
        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Stream.asked += 1
            return super().read(min(size or 0, 2**12))

    head, trial, _ = re.split(rb"(<fullTrial>.*</fullTrial>)", TWO, flags=re.DOTALL)
    many = head + trial * 50
    assert FORMAT.read is not None
    assert isinstance(next(FORMAT.read(Stream(many), "test")), Raw)
    assert 0 < Stream.asked < len(many) / 2**13


@pytest.mark.parametrize("name", OTHERS)
def test_files_of_other_formats_are_not_claimed(name: str):
    assert not FORMAT.recognise(OTHERS[name])


def test_the_format_is_recognised():
    assert FORMAT.recognise(TWO)
    assert FORMAT.recognise(b"\xef\xbb\xbf\n" + TWO)
    assert FORMAT.recognise(b"<!-- a remark -->\n<allTrials") is False
    assert FORMAT.recognise(b"<!-- a remark -->\n<allTrials totalCount='0'/>")
    assert not FORMAT.recognise(b"<html><allTrials></allTrials></html>")


@pytest.mark.shared
def test_a_real_answer(shared_dir):
    files = sorted((shared_dir / "samples" / "isrctn_xml").iterdir())
    assert [f.name for f in files] == ["isrctn_query_two_trials.xml"]
    data = files[0].read_bytes()
    assert FORMAT.recognise(data[: 2**16])
    audit = Audit()
    first, second = records_of(FORMAT, data, audit)
    assert audit.unknown == {}
    assert (first.number.normalised, second.number.normalised) == ("ISRCTN15375673", "ISRCTN16025168")
    assert first.acronyms == ["HERITAGE"]
    assert first.status is None
    assert first.enrolment == Counted("3060", 3060, "estimated")
    assert first.dates["start"].value == "2026-05-01"
    assert first.dates["completion"].value == "2028-12-31"
    assert first.dates["registered"].value == "2026-05-26"
    assert first.dates["updated"].value == "2026-05-26"
    assert first.sponsors == ["University of Leeds"]
    assert first.countries == ["United Kingdom", "England"]
    assert first.other_numbers == []
    assert [(n.printed, n.label) for n in second.other_numbers] == [
        ("GA N° 101095654", "EU Horizon Europe Research and Innovation Programme"),
        ("THCS2025-404", "Latvian Council of Science (Latvijas Zinātnes Padome)"),
    ]
    assert second.countries == ["Canada", "France", "Italy", "Latvia"]
    assert second.study_type == "Interventional"


@pytest.mark.shared
def test_other_samples_are_not_claimed(shared_dir):
    files = [f for f in (shared_dir / "samples").rglob("*.*") if f.parent.name != "isrctn_xml"]
    assert len(files) >= 25
    assert not [f.name for f in files if FORMAT.recognise(f.read_bytes()[: 2**16])]

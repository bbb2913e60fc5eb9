"""WHO ICTRP in XML: every field, printed and normalised; hostile files; the 97 records of the sample."""

import io
from collections import Counter
from pathlib import Path

import pytest

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import (
    CitedPublication,
    Coded,
    Counted,
    Dated,
    Raw,
    RegistryRecord,
    Title,
)
from msevidence.loaders.registries.ictrp_fields import IGNORED, NAMES, OURS, PASSED_OVER, STATUS, canonical
from msevidence.loaders.registries.ictrp_xml import FORMAT, recognise
from msevidence.ontology.identifiers import SCHEMES
from msevidence.ontology.namespaces import FOLDER

FIXTURES = Path(__file__).parent.parent / "fixtures" / "exports" / "ictrp"
PORTAL = (FIXTURES / "portal.xml").read_bytes()
PROVIDER = (FIXTURES / "provider.xml").read_bytes()


def items(content: bytes) -> list[Raw | RecordError]:
    return list(FORMAT.read(io.BytesIO(content), "x.xml"))


def records(content: bytes, audit: Audit | None = None) -> list[RegistryRecord]:
    found = []
    for item in items(content):
        assert isinstance(item, Raw), item
        found.append(FORMAT.record(item.fields, audit or Audit()))
    return found


def one(**fields: str | list[str]) -> RegistryRecord:
    return FORMAT.record({"TrialID": "NCT09900123", **fields}, Audit())


def numbers(record: RegistryRecord) -> list[tuple[str, str, str | None, str | None]]:
    return [(n.role, n.printed, n.label, n.number.normalised if n.number else None) for n in record.other_numbers]


def test_every_field_of_a_record_of_the_portal():
    audit = Audit()
    first, second, third = records(PORTAL, audit)
    assert (first.number.scheme, first.number.normalised) == ("NCT", "NCT09900123")
    assert first.titles == [
        Title("public", "Cells in active MS & related disease (EudraCT 2019-009901-23)", "en"),
        Title("scientific", "A Randomised Trial of Invented Cell Treatment in Relapsing Multiple Sclerosis", "en"),
    ]
    assert first.acronyms == ["INVENT-MS"]
    assert first.status == Coded("Not recruiting", "not-recruiting")
    assert first.dates == {
        "start": Dated("March 21, 2018", "2018-03-21"),
        "registered": Dated("05/03/2018", "2018-03-05"),
        "updated": Dated("2 March 2026", "2026-03-02"),
        "results-posted": Dated("06/11/2025", "2025-11-06"),
    }
    assert first.enrolment == Counted("100", 100)
    assert (first.phase, first.study_type) == ("Phase 3", "Interventional")
    assert first.design == "Allocation: Randomized. Masking: Single."
    assert first.conditions == ["Multiple Sclerosis", "Relapsing MS", "Crohn & colitis"]
    assert first.interventions == ["Procedure: Cells", "Drug: Comparamab"]
    assert first.outcomes == ["No evidence of disease after 2 years", "Relapses"]
    assert first.sponsors == ["Haukelund Invented Hospital"]
    assert first.collaborators == ["Uppsalia University", "Sheffeld Trust & Partners"]
    assert first.countries == ["Norway", "Sweden"]
    assert numbers(first) == [
        ("title", "2019-009901-23", None, "2019-009901-23"),
        ("secondary", "2019-009901-23", "Secondary_ID", "2019-009901-23"),
        ("secondary", "ISRCTN 09901234", "Secondary_ID", "ISRCTN09901234"),
        ("secondary", "INV-001", "Secondary_ID", None),
        ("secondary", "U1111-0990-1234", "Secondary_ID", None),
    ]
    assert first.publications == [
        CitedPublication("https://doi.org/10.9999/Invent.2025", "result", None, "10.9999/invent.2025"),
        CitedPublication("https://pubmed.ncbi.nlm.nih.gov/99001234/", "result", "99001234", None),
    ]
    assert first.has_results is True
    assert first.address == "https://clinicaltrials.gov/study/NCT09900123"
    assert first.empty == []

    assert (second.number.normalised, second.number.suffix) == ("2019-009901-23", "SE")
    assert second.status == Coded("Authorised-recruitment may be ongoing or finished", "other")
    assert second.enrolment == Counted("Experimental:50;Control:50;", None)
    assert second.dates["start"] == Dated("12/06/2019", "2019-06-12")
    assert second.other_numbers == []
    assert second.has_results is None
    assert second.empty == ["Scientific_title", "results_date_posted", "results_url_link"]

    assert (third.number.printed, third.number.normalised) == ("JPRN-UMIN000990123", "UMIN000990123")
    assert third.status == Coded("Complete", None)
    assert third.dates["start"] == Dated("2011/12/00", "2011-12")
    assert third.dates["registered"] == Dated("2012/01/04", "2012-01-04")
    assert third.has_results is False
    assert audit.unknown == Counter({"Recruitment_Status=Complete": 1, "New_field": 1})
    assert audit.first["New_field"] == "UMIN000990123"


def test_the_layout_of_data_providers_is_read_by_the_same_mapping():
    audit = Audit()
    (record,) = records(PROVIDER, audit)
    assert audit.unknown == Counter()
    assert record.number.normalised == "RBR-99inv1"
    assert [t.text for t in record.titles] == [
        "Invented cells in multiple sclerosis",
        "A controlled study of invented cells",
    ]
    assert record.acronyms == ["CELINV"]
    assert record.status == Coded("Not yet recruiting", "not-yet-recruiting")
    assert record.dates == {
        "start": Dated("2021-06-01", "2021-06-01", "estimated"),
        "registered": Dated("17/05/2021", "2021-05-17"),
    }
    assert record.enrolment == Counted("24", 24)
    assert (record.phase, record.study_type, record.design) == ("1-2", "Interventional", "Single arm")
    assert record.conditions == ["Multiple sclerosis"]
    assert record.interventions == ["Infusion of cells"]
    assert record.outcomes == ["Safety at one year"]
    assert record.sponsors == ["Universidade Inventada"]
    assert record.collaborators == ["Hospital Inventado"]
    assert record.countries == ["Brazil", "Chile"]
    assert numbers(record) == [
        ("secondary", "NCT09910001", "sec_id", "NCT09910001"),
        ("secondary", "CAAE 99.1", "sec_id", None),
        ("secondary", "U1111-0991-0001", "utrn", None),
    ]
    assert record.address == "http://ensaiosclinicos.example.org/rg/RBR-99inv1/"
    assert "Some" not in repr(record)
    assert "a@example.org" not in repr(record)


def test_lines_and_labels_are_those_of_the_file():
    found = [i for i in items(PORTAL) if isinstance(i, Raw)]
    lines = PORTAL.decode().splitlines()
    assert [i.label for i in found] == ["NCT09900123", "EUCTR2019-009901-23-SE", "JPRN-UMIN000990123"]
    assert all("<Trial>" in lines[(i.line or 0) - 1] for i in found)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.replace(b"<Trial>", b"<trial>").replace(b"</Trial>", b"</trial>"),
        lambda c: c.replace(b"Trials_downloaded_from_ICTRP", b"Trials"),
        lambda c: c.replace(b"TrialID", b"trial_id").replace(b"Secondary_ID", b"SecondaryIDs"),
        lambda c: c.replace(b"Trials_downloaded_from_ICTRP>", b'Trials_downloaded_from_ICTRP xmlns="urn:x">', 1),
        lambda c: b"\xef\xbb\xbf" + c,
        lambda c: c.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda c: c.decode().replace("'UTF-8'", "'ISO-8859-1'").encode("latin-1"),
        lambda c: c.replace(b"\n", b"\r\n"),
    ],
    ids=["small", "Trials", "spelling", "namespace", "bom", "utf-16", "latin-1", "crlf"],
)
def test_variants_of_a_file_give_the_same_records(change):
    def same(record: RegistryRecord) -> str:
        return repr(record).replace("SecondaryIDs", "Secondary_ID")

    assert [same(r) for r in records(change(PORTAL))] == [same(r) for r in records(PORTAL)]


def test_one_trial_alone_is_a_file():
    begin, end = PORTAL.index(b"<Trial>"), PORTAL.index(b"</Trial>") + len(b"</Trial>")
    alone = PORTAL[begin:end]
    assert recognise(alone)
    assert records(alone) == records(PORTAL)[:1]


def test_tags_that_are_not_escaped_lose_no_text():
    content = (
        b"<Trials><Trial><TrialID>NCT09900123</TrialID><Condition>MS<br/>ALS <b>x</b> y</Condition></Trial></Trials>"
    )
    assert records(content)[0].conditions == ["MS", "ALS x y"]


@pytest.mark.parametrize(
    ("printed", "scheme", "normalised", "suffix"),
    [
        ("NCT09900123", "NCT", "NCT09900123", None),
        ("EUCTR2012-000734-19-ES", "EudraCT", "2012-000734-19", "ES"),
        ("EUCTR2015-001234-11-Outside-EU/EEA", "EudraCT", "2015-001234-11", "Outside-EU/EEA"),
        ("CTIS2023-507106-13-00", "CTIS", "2023-507106-13-00", None),
        ("ISRCTN88667898", "ISRCTN", "ISRCTN88667898", None),
        ("JPRN-UMIN000007004", "UMIN", "UMIN000007004", None),
        ("JPRN-C000000123", "UMIN", "C000000123", None),
        ("JPRN-jRCTs041200060", "jRCT", "jRCTs041200060", None),
        ("JPRN-jRCT1080220001", "jRCT", "jRCT1080220001", None),
        ("JPRN-JapicCTI-132057", "JapicCTI", "JapicCTI-132057", None),
        ("JPRN-JMA-IIA00123", "JMA", "JMA-IIA00123", None),
        ("ChiCTR2300070727", "ChiCTR", "ChiCTR2300070727", None),
        ("ChiCTR-TRC-08000123", "ChiCTR", "ChiCTR-TRC-08000123", None),
        ("ITMCTR2023000002", "ITMCTR", "ITMCTR2023000002", None),
        ("LBCTR2018120174", "LBCTR", "LBCTR2018120174", None),
        ("IRCT20191004044975N1", "IRCT", "IRCT20191004044975N1", None),
        ("ACTRN12605000123639", "ACTRN", "ACTRN12605000123639", None),
        ("DRKS00003170", "DRKS", "DRKS00003170", None),
        ("CTRI/2012/03/002400", "CTRI", "CTRI/2012/03/002400", None),
        ("KCT0008394", "KCT", "KCT0008394", None),
        ("NTR1234", "NTR", "NTR1234", None),
        ("NL9999", "NTR", "NL9999", None),
        ("NL-OMON57760", "OMON", "NL-OMON57760", None),
        ("PACTR202304525632216", "PACTR", "PACTR202304525632216", None),
        ("RBR-6qvdftm", "RBR", "RBR-6qvdftm", None),
        ("RPCEC00000423", "RPCEC", "RPCEC00000423", None),
        ("SLCTR/2023/010", "SLCTR", "SLCTR/2023/010", None),
        ("TCTR20230429001", "TCTR", "TCTR20230429001", None),
        ("PER-046-19", "PER", "PER-046-19", None),
        ("XYZTR-2031-7", "other", "XYZTR-2031-7", None),
    ],
)
def test_every_registry_of_the_platform_is_read_and_an_unknown_one_stays_as_printed(
    printed, scheme, normalised, suffix
):
    number = FORMAT.record({"TrialID": f"\n{printed}\n "}, Audit()).number
    assert (number.scheme, number.printed, number.normalised, number.suffix) == (scheme, printed, normalised, suffix)


def test_those_are_all_registries():
    tested = {
        mark.args[1][n][1]
        for mark in test_every_registry_of_the_platform_is_read_and_an_unknown_one_stays_as_printed.pytestmark
        for n in range(len(mark.args[1]))
    }
    assert tested == {*SCHEMES, "other"}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "no number"),
        ({"TrialID": ""}, "no number"),
        ({"TrialID": "NULL"}, "no number"),
        ({"TrialID": "NCT0990012"}, "pattern of NCT"),
        ({"TrialID": "NCT00000000"}, "placeholder"),
        ({"TrialID": "a study of cells in 2 parts"}, "no number of a registry"),
        ({"TrialID": "x" * 100 + "1"}, "no number of a registry"),
        ({"TrialID": "unclear"}, "no number of a registry"),
        ({"TrialID": ["NCT09900123", "NCT09900124"]}, "more than once"),
        ({"TrialID": "NCT09900123", "Date_enrollement": "31/02/2020"}, "no date of the calendar"),
        ({"TrialID": "NCT09900123", "Last_Refreshed_on": "31 February 2020"}, "no date of the calendar"),
        ({"TrialID": "NCT09900123", "Target_size": "-5"}, "no number of persons"),
        ({"TrialID": "NCT09900123", "Target_size": "12.5"}, "no number of persons"),
        ({"TrialID": {"a": 1}}, "more than a text"),
        ({"TrialID": "NCT09900123", "Condition": {"a": 1}}, "more than a text"),
        ({"TrialID": "NCT09900123", "Condition": ["a", ["b"]]}, "more than texts"),
        ({1: "x"}, "no name of a field"),
        (["TrialID"], "should be an object"),
        (None, "should be an object"),
        ("NCT09900123", "should be an object"),
    ],
)
def test_a_record_that_cannot_be_loaded_says_why(fields, why):
    with pytest.raises(RecordError, match=why):
        FORMAT.record(fields, Audit())


@pytest.mark.parametrize("name", [n for names in NAMES.values() for n in names])
@pytest.mark.parametrize("value", [7, 7.5, True, None, [], ["a", "b"], {"a": 1}, "\ud800", "a\0b", "<" * 99, "&" * 99])
def test_a_field_of_another_type_is_a_fault_of_the_record_or_none(name, value):
    try:
        assert FORMAT.record({"TrialID": "NCT09900123", name: value}, Audit())
    except RecordError as e:
        assert e.message


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("2026-05-01", "2026-05-01"),
        ("12/01/2026", "2026-01-12"),
        ("21-10-2013", "2013-10-21"),
        ("2011/12/02", "2011-12-02"),
        ("2008/00/00", "2008"),
        ("November 2024", "2024-11"),
        ("July 15, 2026", "2026-07-15"),
        ("20260501", "2026-05-01"),
        ("2020-04-10 00:00:00.0", "2020-04-10"),
        ("1 May 2020", "2020-05-01"),
        ("after approval", None),
    ],
)
def test_the_spellings_of_the_beginning(printed, value):
    assert one(Date_enrollement=printed).dates["start"] == Dated(printed, value)


@pytest.mark.parametrize("printed", ["NULL", "N/A", "0000-00-00", "00000000", "00/00/0000"])
def test_no_date_is_none(printed):
    record = one(Date_enrollement=printed)
    assert "start" not in record.dates
    assert record.empty == ["Date_enrollement"]


@pytest.mark.parametrize(
    ("printed", "packed", "expected", "told"),
    [
        ("05/03/2018", "20180305", ("05/03/2018", "2018-03-05"), 0),
        ("05/03/2018", "20180503", ("05/03/2018", "2018-05-03"), 0),
        ("05/31/2018", "20180531", ("05/31/2018", "2018-05-31"), 0),
        ("2018-05-31", "20180531", ("2018-05-31", "2018-05-31"), 0),
        ("May 2018", "20180531", ("May 2018", "2018-05-31"), 0),
        ("05/03/2018", "20190101", ("20190101", "2019-01-01"), 1),
        ("05/03/2018", "", ("05/03/2018", "2018-03-05"), 0),
        ("", "20180305", ("20180305", "2018-03-05"), 0),
    ],
)
def test_the_packed_date_settles_which_number_is_the_month(printed, packed, expected, told):
    audit = Audit()
    fields = {"TrialID": "NCT09900123", "Date_registration": printed, "Date_registration3": packed}
    registered = FORMAT.record(fields, audit).dates["registered"]
    assert (registered.printed, registered.value) == expected
    assert sum(audit.unknown.values()) == told


@pytest.mark.parametrize(
    ("yes", "posted", "link", "has"),
    [
        ("Yes", "", "", True),
        ("No", "", "", False),
        ("", "01/02/2020", "", True),
        ("", "", "https://example.org/r", True),
        ("", "", "see the paper", None),
        ("", "", "", None),
        ("NULL", "", "", None),
    ],
)
def test_whether_there_are_results(yes, posted, link, has):
    record = one(results_yes_no=yes, results_date_posted=posted, results_url_link=link)
    assert record.has_results is has
    assert record.publications == []


def test_bridged_records_are_other_numbers_and_the_own_one_is_not():
    record = one(Bridging_flag="NCT09900123", Childs="EUCTR2012-000734-19-ES;ISRCTN88667898", Bridged_type="parent")
    assert numbers(record) == [
        ("secondary", "EUCTR2012-000734-19-ES", "Childs", "2012-000734-19"),
        ("secondary", "ISRCTN88667898", "Childs", "ISRCTN88667898"),
    ]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "www.example.org", "http://a b", "file:///etc/passwd"])
def test_an_address_that_is_none_of_the_web_is_told_and_left_out(address):
    audit = Audit()
    record = FORMAT.record({"TrialID": "NCT09900123", "web_address": address}, audit)
    assert record.address is None
    assert audit.unknown == Counter({"web_address that is no address of the web": 1})


def test_an_e_mail_address_is_masked():
    record = one(Public_title="Ask a.b@example.org", Condition="MS; mail c@example.org")
    assert "@" not in record.titles[0].text
    assert not [c for c in record.conditions if "@" in c]


def test_the_mapping_is_whole():
    text = (FOLDER / "schemes" / "status-as-registered.ttl").read_text(encoding="utf-8")
    for concept in set(STATUS.values()):
        assert f"scheme:status-as-registered\\/{concept} a skos:Concept" in text
    assert not set(OURS) & PASSED_OVER
    assert all(reason for reason in IGNORED.values())
    assert all(status == status.lower() for status in STATUS)
    assert canonical("Last Refreshed on") == canonical("Last_Refreshed_on")


@pytest.mark.parametrize("part", range(1, 25))
def test_a_file_that_breaks_off_gives_what_is_whole_and_one_fault(part):
    cut = PORTAL[: len(PORTAL) * part // 25]
    found = items(cut)
    assert isinstance(found[-1], RecordError)
    whole = [FORMAT.record(i.fields, Audit()) for i in found if isinstance(i, Raw)]
    assert len(whole) == len(found) - 1 == cut.count(b"</Trial>")
    assert whole == records(PORTAL)[: len(whole)]


@pytest.mark.parametrize("insert", [b"\0", b"\xff", b"<b>", b"&nope;x</Trial>"])
def test_what_is_no_xml_is_one_fault_after_the_records_before_it(insert):
    at = PORTAL.index(b"EUCTR2019")
    found = items(PORTAL[:at] + insert + PORTAL[at:])
    assert isinstance(found[0], Raw)
    assert isinstance(found[-1], RecordError)
    assert FORMAT.record(found[0].fields, Audit()) == records(PORTAL)[0]


def test_an_entity_is_a_fault_of_its_record_alone():
    content = PORTAL.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', 1)
    content = content.replace(b"INVENT-MS", b"&e;")
    found = items(content)
    assert [type(i) for i in found] == [RecordError, Raw, Raw]
    assert "entity" in str(found[0])


def test_what_is_recognised():
    assert recognise(PORTAL)
    assert recognise(PROVIDER)
    assert recognise(b"\xef\xbb\xbf\n" + PORTAL)
    assert recognise(PORTAL[:300])
    assert recognise(b'<?xml version="1.0"?><!DOCTYPE Trials [<!ELEMENT a ANY>]><Trials><Trial><TRIALID>x')
    assert recognise(b"<Trials_downloaded_from_ICTRP/>")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<",
        b"<?xml",
        b"<!DOCTYPE html><html><body>TrialID</body></html>",
        b"<clinical_study><trial_id>x</trial_id></clinical_study>",
        b'<allTrials xmlns="http://www.67bricks.com/isrctn"><fullTrial><trial><isrctn>1</isrctn>',
        b"<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>",
        b"<xml><records><record/></records></xml>",
        b"<article><front/></article>",
        b"<trial><name>court</name></trial>",
        b'{"TrialID": "NCT09900123"}',
        b"TrialID,Public_title\r\n",
    ],
)
def test_what_is_not(head):
    assert not recognise(head)


@pytest.mark.shared
def test_only_the_sample_of_the_platform_is_recognised_among_all_samples(shared_dir):
    files = [f for f in sorted((shared_dir / "samples").rglob("*")) if f.is_file()]
    assert len(files) >= 32
    claimed = [f.parent.name for f in files if recognise(f.read_bytes()[: 2**16])]
    assert claimed == ["who_ictrp_xml"]


@pytest.mark.shared
def test_the_sample(shared_dir):
    files = sorted((shared_dir / "samples" / "who_ictrp_xml").glob("*.xml"))
    assert len(files) == 1
    audit = Audit()
    found = records(files[0].read_bytes(), audit)
    assert len(found) == 97
    assert audit.unknown == Counter()
    assert Counter(r.number.scheme for r in found) == Counter(
        {"NCT": 83, "ChiCTR": 9, "EudraCT": 2, "CTIS": 1, "LBCTR": 1, "UMIN": 1}
    )
    assert all(r.titles and r.status and r.status.concept and r.sponsors and r.address for r in found)
    assert all(r.dates[k].value for r in found for k in ("start", "registered", "updated"))
    by = {r.number.normalised: r for r in found}
    assert len(by) == 97
    avana = by["NCT03854799"]
    assert numbers(avana) == [("secondary", "2017-003582-10", "Secondary_ID", "2017-003582-10")]
    assert avana.acronyms == ["AVANA"]
    assert avana.enrolment == Counted("101", 101)
    assert numbers(by["2023-507106-13-00"]) == [("secondary", "NCT06304597", "Secondary_ID", "NCT06304597")]
    assert by["2023-507106-13-00"].number.printed == "CTIS2023-507106-13-00"
    assert numbers(by["NCT06710847"]) == [
        ("secondary", "2024-519721-37-00", "Secondary_ID", "2024-519721-37-00"),
        ("secondary", "221971", "Secondary_ID", None),
    ]
    assert [n.printed for n in by["NCT07012174"].other_numbers] == [
        "82373431",
        "82202947",
        "82473395",
        "No.G2023-176-01",
    ]
    assert by["2018-004758-39"].number.suffix == "IT"
    umin = by["UMIN000007004"]
    assert umin.dates["start"] == Dated("2011/12/02", "2011-12-02")
    assert umin.dates["results-posted"] == Dated("06/11/2022", "2022-11-06")
    assert umin.has_results is True
    assert by["NCT06665087"].dates["start"] == Dated("November 2024", "2024-11")
    assert by["LBCTR2018120174"].countries == ["Lebanon", "Jordan"]
    group = by["ChiCTR2400094540"].enrolment
    assert group == Counted("B group:15;A group:15;", None)
    assert len([r for r in found if any(n.role == "secondary" for n in r.other_numbers)]) == 85
    assert not [r for r in found if "@" in repr(r)]

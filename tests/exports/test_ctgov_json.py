"""ClinicalTrials.gov API v2: every field, printed and normalised; pages, lists and lines; what is wrong, told."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import CitedPublication, Coded, Counted, Dated, OtherNumber, Title
from msevidence.loaders.registries.ctgov import STATUS
from msevidence.loaders.registries.ctgov_json import FORMAT, IGNORED, LOCATION, read, recognise, record
from msevidence.ontology.identifiers import parse_number
from msevidence.ontology.namespaces import schemes
from tests.exports.ctgov_reading import FIXTURES, cuts, load, one, other_heads, wrong_types

STUDY = (FIXTURES / "ctgov_json" / "study.json").read_bytes()
PAGE = (FIXTURES / "ctgov_json" / "page.json").read_bytes()


def study(**modules: Any) -> dict[str, Any]:
    """Return a study with the given modules and a number."""
    modules.setdefault("identificationModule", {}).setdefault("nctId", "NCT09990999")
    return {"protocolSection": modules}


def test_titles_status_and_dates() -> None:
    found = one(FORMAT, STUDY)
    assert (found.number.scheme, found.number.printed, found.number.normalised) == ("NCT", *["NCT09990101"] * 2)
    assert found.titles == [
        Title("public", "Cells & Calm: Autologous Cells in Multiple Sclerosis", "en"),
        Title(
            "scientific",
            "A Randomised Trial of Autologous Cells Against Usual Care in Multiple Sclerosis, Follow-up of NCT09990055",
            "en",
        ),
    ]
    assert found.acronyms == ["SC-CALM"]
    assert found.status == Coded("TERMINATED", "terminated")
    assert found.dates == {
        "start": Dated("2031-02", "2031-02", "actual"),
        "primary-completion": Dated("2033-12-31", "2033-12-31", "estimated"),
        "completion": Dated("2034", "2034", None),
        "registered": Dated("2030-12-09", "2030-12-09", "actual"),
        "results-posted": Dated("2034-05-02", "2034-05-02", "actual"),
        "updated": Dated("2034-05-02", "2034-05-02", "estimated"),
    }
    assert found.has_results is True
    assert found.address is None


def test_what_the_study_is() -> None:
    found = one(FORMAT, STUDY)
    assert found.sponsors == ["Sandviken Hospital"]
    assert found.collaborators == ["Fund of Trials", "Cell Works AS"]
    assert found.conditions == ["Multiple Sclerosis", "Fatigue"]
    assert found.interventions == ["Autologous cells", "Usual care"]
    assert found.outcomes == ["Disability after two years"]
    assert found.countries == ["Norway", "Korea, Republic of"]
    assert (found.study_type, found.phase) == ("INTERVENTIONAL", "PHASE1|PHASE2")
    assert found.enrolment == Counted("48", 48, "estimated")
    assert found.design == (
        "Allocation: RANDOMIZED|Intervention Model: PARALLEL|Masking: DOUBLE (PARTICIPANT, OUTCOMES_ASSESSOR)"
        "|Primary Purpose: TREATMENT"
    )


def test_every_other_number_has_its_role() -> None:
    def number(printed: str, role: str, label: str | None, link: str | None = None, *, parsed: bool = True) -> tuple:
        return (printed, role, label, parse_number(printed).normalised if parsed else None, link)

    found = one(FORMAT, STUDY)
    given = [
        (n.printed, n.role, n.label, n.number.normalised if n.number else None, n.link) for n in found.other_numbers
    ]
    assert given == [
        number("BERGEN-SC-7", "protocol-code", "orgStudyIdInfo", parsed=False),
        number("2031-000123-45", "secondary", "EUDRACT_NUMBER"),
        number("2031-500123-45-00", "secondary", "CTIS: EMA", "https://example.org/ctis/2031-500123-45-00"),
        number("ISRCTN90909012", "secondary", "REGISTRY: two registries"),
        number("ACTRN12631000123456", "secondary", "REGISTRY: two registries"),
        number("U01NS999999", "secondary", "NIH", parsed=False),
        # A grant that looks like a EudraCT number is none.
        number("FUND-2031-000999-11", "secondary", "OTHER_GRANT: A fund", parsed=False),
        number("NCT09990011", "obsolete", "nctIdAliases"),
        number("NCT09990077", "associated", "expandedAccessInfo"),
        number("ISRCTN80808086", "associated", "Sister trial", "https://www.isrctn.com/ISRCTN80808086"),
        number("NCT09990055", "title", None),
    ]
    assert found.empty == ["protocolSection.identificationModule.secondaryIdInfos.id"]  # the "N/A"


def test_publications_with_their_kinds() -> None:
    found = one(FORMAT, STUDY)
    assert found.publications == [
        CitedPublication(
            "Prove K. Cells. J Trials. 2034;1:1-9. doi: 10.9999/JT.2034.1. Epub 2034 Jan 1.",
            "result",
            "39999991",
            "10.9999/jt.2034.1",
        ),
        CitedPublication("Prove K. More cells.", "derived", "39999992", None),
        CitedPublication("Old work. Ask ***************.", "background", None, None),
        CitedPublication("Protocol paper", None, None, "10.9999/protocol.7"),
        CitedPublication("In PubMed", None, "39999993", None),
    ]


def test_no_personal_data_is_kept() -> None:
    text = repr(one(FORMAT, STUDY))
    assert "SC-CALM" in text
    for personal in ("Kari", "example.org.", "@", "alert"):
        assert personal not in text


def test_a_page_a_list_lines_and_a_list_of_pages_are_the_same() -> None:
    page = load(FORMAT, PAGE)
    assert page.numbers == ["NCT09990201", "NCT09990202", "NCT09990203"]
    assert page.lines == [4, 5, 6]
    assert (page.faults, page.audit.unknown) == ([], {})
    studies = json.loads(PAGE)["studies"]
    for data in (
        json.dumps(studies),
        "\n".join(json.dumps(s) for s in studies) + "\n",
        json.dumps([{"studies": studies[:1]}, {"nextPageToken": "x", "studies": studies[1:]}]),
        "\n".join(json.dumps({"studies": [s]}) for s in studies),
    ):
        again = load(FORMAT, data.encode())
        assert again.records == page.records
        assert recognise(data.encode())
    assert [raw.label for raw in read(BytesIO(PAGE), "f") if not isinstance(raw, RecordError)] == page.numbers


def test_what_is_absent_is_not_empty() -> None:
    first, second, third = load(FORMAT, PAGE).records
    assert first.status == Coded("AVAILABLE", "available")
    assert second.dates == {"updated": Dated("2031-01-02", "2031-01-02", None)}
    assert third.status is None and third.has_results is False
    assert first.has_results is None
    assert first.empty == second.empty == third.empty == []
    bare = record(study(identificationModule={"briefTitle": " ", "acronym": None}), Audit())
    assert bare.empty == [
        "protocolSection.identificationModule.briefTitle",
        "protocolSection.identificationModule.acronym",
    ]
    assert (bare.titles, bare.acronyms, bare.dates, bare.enrolment, bare.design, bare.phase) == (
        [],
        [],
        {},
        *[None] * 3,
    )


def test_what_is_not_known_is_kept_as_printed_and_told() -> None:
    audit = Audit()
    found = record(
        {
            **study(
                identificationModule={"nickname": "x", "secondaryIdInfos": [{"id": "1", "type": "NEW", "x": 1}]},
                statusModule={"overallStatus": "PAUSED", "startDateStruct": {"date": "2031", "type": "HOPED"}},
                contactsLocationsModule={"locations": [{"country": "Norway", "planet": "Earth"}]},
                referencesModule={"references": [{"pmid": "PM1", "type": "RUMOUR", "citation": "c"}]},
                novelModule={},
            ),
            "hasResults": "maybe",
        },
        audit,
    )
    assert found.status == Coded("PAUSED", None)
    assert found.dates == {"start": Dated("2031", "2031", None)}
    assert found.publications == [CitedPublication("c", None, None, None)]
    assert found.has_results is None
    path = "protocolSection."
    assert dict(audit.unknown) == {
        f"{path}identificationModule.nickname": 1,
        f"{path}identificationModule.secondaryIdInfos.type=NEW": 1,
        f"{path}identificationModule.secondaryIdInfos.x": 1,
        "status=PAUSED": 1,
        "type=HOPED": 1,
        f"{path}contactsLocationsModule.locations.planet": 1,
        f"{path}referencesModule.references.type=RUMOUR": 1,
        "pmid=PM1": 1,
        f"{path}novelModule": 1,
        "hasResults=maybe": 1,
    }
    assert set(audit.first.values()) == {"NCT09990999"}


def test_every_status_is_a_concept_of_the_scheme() -> None:
    concepts = {str(c).rpartition("/")[2] for c in schemes()["status-as-registered"]}
    assert set(STATUS.values()) <= concepts
    assert len(STATUS) == 28  # 14 in two spellings


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"protocolSection": {}}, "nctId: the record has no NCT number"),
        ({}, "the record has no NCT number"),
        (study(identificationModule={"nctId": "NCT00000000"}), "nctId: .*placeholder"),
        (study(identificationModule={"nctId": "NCT123"}), "nctId: .*pattern of NCT"),
        (study(identificationModule={"nctId": "ISRCTN90909012"}), "nctId: .*is no number of NCT"),
        (study(identificationModule={"nctId": ["NCT09990101"]}), "nctId: holds more than a text"),
        (study(statusModule={"startDateStruct": {"date": "2031-02-30"}}), r"startDateStruct\.date: .*calendar"),
        (study(statusModule={"lastUpdateSubmitDate": "2031-13"}), "lastUpdateSubmitDate: .*calendar"),
        (study(designModule={"enrollmentInfo": {"count": -1}}), r"enrollmentInfo\.count: .*no number of persons"),
        (study(designModule={"enrollmentInfo": {"count": 1.5}}), r"enrollmentInfo\.count: .*no number of persons"),
        (study(conditionsModule={"conditions": [{}]}), "conditions: holds more than texts"),
        (study(contactsLocationsModule={"locations": {}}), None),
        (study(contactsLocationsModule={"locations": {"a": 1}}), "locations: should be a list"),
        (study(contactsLocationsModule={"locations": ["Norway"]}), "locations: should hold objects"),
        (study(identificationModule={"briefTitle": "a\0b"}), "briefTitle: .*no character"),
        (study(identificationModule={"briefTitle": "a\ud800b"}), "briefTitle: .*no character"),
        ([], "should be an object"),
        ("text", "should be an object"),
        (None, "should be an object"),
    ],
)
def test_faults_of_a_record_name_the_field(changed: Any, message: str | None) -> None:
    if message is None:
        assert record(changed, Audit()).countries == []
        return
    with pytest.raises(RecordError, match=message):
        record(changed, Audit())


def test_a_wrong_type_at_any_place_is_a_fault_of_its_record_or_harmless() -> None:
    tried = faults = 0
    for changed in wrong_types(json.loads(STUDY)):
        tried += 1
        try:
            found = record(changed, Audit())
        except RecordError as e:
            faults += 1
            assert e.message
        else:
            repr(found).encode()
    assert tried > 1500
    assert faults > 800


def test_a_bad_study_leaves_its_neighbours_as_they_are() -> None:
    page = json.loads(PAGE)
    good = load(FORMAT, PAGE).records
    page["studies"][1]["protocolSection"]["identificationModule"]["nctId"] = "NCT"
    page["studies"].insert(1, 17)
    loaded = load(FORMAT, json.dumps(page).encode())
    assert loaded.records == [good[0], good[2]]
    assert len(loaded.faults) == 2


@pytest.mark.parametrize("data", [STUDY, PAGE, b"\n".join(json.dumps(s).encode() for s in json.loads(PAGE)["studies"])])
def test_what_is_whole_before_a_cut_is_loaded(data: bytes) -> None:
    whole = load(FORMAT, data).records
    seen = set()
    for piece in cuts(data):
        loaded = load(FORMAT, piece)
        assert loaded.records == whole[: len(loaded.records)]
        if len(loaded.records) < len(whole):
            assert len(loaded.faults) == 1 or piece.endswith(b"\n")
        seen.add(len(loaded.records))
    assert len(seen) >= min(2, len(whole))


def test_hostile_bytes_are_faults() -> None:
    good = load(FORMAT, PAGE)
    assert load(FORMAT, b"\xef\xbb\xbf" + PAGE).records == good.records
    second = PAGE.index(b"NCT09990202")
    for bad in (
        PAGE[:second] + b"\xff" + PAGE[second:],
        PAGE[:second] + b"\0" + PAGE[second:],
        PAGE.replace(b'"totalCount": 7', b'"totalCount": ' + b"9" * 5000),
        PAGE[:second] + b"\\ud800" + PAGE[second:],
        PAGE.replace(b'"Second of a page"', b"[" * 100_000),
        PAGE.replace(b'"Second of a page"', b"[" * 50_000 + b"]" * 50_000),
        PAGE.replace(b'"Second of a page"', b"9" * 5000),
        PAGE.replace(b'"Second of a page"', b"NaN"),
        PAGE.replace(b'"Second of a page"', b'"x", "briefTitle": "y"'),
    ):
        assert bad != PAGE
        loaded = load(FORMAT, bad)
        assert len(loaded.faults) == 1, bad[:200]
        assert all(r in good.records for r in loaded.records)
    with pytest.raises(ExportError, match="UTF-16"):
        load(FORMAT, PAGE.decode().encode("utf-16"))


def test_memory_does_not_grow_with_the_file() -> None:
    one_study = json.dumps(json.loads(STUDY)).encode()

    class Endless:
        """A page of studies that is made while it is read."""

        left = 20_000_000

        def read(self, size: int = -1) -> bytes:
            first, self.left = self.left == 20_000_000, self.left - len(one_study) - 1
            return b'{"studies": [' + one_study if first else b"," + one_study if self.left > 0 else b""

    import tracemalloc

    tracemalloc.start()
    count = sum(not isinstance(raw, RecordError) for raw in read(Endless(), "file"))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 4_000
    assert peak < 8_000_000


def test_recognised_by_content_only(tmp_path: Path) -> None:
    for good in (STUDY, PAGE, b"\xef\xbb\xbf  \n" + PAGE, PAGE[:60] + PAGE[60:2000], b'{"studies":[]}'):
        assert recognise(good[: 2**16])
    assert recognise(b'{"totalCount": 0, "studies": []}')
    for other in (
        b"",
        b"{}",
        b"[]",
        b'{"studies": [{"title": "x"}]}',
        b"protocolSection",
        b'<a href="protocolSection":>',
    ):
        assert not recognise(other)


def test_everything_that_is_ignored_has_a_reason() -> None:
    assert len(IGNORED) > 40
    assert all(len(reason) > 5 for reason in IGNORED.values())
    assert "country" in LOCATION


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    heads = other_heads(shared_dir, "ctgov_v2_json")
    assert not any(recognise(head) for head in heads)


@pytest.mark.shared
def test_the_samples(shared_dir: Path) -> None:
    paths = sorted((shared_dir / "samples" / "ctgov_v2_json").glob("*.json"))
    assert [p.stem for p in paths] == ["NCT00763412", "NCT02210780", "NCT06171568"]
    first, second, third = (one(FORMAT, p.read_bytes()) for p in paths)
    assert all(recognise(p.read_bytes()[: 2**16]) for p in paths)
    assert first.dates["start"] == Dated("2006-11", "2006-11", None)
    assert first.dates["updated"] == Dated("2017-06-05", "2017-06-05", "actual")
    assert first.enrolment == Counted("31", 31, "actual")
    assert first.other_numbers == [
        OtherNumber("05-1109", "protocol-code", "orgStudyIdInfo", None, None),
        OtherNumber("P60DK020579", "secondary", "NIH", None, "https://reporter.nih.gov/quickSearch/P60DK020579"),
    ]
    assert second.interventions == ["Dupilumab", "Placebo"]
    assert second.countries == ["United States"]
    assert second.has_results is True
    assert third.acronyms == ["ECOG"]
    assert third.design == "Observational Model: COHORT|Time Perspective: PROSPECTIVE"
    assert [p.pmid for p in third.publications][:2] == ["26269030", "29016402"]
    assert {p.kind for p in third.publications} == {"background"}
    assert third.other_numbers[1].label == "OTHER: IDRCB"

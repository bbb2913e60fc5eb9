"""Crossref works: every field, every envelope, and values of the wrong type."""

import json
from pathlib import Path
from typing import Any

import pytest

from msevidence.loaders.bibliographic import crossref_json
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import Coded, Dated, PublicationRecord
from tests.exports.reading import FIXTURES, assert_truncation_is_told, load, one, other_samples

FORMAT = crossref_json.FORMAT
LIST = (FIXTURES / "crossref_json" / "list.json").read_bytes()
ITEMS: list[dict[str, Any]] = json.loads(LIST)["message"]["items"]


@pytest.fixture(scope="module")
def three() -> list[PublicationRecord]:
    outcome = load(FORMAT, LIST)
    assert outcome.faults == [] and dict(outcome.audit.unknown) == {}
    assert outcome.lines == [2, 21, 23]
    return outcome.records


def work(**fields: Any) -> bytes:
    """Return one work with these fields; ``_`` in a name is ``-``."""
    named = {k.replace("_", "-"): v for k, v in fields.items()}
    return json.dumps({"DOI": "10.1000/x", "title": ["A title"], **named}).encode()


def test_identifiers_printed_and_normalised(three: list[PublicationRecord]) -> None:
    assert [r.doi for r in three] == [
        "10.1177/13524585.test.3",
        "10.1371/journal.pone.0999999",
        "10.1000/xyz(1)",
    ]
    assert three[0].printed_identifiers == {"doi": "10.1177/13524585.TEST.3"}
    assert three[0].issns == ["1352-4585", "1477-0970"]


def test_title_with_subtitle_and_language(three: list[PublicationRecord]) -> None:
    assert three[0].title == (
        "Reset of the immune system by autologous transplantation (NCT09990001): A randomised trial"
    )
    assert [r.language for r in three] == ["en", None, "nb"]
    assert three[1].title is None


def test_authors_and_groups(three: list[PublicationRecord]) -> None:
    assert three[0].authors == ["Bjørnstad-Ruud KM", "Gibb JP Jr", "Madonna"]
    assert three[0].group_authors == ["RESET Study Group"]


def test_imprint_is_that_of_the_printed_issue(three: list[PublicationRecord]) -> None:
    first, second, third = three
    assert (first.container, first.container_short) == ("Multiple Sclerosis Journal", "Mult Scler")
    assert (first.volume, first.issue, first.pages) == ("30", "2", "165-174")
    assert (first.year, first.published) == ("2024", Dated("2024-2", "2024-02"))
    assert (second.year, second.published, second.pages) == ("2020", Dated("2020-7", "2020-07"), "e0999999")
    assert (third.year, third.published) == ("2021", Dated("2021", "2021"))


def test_when_the_publisher_changed_the_record(three: list[PublicationRecord]) -> None:
    assert three[0].updated == Dated("2024-05-06T07:08:09Z", "2024-05-06")
    assert three[1].updated == Dated("2021-2-3", "2021-02-03")
    assert three[2].updated is None


def test_registry_numbers_with_their_roles(three: list[PublicationRecord]) -> None:
    found = [(n.printed, n.role, n.label, n.number and n.number.normalised) for n in three[0].registry_numbers]
    assert found == [
        ("NCT09990001", "title", None, "NCT09990001"),
        ("nct09990001", "secondary", "10.18810/clinical-trials-gov, results", "NCT09990001"),
        ("isrctn99900012", "secondary", "10.18810/isrctn", "ISRCTN99900012"),
        ("NCT09990002", "abstract", None, "NCT09990002"),
    ]


def test_kind_licence_references_address(three: list[PublicationRecord]) -> None:
    first = three[0]
    assert [r.kind for r in three] == [
        Coded("journal-article", "journal-article"),
        Coded("posted-content", None),
        Coded("journal-article", "journal-article"),
    ]
    assert first.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert [r.references for r in three] == [2, None, 0]
    assert first.address == "https://doi.org/10.1177/13524585.test.3"
    assert "example.org" not in repr([n for r in three for n in r.registry_numbers])


def test_every_envelope_gives_the_same_works(three: list[PublicationRecord]) -> None:
    bare = [json.dumps(i).encode() for i in ITEMS]
    single = [b'{"status":"ok","message-type":"work","message":%s}' % b for b in bare]
    for data in (
        b"[" + b",".join(bare) + b"]",
        b"\n".join(bare),
        b"\r\n".join(single),
        b"[" + b",".join(single) + b"]",
        b'{"items":[' + b",".join(bare) + b"]}",
        json.dumps(json.loads(LIST), indent=2).encode(),
        b"\xef\xbb\xbf" + LIST,
    ):
        assert FORMAT.recognise(data)
        assert load(FORMAT, data).records == three


def test_an_empty_list_has_no_works() -> None:
    outcome = load(FORMAT, b'{"message-type":"work-list","message":{"items":[],"total-results":0}}')
    assert (outcome.records, outcome.faults) == ([], [])


def test_the_citation_format_of_doi_org_is_read() -> None:
    record = one(
        FORMAT,
        b'{"DOI":"10.1000/x","type":"article-journal","title":"A title","container-title":"Neurology",'
        b'"author":[{"literal":"A Group"}],"issued":{"date-parts":[["2019","3"]]}}',
    )
    assert (record.title, record.container, record.group_authors) == ("A title", "Neurology", ["A Group"])
    assert record.published == Dated("2019-3", "2019-03")


def test_unknown_fields_and_types_are_told() -> None:
    outcome = load(FORMAT, work(type="hologram", novelty=1, author=[{"family": "A", "shoe-size": 9}], language="tlh"))
    assert sorted(outcome.audit.unknown) == ["author.shoe-size", "language=tlh", "novelty", "type=hologram"]
    assert outcome.records[0].kind == Coded("hologram", None)
    assert set(outcome.audit.first.values()) == {"DOI 10.1000/x"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"DOI": None}, "is no DOI"),
        ({"DOI": "abc"}, "is no DOI"),
        ({"issued": {"date-parts": [[2020, 13]]}}, "no date of the calendar"),
        ({"issued": {"date-parts": [[2021, 2, 29]]}}, "no date of the calendar"),
        ({"issued": {"date-parts": [["x"]]}}, "is no date"),
        ({"issued": {"date-parts": [2020]}}, "list of lists"),
        ({"issued": {"date-parts": "2020"}}, "list of lists"),
        ({"references-count": -1}, "no count of references"),
        ({"title": [["a"]]}, "more than texts"),
        ({"author": {"family": "A"}}, "should be a list"),
        ({"author": ["A"]}, "should be an object"),
        ({"volume": ["1"]}, "more than a text"),
        ({"title": ["A\0"]}, "export it again"),
        ({"title": ["A\ud800"]}, "export it again"),
        ({"container-title": ["\0"]}, "export it again"),
    ],
)
def test_a_fault_costs_only_its_record(fields: dict[str, Any], message: str, three: list[PublicationRecord]) -> None:
    outcome = load(FORMAT, work(**fields) + b"\n" + LIST)
    assert outcome.records == three
    [fault] = outcome.faults
    assert message in str(fault)


def test_any_field_of_any_type_ends_in_a_record_or_a_fault() -> None:
    assert FORMAT.record is not None
    strange = [None, 0, -1, 1.5, True, "", "x", [], {}, [[]], [{}], [None], {"a": {}}, [["x"]], {"date-parts": [[]]}]
    tried = faults = 0
    for item in ITEMS:
        for name in item:
            for value in strange:
                tried += 1
                try:
                    FORMAT.record({**item, name: value}, Audit())
                except RecordError:
                    faults += 1
    assert tried > 300 and faults > 50


def test_a_file_that_breaks_off_gives_what_is_whole_and_one_fault() -> None:
    assert_truncation_is_told(FORMAT, LIST, 3, lambda piece: False)


@pytest.mark.parametrize(
    "data",
    [
        LIST.replace("ø".encode(), b"\xf8"),
        LIST[:900] + b"\0" + LIST[900:],
        b'{"DOI":' + b"[" * 100_000,
        b"[]",
        b"[1, null, []]",
        b'{"message": []}',
    ],
    ids=["latin-1", "nul", "deep", "empty", "no objects", "no message"],
)
def test_hostile_files_end_in_faults(data: bytes) -> None:
    outcome = load(FORMAT, data)
    assert outcome.records == []
    assert (data == b"[]") == (outcome.faults == [])


def test_only_crossref_is_recognised() -> None:
    assert FORMAT.recognise(b' {"status":"ok","message-type":"work","message":{"DOI":"10.1/x"}}')
    assert FORMAT.recognise(LIST[:700])
    zotero = b'[{"id":"a","type":"article-journal","DOI":"10.1000/x","issued":{"date-parts":[[2020]]}}]'
    for other in (zotero, b'{"protocolSection":{}}', b'{"ctNumber":"2022-500000-00-00"}', b"", b"<a>", b"[]"):
        assert not FORMAT.recognise(other)


@pytest.mark.shared
def test_the_samples_give_what_stands_in_them(shared_dir: Path) -> None:
    files = sorted((shared_dir / "samples" / "crossref_json").iterdir())
    assert len(files) == 3
    assert all(FORMAT.recognise(f.read_bytes()[: 2**16]) for f in files)
    dogs, synuclein, mice = (one(FORMAT, f.read_bytes()) for f in files)
    assert (dogs.year, dogs.pages, dogs.authors[0], dogs.references) == ("1997", "519-527", "Lieber RL", 36)
    assert "Hora D Jr" in dogs.authors
    assert (synuclein.pages, synuclein.licence) == ("16696", "https://creativecommons.org/licenses/by/4.0")
    assert (mice.doi, mice.pages, mice.published) == (
        "10.1371/journal.pone.0033693",
        "e33693",
        Dated("2012-3-21", "2012-03-21"),
    )


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    claimed = [p.name for p in other_samples(shared_dir, "crossref_json") if FORMAT.recognise(p.read_bytes()[: 2**16])]
    assert claimed == []

"""WHO ICTRP in CSV, as its list of fields and programs that read it describe the files; no real file was at hand."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import Coded, Counted, Dated, Raw, RegistryRecord
from msevidence.loaders.registries import ictrp_xml
from msevidence.loaders.registries.ictrp_csv import FORMAT, LAYOUTS, LISTED, REFRESHED, recognise
from msevidence.loaders.registries.ictrp_fields import OURS, PASSED_OVER, canonical

FIXTURES = Path(__file__).parent.parent / "fixtures" / "exports" / "ictrp"
FULL = (FIXTURES / "full.csv").read_bytes()
NAMED = (FIXTURES / "named.csv").read_bytes()


def items(content: bytes) -> list[Raw | RecordError]:
    return list(FORMAT.read(io.BytesIO(content), "x.csv"))


def records(content: bytes, audit: Audit | None = None) -> list[RegistryRecord]:
    found = []
    for item in items(content):
        assert isinstance(item, Raw), item
        found.append(FORMAT.record(item.fields, audit or Audit()))
    return found


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_the_label_says_that_no_real_file_was_read():
    assert "untested on a real file" in FORMAT.label


def test_the_columns_of_the_list_are_all_known():
    assert len(LISTED) == 62
    assert sorted(LAYOUTS) == [60, 62, 63]
    assert LAYOUTS[63][:3] == ("TrialID", REFRESHED, "SecondaryIDs")
    assert [c for c in LISTED if canonical(c) not in OURS and canonical(c) not in PASSED_OVER] == []


def test_every_field_of_a_file_without_names():
    audit = Audit()
    first, second = records(FULL, audit)
    assert audit.unknown == Counter()
    assert first.number.normalised == "ACTRN12699000123639"
    assert [t.text for t in first.titles] == ["Invented cells, again", "A trial of invented cells in two lines"]
    assert first.dates == {
        "start": Dated("03/02/2025", "2025-02-03", "estimated"),
        "registered": Dated("31/01/2025", "2025-01-31"),
        "updated": Dated("17 February 2025", "2025-02-17"),
    }
    assert first.enrolment == Counted("50", 50)
    assert first.status == Coded("Not yet recruiting", "not-yet-recruiting")
    assert (first.phase, first.study_type) == ("Not Applicable", "Interventional")
    assert first.design == "Purpose: Treatment; Masking: Open"
    assert first.conditions == ["Multiple Sclerosis", "Neurological - MS"]
    assert first.interventions == ["Infusion of cells"]
    assert first.outcomes == ["Relapses[12 months]"]
    assert (first.sponsors, first.collaborators) == (["Invented Operations"], ["Other Place"])
    assert first.countries == ["Australia"]
    assert [(n.printed, n.role, n.label) for n in first.other_numbers] == [
        ("NCT09900123", "secondary", "SecondaryIDs"),
        ("INV/2024", "secondary", "SecondaryIDs"),
        ("NCT09900123", "secondary", "Bridging_flag"),
    ]
    assert first.has_results is False
    assert first.address == "https://anzctr.example.org/ACTRN12699000123639.aspx"
    assert "Childs" in first.empty
    assert "x@example.org" not in repr(first)

    assert second.number.normalised == "CTRI/2023/04/099053"
    assert second.dates["registered"] == Dated("21-10-2023", "2023-10-21")
    assert second.status == Coded("Open to Recruitment", "recruiting")
    assert [n.number.normalised for n in second.other_numbers if n.number] == ["NCT09900777", "PER-099-19-A"]
    assert second.has_results is True


def test_a_file_with_names():
    audit = Audit()
    (record,) = records(NAMED, audit)
    assert audit.unknown == Counter()
    assert record.number.normalised == "ChiCTR2499000017"
    assert record.acronyms == ["NAMED"]
    assert record.sponsors == ["Hospital, Invented"]
    assert record.enrolment == Counted("A:1;B:2;", None)
    assert record.dates["updated"] == Dated("8 December 2025", "2025-12-08")
    assert record.dates["registered"] == Dated("2024-05-06", "2024-05-06")


def test_the_xml_and_the_csv_of_one_record_are_one_record():
    fields = {"TrialID": "NCT09900123", "Public_title": "Cells", "Date_registration": "05/03/2018", "Condition": "A;B"}
    content = written([list(fields), list(fields.values())])
    inside = "".join(f"<{k}>{v}</{k}>" for k, v in fields.items())
    xml = f"<Trials><Trial>{inside}</Trial></Trials>".encode()
    (raw,) = ictrp_xml.FORMAT.read(io.BytesIO(xml), "x")
    assert isinstance(raw, Raw)
    assert records(content) == [ictrp_xml.FORMAT.record(raw.fields, Audit())]


@pytest.mark.parametrize("width", sorted(LAYOUTS))
def test_the_layouts_of_other_years(width):
    columns = LAYOUTS[width]
    row = [""] * width
    row[0], row[columns.index("public_title")] = "NCT09900123", "Cells"
    row[columns.index("Conditions")] = "MS"
    content = written([row])
    assert recognise(content)
    assert [(r.titles[0].text, r.conditions) for r in records(content)] == [("Cells", ["MS"])]


@pytest.mark.parametrize("second", ["", "(No column name)"])
def test_a_column_without_a_name_after_the_number_is_the_day_of_the_last_refresh(second):
    named = [list(LAYOUTS[63]), *rows(FULL)]
    named[0][1] = second
    content = written(named)
    assert recognise(content)
    assert [r.dates["updated"].value for r in records(content)] == ["2025-02-17", "2025-01-01"]


@pytest.mark.parametrize(
    ("rows_of", "why"),
    [
        ([["TrialID", "Title"], ["NCT09900123", "x"]], "none Public_title; found were TrialID, Title"),
        ([["ID", "Public title"], ["NCT09900123", "x"]], "no column TrialID"),
        ([["NCT09900123", "x", "y"]], "no row of names, and 3 columns"),
        ([["TrialID", "Public_title", "public title"], ["NCT09900123", "x", "y"]], "a column twice"),
        ([["<html>", ""]], "no column TrialID"),
    ],
)
def test_columns_that_are_none_of_the_platform(rows_of, why):
    with pytest.raises(ExportError, match=why) as caught:
        items(written(rows_of))
    assert caught.value.path == "x.csv"


def three() -> list[list[str]]:
    return [
        ["TrialID", "Public_title", "Condition"],
        *[[f"NCT0990012{n}", f"Title {n}", "MS"] for n in range(3)],
    ]


def outcome(content: bytes) -> list[str]:
    return [i.fields["TrialID"] if isinstance(i, Raw) else type(i).__name__ for i in items(content)]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"NCT09900121,Title 1,\xff\r\n", "UTF-8"),
        (b"NCT09900121,Ti\0tle,MS\r\n", "NUL"),
        (b"NCT09900121,Title 1\r\n", "2 columns where 3"),
        (b"NCT09900121,Title 1,MS,more\r\n", "4 columns where 3"),
        (b'NCT09900121,"Title" 1,MS\r\n', "no row of a CSV file"),
        (b'NCT09900121,"Title 1,MS\r\n', "not closed"),
    ],
)
def test_a_bad_row_is_one_fault_and_its_neighbours_are_read(broken, why):
    head, *lines = written(three()).splitlines()
    quoted = [b",".join([c if n == 0 else b'"' + c + b'"' for n, c in enumerate(x.split(b","))]) for x in lines]
    content = head + b"\r\n" + quoted[0] + b"\r\n" + broken + quoted[2] + b"\r\n"
    assert outcome(content) == ["NCT09900120", "RecordError", "NCT09900122"]
    fault = items(content)[1]
    assert isinstance(fault, RecordError)
    assert why in fault.message
    assert fault.line == 3


@pytest.mark.parametrize("part", range(1, 25))
def test_a_file_that_breaks_off_gives_what_is_whole(part):
    cut = FULL[: len(FULL) * part // 25]
    try:
        found = items(cut)
    except ExportError:
        assert part < 24, "only a first row that is cut can be of another width"
        return
    whole = [FORMAT.record(i.fields, Audit()) for i in found if isinstance(i, Raw)]
    assert whole == records(FULL)[: len(whole)]
    assert len(found) - len(whole) <= 1
    assert len(found) <= 2


def test_a_cut_inside_the_second_row_costs_that_row_alone():
    begin = FULL.index(b"CTRI/2023")
    last = FULL.rindex(b",")  # a text that is cut in the last column cannot be told from a short one
    kinds = {tuple(outcome(FULL[:end])) for end in range(begin + 1, last + 1)}
    assert kinds == {("ACTRN12699000123639", "RecordError")}


@pytest.mark.parametrize(
    "change",
    [lambda c: b"\xef\xbb\xbf" + c, lambda c: c.replace(b"\r\n", b"\n"), lambda c: c.rstrip(), lambda c: c + b"\r\n"],
    ids=["bom", "lf", "no last end", "empty line"],
)
@pytest.mark.parametrize("content", [FULL, NAMED], ids=["full", "named"])
def test_variants_of_a_file_give_the_same_records(change, content):
    assert recognise(change(content))
    assert records(change(content)) == records(content)


def test_utf_16_is_refused():
    with pytest.raises(ExportError, match="UTF-16"):
        items(NAMED.decode().encode("utf-16"))


def test_lines_are_those_of_the_file():
    assert [i.line for i in items(FULL)] == [1, 3]
    assert [i.label for i in items(FULL) if isinstance(i, Raw)] == ["ACTRN12699000123639", "CTRI/2023/04/099053"]


def test_what_is_recognised_when_the_head_is_cut():
    assert recognise(FULL[:4000])
    assert recognise(NAMED[:1500])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n\n",
        b"NCT Number,Study Title,Study URL\r\nNCT09900123,x,y\r\n",
        b"nct_id,brief_title\nNCT09900123,x\n",
        b"NCT09900123\nNCT09900124\n",
        b"NCT09900123,x\n",
        b"EudraCT Number: 2019-009901-23\n",
        b"TY  - JOUR\n",
        b"PMID- 1\n",
        b'{"a": 1}',
        b"<Trials_downloaded_from_ICTRP>",
        b'"',
        b"\xff\xfeT\0",
    ],
)
def test_what_is_not(head):
    assert not recognise(head)


@pytest.mark.shared
def test_no_sample_is_an_export_in_csv(shared_dir):
    files = [f for f in sorted((shared_dir / "samples").rglob("*")) if f.is_file()]
    assert len(files) >= 32
    assert [f.name for f in files if recognise(f.read_bytes()[: 2**16])] == []

"""ClinicalTrials.gov CSV: the site's download, the classic one and the flattened one; rows that are wrong, told."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest

from msevidence.loaders.exports.csv_rows import REREAD
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.lines import LINE_BYTES
from msevidence.loaders.exports.records import Coded, Counted, Dated, Title
from msevidence.loaders.registries.ctgov_csv import COLUMNS, FORMAT, IGNORED, read, recognise, record
from tests.exports.ctgov_reading import FIXTURES, cuts, load, one, other_heads

SITE = (FIXTURES / "ctgov_csv" / "site.csv").read_bytes()
CLASSIC = (FIXTURES / "ctgov_csv" / "classic.csv").read_bytes()
FLAT = (FIXTURES / "ctgov_csv" / "flat.csv").read_bytes()
HEADER = SITE.split(b"\n", 1)[0]


def numbers(found: object) -> list[tuple[str, str, str | None, str | None]]:
    return [(n.printed, n.role, n.label, n.number and n.number.normalised) for n in found.other_numbers]  # type: ignore[attr-defined]


def small(*rows: str, header: str = "NCT Number,Study Title,Study Status") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def test_every_column_of_the_sites_download() -> None:
    loaded = load(FORMAT, SITE)
    assert loaded.numbers == ["NCT09990401", "NCT09990402", "NCT09990403"]
    assert loaded.lines == [2, 6, 7]  # a summary has four lines
    assert loaded.faults == []
    found = loaded.records[0]
    assert found.titles == [Title("public", 'Cells, and "Calm": a Follow-up of NCT09990055', "en")]
    assert found.acronyms == ["SC-CALM"]
    assert found.address == "https://clinicaltrials.gov/study/NCT09990401"
    assert found.status == Coded("ACTIVE_NOT_RECRUITING", "active-not-recruiting")
    assert found.has_results is True
    assert found.conditions == ["Multiple Sclerosis", "Fatigue"]
    assert found.interventions == ["Autologous cells", "Dose: A|B"]
    assert found.outcomes == ["Disability, by EDSS, 2 years", "Walking, 1 year"]
    assert found.sponsors == ["Sandviken Hospital"]
    assert found.collaborators == ["Fund of Trials", "Cell Works AS"]
    assert found.phase == "PHASE1|PHASE2"
    assert found.enrolment == Counted("48", 48, None)
    assert found.study_type == "INTERVENTIONAL"
    assert found.design == (
        "Allocation: RANDOMIZED|Intervention Model: PARALLEL|Masking: NONE|Primary Purpose: TREATMENT"
    )
    assert found.dates == {
        "start": Dated("2031-02", "2031-02", None),
        "primary-completion": Dated("2033-12-31", "2033-12-31", None),
        "completion": Dated("2034", "2034", None),
        "registered": Dated("2030-12-09", "2030-12-09", None),
        "results-posted": Dated("2034-05-02", "2034-05-02", None),
        "updated": Dated("2034-05-02", "2034-05-02", None),
    }
    assert found.countries == ["Norway", "Korea, Republic of"]
    assert numbers(found) == [
        ("BERGEN-SC-7", "protocol-code", "Other IDs", None),
        ("2031-000123-45", "secondary", "Other IDs", "2031-000123-45"),
        ("U01NS999999", "secondary", "Other IDs", None),
        ("ISRCTN90909012", "secondary", "Other IDs", "ISRCTN90909012"),
        ("ACTRN12631000123456", "secondary", "Other IDs", "ACTRN12631000123456"),
        ("NCT09990055", "title", None, "NCT09990055"),
    ]
    assert found.empty == []


def test_empty_columns_are_named_and_unknown_values_told() -> None:
    loaded = load(FORMAT, SITE)
    second, third = loaded.records[1:]
    assert second.status == Coded("TEMPORARILY_NOT_AVAILABLE", "temporarily-not-available")
    assert second.has_results is False
    assert (second.other_numbers, second.dates) == ([], {"updated": Dated("2031-01-02", "2031-01-02", None)})
    assert {"Other IDs", "Acronym", "Start Date", "Locations", "Enrollment"} <= set(second.empty)
    assert "Study Title" not in second.empty
    assert third.status == Coded("RESTING", None)
    assert third.has_results is None
    assert third.enrolment == Counted("0", 0, None)
    assert dict(loaded.audit.unknown) == {"status=RESTING": 1, "Study Results=PERHAPS": 1}
    assert loaded.audit.first == {"status=RESTING": "NCT09990403", "Study Results=PERHAPS": "NCT09990403"}


def test_the_classic_sites_download() -> None:
    found = one(FORMAT, CLASSIC)
    assert found.titles == [Title("public", "Cells of Old", "en")]
    assert found.status == Coded("Unknown status", "unknown-status")
    assert found.has_results is False
    assert found.interventions == ["Placebo", "Cells"]
    assert found.outcomes == []  # primary and other outcomes are not told apart
    assert (found.sponsors, found.collaborators) == (["Sandviken Hospital"], ["Fund of Trials"])
    assert found.phase == "Phase 1|Phase 2"
    assert found.design == "Allocation: Randomized|Masking: None (Open Label)"
    assert numbers(found) == [
        ("OLD-7", "protocol-code", "Other IDs", None),
        ("2011-000321-54", "secondary", "Other IDs", "2011-000321-54"),
    ]
    assert found.dates["start"] == Dated("April 2011", "2011-04", None)
    assert found.dates["completion"] == Dated("May 31, 2014", "2014-05-31", None)
    assert found.dates["registered"] == Dated("April 3, 2011", "2011-04-03", None)
    assert found.dates["updated"] == Dated("June 1, 2015", "2015-06-01", None)
    assert found.countries == ["Norway"]
    assert found.address == "https://ClinicalTrials.gov/show/NCT09990501"
    assert found.empty == ["Primary Completion Date", "Results First Posted"]


def test_the_flattened_download() -> None:
    loaded = load(FORMAT, FLAT)
    assert (loaded.numbers, loaded.faults) == (["NCT09990601", "NCT09990602"], [])
    assert loaded.audit.unknown == {}
    found = loaded.records[0]
    assert found.titles == [
        Title("public", "Flat Cells", "en"),
        Title("scientific", "Flat Cells, Formally, With 2031-000123-45", "en"),
    ]
    assert found.status == Coded("WITHHELD", "withheld")
    assert found.enrolment == Counted("48.0", 48, "estimated")
    assert found.interventions == ["Drug: the movie", "Cells"]  # names without types
    assert found.outcomes == ["Disability", "Walking"]
    assert (found.sponsors, found.collaborators) == (["Sandviken Hospital"], ["Fund of Trials", "Cell Works AS"])
    assert found.countries == ["Norway"]
    assert (found.phase, found.study_type, found.design) == ("PHASE2", "EXPANDED_ACCESS", None)
    assert found.has_results is True
    assert list(found.dates) == [
        "start",
        "primary-completion",
        "completion",
        "registered",
        "results-posted",
        "updated",
    ]
    assert numbers(found) == [("2031-000123-45", "title", None, "2031-000123-45")]
    assert loaded.records[1].has_results is False
    assert "OfficialTitle" in loaded.records[1].empty


def test_columns_that_the_user_left_out_say_nothing() -> None:
    found = one(FORMAT, small("NCT09990701,A,COMPLETED"))
    assert found.empty == []
    assert (found.has_results, found.enrolment, found.dates, found.other_numbers) == (None, None, {}, [])
    moved = one(FORMAT, small("COMPLETED,A,NCT09990701", header="Study Status,Study Title,NCT Number"))
    assert moved == found


def test_delimiters_of_spreadsheets() -> None:
    for delimiter in ";\t":
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(csv.reader(io.StringIO(SITE.decode())))
        data = text.getvalue().encode()
        assert recognise(data)
        assert load(FORMAT, data).records == load(FORMAT, SITE).records


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "NCT Number,Study Status,Acronym",
            r"no column 'Study Title' or 'Title' or 'BriefTitle'; found are 'NCT Number'",
        ),
        ("NCT,Study Title,Study Status", "no column 'NCT Number' or 'NCTId'; found are 'NCT', 'Study Title'"),
        ("nct number,Study Title,Study Status", "no column 'NCT Number'"),
        ("NCT Number,Study Title,Study Title", r"columns of one name \(Study Title\)"),
        ("NCT Number,Study Title,NCT Number", r"columns of one name \(NCT Number\)"),
        ('NCT Number,"Study Title,Study Status', "header that cannot be read"),
        ("NCT Number,Study\0Title,x", "header that cannot be read"),
        ("", "no column 'NCT Number'"),
    ],
)
def test_a_header_that_cannot_be_used_stops_the_file(header: str, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        load(FORMAT, small("NCT09990701,A,COMPLETED", header=header))


def test_an_empty_file_and_other_encodings() -> None:
    with pytest.raises(ExportError, match="no header"):
        load(FORMAT, b"\n \n")
    with pytest.raises(ExportError, match="UTF-16"):
        load(FORMAT, SITE.decode().encode("utf-16"))
    with pytest.raises(ExportError, match="UTF-16"):
        load(FORMAT, SITE.decode().encode("utf-16-le"))
    assert load(FORMAT, b"\xef\xbb\xbf" + SITE).records == load(FORMAT, SITE).records
    assert load(FORMAT, b"\r\n\r\n" + SITE.replace(b"\n", b"\r\n")).records == load(FORMAT, SITE).records
    with pytest.raises(ExportError):
        load(FORMAT, SITE.replace(b"\n", b"\r"))


def test_renamed_and_nameless_columns_are_told() -> None:
    loaded = load(FORMAT, small("NCT09990701,A,COMPLETED,x,y", header="NCT Number,Study Title,Statut,,New"))
    assert loaded.records[0].status is None
    assert dict(loaded.audit.unknown) == {"Statut": 1, "(column 4 without a name)": 1, "New": 1}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",A,COMPLETED", "NCT Number: the record has no NCT number"),
        ("NCT00000000,A,COMPLETED", "NCT Number: .*placeholder"),
        ("NCT1,A,COMPLETED", "NCT Number: .*pattern"),
        ("ISRCTN90909012,A,COMPLETED", "NCT Number: .*is no number of NCT"),
        ("NCT09990702,A", "has 2 fields under a header of 3"),
        ("NCT09990702,A,COMPLETED,more", "has 4 fields under a header of 3"),
        ('NCT09990702,"A" B,COMPLETED', "cannot be read as a row"),
        ('NCT09990702,"A,COMPLETED', "cannot be read as a row"),
        ('"NCT09990702,A,COMPLETED', "cannot be read as a row"),
        ('NCT09990702,A,"COMPLETED', "cannot be read as a row"),
        ('NCT09990702,"A\nline two\n* line three,COMPLETED', "cannot be read as a row"),
    ],
)
def test_a_wrong_row_is_one_fault_and_its_neighbours_load(row: str, message: str) -> None:
    before, after = 'NCT09990701,"First, of all",COMPLETED', "NCT09990703,Third,RECRUITING"
    quoted = 'NCT09990704,"Fourth\nwith a ""line""",COMPLETED'
    good = load(FORMAT, small(before, after, quoted, after)).records
    assert len(good) == 4
    for rows in ((before, row, after, quoted, after), (before, row, quoted, after)):
        loaded = load(FORMAT, small(*rows))
        assert loaded.records == ([good[0], *good[1:]] if len(rows) == 5 else [good[0], good[2], good[3]]), rows
        assert len(loaded.faults) == 1
        with pytest.raises(RecordError, match=message):
            raise loaded.faults[0]
    last = load(FORMAT, small(before, row))
    assert (last.records, len(last.faults)) == (good[:1], 1)
    assert load(FORMAT, small(row, row, after)).records == [good[1]]
    assert len(load(FORMAT, small(row, row, after)).faults) == 2


def test_the_line_of_a_fault_is_that_of_its_row() -> None:
    loaded = load(FORMAT, small('NCT09990701,"A\nB",COMPLETED', 'NCT09990702,"A,COMPLETED', "NCT09990703,C,COMPLETED"))
    assert [f.line for f in loaded.faults] == [4]
    assert loaded.lines == [2, 5]


def test_an_open_quotation_mark_does_not_swallow_rows_of_the_same_width() -> None:
    # The mark of the first row is closed by that of the third, and three fields come out.
    rows = ('NCT09990701,"A,COMPLETED', "NCT09990702,B,COMPLETED", 'NCT09990703",C,COMPLETED')
    loaded = load(FORMAT, small(*rows))
    assert loaded.numbers == ["NCT09990702"]
    assert len(loaded.faults) == 2


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\0", b"caf\xe9"])
def test_bytes_that_are_no_text_spoil_their_row_only(bad: bytes) -> None:
    good = load(FORMAT, SITE).records
    for place, lost in ((b"Second Row", 1), (b"Calm", 0), (b"another:", 0), (b"Third Row", 2)):
        loaded = load(FORMAT, SITE.replace(place, bad))
        assert loaded.records == [r for i, r in enumerate(good) if i != lost], place
        assert len(loaded.faults) == 1


@pytest.mark.parametrize("data", [SITE, CLASSIC, FLAT])
def test_what_is_whole_before_a_cut_is_loaded(data: bytes) -> None:
    whole = load(FORMAT, data).records
    seen = set()
    for piece in cuts(data):
        try:
            loaded = load(FORMAT, piece)
        except ExportError as e:
            assert piece in data.split(b"\n", 1)[0], e  # the header itself is cut
            continue
        kept = loaded.records[: len(whole)]
        # What is cut in its last column is whole as far as anybody can see.
        assert kept[:-1] == whole[: max(len(kept) - 1, 0)]
        assert not kept or kept[-1].number in [r.number for r in whole]
        assert len(loaded.faults) <= 1
        seen.add(len(loaded.records))
    assert len(seen) >= min(2, len(whole))


def test_a_huge_line_and_a_huge_row_are_refused() -> None:
    row = b"NCT09990701,A,COMPLETED\n"
    with pytest.raises(ExportError, match="longer than"):
        load(FORMAT, small() + row + b"NCT09990702," + b"A" * (LINE_BYTES + 1))

    class Endless(io.RawIOBase):
        """A line of 1 GB, of which no more is made than is asked for."""

        given = 0

        def readline(self, size: int | None = -1) -> bytes:  # type: ignore[override]
            self.given += 1
            assert size is not None and 0 < size < 2 * LINE_BYTES
            return small() if self.given == 1 else b"A" * min(size, 10**9)

    tracemalloc.start()
    with pytest.raises(ExportError, match="longer than"):
        list(read(Endless(), "file"))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * LINE_BYTES
    line = b"x" * 1_000_000 + b"\n"
    long = load(FORMAT, small() + row + b'NCT09990702,"' + line * 20 + row)
    assert long.numbers == ["NCT09990701", "NCT09990701"]
    assert len(long.faults) == 1


def test_quotation_marks_made_to_be_read_again_and_again_are_given_up() -> None:
    line = b'NCT09990702,A","B' + b"x" * 50_000 + b"\n"
    lines = 2000
    assert lines * len(line) > REREAD
    loaded = load(FORMAT, small() + line * lines)
    assert loaded.records == []
    assert "cannot be read from here on" in loaded.faults[-1].message
    assert len(loaded.faults) < 20


def test_memory_does_not_grow_with_the_file() -> None:
    body = SITE.split(b"\n", 1)[1]

    class Many:
        """The same rows again and again."""

        def __init__(self) -> None:
            self.lines = iter([HEADER + b"\n"] + (body.splitlines(keepends=True)) * 1)
            self.rounds = 5000

        def readline(self, size: int = -1) -> bytes:
            line = next(self.lines, b"")
            if not line and self.rounds:
                self.rounds -= 1
                self.lines = iter(body.splitlines(keepends=True))
                line = next(self.lines)
            return line

    tracemalloc.start()
    count = sum(not isinstance(raw, RecordError) for raw in read(Many(), "file"))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3 * 5001
    assert peak < 1_000_000


@pytest.mark.parametrize("value", [None, 7, [], ["x"], {}, True])
def test_a_value_that_is_no_text_is_a_fault(value: object) -> None:
    columns = [names[0] for names in COLUMNS.values()]
    for column in columns:
        with pytest.raises(RecordError, match="holds more than a text"):
            record({"NCT Number": "NCT09990701", "Study Title": "A", column: value}, Audit())
    with pytest.raises(RecordError):
        record(value, Audit())


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("Start Date", "2031-02-30", "Start Date: .*calendar"),
        ("Last Update Posted", "2031-13", "Last Update Posted: .*calendar"),
        ("Enrollment", "-3", "Enrollment: .*no number of persons"),
        ("Enrollment", "3.5", "Enrollment: .*no number of persons"),
    ],
)
def test_impossible_values_name_their_column(column: str, value: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        record({"NCT Number": "NCT09990701", "Study Title": "A", column: value}, Audit())


def test_links_that_are_none_are_dropped() -> None:
    row = {"NCT Number": "NCT09990701", "Study Title": "A"}
    assert record({**row, "Study URL": "javascript:alert(1)"}, Audit()).address is None
    assert record({**row, "Study URL": "https://a.example/<x>"}, Audit()).address is None


def test_e_mail_addresses_are_masked() -> None:
    row = {"NCT Number": "NCT09990701", "Study Title": "Ask a@b.org", "Sponsor": "S (c@d.org)", "Acronym": "e@f.org"}
    assert "@" not in repr(record(row, Audit()))


def test_recognised_by_content_only() -> None:
    for good in (SITE, CLASSIC, FLAT, HEADER, b"\xef\xbb\xbf\n" + SITE[:100], b'"NCT Number","Study Title"\n'):
        assert recognise(good)
    # A renamed number is still this format, so that the message can say what is missing.
    assert recognise(b"NCT,Study Title,Study Status,Conditions,Phases,Enrollment\n")
    for other in (
        b"",
        b"TrialID,Public title,Acronym,Conditions\n",
        b"title,author,NCT Number in text\nNCT Number,x\n",
        b"x NCT Number,y\n",
    ):
        assert not recognise(other)


def test_every_column_is_loaded_or_ignored_with_a_reason() -> None:
    loaded = {name for names in COLUMNS.values() for name in names}
    assert loaded.isdisjoint(IGNORED)
    assert all(len(reason) > 5 for reason in IGNORED.values())
    for data in (SITE, CLASSIC, FLAT):
        header = next(csv.reader(io.StringIO(data.decode())))
        assert set(header) <= loaded | IGNORED.keys()


@pytest.mark.shared
def test_no_sample_of_another_format_is_claimed(shared_dir: Path) -> None:
    assert not any(recognise(head) for head in other_heads(shared_dir, "ctgov_csv"))


@pytest.mark.shared
def test_the_sample(shared_dir: Path) -> None:
    paths = sorted((shared_dir / "samples" / "ctgov_csv").glob("*.csv"))
    assert len(paths) == 1
    data = paths[0].read_bytes()
    assert recognise(data[: 2**16])
    loaded = load(FORMAT, data)
    assert (len(loaded.records), loaded.faults, loaded.audit.unknown) == (79, [], {})
    by_number = {r.number.normalised: r for r in loaded.records}
    assert len(by_number) == 79
    ram = by_number["NCT03477500"]
    assert ram.enrolment == Counted("100.0", 100, "estimated")
    assert ram.sponsors == ["Haukeland University Hospital"]
    assert ram.collaborators == [] and "Collaborators" in ram.empty
    assert sum(r.collaborators[:1] == ["University of Bergen"] for r in loaded.records) == 1
    assert ram.dates["updated"] == Dated("2025-06-25", "2025-06-25", None)
    assert ram.interventions == ["Cyclophosphamide and ATG", "Alemtuzumab", "Cladribine Pill", "Ocrelizumab"]
    assert by_number["NCT00278655"].has_results is True
    assert by_number["NCT00278655"].dates["results-posted"] == Dated("2014-05-01", "2014-05-01", None)
    assert by_number["NCT05482542"].enrolment == Counted("0.0", 0, "actual")
    statuses = {r.status.concept for r in loaded.records if r.status}
    assert {"available", "no-longer-available", "unknown-status", "enrolling-by-invitation"} <= statuses
    assert None not in statuses
    assert sum(r.status is None for r in loaded.records) == 0

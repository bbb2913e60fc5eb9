"""``msevidence count``: numbers, a document, everything; as text, JSON and CSV; and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from msevidence.server.cli import run
from tests.questions import expected

STEPS = ("printed", "numbers", "registrations", "studies", "references")
TOTALS = {row["document"]: row for row in expected("how-many-studies-and-why")["totals"]}


def counted(capsys: pytest.CaptureFixture[str], home: Path, *given: str) -> tuple[int, str, str]:
    code = run(["count", "--home", str(home), *given])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize("document", ["fhi-2021", "nygaard-2024"])
def test_a_document_as_json_has_the_figures_worked_out_by_hand(
    release_home: Path, capsys: pytest.CaptureFixture[str], document: str
) -> None:
    for key in (document, f"document/{document}"):
        code, out, err = counted(capsys, release_home, "--document", key, "--json")
        assert (code, err) == (0, "")
        written = json.loads(out)
        assert {step: written[step] for step in STEPS} == {step: TOTALS[document][step] for step in STEPS}
        assert written["listed"] == TOTALS[document]["listed"]
        assert len(written["parts"]) == TOTALS[document]["parts"] == written["parts_count"]


def test_everything_as_json_has_the_totals_and_each_document(
    release_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = counted(capsys, release_home, "--json")
    written = json.loads(out)
    assert code == 0
    assert {step: written[step] for step in STEPS} == {step: TOTALS[None][step] for step in STEPS}
    there = {one["document"].removeprefix("document/"): one for one in written["documents"]}
    for key, one in there.items():
        assert {step: one[step] for step in STEPS} == {step: TOTALS[key][step] for step in STEPS}
    assert set(there) == {"fhi-2021", "nygaard-2024"} and written["sources"] == []


def test_numbers_are_printed_with_their_study_and_rule(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("NCT 0027 3364", "EudraCT: 2010–023560–40/SE", "nct01606215", "NCT99999998", "MIST", "NCT00000000")
    code, out, err = counted(capsys, release_home, *given)
    assert (code, err) == (0, "")
    figures = next(line for line in out.splitlines() if line.startswith("these numbers"))
    assert figures.split()[2:] == ["4", "4", "4", "3", "7"]
    for words in (
        "MIST (study/mist)",
        "EudraCT 2010-023560-40 (printed 2010–023560–40/SE), by: printed-in-one-row",
        "MESEMS London is a part, by: site-list",
        "NCT99999998 (known to nothing here: a study of its own)",
        "'MIST': no registry number in it",
        "'NCT00000000': a placeholder",
        "EudraCT 2010-024381-21 and MESEMS: not the same (",
    ):
        assert words in out, words


def test_a_number_may_come_in_parts_and_from_standard_input(
    release_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = counted(capsys, release_home, "NCT", "0027", "3364", "--json")
    assert json.loads(out)["numbers"] == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("NCT00273364\nNCT03133403\n"))
    _, out, _ = counted(capsys, release_home, "-", "--json")
    written = json.loads(out)
    assert (written["numbers"], written["studies"]) == (2, 1)


def test_csv_has_one_row_a_number(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = counted(capsys, release_home, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert len([row for row in rows if row["normalised"]]) == TOTALS[None]["numbers"]
    wholes = {row["whole"] for row in rows}
    assert len(wholes) == TOTALS[None]["studies"]
    (london,) = [row for row in rows if row["normalised"] == "2012-002357-35"]
    assert (london["study"], london["whole"]) == ("MESEMS London (study/mesems-london)", "MESEMS (study/mesems)")
    assert london["document"] == "document/fhi-2021" and "site-list" in london["rule"]


def test_a_document_is_told_with_table_and_row(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = counted(capsys, release_home, "--document", "fhi-2021")
    assert "MESEMS (study/mesems): Tabell 3, row 5" in out
    assert "NET-MS (study/net-ms)" in out and "without a number, known by: " in out
    assert "it registers another study: " in out
    assert "studies listed in a table, or with a record that was loaded: 15" in out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--document", "none"), "there are: fhi-2021, nygaard-2024"),
        (("NCT00273364", "--document", "fhi-2021"), "not both"),
        (("--json", "--csv"), "not both"),
        (("",), "is empty"),
        (("\udcff",), "not in UTF-8"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    release_home: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], said: str
) -> None:
    code, out, err = counted(capsys, release_home, *given)
    assert (code, out) == (2, "")
    assert said in err


def test_a_text_without_a_number_is_a_fault(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = counted(capsys, release_home, "MIST", "--json")
    assert code == 1
    assert json.loads(out)["not_recognised"] == [{"text": "MIST", "why": "no registry number in it", "kind": "none"}]


def test_without_a_release_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = counted(capsys, tmp_path)
    assert code == 3 and "msevidence build" in err

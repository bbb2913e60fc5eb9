"""One source becomes statements: what is read is loaded, quarantined or a duplicate, and never lost."""

import json
from pathlib import Path

import pytest

from msevidence.loaders.exports.conversion import FACTS, blocks_of, convert
from msevidence.loaders.exports.facts import RegistrationFact, from_json, to_json
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.report import read_report
from tests.exports.converting import FIXTURES, converted


def study(number: str, title: str = "Stem cells in multiple sclerosis", **status: object) -> dict[str, object]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": number, "briefTitle": title},
            "statusModule": {"overallStatus": "RECRUITING", **status},
        }
    }


def page(*studies: dict[str, object]) -> bytes:
    return json.dumps({"studies": list(studies), "totalCount": len(studies)}).encode()


def updated(date: str) -> dict[str, object]:
    return {"lastUpdatePostDateStruct": {"date": date, "type": "ACTUAL"}}


def test_the_counts_balance_and_each_record_in_quarantine_has_place_and_reason(tmp_path: Path) -> None:
    bad = [study("NCT0123"), study("NCT00000000"), study("NCT01234568", startDateStruct={"date": "2024-02-31"})]
    report = converted(tmp_path, page(study("NCT01234567"), *bad, study("NCT01234567"))).report
    assert (report.read, report.loaded, report.duplicate, len(report.quarantined)) == (5, 1, 1, 3)
    assert [q.place for q in report.quarantined] == ["line 1"] * 3
    reasons = " ".join(q.reason for q in report.quarantined)
    assert "NCT0123" in reasons and "placeholder" in reasons and "2024-02-31" in reasons


def test_the_same_number_with_other_content_is_a_version_of_its_date_or_a_fault(tmp_path: Path) -> None:
    number = "NCT01234567"
    dated = converted(tmp_path, page(study(number, **updated("2024-01-05")), study(number, **updated("2025-02-06"))))
    assert (dated.report.loaded, dated.report.quarantined) == (2, [])
    assert dated.report.kept_versions == [number]
    undated = converted(tmp_path, page(study(number), study(number, "Another title altogether")))
    assert undated.report.loaded == 1
    assert "stands in the file already, with other content (line 1)" in undated.report.quarantined[0].reason


def test_good_neighbours_load_as_if_the_bad_ones_were_not_there(tmp_path: Path) -> None:
    good = [study(f"NCT0123456{n}") for n in range(5)]
    with_bad = converted(tmp_path, page(good[0], study("NCT1"), *good[1:], {"protocolSection": []}, {"x": 1}))
    assert with_bad.versions == converted(tmp_path, page(*good)).versions
    assert len(with_bad.report.quarantined) == 3


def test_a_record_that_breaks_a_shape_is_quarantined_alone(tmp_path: Path) -> None:
    """The shapes are asked, not only the loaders: a country suffix that no shape allows."""
    from msevidence.loaders.exports.batches import faults

    lines = converted(tmp_path, page(study("NCT01234567"), study("NCT01234568"))).statements.splitlines(keepends=True)
    spoilt = "".join(
        line.replace('"NCT01234568"', '"12345"') if "registrationNumber" in line else line for line in lines
    )
    found = faults(spoilt.encode())
    assert list(found) == ["https://w3id.org/msevidence/registry/nct"]
    assert "follows the pattern" in next(iter(found.values()))
    assert faults("".join(lines).encode()) == {}


def test_strict_refuses_the_first_record_or_field_that_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="NCT1"):
        converted(tmp_path, page(study("NCT01234567"), study("NCT1")), strict=True)
    odd = study("NCT01234567")
    odd["protocolSection"]["identificationModule"]["moonPhase"] = "full"  # type: ignore[index]
    with pytest.raises(ExportError, match="moonPhase"):
        converted(tmp_path, page(odd), strict=True)
    assert converted(tmp_path, page(odd)).report.unknown == {
        "protocolSection.identificationModule.moonPhase": 1
    } or any("moonPhase" in name for name in converted(tmp_path / "x", page(odd)).report.unknown)


def test_the_outcome_depends_on_the_bytes_alone(tmp_path: Path) -> None:
    content = (FIXTURES / "ctgov_json" / "page.json").read_bytes()
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "in").write_bytes(content)
        (folder / "out").mkdir()
        convert(folder / "in", "page.json", "0" * 64, folder / "out", shapes=False)
    for name in sorted(p.name for p in (one / "out").iterdir()):
        assert (one / "out" / name).read_bytes() == (two / "out" / name).read_bytes(), name


def test_blocks_and_facts_go_together(tmp_path: Path) -> None:
    done = converted(tmp_path, (FIXTURES / "ctgov_csv" / "site.csv").read_bytes())
    blocks = list(blocks_of(done.folder))
    assert [version for version, _ in blocks] == [f.version for f in done.facts]
    assert len(blocks) == done.report.loaded > 1
    assert b"".join(lines for _, lines in blocks).decode() == done.statements
    assert all(f"/record-version/{version}>".encode() in lines for version, lines in blocks)


@pytest.mark.parametrize("file", ["ctgov_json/page.json", "isrctn_xml/two_trials.xml", "pubmed_xml/three.xml"])
def test_a_fact_is_read_as_it_was_written(file: str, tmp_path: Path) -> None:
    done = converted(tmp_path, (FIXTURES / file).read_bytes())
    assert len(done.facts) >= 2
    for fact, line in zip(done.facts, (done.folder / FACTS).read_text(encoding="utf-8").splitlines(), strict=True):
        assert from_json(line) == fact
        assert to_json(fact) == line


def test_the_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    done = converted(tmp_path, page(study("NCT01234567"), study("NCT1")))
    assert read_report(done.folder / "report.json") == done.report


def test_printed_and_normalised_stand_beside_each_other(tmp_path: Path) -> None:
    record = study("NCT01234567", startDateStruct={"date": "2024-02", "type": "ESTIMATED"}, **updated("2025-01-02"))
    done = converted(tmp_path, page(record), shapes=True)
    (fact,) = done.facts
    assert isinstance(fact, RegistrationFact)
    assert fact.dates["start"] == ("2024-02", "2024-02", "estimated")
    lines = [line for line in done.statements.splitlines() if "/record-version/" in line.split(" ")[0]]
    said = {line.split("#")[-1].split(">")[0] + " " + line.split(" ", 2)[2].rsplit(" <", 1)[0] for line in lines}
    assert 'printedStatus "RECRUITING"' in said
    assert any(
        s.startswith("registeredStatus <https://w3id.org/msevidence/scheme/status-as-registered/recruiting>")
        for s in said
    )
    assert 'printedStart "2024-02"' in said
    assert 'startKind "estimated"' in said
    assert any('"2025-01-02"' in line and "sourceDate" in line for line in lines)


def test_many_batches_are_checked_by_several_processes_with_the_same_outcome(tmp_path: Path) -> None:
    studies = [study(f"NCT0{n:07}", f"Study number {n}") for n in range(1, 900)]
    checked = converted(tmp_path / "a", page(*studies), shapes=True)
    assert checked.report.loaded == 899 and checked.report.quarantined == []
    assert checked.statements == converted(tmp_path / "b", page(*studies)).statements


def test_a_source_is_dated_by_what_it_says_and_by_its_newest_record(tmp_path: Path) -> None:
    days = [updated("2024-01-05"), updated("2025-02-06"), updated("2023-01-01")]
    studies = [study(f"NCT0123456{n}", **day) for n, day in enumerate(days)]
    report = converted(tmp_path, page(*studies)).report
    assert (report.exported, report.newest) == ("", "2025-02-06")
    portal = converted(tmp_path, (FIXTURES / "ictrp" / "portal.xml").read_bytes()).report
    assert portal.exported[:2] == "20" and len(portal.exported) == 10

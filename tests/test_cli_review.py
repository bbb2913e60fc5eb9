"""``msevidence review``: a release as text, JSON, CSV and HTML; what is chosen; exit codes; and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from msevidence.server.cli import run
from msevidence.server.review_model import CUT, GROUPS, SEVERITIES, STANDINGS
from msevidence.server.review_words import quotation
from tests.pages_site import Page
from tests.review_site import BECAUSE, DOCUMENTS, decided, reviews

HOSTILE = '"><script>alert(1)</script>'


def said(capsys: pytest.CaptureFixture[str], home: Path, *given: str) -> tuple[int, str, str]:
    """Run the command on a home; returns exit code, output and messages."""
    code = run(["review", "--home", str(home), *given])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def read(capsys: pytest.CaptureFixture[str], home: Path, *given: str) -> dict[str, Any]:
    """Run the command with --json; it must succeed and say nothing else."""
    code, out, err = said(capsys, home, "--json", *given)
    assert (code, err) == (0, "")
    return dict(json.loads(out))


def test_each_finding_is_printed_with_quotation_and_place(
    release_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for review in reviews(release_home):
        code, out, err = said(capsys, release_home, review.key)
        assert (code, err) == (0, "")
        title, counts, *lines = out.splitlines()
        assert title == f"{review.title} ({review.key})"
        assert counts.startswith(f"{review.counts()['error']} errors, {review.counts()['warning']} warnings, ")
        assert len(review.findings) > 50
        assert [line.strip() for line in lines if line.strip() in {f.key for f in review.findings}] == [
            f.key for f in review.findings
        ]
        folded = " ".join(out.split())
        for finding in review.findings:
            assert " ".join(finding.message.en.split()) in folded
            for place in finding.places:
                assert f"«{quotation(place)[:280].rstrip()}" in folded
                assert f"characters {place.start}–{place.end}" in out
    assert "Stem cell therapy (n = 9), mitoxantrone (n = 21)" in out and "Table 1, row 2, column 2, characters" in out


def test_the_messages_are_in_norwegian_where_that_is_asked(
    release_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = said(capsys, release_home, "fhi-2021", "--language", "nb")
    (review,) = [one for one in reviews(release_home) if one.key == "fhi-2021"]
    folded = " ".join(out.split())
    assert all(" ".join(finding.message.nb.split()) in folded for finding in review.findings)
    assert " feil, " in out and "REGNING" in out and ", side 29, tegn " in out
    assert not [line for line in out.splitlines() if line.strip().startswith(("warning", "note:", "error:"))]
    assert ", characters " not in out and ", page " not in out


def test_without_a_document_all_are_reviewed(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, release_home)
    heads = [line for line in out.splitlines() if line.endswith(tuple(f" ({key})" for key in DOCUMENTS))]
    assert len(heads) == 2
    written = read(capsys, release_home)
    assert tuple(one["document"] for one in written["documents"]) == DOCUMENTS
    assert {one["document"] for one in written["findings"]} == set(DOCUMENTS)


def test_json_has_every_finding_with_all_that_it_rests_on(
    release_home: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = read(capsys, release_home)
    texts = {key: next(data_dir.glob(f"*/{key}/source.txt")).read_text(encoding="utf-8") for key in DOCUMENTS}
    shown = {f.key for review in reviews(release_home) for f in review.findings}
    assert [one["id"] for one in written["findings"]] == sorted(
        (one["id"] for one in written["findings"]), key=[f.key for r in reviews(release_home) for f in r.findings].index
    )
    assert {one["id"] for one in written["findings"]} == shown and len(shown) == len(written["findings"])
    for one in written["findings"]:
        assert one["rule"] and one["group"] in GROUPS and one["severity"] in SEVERITIES
        assert one["standing"] in STANDINGS and one["message"] and one["message_nb"]
        assert one["passages"], one["id"]
        for place in one["passages"]:
            source = texts[place["document"]][place["start"] : place["end"]]
            words = place["printed"].split(CUT)
            assert all("".join(word.split()) in "".join(source.split()) for word in words), place
            assert place["passage"].startswith(f"passage/{place['document']}.")
        for value in one["values"]:
            assert value["label"] and value["label_nb"] and value["printed"]
            assert (value["passage"] or "passage/").startswith("passage/")
    assert sum(len(one["values"]) for one in written["findings"]) > 100
    (arms,) = [one for one in written["findings"] if one["rule"] == "arms-against-total" and "9 + 21" in one["message"]]
    assert {value["printed"] for value in arms["values"]} == {"9 + 21 = 30", "21"}


def test_json_says_what_each_rule_looked_at_and_each_verdict(
    release_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = read(capsys, release_home)
    assert written["release"] == (release_home / "current").resolve().name
    for document in DOCUMENTS:
        rules = {one["rule"]: one for one in written["rules"] if one["document"] == document}
        assert len(rules) > 40
        for one in rules.values():
            assert (one["state"] == "not-applicable") == (one["checked"] == 0)
            assert (one["state"] == "fired") == (one["found"] > 0)
            assert one["state"] != "not-applicable" or (one["why"] and one["why_nb"])
        machine = [f for f in written["findings"] if f["document"] == document and f["found_by"] == "machine"]
        for rule, one in rules.items():
            assert one["found"] == sum(f["rule"] == rule for f in machine), (document, rule)
    verdicts = {one["verdict"] for one in written["verdicts"]}
    assert {"agrees", "disagrees"} <= verdicts
    assert all(one["words"] and one["basis"] for one in written["verdicts"])
    assert all(one["source_words"] for one in written["verdicts"] if one["verdict"] in ("agrees", "disagrees"))


def test_csv_has_a_row_for_each_place_and_no_formula(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, release_home, "--csv")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    findings = [f for review in reviews(release_home) for f in review.findings]
    assert len(rows) == sum(len(f.places) or 1 for f in findings)
    assert {row["finding"] for row in rows} == {f.key for f in findings}
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert all(row["message_en"] and row["message_nb"] and row["link"] for row in rows)


def test_findings_are_chosen_by_kind_and_severity(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def is_grave_arithmetic(finding: dict[str, Any]) -> bool:
        return (finding["severity"], finding["group"]) == ("error", "arithmetic")

    everything = read(capsys, release_home)["findings"]
    for given, wanted in (
        (("--kind", "arms-against-total"), lambda f: f["rule"] == "arms-against-total"),
        (("--kind", "texts"), lambda f: f["group"] == "texts"),
        (("--kind", "texts", "--kind", "citations"), lambda f: f["group"] in ("texts", "citations")),
        (("--severity", "error"), lambda f: f["severity"] == "error"),
        (("--severity", "warning"), lambda f: f["severity"] != "note"),
        (("--severity", "note"), lambda f: True),
        (("--severity", "error", "--kind", "arithmetic"), is_grave_arithmetic),
    ):
        chosen = read(capsys, release_home, *given)["findings"]
        assert chosen == [f for f in everything if wanted(f)], given
        assert chosen
    _, out, _ = said(capsys, release_home, "nygaard-2024", "--kind", "flow-boxes")
    assert "None of its findings is one of those asked for." in out


def test_rules_are_told_with_what_they_looked_at(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, without, _ = said(capsys, release_home, "fhi-2021")
    _, out, _ = said(capsys, release_home, "fhi-2021", "--rules")
    assert out.startswith(without.rstrip("\n"))
    told = out.removeprefix(without.rstrip("\n"))
    (review,) = [one for one in reviews(release_home) if one.key == "fhi-2021"]
    lines = [line for line in told.splitlines() if line.startswith("  ")]
    assert len(lines) == len(review.states) > 40
    for state, line in zip(review.states, lines, strict=True):
        assert f"({state.kind})" in line
        assert (state.why.en if state.state == "not-applicable" else str(state.checked)) in line


def test_expectations_are_measured_at_another_date(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def passed(*given: str) -> dict[str, str]:
        written = read(capsys, release_home, "--kind", "expectation-passed", *given)
        assert not given or written["as_of"] == given[-1]
        return {one["id"]: one["message"] for one in written["findings"]}

    now, early, late = passed(), passed("--as-of", "2019-01-01"), passed("--as-of", "2030-01-01")
    assert len(early) < len(now) < len(late)
    rest = [read(capsys, release_home, *given) for given in ((), ("--as-of", "2030-01-01"))]
    kept = [[f for f in one["findings"] if f["rule"] != "expectation-passed"] for one in rest]
    assert kept[0] == kept[1] and len(kept[0]) > 100


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--fail-on", "error"), 1),
        (("--fail-on", "warning"), 1),
        (("--kind", "flow-boxes", "--fail-on", "note"), 0),
        (("--kind", "concentration", "--fail-on", "warning"), 0),
        (("--kind", "concentration", "--fail-on", "note"), 1),
        ((), 0),
    ],
)
def test_a_script_may_fail_on_a_severity(
    release_home: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], code: int
) -> None:
    for more in ((), ("--json",), ("--csv",)):
        assert said(capsys, release_home, "nygaard-2024", *given, *more)[0] == code


def test_what_a_person_set_aside_stays_and_does_not_count(
    release_home: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = decided(release_home, data_dir)
    before = read(capsys, there.before, "nygaard-2024")
    after = read(capsys, there.home, "nygaard-2024")
    assert [f["id"] for f in before["findings"]] == [f["id"] for f in after["findings"]]
    standings = {f["id"]: f["standing"] for f in after["findings"]}
    assert (standings[there.set_aside], standings[there.confirmed]) == ("set-aside", "confirmed")
    assert before["documents"][0]["counts"]["error"] == after["documents"][0]["counts"]["error"] + 1
    assert after["documents"][0]["set_aside"] == 1
    (aside,) = [f for f in after["findings"] if f["id"] == there.set_aside]
    assert aside["decisions"] == [
        {"decision": "set-aside", "because": BECAUSE, "by": "the tests", "date": "2026-11-29"}
    ]
    _, out, _ = said(capsys, there.home, "nygaard-2024")
    assert "; set aside: 1" in out and "[set aside by a person]" in out and "[confirmed by a person]" in out
    assert BECAUSE in out
    kind = there.set_aside.split(".")[1]
    errors = [f for f in after["findings"] if f["rule"] == kind and f["standing"] != "set-aside"]
    assert said(capsys, there.home, "nygaard-2024", "--kind", kind, "--fail-on", "note")[0] == (1 if errors else 0)


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_report_of_one_document_needs_nothing_beside_it(
    release_home: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    code, out, err = said(capsys, release_home, "fhi-2021", "--html", "--language", language)
    assert (code, err) == (0, "")
    shown = Page(out)
    assert shown.all("html")[0].get("lang") == language
    assert shown.all("link") == shown.all("script") == shown.all("img") == [] and len(shown.all("style")) == 1
    (review,) = [one for one in reviews(release_home) if one.key == "fhi-2021"]
    ids = [e.get("id") for e in shown.all("section")]
    assert sorted(ids) == sorted(f"finding-{f.key}" for f in review.findings)
    assert len(shown.all("blockquote")) >= sum(len(f.places) for f in review.findings)
    _, out, _ = said(capsys, release_home, "fhi-2021", "--html", "--severity", "error")
    assert "severity=error" in out and "Not all findings" in out
    assert len(Page(out).all("section")) == review.counts()["error"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("none",), "documents are: fhi-2021, nygaard-2024"),
        ((HOSTILE,), "there is no document or file"),
        (("document/none",), "documents are: fhi-2021, nygaard-2024"),
        (("../../nothing-there",), "there is no document or file"),
        (("nygaard-2024 }",), "there is no document or file"),
        (("\udcff",), "not in UTF-8"),
        (("nygaard-2024", "--json", "--csv"), "give one of --json, --csv and --html"),
        (("nygaard-2024", "--json", "--html"), "give one of --json, --csv and --html"),
        (("--html",), "name one of fhi-2021, nygaard-2024"),
        (("--kind", "none"), "there is no kind 'none' here; there are: "),
        (("--as-of", "2030"), "write it as 2026-11-29"),
        (("--as-of", "2030-02-30"), "is no date"),
        (("--severity", "grave"), "is not one of"),
        (("--fail-on", "grave"), "is not one of"),
    ],
)
def test_what_cannot_be_reviewed_is_refused(
    release_home: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], words: str
) -> None:
    code, out, err = said(capsys, release_home, *given)
    assert (code, out) == (2, "")
    assert words in err


def test_a_document_is_named_by_key_or_address(release_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("nygaard-2024", "document/nygaard-2024", "https://w3id.org/msevidence/document/nygaard-2024")
    several = [said(capsys, release_home, name) for name in names]
    assert several[0][0] == 0 and len(set(several)) == 1


def test_without_a_release_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, tmp_path)
    assert code == 3 and "msevidence build" in err

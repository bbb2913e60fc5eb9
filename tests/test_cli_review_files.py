"""``msevidence review`` on what is not published: an article in JATS, a document's folder, a folder of documents."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from msevidence.server.cli import run

FIXTURES = Path(__file__).parent / "fixtures"
ARTICLE = FIXTURES / "review" / "article.xml"
FOLDER = FIXTURES / "articles" / "prov-2099"


def read(capsys: pytest.CaptureFixture[str], *given: str) -> dict[str, Any]:
    code = run(["review", "--json", *given])
    captured = capsys.readouterr()
    assert (code, captured.err) == (0, "")
    written = dict(json.loads(captured.out))
    assert written["release"] is None and written["as_of"]
    return written


def test_an_article_in_jats_is_reviewed_without_being_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = read(capsys, str(ARTICLE), "--home", str(tmp_path / "none"))
    (document,) = written["documents"]
    assert document["title"] == "Walking poles after knee replacement: a randomised trial"
    found = {one["rule"]: one for one in written["findings"]}
    assert {"arms-against-total", "entry-not-cited", "broken-address"} <= found.keys()
    arms = found["arms-against-total"]
    assert [place["text"] for place in arms["passages"]] == [
        "60 patients with a new knee",
        "Poles (n = 31), no poles (n = 28)",
    ]
    assert arms["passages"][0]["table"] == "Table 1" and arms["passages"][0]["row"] == 1
    assert {value["printed"] for value in arms["values"]} == {"31 + 28 = 59", "60"}
    rules = {one["rule"]: one for one in written["rules"]}
    assert rules["arms-against-total"]["checked"] == 2 and rules["flow-boxes"]["state"] == "not-applicable"
    assert not (tmp_path / "none").exists()


def test_a_mended_article_is_clean_there_and_a_script_may_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    assert text.count("n = 28") == 1
    mended = tmp_path / "mended.xml"
    mended.write_text(text.replace("n = 28", "n = 29").replace("24 (50 %)", "30 (50 %)"), encoding="utf-8")
    assert run(["review", str(mended), "--kind", "arithmetic", "--fail-on", "note", "--rules"]) == 0
    out = capsys.readouterr().out
    assert "0 errors, 0 warnings, 0 notes" in out and "None of its findings" in out
    assert "arms do not make the total (arms-against-total): Nothing amiss (2 looked at)." in out


def test_a_folder_of_a_document_is_reviewed_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", str(FOLDER), "--language", "nb"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    title, counts, *_ = captured.out.splitlines()
    assert title.endswith("(prov-2099)") and "advarsler" in counts
    assert "prov-2099.broken-address." in captured.out


def test_a_report_of_a_file_says_that_it_is_not_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", str(ARTICLE), "--html"]) == 0
    out = capsys.readouterr().out
    assert "Reviewed as it stands, not published." in out and "31 + 28 = 59" in out
    assert "<a href" not in out and "20&#8211;9" not in out


def test_changed_texts_of_a_folder_of_documents_are_reviewed(
    data_dir: Path, release_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_dir, data)
    source = data / "articles" / "nygaard-2024" / "source.txt"
    text = source.read_text(encoding="utf-8")
    for old, new in (("mitoxantrone (n = 21)", "mitoxantrone (n = 12)"), ("(n = 55), conv", "(n = 54), conv")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    source.write_text(text, encoding="utf-8")
    choice = ("nygaard-2024", "--kind", "arms-against-total")
    before = run(["review", "--home", str(release_home), "--json", *choice])
    published = json.loads(capsys.readouterr().out)
    after = read(capsys, "--data", str(data), "--home", str(tmp_path / "none"), *choice)
    assert before == 0
    messages = [{one["message"] for one in written["findings"]} for written in (published, after)]
    (mended,) = messages[0] - messages[1]
    (planted,) = messages[1] - messages[0]
    assert "9 + 21 = 30" in mended and "54 + 55 = 109" in planted
    assert source.read_text(encoding="utf-8") == text and sorted(p.name for p in tmp_path.iterdir()) == ["data"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("article.xml", "<article><front>"), ("source.txt", ""), ("table.bin", "\x00\x01")],
)
def test_a_file_that_is_no_document_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    file = tmp_path / name
    file.write_text(words, encoding="utf-8")
    code = run(["review", str(file), "--home", str(tmp_path / "none")])
    captured = capsys.readouterr()
    assert code in (1, 2) and captured.out == ""
    assert name in captured.err and "Traceback" not in captured.err

"""Loading as a librarian does it, and as an attacker would: folders, odd names, two loads at once, a full disk."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from msevidence.loaders.changes import differences
from msevidence.loaders.exports.facts import RegistrationFact
from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.release_errors import ReleaseError
from msevidence.server.cli import run
from tests.exports.test_conversion import page, study, updated

MSE = "https://w3id.org/msevidence/ontology#"
TITLE = "Cells against a disease that nobody else has described: a trial of one in twelve"
PUBMED = f"""<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">39990001</PMID>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet"><Volume>7</Volume>
<PubDate><Year>2031</Year></PubDate>
</JournalIssue><Title>Journal of Cells</Title><ISOAbbreviation>J Cells</ISOAbbreviation></Journal>
<ArticleTitle>{TITLE}.</ArticleTitle><Pagination><MedlinePgn>12-19</MedlinePgn></Pagination>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Solberg</LastName><ForeName>Ada</ForeName>
<Initials>A</Initials></Author>
</AuthorList><Language>eng</Language><PublicationTypeList>
<PublicationType UI="D016428">Journal Article</PublicationType>
</PublicationTypeList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>
"""
ARTICLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<article article-type="review-article" xml:lang="en"><front><journal-meta><journal-title-group>
<journal-title>Journal of Reviews</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="doi">10.5555/reviews.2032.1</article-id>
<title-group><article-title>Cells in multiple sclerosis: a short review</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Hansen</surname><given-names>Kari</given-names></name>
</contrib></contrib-group><pub-date pub-type="epub">
<day>1</day><month>3</month><year>2032</year></pub-date></article-meta></front>
<body><sec><title>Introduction</title><p>Cells slowed the disease
[<xref ref-type="bibr" rid="R1">1</xref>].</p></sec></body>
<back><ref-list><title>References</title><ref id="R1"><label>1</label><element-citation publication-type="journal">
<person-group person-group-type="author"><name><surname>Solberg</surname><given-names>A</given-names></name>
</person-group><article-title>{TITLE}</article-title>
<source>J Cells</source><year>2031</year><volume>7</volume><fpage>12</fpage>
<lpage>19</lpage><pub-id pub-id-type="pmid">39990001</pub-id></element-citation></ref></ref-list></back></article>
"""
RIS = f"""TY  - JOUR
AU  - Solberg, A.
TI  - {TITLE}
JO  - Journal of Cells
PY  - 2031
VL  - 7
SP  - 12
EP  - 19
DO  - 10.5555/cells.7.12
ER  -
"""


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def counts(file: dict[str, Any]) -> tuple[int, int, int, int]:
    return file["read"], file["loaded"], file["quarantined"], file["duplicate"]


def test_an_article_may_cite_what_another_export_describes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The cited work is kept under the address of the loaded record, whose label stands in the record's graph."""
    (tmp_path / "pubmed.xml").write_text(PUBMED)
    (tmp_path / "article.xml").write_text(ARTICLE)
    home = tmp_path / "home"
    code, told = said(capsys, "load", str(tmp_path / "pubmed.xml"), str(tmp_path / "article.xml"), "--home", str(home))
    assert code == 0
    assert [counts(f) for f in told["files"]] == [(1, 1, 0, 0)] * 2
    cited = ox.Store.read_only(str(home / "current" / "store")).query(f"""
      PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
      SELECT DISTINCT ?p ?label WHERE {{ ?reference <http://purl.org/spar/biro/references> ?p .
        ?p <{MSE}hasVersion> ?v ; rdfs:label ?label }}""")
    assert [[t.value for t in row] for row in cited] == [
        ["https://w3id.org/msevidence/publication/pmid-39990001", TITLE]
    ]
    assert run(["verify", "--home", str(home)]) == 0
    capsys.readouterr()
    # The article is counted as a document, and its file not once more as a source without anything.
    assert run(["count", "--home", str(home)]) == 0
    rows = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:1].strip()]
    assert "pubmed.xml" in rows and "article.xml" not in rows
    assert run(["sssom", "--home", str(home)]) == 0
    assert capsys.readouterr().out.startswith("#curie_map:")


def test_a_folder_of_the_days_exports_loads_as_its_files_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two services describe one work in other words: both are kept, and neither is a slip of the other."""
    folder = tmp_path / "day"
    folder.mkdir()
    (folder / "central.ris").write_text(RIS)
    (folder / "embase.ris").write_text(
        RIS.replace("Journal of Cells", "J. Cells").replace("AU  - Solberg, A.", "A1  - Solberg A.")
    )
    (folder / "twice.ris").write_text(RIS + RIS.replace("VL  - 7", "VL  - 8"))
    (folder / "notes.txt").write_text("not an export")
    code, told = said(capsys, "load", str(folder), "--no-build", "--home", str(tmp_path / "home"))
    assert code == 1
    # A slip within one file is one still; what is the same in two files is a duplicate; and notes are no export.
    assert counts(told["files"][0]) == (5, 2, 2, 1)
    assert [q["place"] for q in told["files"][0]["quarantine"]] == ["day!notes.txt", "day!twice.ris, line 11"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("COMPLETED", "Not recruiting", False),
        ("Not recruiting", "Terminated", False),
        ("Ongoing", "Authorised-recruitment may be ongoing or finished", False),
        ("ACTIVE_NOT_RECRUITING", "Active, not recruiting", False),
        ("RECRUITING", "Not recruiting", True),
        ("Not recruiting", "Recruiting", True),
        ("RECRUITING", "COMPLETED", True),
    ],
)
def test_a_portal_with_fewer_words_moves_no_status(before: str, after: str, told: bool) -> None:
    known = RegistrationFact(key="NCT91234567", version="a.1", number="NCT91234567", scheme="NCT", status=before)
    assert [c.field for c in differences(known, replace(known, status=after))] == (["status"] if told else [])


def test_one_record_twice_in_one_file_with_other_content_is_a_slip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "twice.ris").write_text(RIS + RIS.replace("VL  - 7", "VL  - 8"))
    code, told = said(capsys, "load", str(tmp_path / "twice.ris"), "--no-build", "--home", str(tmp_path / "home"))
    assert (code, counts(told["files"][0])) == (1, (2, 1, 1, 0))


def test_the_same_file_twice_on_one_command_line_is_loaded_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(page(study("NCT91234567")))
    home = tmp_path / "home"
    code, told = said(capsys, "load", str(file), str(file), "--no-build", "--home", str(home))
    assert code == 0
    assert [counts(f) for f in told["files"]] == [(1, 1, 0, 0), (1, 0, 0, 1)]
    assert len(Sources(home).all()) == 1


def test_a_name_that_is_no_text_or_steers_the_terminal_is_shown_harmlessly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for number, name in enumerate((b"a\xff.json", b"b\n\x1b[31m<b>.json")):
        path = folder / os.fsdecode(name)
        path.write_bytes(page(study(f"NCT9123456{number}")))
    home = tmp_path / "home"
    files = sorted(map(str, folder.iterdir()))
    assert run(["load", *files, str(folder), "--no-build", "--home", str(home)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert sorted(s.name for s in Sources(home).all()) == ["a\ufffd.json", "b\ufffd\ufffd[31m<b>.json", "odd"]
    assert run(["load", str(folder / "none"), "--no-build", "--home", str(home)]) == 2


def test_two_loads_at_once_do_not_take_each_others_sources_away(tmp_path: Path) -> None:
    """The second is told to wait, and leaves the first alone."""
    file = tmp_path / "a.json"
    file.write_bytes(page(study("NCT91234567")))
    home = tmp_path / "home"
    code = "from msevidence.server.cli import main; main()"
    command = [sys.executable, "-c", code, "load", str(file), "--no-build", "--home", str(home)]
    with Sources(home).changing():
        second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 3
    assert "another process is loading" in second.stderr and "wait" in second.stderr
    assert "Traceback" not in second.stderr
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_what_a_killed_load_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    left = [
        home / "sources" / ".incoming" / "new",
        home / "sources" / ("a" * 64),
        home / "sources" / f".{'a' * 64}.json",
        home / "converted" / f".new-{2**22 + 1}-{'a' * 64}" / "records.nq",  # no process has that number
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    assert Sources(home).all() == []
    (tmp_path / "a.json").write_bytes(page(study("NCT91234567")))
    assert run(["load", str(tmp_path / "a.json"), "--no-build", "--home", str(home)]) == 0
    assert [p for p in left if p.exists()] == []
    assert len(Sources(home).all()) == 1


def test_a_disk_that_is_full_is_told_as_that(tmp_path: Path) -> None:
    """A limit on the size of files stands for it: one file fails, its neighbour loads, nothing is half there."""
    big, small = tmp_path / "big.json", tmp_path / "small.json"
    big.write_bytes(page(*(study(f"NCT9{n:07}") for n in range(200))))
    small.write_bytes(page(study("NCT91234567")))
    home = tmp_path / "home"
    code = "from msevidence.server.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "load", str(big), str(small), "--no-build", "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
    )
    assert done.returncode == 3
    assert "big.json" in done.stderr and "File too large" in done.stderr and "make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert [s.name for s in Sources(home).all()] == ["small.json"]
    assert not list((home / "converted").glob(".new-*")) and not (home / "sources" / ".incoming").exists()


def test_an_entry_that_is_damaged_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "sources").mkdir(parents=True)
    (home / "sources" / f"{'b' * 64}.json").write_text("")
    with pytest.raises(ReleaseError, match="is damaged; delete it"):
        Sources(home).all()
    assert run(["sources", "--home", str(home)]) == 3


def test_a_file_in_place_of_the_home_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "sources").write_text("")
    (tmp_path / "a.json").write_bytes(page(study("NCT91234567", **updated("2025-01-05"))))
    assert run(["load", str(tmp_path / "a.json"), "--no-build", "--home", str(tmp_path / "home")]) == 3
    assert "choose another folder with --home" in capsys.readouterr().err

"""``msevidence export``: what is chosen, where it is written, and that nothing half-written stays."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, ItemsView
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from msevidence.server.cli import run
from msevidence.server.exports import archive
from msevidence.server.exports.archive import write_file, write_folder, zipped
from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.refused import UnknownThingError
from msevidence.server.exports.scope import Selection, found
from msevidence.server.local_lane import LocalLane

BASE = "https://w3id.org/msevidence/"
MSE = f"PREFIX mse: <{BASE}ontology#>"
Run = Callable[..., int]


@pytest.fixture
def export(release_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs the command in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: run(["export", *arguments, "--home", str(release_home)])


def subjects(content: bytes, kind: str) -> set[str]:
    """Return the things of a kind in Turtle, by the last part of their IRIs."""
    a, of = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(f"{BASE}ontology#{kind}")
    found = ox.parse(content, format=ox.RdfFormat.TURTLE)
    return {q.subject.value.rpartition("/")[2] for q in found if q.predicate == a and q.object == of}


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


# What is chosen


def test_a_query_is_a_stored_question_a_file_or_a_text(export: Run, tmp_path: Path) -> None:
    text = f'{MSE} SELECT ?s {{ ?s a mse:Study ; mse:acronym "MIST" }}'
    (tmp_path / "mist.rq").write_text(text, encoding="utf-8")
    for name, asked in (("text", text), ("file", "mist.rq"), ("described", f"DESCRIBE <{BASE}study/mist>")):
        assert export("ris", "--output", f"{name}.ris", "--query", asked) == 0
    assert (tmp_path / "text.ris").read_bytes().startswith(b"TY  - ")
    assert (tmp_path / "text.ris").read_bytes() == (tmp_path / "file.ris").read_bytes()
    assert (tmp_path / "text.ris").read_bytes() == (tmp_path / "described.ris").read_bytes()
    assert export("ris", "--output", "question.ris", "--query", "registered-status-of-trials") == 0
    assert (tmp_path / "question.ris").read_text(encoding="utf-8").count("TY  - ") > 10


def test_a_query_is_told_what_of_its_answer_is_not_exported(export: Run, capsys: pytest.CaptureFixture[str]) -> None:
    asked = f"{MSE} SELECT * {{ <{BASE}study/mist> mse:studyDesign ?d . BIND(<{BASE}study/mist> AS ?s) }}"
    assert export("ris", "--output", "a.ris", "--query", asked) == 0
    assert "not exported: 2 other things in the query's answer, such as concepts" in capsys.readouterr().err
    assert export("ris", "--output", "b.ris", "--query", f"{asked} LIMIT 1") == 0
    assert "not exported: 1 other thing in" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--study", "nobody"), "none of the studies under the name 'nobody'"),
        (("--study", "mst"), "do you mean"),
        (("--study", "MIST"), "do you mean mist"),
        (("--study", "NCT00273364"), "its name is the last part of its address, such as "),
        (("--study", ""), "none of the studies under the name ''"),
        (("--study", "nobody", "--language", "nb"), "ingen studie med navnet 'nobody'"),
        (("--status", ""), "no study of this release has the status ''; there are: "),
        (("--document", "nobody"), "none of the documents under the name 'nobody'"),
        (("--status", "nobody"), "no study of this release has the status 'nobody'; there are: "),
        (("--study", "mist", "--status", "planned"), "none of the studies chosen has the status planned"),
        (("--query", "registered-status-of-trial"), "do you mean registered-status-of-trials"),
        (("--query", "nobody.rq"), "neither a stored question nor a file"),
        (("--query", "ASK { ?s ?p ?o }"), "an ASK names no things"),
        (("--query", "SELECT ?s { ?s ?p }"), "Line 1, column 19"),
        (("--query", "SELECT ?s { ?s a <https://example.org/none> }"), "the query gave no things"),
        (("--query", 'SELECT ?s { BIND("mist" AS ?s) }'), "values are all literals"),
        (("--query", "SELECT ?s { BIND(<https://example.org/> AS ?s) }"), "none of the 1 things"),
        (("--query", "DROP ALL"), "Queries only read"),
        (("--site", "kg.example"), "'kg.example' is no address"),
        (("--site", "javascript:alert(1)"), "is no address"),
        (("--site", 'https://kg.example/"><x'), "is no address"),
        (("--output", ""), "--output: name a file"),
        (("--graph", "identity"), "--graph is of graphml and gexf"),
        (("--signer", "https://orcid.org/0000-0001"), "--sign-key and --signer are of nanopub"),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_told_and_nothing_is_written(
    asked: tuple[str, ...], said: str, export: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("ris", "--output", "a.ris", *asked) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_signer_that_is_no_iri_is_told(export: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key.pem").write_text("", encoding="ascii")
    for signer in ("Kari Nordmann", "", "0000-0002-1825-0097"):
        asked = ("--output", "a.zip", "--sign-key", "key.pem", "--signer", signer)
        assert export("nanopub", *asked) == 2
        assert f"--signer: {signer!r} is no IRI" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


def test_the_help_names_every_format(export: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("--help") == 0
    said = capsys.readouterr().out.partition("FORMAT is one of")[2].partition("What is chosen")[0]
    assert re.findall(r"[a-z]+(?:-[a-z]+)?", re.sub(r"\([^)]*\)", "", said)) == list(EXPORTS)


def test_an_unknown_format_lists_those_that_there_are(export: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("endnote", "--output", "a") == 2
    assert "'ris'" in capsys.readouterr().err


def test_documents_that_come_with_a_study_are_not_asked_for(lane: LocalLane) -> None:
    with_study = found(lane, Selection(studies=["mist"]))
    assert with_study.asked == ()
    assert with_study.documents
    by_name = found(lane, Selection(documents=["nygaard-2024"]))
    assert by_name.asked == (f"{BASE}document/nygaard-2024",)
    assert found(lane, Selection()).asked == found(lane, Selection()).documents
    with pytest.raises(UnknownThingError, match="no things"):
        found(lane, Selection(things=[]))


# Where it is written


def test_a_package_is_a_folder_or_an_archive_with_the_same_files(export: Run, tmp_path: Path) -> None:
    asked = ("turtle", "--study", "mist")
    for output in ("made/", "a.ZIP", "mist.ttl"):
        assert export(*asked, "--output", output) == 0, output
    files = {p.relative_to("made").as_posix(): p.read_bytes() for p in Path("made").rglob("*") if p.is_file()}
    assert {"SHA256SUMS", "README.nb.md", "shapes/claims.ttl", "validation.ttl"} < files.keys()
    assert (tmp_path / "a.ZIP").read_bytes() == zipped(files)
    main = next(content for name, content in files.items() if name.startswith("msevidence-"))
    assert (tmp_path / "mist.ttl").read_bytes() == main
    assert "mist" in subjects(main, "Study")
    assert hidden(tmp_path) == []


def test_the_sums_of_a_folder_are_checked_by_the_system(export: Run, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    assert export("trig", "--study", "mist", "--output", "made") == 0
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path / "made", check=False).returncode == 0
    readme = tmp_path / "made" / "README.en.md"
    readme.write_bytes(readme.read_bytes() + b"x")
    assert subprocess.run(check, cwd=tmp_path / "made", capture_output=True, check=False).returncode == 1


def test_one_file_goes_to_a_folder_under_its_own_name_and_to_an_archive(export: Run, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "other.txt").write_text("mine", encoding="utf-8")
    assert export("ris", "--study", "mist", "--output", "full") == 0
    assert export("ris", "--study", "mist", "--output", "mist.zip") == 0
    (made,) = (path for path in (tmp_path / "full").iterdir() if path.suffix == ".ris")
    assert made.name.endswith("-mist.ris")
    assert (tmp_path / "full" / "other.txt").read_text(encoding="utf-8") == "mine"
    with zipfile.ZipFile(tmp_path / "mist.zip") as packed:
        assert {info.filename: packed.read(info) for info in packed.infolist()} == {made.name: made.read_bytes()}


@pytest.mark.parametrize("format_", ["ris", "turtle", "csvw"])
def test_a_name_that_ends_in_a_slash_is_a_folder_that_is_made(format_: str, export: Run, tmp_path: Path) -> None:
    assert export(format_, "--study", "mist", "--output", "new/") == 0
    assert export(format_, "--study", "mist", "--output", "new.zip") == 0
    files = {p.relative_to("new").as_posix(): p.read_bytes() for p in Path("new").rglob("*") if p.is_file()}
    with zipfile.ZipFile(tmp_path / "new.zip") as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == files
    assert (len(files) == 1) is (format_ == "ris")


def test_a_folder_that_is_there_stays_the_same_folder(export: Run, tmp_path: Path) -> None:
    """Somebody may stand in it, and one that is mounted can not be moved or removed."""
    before = tmp_path.stat().st_ino
    assert export("trig", "--study", "mist", "--output", ".") == 0
    assert tmp_path.stat().st_ino == before
    assert {"SHA256SUMS", "shapes", "validation.ttl"} <= {path.name for path in tmp_path.iterdir()}
    assert hidden(tmp_path) == []


def test_a_folder_that_is_there_is_filled_wholly_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step of the moving fails: what was moved before it goes again, and the folder stays empty."""
    moved: list[str] = []
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "c":
            raise OSError(5, "Input/output error")
        moved.append(self.name)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="Input/output"):
        write_folder(tmp_path, {"a/x": b"1", "b": b"2", "c": b"3"})
    assert moved == ["a", "b"]
    assert list(tmp_path.iterdir()) == []


def test_what_others_put_into_the_folder_meanwhile_is_theirs(tmp_path: Path) -> None:
    class Slow(dict[str, bytes]):
        """Files that take a while to come."""

        def items(self) -> Any:
            yield from super().items()
            (tmp_path / "b").mkdir()
            (tmp_path / "b" / "mine").write_bytes(b"mine")

    with pytest.raises(FileExistsError, match="b was put there meanwhile"):
        write_folder(tmp_path, Slow({"a": b"1", "b/x": b"2", "c": b"3"}))
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == ["b", "b/mine"]


def test_standard_output_has_the_file_and_nothing_else(
    export: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    assert export("ris", "--study", "mist", "--output", "-") == 0
    written = out.getvalue()
    assert export("ris", "--study", "mist", "--output", str(tmp_path / "a.ris")) == 0
    assert written == (tmp_path / "a.ris").read_bytes()


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


# Nothing half-written


def test_a_folder_that_is_not_empty_is_left_as_it_is(
    export: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "other.txt").write_text("mine", encoding="utf-8")
    assert export("turtle", "--study", "mist", "--output", "full") == 3
    assert "it is there already, and not an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "other.txt"]


def test_a_folder_that_is_not_there_is_told(export: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("ris", "--study", "mist", "--output", "no/such/a.ris") == 3
    assert "cannot be written (No such file or directory); nothing was" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


_LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from pathlib import Path
from msevidence.server.exports.archive import write_file, write_folder
try:
    if sys.argv[1] == "file":
        write_file(Path(sys.argv[2]), b"x" * 50_000)
    else:
        write_folder(Path(sys.argv[2]), {"a/small": b"x", "b/large": b"x" * 50_000})
except OSError as e:
    sys.exit(f"refused: {e.strerror}")
"""


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_disk_that_refuses_leaves_what_was_there(what: str, tmp_path: Path) -> None:
    """A limit on the size of files is what a full disk is to the writer."""
    target = tmp_path / "out"
    if what == "file":
        target.write_bytes(b"before")
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, what, str(target)], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "refused: File too large"
    if what == "file":
        assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if what == "file" else [])


class _Stopping(dict[str, bytes]):
    """Files of which the second can not be had, since a person stops the command."""

    def __getitem__(self, name: str) -> bytes:
        if name == "b":
            raise KeyboardInterrupt
        return super().__getitem__(name)

    def items(self) -> ItemsView[str, bytes]:
        return ItemsView(self)


def test_a_person_who_stops_it_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", _Stopping(a=b"x", b=b"y"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b"])
def test_a_file_of_an_export_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no name for a file of an export"):
        write_folder(tmp_path / "out", {name: b"x"})
    assert list(tmp_path.iterdir()) == []


def test_an_archive_has_no_times_and_no_order_of_chance() -> None:
    files = {"b": b"2", "a/c": b"1"}
    packed = zipped(files)
    assert packed == zipped(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(packed)) as read:
        assert read.testzip() is None
        assert [(info.filename, info.date_time) for info in read.infolist()] == [
            ("a/c", archive.EPOCH),
            ("b", archive.EPOCH),
        ]

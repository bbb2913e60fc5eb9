"""``msevidence new``: a folder that builds at once, and nothing where something is wrong."""

import shutil
from pathlib import Path

import pytest

from msevidence.loaders.build import assemble
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.schema import Curation
from msevidence.loaders.yamlfile import parse
from msevidence.server.cli import run

ARTICLE = """\
What helps: a small study

Ada Example

Introduction

Treatment A helps most people (1). It costs little (1, 2).

References

1. Example A. Title one. J Ex 2001; 1: 1-2.
2. Example B. Title two. J Ex 2002; 2: 3-4.
"""


@pytest.fixture
def data(tmp_path: Path, data_dir: Path) -> Path:
    """Return a copy of the data without its documents."""
    copy = tmp_path / "data"
    shutil.copytree(data_dir, copy, ignore=shutil.ignore_patterns("articles", "reports"))
    publications = copy / "publications.yaml"
    lines = publications.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("    document:")]
    assert len(kept) == len(lines) - 1
    publications.write_text("".join(kept), encoding="utf-8")
    return copy


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    return file


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def new(data: Path, *arguments: str) -> int:
    return run(["new", *arguments, "--data", str(data)])


@pytest.mark.parametrize(("kind", "folder"), [("article", "articles"), ("report", "reports")])
def test_new_document_has_the_bytes_and_valid_stubs(
    data: Path, text: Path, kind: str, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(data, kind, "example-2001", str(text), "--language", "en") == 0, capsys.readouterr().err
    place = data / folder / "example-2001"
    assert files(place) == ["curation.yaml", "metadata.yaml", "source.txt"]
    assert (place / "source.txt").read_bytes() == text.read_bytes()
    metadata, _ = parse(place / "metadata.yaml", Metadata)
    assert (metadata.title, metadata.language) == ("What helps: a small study", "en")
    curation, _ = parse(place / "curation.yaml", Curation)
    assert curation == Curation()
    assert not list(data.glob(".new-*"))
    captured = capsys.readouterr()
    assert captured.out.startswith(f"{place}: ")
    assert captured.err == ""


def test_stubs_are_valid_with_their_comments_taken_away(data: Path, text: Path) -> None:
    """What the stub offers is what the schema takes: the counts, and the examples of the curation."""
    assert new(data, "article", "example-2001", str(text), "--language", "en") == 0
    place = data / "articles" / "example-2001"
    metadata = (place / "metadata.yaml").read_text(encoding="utf-8")
    (place / "metadata.yaml").write_text(metadata.replace("# expect:", "expect:").replace("# published:", "published:"))
    read, _ = parse(place / "metadata.yaml", Metadata)
    assert (read.expect.references, read.expect.markers) == (2, 2)
    head, _, rest = (place / "curation.yaml").read_text(encoding="utf-8").partition("\n\n")
    offered = "\n".join(line.removeprefix("# ") for line in rest.splitlines()).replace("KEY", "burt-2019")
    (place / "curation.yaml").write_text(f"{head}\n\n{offered}", encoding="utf-8")
    curation, _ = parse(place / "curation.yaml", Curation)
    assert set(curation.references) == {1, 2}
    assert curation.claims and curation.studies and curation.results and curation.people


def test_new_document_builds_without_curation(data: Path, text: Path) -> None:
    assert new(data, "article", "example-2001", str(text), "--language", "en") == 0
    graph = assemble(data)
    assert graph.counts["documents"] == 1
    assert any("claim/example-2001" in quad.subject.value for quad in graph.quads())


def test_assumed_language_is_told(data: Path, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(data, "article", "example-2001", str(text)) == 0
    assert "en is assumed" in capsys.readouterr().err


def test_taken_key_and_bad_key_are_refused(data: Path, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(data, "article", "example-2001", str(text)) == 0
    before = files(data)
    for kind, key in (
        ("article", "example-2001"),
        ("report", "example-2001"),
        ("article", "Ex_1"),
        ("article", "../x"),
    ):
        assert new(data, kind, key, str(text)) == 2, (kind, key)
    assert "exists; choose another key" in capsys.readouterr().err
    assert new(data, "letter", "example-2002", str(text)) == 2
    assert new(data, "article", "example-2002", str(text) + "x") == 2
    assert files(data) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbfText\n", "byte-order mark"),
        (b"one\r\ntwo\r\n", "carriage return"),
        (b"caf\xe9\n", "is not UTF-8"),
        ("Tekst".encode("utf-16"), "UTF-16"),
        (b"A\x00B\n", "control character"),
    ],
)
def test_unreadable_text_is_1_and_leaves_nothing(
    data: Path, tmp_path: Path, content: bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(data)
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    assert new(data, "article", "example-2001", str(bad)) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{bad}:1: ") and message in error
    assert files(data) == before
    assert not list(data.glob(".new-*"))


def test_what_a_killed_one_left_is_in_nobodys_way(data: Path, text: Path) -> None:
    (data / ".new-example-2001").mkdir()
    (data / ".new-example-2001" / "source.txt").write_text("half")
    assert new(data, "article", "example-2001", str(text), "--language", "en") == 0
    assert not list(data.glob(".new-*"))

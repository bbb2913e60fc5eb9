"""Which folders of ``data/`` are documents: nothing that lies there is passed over without a word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from msevidence.loaders.documents import find_documents
from msevidence.loaders.errors import CurationError


def lay_out(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("source.txt", "metadata.yaml"):
        (folder / name).write_text("", encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    lay_out(tmp_path / "reports" / "b-2021")
    lay_out(tmp_path / "articles" / "c-2024")
    lay_out(tmp_path / "articles" / "a-2020")
    (tmp_path / "studies.yaml").write_text("", encoding="utf-8")
    return tmp_path


def test_documents_are_found_in_one_order_whatever_lies_hidden(data: Path) -> None:
    (data / ".git").mkdir()
    (data / "articles" / ".DS_Store").write_bytes(b"")
    (data / "articles" / "a-2020" / ".curation.yaml.swp").write_bytes(b"")
    assert [(d.key, d.kind) for d in find_documents(data)] == [
        ("a-2020", "articles"),
        ("c-2024", "articles"),
        ("b-2021", "reports"),
    ]


FAULTS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "folder of another kind": (lambda d: lay_out(d / "guidelines" / "x-2020"), "guidelines", "articles/<key>/"),
    "file beside the documents": (lambda d: (d / "articles" / "d.txt").write_bytes(b""), "d.txt", "into the folder"),
    "key of two documents": (lambda d: lay_out(d / "reports" / "a-2020"), "reports/a-2020", "the same key"),
    "folder that is no key": (lambda d: lay_out(d / "articles" / "Å 2020"), "Å 2020", "small letters"),
    "folder without a text": (lambda d: (d / "articles/a-2020/source.txt").unlink(), "a-2020", "no source.txt"),
    "file that is not read": (lambda d: (d / "articles/a-2020/notes.txt").touch(), "a-2020", "notes.txt"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_no_loader_reads_stops_the_build(data: Path, name: str) -> None:
    plant, where, message = FAULTS[name]
    plant(data)
    with pytest.raises(CurationError) as caught:
        find_documents(data)
    assert where in caught.value.path
    assert message in caught.value.message

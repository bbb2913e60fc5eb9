"""What a librarian's slip in a YAML file is answered with: file, line, field and mend."""

from pathlib import Path

import pytest

from msevidence.loaders.errors import CurationError
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.schema import Curation
from msevidence.loaders.yamlfile import parse, read_yaml


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "curation.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "line", "field", "words"),
    [
        ("claims:\n  - quote: a\n    kind: fact\n    knd: x\n", 4, "claims.0.knd", "unknown key"),
        ("claims:\n  - quote: a\n    kind: fact\nclaims: []\n", 4, None, "duplicate key"),
        ("claims:\n  - quote: a\n", 2, "claims.0.kind", "required"),
        ("claims:\n  - quote: [a\n", 3, None, "is not YAML"),
        (
            "expectations:\n  - quote: a\n    event: start\n    printed: x\n    date: 2021-02-30\n",
            5,
            None,
            "does not exist",
        ),
        (
            "results:\n  - quote: a\n    outcome: relapse\n    measure: m\n    value: 10.0\n",
            5,
            "results.0.value",
            "quotation marks",
        ),
        (b"\xef\xbb\xbfclaims: []\n", 1, None, "byte-order mark"),
        (b"claims:\n  - quote: \xe5\n", 2, None, "not UTF-8"),
        ("- a\n- b\n", None, None, "valid"),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, content: str | bytes, line: int | None, field: str | None, words: str
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(CurationError) as caught:
        parse(path, Curation)
    assert words in str(caught.value)
    assert caught.value.line == line
    if field is not None:
        assert caught.value.field == field
    assert str(caught.value).startswith(f"{path}:{line}:" if line else f"{path}:")


def test_years_and_norwegian_stay_strings(tmp_path: Path) -> None:
    path = tmp_path / "metadata.yaml"
    path.write_text("title: Nei\nlanguage: nb\ntype: hta-report\npublished: 2021\n", encoding="utf-8")
    metadata, _ = parse(path, Metadata)
    assert (metadata.language, metadata.published) == ("nb", "2021")


def test_a_full_date_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "metadata.yaml"
    path.write_text("title: T\nlanguage: en\ntype: journal-article\npublished: 2024-02-12\n", encoding="utf-8")
    metadata, _ = parse(path, Metadata)
    assert metadata.published == "2024-02-12"


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, "# nothing yet\n")) == {}
    assert parse(write(tmp_path, ""), Curation)[0] == Curation()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")

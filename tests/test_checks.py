"""Checks of a document: nothing cited from the future, no registry number that is none, and what is let through."""

from pathlib import Path

import pytest

from msevidence.loaders.documents import DocumentFolder, read_document
from msevidence.loaders.errors import CurationError, SourceError

ARTICLE = """\
What helps: a small study

Ada Example

Introduction

Treatment A helps most people (1). The trial is NCT00273364, and its Dutch arm 2010-024081-21.

References

1. Example A. Title one. J Ex 2001; 1: 1-2.
"""
METADATA = "title: What helps\nlanguage: en\ntype: journal-article\npublished: 2003\nrights: A test.\n"


def read(folder: Path, text: str = ARTICLE, metadata: str = "") -> None:
    (folder / "source.txt").write_text(text, encoding="utf-8")
    (folder / "metadata.yaml").write_text(METADATA + metadata, encoding="utf-8")
    read_document(DocumentFolder(folder, "articles", "example-2003"))


def test_good_numbers_and_earlier_works_pass(tmp_path: Path) -> None:
    read(tmp_path)
    read(tmp_path, ARTICLE.replace("J Ex 2001", "J Ex 2003"))


def test_a_later_work_is_refused_on_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"source\.txt:11: reference 1 is of 2004, the document of 2003: .* correct"):
        read(tmp_path, ARTICLE.replace("J Ex 2001", "J Ex 2004"))


@pytest.mark.parametrize("printed", ["NCT0027336", "NCT002733641", "NCT 0027", "2010-02408-21", "ISRCTN2723290"])
def test_a_number_that_follows_no_pattern_is_refused_on_its_line(tmp_path: Path, printed: str) -> None:
    with pytest.raises(SourceError, match=rf"source\.txt:7: registry number '{printed}'.* quarantine"):
        read(tmp_path, ARTICLE.replace("NCT00273364", printed))


@pytest.mark.parametrize("printed", ["(2010-2014)", "2010-05-31", "nctional 5", "555-024081-21"])
def test_what_is_no_number_of_a_registry_is_let_alone(tmp_path: Path, printed: str) -> None:
    read(tmp_path, ARTICLE.replace("NCT00273364", printed))


def test_a_quarantined_number_passes_and_must_stand_in_the_text(tmp_path: Path) -> None:
    quarantine = "quarantine:\n  - {text: NCT0099999, because: The document prints it so.}\n"
    read(tmp_path, ARTICLE.replace("NCT00273364", "NCT0099999"), quarantine)
    with pytest.raises(CurationError, match=r"metadata\.yaml:\d+: quarantine\.0\.text: 'NCT0099999' does not stand"):
        read(tmp_path, ARTICLE, quarantine)

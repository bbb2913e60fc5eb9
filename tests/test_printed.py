"""What is given as printed is printed: every such value of the real curations, and no other words."""

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from msevidence.loaders.assembly import assemble
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.documents import find_documents, read_document
from msevidence.loaders.errors import CurationError
from msevidence.loaders.printed import is_printed, printed_forms
from msevidence.loaders.schema import DescriptionEntry, ResultEntry
from tests.graph import DATA

ARTICLE = "articles/nygaard-2024/curation.yaml"
REPORT = "reports/fhi-2021/curation.yaml"


@pytest.fixture(scope="module")
def article() -> ParsedDocument:
    (folder,) = [f for f in find_documents(DATA) if f.key == "nygaard-2024"]
    return read_document(folder).parsed


def cell(document: ParsedDocument, words: str) -> int:
    (found,) = [n for n, p in enumerate(document.passages) if p.place is not None and words in p.text]
    return found


def test_words_stand_in_the_passage_its_row_its_column_or_its_caption(article: ParsedDocument) -> None:
    studied = cell(article, "3915 patients")
    place = article.passages[studied].place
    assert place is not None
    texts = {p.place.row == place.row: p.text for p in article.passages if p.place and p.place.column == place.column}
    assert len(texts) == 2
    (table,) = [t for t in article.tables if t.label == place.table]
    assert table.caption is not None
    for words in (*texts.values(), article.passages[table.caption].text, "3915\n  patients"):
        assert is_printed(article, words, [studied]), words


def test_words_of_another_row_and_column_or_of_no_cell_do_not_count(article: ParsedDocument) -> None:
    studied = cell(article, "3915 patients")
    place = article.passages[studied].place
    assert place is not None
    elsewhere = [
        p.text
        for p in article.passages
        if p.place and p.place.row != place.row and p.place.column != place.column and len(p.text) > 30
    ]
    assert elsewhere
    assert not is_printed(article, elsewhere[0], [studied])
    sentence = next(n for n, p in enumerate(article.passages) if p.place is None)
    assert not is_printed(article, "3915 patients", [sentence])


def test_the_fields_that_repeat_the_document() -> None:
    entry = ResultEntry.model_validate(
        {"quote": "a", "outcome": "relapse", "measure": "b", "value": "1.50", "value_printed": "1.50 %"}
    )
    assert list(printed_forms(entry)) == [("value_printed", "1.50 %")]


@pytest.mark.parametrize(
    ("field", "value", "printed"),
    [
        ("participants", 88, "participants"),
        ("planned_participants", 100, "participants"),
        ("status", "ongoing", "status"),
    ],
)
def test_no_value_without_its_printed_form(field: str, value: object, printed: str) -> None:
    with pytest.raises(ValidationError, match=f"give {field} and {printed}_printed together"):
        DescriptionEntry.model_validate({"quote": "a", "study": "b", field: value})
    assert DescriptionEntry.model_validate({"quote": "a", "study": "b", field: value, f"{printed}_printed": "c"})


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (ARTICLE, "value_printed: 30 %", "value_printed: 31 %", r"results\.\d+\.value_printed: '31 %' is not printed"),
        (
            ARTICLE,
            "size_printed: 2 558",
            "size_printed: 2 559",
            r"studies\.\d+\.arms\.\d+\.size_printed: '2 559' is not",
        ),
        (
            REPORT,
            "status_printed: planlagt",
            "status_printed: avsluttet",
            r"status_printed: 'avsluttet' is not printed",
        ),
        (REPORT, "numbers: [NCT03477500]", "numbers: [NCT03477501]", r"numbers\.0: 'NCT03477501' is not printed"),
    ],
)
def test_words_that_are_not_printed_stop_the_build(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CurationError, match=rf"curation\.yaml:\d+: .*{message}"):
        assemble(tmp_path / "data")

"""Rows of study tables that nobody has curated are joined where they share name and number, never on names."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import StudyRow
from msevidence.loaders.documents import DocumentFolder, read_document
from msevidence.loaders.errors import SourceError
from msevidence.loaders.statements import Statements
from msevidence.loaders.triples_numbers import number_statements
from msevidence.loaders.triples_rows import row_statements
from msevidence.ontology import iris
from msevidence.ontology.iris import graph_iri
from msevidence.ontology.namespaces import MSE
from tests.graph import DATA

REPORT = DATA / "reports" / "fhi-2021"


@pytest.fixture
def report(tmp_path: Path) -> DocumentContext:
    folder = tmp_path / "fhi-2021"
    shutil.copytree(REPORT, folder)
    (folder / "curation.yaml").unlink()
    return read_document(DocumentFolder(folder, "reports"))


def studies(context: DocumentContext, rows: list[StudyRow]) -> list[str]:
    """Return the key of the study of each row."""
    context.parsed.study_rows[:] = rows
    catalogue = Catalogue(DATA)
    mentions = number_statements(context, catalogue)
    row_statements(context, catalogue, Statements(graph_iri("identity")), {}, mentions)
    described = {
        s.rsplit("/", 1)[1]: o.rsplit("/", 1)[1] for s, p, o in context.text.texts() if p == str(MSE.describes)
    }
    assert len(described) == len(rows)
    return [next(o for s, o in described.items() if s.endswith(f".{row.row}")) for row in rows]


def test_one_name_is_one_study_only_with_one_number(report: DocumentContext) -> None:
    one, other, third = [row for row in report.parsed.study_rows if row.numbers][:3]
    found = studies(
        report,
        [
            replace(one, name="Ukjent", row=101),
            replace(other, name="Ukjent", row=102),
            replace(one, name="UKJENT", row=103),
            replace(third, name="Ukjent", row=104, numbers=()),
        ],
    )
    assert found == ["fhi-2021.ukjent", "fhi-2021.ukjent.2", "fhi-2021.ukjent", "fhi-2021.ukjent.3"]


def test_a_name_without_letters_has_a_key_too(report: DocumentContext) -> None:
    row = report.parsed.study_rows[0]
    (dash, question) = studies(report, [replace(row, name="–", row=101), replace(row, name="?", row=102, numbers=())])
    assert dash != question


def test_two_texts_with_one_hash_stop_the_build_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iris, "_HASH_LENGTH", 2)
    with pytest.raises(SourceError, match=r"source\.txt: two passages of fhi-2021 share the hash"):
        read_document(DocumentFolder(REPORT, "reports"))

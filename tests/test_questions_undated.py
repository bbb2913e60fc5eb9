"""A document without a date is not left out of an answer: the rows are there, without the date."""

import re
import shutil

import pyoxigraph as ox
import pytest

from msevidence.loaders.build import validate
from tests.graph import DATA, store_of
from tests.questions import ARTICLE, asked


@pytest.fixture(scope="module")
def undated(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The graph with an article whose metadata give no date of publication."""
    data = tmp_path_factory.mktemp("undated") / "data"
    shutil.copytree(DATA, data)
    metadata = data / "articles" / "nygaard-2024" / "metadata.yaml"
    text, count = re.subn(r"^published: .*\n", "", metadata.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1
    metadata.write_text(text, encoding="utf-8")
    graph, outcome = validate(data)
    assert outcome.conforms, outcome.summary()
    return store_of(graph)


@pytest.mark.parametrize(
    ("name", "date"), [("trials-by-kind-and-status", "asOf"), ("documents-that-differ-on-a-study", "issued")]
)
def test_its_rows_are_there_without_the_date(undated: ox.Store, real_store: ox.Store, name: str, date: str) -> None:
    def of_article(store: ox.Store) -> list[str | None]:
        return [row[date] for row in asked(store, name) if row["document"] == ARTICLE]

    before, after = of_article(real_store), of_article(undated)
    assert before
    assert None not in before
    assert len(after) == len(before)
    assert None in after  # a row may have a date of its own, which the words themselves give

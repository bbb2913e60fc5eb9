"""What each format keeps and loses is what the documentation says."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import Handover
from tests.handover import kept, read_csvw
from tests.handover.conftest import Export


@pytest.fixture(scope="module")
def graph(release_store: ox.Store) -> kept.Graph:
    """Return what the real release says."""
    return kept.Graph(release_store)


def test_the_graph_has_each_kind(graph: kept.Graph) -> None:
    assert {kind: len(said) for kind, said in graph.kinds.items() if not said} == {}
    assert len(graph.kinds["claims"]) == len(graph.kinds["words of claims"]) == 288
    assert len(graph.kinds["messages of findings"]) == 2 * 159


def test_the_table_of_the_documentation_is_what_is_found(graph: kept.Graph, handover: Callable[..., Handover]) -> None:
    table = kept.derived(graph, handover())
    assert len(table) >= 19
    assert kept.between(kept.DOCUMENTATION.read_text(encoding="utf-8")) == kept.markdown(table), (
        "run python -m tests.handover.kept HOME"
    )


def test_every_format_has_a_reader() -> None:
    assert [name for name in EXPORTS if kept.reader(name) is None] == []


def test_what_a_format_does_not_have_is_missed(graph: kept.Graph, export: Export) -> None:
    part = read_csvw.read(export("csvw", studies=["mist"]))
    assert graph.word("studies", part) == kept.PART
    assert graph.word("words of passages", part) == kept.NONE
    assert graph.found_again("studies", part) == 1
    without = {thing: said for thing, said in part.items() if "/study/" not in thing}
    assert graph.word("studies", without) == kept.NONE


def test_a_document_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="once each"):
        kept.between("no marks")

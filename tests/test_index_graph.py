"""The graph as the index reads it, against the engine: the same statements, names and paths."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders import index_graph
from msevidence.loaders.index_graph import IndexedGraph
from msevidence.loaders.release_content import write_content
from msevidence.loaders.release_sorting import sorted_lines

E = "https://example.org/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAMED = f"""\
<{E}a> <{E}p> <{E}b> <{E}g> .
<{E}a> <{E}p> <{E}b> <{E}h> .
<{E}a> <{E}p> "plain" <{E}g> .
<{E}a> <{E}p> "plain"@nb <{E}g> .
<{E}a> <{E}p> "plain" <{E}h> .
<{E}a> <{E}p> "a \\" quote, \\\\ and\\na line <{E}b> ." <{E}g> .
<{E}a> <{E}p> "a \\" quote"@en-GB <{E}g> .
<{E}b> <{E}q> "7"^^<{XSD}integer> <{E}g> .
<{E}b> <{E}q> "2024"^^<{XSD}gYear> <{E}g> .
<{E}b> <{E}r> <{E}c> <{E}g> .
<{E}c> <{E}r> <{E}b> <{E}h> .
<{E}c> <{TYPE}> <{E}Class> <{E}h> .
<{E}é> <{E}r> <{E}c> <{E}h> .
""".encode()


@pytest.fixture(params=[16 * 2**20, 1], ids=["at once", "piece by piece"])
def graph(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexedGraph:
    monkeypatch.setattr(index_graph, "_HELD_BYTES", request.param)
    monkeypatch.setattr(index_graph, "_READ_BYTES", request.param)
    (tmp_path / "named.nq").write_bytes(NAMED)
    write_content(sorted_lines(tmp_path / "named.nq", tmp_path), tmp_path / "data.nq")
    (tmp_path / "apart").mkdir()
    return IndexedGraph(tmp_path / "data.nq", tmp_path / "apart")


def quads() -> list[ox.Quad]:
    return list(ox.parse(NAMED, format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize("property", ["p", "q", "r", "none"])
def test_a_property_has_the_statements_that_the_engine_reads(graph: IndexedGraph, property: str) -> None:
    expected = {(quad.subject.value, quad.object) for quad in quads() if quad.predicate.value == E + property}
    found = list(graph.each(E + property))
    assert set(found) == expected
    assert len(found) == len(expected)


def test_what_is_named_is_each_subject_property_class_and_graph(graph: IndexedGraph) -> None:
    assert graph.named() == {*(E + name for name in ("a", "b", "c", "é", "p", "q", "r", "g", "h", "Class")), TYPE}


def test_paths_lead_on_and_back_as_before_when_what_was_followed_is_forgotten(graph: IndexedGraph) -> None:
    onward = {f"{E}b": [ox.NamedNode(f"{E}b")], f"{E}c": [ox.NamedNode(f"{E}c")], f"{E}é": [ox.NamedNode(f"{E}b")]}
    back = {f"{E}b": [ox.NamedNode(f"{E}c")], f"{E}c": [ox.NamedNode(f"{E}b"), ox.NamedNode(f"{E}é")]}
    for _ in range(2):
        assert graph.follow((f"{E}r", f"{E}r")) == onward
        assert graph.follow((f"^{E}r",)) == back
        assert {iri: list(classes) for iri, classes in graph.types().items()} == {f"{E}c": [ox.NamedNode(f"{E}Class")]}
        graph.forget()

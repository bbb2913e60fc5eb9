"""A resource by named graph: one question whatever the number of graphs, and the same as graph by graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.ontology.iris import BASE
from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server import resources
from msevidence.server.labels import query
from msevidence.server.local_lane import LocalLane
from msevidence.server.pool import Question, Worker
from msevidence.server.releases import current
from tests.pages_site import MSE, client_of, publish_pages
from tests.server_fixtures import publish

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
NAMING = {RDFS + "label", SKOS + "prefLabel", "http://purl.org/dc/terms/title", "http://xmlns.com/foaf/0.1/name"}
NAMING |= {MSE + name for name in ("claimText", "text", "registrationNumber")}
IS_DEFINED_BY = ox.NamedNode(RDFS + "isDefinedBy")
NQ = resources.address("x.nq").format
REAL = (
    *("study/mist", "document/fhi-2021", "document/nygaard-2024", "publication/burt-2019", "registration/NCT00273364"),
    *("graph/publications", "graph/identity", "graph/partitions", "scheme/passage-kind/table-cell", "scheme/outcome"),
    *("ontology#Study", "ontology"),
)
"""Of the real graph: things with many statements, graphs, concepts that much points to, and the ontology."""


def graph_by_graph(store: ox.Store, iri: str) -> bytes:
    """Write a resource from the named graphs, each looked at by itself."""
    node, default = ox.NamedNode(iri), ox.DefaultGraph()
    around = {q.object for q in store.quads_for_pattern(node, None, None, default)}
    around |= {q.subject for q in store.quads_for_pattern(None, None, node, default)}
    defined = {q.subject for q in store.quads_for_pattern(None, IS_DEFINED_BY, node, default)}
    found: set[ox.Quad] = set()
    for graph in store.named_graphs():
        for quad in store.quads_for_pattern(None, None, None, graph):
            if iri == ONTOLOGY:
                wanted = quad.subject == node or quad.subject in defined
            else:
                of_it = node in (quad.subject, quad.object, quad.graph_name)
                wanted = of_it or (quad.subject in around and quad.predicate.value in NAMING)
            if wanted:
                found.add(quad)
    return ox.serialize(sorted(found, key=str), format=ox.RdfFormat.N_QUADS) or b""


@pytest.fixture(scope="module")
def embedded(release_home: Path) -> ox.Store:
    return ox.Store.read_only(str(current(release_home).store))


@pytest.mark.parametrize("path", REAL)
def test_what_all_graphs_state_is_what_each_states(path: str, release_home: Path, embedded: ox.Store) -> None:
    lane = LocalLane(current(release_home), embedded)
    found = resources.data(lane, BASE + path, NQ)
    assert found.count(b"\n") > 5
    assert found == graph_by_graph(embedded, BASE + path)


def more(graphs: int) -> Iterable[ox.Quad]:
    """Return what further graphs state of a study, and of a thing that points to it."""
    iri, study = ox.NamedNode, ox.NamedNode(BASE + "study/first")
    for number in range(graphs):
        graph, note = iri(f"{BASE}graph/more-{number:03}"), iri(f"{BASE}note/{number:03}")
        yield ox.Quad(study, iri(RDFS + "comment"), ox.Literal(f'"{number}"\n\t\\', language="en-GB"), graph)
        yield ox.Quad(note, iri(RDFS + "seeAlso"), study, graph)
        yield ox.Quad(note, iri(RDFS + "label"), ox.Literal("0.50", datatype=iri(RDFS + "Resource")), graph)


def test_no_more_is_asked_of_many_graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = Worker.ask

    def counted(self: Worker, question: Question, *, deadline: float, cap: int) -> bytes:
        asked.append(question.query)
        return ask(self, question, deadline=deadline, cap=cap)

    monkeypatch.setattr(Worker, "ask", counted)
    seen = []
    for graphs in (1, 40):
        home = tmp_path / str(graphs)
        publish_pages(home, more=more(graphs))
        store = ox.Store.read_only(str(current(home).store))
        assert len(list(store.named_graphs())) > graphs
        with client_of(home) as client:
            for path in ("study/first", "graph/more-000", "ontology"):
                for suffix, format in (("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)):
                    got = client.get(f"/{path}.{suffix}").data
                    assert set(ox.parse(got, format)) == set(
                        ox.parse(graph_by_graph(store, BASE + path), ox.RdfFormat.N_QUADS)
                    ), path
        seen.append(list(asked))
        asked.clear()
    assert seen[0] == seen[1]
    assert seen[0].count(query("describe_in_graphs")) > 1


def test_every_kind_of_term_comes_through(tmp_path: Path) -> None:
    """Also nodes without a name and triples as objects, which no build publishes."""
    study, label, graph = (f"<{iri}>" for iri in (BASE + "study/one", RDFS + "label", BASE + "graph/studies"))
    terms = (
        *('"a"', '"a"@en-GB', '"a"@ar--rtl', '"01"^^<http://www.w3.org/2001/XMLSchema#integer>', '"\\r\\n\\"\\\\"'),
        *("_:b1", f"<<( {study} {label} _:b1 )>>", f'<<( _:b1 {label} <<( {study} {label} "x"@nb )>> )>>'),
    )
    lines = [f"{study} <http://e/p{n}> {term} {graph} ." for n, term in enumerate(terms)]
    lines += [
        f'_:b1 {label} "named" {graph} .',
        f"_:b2 <http://e/of> {study} {graph} .",
        f"_:b1 <http://e/p> _:b2 {graph} .",
    ]
    publish(tmp_path, "\n".join(lines).encode() + b"\n")
    store = ox.Store.read_only(str(current(tmp_path).store))
    got = resources.data(LocalLane(current(tmp_path), store), BASE + "study/one", NQ)
    assert got.count(b"\n") == len(lines) - 1
    assert got == graph_by_graph(store, BASE + "study/one")

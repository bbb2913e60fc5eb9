"""Every named graph says what it was made from, and a document's graph holds nothing that a curator says."""

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders import provenance
from msevidence.loaders.assembly import Graph
from msevidence.loaders.provenance import Derivation, SourceFile, provenance_statements
from msevidence.ontology.iris import graph_iri
from msevidence.ontology.namespaces import MSE
from tests.graph import DATA, PREFIXES, ask, rows

ROOT = Path(__file__).parent.parent
PROV = "PREFIX prov: <http://www.w3.org/ns/prov#> "
SELF_MADE = {"meta", "partitions"}
"""Graphs about the graph, made from the other graphs and from no file."""


def derived(store: ox.Store) -> dict[str, dict[str, str]]:
    """Return the files of each graph of the build, with their hashes."""
    found = rows(
        store,
        PROV + "SELECT ?g ?path ?sha256 { ?g prov:wasGeneratedBy ?run ."
        " OPTIONAL { ?g prov:wasDerivedFrom ?file . ?file mse:sourceFile ?path ; mse:sha256 ?sha256 } }",
    )
    graphs: dict[str, dict[str, str]] = {}
    for graph, path, sha256 in found:
        files = graphs.setdefault(str(graph).rsplit("/", 1)[1], {})
        if path is not None and sha256 is not None:
            files[path] = sha256
    return graphs


def test_every_graph_has_a_loader_with_its_version_and_files(real_store: ox.Store) -> None:
    named = {g.value.rsplit("/", 1)[1] for g in real_store.named_graphs() if isinstance(g, ox.NamedNode)}
    assert len(named) == 15
    graphs = derived(real_store)
    assert graphs.keys() == named - {"meta"}
    assert {name for name, files in graphs.items() if not files} == SELF_MADE - {"meta"}
    assert not ask(
        real_store,
        PROV + "ASK { ?g prov:wasGeneratedBy ?run FILTER NOT EXISTS { ?run mse:loader ?l ; mse:version ?v } }",
    )


def test_the_hash_of_every_file_is_that_of_its_bytes(real_store: ox.Store) -> None:
    files = {path: sha256 for files in derived(real_store).values() for path, sha256 in files.items()}
    assert len(files) > 80
    for path, sha256 in files.items():
        folder = ROOT if path.startswith(("ontology/", "queries/")) else DATA
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == sha256, path


def test_each_graph_names_its_own_files(real_store: ox.Store) -> None:
    graphs = derived(real_store)
    folder = "articles/nygaard-2024/"
    own = {folder + name for name in ("source.txt", "metadata.yaml", "curation.yaml")}
    assert graphs["document-nygaard-2024"].keys() == own
    assert graphs["curation-nygaard-2024"].keys() == own - {folder + "source.txt"}
    assert graphs["studies"].keys() == {"studies.yaml"}
    assert graphs["registrations"].keys() > own | {"registrations.yaml"}
    assert {"ontology/core.ttl", "ontology/schemes/ms-type.ttl"} <= graphs["ontology"].keys()
    assert not [path for path in graphs["ontology"] if "shapes" in path]
    assert "queries/provenance-of-a-triple.rq" in graphs["queries"]


def test_what_the_manifest_calls_sources_is_what_graphs_were_made_from(real_graph: Graph, real_store: ox.Store) -> None:
    files = {pair for files in derived(real_store).values() for pair in files.items()}
    assert {(f.path, f.sha256) for f in real_graph.sources} == files


def test_a_source_has_its_own_dates_rights_and_licence() -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    file = SourceFile("a/source.txt", "0" * 64, issued="2024-02", obtained="2026-07-04", licence=licence)
    meta = provenance_statements([Derivation(graph_iri("document-a"), (file,), "article", "A")])
    store = ox.Store()
    store.extend(meta)
    found = store.query(
        "SELECT ?issued ?obtained ?licence { GRAPH ?g { ?f mse:sourceFile 'a/source.txt' ; dcterms:issued ?issued ;"
        " mse:obtained ?obtained ; dcterms:license ?licence } }",
        prefixes=PREFIXES,
    )
    assert isinstance(found, ox.QuerySolutions)
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert [tuple(row) for row in found] == [
        (
            ox.Literal("2024-02", datatype=ox.NamedNode(xsd + "gYearMonth")),
            ox.Literal("2026-07-04", datatype=ox.NamedNode(xsd + "date")),
            ox.NamedNode(licence),
        )
    ]


def test_a_version_between_releases_is_stated_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "version", lambda name: "0.2.0+g1a2b3c")
    meta = provenance_statements([Derivation(graph_iri("studies"), (), "catalogue", "studies")])
    activity = "https://w3id.org/msevidence/activity/catalogue-0.2.0-g1a2b3c"
    assert (activity, str(MSE.version), "0.2.0+g1a2b3c") in set(meta.texts())


def test_the_graph_of_a_document_holds_no_remark_or_reason_of_a_curator(real_store: ox.Store) -> None:
    found = rows(
        real_store,
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o FILTER(?p IN (mse:note, mse:because)) } } GROUP BY ?g",
    )
    graphs = {str(g).rsplit("/", 1)[1] for g, _ in found}
    assert {"curation-nygaard-2024", "curation-fhi-2021", "identity"} <= graphs
    assert not [g for g in graphs if g.startswith("document-")]

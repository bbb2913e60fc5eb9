"""VoID of the release: every figure is counted again in the graph, and the shapes of service descriptions hold."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, VOID, Graph, Literal, URIRef

from msevidence.server.local_lane import LocalLane
from tests.handover.conftest import Export

SITE = "https://kg.example/"


@pytest.fixture(scope="module")
def described(export: Export) -> Graph:
    """Return the description, as rdflib reads it."""
    files = export("void")
    (name,) = files
    assert name.endswith(".void.ttl")
    return Graph().parse(data=files[name], format="turtle")


@pytest.fixture(scope="module")
def this(lane: LocalLane) -> URIRef:
    """Return the IRI of the release."""
    return URIRef(f"{lane.release.base}release/{lane.release.id}")


def counted(store: ox.Store, what: str) -> int:
    (row,) = store.query(f"SELECT ({what} AS ?n) WHERE {{ ?s ?p ?o }}")  # type: ignore[misc]
    return int(row["n"].value)  # type: ignore[index]


def figure(graph: Graph, subject: URIRef, predicate: URIRef) -> int:
    (value,) = graph.objects(subject, predicate)
    assert isinstance(value, Literal)
    return int(value)


def test_figures_are_those_of_the_graph(described: Graph, this: URIRef, release_store: ox.Store) -> None:
    assert figure(described, this, VOID.triples) == counted(release_store, "COUNT(*)")
    assert figure(described, this, VOID.distinctSubjects) == counted(release_store, "COUNT(DISTINCT ?s)")
    assert figure(described, this, VOID.distinctObjects) == counted(release_store, "COUNT(DISTINCT ?o)")


def test_partitions_count_classes_and_properties(described: Graph, lane: LocalLane, release_store: ox.Store) -> None:
    dataset = URIRef(f"{lane.release.base}dataset/msevidence")
    classes = list(described.objects(dataset, VOID.classPartition))
    assert len(classes) == figure(described, dataset, VOID.classes) > 50
    assert len(list(described.objects(dataset, VOID.propertyPartition))) == figure(described, dataset, VOID.properties)
    (claims,) = [
        p for p in classes if described.value(p, VOID["class"]) == URIRef(f"{lane.release.base}ontology#Claim")
    ]
    answer = release_store.query(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{lane.release.base}ontology#Claim> }}")
    assert isinstance(claims, URIRef)
    assert [int(row["n"].value) for row in answer] == [figure(described, claims, VOID.entities)]  # type: ignore[index,union-attr]


def test_graphs_are_subsets_with_their_counts(described: Graph, this: URIRef, lane: LocalLane) -> None:
    subsets = {s for s in described.objects(this, VOID.subset) if (s, RDF.type, VOID.Linkset) not in described}
    assert {str(s): figure(described, URIRef(str(s)), VOID.triples) for s in subsets} == dict(lane.release.graphs)


def test_linksets_count_links_to_elsewhere(described: Graph, this: URIRef, release_store: ox.Store) -> None:
    linksets = list(described.subjects(RDF.type, VOID.Linkset))
    assert linksets
    for links in linksets:
        predicate, space = described.value(links, VOID.linkPredicate), described.value(links, VOID.objectsTarget)
        assert described.value(links, VOID.subjectsTarget) == this
        found = release_store.quads_for_pattern(None, ox.NamedNode(str(predicate)), None, ox.DefaultGraph())
        there = [q for q in found if isinstance(q.object, ox.NamedNode) and q.object.value.startswith(str(space))]
        own = [q for q in there if q.subject.value.startswith(str(described.value(this, VOID.uriSpace)))]  # type: ignore[union-attr]
        assert isinstance(links, URIRef)
        assert len(own) == figure(described, links, VOID.triples) > 0


def test_examples_are_there_and_addresses_are_of_the_site(
    described: Graph, this: URIRef, lane: LocalLane, release_store: ox.Store
) -> None:
    examples = list(described.objects(this, VOID.exampleResource))
    assert len(examples) >= 5  # a document is a publication too
    for example in examples:
        assert next(release_store.quads_for_pattern(ox.NamedNode(str(example)), None, None), None) is not None
    assert described.value(this, VOID.sparqlEndpoint) == URIRef(f"{SITE}sparql")
    assert described.value(this, VOID.dataDump) == URIRef(f"{SITE}releases/{lane.release.id}/data.nq")
    assert URIRef("http://www.w3.org/ns/formats/N-Quads") in set(described.objects(this, VOID.feature))
    assert URIRef(f"{lane.release.base}ontology#") in set(described.objects(this, VOID.vocabulary))


@pytest.mark.shared
def test_the_shapes_for_void_have_nothing_against_it(described: Graph, shared_dir: Path) -> None:
    from pyshacl import validate

    shapes = Graph().parse(shared_dir / "conformance" / "schemas" / "void-sd" / "sd-shacl.ttl")
    assert (None, SH.targetObjectsOf, VOID.classPartition) in shapes
    conforms, _, text = validate(described, shacl_graph=shapes, advanced=False, do_owl_imports=False, inference="none")
    assert conforms, text


def test_the_same_release_gives_the_same_bytes(export: Export) -> None:
    assert export("void") == export("void")

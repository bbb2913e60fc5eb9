"""The graph's description of itself counts what is there: distinct triples of all graphs but its own."""

import pyoxigraph as ox

from msevidence.loaders.assembly import Graph
from tests.graph import rows

VOID = "http://rdfs.org/ns/void#"
OWN = "https://w3id.org/msevidence/graph/partitions"


def without_own(graph: Graph) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in graph.quads() if q.graph_name.value != OWN)
    return store


def test_every_class_and_property_is_counted_as_the_store_counts_it(real_graph: Graph, real_store: ox.Store) -> None:
    counted = without_own(real_graph)
    classes = rows(
        real_store, f"SELECT ?c ?n {{ ?d <{VOID}classPartition> ?p . ?p <{VOID}class> ?c ; <{VOID}entities> ?n }}"
    )
    assert sorted(classes) == sorted(rows(counted, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"))
    properties = rows(
        real_store,
        f"SELECT ?q ?n {{ ?d <{VOID}classes> ?k ; <{VOID}propertyPartition> ?p ."
        f" ?p <{VOID}property> ?q ; <{VOID}triples> ?n }}",
    )
    assert sorted(properties) == sorted(rows(counted, "SELECT ?q (COUNT(*) AS ?n) { ?s ?q ?o } GROUP BY ?q"))


def test_the_properties_of_a_class(real_graph: Graph, real_store: ox.Store) -> None:
    claim = "<https://w3id.org/msevidence/ontology#Claim>"
    found = rows(
        real_store,
        f"SELECT ?q ?n {{ ?c <{VOID}class> {claim} ; <{VOID}propertyPartition> ?p ."
        f" ?p <{VOID}property> ?q ; <{VOID}triples> ?n }}",
    )
    wanted = rows(without_own(real_graph), f"SELECT ?q (COUNT(*) AS ?n) {{ ?s a {claim} ; ?q ?o }} GROUP BY ?q")
    assert sorted(found) == sorted(wanted)


def test_the_stored_questions_have_prefixes_to_complete_from(real_store: ox.Store) -> None:
    found = rows(
        real_store,
        "SELECT ?prefix ?namespace { ?q a <http://www.w3.org/ns/shacl#SPARQLExecutable> ;"
        " <http://www.w3.org/ns/shacl#prefixes>/<http://www.w3.org/ns/shacl#declare> ?d ."
        " ?d <http://www.w3.org/ns/shacl#prefix> ?prefix ; <http://www.w3.org/ns/shacl#namespace> ?namespace }",
    )
    assert ("mse", "https://w3id.org/msevidence/ontology#") in found
    assert ("cito", "http://purl.org/spar/cito/") in found

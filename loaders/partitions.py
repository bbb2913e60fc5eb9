"""The graph describes itself: its classes and properties, how many of each, and the prefixes to write them with.

VoID §4.5 (class and property partitions), in the manner of SIB's endpoints: query editors complete from them.
``sh:declare`` (SHACL §5.2.1) gives the prefixes of the ontology, which the stored questions use.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from rdflib import RDF, RDFS, SH, VOID, URIRef

from msevidence.loaders.statements import Statements, Typed
from msevidence.ontology.iris import Kind, graph_iri, mint, short_hash
from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.ontology.validation_report import prefixes


def partition_statements(graphs: Iterable[Statements]) -> Statements:
    """Return the graph ``partitions``: it counts distinct triples of all other graphs, and not its own."""
    # By terms, not texts: two labels that differ in language alone are two triples.
    triples = {
        (q.subject, q.predicate, q.object): t for g in graphs for q, t in zip(g, g.texts(), strict=True)
    }.values()
    classes: dict[str, set[str]] = defaultdict(set)
    types: dict[str, list[str]] = defaultdict(list)
    for subject, predicate, value in triples:
        if predicate == str(RDF.type):
            classes[value].add(subject)
            types[subject].append(value)
    properties = Counter(predicate for _, predicate, _ in triples)
    of_class = Counter((cls, predicate) for subject, predicate, _ in triples for cls in types.get(subject, ()))
    graph = Statements(graph_iri("partitions"))
    dataset = mint(Kind.DATASET, "msevidence")
    graph.node(
        dataset,
        VOID.Dataset,
        {VOID.classes: len(classes), VOID.properties: len(properties), VOID.vocabulary: URIRef(ONTOLOGY)},
    )
    for predicate, count in sorted(properties.items()):
        graph.add(dataset, VOID.propertyPartition, _property(graph, predicate, count))
    for cls, things in sorted(classes.items()):
        node = mint(Kind.PARTITION, f"class.{short_hash(cls)}")
        graph.node(node, VOID.Dataset, {VOID["class"]: URIRef(cls), VOID.entities: len(things)})
        graph.add(dataset, VOID.classPartition, node)
        for (of, predicate), count in sorted(of_class.items()):
            if of == cls:
                graph.add(node, VOID.propertyPartition, _property(graph, predicate, count, cls))
    _declare(graph)
    return graph


def _property(graph: Statements, predicate: str, count: int, cls: str = "") -> URIRef:
    key = f"class.{short_hash(cls)}.{short_hash(predicate)}" if cls else f"property.{short_hash(predicate)}"
    node = mint(Kind.PARTITION, key)
    return graph.node(node, VOID.Dataset, {VOID.property: URIRef(predicate), VOID.triples: count})


def _declare(graph: Statements) -> None:
    for prefix, namespace in sorted(prefixes().items()):
        if not prefix:
            continue
        node = mint(Kind.PREFIX, prefix)
        graph.node(
            node,
            SH.PrefixDeclaration,
            {RDFS.label: prefix, SH.prefix: prefix, SH.namespace: Typed(namespace, "anyURI")},
        )
        graph.add(URIRef(ONTOLOGY), SH.declare, node)

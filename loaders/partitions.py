"""The graph describes itself: its classes and properties, how many of each, and the prefixes to write them with.

VoID §4.5 (class and property partitions), in the manner of SIB's endpoints: query editors complete from them.
``sh:declare`` (SHACL §5.2.1) gives the prefixes of the ontology, which the stored questions use.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from rdflib import RDF, RDFS, SH, VOID, URIRef

from msevidence.loaders.statements import Statements, Tagged, Typed
from msevidence.ontology.iris import Kind, graph_iri, mint, short_hash
from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.ontology.validation_report import prefixes

COUNTED = {
    "en": "Classes and properties are counted in all graphs but this one and that of the release, “release”.",
    "nb": "Klasser og egenskaper er talt i alle grafer unntatt denne og utgivelsens egen, «release».",
}
_TYPE = f"<{RDF.type}>".encode()


class Tally:
    """Counts distinct triples by class and property, in one pass over the sorted lines of named graphs.

    What is said of one thing stands together there, and the lines of one triple do: so memory holds no more than one
    thing, and the counts.
    """

    def __init__(self, lines: Iterable[list[bytes]]) -> None:
        self._instances: Counter[bytes] = Counter()
        self._properties: Counter[bytes] = Counter()
        self._of_class: dict[bytes, Counter[bytes]] = defaultdict(Counter)
        classes: list[bytes] = []
        properties: list[bytes] = []
        triple_before, subject_before = b"", b""
        for some in lines:
            for line in some:
                triple = line[: line.rindex(b" <")]  # a graph is an IRI, which has no blank
                if triple == triple_before:
                    continue
                triple_before = triple
                subject, property, value = triple.split(b" ", 2)
                if subject != subject_before:
                    self._take(classes, properties)
                    classes, properties, subject_before = [], [], subject
                properties.append(property)
                if property == _TYPE and value.startswith(b"<"):
                    classes.append(value)
        self._take(classes, properties)

    def _take(self, classes: list[bytes], properties: list[bytes]) -> None:
        """Count the triples of one thing."""
        self._properties.update(properties)
        self._instances.update(classes)
        for cls in classes:
            self._of_class[cls].update(properties)

    def instances(self, class_iri: str) -> int:
        """Return how many things are stated to be of a class."""
        return self._instances[f"<{class_iri}>".encode()]

    def statements(self) -> Statements:
        """Return the graph ``partitions``: it counts distinct triples of all other graphs, and not its own."""
        graph = Statements(graph_iri("partitions"))
        dataset = mint(Kind.DATASET, "msevidence")
        counts = {VOID.classes: len(self._instances), VOID.properties: len(self._properties)}
        graph.node(
            dataset,
            VOID.Dataset,
            {
                **counts,
                VOID.vocabulary: URIRef(ONTOLOGY),
                RDFS.comment: [Tagged(text, language) for language, text in COUNTED.items()],
            },
        )
        for predicate, count in _by_iri(self._properties):
            graph.add(dataset, VOID.propertyPartition, _property(graph, predicate, count))
        for cls, things in _by_iri(self._instances):
            node = mint(Kind.PARTITION, f"class.{short_hash(cls)}")
            graph.node(node, VOID.Dataset, {VOID["class"]: URIRef(cls), VOID.entities: things})
            graph.add(dataset, VOID.classPartition, node)
            for predicate, count in _by_iri(self._of_class[f"<{cls}>".encode()]):
                graph.add(node, VOID.propertyPartition, _property(graph, predicate, count, cls))
        _declare(graph)
        return graph


def _by_iri(counts: Counter[bytes]) -> list[tuple[str, int]]:
    """Return what is counted of IRIs as they stand in lines, in the order of the IRIs."""
    return sorted((iri[1:-1].decode(), count) for iri, count in counts.items())


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

"""The graph describes itself: its classes and properties, how many of each, and the prefixes to write them with.

VoID §4.5 (class and property partitions), in the manner of SIB's endpoints: query editors complete from them.
``sh:declare`` (SHACL §5.2.1) gives the prefixes of the ontology, which the stored questions use.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, VOID, URIRef

from msevidence.loaders.release_lines import Stated, canonical
from msevidence.loaders.statements import Statements, Typed
from msevidence.ontology.iris import Kind, graph_iri, mint, short_hash
from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.ontology.validation_report import prefixes

_TYPE = ox.NamedNode(str(RDF.type))


class Tally:
    """Counts distinct triples by class and property, as a stream: first :meth:`know` all, then :meth:`take` them.

    A triple is known again by a hash of 64 bits, so that 6 million of them need 400 MB and not the terms themselves.
    """

    def __init__(self) -> None:
        self.classes: dict[str, set[str]] = defaultdict(set)
        """Class to its instances."""
        self._types: dict[str, tuple[str, ...]] = {}
        self._seen: set[int] = set()
        self._properties: Counter[str] = Counter()
        self._of_class: Counter[tuple[str, str]] = Counter()

    def know(self, quads: Iterable[ox.Quad]) -> None:
        """Take note of which thing is of which classes."""
        for quad in quads:
            if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
                subject, cls = quad.subject.value, quad.object.value  # type: ignore[union-attr]
                things = self.classes[cls]
                if subject not in things:
                    things.add(subject)
                    self._types[subject] = (*self._types.get(subject, ()), cls)

    def take(self, stated: Iterable[Stated]) -> None:
        """Count triples that have not been counted yet, as the store will write them."""
        seen, properties, of_class, types = self._seen, self._properties, self._of_class, self._types
        for lines in canonical(stated, ""):
            for line in lines:
                triple = line[: line.rindex(b" <")]
                key = hash(triple)
                if key in seen:
                    continue
                seen.add(key)
                subject, property, _ = triple.split(b" ", 2)
                predicate = property[1:-1].decode()
                properties[predicate] += 1
                for cls in types.get(subject[1:-1].decode(), ()):
                    of_class[cls, predicate] += 1

    def statements(self) -> Statements:
        """Return the graph ``partitions``: it counts distinct triples of all other graphs, and not its own."""
        graph = Statements(graph_iri("partitions"))
        dataset = mint(Kind.DATASET, "msevidence")
        counts = {VOID.classes: len(self.classes), VOID.properties: len(self._properties)}
        graph.node(dataset, VOID.Dataset, {**counts, VOID.vocabulary: URIRef(ONTOLOGY)})
        for predicate, count in sorted(self._properties.items()):
            graph.add(dataset, VOID.propertyPartition, _property(graph, predicate, count))
        within: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for (cls, predicate), count in sorted(self._of_class.items()):
            within[cls].append((predicate, count))
        for cls, things in sorted(self.classes.items()):
            node = mint(Kind.PARTITION, f"class.{short_hash(cls)}")
            graph.node(node, VOID.Dataset, {VOID["class"]: URIRef(cls), VOID.entities: len(things)})
            graph.add(dataset, VOID.classPartition, node)
            for predicate, count in within[cls]:
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

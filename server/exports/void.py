"""The release as VoID (https://www.w3.org/TR/void/): how much there is of what, where it is, and what it links to.

For query editors, crawlers and whoever weighs whether to take the data in. Classes and properties with their counts
stand in the graph ``partitions``, which counts all graphs but itself; the other figures are those that the build
counted of the merge of all graphs (the default graph), and stand in the index.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, VOID, XSD

from msevidence.loaders.release_graph import TITLE
from msevidence.ontology.iris import Kind, mint, short_hash
from msevidence.server import i18n, rdf_written
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.index import index
from msevidence.server.labels import query
from msevidence.server.store import PageLane

PREFIXES = {"void": str(VOID), "dcterms": str(DCTERMS), "rdf": str(RDF), "xsd": str(XSD)}

Value = ox.NamedNode | ox.Literal


def write(handover: Handover) -> Files:
    """Write the description as Turtle."""
    body = rdf_written.written(dataset(handover.lane, handover.site), ox.RdfFormat.TURTLE, PREFIXES)
    return {f"{handover.stem}.void.ttl": body}


def dataset(lane: PageLane, site: str) -> list[ox.Triple]:
    """Describe the release of a lane as it is published at ``site``, an address with a slash at the end."""
    release = lane.release
    partitions = lane.construct(query("void_partitions"))
    triples = list(partitions)
    this = str(mint(Kind.RELEASE, release.id, base=release.base))

    def say(subject: str, predicate: str, *values: Value) -> None:
        triples.extend(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value) for value in values)

    say(this, RDF.type, ox.NamedNode(VOID.Dataset))
    say(this, DCTERMS.title, *(ox.Literal(TITLE[language], language=language) for language in i18n.LANGUAGES))
    say(this, DCTERMS.isVersionOf, ox.NamedNode(mint(Kind.DATASET, "msevidence", base=release.base)))
    say(this, DCTERMS.issued, ox.Literal(release.built, datatype=ox.NamedNode(XSD.dateTime)))
    say(this, VOID.triples, _number(release.default_graph_triples))
    counts: dict[str, int] = dict(index(release).rows("SELECT what, count FROM statistic"))
    say(this, VOID.distinctSubjects, _number(counts["subjects"]))
    say(this, VOID.distinctObjects, _number(counts["objects"]))
    say(this, VOID.entities, _number(counts["subjects"]))  # no blank nodes: what has a statement has an IRI
    say(this, VOID.sparqlEndpoint, ox.NamedNode(f"{site}sparql"))
    say(this, VOID.uriSpace, ox.Literal(release.base))
    say(this, VOID.dataDump, ox.NamedNode(f"{site}releases/{release.id}/data.nq"))
    say(this, VOID.feature, *(ox.NamedNode(format.iri) for format in RDF_FORMATS.values()))
    say(this, VOID.vocabulary, *map(ox.NamedNode, _vocabularies(partitions)))
    examples = (row["example"] for row in lane.select(query("void_examples")) if "example" in row)
    say(this, VOID.exampleResource, *(thing for thing in examples if isinstance(thing, ox.NamedNode)))
    for graph, triples_there in sorted(release.graphs.items()):
        say(this, VOID.subset, ox.NamedNode(graph))
        say(graph, RDF.type, ox.NamedNode(VOID.Dataset))
        say(graph, VOID.triples, _number(triples_there))
    for predicate, space, count in index(release).rows("SELECT property, space, count FROM link_count"):
        links = f"{site}dataset#links-{short_hash(predicate + space)}"
        say(links, RDF.type, ox.NamedNode(VOID.Linkset))
        say(links, VOID.linkPredicate, ox.NamedNode(predicate))
        say(links, VOID.subjectsTarget, ox.NamedNode(this))
        say(links, VOID.objectsTarget, ox.NamedNode(space))
        say(links, VOID.triples, _number(count))
        say(space, RDF.type, ox.NamedNode(VOID.Dataset))
        say(space, VOID.uriSpace, ox.Literal(space))
        say(this, VOID.subset, ox.NamedNode(links))
    return triples


def _vocabularies(partitions: Iterable[ox.Triple]) -> list[str]:
    """Return the namespaces of the classes and properties that are counted."""
    counted = (str(VOID["class"]), str(VOID.property))
    terms = {t.object.value for t in partitions if t.predicate.value in counted and isinstance(t.object, ox.NamedNode)}
    return sorted({term[: max(term.rfind("#"), term.rfind("/")) + 1] for term in terms})


def _number(value: int | str) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD.integer))

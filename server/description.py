"""The service description (https://www.w3.org/TR/sparql11-service-description/) and the description of the dataset.

What is fixed stands in ``service.ttl``; added are the formats, graphs and limits of the running server, and what the
store says of itself: the questions (sh:SPARQLExecutable), prefixes (sh:declare) and the release (DCAT).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
from flask import Response, current_app, request
from rdflib.namespace import DCTERMS, RDF, RDFS, SDO, VOID, XSD, Namespace

from msevidence.server import answers, negotiation, rdf_written
from msevidence.server.exports import dcat, void
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS, Format
from msevidence.server.releases import Release, all_releases
from msevidence.server.settings import Settings
from msevidence.server.store import lanes, pages
from msevidence.server.wire import Term

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = "http://www.w3.org/ns/shacl#"
FOLDER = Path(__file__).parent
PREFIXES = {
    **dcat.PREFIXES,
    "sd": str(SD),
    "dcterms": str(DCTERMS),
    "void": str(VOID),
    "schema": str(SDO),
    "sh": SH,
    "xsd": str(XSD),
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rdf": str(RDF),
}

QUESTIONS = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
CONSTRUCT { ?node ?p ?o . ?set sh:declare ?declared } WHERE {
  {
    { ?node a sh:SPARQLExecutable } UNION { ?node sh:select|sh:ask|sh:construct|sh:describe ?text }
    UNION { ?node sh:namespace ?namespace }
    ?node ?p ?o
  } UNION { ?set sh:declare ?declared }
}"""
ELSEWHERE = {
    "en": "Queries are answered by a SPARQL store elsewhere that holds this release; each answer is from it alone.",
    "nb": "Spørringer besvares av en annen SPARQL-database som har denne utgivelsen; hvert svar kommer bare fra den.",
}

PLACE = "urn:msevidence:this-server/"
"""Stands for the address of this server in what is kept of a release: a client says what that is."""

Object = ox.NamedNode | ox.Literal


def site() -> str:
    """Return the address of this server, with a slash at the end."""
    settings: Settings = current_app.extensions["msevidence-settings"]
    return (settings.public_url or request.url_root.rstrip("/")) + "/"


def service(format: Format[ox.RdfFormat]) -> Response:
    """Return the description of the endpoint."""
    endpoint = site() + "sparql"
    lane = pages()
    settings: Settings = current_app.extensions["msevidence-settings"]
    said = (repr(settings), format.name, negotiation.gzip_wanted())  # its limits are told
    tag = answers.entity_tag(lane.release, "service", endpoint, *said)
    if (known := answers.known(tag, format.content_type)) is not None:
        return known
    triples = [*_service_triples(endpoint, lane.release, settings), *lane.construct(QUESTIONS)]
    return _written(triples, format, tag)


def dataset(format: Format[ox.RdfFormat]) -> Response:
    """Return the DCAT and VoID description of the release."""
    lane = pages()
    kept = tuple(all_releases(lanes().home))
    said = (site(), format.name, [release.id for release in kept], negotiation.gzip_wanted())
    tag = answers.entity_tag(lane.release, "dataset", *said)
    if (known := answers.known(tag, format.content_type)) is not None:
        return known
    return _written(_at(site(), *_described(lane.release, kept)), format, tag)


@lru_cache(maxsize=2)  # it counts the whole graph: once for a release, whatever clients say that the host is called
def _described(release: Release, kept: tuple[Release, ...]) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Describe a release as its exports ``dcat`` and ``void`` do, with the other releases that are kept here.

    Returns:
        the triples that are the same at every address of this server; and those that name it, with :data:`PLACE` in
        its place.
    """
    lane = pages()
    elsewhere: list[ox.Triple] = []
    here: list[ox.Triple] = []
    for triple in dict.fromkeys((*dcat.catalogue(lane, PLACE, kept), *void.dataset(lane, PLACE))):
        (here if PLACE in str(triple) else elsewhere).append(triple)
    return elsewhere, here


def _at(root: str, elsewhere: list[ox.Triple], here: list[ox.Triple]) -> list[ox.Triple]:
    """Return what :func:`_described` returned with an address of this server in its triples."""

    def placed(term: Term) -> Term:
        if isinstance(term, ox.NamedNode):
            return ox.NamedNode(term.value.replace(PLACE, root))
        if isinstance(term, ox.Literal):
            text = term.value.replace(PLACE, root)
            kind = None if term.language else term.datatype
            return ox.Literal(text, datatype=kind, language=term.language)
        return term

    found = list(elsewhere)
    for triple in here:
        subject = placed(triple.subject)
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        found.append(ox.Triple(subject, triple.predicate, placed(triple.object)))
    return found


def _written(triples: list[ox.Triple], format: Format[ox.RdfFormat], tag: str) -> Response:
    body = rdf_written.written(triples, format.engine, PREFIXES if format.name in ("turtle", "trig") else None)
    return answers.compressed(body, format.content_type, tag)


@lru_cache(maxsize=8)  # the address is what a client says that the host is called
def _fixed(endpoint: str) -> tuple[ox.Triple, ...]:
    quads = ox.parse((FOLDER / "service.ttl").read_bytes(), ox.RdfFormat.TURTLE, base_iri=endpoint)
    return tuple(quad.triple for quad in quads)


def _service_triples(endpoint: str, release: Release, settings: Settings) -> list[ox.Triple]:
    this, data = endpoint + "#service", endpoint + "#dataset"
    triples = list(_fixed(endpoint))

    def say(subject: str, predicate: str, value: Object) -> None:
        triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value))

    for iri in [f.iri for f in RESULT_FORMATS.values()] + [f.iri for f in RDF_FORMATS.values()]:
        say(this, SD.resultFormat, ox.NamedNode(iri))
    if settings.service_allow:
        say(this, SD.feature, ox.NamedNode(SD.BasicFederatedQuery))
    say(this, DCTERMS.hasVersion, ox.Literal(release.id))
    say(this, RDFS.seeAlso, ox.NamedNode(endpoint.removesuffix("sparql") + "openapi.json"))  # the pages' own interface
    if settings.store is not None:
        for language, text in ELSEWHERE.items():
            say(this, RDFS.comment, ox.Literal(text, language=language))
    say(endpoint + "#default-graph", VOID.triples, _integer(release.default_graph_triples))
    for number, (name, count) in enumerate(sorted(release.graphs.items()), 1):
        entry, graph = f"{endpoint}#named-graph-{number}", f"{endpoint}#graph-{number}"
        say(data, SD.namedGraph, ox.NamedNode(entry))
        say(entry, RDF.type, ox.NamedNode(SD.NamedGraph))
        say(entry, SD.name, ox.NamedNode(name))
        say(entry, SD.graph, ox.NamedNode(graph))
        say(graph, RDF.type, ox.NamedNode(SD.Graph))
        say(graph, VOID.triples, _integer(count))
    for name, value, unit in (
        ("deadline", settings.deadline, "s"),
        ("result size", settings.result_cap, "bytes"),
        ("query length", settings.max_query, "bytes"),
        ("memory", settings.memory, "bytes"),
        ("nesting", settings.max_depth, "levels"),
        ("tokens", settings.max_tokens, "tokens"),
        ("operators in a row", settings.max_operators, "operators"),
        ("signs in a row", settings.max_prefix_run, "signs"),
        ("requests of one client at once", settings.per_client, "requests"),
    ):
        limit = f"{endpoint}#limit-{name.replace(' ', '-')}"
        say(this, SDO.additionalProperty, ox.NamedNode(limit))
        say(limit, RDF.type, ox.NamedNode(SDO.PropertyValue))
        say(limit, SDO.name, ox.Literal(name, language="en"))
        say(limit, SDO.maxValue, _number(value))
        say(limit, SDO.unitText, ox.Literal(unit))
    return triples


def _number(value: float) -> ox.Literal:
    """Return an integer, or a decimal where the value is none: a deadline may be a part of a second."""
    if value == int(value):
        return _integer(int(value))
    return ox.Literal(f"{value:f}".rstrip("0"), datatype=ox.NamedNode(XSD.decimal))


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD.integer))

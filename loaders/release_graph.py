"""The graph ``release``: the one place beside the manifest that knows the clock, written last.

Describes the release as a dataset of DCAT 3 (Dataset, Distribution, Data Service; versions by its §11). Its identifier
is its hash, which cannot cover this graph; the hash of the validation report, which it can state, stands as
``spdx:checksum`` as DCAT 3 has it for distributions.
"""

from datetime import UTC, datetime

import pyoxigraph as ox
from rdflib import Namespace
from rdflib.namespace import DCTERMS, RDF, RDFS, XSD

from msevidence.ontology.iris import Kind, graph_iri, mint

DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own is of DCAT 2, which has no versions
SPDX = Namespace("http://spdx.org/rdf/terms#")
MEDIA_TYPES = Namespace("https://www.iana.org/assignments/media-types/")

TITLE = {
    "en": "Evidence on stem-cell treatment for multiple sclerosis",
    "nb": "Kunnskapsgrunnlag om stamcellebehandling ved multippel sklerose",
}
DESCRIPTION = {
    "en": "One validated version of the graph. Its identifier is the SHA-256 of the sorted quads of all other graphs.",
    "nb": "Én validert versjon av grafen. Identifikatoren er SHA-256 av alle andre grafers sorterte kvadrupler.",
}
RIGHTS = {
    "en": "Each source keeps its own rights, which stand in the graph “meta”.",
    "nb": "Hver kilde beholder sine egne rettigheter, som står i grafen «meta».",
}
ENDPOINT = {"en": "SPARQL endpoint", "nb": "SPARQL-endepunkt"}
SPARQL_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


def timestamp(built: datetime) -> str:
    """Return a moment in the lexical form that the store keeps: UTC, whole seconds.

    Raises ValueError when ``built`` has no time zone.
    """
    if built.tzinfo is None:
        raise ValueError("the build time needs a time zone")
    return built.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def release_quads(base: str, release: str, version: str, built: datetime, report_sha256: str) -> list[ox.Quad]:
    """Return the graph ``release`` of the release with id ``release``, whose validation report has that hash."""
    graph = ox.NamedNode(graph_iri("release", base=base))
    this = mint(Kind.RELEASE, release, base=base)
    dataset = mint(Kind.DATASET, "msevidence", base=base)
    service = mint(Kind.SERVICE, "sparql", base=base)
    checksum = mint(Kind.CHECKSUM, f"{release}.validation", base=base)
    dump = mint(Kind.DISTRIBUTION, f"{release}.data", base=base)
    report = mint(Kind.DISTRIBUTION, f"{release}.validation", base=base)
    iri = ox.NamedNode
    statements: list[tuple[str, str, list[ox.Literal] | list[ox.NamedNode]]] = [
        (dataset, RDF.type, [iri(DCAT.Dataset)]),
        (dataset, DCTERMS.title, _texts(TITLE)),
        (dataset, DCAT.hasCurrentVersion, [iri(this)]),
        (this, RDF.type, [iri(DCAT.Dataset)]),
        (this, DCTERMS.title, _texts(TITLE)),
        (this, RDFS.label, _texts({"en": f"Release {release[:12]}", "nb": f"Utgivelse {release[:12]}"})),
        (this, DCTERMS.description, _texts(DESCRIPTION)),
        (this, DCTERMS.identifier, [ox.Literal(release)]),
        (this, DCTERMS.issued, [ox.Literal(timestamp(built), datatype=iri(XSD.dateTime))]),
        (this, DCTERMS.rights, _texts(RIGHTS)),
        (this, DCAT.version, [ox.Literal(version)]),
        (this, DCAT.isVersionOf, [iri(dataset)]),
        (this, DCAT.distribution, [iri(dump), iri(report)]),
        *_distribution(dump, f"{base}releases/{release}/data.nq", "application/n-quads"),
        *_distribution(report, f"{base}releases/{release}/validation.ttl", "text/turtle"),
        (report, SPDX.checksum, [iri(checksum)]),
        (checksum, RDF.type, [iri(SPDX.Checksum)]),
        (checksum, SPDX.algorithm, [iri(SPDX.checksumAlgorithm_sha256)]),
        (checksum, SPDX.checksumValue, [ox.Literal(report_sha256, datatype=iri(XSD.hexBinary))]),
        (service, RDF.type, [iri(DCAT.DataService)]),
        (service, DCTERMS.title, _texts(ENDPOINT)),
        (service, DCAT.endpointURL, [iri(f"{base}sparql")]),
        (service, DCAT.servesDataset, [iri(dataset)]),
        (service, DCTERMS.conformsTo, [iri(SPARQL_PROTOCOL)]),
    ]
    return [ox.Quad(iri(s), iri(p), value, graph) for s, p, values in statements for value in values]


def _distribution(node: str, address: str, media_type: str) -> list[tuple[str, str, list[ox.NamedNode]]]:
    return [
        (node, RDF.type, [ox.NamedNode(DCAT.Distribution)]),
        (node, DCAT.mediaType, [ox.NamedNode(MEDIA_TYPES[media_type])]),
        (node, DCAT.accessURL, [ox.NamedNode(address)]),
        (node, DCAT.downloadURL, [ox.NamedNode(address)]),
    ]


def _texts(by_language: dict[str, str]) -> list[ox.Literal]:
    return [ox.Literal(text, language=language) for language, text in by_language.items()]

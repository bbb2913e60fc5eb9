"""A claim as a nanopublication: head, assertion, provenance and publication information, four graphs.

By the guidelines of https://nanopub.net/guidelines: the head names the three others and holds nothing else; the
provenance is about the assertion, the publication information about the nanopublication. What is made here is a view
of one release: it has no trusty URI and no signature, and is not sent to the network of nanopublications.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server.labels import PREFIXES, RDF_TYPE, query
from msevidence.server.releases import Release
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

NP = "http://www.nanopub.org/nschema#"
WRITTEN = {**PREFIXES, "np": NP}
PARTS = ("assertion", "provenance", "publication-info")
"""The graphs beside the head, in the order in which they are read."""

_MSE, _DCTERMS, _PROV, _OA = PREFIXES["mse"], PREFIXES["dcterms"], PREFIXES["prov"], PREFIXES["oa"]
_HOW_STATED = frozenset(
    [_MSE + name for name in ("statedIn", "inDocument", "hasPointer", "citesCommunication", "support", "note")]
    + [_MSE + name for name in ("statesNumber", "statesNumberInWords")]
    + [_OA + "start", _OA + "end"]
)
"""Of a claim, where and how it is stated: provenance, not what is asserted."""
_OF_REVIEW = frozenset([PREFIXES["sepio"] + "0000006"])
"""Of a claim, what a review made of it: neither its authors' assertion nor where that comes from."""
_RIGHTS = (_DCTERMS + "license", _DCTERMS + "rights")


@dataclass(frozen=True, slots=True)
class Nanopublication:
    """The four graphs of a claim."""

    iri: str
    head: Sequence[ox.Triple]
    assertion: Sequence[ox.Triple]
    provenance: Sequence[ox.Triple]
    publication_info: Sequence[ox.Triple]

    def graph(self, part: str) -> ox.NamedNode:
        """Return the name of a graph: ``head`` or one of :data:`PARTS`."""
        return _graph(self.iri, part)

    def triples(self, part: str) -> Sequence[ox.Triple]:
        """Return the triples of a graph."""
        return {
            "head": self.head,
            "assertion": self.assertion,
            "provenance": self.provenance,
            "publication-info": self.publication_info,
        }[part]

    def quads(self, *parts: str) -> list[ox.Quad]:
        """Return some of the graphs, or all four, as quads."""
        return [
            ox.Quad(triple.subject, triple.predicate, triple.object, self.graph(part))
            for part in parts or ("head", *PARTS)
            for triple in self.triples(part)
        ]

    def trig(self, *parts: str) -> str:
        """Write some of the graphs, or all four, as TriG with the prefixes that they use."""
        quads = self.quads(*parts)
        names = [node.value for quad in quads for node in quad if isinstance(node, ox.NamedNode)]
        names += [quad.object.datatype.value for quad in quads if isinstance(quad.object, ox.Literal)]
        known = {**WRITTEN, "this": f"{self.iri}-"}
        used = {key: space for key, space in known.items() if any(name.startswith(space) for name in names)}
        return (ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=used) or b"").decode()


def nanopublication(lane: PageLane, claim: str) -> Nanopublication:
    """Make the nanopublication of a claim from the release that this worker reads."""
    return made(lane.select(query("nanopublication"), {"resource": ox.NamedNode(claim)}), claim, lane.release)


def made(rows: Iterable[Mapping[str, Term]], claim: str, release: Release) -> Nanopublication:
    """Make a nanopublication of the rows of ``nanopublication.rq``.

    Its IRI, and those of its graphs, are fragments of the claim's, so that they lead to the page that shows them.
    """
    iri = f"{claim}#nanopublication"
    subject, assertion = ox.NamedNode(claim), _graph(iri, "assertion")
    asserted: set[ox.Triple] = set()
    sources: set[ox.Triple] = set()
    rights: set[ox.Triple] = set()
    for row in rows:
        part, property_iri, value = row["part"], row["property"], row["value"]
        assert isinstance(part, ox.Literal) and isinstance(property_iri, ox.NamedNode)
        about = row["subject"]
        assert isinstance(about, ox.NamedNode)
        triple = ox.Triple(about, property_iri, value)
        if part.value != "claim" or property_iri.value in _HOW_STATED:
            sources.add(triple)
        elif property_iri.value not in _OF_REVIEW:
            asserted.add(triple)
        if part.value == "claim":
            sources |= _drawn_from(assertion, property_iri, value)
            graph = row["graph"]
            assert isinstance(graph, ox.NamedNode)
            if property_iri.value not in _OF_REVIEW:
                rights.add(ox.Triple(ox.NamedNode(iri), ox.NamedNode(_PROV + "wasDerivedFrom"), graph))
        elif part.value == "document" and property_iri.value == _DCTERMS + "creator":
            sources.add(ox.Triple(assertion, ox.NamedNode(_PROV + "wasAttributedTo"), value))
        elif part.value == "document" and property_iri.value in _RIGHTS:
            rights.add(ox.Triple(ox.NamedNode(iri), property_iri, value))
        elif part.value == "activity":
            sources.add(ox.Triple(assertion, ox.NamedNode(_PROV + "wasGeneratedBy"), about))
    info = rights | set(_publication(iri, subject, release))
    return Nanopublication(iri, _head(iri), _sorted(asserted), _sorted(sources), _sorted(info))


def _graph(iri: str, part: str) -> ox.NamedNode:
    return ox.NamedNode(f"{iri}-{part}")


def _drawn_from(assertion: ox.NamedNode, property_iri: ox.NamedNode, value: Term) -> set[ox.Triple]:
    """Return what ties an assertion to the passage that it was quoted from, and the document."""
    if property_iri.value == _MSE + "statedIn":
        return {ox.Triple(assertion, ox.NamedNode(_PROV + "wasQuotedFrom"), value)}
    if property_iri.value == _MSE + "inDocument":
        return {ox.Triple(assertion, ox.NamedNode(_PROV + "hadPrimarySource"), value)}
    return set()


def _head(iri: str) -> list[ox.Triple]:
    np = ox.NamedNode(iri)
    properties = ("hasAssertion", "hasProvenance", "hasPublicationInfo")
    named = [ox.Triple(np, ox.NamedNode(NP + p), _graph(iri, part)) for p, part in zip(properties, PARTS, strict=True)]
    return [ox.Triple(np, ox.NamedNode(RDF_TYPE), ox.NamedNode(NP + "Nanopublication")), *named]


def _publication(iri: str, claim: ox.NamedNode, release: Release) -> Iterable[ox.Triple]:
    """Yield when, by what and from which release the nanopublication was made."""
    np, software = ox.NamedNode(iri), ox.NamedNode(f"{iri}-software")
    in_release = ox.NamedNode(f"{release.base}release/{release.id}")
    built = ox.Literal(release.built, datatype=ox.NamedNode(PREFIXES["xsd"] + "dateTime"))
    yield ox.Triple(np, ox.NamedNode(_DCTERMS + "created"), built)
    yield ox.Triple(np, ox.NamedNode(_DCTERMS + "creator"), software)
    yield ox.Triple(np, ox.NamedNode(_DCTERMS + "isPartOf"), in_release)
    yield ox.Triple(np, ox.NamedNode(_DCTERMS + "subject"), claim)
    yield ox.Triple(software, ox.NamedNode(RDF_TYPE), ox.NamedNode(_PROV + "SoftwareAgent"))
    name = ox.Literal(f"msevidence {release.version}")
    yield ox.Triple(software, ox.NamedNode(PREFIXES["foaf"] + "name"), name)
    yield ox.Triple(software, ox.NamedNode(_MSE + "version"), ox.Literal(release.version))


def _sorted(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    return sorted(triples, key=lambda one: (str(one.subject), str(one.predicate) != f"<{RDF_TYPE}>", str(one)))

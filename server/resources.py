"""Resources of the graph at their own addresses: from a local path to an IRI and back, and a resource as data.

An IRI ``<base><kind>/<key>`` answers at the path ``/<kind>/<key>``; the base of the data need not be the server's
address. Data: what is said of the resource, all that points to it, and the labels of both; ``.trig`` and ``.nq`` have
it by named graph. See "Cool URIs for the Semantic Web" (https://www.w3.org/TR/cooluris/), 303 URIs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.ontology.iris import BASE, Kind
from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server import rdf_written
from msevidence.server.errors import NotFound, Words
from msevidence.server.formats import RDF_FORMATS, Format
from msevidence.server.labels import PREFIXES, query
from msevidence.server.releases import Release
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

HTML = "html"
# What a path made from an IRI may hold: no empty part, so that no link begins with `//` and names another host.
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_BY_SUFFIX = {f.suffix: f for f in RDF_FORMATS.values()}
TABULAR = ("csv", "json", "svg")
"""Suffixes of the tables and the figure of a resource's page (``pages_resource``)."""
REFERENCES = ("ris", "bib", "csl.json")
"""Suffixes of the files for reference managers, of what there is one of (``bibliography_files``)."""
_OF_QUADS = frozenset(("trig", "nq"))
# The prefixes of the files: those of pages, without those that nothing here uses in Turtle.
WRITTEN = {name: iri for name, iri in PREFIXES.items() if name not in ("adms", "void")}


@dataclass(frozen=True, slots=True)
class Address:
    """A path without its suffix, and that: of RDF, of TABULAR, ``html``, or empty where the client is to be asked."""

    path: str
    suffix: str = ""

    @property
    def format(self) -> Format[ox.RdfFormat]:
        """The format that the suffix of a file of RDF names."""
        return _BY_SUFFIX[self.suffix]


def address(path: str) -> Address:
    """Split a path at the suffix of a file, if it has one.

    >>> address("study/mist.ttl"), address("ontology/0.1.0")
    (Address(path='study/mist', suffix='ttl'), Address(path='ontology/0.1.0', suffix=''))
    >>> address("study/mist.csl.json")
    Address(path='study/mist', suffix='csl.json')
    """
    for suffix in REFERENCES:
        if path.endswith(f".{suffix}") and (stem := path.removesuffix(f".{suffix}")):
            return Address(stem, suffix)
    stem, _, suffix = path.rpartition(".")
    if stem and (suffix == HTML or suffix in TABULAR or suffix in _BY_SUFFIX):
        return Address(stem, suffix)
    return Address(path)


def find(lane: PageLane, path: str) -> str:
    """Return the IRI of the resource at a path.

    Raises:
        NotFound: the release has nothing there; says what was looked for.
    """
    bases = (lane.release.base,) if lane.release.base == BASE else (lane.release.base, BASE)
    looked_for = [base + path for base in bases]
    if _PATH.fullmatch(path):
        for iri in looked_for:
            node = ox.NamedNode(iri)
            if lane.ask(query("exists"), {"resource": node}):
                return iri
            if path.startswith(f"{Kind.DATATYPE}/") and {"datatype": node} in lane.select(query("datatypes")):
                return iri
    names = ", ".join(f"<{iri[:300]}>" for iri in looked_for)
    release = f"{lane.release.id[:12]} ({lane.release.version})"
    said = Words(
        f"There is no resource {names} in release {release}.",
        f"Det finnes ingen ressurs {names} i utgivelse {release}.",
    )
    raise NotFound(said, looked_for=names)


def local_path(iri: str, release: Release) -> str | None:
    """Return the path, with its fragment, where an IRI answers on this server; None where it is not ours."""
    for base in dict.fromkeys((release.base, BASE)):
        if iri.startswith(base):
            path, _, fragment = iri.removeprefix(base).partition("#")
            if _PATH.fullmatch(path) and (not fragment or _PATH.fullmatch(fragment)):
                return f"{path}#{fragment}" if fragment else path
    return None


def data(lane: PageLane, iri: str, format: Format[ox.RdfFormat]) -> bytes:
    """Return a resource as data, whole: nothing is left out for its size.

    Raises:
        errors.Problem: as ``PageLane.construct``.
    """
    prefixes = WRITTEN if format.name in ("turtle", "trig", "rdfxml") else None
    if format.name in _OF_QUADS:
        return rdf_written.written(_quads(lane, iri), format.engine, prefixes)
    return rdf_written.written(_triples(lane, iri), format.engine, prefixes)


def _triples(lane: PageLane, iri: str) -> Iterable[ox.Triple]:
    """Return a resource from the default graph; of a named graph, also what it states."""
    bound = {"resource": ox.NamedNode(iri)}
    if iri == ONTOLOGY:
        return lane.construct(query("ontology"), bound)
    described = lane.construct(query("describe"), bound)
    return described + lane.construct(query("graph"), bound) if iri in lane.release.graphs else described


def _quads(lane: PageLane, iri: str) -> Iterable[ox.Quad]:
    """Return the same from the named graphs: asked of all at once, since a release may have thousands of them."""
    node = ox.NamedNode(iri)
    bound = {"resource": node}
    if iri in lane.release.graphs:
        for triple in lane.construct(query("graph"), bound):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, node)
    for row in lane.select(query("ontology_in_graphs" if iri == ONTOLOGY else "describe_in_graphs"), bound):
        graph = row["graph"]
        if isinstance(graph, ox.NamedNode) and graph.value in lane.release.graphs:  # a store elsewhere may have others
            yield _quad(row.get("s", node), row["p"], row.get("o", node), graph)


def _quad(subject: Term, predicate: Term, value: Term, graph: ox.NamedNode) -> ox.Quad:
    assert isinstance(subject, ox.NamedNode | ox.BlankNode) and isinstance(predicate, ox.NamedNode)
    return ox.Quad(subject, predicate, value, graph)

"""The release, or a part of it, as RDF: TriG and N-Quads with named graphs, Turtle, JSON-LD and RDF/XML of their merge.

N-Quads are canonical: without blank nodes the canonical form of RDF Dataset Canonicalization
(https://www.w3.org/TR/rdf-canon/) is the sorted canonical N-Quads. The default graph, in which a release repeats all
statements, is left out of every format. Texts that may not be passed on are withheld (:mod:`rdf_rights`), and the
files say so: as statements in every format, in a comment at the head where the format has comments, and in a README.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import takewhile

import pyoxigraph as ox

from msevidence.server.exports import rdf_jsonld, rdf_xml
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.rdf_package import CONTEXT, package, said
from msevidence.server.exports.rdf_part import part
from msevidence.server.exports.rdf_rights import Copy, copy
from msevidence.server.exports.rights import rights
from msevidence.server.labels import PREFIXES, RDF_TYPE

_GRAPHS, _MERGE = "rdf-quads", "rdf-merge"


def write_nquads(handover: Handover) -> Files:
    """Write canonical N-Quads; they have no comments, so that what is said of the file is in the README."""
    made = statements(handover)
    lines = sorted(_serialised(made.quads, ox.RdfFormat.N_QUADS).splitlines(keepends=True))
    main = {f"{handover.stem}.nq": b"".join(lines)}
    return package(handover, main, made.withheld, len(made.quads), _GRAPHS)


def write_trig(handover: Handover) -> Files:
    """Write TriG, graph by graph."""
    made = statements(handover)
    quads = sorted(made.quads, key=lambda quad: (str(quad.graph_name), *_place(quad.triple)))
    body = _turtle(quads, ox.RdfFormat.TRIG, handover.release.base)
    main = {f"{handover.stem}.trig": _commented(handover, made, len(quads), _GRAPHS) + body}
    return package(handover, main, made.withheld, len(quads), _GRAPHS)


def write_turtle(handover: Handover) -> Files:
    """Write Turtle of the merge."""
    made = statements(handover)
    triples = merged(made)
    body = _turtle(triples, ox.RdfFormat.TURTLE, handover.release.base)
    main = {f"{handover.stem}.ttl": _commented(handover, made, len(triples), _MERGE) + body}
    return package(handover, main, made.withheld, len(triples), _MERGE)


def write_jsonld(handover: Handover) -> Files:
    """Write JSON-LD of the merge with its context, and the context alone."""
    made = statements(handover)
    triples = merged(made)
    main = {f"{handover.stem}.jsonld": rdf_jsonld.write(triples), CONTEXT: rdf_jsonld.write_context(triples)}
    return package(handover, main, made.withheld, len(triples), _MERGE)


def write_rdfxml(handover: Handover) -> Files:
    """Write RDF/XML of the merge.

    Raises:
        ExportError: a statement can not be written in it.
    """
    made = statements(handover)
    triples = merged(made)
    comment = said(handover, made.withheld, len(triples), _MERGE)
    main = {f"{handover.stem}.rdf": rdf_xml.write(triples, comment)}
    return package(handover, main, made.withheld, len(triples), _MERGE)


def statements(handover: Handover) -> Copy:
    """Return the quads of the named graphs that are handed over, without what may not be passed on."""
    quads = _whole(handover) if handover.scope.whole else part(handover.lane, handover.scope)
    return copy(quads, rights(handover.lane, handover.labels))


def merged(made: Copy) -> list[ox.Triple]:
    """Return the merge of the graphs: each triple once, sorted."""
    return sorted({quad.triple for quad in made.quads}, key=_place)


def _whole(handover: Handover) -> list[ox.Quad]:
    data = ox.parse(path=str(handover.file("data.nq")), format=ox.RdfFormat.N_QUADS)
    return [quad for quad in data if not isinstance(quad.graph_name, ox.DefaultGraph)]


def _place(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """Return where a triple stands: by its subject, whose class comes first."""
    return str(triple.subject), triple.predicate.value != RDF_TYPE, triple.predicate.value, str(triple.object)


def _turtle(statements: Sequence[ox.Quad] | Sequence[ox.Triple], format: ox.RdfFormat, base: str) -> bytes:
    """Serialise statements; the engine writes the prefixes in an order of chance, so that they are sorted here."""
    lines = _serialised(statements, format, base).splitlines(keepends=True)
    head = list(takewhile(lambda line: line.startswith(b"@"), lines))
    return b"".join([*sorted(head), *lines[len(head) :]])


def _serialised(
    statements: Sequence[ox.Quad] | Sequence[ox.Triple], format: ox.RdfFormat, base: str | None = None
) -> bytes:
    output = BytesIO()
    ox.serialize(statements, output, format, prefixes=dict(PREFIXES) if base else None, base_iri=base)
    return output.getvalue()


def _commented(handover: Handover, made: Copy, count: int, what: str) -> bytes:
    return "".join(f"# {line}\n" for line in said(handover, made.withheld, count, what)).encode()

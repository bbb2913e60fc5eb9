"""The formats that results are written in: name, media type, engine, file suffix.

SELECT and ASK: https://www.w3.org/TR/sparql11-results-json/, rdf-sparql-XMLres, sparql11-results-csv-tsv.
CONSTRUCT and DESCRIBE: the RDF 1.1 syntaxes. The first of each table is the default. ASK has no CSV or TSV form in
the Recommendation; the engine writes `true` or `false` there, which clients that ask for it accept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Generic, TypeVar

import pyoxigraph as ox

FORMATS = "http://www.w3.org/ns/formats/"
Engine = TypeVar("Engine", ox.QueryResultsFormat, ox.RdfFormat)


@dataclass(frozen=True, slots=True)
class Format(Generic[Engine]):
    """One serialisation."""

    name: str
    media_type: str
    engine: Engine
    suffix: str
    aliases: tuple[str, ...] = ()
    """Further media types that ask for it, among them those that a browser or an old client sends."""

    @property
    def content_type(self) -> str:
        """Media type with the charset where the type has that parameter."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    @property
    def iri(self) -> str:
        """The format's name in https://www.w3.org/ns/formats/, whose JSON-LD the engine calls otherwise."""
        return FORMATS + "JSON-LD" if self.name == "jsonld" else self.engine.iri


_R = ox.QueryResultsFormat
_F = ox.RdfFormat

RESULT_FORMATS: dict[str, Format[ox.QueryResultsFormat]] = {
    f.name: f
    for f in (
        Format("json", "application/sparql-results+json", _R.JSON, "srj", ("application/json",)),
        Format("xml", "application/sparql-results+xml", _R.XML, "srx", ("application/xml", "text/xml")),
        Format("csv", "text/csv", _R.CSV, "csv"),
        Format("tsv", "text/tab-separated-values", _R.TSV, "tsv"),
    )
}
RDF_FORMATS: dict[str, Format[ox.RdfFormat]] = {
    f.name: f
    for f in (
        Format("turtle", "text/turtle", _F.TURTLE, "ttl", ("application/x-turtle",)),
        Format("nt", "application/n-triples", _F.N_TRIPLES, "nt", ("text/plain",)),
        Format("jsonld", "application/ld+json", _F.JSON_LD, "jsonld", ("application/json",)),
        Format("rdfxml", "application/rdf+xml", _F.RDF_XML, "rdf", ("application/xml", "text/xml")),
        Format("trig", "application/trig", _F.TRIG, "trig"),
        Format("nq", "application/n-quads", _F.N_QUADS, "nq"),
    )
}
_OF_FILES = {
    ".nq": "application/n-quads",
    ".ttl": "text/turtle",
    ".rq": "application/sparql-query",
    ".json": "application/json",
}


def file_type(name: str) -> str:
    """Return the media type of a file of a release.

    >>> file_type("data.nq"), file_type("ontology/core.ttl")
    ('application/n-quads', 'text/turtle')
    """
    return _OF_FILES.get(PurePath(name).suffix, "application/octet-stream")

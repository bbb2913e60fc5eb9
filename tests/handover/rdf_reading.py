"""Statements read back by two libraries that did not write them, in one form to compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.term import Node

Term = str | tuple[str, str, str]
Row = tuple[Term, ...]
SYNTAXES = {
    "nquads": (ox.RdfFormat.N_QUADS, "nquads"),
    "trig": (ox.RdfFormat.TRIG, "trig"),
    "turtle": (ox.RdfFormat.TURTLE, "turtle"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdfxml": (ox.RdfFormat.RDF_XML, "xml"),
}
GRAPHS = ("nquads", "trig")
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def read_by_pyoxigraph(name: str, content: bytes) -> list[Row]:
    """Return what a file says, quad by quad, or triple by triple where the syntax has no graphs."""
    read = ox.parse(content, format=SYNTAXES[name][0])
    return [row(quad if name in GRAPHS else quad.triple) for quad in read]


def read_by_rdflib(name: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Return the same by rdflib, with lexical forms as they stand, and without a network."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    refused: Callable[..., Any] = lambda *a, **k: pytest.fail("a file is fetched from elsewhere")  # noqa: E731
    monkeypatch.setattr("socket.socket.connect", refused)
    if name in GRAPHS:
        dataset = rdflib.Dataset().parse(data=content, format=SYNTAXES[name][1])
        return [tuple(map(_of_rdflib, quad)) for quad in rdflib.Dataset.quads(dataset)]  # type: ignore[arg-type]
    graph = rdflib.Graph().parse(data=content, format=SYNTAXES[name][1])
    return [tuple(map(_of_rdflib, triple)) for triple in graph]


def row(statement: ox.Quad | ox.Triple) -> Row:
    """Return a statement of pyoxigraph's in the form to compare."""
    return tuple(map(_of_pyoxigraph, statement))


def rows(statements: Iterable[ox.Quad | ox.Triple]) -> set[Row]:
    """Return statements of pyoxigraph's in the form to compare."""
    return {row(statement) for statement in statements}


def _of_pyoxigraph(term: object) -> Term:
    if isinstance(term, ox.Literal):
        kind = "" if term.language or term.datatype.value == _STRING else term.datatype.value
        return term.value, (term.language or "").lower(), kind
    assert isinstance(term, ox.NamedNode), f"{term} is no IRI: nothing that is published is a blank node"
    return term.value


def _of_rdflib(term: Node | None) -> Term:
    if isinstance(term, rdflib.Literal):
        kind = "" if term.datatype is None or str(term.datatype) == _STRING else str(term.datatype)
        return str(term), (term.language or "").lower(), kind
    assert isinstance(term, rdflib.URIRef), f"{term!r} is no IRI"
    return str(term)

"""Trusty URIs of RDF graphs: an IRI that holds the hash of what it names, so that nobody can change it unseen.

Kuhn & Dumontier, "Trusty URIs" (https://doi.org/10.1007/978-3-319-07443-6_27); module RA of
https://trustyuri.net/spec/. The statements are written a term a line, with a blank where the code will stand, sorted,
and hashed with SHA-256; the code is ``RA`` and the hash in base64url. There must be no blank nodes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

MODULE = "RA"
PLACEHOLDER = " "
"""What stands for the code in an IRI while the code is not known; no IRI can hold it."""
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Statement = tuple[str, str, str, str | ox.Literal]
"""Graph, subject, predicate, object: IRIs with :data:`PLACEHOLDER` where the code belongs, or a literal."""


def normalised(statements: Iterable[Statement]) -> str:
    """Return the text that is hashed, and signed, for these statements."""
    return "".join("".join(map(_line, one)) for one in sorted(set(statements), key=_order))


def code(statements: Iterable[Statement]) -> str:
    """Return the artefact code of these statements: 45 characters."""
    digest = hashlib.sha256(normalised(statements).encode()).digest()
    return MODULE + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def statement(quad: ox.Quad) -> Statement:
    """Return a quad as a statement.

    Raises:
        ValueError: it has a blank node, a quoted triple, or no graph.
    """
    graph, subject, value = quad.graph_name, quad.subject, quad.object
    if not isinstance(graph, ox.NamedNode) or not isinstance(subject, ox.NamedNode):
        raise ValueError(f"{quad}: only named things in named graphs can be hashed")
    if isinstance(value, ox.NamedNode):
        return graph.value, subject.value, quad.predicate.value, value.value
    if not isinstance(value, ox.Literal):
        raise ValueError(f"{quad}: only named things and literals can be hashed")
    return graph.value, subject.value, quad.predicate.value, value


def _line(term: str | ox.Literal) -> str:
    if isinstance(term, str):
        return f"{term}\n"
    escaped = term.value.replace("\\", "\\\\").replace("\n", "\\n")
    tag = f"@{term.language.lower()}" if term.language else f"^{term.datatype.value}"
    return f"{tag} {escaped}\n"


def _order(one: Statement) -> tuple[bytes, bytes, bytes, bool, bytes, str, str]:
    """Sort by graph, subject, predicate; then IRIs before literals, and these by value, datatype and language."""
    graph, subject, predicate, value = one
    first = (graph.encode(), subject.encode(), predicate.encode())
    if isinstance(value, str):
        return (*first, False, value.encode(), "", "")
    datatype = "" if value.language else value.datatype.value
    return (*first, True, value.value.encode(), datatype, value.language or "")

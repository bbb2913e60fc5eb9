"""Statements written straight as lines of N-Quads: what makes loading fast.

Objects for each term, put into a store and written from it, cost several times as much, as the benchmark says
(``python -m tests.bench.loading``); the text is parsed strictly by the store afterwards. Terms come from
:mod:`~msevidence.ontology.namespaces`: a misspelt one fails.
"""

import re
from functools import cache
from typing import Final

import pyoxigraph as ox
from rdflib import URIRef

from msevidence.loaders.exports.faults import RecordError

_SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff]')
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_BAD_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`\ud800-\udfff]')
XSD = "http://www.w3.org/2001/XMLSchema#"
_DATES = {4: f'"^^<{XSD}gYear>', 7: f'"^^<{XSD}gYearMonth>', 10: f'"^^<{XSD}date>'}
TRUE, FALSE = (f'"{word}"^^<{XSD}boolean>' for word in ("true", "false"))


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\0" or "\ud800" <= character <= "\udfff":
        raise RecordError("holds a character that no text may hold (NUL or half a pair); export the file again")
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def string(text: str) -> str:
    """Return a plain string as N-Quads has it.

    Raises RecordError for NUL and lone surrogates, which RDF literals cannot hold.

    >>> print(string('a "b"'))
    "a \\"b\\""
    """
    # What can be printed and is no quotation mark needs no escape: said faster than the pattern does.
    if (text.isprintable() and '"' not in text and "\\" not in text) or _SPECIAL.search(text) is None:
        return f'"{text}"'
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def tagged(text: str, language: str) -> str:
    """Return a string with its language; one that is no BCP 47 tag is ``und``, undetermined."""
    return f"{string(text)}@{language if _LANGUAGE.fullmatch(language) else 'und'}"


def integer(value: int) -> str:
    return f'"{value}"^^<{XSD}integer>'


def boolean(value: bool) -> str:
    return TRUE if value else FALSE


def date(value: str) -> str:
    """Return ``2024``, ``2024-05`` or ``2024-05-31`` as a literal of its type."""
    return f'"{value}{_DATES[len(value)]}'


def web_address(text: str) -> str | None:
    """Return an http address as a literal, ``None`` for anything else (``javascript:`` and such are no links)."""
    if not text.startswith(("http://", "https://")) or _BAD_IRI.search(text):
        return None
    try:
        ox.NamedNode(text)  # RFC 3987 has more rules: http://[::1 would end the reading of the whole file later
    except ValueError:
        return None
    return f'"{text}"^^<{XSD}anyURI>'


@cache
def node(iri: str) -> str:
    """Return an IRI of ours or of a vocabulary in angle brackets; those of records are not kept (see ``data_node``)."""
    return f"<{iri}>"


def data_node(iri: URIRef) -> str:
    """Return the IRI of a thing of the data, which :func:`~msevidence.ontology.iris.mint` has checked."""
    return f"<{iri}>"


def statement(subject: str, predicate: URIRef, value: str) -> str:
    """Return ``subject predicate value`` without its graph, for statements that many records share."""
    return f"{subject} {node(predicate)} {value}"


class Block:
    """The statements of one record, as lines of N-Quads in one graph; each line once, where it was stated first."""

    __slots__ = ("_add", "_end", "_lines")

    def __init__(self, graph: URIRef) -> None:
        self._end = f" <{graph}> .\n"
        self._lines: list[str] = []  # without their ends, perhaps twice
        self._add = self._lines.append

    def add(self, subject: str, predicate: URIRef, value: str | None) -> None:
        """State ``subject predicate value``, terms as N-Quads has them; ``None`` states nothing."""
        if value is not None:
            self._add(f"{subject} {node(predicate)} {value}")

    def add_all(self, subject: str, predicate: URIRef, values: list[str]) -> None:
        """State each of several plain strings."""
        if values:
            start = f"{subject} {node(predicate)} "
            self._lines += [start + string(value) for value in values]

    def add_constant(self, statements: tuple[str, ...]) -> None:
        """State what :func:`statement` made."""
        self._lines += statements

    def encoded(self) -> bytes:
        """Return the lines in UTF-8."""
        if not self._lines:
            return b""
        return f"{self._end.join(dict.fromkeys(self._lines))}{self._end}".encode()

    def __len__(self) -> int:
        return len(set(self._lines))

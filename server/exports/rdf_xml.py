"""Statements as RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/).

Written here, since the engine's serialiser loses carriage returns, which XML readers take for line feeds, and writes
names and characters that XML does not have. What RDF/XML can not say is refused by name, never changed: a property
whose IRI does not end in an XML name, and characters that XML 1.0 does not allow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from msevidence.server.exports.handover import ExportError
from msevidence.server.labels import PREFIXES
from msevidence.server.words import Words

_RDF = PREFIXES["rdf"]
_STRING = PREFIXES["xsd"] + "string"
_LOCAL = re.compile(r"[^\W\d][\w.-]*\Z")
"""The end of an IRI that is an XML name without colon: a letter or underscore, then letters, digits and ``. - _``."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 §2.2 does not allow, not even as references."""


def write(triples: Sequence[ox.Triple], comment: Iterable[str]) -> bytes:
    """Write triples, sorted by subject, without blank nodes.

    Args:
        triples: what to write.
        comment: lines for the head of the file.

    Raises:
        ExportError: RDF/XML can not say a triple; the message names it, and formats that can.
    """
    names = _names({triple.predicate.value for triple in triples})
    namespaces = {prefix: namespace for prefix, namespace, _ in names.values()} | {"rdf": _RDF}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines += ["<!--", *(escape(line).replace("--", "- -") for line in comment), "-->"]
    lines.append("<rdf:RDF")
    lines += [f"  xmlns:{prefix}={quoteattr(iri)}" for prefix, iri in sorted(namespaces.items())]
    lines[-1] += ">"
    for subject, of in groupby(triples, key=lambda triple: triple.subject):
        assert isinstance(subject, ox.NamedNode)
        lines.append(f"  <rdf:Description rdf:about={quoteattr(subject.value)}>")
        lines += [f"    {_element(triple, names)}" for triple in of]
        lines.append("  </rdf:Description>")
    return "\n".join([*lines, "</rdf:RDF>", ""]).encode()


def _names(properties: Iterable[str]) -> Mapping[str, tuple[str, str, str]]:
    """Return prefix, namespace and local name of each property; a namespace without a usual prefix is numbered."""
    usual = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    made: dict[str, str] = {}
    found: dict[str, tuple[str, str, str]] = {}
    for iri in sorted(properties):
        known = next((ns for ns in usual if iri.startswith(ns) and _LOCAL.match(iri, len(ns))), None)
        namespace = known or _namespace(iri)
        prefix = usual.get(namespace) or made.setdefault(namespace, f"ns{len(made) + 1}")
        found[iri] = (prefix, namespace, iri.removeprefix(namespace))
    return found


def _namespace(iri: str) -> str:
    """Return an IRI without the name that it ends in, which begins after the last ``/``, ``#`` or ``:`` if it can."""
    start = max(iri.rfind(mark) for mark in "/#:") + 1
    while start < len(iri) and not _LOCAL.match(iri, start):
        start += 1
    if start == len(iri):
        raise ExportError(
            Words(
                f"RDF/XML can not write the property <{iri}>, which does not end in an XML name; take turtle or trig",
                f"RDF/XML kan ikke skrive egenskapen <{iri}>, som ikke ender på et XML-navn; velg turtle eller trig",
            )
        )
    return iri[:start]


def _element(triple: ox.Triple, names: Mapping[str, tuple[str, str, str]]) -> str:
    prefix, _, local = names[triple.predicate.value]
    name, value = f"{prefix}:{local}", triple.object
    if isinstance(value, ox.NamedNode):
        return f"<{name} rdf:resource={quoteattr(value.value)}/>"
    assert isinstance(value, ox.Literal)
    if bad := _NOT_IN_XML.search(value.value):
        sign, of = f"U+{ord(bad.group()):04X}", f"{triple.predicate}"
        raise ExportError(
            Words(
                f"RDF/XML can not write the character {sign}, which {of} of {triple.subject} has; take turtle or trig",
                f"RDF/XML kan ikke skrive tegnet {sign}, som {of} til {triple.subject} har; velg turtle eller trig",
            )
        )
    kind = ""
    if value.language:
        kind = f" xml:lang={quoteattr(value.language)}"
    elif value.datatype.value != _STRING:
        kind = f" rdf:datatype={quoteattr(value.datatype.value)}"
    return f"<{name}{kind}>{escape(value.value, {chr(13): '&#13;'})}</{name}>"

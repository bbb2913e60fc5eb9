"""Statements as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) that reads as JSON, with a context that is never remote.

Terms of ``mse:`` are plain keys (``@vocab``), those of other vocabularies have their prefix. A property whose values
are all IRIs, all of one datatype, or all texts with a language says so in the context, so that values are plain
strings, or texts by language. Lexical forms stay as they are: a number is a string, its datatype in the context.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from msevidence.server.labels import PREFIXES, RDF_TYPE, short

_MSE = PREFIXES["mse"]
_STRING = PREFIXES["xsd"] + "string"
_KEYWORDS: Mapping[str, str] = {"id": "@id", "type": "@type", "graph": "@graph"}
"""Aliases, so that keys need no quoting in the languages that read this."""


def write(triples: Sequence[ox.Triple]) -> bytes:
    """Write triples, sorted, without blank nodes, as one document with its context."""
    context = context_of(triples)
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        assert isinstance(triple.subject, ox.NamedNode)
        node = nodes.setdefault(triple.subject.value, {"id": triple.subject.value})
        _add(node, triple, context)
    return _json({"@context": context, "graph": list(nodes.values())})


def write_context(triples: Sequence[ox.Triple]) -> bytes:
    """Write the context alone, for others to use: ``{"@context": …}``."""
    return _json({"@context": context_of(triples)})


def context_of(triples: Iterable[ox.Triple]) -> dict[str, Any]:
    """Return the context for triples: the keywords, the prefixes and the properties that are used, and their values."""
    kinds: dict[str, set[str]] = {}
    names: set[str] = set()
    for triple in triples:
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode):
            names.add(triple.object.value)
        else:
            kinds.setdefault(triple.predicate.value, set()).add(_kind(triple.object))
            names |= {triple.predicate.value, _kind(triple.object)}
    used = {short(name).partition(":")[0] for name in names}
    prefixes = {prefix: iri for prefix, iri in sorted(PREFIXES.items()) if prefix in used and prefix != "mse"}
    properties: dict[str, Any] = {}
    for iri, of in sorted(kinds.items(), key=lambda item: _key(item[0])):
        if len(of) == 1 and (value := _coerced(next(iter(of)))):
            key = _key(iri)
            properties[key] = {"@id": iri, **value} if key == iri else value
    # A prefix that ends in no delimiter, as that of SEPIO does, must be named as one.
    declared = {prefix: {"@id": iri, "@prefix": True} for prefix, iri in prefixes.items()}
    return {"@version": 1.1, "@vocab": _MSE, **_KEYWORDS, **declared, **properties}


def _kind(value: object) -> str:
    """Return ``@id``, ``@language``, or a datatype."""
    if isinstance(value, ox.Literal):
        return "@language" if value.language else value.datatype.value
    return "@id"


def _coerced(kind: str) -> dict[str, str]:
    if kind == "@language":
        return {"@container": "@language"}
    return {} if kind == _STRING else {"@type": kind if kind == "@id" else _key(kind)}


def _key(iri: str) -> str:
    """Return what an IRI is called as a key, a class or a datatype."""
    local = iri.removeprefix(_MSE)
    if local != iri and local.isidentifier() and local not in _KEYWORDS and local not in PREFIXES:
        return local
    return iri if local != iri else short(iri)


def _add(node: dict[str, Any], triple: ox.Triple, context: Mapping[str, Any]) -> None:
    value = triple.object
    if triple.predicate.value == RDF_TYPE and isinstance(value, ox.NamedNode):
        node.setdefault("type", []).append(_key(value.value))
        return
    key = _key(triple.predicate.value)
    coerced = context.get(key, {})
    if coerced.get("@container") == "@language":
        assert isinstance(value, ox.Literal) and value.language
        _more(node.setdefault(key, {}), value.language, value.value)
    elif isinstance(value, ox.NamedNode):
        _more(node, key, value.value if "@type" in coerced else {"@id": value.value})
    elif isinstance(value, ox.Literal):
        plain = "@type" in coerced or (not value.language and value.datatype.value == _STRING)
        _more(node, key, value.value if plain else _expanded(value))


def _expanded(literal: ox.Literal) -> dict[str, str]:
    if literal.language:
        return {"@value": literal.value, "@language": literal.language}
    return {"@value": literal.value, "@type": _key(literal.datatype.value)}


def _more(node: dict[str, Any], key: str, value: object) -> None:
    """Add a value: one stands alone, several in a list."""
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

"""The shapes of a release as they are written: each with its text, the term that it is about, and what it says.

Shapes are not in the graph, for their blank nodes; a release keeps their files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from msevidence.server.labels import PREFIXES
from msevidence.server.releases import Release

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
SH = PREFIXES["sh"]
_BLOCK = re.compile(r"^(\w+:[\w.-]+) a sh:(?:Property|Node)Shape\b.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_PROPERTIES = frozenset(SH + name for name in ("path", "targetSubjectsOf", "targetObjectsOf"))
_PREFIX = re.compile(r"^@prefix (\w*): <([^>]*)> \.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of the release."""

    iri: str
    name: str
    """As its file writes it, such as ``msesh:Claim-claimText``."""
    file: str
    text: str
    """In Turtle, without the prefixes."""
    classes: frozenset[str]
    """What it looks at."""
    paths: frozenset[str]
    """The properties of its path, inverse ones and those of a longer path included, and those of its targets."""
    messages: dict[str, str]
    """What it says of what breaks it, by language."""


def shapes(release: Release) -> tuple[Shape, ...]:
    """Return the shapes of a release, in the order of their files; none where it keeps no such files."""
    return _read(release.path)


@lru_cache(maxsize=2)
def _read(path: Path) -> tuple[Shape, ...]:
    return tuple(shape for file in sorted((path / "ontology" / "shapes").glob("*.ttl")) for shape in _of_file(file))


def _of_file(file: Path) -> Iterator[Shape]:
    text = file.read_text(encoding="utf-8")
    prefixes = dict(_PREFIX.findall(text))
    triples: dict[ox.NamedNode | ox.BlankNode, list[tuple[str, Node]]] = {}
    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
        assert isinstance(quad.subject, ox.NamedNode | ox.BlankNode)
        triples.setdefault(quad.subject, []).append((quad.predicate.value, quad.object))
    for block in _BLOCK.finditer(text):
        prefix, _, local = block[1].partition(":")
        node = ox.NamedNode(prefixes[prefix] + local)
        said = triples.get(node, [])
        messages = {
            o.language: o.value for p, o in said if p == SH + "message" and isinstance(o, ox.Literal) and o.language
        }
        classes = frozenset(
            o.value for p, o in said if p in (SH + "targetClass", SH + "class") and isinstance(o, ox.NamedNode)
        )
        paths = frozenset(iri for p, o in said if p in _PROPERTIES for iri in _named(o, triples))
        yield Shape(node.value, block[1], file.name, block[0].strip(), classes, paths, messages)


def _named(node: Node, triples: dict[ox.NamedNode | ox.BlankNode, list[tuple[str, Node]]]) -> Iterator[str]:
    """Yield the properties that a path names (SHACL, section 2.3.1)."""
    if isinstance(node, ox.NamedNode):
        yield node.value
    elif isinstance(node, ox.BlankNode):
        for _, value in triples.get(node, ()):
            yield from _named(value, triples)

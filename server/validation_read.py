"""The SHACL report that a release keeps, and what its shapes look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from msevidence.server.labels import PREFIXES, RDF_TYPE
from msevidence.server.releases import Release

REPORT = "validation.ttl"
SH = PREFIXES["sh"]


@dataclass(frozen=True, slots=True)
class Result:
    """What one shape said of one thing."""

    focus: str
    path: str
    shape: str
    severity: str
    value: str
    messages: dict[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of validating the graph (SHACL, section 3.6)."""

    conforms: bool | None
    """None where the release's report does not say."""
    results: tuple[Result, ...]


def report(release: Release) -> Report:
    """Return the report of a release as its file says."""
    return _read(release.path / REPORT)


@lru_cache(maxsize=2)
def _read(path: Path) -> Report:
    said: dict[str, list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]] = {}
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        said.setdefault(str(quad.subject), []).append((quad.predicate.value, quad.object))
    conforms = [o for values in said.values() for p, o in values if p == SH + "conforms"]
    results = [
        _result(dict(reversed(values)), values)
        for values in said.values()
        if (RDF_TYPE, ox.NamedNode(SH + "ValidationResult")) in values
    ]
    literal = conforms[0] if conforms else None
    told = literal.value == "true" if isinstance(literal, ox.Literal) else None
    return Report(told, tuple(sorted(results, key=lambda one: (one.focus, one.shape, one.value))))


def _result(one: dict[str, object], values: Sequence[tuple[str, object]]) -> Result:
    def of(name: str) -> str:
        term = one.get(SH + name)
        return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""

    messages = {
        term.language: term.value
        for predicate, term in values
        if predicate == SH + "resultMessage" and isinstance(term, ox.Literal) and term.language
    }
    return Result(
        of("focusNode"),
        of("resultPath"),
        of("sourceShape"),
        of("resultSeverity").rpartition("#")[2],
        of("value"),
        messages,
    )

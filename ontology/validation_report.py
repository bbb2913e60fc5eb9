"""The validation report: results as objects for Python, and as RDF with an IRI for every node (SHACL §3.6).

Paths are shown as SPARQL property paths, with the prefixes that our own files declare.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from msevidence.ontology.iris import Kind, mint, under
from msevidence.ontology.namespaces import FOLDER, ONTOLOGY
from msevidence.ontology.rule_check import Broken

RULE = ONTOLOGY + "/rules#"
"""Namespace of the rules: a result of one names it as its source shape."""


@dataclass(frozen=True, order=True)
class Violation:
    """One validation result. ``path`` is written as a SPARQL property path, ``-`` where the shape has none."""

    focus: str
    shape: str
    path: str
    value: str
    component: str
    severity: str
    messages: tuple[tuple[str, str], ...]
    """(language, message); the languages are ``en`` and ``nb`` for our shapes."""

    def message(self, language: str = "en") -> str:
        """Return the message in ``language``, else the first there is."""
        by_language = dict(self.messages)
        return by_language.get(language) or next(iter(by_language.values()), self.component)


def shape_files() -> list[Path]:
    """Return the files of shapes, as they are exported."""
    return sorted((FOLDER / "shapes").glob("*.ttl"))


def term_files() -> list[Path]:
    """Return the files of terms, alignments and concept schemes."""
    return [FOLDER / "core.ttl", FOLDER / "alignments.ttl", *sorted((FOLDER / "schemes").glob("*.ttl"))]


def add_broken(report: Graph, row: Broken) -> None:
    """Add a row of a rule to the report, as a result of the shape that has the name of the rule."""
    result = BNode()
    report.add((result, RDF.type, SH.ValidationResult))
    report.add((result, SH.focusNode, URIRef(row.focus)))
    report.add((result, SH.resultPath, URIRef(row.path)))
    report.add((result, SH.value, URIRef(row.value)))
    report.add((result, SH.resultSeverity, SH.Violation))
    report.add((result, SH.sourceConstraintComponent, SH.SPARQLConstraintComponent))
    report.add((result, SH.sourceShape, URIRef(f"{RULE}{row.rule}")))
    report.add((result, SH.resultMessage, Literal(row.en, lang="en")))
    report.add((result, SH.resultMessage, Literal(row.nb, lang="nb")))
    for root in report.subjects(RDF.type, SH.ValidationReport):
        report.add((root, SH.result, result))
        report.set((root, SH.conforms, Literal(False)))


def skolemised(report: Graph) -> Graph:
    """Return the report with an IRI for each blank node; the results are numbered in a fixed order."""

    def key(result: Node) -> tuple[str, ...]:
        parts = (SH.focusNode, SH.sourceShape, SH.resultPath, SH.value, SH.sourceConstraintComponent)
        values = (report.value(result, p) for p in parts)
        return tuple("" if v is None or isinstance(v, BNode) else v.n3() for v in values)

    names: dict[Node, URIRef] = {}
    for root in report.subjects(RDF.type, SH.ValidationReport):
        names[root] = mint(Kind.REPORT, "validation")
    for number, result in enumerate(sorted(report.subjects(RDF.type, SH.ValidationResult), key=key), 1):
        names[result] = mint(Kind.REPORT, f"validation.{number}")
        _name_below(report, result, names)
    named = Graph()
    for s, p, o in report:
        if s in names or not isinstance(s, BNode):
            named.add((names.get(s, s), p, names.get(o, o)))
    for prefix, namespace in prefixes().items():
        named.bind(prefix, namespace)
    return named


def _name_below(report: Graph, result: Node, names: dict[Node, URIRef]) -> None:
    """Give names to the blank nodes that hang below a result: the parts of its path."""
    pending = [result]
    count = 0
    while pending:
        node = pending.pop()
        for _, value in sorted(report.predicate_objects(node)):
            if isinstance(value, BNode) and value not in names:
                count += 1
                names[value] = under(Kind.REPORT, names[result], count)
                pending.append(value)


def violation(report: Graph, result: Node) -> Violation:
    """Return one result of a report."""

    def text(predicate: URIRef) -> str:
        value = report.value(result, predicate)
        return "" if value is None else str(value)

    messages = [m for m in report.objects(result, SH.resultMessage) if isinstance(m, Literal)]
    path = report.value(result, SH.resultPath)
    return Violation(
        focus=text(SH.focusNode),
        shape=text(SH.sourceShape),
        path="-" if path is None else path_text(report, path),
        value=text(SH.value),
        component=text(SH.sourceConstraintComponent),
        severity=text(SH.resultSeverity),
        messages=tuple(sorted((m.language or "", str(m)) for m in messages)),
    )


_SUFFIX = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_text(graph: Graph, path: Node) -> str:
    """Return a SHACL property path (§2.3.1) as a SPARQL property path, with the prefixes of our files."""
    if (path, RDF.first, None) in graph:
        return "/".join(path_text(graph, part) for part in Collection(graph, path))
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return "^" + path_text(graph, inverse)
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "|".join(path_text(graph, part) for part in Collection(graph, alternatives))
    for predicate, sign in _SUFFIX.items():
        inner = graph.value(path, predicate)
        if inner is not None:
            return path_text(graph, inner) + sign
    return compact(str(path))


@cache
def prefixes() -> dict[str, str]:
    """Return the prefixes that the files of shapes and terms declare."""
    found: dict[str, str] = {}
    for file in [*term_files(), *shape_files()]:
        parser = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
        for _ in parser:
            pass
        found.update(parser.prefixes)
    return found


def compact(iri: str) -> str:
    """Return an IRI with the longest prefix that fits it, else in angle brackets."""
    fitting = [(ns, p) for p, ns in prefixes().items() if iri.startswith(ns) and iri != ns]
    if not fitting:
        return f"<{iri}>"
    namespace, prefix = max(fitting, key=lambda x: len(x[0]))
    return f"{prefix}:{iri[len(namespace) :]}"

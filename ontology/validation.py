"""Validation of the graph with SHACL Core (https://www.w3.org/TR/shacl/), by pyshacl, whose one home this is.

The shapes are read as written: a skolemised ``sh:path [ sh:inversePath … ]`` would be taken for an ordinary predicate,
and everything would conform. Every property shape declares its own targets. In pyshacl that costs a tenth of shapes
nested in node shapes, which it evaluates one focus node at a time: 100,000 triples take about one second.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from msevidence.ontology.iris import Kind, mint, under
from msevidence.ontology.namespaces import FOLDER, VOCABULARIES

Data: TypeAlias = Path | Iterable[ox.Quad | ox.Triple]
"""An N-Quads or N-Triples file, or statements; graph names are not looked at."""

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES, ".ttl": ox.RdfFormat.TURTLE}
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class ShapesError(Exception):
    """Raised when validation cannot run: the shapes are ill-formed, or the data cannot be read."""


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


@dataclass(frozen=True)
class ValidationOutcome:
    """What validation found. ``reached`` counts the instances of each class that a shape looked at."""

    conforms: bool
    violations: tuple[Violation, ...]
    reached: Mapping[str, int]
    unreached: Mapping[str, int]
    """Instances that no shape looked at, by class: a class here has no shape."""
    triples: int
    """Distinct triples of the data, the terms and schemes included."""
    report: Graph
    """The validation report; its nodes have IRIs."""

    @property
    def turtle(self) -> str:
        """The report as Turtle."""
        return self.report.serialize(format="turtle")

    def summary(self, language: str = "en", most: int = 20) -> str:
        """Return the first ``most`` violations as lines for a person: which thing, what is wrong, the value if any."""
        if self.conforms:
            return f"{self.triples} triples conform to the shapes"
        lines = [f"{len(self.violations)} violations of the shapes"]
        for v in self.violations[:most]:
            value = f" [{v.value}]" if v.value else ""
            lines.append(f"<{v.focus}>: {v.message(language)}{value}")
        if len(self.violations) > most:
            lines.append(f"and {len(self.violations) - most} more: they are in the validation report")
        return "\n".join(lines)


def shape_files() -> list[Path]:
    """Return the files of shapes, as they are exported."""
    return sorted((FOLDER / "shapes").glob("*.ttl"))


def term_files() -> list[Path]:
    """Return the files of terms, alignments and concept schemes."""
    return [FOLDER / "core.ttl", FOLDER / "alignments.ttl", *sorted((FOLDER / "schemes").glob("*.ttl"))]


def validate(*data: Data, shapes: Iterable[Path] | None = None) -> ValidationOutcome:
    """Validate statements against the shapes.

    Args:
        data: files or streams of statements; the terms and schemes of this folder are added to them.
        shapes: Turtle files of shapes, by default those of this folder.

    Raises:
        ShapesError: when a file cannot be read, or the shapes are ill-formed.
    """
    terms = _Terms()
    graph = Graph()
    for part in [*term_files(), *data]:
        terms.load(graph, part)
    shapes_graph = Graph()
    for file in shape_files() if shapes is None else shapes:
        terms.load(shapes_graph, file)
    report = report_graph(graph, shapes_graph)
    report = _skolemised(report)
    violations = tuple(sorted(_violation(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)))
    reached, unreached = _coverage(graph, shapes_graph)
    conforms = not violations
    return ValidationOutcome(conforms, violations, reached, unreached, len(graph), report)


def report_graph(data: Graph, shapes: Graph) -> Graph:
    """Return pyshacl's validation report on ``data``; no inference, no entailment, no files fetched.

    Raises:
        ShapesError: when the shapes are ill-formed.
    """
    _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False)
    if not isinstance(report, Graph):
        raise ShapesError(f"the shapes cannot be used: {text}. Run the tests of ontology/shapes.")
    return report


def undeclared_terms(data: Iterable[ox.Quad | ox.Triple]) -> dict[str, int]:
    """Return the properties and classes that the data uses from our vocabularies without their being declared.

    They are looked for in the namespace ``mse:`` and in every closed one of :mod:`~msevidence.ontology.namespaces`;
    the value is how often a term is used. Declare it in ``core.ttl`` or ``alignments.ttl``, or correct it.
    """
    used: Counter[str] = Counter()
    for statement in data:
        used[statement.predicate.value] += 1
        if statement.predicate.value == str(RDF.type) and isinstance(statement.object, ox.NamedNode):
            used[statement.object.value] += 1
    return {
        term: count
        for term, count in sorted(used.items())
        if any(term.startswith(str(v)) and term not in v for v in VOCABULARIES)
    }


class _Terms:
    """Turns pyoxigraph's terms into rdflib's, each once; blank nodes of one file stay apart from those of another."""

    def __init__(self) -> None:
        self._known: dict[ox.NamedNode | ox.Literal, URIRef | Literal] = {}

    def load(self, graph: Graph, data: Data) -> None:
        """Add statements to ``graph``."""
        blank: dict[str, BNode] = {}
        add = graph.store.add
        try:
            statements = ox.parse(path=str(data), format=_FORMATS[data.suffix]) if isinstance(data, Path) else data
            for s in statements:
                triple = (self._term(s.subject, blank), self._term(s.predicate, blank), self._term(s.object, blank))
                add(triple, graph)
        except (OSError, SyntaxError, KeyError) as error:
            raise ShapesError(f"{data} cannot be read: {error}. It must be N-Quads, N-Triples or Turtle.") from error

    def _term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, blank: dict[str, BNode]) -> Node:
        if isinstance(term, ox.BlankNode):
            return blank.setdefault(term.value, BNode())
        if isinstance(term, ox.Triple):
            raise ShapesError(f"{term} is a triple term; the graph publishes none (RDF 1.1)")
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = self._converted(term)
        return known

    @staticmethod
    def _converted(term: ox.NamedNode | ox.Literal) -> URIRef | Literal:
        if isinstance(term, ox.NamedNode):
            return URIRef(term.value)
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = None if term.datatype.value == _STRING else URIRef(term.datatype.value)
        return Literal(term.value, datatype=datatype, normalize=False)


def _coverage(graph: Graph, shapes: Graph) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many instances of each class of our vocabularies are focus nodes of a shape, and how many are none."""
    focus: set[Node] = set()
    classes: set[Node] = set()
    for target in set(shapes.objects(None, SH.targetClass)):
        classes |= {c for c in graph.transitive_subjects(RDFS.subClassOf, target) if c is not None}
    for cls in classes:
        focus.update(graph.subjects(RDF.type, cls))
    focus.update(shapes.objects(None, SH.targetNode))
    for target in set(shapes.objects(None, SH.targetSubjectsOf)):
        focus.update(graph.subjects(target, None))
    for target in set(shapes.objects(None, SH.targetObjectsOf)):
        focus.update(graph.objects(None, target))
    reached: Counter[str] = Counter()
    unreached: Counter[str] = Counter()
    for node, cls in graph.subject_objects(RDF.type):
        if any(str(cls).startswith(str(v)) for v in VOCABULARIES):
            (reached if node in focus else unreached)[str(cls)] += 1
    return dict(sorted(reached.items())), dict(sorted(unreached.items()))


def _skolemised(report: Graph) -> Graph:
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


def _violation(report: Graph, result: Node) -> Violation:
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

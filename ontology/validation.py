"""Validation of the graph with SHACL Core (https://www.w3.org/TR/shacl/), by pyshacl, whose one home this is.

The shapes are read as written: a skolemised ``sh:path [ sh:inversePath … ]`` would be taken for an ordinary predicate,
and everything would conform. Every property shape declares its own targets: pyshacl evaluates it then for all focus
nodes at once, and a shape nested in a node shape for one after the other.

What SHACL Core cannot say is a rule (:mod:`~msevidence.ontology.rule_check`); what breaks one is reported in the same
way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from msevidence.ontology.namespaces import VOCABULARIES
from msevidence.ontology.rule_check import broken
from msevidence.ontology.validation_report import (
    Violation,
    add_broken,
    shape_files,
    skolemised,
    term_files,
    violation,
)

Data: TypeAlias = Path | Iterable[ox.Quad | ox.Triple]
"""An N-Quads or N-Triples file, or statements; graph names are not looked at."""

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES, ".ttl": ox.RdfFormat.TURTLE}
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class ShapesError(Exception):
    """Raised when validation cannot run: the shapes are ill-formed, or the data cannot be read."""


@dataclass(frozen=True)
class ValidationOutcome:
    """What validation found. ``reached`` counts the instances of each class that a shape looked at."""

    violations: tuple[Violation, ...]
    undeclared: Mapping[str, int]
    """Terms that are used without being declared, and how often."""
    reached: Mapping[str, int]
    unreached: Mapping[str, int]
    """Instances that no shape looked at, by class: a class here has no shape."""
    triples: int
    """Distinct triples of the data, the terms and schemes included."""
    report: Graph
    """The validation report; its nodes have IRIs."""

    @property
    def conforms(self) -> bool:
        """Whether nothing breaks a shape or rule, no term is undeclared, and no class is without a shape."""
        return not (self.violations or self.undeclared or self.unreached)

    @property
    def turtle(self) -> str:
        """The report as Turtle."""
        return self.report.serialize(format="turtle")

    def summary(self, language: str = "en", most: int = 20) -> str:
        """Return the first ``most`` violations as lines for a person: which thing, what is wrong, the value if any."""
        if self.conforms:
            return f"{self.triples} triples conform to the shapes"
        lines = [f"{len(self.violations)} violations of the shapes"]
        lines += [
            f"<{t}> is used {n} times and not declared: declare it, or correct it" for t, n in self.undeclared.items()
        ]
        lines += [
            f"no shape looks at {n} instances of <{c}>: write one for the class" for c, n in self.unreached.items()
        ]
        for v in self.violations[:most]:
            value = f" [{v.value}]" if v.value else ""
            lines.append(f"<{v.focus}>: {v.message(language)}{value}")
        if len(self.violations) > most:
            lines.append(f"and {len(self.violations) - most} more: they are in the validation report")
        return "\n".join(lines)


def validate(
    *data: Data,
    shapes: Iterable[Path] | None = None,
    rules: Iterable[Path] | None = None,
    described: Iterable[ox.Quad | ox.Triple] = (),
) -> ValidationOutcome:
    """Validate statements against the shapes and the rules.

    Args:
        data: files or streams of statements; the terms and schemes of this folder are added to them.
        shapes: Turtle files of shapes, by default those of this folder.
        rules: SPARQL files of rules, by default those of this folder.
        described: statements that have been checked already: the rules look at them, the shapes do not.

    Raises:
        ShapesError: when a file cannot be read, or the shapes are ill-formed.
    """
    terms = _Terms()
    statements = [s for part in [*term_files(), *data] for s in _read(part)]
    graph = terms.graph(statements)
    shapes_graph = read_graph(shape_files() if shapes is None else shapes, terms)
    report = report_graph(graph, shapes_graph)
    for row in broken(chain(statements, described), rules):
        add_broken(report, row)
    report = skolemised(report)
    violations = tuple(sorted(violation(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)))
    reached, unreached = _coverage(graph, shapes_graph)
    return ValidationOutcome(violations, undeclared_terms(statements), reached, unreached, len(graph), report)


def read_graph(parts: Iterable[Data], terms: "_Terms | None" = None) -> Graph:
    """Return the merge of files or statements; blank nodes of each stay apart.

    Raises:
        ShapesError: when a file cannot be read.
    """
    known = terms or _Terms()
    graph = Graph()
    for part in parts:
        graph += known.graph(_read(part))
    return graph


def _read(data: Data) -> Iterable[ox.Quad | ox.Triple]:
    """Return the statements of a file, or those given."""
    if not isinstance(data, Path):
        return data
    try:
        return list(ox.parse(path=str(data), format=_FORMATS[data.suffix], rename_blank_nodes=True))
    except (OSError, SyntaxError, KeyError) as error:
        raise ShapesError(f"{data} cannot be read: {error}. It must be N-Quads, N-Triples or Turtle.") from error


def report_graph(data: Graph, shapes: Graph) -> Graph:
    """Return pyshacl's validation report on ``data``; no inference, no entailment, no files fetched.

    Raises:
        ShapesError: when the shapes are ill-formed.
    """
    try:
        _, report, text = pyshacl.validate(
            data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False
        )
    except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError) as error:
        raise ShapesError(f"the shapes cannot be used: {error}. Correct the file that holds that shape.") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"the shapes cannot be used: {text}. Correct the file that holds that shape.")
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

    def graph(self, statements: Iterable[ox.Quad | ox.Triple]) -> Graph:
        """Return the merge of statements of one file or stream."""
        graph = Graph()
        blank: dict[str, BNode] = {}
        add = graph.store.add
        for s in statements:
            add((self._term(s.subject, blank), self._term(s.predicate, blank), self._term(s.object, blank)), graph)
        return graph

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

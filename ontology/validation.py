"""Validation of the graph with SHACL Core (https://www.w3.org/TR/shacl/).

The shapes are compiled (:mod:`~msevidence.ontology.shacl_compile`) and run on the graph column by column.
pyshacl has the last word: :mod:`~msevidence.ontology.validation_compared` runs both, and what the compiler refuses
pyshacl validates.

The shapes are read as written: a skolemised ``sh:path [ sh:inversePath … ]`` would be taken for an ordinary predicate,
and everything would conform. Every property shape declares its own targets: it is evaluated then for all focus nodes
at once, and a shape nested in a node shape for one after the other.

What SHACL Core cannot say is a rule (:mod:`~msevidence.ontology.rule_check`); what breaks one is reported in the same
way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, SH, Graph

from msevidence.ontology.rule_check import Broken, RuleCheck, broken_in, rule_files
from msevidence.ontology.shacl_compile import Compiled, compiled
from msevidence.ontology.shacl_data import TYPE, Columns
from msevidence.ontology.shacl_errors import ShapesError
from msevidence.ontology.shacl_referee import report_graph
from msevidence.ontology.shacl_store import StoreColumns
from msevidence.ontology.shacl_validate import core_report
from msevidence.ontology.validation_coverage import coverage, undeclared
from msevidence.ontology.validation_reading import Source, read_graph, read_statements
from msevidence.ontology.validation_report import (
    Violation,
    add_broken,
    shape_files,
    skolemised,
    term_files,
    violation,
)

__all__ = [
    "ShapesError",
    "ValidationOutcome",
    "read_graph",
    "report_graph",
    "undeclared_terms",
    "validate",
    "validate_store",
]

_AT_ONCE = 50_000
"""Statements that are held while they are read: they go to the shapes and to the rules."""


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
    refused: tuple[str, ...] = ()
    """What the compiler does not cover, by name: with anything here, pyshacl validated."""

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
        lines = [f"pyshacl validated: the compiler does not cover {', '.join(self.refused)}"] if self.refused else []
        if self.conforms:
            return "\n".join([*lines, f"{self.triples} triples conform to the shapes"])
        lines.append(f"{len(self.violations)} violations of the shapes")
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
    *data: Source,
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
    columns, checking = Columns(), RuleCheck(rules)
    for part in [*term_files(), *data]:
        statements, number = iter(read_statements(part)), None
        while some := list(islice(statements, _AT_ONCE)):
            number = columns.take(some, number)
            checking.add(some)
    checking.add(described)
    return _outcome(columns, checking.broken(), shapes)


def validate_store(
    store: ox.Store, *, shapes: Iterable[Path] | None = None, rules: Iterable[Path] | None = None
) -> ValidationOutcome:
    """Validate the default graph of an opened store, which has to hold the terms and schemes, too.

    For a graph that is too large to be read into memory: columns of it are held, not all of it. Values are as the store
    keeps them, and a term is counted once for each triple.

    Raises:
        ShapesError: when the shapes are ill-formed.
    """
    columns = StoreColumns(store)
    rows = broken_in(store, rule_files() if rules is None else rules)
    return _outcome(columns, rows, shapes)


def _outcome(data: Columns | StoreColumns, rows: Iterable[Broken], shapes: Iterable[Path] | None) -> ValidationOutcome:
    made = _own_shapes() if shapes is None else compiled(read_graph(shapes))
    report, refused = core_report(made, data)
    for row in rows:
        add_broken(report, row)
    report = skolemised(report)
    violations = tuple(sorted(violation(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)))
    reached, unreached = coverage(data, made.graph)
    return ValidationOutcome(violations, undeclared(data.used()), reached, unreached, len(data), report, refused)


@cache
def _own_shapes() -> Compiled:
    """Return the shapes of this folder, compiled once a process: that takes longer than to check a small graph."""
    return compiled(read_graph(shape_files()))


def undeclared_terms(data: Iterable[ox.Quad | ox.Triple]) -> dict[str, int]:
    """Return the properties and classes that the data uses from our vocabularies without their being declared.

    They are looked for in the namespace ``mse:`` and in every closed one of :mod:`~msevidence.ontology.namespaces`;
    the value is how often a term is used. Declare it in ``core.ttl`` or ``alignments.ttl``, or correct it.
    """
    used: Counter[str] = Counter()
    for statement in data:
        used[statement.predicate.value] += 1
        if statement.predicate.value == TYPE and isinstance(statement.object, ox.NamedNode):
            used[statement.object.value] += 1
    return undeclared(used)

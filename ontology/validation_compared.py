"""The compiled shapes and pyshacl, run on the same statements and compared: pyshacl is the referee."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, SH, Graph

from msevidence.ontology.shacl_compile import compiled
from msevidence.ontology.shacl_data import Columns, Statement
from msevidence.ontology.shacl_referee import report_graph
from msevidence.ontology.shacl_validate import core_report
from msevidence.ontology.validation_reading import Source, read_graph, read_statements
from msevidence.ontology.validation_report import Violation, shape_files, term_files, violation


@dataclass(frozen=True)
class Comparison:
    """What the compiled shapes and pyshacl found in the same graph, each with its results that the other has not."""

    results: int
    """How many pyshacl found."""
    only_compiled: tuple[Violation, ...]
    only_pyshacl: tuple[Violation, ...]
    refused: tuple[str, ...]
    """What the compiler does not cover, by name: then there is nothing to compare."""

    @property
    def equal(self) -> bool:
        """Whether the shapes are compiled, and both found the same."""
        return not (self.only_compiled or self.only_pyshacl or self.refused)


def compared(*data: Source, shapes: Iterable[Path] | None = None) -> Comparison:
    """Validate statements, to which the terms are added, with the compiled shapes and with pyshacl.

    The two read for themselves, and share nothing but the statements.

    Raises:
        ShapesError: when a file cannot be read, or the shapes are ill-formed.
    """
    return compared_graphs(
        [list(read_statements(part)) for part in [*term_files(), *data]],
        read_graph(shape_files() if shapes is None else shapes),
    )


def compared_graphs(parts: Sequence[Sequence[Statement]], shapes: Graph) -> Comparison:
    """Validate the merge of files or streams, each given as its statements, and nothing else, with both.

    Raises:
        ShapesError: when the shapes are ill-formed.
    """
    columns = Columns()
    for part in parts:
        columns.take(part)
    ours, refused = core_report(compiled(shapes), columns)
    theirs = ours if refused else report_graph(read_graph(parts), shapes)
    first, second = found_in(ours), found_in(theirs)
    return Comparison(
        second.total(), tuple(sorted((first - second).elements())), tuple(sorted((second - first).elements())), refused
    )


def found_in(report: Graph) -> Counter[Violation]:
    """Return the results of a report, and how often each is there."""
    return Counter(violation(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))

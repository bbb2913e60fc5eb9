"""The shapes read once, for many small graphs one after another: records of an export, a batch at a time.

pyshacl reads all shapes anew at each call. A shape without a focus node (SHACL §2.1.3) finds nothing, so only those
whose target occurs in the data are handed to it, and the report is the same.
"""

from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox
from rdflib import RDF, SH, SKOS, Graph
from rdflib.term import Node

from msevidence.ontology.validation import read_graph, report_graph
from msevidence.ontology.validation_report import Violation, shape_files, term_files, violation

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


class Shapes:
    """All shapes of this folder, and what says which concept is in which scheme."""

    def __init__(self) -> None:
        self._graph = read_graph(shape_files())
        self._targets = [
            (predicate, target, shape)
            for predicate in _TARGETS
            for shape, target in self._graph.subject_objects(predicate)
        ]
        terms = read_graph(term_files())
        self._schemes = {concept: scheme for concept, scheme in terms.subject_objects(SKOS.inScheme)}
        self._subsets: dict[frozenset[Node], Graph] = {}

    def violations(self, quads: Iterable[ox.Quad | ox.Triple]) -> list[Violation]:
        """Return what breaks a shape in the merge of ``quads``.

        The data must hold all that a shape looks at from its focus nodes; concepts of our schemes are known.
        Superclasses are not inferred: each node has the class that a shape names.
        """
        data = read_graph([quads])
        for concept in {o for o in data.objects() if o in self._schemes}:
            data.add((concept, SKOS.inScheme, self._schemes[concept]))
        report = report_graph(data, self._subset(data))
        return sorted(violation(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))

    def _subset(self, data: Graph) -> Graph:
        present = {
            SH.targetClass: set(data.objects(None, RDF.type)),
            SH.targetNode: set(data.all_nodes()),
            SH.targetObjectsOf: set(data.predicates()),
            SH.targetSubjectsOf: set(data.predicates()),
        }
        wanted = frozenset(shape for predicate, target, shape in self._targets if target in present[predicate])
        if wanted not in self._subsets:
            subset = Graph()
            for shape in wanted:
                subset += self._graph.cbd(shape)
            self._subsets[wanted] = subset
        return self._subsets[wanted]


@cache
def shapes() -> Shapes:
    """Return the shapes, read once a process."""
    return Shapes()

"""The shapes read once, for many small graphs one after another: records of an export, a batch at a time."""

from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox
from rdflib import RDF, SH, SKOS, URIRef

from msevidence.ontology.shacl_compile import compiled
from msevidence.ontology.shacl_data import Columns
from msevidence.ontology.shacl_validate import core_report
from msevidence.ontology.validation_reading import read_graph
from msevidence.ontology.validation_report import Violation, shape_files, term_files, violation

_IN_SCHEME = ox.NamedNode(str(SKOS.inScheme))


class Shapes:
    """All shapes of this folder, and what says which concept is in which scheme."""

    def __init__(self) -> None:
        self._shapes = compiled(read_graph(shape_files()))
        terms = read_graph(term_files())
        self._schemes = {
            ox.NamedNode(concept): ox.NamedNode(scheme)
            for concept, scheme in terms.subject_objects(SKOS.inScheme)
            if isinstance(concept, URIRef) and isinstance(scheme, URIRef)
        }

    def violations(self, quads: Iterable[ox.Quad | ox.Triple]) -> list[Violation]:
        """Return what breaks a shape in the merge of ``quads``.

        The data must hold all that a shape looks at from its focus nodes; concepts of our schemes are known.
        Superclasses are not inferred: each node has the class that a shape names.
        """
        statements = list(quads)
        concepts = {s.object for s in statements if isinstance(s.object, ox.NamedNode) and s.object in self._schemes}
        data = Columns()
        data.take([*statements, *(ox.Triple(c, _IN_SCHEME, self._schemes[c]) for c in concepts)])
        report, _ = core_report(self._shapes, data)
        return sorted(violation(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))


@cache
def shapes() -> Shapes:
    """Return the shapes, read once a process."""
    return Shapes()

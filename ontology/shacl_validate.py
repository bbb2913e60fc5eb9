"""One graph against one set of shapes: compiled where the compiler covers all of them, by pyshacl where it does not."""

from rdflib import Graph

from msevidence.ontology.shacl_compile import Compiled
from msevidence.ontology.shacl_data import Data
from msevidence.ontology.shacl_errors import RefusedError
from msevidence.ontology.shacl_referee import graph_of, report_graph
from msevidence.ontology.shacl_report import report_of
from msevidence.ontology.shacl_run import run


def core_report(shapes: Compiled, data: Data) -> tuple[Graph, tuple[str, ...]]:
    """Return the report on a graph, and by name what of the shapes is not compiled: then it is pyshacl's report.

    Raises:
        ShapesError: when the shapes are ill-formed.
    """
    refused = shapes.refused
    if not refused:
        try:
            return report_of(list(run(shapes.shapes, data)), shapes.graph, data), ()
        except RefusedError as error:
            refused = (error,)
    return report_graph(graph_of(data), shapes.graph), tuple(map(str, refused))

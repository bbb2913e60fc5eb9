"""pyshacl, the referee: it validates what the compiler refuses, and says whether the compiled shapes are right.

No inference, no entailment, nothing fetched.
"""

from collections.abc import Iterable

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node as Term

from msevidence.ontology.shacl_data import Data, collected
from msevidence.ontology.shacl_errors import ShapesError
from msevidence.ontology.shacl_report import term

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def report_graph(data: Graph, shapes: Graph) -> Graph:
    """Return pyshacl's validation report on ``data``.

    Raises:
        ShapesError: when the shapes are ill-formed.
    """
    try:
        _, report, text = pyshacl.validate(
            data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False
        )
    except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError) as error:
        raise ShapesError(f"the shapes cannot be used: {error}. Correct the file that holds that shape.") from error
    except (ArithmeticError, TypeError) as error:
        raise ShapesError(f"a value cannot be compared as a shape asks ({type(error).__name__}): correct it") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"the shapes cannot be used: {text}. Correct the file that holds that shape.")
    return report


def graph_of(data: Data) -> Graph:
    """Return a graph of columns as a graph of rdflib, which pyshacl needs; a large one needs much memory there."""
    graph = Graph()
    for predicate in data.predicates():
        named = URIRef(predicate)
        for subject, values in data.forward(predicate).items():
            for value in collected(values):
                graph.add((term(subject), named, term(value)))
    return graph


class Terms:
    """Turns pyoxigraph's terms into rdflib's, each once, into one graph.

    Blank nodes of one file stay apart from those of another: they have its number in their name, as in ``Columns``.
    """

    def __init__(self) -> None:
        self.graph = Graph()
        self._known: dict[ox.NamedNode | ox.Literal, URIRef | Literal] = {}
        self._parts = 0

    def add(self, statements: Iterable[ox.Quad | ox.Triple]) -> None:
        """Add the statements of one file or stream."""
        self._parts += 1
        graph, term = self.graph, self._term
        add = graph.store.add
        for s in statements:
            add((term(s.subject), term(s.predicate), term(s.object)), graph)

    def _term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
        if isinstance(term, ox.BlankNode):
            return BNode(f"p{self._parts}.{term.value}")
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

"""Results of compiled shapes as a validation report in RDF (SHACL §3.6), the same graph that pyshacl writes.

A blank node goes into the report with what is said of it, so that the report can be read alone: the path of a shape
from the shapes graph, a value from the data.
"""

from collections.abc import Iterable

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node as Term

from msevidence.ontology.shacl_data import Data, Node
from msevidence.ontology.shacl_literals import rdflib_literal
from msevidence.ontology.shacl_run import Result
from msevidence.ontology.shacl_words import Words

_DEEP = 10
"""How far from a result what is said of blank nodes is copied; data may have circles of them."""


def report_of(results: Iterable[Result], shapes: Graph, data: Data) -> Graph:
    """Return the report on results of a shapes graph and a graph."""
    return _Writing(shapes, data).report(results)


def term(node: Node) -> Term:
    """Return a node of the data as rdflib has it.

    >>> term("urn:a"), term("_:p1.x")
    (rdflib.term.URIRef('urn:a'), rdflib.term.BNode('p1.x'))
    """
    if not isinstance(node, str):
        return rdflib_literal(node)
    return BNode(node[2:]) if node.startswith("_:") else URIRef(node)


class _Writing:
    def __init__(self, shapes: Graph, data: Data) -> None:
        self._shapes = shapes
        self._data = data
        self._report = Graph()
        self._copied: set[Term] = set()
        self._words = Words(shapes, self._described)

    def report(self, results: Iterable[Result]) -> Graph:
        root = BNode()
        self._report.add((root, RDF.type, SH.ValidationReport))
        conforms = True
        for result in results:
            conforms = False
            self._report.add((root, SH.result, self._written(result)))
        self._report.add((root, SH.conforms, Literal(conforms)))
        return self._report

    def _written(self, result: Result) -> BNode:
        node, shape = BNode(), result.shape
        focus = self._of_data(result.focus)
        stated: list[tuple[URIRef, Term]] = [
            (RDF.type, SH.ValidationResult),
            (SH.sourceConstraintComponent, result.component),
            (SH.sourceShape, self._of_shapes(shape.node)),
            (SH.resultSeverity, shape.severity),
            (SH.focusNode, focus),
        ]
        value = None if result.value is None else self._of_data(result.value)
        if value is not None:
            stated.append((SH.value, value))
        if result.path is not None:
            stated.append((SH.resultPath, self._of_shapes(result.path)))
        messages = shape.messages or self._words.of(shape.node, result.parameter, focus, value)
        stated += [(SH.resultMessage, message) for message in messages]
        stated += [(SH.detail, self._written(detail)) for detail in result.details]
        for predicate, what in stated:
            self._report.add((node, predicate, what))
        return node

    def _of_shapes(self, node: Term) -> Term:
        if isinstance(node, BNode) and node not in self._copied:
            self._copied.add(node)
            _copy(self._shapes, node, node, self._report, 0)
        return node

    def _of_data(self, node: Node) -> Term:
        found = term(node)
        if isinstance(found, BNode) and found not in self._copied:
            self._copied.add(found)
            _copy(self._described(found), found, found, self._report, 0)
        return found

    def _described(self, *nodes: Term) -> Graph:
        """Return what the data says of blank nodes, and of those that it leads to from them."""
        graph = Graph()
        pending = [node for node in nodes if isinstance(node, BNode)]
        seen: set[Term] = set()
        while pending:
            node = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            for predicate, value in self._data.statements_of(f"_:{node}"):
                found = term(value)
                graph.add((node, URIRef(predicate), found))
                if isinstance(found, BNode):
                    pending.append(found)
        return graph


def _copy(source: Graph, node: Term, copied: Term, target: Graph, depth: int) -> None:
    """Copy what is said of a blank node, and of those that follow, which get names of their own."""
    if depth >= _DEEP:
        return
    said = list(source.predicate_objects(node))
    is_list = any(predicate == RDF.first for predicate, _ in said)
    for predicate, value in said:
        if is_list and predicate not in (RDF.first, RDF.rest):
            continue
        new: Term = BNode() if isinstance(value, BNode) else value
        target.add((copied, predicate, new))
        if isinstance(value, BNode):
            _copy(source, value, new, target, depth + (predicate != RDF.rest))

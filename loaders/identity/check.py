"""Identity decisions must not contradict each other: with networkx, over everything that is said to be the same study.

A number may lead to one study only, what is kept apart may not be joined through a third thing, and nothing is a part
of itself. A contradiction stops the build: it names the chain and who says each link of it, so that a curator sees
which decision to delete.
"""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import networkx as nx
from rdflib import RDF

from msevidence.loaders.errors import CurationError
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import Kind, parts
from msevidence.ontology.namespaces import MSE, SSSOM, scheme

Pair = tuple[str, str]


class _Said:
    """What is said of two things, by the relation, and where."""

    def __init__(self) -> None:
        self.same: nx.Graph[str] = nx.Graph()
        self.apart: dict[Pair, str] = {}
        self.part: dict[Pair, str] = {}

    def take_in(self, identity: Statements, registered: Iterable[Statements]) -> None:
        fields: dict[str, dict[str, str]] = {}
        for subject, predicate, value in identity.texts():
            fields.setdefault(subject, {})[predicate] = value
        for decision in fields.values():
            if decision.get(str(RDF.type)) == str(MSE.IdentityDecision):
                self._decision(decision)
        for graph in registered:
            for study, predicate, registration in graph.texts():
                if predicate == str(MSE.registeredAs) and not self.same.has_edge(study, registration):
                    self.same.add_edge(study, registration, where=f"graph {parts(graph.graph)[1]}")

    def _decision(self, decision: dict[str, str]) -> None:
        pair = (decision[str(SSSOM.subject_id)], decision[str(SSSOM.object_id)])
        document = decision.get(str(MSE.inDocument))
        where = "identity.yaml" if document is None else parts(document)[1]
        relation = decision[str(MSE.relation)]
        if relation in {str(scheme("identity-relation", r)) for r in ("same-study", "same-publication")}:
            self.same.add_edge(*pair, where=where)
        elif relation == str(scheme("identity-relation", "not-same")):
            self.apart[pair] = where
        else:
            self.part[pair] = where


def check_identity(identity: Statements, registered: Iterable[Statements], data: Path) -> None:
    """Check the decisions of ``identity`` and the registrations that the graphs ``registered`` give to studies.

    Raises CurationError, about the folder ``data``, where two studies are joined by what is said to be the same, where
    two things that a decision keeps apart are, or where a study would be a part of itself.
    """
    said = _Said()
    said.take_in(identity, registered)
    for cluster in nx.connected_components(said.same):
        studies = sorted(thing for thing in cluster if parts(thing)[0] is Kind.STUDY)
        if len(studies) > 1:
            raise _contradiction(said, (studies[0], studies[1]), "are two studies", data)
    for pair, where in said.apart.items():
        if _joined(said, pair):
            raise _contradiction(said, pair, f"are kept apart by a decision ({where})", data)
    for pair, where in said.part.items():
        if _joined(said, pair):
            raise _contradiction(said, pair, f"are a part and its whole ({where})", data)
    _check_parts(said, data)


def _joined(said: _Said, pair: Pair) -> bool:
    return all(thing in said.same for thing in pair) and nx.has_path(said.same, *pair)


def _contradiction(said: _Said, pair: Pair, what: str, data: Path) -> CurationError:
    links = ", ".join(
        f"{_name(a)} = {_name(b)} ({said.same.edges[a, b]['where']})"
        for a, b in pairwise(nx.shortest_path(said.same, *pair))
    )
    return CurationError(
        f"{_name(pair[0])} and {_name(pair[1])} {what}, and yet said to be the same: {links};"
        " delete one of these decisions, or correct the number",
        data,
    )


def _check_parts(said: _Said, data: Path) -> None:
    whole_of: nx.DiGraph[str] = nx.DiGraph(said.part.keys())
    cycle = next(nx.simple_cycles(whole_of), None)
    if cycle is not None:
        links = ", ".join(f"{_name(a)} in {_name(b)} ({said.part[a, b]})" for a, b in pairwise([*cycle, cycle[0]]))
        raise CurationError(f"a study would be a part of itself: {links}; delete one of these decisions", data)


def _name(thing: str) -> str:
    return "/".join(parts(thing))

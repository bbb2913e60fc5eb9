"""Identity decisions must not contradict each other: with networkx, over everything that is said to be the same study.

A number may lead to one study only, and what is kept apart may not be joined through a third thing. A contradiction
stops the build: it names the chain, so that a curator sees which decision to delete.
"""

import networkx as nx
from rdflib import RDF

from msevidence.loaders.errors import CurationError
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import Kind, parts
from msevidence.ontology.namespaces import MSE, SSSOM, scheme


def check_identity(identity: Statements, registered: list[Statements]) -> None:
    """Check the decisions of ``identity`` and the registrations that the graphs ``registered`` give to studies.

    Raises CurationError where two studies are joined by what is said to be the same, or where two things that a
    decision keeps apart are.
    """
    same, apart = _decisions(identity)
    for graph in registered:
        same.add_edges_from((s, o) for s, p, o in graph.texts() if p == str(MSE.registeredAs))
    for cluster in nx.connected_components(same):
        studies = sorted(thing for thing in cluster if parts(thing)[0] is Kind.STUDY)
        if len(studies) > 1:
            raise _contradiction(same, studies[0], studies[1], "are two studies")
    for one, other in apart:
        if one in same and other in same and nx.has_path(same, one, other):
            raise _contradiction(same, one, other, "are kept apart by a decision")


def _decisions(identity: Statements) -> tuple["nx.Graph[str]", list[tuple[str, str]]]:
    fields: dict[str, dict[str, str]] = {}
    for subject, predicate, value in identity.texts():
        fields.setdefault(subject, {})[predicate] = value
    same: nx.Graph[str] = nx.Graph()
    apart: list[tuple[str, str]] = []
    for decision in fields.values():
        if decision.get(str(RDF.type)) != str(MSE.IdentityDecision):
            continue
        pair = (decision[str(SSSOM.subject_id)], decision[str(SSSOM.object_id)])
        relation = decision[str(MSE.relation)]
        if relation == str(scheme("identity-relation", "same-study")):
            same.add_edge(*pair)
        elif relation == str(scheme("identity-relation", "not-same")):
            apart.append(pair)
    return same, apart


def _contradiction(same: "nx.Graph[str]", one: str, other: str, what: str) -> CurationError:
    chain = " = ".join("/".join(parts(thing)) for thing in nx.shortest_path(same, one, other))
    return CurationError(
        f"{'/'.join(parts(one))} and {'/'.join(parts(other))} {what}, and yet said to be the same: {chain};"
        " delete one of these decisions, or correct the number",
        "identity",
    )

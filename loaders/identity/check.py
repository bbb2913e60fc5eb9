"""Decisions of people must not contradict each other: with networkx, over everything that one said to be the same.

A number may lead to one study of the catalogue only, what is kept apart may not be joined through a third thing, and
nothing is a part of itself. Such a contradiction stops the build: it names the chain and who says each link of it, so
that a curator sees which decision to delete. What tables and records contradict becomes a finding instead.
"""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import networkx as nx

from msevidence.loaders.errors import CurationError
from msevidence.loaders.identity.clusters import is_catalogued, node_of
from msevidence.loaders.identity.confidence import CURATED
from msevidence.loaders.identity.model import Assertion
from msevidence.ontology.iris import parts

Pair = tuple[str, str]


def check_curated(assertions: Iterable[Assertion], data: Path) -> None:
    """Check what people decided among ``assertions``; what loaders read in tables and records is not looked at.

    Raises CurationError, about the folder ``data``, where two studies are joined by what is said to be the same, where
    two things that a decision keeps apart are, or where a study would be a part of itself.
    """
    same: nx.Graph[str] = nx.Graph()
    apart: dict[Pair, str] = {}
    part: dict[Pair, str] = {}
    for said in sorted((a for a in assertions if a.rule in CURATED), key=lambda a: (a.subject, a.object, a.because)):
        pair = (node_of(said.subject), node_of(said.object))
        if said.relation in ("same-study", "same-publication"):
            same.add_edge(*pair, where=_where(said))
        else:
            (apart if said.relation == "not-same" else part)[pair] = _where(said)
    for cluster in nx.connected_components(same):
        studies = sorted(filter(is_catalogued, cluster))
        if len(studies) > 1:
            raise _contradiction(same, (studies[0], studies[1]), "are two studies", data)
    for pair, where in apart.items():
        if _joined(same, pair):
            raise _contradiction(same, pair, f"are kept apart by a decision ({where})", data)
    for pair, where in part.items():
        if _joined(same, pair):
            raise _contradiction(same, pair, f"are a part and its whole ({where})", data)
    _check_parts(part, data)


def _where(said: Assertion) -> str:
    if said.document is not None:
        return parts(said.document)[1]
    return "identity.yaml" if said.decided_by is not None else "registrations.yaml"


def _joined(same: "nx.Graph[str]", pair: Pair) -> bool:
    return all(thing in same for thing in pair) and nx.has_path(same, *pair)


def _contradiction(same: "nx.Graph[str]", pair: Pair, what: str, data: Path) -> CurationError:
    links = ", ".join(
        f"{_name(a)} = {_name(b)} ({same.edges[a, b]['where']})" for a, b in pairwise(nx.shortest_path(same, *pair))
    )
    return CurationError(
        f"{_name(pair[0])} and {_name(pair[1])} {what}, and yet said to be the same: {links};"
        " delete one of these decisions, or correct the number",
        data,
    )


def _check_parts(part: dict[Pair, str], data: Path) -> None:
    whole_of: nx.DiGraph[str] = nx.DiGraph(part.keys())
    if nx.is_directed_acyclic_graph(whole_of):
        return
    cycle = [start for start, _ in nx.find_cycle(whole_of)]
    links = ", ".join(f"{_name(a)} in {_name(b)} ({part[a, b]})" for a, b in pairwise([*cycle, cycle[0]]))
    raise CurationError(f"a study would be a part of itself: {links}; delete one of these decisions", data)


def _name(thing: str) -> str:
    return "/".join(parts(thing))

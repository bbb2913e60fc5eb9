"""Reads back the networks: each node is a thing, with its attributes and what its edges lead to."""

from __future__ import annotations

import io

import networkx as nx

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said


def read_graphml(files: Files) -> Said:
    """Return what a network in GraphML says."""
    return _said(nx.read_graphml(io.BytesIO(next(iter(files.values())))))


def read_gexf(files: Files) -> Said:
    """Return what a network in GEXF says."""
    return _said(nx.read_gexf(io.BytesIO(next(iter(files.values())))))


def _said(network: nx.Graph) -> Said:
    iris = {node: str(held.get("iri", node)) for node, held in network.nodes(data=True)}
    said = {iris[node]: {str(value) for value in held.values()} for node, held in network.nodes(data=True)}
    for one, other, held in network.edges(data=True):
        said[iris[one]] |= {iris[other], *(str(value) for value in held.values())}
    return said

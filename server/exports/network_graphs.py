"""The citation graph and the identity graph as networks, with typed attributes.

The id of a node is its kind and key (``study:mist``), as GraphML's schema wants a name token, which no IRI with a slash
is; the IRI is the attribute ``iri``. An attribute that the graph has no value for is missing, not empty or zero. Of
several values of a text, all stand in one, sorted, with ``|`` between them; of several years or numbers, none stands,
as no one of them is the right one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import networkx as nx
import pyoxigraph as ox

from msevidence.server.exports.handover import ExportError, Handover
from msevidence.server.exports.network_xml import writable
from msevidence.server.exports.rights import rights
from msevidence.server.labels import Text, query
from msevidence.server.page_reader import Row, rows_of
from msevidence.server.pages_links import name, of
from msevidence.server.wire import Term

Value: TypeAlias = str | int | float | bool
Network: TypeAlias = "nx.MultiDiGraph[str]"

INTEGERS, BOOLEANS = ("year", "enrolment"), ("states_number", "record_found")
_NOT_TOKEN = re.compile(r"[^A-Za-z0-9._-]")
TRUE = ("true", "1")
"""The forms of xsd:boolean's true; Virtuoso gives the second."""
SEVERITIES = ("note", "warning", "error")
KINDS: Mapping[str, str] = {
    "claims": "claim",
    "publications": "publication",
    "studies": "study",
    "registrations": "registration",
    "documents": "document",
}
"""Kind in a scope → ``kind`` of a node; documents come last, as each is a publication too and shown as a document."""


def network(handover: Handover) -> Network:
    """Return the graph that the options name.

    Raises:
        ExportError: they name another.
    """
    made = GRAPHS.get(handover.options.graph)
    if made is None:
        known = " or ".join(GRAPHS)
        raise ExportError(f"there is no graph {handover.options.graph!r} to export; --graph is {known}")
    return made(handover)


def citation(handover: Handover) -> Network:
    """Return the citation graph: documents, their claims, what these cite, and the studies behind it."""
    scope = handover.scope
    kinds = {iri: label for kind, label in KINDS.items() for iri in getattr(scope, kind)}
    network: Network = nx.MultiDiGraph()
    _add_nodes(network, kinds, handover)
    edges: dict[tuple[str, str, str], dict[str, Value]] = {}
    functions: dict[tuple[str, str, str], set[str]] = {}
    for row in handover.lane.select(query("export_network_citation")):
        edge = (name(row["source"]), name(row["relation"]), name(row["target"]))
        if edge[0] in kinds and edge[2] in kinds:
            edges[edge] = _attributes(row, ("inherited", "document"))
            functions.setdefault(edge, set()).update([_last(of(row, "function"))] if "function" in row else [])
    for (source, relation, target), attributes in sorted(edges.items()):
        how = "|".join(sorted(functions[source, relation, target]))
        told = {"label": relation, "relation": relation, **attributes, **({"function": how} if how else {})}
        _add_edge(network, source, relation, target, told)
    return network


def identity(handover: Handover) -> Network:
    """Return the identity graph: registrations, studies, publications, and every decision on which are the same."""
    scope = handover.scope
    shown = ("registrations", "studies", "publications", "documents")
    kinds = {iri: KINDS[kind] for kind in shown for iri in getattr(scope, kind)}
    network: Network = nx.MultiDiGraph()
    rows = [
        row
        for row in handover.lane.select(query("export_network_identity"))
        if name(row["source"]) in kinds or name(row["target"]) in kinds
    ]
    for end in ("source", "target"):
        for row in rows:
            kinds.setdefault(name(row[end]), name(row[end]).split("/")[-2])
    _add_nodes(network, kinds, handover)
    names = ("decision", "rule", "outcome", "confidence", "date", "author", "negated", "document", "because")
    for row in rows:
        source, target, relation = name(row["source"]), name(row["target"]), _last(name(row["relation"]))
        told = {"label": relation, "relation": relation, "decided": "decision" in row, **_attributes(row, names)}
        _add_edge(network, source, relation, target, told)
    return network


GRAPHS: Mapping[str, Callable[[Handover], Network]] = {"citation": citation, "identity": identity}
"""Name of a graph → what makes it."""


def node_id(iri: str) -> str:
    """Return the id of a node: kind and key, with a hash where the key has characters that no name token has.

    >>> node_id("https://w3id.org/msevidence/study/mist")
    'study:mist'
    >>> node_id("https://w3id.org/msevidence/study/a%2Fb")
    'study:a.2Fb.dc24770a'
    """
    kind, key = iri.rstrip("/").split("/")[-2:]
    plain = _NOT_TOKEN.sub(".", key)
    return f"{kind}:{plain}" if plain == key else f"{kind}:{plain}.{hashlib.sha256(iri.encode()).hexdigest()[:8]}"


def _add_edge(network: Network, source: str, relation: str, target: str, told: Mapping[str, Value]) -> None:
    """Add an edge, named by its decision, or by its ends and relation, of which there is one."""
    ends = node_id(source), node_id(target)
    decision = str(told.get("decision", ""))
    network.add_edge(*ends, key=node_id(decision) if decision else f"{ends[0]}..{relation}..{ends[1]}", **told)


def _add_nodes(network: Network, kinds: Mapping[str, str], handover: Handover) -> None:
    items = sorted(kinds)
    said: dict[str, dict[str, list[Term]]] = {iri: {} for iri in items}
    for row in rows_of(handover.lane, "export_network_nodes", items):
        said[name(row["item"])].setdefault(name(row["attribute"]), []).append(row["value"])
    counts: dict[str, dict[str, int]] = {}
    for row in rows_of(handover.lane, "export_network_findings", items):
        counts.setdefault(name(row["item"]), {})[_last(name(row["severity"]))] = int(name(row["findings"]))
    held = rights(handover.lane, handover.labels)
    for iri in items:
        label = handover.labels(iri)
        document = next((name(term) for term in said[iri].get("document", ())), None)
        if not held.allow(label.text, document):
            label = Text(node_id(iri))
        attributes: dict[str, Value] = {"label": writable(label.text), "kind": kinds[iri], "iri": iri}
        if label.language:
            attributes["label_language"] = label.language
        for attribute, terms in said[iri].items():
            value = value_of(attribute, terms)
            if value is not None:
                attributes[attribute] = value
        found = {f"findings_{severity}": counts.get(iri, {}).get(severity, 0) for severity in SEVERITIES}
        network.add_node(node_id(iri), **attributes, **found)


def value_of(attribute: str, terms: Iterable[Term]) -> Value | None:
    """Return the value of an attribute of a node in its type; nothing where several numbers are stated."""
    texts = sorted(
        {_last(t.value) if _coded(attribute, t) else name(t) for t in terms if isinstance(t, ox.NamedNode | ox.Literal)}
    )
    if attribute in INTEGERS:
        numbers = {
            int(text[:4] if attribute == "year" else text)
            for text in texts
            if text[:4].isdigit() or attribute != "year"
        }
        return numbers.pop() if len(numbers) == 1 else None
    if attribute in BOOLEANS:
        return texts[0] in TRUE if len(texts) == 1 else None
    return writable("|".join(texts))


def _coded(attribute: str, term: Term) -> bool:
    """Return whether a value is a concept, which is given by its key; a document is given by its IRI."""
    return isinstance(term, ox.NamedNode) and attribute != "document"


def _attributes(row: Row, names: Iterable[str]) -> dict[str, Value]:
    """Return the attributes of an edge, each in its type; concepts by their keys."""
    told: dict[str, Value] = {}
    for attribute in names:
        if attribute not in row:
            continue
        text = of(row, attribute)
        if attribute in ("inherited", "negated"):
            told[attribute] = text in TRUE
        elif attribute == "confidence":
            told[attribute] = float(text)
        else:
            told[attribute] = writable(_last(text) if attribute in ("rule", "outcome") else text)
    return told


def _last(iri: str) -> str:
    return iri.rstrip("/").rpartition("/")[2]

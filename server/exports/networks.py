"""The citation graph or the identity graph for Gephi, Cytoscape and yEd, as GraphML and GEXF, written by networkx.

GraphML: http://graphml.graphdrawing.org/specification.html. yEd and Cytoscape
show a node by the attribute ``label``, which the reader maps there; shapes of yEd's own are not written.
GEXF: https://gexf.net, version 1.2draft, which every Gephi since 0.8 reads. The date in it is the release's, and
neither format names the version of networkx.
"""

from __future__ import annotations

import io
from xml.etree import ElementTree

import networkx as nx

from msevidence.server.exports.about import lines
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.network_graphs import Network, network
from msevidence.server.exports.network_xml import writable

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://www.gexf.net/1.2draft"
CREATOR = "msevidence"


def write_graphml(handover: Handover) -> Files:
    """Write GraphML, one file.

    Raises:
        ExportError: there is no graph of the name in the options.
    """
    buffer = io.BytesIO()
    nx.write_graphml_xml(_with_ids(network(handover)), buffer, edge_id_from_attribute="id")
    root = ElementTree.fromstring(buffer.getvalue())
    about = ElementTree.Element(f"{{{GRAPHML}}}desc")
    about.text = _about(handover)
    root.insert(0, about)
    return {_file(handover, "graphml"): _written(root, GRAPHML)}


def write_gexf(handover: Handover) -> Files:
    """Write GEXF, one file.

    Raises:
        ExportError: there is no graph of the name in the options.
    """
    buffer = io.BytesIO()
    nx.write_gexf(_with_ids(network(handover)), buffer, version="1.2draft")
    root = ElementTree.fromstring(buffer.getvalue())
    _without_keys(root)
    meta = root.find(f"{{{GEXF}}}meta")
    assert meta is not None  # networkx always writes it
    meta.clear()
    meta.set("lastmodifieddate", handover.release.built[:10])
    ElementTree.SubElement(meta, f"{{{GEXF}}}creator").text = CREATOR
    ElementTree.SubElement(meta, f"{{{GEXF}}}description").text = _about(handover)
    return {_file(handover, "gexf"): _written(root, GEXF)}


def _file(handover: Handover, suffix: str) -> str:
    return f"{handover.stem}-{handover.options.graph}.{suffix}"


def _about(handover: Handover) -> str:
    return writable("\n".join(lines(handover)))


def _without_keys(root: ElementTree.Element) -> None:
    """Take out of GEXF what networkx adds of its own: a name of the graph, which the schema does not know, and keys."""
    for graph in root.iter(f"{{{GEXF}}}graph"):
        graph.attrib.pop("name", None)
    for attributes in root.iter(f"{{{GEXF}}}attributes"):
        for one in [one for one in attributes if one.get("title") == "networkx_key"]:
            attributes.remove(one)
            for values in root.iter(f"{{{GEXF}}}attvalues"):
                for value in [value for value in values if value.get("for") == one.get("id")]:
                    values.remove(value)


def _with_ids(graph: Network) -> Network:
    """Return the graph with the keys of edges as their ids."""
    copy: Network = nx.MultiDiGraph()
    copy.add_nodes_from(graph.nodes(data=True))
    for source, target, key, told in graph.edges(keys=True, data=True):
        copy.add_edge(source, target, id=key, **told)
    return copy


def _written(root: ElementTree.Element, namespace: str) -> bytes:
    """Return an XML document whose elements stand in a namespace without prefix."""
    ElementTree.register_namespace("", namespace)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"

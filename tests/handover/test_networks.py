"""GraphML and GEXF: valid by their schemas, read back by networkx, with the nodes, edges and values of the graph."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from lxml import etree

from msevidence.server.exports.handover import ExportError, Handover, Options
from msevidence.server.exports.network_graphs import GRAPHS, network, node_id, value_of
from msevidence.server.exports.networks import write_gexf, write_graphml
from msevidence.server.exports.rights import LONGEST_QUOTATION
from msevidence.server.labels import Labels, Text
from msevidence.server.local_lane import LocalLane

Made = Callable[..., Handover]
SCHEMAS = {"graphml": "graphml/graphml.xsd", "gexf": "gexf-1.2/gexf.xsd"}
PREFIXES = """
PREFIX mse: <https://w3id.org/msevidence/ontology#>
PREFIX prism: <http://prismstandard.org/namespaces/basic/2.0/>
PREFIX sssom: <https://w3id.org/sssom/>
PREFIX cito: <http://purl.org/spar/cito/>
"""
WRITE = {"graphml": write_graphml, "gexf": write_gexf}
CASES = [(graph, format) for graph in GRAPHS for format in WRITE]


@pytest.fixture(scope="module")
def written(handover: Made) -> dict[tuple[str, str], bytes]:
    """Return both graphs in both formats, of the whole release."""
    made = {graph: handover(options=Options(graph=graph)) for graph in GRAPHS}
    files = {}
    for graph, format in CASES:
        ((name, content),) = WRITE[format](made[graph]).items()
        assert name.endswith(f"-{graph}.{format}")
        files[graph, format] = content
    return files


def read(content: bytes, format: str) -> nx.MultiDiGraph[str]:
    """Return a file as networkx reads it, as a graph with parallel edges."""
    if format == "graphml":
        return nx.read_graphml(io.BytesIO(content), force_multigraph=True)
    found = nx.read_gexf(io.BytesIO(content))
    assert found.is_directed()
    return found if found.is_multigraph() else nx.MultiDiGraph(found)


def asked(lane: LocalLane, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query, as texts in the order of the variables."""
    rows = lane.select(PREFIXES + query)
    return sorted(
        tuple(one.value for one in row.values() if isinstance(one, ox.NamedNode | ox.Literal)) for row in rows
    )


@pytest.mark.shared
@pytest.mark.parametrize(("graph", "format"), CASES)
def test_a_file_is_valid_by_the_schema(
    written: dict[tuple[str, str], bytes], shared_dir: Path, graph: str, format: str
) -> None:
    schema = etree.XMLSchema(etree.parse(shared_dir / "conformance/schemas" / SCHEMAS[format]))
    schema.assertValid(etree.fromstring(written[graph, format]))
    spoilt = re.sub(rb'<node id="[^"]+"', b"<node", written[graph, format], count=1)
    assert not schema.validate(etree.fromstring(spoilt))


@pytest.mark.parametrize(("graph", "format"), CASES)
def test_a_file_is_read_back_as_the_graph(
    written: dict[tuple[str, str], bytes], handover: Made, graph: str, format: str
) -> None:
    made = network(handover(options=Options(graph=graph)))
    back = read(written[graph, format], format)
    assert dict(back.nodes(data=True)) == dict(made.nodes(data=True))
    own = {(source, target, key): dict(told) for source, target, key, told in made.edges(keys=True, data=True)}
    edges = [(source, target, told) for source, target, told in back.edges(data=True)]
    assert len(edges) == len(own) > 100
    told = sorted(sorted((k, repr(v)) for k, v in one.items() if k != "id") for _, _, one in edges)
    assert told == sorted(sorted((k, repr(v)) for k, v in one.items()) for one in own.values())
    assert Counter(one[:2] for one in edges) == Counter(one[:2] for one in own)


def test_nodes_and_edges_are_those_of_the_graph(written: dict[tuple[str, str], bytes], lane: LocalLane) -> None:
    graph = read(written["citation", "graphml"], "graphml")
    kinds = Counter(told["kind"] for _, told in graph.nodes(data=True))
    for kind, pattern in (
        ("claim", "?s a mse:Claim"),
        ("study", "?s a mse:Study"),
        ("registration", "?s a mse:Registration"),
        ("document", "?s a mse:Document"),
        ("publication", "?s a mse:Publication FILTER NOT EXISTS { ?s a mse:Document }"),
    ):
        things = asked(lane, f"SELECT DISTINCT ?s {{ {pattern} }}")
        assert kinds.pop(kind) == len(things), kind
    assert not kinds
    iris = {node: told["iri"] for node, told in graph.nodes(data=True)}
    relations: dict[str, set[tuple[str, str]]] = {}
    for source, target, told in graph.edges(data=True):
        relations.setdefault(told["relation"], set()).add((iris[source], iris[target]))
    for relation, pattern in (
        ("cites", "?s cito:cites ?o . ?s a ?c FILTER(?c IN (mse:Claim, mse:Document))"),
        ("statedIn", "?s a mse:Claim ; mse:inDocument ?o"),
        ("about", "?s a mse:Claim ; mse:about ?o . ?o a mse:Study"),
        ("reportsOn", "?s mse:reportsOn ?o"),
        ("registeredAs", "?s mse:registeredAs ?o"),
        ("partOf", "?s a mse:Study ; mse:partOf ?o"),
    ):
        pairs = {(one, other) for one, other in asked(lane, f"SELECT DISTINCT ?s ?o {{ {pattern} }}")}
        assert relations.pop(relation) == pairs, relation
    assert not relations


def test_attributes_have_their_types_and_missing_ones_stay_missing(
    written: dict[tuple[str, str], bytes], lane: LocalLane
) -> None:
    graph = read(written["citation", "gexf"], "gexf")
    nodes = {told["iri"]: told for _, told in graph.nodes(data=True)}
    dois = dict(asked(lane, "SELECT DISTINCT ?p ?d { ?p a mse:Publication ; prism:doi ?d }"))
    assert {iri: told["doi"] for iri, told in nodes.items() if "doi" in told} == dois
    numbers = dict(asked(lane, "SELECT DISTINCT ?p ?d { ?p mse:registrationNumber ?d }"))
    assert {iri: told["number"] for iri, told in nodes.items() if "number" in told} == numbers
    sizes = dict(asked(lane, "SELECT DISTINCT ?p ?d { ?p a mse:Registration ; mse:enrolment ?d }"))
    assert {iri: str(told["enrolment"]) for iri, told in nodes.items() if "enrolment" in told} == sizes
    years = [told["year"] for told in nodes.values() if "year" in told]
    assert all(type(year) is int for year in years)
    assert len(years) > 30
    assert all(type(told["findings_error"]) is int for told in nodes.values())
    assert sum(told["findings_error"] for told in nodes.values()) > 0
    inherited = [told["inherited"] for *_, told in graph.edges(data=True) if "inherited" in told]
    own = asked(
        lane,
        "SELECT DISTINCT ?c ?o { ?c a mse:Claim ; cito:cites ?o ; mse:hasPointer ?p . ?p a mse:InheritedPointer ;"
        " <http://purl.org/spar/c4o/denotes>/<http://purl.org/spar/biro/references> ?o }",
    )
    assert inherited.count(True) == len(own) > 0
    assert False in inherited


def test_decisions_are_edges_with_what_they_rest_on(written: dict[tuple[str, str], bytes], lane: LocalLane) -> None:
    graph = read(written["identity", "graphml"], "graphml")
    iris = {node: told["iri"] for node, told in graph.nodes(data=True)}
    held = sorted(
        (told["decision"], iris[source], iris[target], f"{told['confidence']:g}", str(told["negated"]).lower())
        for source, target, told in graph.edges(data=True)
        if told["decided"]
    )
    expected = asked(
        lane,
        "SELECT DISTINCT ?d ?s ?o ?c ?n { ?d a mse:IdentityDecision ; sssom:subject_id ?s ; sssom:object_id ?o ;"
        " sssom:confidence ?c BIND(EXISTS { ?d sssom:predicate_modifier sssom:NegatedPredicate } AS ?n) }",
    )
    assert held == [(*one[:3], f"{float(one[3]):g}", one[4]) for one in expected]
    relations = Counter(told["relation"] for *_, told in graph.edges(data=True))
    assert relations["not-same"] > 0
    assert relations["part-of"] > 0
    assert all({"rule", "outcome", "because"} <= told.keys() for *_, told in graph.edges(data=True) if told["decided"])


def test_a_part_has_only_edges_between_its_nodes(handover: Made) -> None:
    graph = network(handover(studies=["mist"]))
    assert node_id("https://w3id.org/msevidence/study/mist") in graph
    assert all("iri" in told for _, told in graph.nodes(data=True))
    assert 1 < len(graph) < 200


def test_the_date_is_the_release_s_and_it_says_whose_it_is(
    written: dict[tuple[str, str], bytes], lane: LocalLane
) -> None:
    for (_, format), content in written.items():
        text = content.decode()
        assert lane.release.id in text
        assert "Apache-2.0" in text
        assert "NetworkX" not in text
        assert "networkx_key" not in text
        if format == "gexf":
            assert f'lastmodifieddate="{lane.release.built[:10]}"' in text


class OddLabels(Labels):
    """Labels in which characters stand that XML has no way to write."""

    def __call__(self, iri: str) -> Text:
        """Return the label with a NUL, an escape and marks of XML after it."""
        label = super().__call__(iri)
        return Text(f"{label.text}\x00\x1b <&>", label.language)


def test_characters_that_xml_can_not_hold_are_replaced(handover: Made, lane: LocalLane) -> None:
    made = replace(handover(studies=["mist"]), labels=OddLabels(lane, "en"))
    for format, write in WRITE.items():
        ((_, content),) = write(made).items()
        assert read(content, format).nodes["study:mist"]["label"] == "MIST\ufffd\ufffd <&>"


@pytest.mark.parametrize(
    ("attribute", "texts", "value"),
    [
        ("record_found", ["true"], True),
        ("record_found", ["1"], True),
        ("record_found", ["0"], False),
        ("year", ["2021-09", "2021"], 2021),
        ("year", ["2021", "2022"], None),
        ("year", ["in press"], None),
        ("enrolment", ["110"], 110),
        ("doi", ["10.1/b", "10.1/a"], "10.1/a|10.1/b"),
    ],
)
def test_values_get_their_type(attribute: str, texts: list[str], value: object) -> None:
    assert value_of(attribute, [ox.Literal(text) for text in texts]) == value


class LongLabels(Labels):
    """Labels that are longer than a quotation may be."""

    def __call__(self, iri: str) -> Text:
        """Return a label of many words."""
        return Text("word " * LONGEST_QUOTATION, "en")


def test_what_is_longer_than_a_quotation_is_not_handed_over(handover: Made, lane: LocalLane) -> None:
    graph = network(replace(handover(documents=["nygaard-2024"]), labels=LongLabels(lane, "en")))
    claims = {node: told for node, told in graph.nodes(data=True) if told["kind"] == "claim"}
    assert claims
    assert all(told["label"] == node for node, told in claims.items())


def test_a_graph_that_there_is_not_is_an_error(handover: Made) -> None:
    with pytest.raises(ExportError, match="no graph 'people' to export; --graph is citation or identity"):
        write_gexf(handover(studies=["mist"], options=Options(graph="people")))

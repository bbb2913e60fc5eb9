"""Which format a client gets, over HTTP against the real server: contract 3."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from tests.server_fixtures import BASE
from tests.server_site import CONSTRUCT, JSON_RESULTS, SELECT, Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a small release."""
    with serving(tmp_path_factory.mktemp("home")) as site:
        yield site


RESULTS = [JSON_RESULTS, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}


@pytest.mark.parametrize("media_type", RESULTS)
def test_formats_of_solutions(site: Site, media_type: str) -> None:
    for query in (SELECT, "ASK { ?s a ?c }"):
        answer = site.ask(query, Accept=media_type)
        assert (answer.status, answer.type()) == (200, media_type)
        format = ox.QueryResultsFormat.from_media_type(media_type)
        assert format is not None
        if media_type == "text/csv":
            assert b"study/mist" in answer.body or answer.body == b"true"
        else:
            read = ox.parse_query_results(answer.body, format)
            assert bool(read) if isinstance(read, ox.QueryBoolean) else len(list(read)) == 2


@pytest.mark.parametrize("media_type", GRAPHS)
def test_formats_of_triples_read_by_another_parser(site: Site, media_type: str) -> None:
    for query in (CONSTRUCT, f"DESCRIBE <{BASE}study/mist>"):
        answer = site.ask(query, Accept=media_type)
        assert (answer.status, answer.type()) == (200, media_type)
        graph = Graph()
        if media_type in ("application/trig", "application/n-quads"):
            from rdflib import Dataset

            graph = Dataset(default_union=True)
        graph.parse(data=answer.body, format=GRAPHS[media_type])
        assert (URIRef(BASE + "study/mist"), RDF.type, URIRef(BASE + "ontology#Study")) in graph


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON_RESULTS),
        ("*/*", JSON_RESULTS),
        ("text/*", "text/csv"),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.9, application/sparql-results+json;q=0.5", RESULTS[1]),
        ("application/sparql-results+json;q=0, */*;q=0.1", RESULTS[1]),
        ("text/csv; header=present", "text/csv"),
        ("application/sparql-results+xml; charset=utf-8; q=0.9, text/csv; q=0.3", RESULTS[1]),
        ('text/csv;x="a;q=0.1"', "text/csv"),
        ('image/png;x="q=0.1;q=0.2", text/csv;q=0.9', "text/csv"),
        ('text/csv;x="a, \\"b;q=0";q="0.2", application/sparql-results+xml;q=0.5', RESULTS[1]),
        ("application/json", JSON_RESULTS),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "text/html"),
    ],
)
def test_accept(site: Site, accept: str, expected: str) -> None:
    answer = site.ask(SELECT, Accept=accept)
    assert (answer.status, answer.type()) == (200, expected)
    assert "Accept" in answer.headers["Vary"].split(", ")


def test_no_accept_at_all_is_the_default(site: Site) -> None:
    assert site.ask(SELECT).type() == JSON_RESULTS
    assert site.ask(CONSTRUCT).type() == "text/turtle"
    assert site.send("/sparql").type() == "text/turtle"


@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (SELECT, 'image/png;x="b;q=1"')]
)
def test_nothing_acceptable_is_406_with_what_is_offered(site: Site, query: str, accept: str) -> None:
    answer = site.ask(query, Accept=accept)
    assert answer.status == 406
    assert len(answer.json()["offered"]) in (4, 6)


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        (SELECT, "csv", "text/csv"),
        (SELECT, "text/csv", "text/csv"),
        (SELECT, "srx", RESULTS[1]),
        (SELECT, "application/sparql-results xml", RESULTS[1]),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "ttl", "text/turtle"),
        (CONSTRUCT, "rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "nq", "application/n-quads"),
    ],
)
def test_the_format_parameter_goes_before_accept(site: Site, query: str, name: str, expected: str) -> None:
    answer = site.ask(query, ("format", name), Accept="image/png")
    assert (answer.status, answer.type()) == (200, expected)
    assert site.ask(query, ("format", "docx"), Accept="image/png").status == 406


UNWRITABLE = {
    'SELECT ("a\\u0001b" AS ?x) {}': "application/sparql-results+xml",
    'SELECT ("\\uFFFF" AS ?x) {}': "application/sparql-results+xml",
    'CONSTRUCT { <urn:s> <urn:p> "\\u000B" } {}': "application/rdf+xml",
    'CONSTRUCT { <urn:s> <http://a.example/1> "x" } {}': "application/rdf+xml",
    'CONSTRUCT { <urn:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> "x" } {}': "application/rdf+xml",
    "CONSTRUCT { <urn:s> <urn:p> <<(<urn:a> <urn:b> <urn:c>)>> } {}": "application/ld+json",
}


@pytest.mark.parametrize("query", UNWRITABLE)
def test_what_a_format_can_not_hold_is_told_and_not_sent(site: Site, query: str) -> None:
    answer = site.ask(query, Accept=UNWRITABLE[query])
    assert answer.status == 406
    assert "can not hold this result" in answer.json()["detail"]
    other = "application/n-triples" if query.startswith("CONSTRUCT") else JSON_RESULTS
    assert site.ask(query, Accept=other).status == 200


@pytest.mark.parametrize("media_type", ["application/sparql-results+xml", "application/rdf+xml"])
def test_xml_gives_back_each_character(site: Site, media_type: str) -> None:
    text = '"a\\rb\\r\\nc\\t<&> \U0001f9ec"'
    if media_type == "application/rdf+xml":
        answer = site.ask(f"CONSTRUCT {{ <urn:s> <urn:p> {text} }} {{}}", Accept=media_type)
        found = str(next(iter(Graph().parse(data=answer.body, format="xml").objects())))
    else:
        answer = site.ask(f"SELECT ({text} AS ?x) {{}}", Accept=media_type)
        found = ElementTree.fromstring(answer.body).findtext(".//{*}literal") or ""
    assert found == "a\rb\r\nc\t<&> \U0001f9ec"


@pytest.mark.parametrize(
    ("written", "coding"),
    [("gzip", "gzip"), ("gzip;q=0.5, identity;q=1", None), ("gzip, identity;q=0.5", "gzip"), ("gzip;q=0", None)],
)
def test_a_client_that_would_rather_have_it_plain_gets_it_plain(site: Site, written: str, coding: str | None) -> None:
    assert site.ask(SELECT, Accept_Encoding=written).headers["Content-Encoding"] == coding

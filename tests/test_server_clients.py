"""Clients that we did not write, and the requests that others are known to send, against the real server."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import SPARQLWrapper as sw  # noqa: N813
from rdflib import Graph, URIRef
from rdflib.namespace import RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.server_fixtures import BASE, publish, quick, running
from tests.server_http import ask, send

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
STUDY = URIRef(BASE + "study/mist")
DATA = f"""
<{STUDY}> <{RDF.type}> <{BASE}ontology#Study> <{BASE}graph/studies> .
<{STUDY}> <{LABEL}> "MIST, 100 % + æøå"@en <{BASE}graph/studies> .
"""
SELECT, ASK = f"SELECT ?label {{ ?s <{LABEL}> ?label }}", "ASK { ?s ?p ?o }"
CONSTRUCT, DESCRIBE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", f"DESCRIBE <{STUDY}>"
JSON_RESULTS, XML_RESULTS = "application/sparql-results+json", "application/sparql-results+xml"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/png,image/svg+xml,*/*;q=0.8"
SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a small release."""
    home: Path = tmp_path_factory.mktemp("clients")
    publish(home, DATA.encode())
    with running(home, quick()) as address:
        yield address


# --------------------------------------------------------------------------- SPARQLWrapper and rdflib


@pytest.mark.parametrize("method", [sw.GET, sw.POST])
@pytest.mark.parametrize("query", [SELECT, ASK])
@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        (sw.JSON, JSON_RESULTS),
        (sw.XML, XML_RESULTS),
        (sw.CSV, "text/csv"),
        (sw.TSV, "text/tab-separated-values"),
        (sw.TURTLE, JSON_RESULTS),  # for triples only: the library says */* for it, and our default is what it gets
        (sw.N3, JSON_RESULTS),
        (sw.RDF, JSON_RESULTS),
        (sw.RDFXML, JSON_RESULTS),
        (sw.JSONLD, JSON_RESULTS),
    ],
)
def test_sparqlwrapper_gets_solutions(url: str, method: str, query: str, format: str, media_type: str) -> None:
    answer = wrapped(url, method, query, format)
    assert answer.info()["content-type"].partition(";")[0] == media_type
    assert ("true" if query == ASK else "MIST, 100 % + æøå").encode() in answer.response.read()


@pytest.mark.parametrize("method", [sw.GET, sw.POST])
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        (sw.TURTLE, "text/turtle"),
        (sw.N3, "text/turtle"),
        (sw.XML, "application/rdf+xml"),
        (sw.RDF, "application/rdf+xml"),
        (sw.RDFXML, "application/rdf+xml"),
        (sw.JSONLD, "application/ld+json"),
        (sw.JSON, "application/ld+json"),
        (sw.CSV, "text/turtle"),  # for solutions only: as above
        (sw.TSV, "text/turtle"),
    ],
)
def test_sparqlwrapper_gets_triples(url: str, method: str, query: str, format: str, media_type: str) -> None:
    answer = wrapped(url, method, query, format)
    assert answer.info()["content-type"].partition(";")[0] == media_type
    assert len(Graph().parse(data=answer.response.read(), format=media_type)) == 2


def wrapped(url: str, method: str, query: str, format: str) -> sw.SmartWrapper.QueryResult:
    """Ask through the library with its defaults: it names the format in three parameters and in `Accept`."""
    client = sw.SPARQLWrapper(url)
    client.setQuery(query)
    client.setMethod(method)
    client.setReturnFormat(format)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that a format is not one of this kind of query
        return client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format", ["xml", "json", "csv", "tsv"])
def test_rdflib_store(url: str, method: str, format: str) -> None:
    graph = Graph(SPARQLStore(url, method=method, returnFormat=format))
    assert [str(row.label) for row in graph.query(SELECT)] == ["MIST, 100 % + æøå"]
    assert set(graph.objects(STUDY, RDF.type)) == {URIRef(BASE + "ontology#Study")}
    if format in ("xml", "json"):  # the library reads `true` as a table of CSV or TSV
        assert graph.query(ASK).askAnswer is True
    if format == "xml":  # with the others the library accepts tables only
        assert len(graph.query(CONSTRUCT).graph or ()) == 2
    named = Graph(SPARQLStore(url, method=method, returnFormat=format), identifier=BASE + "graph/studies")
    assert len(named) == 2
    assert len(Graph(named.store, identifier=BASE + "graph/none")) == 0


# --------------------------------------------------------------------------- ?format= and ?output=


@pytest.mark.parametrize(
    ("query", "more", "accept", "expected"),
    [
        (SELECT, [("format", "tsv"), ("format", "text/tab-separated-values")], "*/*", "text/tab-separated-values"),
        (SELECT, [("format", "docx"), ("format", "csv")], "*/*", "text/csv"),
        (SELECT, [("format", "docx")], XML_RESULTS, XML_RESULTS),
        (SELECT, [("format", "")], XML_RESULTS, XML_RESULTS),
        (SELECT, [("format", "turtle")], "text/csv", "text/csv"),
        (SELECT, [("output", "xml")], "text/csv", XML_RESULTS),
        (SELECT, [("output", "csv"), ("results", "json")], "", "text/csv"),
        (CONSTRUCT, [("format", "application/x-json+ld,application/ld+json")], "text/turtle", "application/ld+json"),
        (CONSTRUCT, [("format", "csv")], "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, [("output", "nt"), ("output", "nt")], "text/turtle", "application/n-triples"),
    ],
)
def test_the_first_known_name_goes_before_accept(
    url: str, query: str, more: list[tuple[str, str]], accept: str, expected: str
) -> None:
    answer = ask(url, query, *more, Accept=accept)
    assert (answer.status, answer.type()) == (200, expected)


def test_unknown_names_leave_the_description_and_graphs_to_accept(url: str) -> None:
    for path in ("/sparql?format=docx&format=", "/graph?default&format=docx&output=x"):
        answer = send(url, path, Accept="application/rdf+xml")
        assert (answer.status, answer.type()) == (200, "application/rdf+xml")
        assert send(url, path, Accept="image/png").status == 406


# --------------------------------------------------------------------------- Accept as it is sent


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (JAVA, JSON_RESULTS),
        ("text/html, image/gif, image/jpeg, */*; q=0.2", JSON_RESULTS),  # the same from a later version
        ("*", JSON_RESULTS),
        ("*; q=.2", JSON_RESULTS),
        ("text/csv; q=.2, application/sparql-results+xml; q=.9", XML_RESULTS),
        ("text/csv;q=0.5, application/sparql-results+xml;q=2", XML_RESULTS),
        ("text/csv;q=abc", "text/csv"),
        ("text/csv;q=, application/sparql-results+xml;q=0.5", "text/csv"),
        ("text/csv;q=-1, application/sparql-results+xml;q=0.001", XML_RESULTS),
        ("text/csv;q=0.5;x=y, application/sparql-results+xml;Q=0.4", "text/csv"),
        (f"{JAVA}, application/sparql-results+xml", XML_RESULTS),
        (CHROMIUM, "text/html"),
        (FIREFOX, "text/html"),
        (SAFARI, "text/html"),
        ("text/html, text/plain, text/css, application/xhtml+xml, */*;q=0.01", "text/html"),  # Lynx
        ("text/html, text/*;q=0.5, image/*", "text/html"),  # w3m
        ("text/html", "text/html"),
    ],
)
def test_who_gets_a_page_and_who_gets_data(url: str, accept: str, expected: str) -> None:
    answer = ask(url, SELECT, Accept=accept)
    assert (answer.status, answer.type()) == (200, expected)
    assert "User-Agent" not in answer.headers["Vary"]


def test_the_default_of_java_gets_data_and_problems_as_data_everywhere(url: str) -> None:
    assert ask(url, CONSTRUCT, Accept=JAVA).type() == "text/turtle"
    assert send(url, "/sparql", Accept=JAVA).type() == "text/turtle"
    assert send(url, "/graph?default", Accept=JAVA).type() == "text/turtle"
    refused = ask(url, "SELECT", Accept=JAVA)
    assert (refused.status, refused.type()) == (400, "application/problem+json")
    assert ask(url, "SELECT", Accept=FIREFOX).type() == "text/html"


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "text/csv;q=.0", "application/*;q=-3"])
def test_what_is_not_wanted_is_not_sent(url: str, accept: str) -> None:
    assert ask(url, SELECT, Accept=accept).status == 406


# --------------------------------------------------------------------------- queries and graphs as they are sent


@pytest.mark.parametrize("query", ["", " ", "%0A"])
def test_an_empty_query_is_refused_by_every_way_to_send_it(url: str, query: str) -> None:
    form = f"query={query.replace(' ', '+')}".encode()
    sent = [
        send(url, "/sparql?" + form.decode()),
        send(url, "/sparql", "POST", form, Content_Type="application/x-www-form-urlencoded"),
        send(url, "/sparql", "POST", query.replace("%0A", "\n").encode(), Content_Type="application/sparql-query"),
    ]
    assert [(answer.status, answer.json()["detail"]) for answer in sent] == [(400, "The query is empty.")] * 3
    page = send(url, "/sparql?" + form.decode(), Accept=FIREFOX)
    assert (page.status, page.type()) == (400, "text/html") and b"<textarea" in page.body


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("default-graph-uri", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("named-graph-uri", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"),
    ],
)
def test_a_graph_that_is_named_twice_counts_once(url: str, name: str, query: str) -> None:
    once = ask(url, query, (name, BASE + "graph/studies"))
    twice = ask(url, query, *[(name, BASE + "graph/studies")] * 2)
    assert once.json()["results"]["bindings"][0]["n"]["value"] == "2"
    assert (twice.body, twice.headers["ETag"]) == (once.body, once.headers["ETag"])

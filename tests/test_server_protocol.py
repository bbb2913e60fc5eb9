"""Queries as sent, the graphs that they ask, and their errors, over HTTP against the real server: contract 1, 2, 5."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from tests.server_fixtures import BASE
from tests.server_site import CONSTRUCT, COUNT, DIRECT, FORM, SELECT, Site, serving, value


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a small release."""
    with serving(tmp_path_factory.mktemp("home")) as site:
        yield site


@pytest.mark.parametrize("text", ["100 % + æøå", "a+b", "a%2Bb", "%25", "a & b = c", "\U0001f9ec"])
def test_every_way_to_send_a_query_keeps_each_character(site: Site, text: str) -> None:
    query = f'SELECT ("{text}" AS ?n) {{}}'
    form = urlencode({"query": query}).encode()
    answers = [
        site.send("/sparql?query=" + quote(query, safe="")),
        site.send("/sparql", "POST", form, Content_Type=FORM),
        site.send("/sparql", "POST", form, Content_Type=FORM + "; charset=UTF-8"),
        site.send("/sparql", "POST", query.encode(), Content_Type=DIRECT),
        site.send("/sparql", "POST", query.encode(), Content_Type=DIRECT + "; charset=utf-8"),
        site.send("/sparql/", "POST", query.encode(), Content_Type=DIRECT),
    ]
    assert [value(answer) for answer in answers] == [text] * len(answers)


def test_head_and_options_answer(site: Site) -> None:
    get, head = site.ask("ASK {}"), site.send("/sparql?query=ASK%7B%7D", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    options = site.send("/sparql", "OPTIONS", Origin="https://a.example", Access_Control_Request_Method="POST")
    assert options.status == 200
    assert {"GET", "HEAD", "POST"} <= set(options.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Content-Type" in options.headers["Access-Control-Allow-Headers"]


def test_a_triple_in_three_graphs_counts_once(site: Site) -> None:
    assert value(site.ask(COUNT)) == "1"
    three = [("default-graph-uri", BASE + f"graph/{name}") for name in ("studies", "review", "meta")]
    assert value(site.ask(COUNT.replace("*", "DISTINCT ?o"), *three)) == "1"


def test_graph_parameters_and_from(site: Site) -> None:
    graphs = [BASE + "graph/studies", BASE + "graph/review"]
    names = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    some = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert value(site.ask(names)) == "4"
    assert value(site.ask(names, *[("named-graph-uri", graph) for graph in graphs])) == "2"
    assert value(site.ask(names, ("default-graph-uri", graphs[0]))) == "0"
    assert value(site.ask(some, ("named-graph-uri", graphs[0]))) == "0"
    assert value(site.ask(some, ("default-graph-uri", graphs[0]))) == "2"
    assert value(site.ask(some.replace("{", f"FROM <{graphs[0]}> {{", 1))) == "2"
    assert value(site.ask(names.replace("{ G", f"FROM NAMED <{graphs[1]}> {{ G", 1))) == "1"
    assert value(site.ask(some.replace("{", f"FROM <{graphs[0]}> {{", 1), ("default-graph-uri", graphs[1]))) == "1"


@pytest.mark.parametrize("graph", ["file:///etc/passwd", "http://127.0.0.1:1/x", BASE + "graph/none"])
def test_an_unknown_graph_is_empty_and_not_fetched(site: Site, graph: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert value(site.ask(count, ("default-graph-uri", graph))) == "0"
    assert value(site.ask(count.replace("{", f"FROM <{graph}> {{", 1))) == "0"
    assert value(site.ask(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")) == "0"


@pytest.mark.parametrize(
    ("path", "method", "body", "headers", "status"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "GET", None, {}, 400),
        ("/sparql?query=ASK%7B%7D&query=", "GET", None, {}, 400),
        ("/sparql?query=ASK%7B%7D", "POST", b"ASK{}", {"Content_Type": DIRECT}, 400),
        ("/sparql", "POST", b"", {"Content_Type": FORM}, 400),
        ("/sparql", "POST", b"query=%FF", {"Content_Type": FORM}, 400),
        ("/sparql?query=%FF", "GET", None, {}, 400),
        ("/sparql", "POST", b"ASK { ?s ?p '\xff' }", {"Content_Type": DIRECT}, 400),
        ("/sparql", "POST", "ASK{}".encode("utf-16"), {"Content_Type": DIRECT + "; charset=utf-16"}, 415),
        ("/sparql", "POST", b"ASK{}", {"Content_Type": "text/plain"}, 415),
        ("/sparql", "POST", b"ASK{}", {}, 415),
        ("/sparql", "PUT", b"ASK{}", {"Content_Type": DIRECT}, 405),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=relative", "GET", None, {}, 400),
        ("/sparql?update=CLEAR%20ALL", "GET", None, {}, 403),
        ("/sparql", "POST", b"update=CLEAR%20ALL", {"Content_Type": FORM}, 403),
        ("/sparql", "POST", b"CLEAR ALL", {"Content_Type": "application/sparql-update"}, 403),
        ("/sparql?query=LOAD%20%3Cfile%3A%2F%2F%2Fetc%2Fpasswd%3E", "GET", None, {}, 403),
        ("/sparql?query=ASK%7BSERVICE%20%3Chttp%3A%2F%2F127.0.0.1%3A1%2F%3E%7B%7D%7D", "GET", None, {}, 403),
        ("/sparql", "POST", b"query=" + b"x" * (2 << 20), {"Content_Type": FORM}, 413),
        ("/sparql", "POST", b"ASK {} #" + b"x" * (130 << 10), {"Content_Type": DIRECT}, 413),
        ("/nothing-here", "GET", None, {}, 404),
        ("/graph", "GET", None, {}, 400),
        ("/graph?default&graph=http%3A%2F%2Fa.example%2F", "GET", None, {}, 400),
        ("/graph?graph=http%3A%2F%2Fa.example%2F", "GET", None, {}, 404),
        ("/graph?graph=relative", "GET", None, {}, 400),
        ("/graph?default", "PUT", b"", {"Content_Type": "text/turtle"}, 405),
        ("/graph?default", "POST", b"", {"Content_Type": "text/turtle"}, 405),
        ("/graph?default", "DELETE", None, {}, 405),
        ("/releases/0000/data.nq", "GET", None, {}, 404),
        (f"/releases/{'a' * 300}/", "GET", None, {}, 404),
        (f"/releases/{'a' * 300}/data.nq", "GET", None, {}, 404),
        ("/releases/..%2f..%2fetc/passwd", "GET", None, {}, 404),
        ("/releases/%2e%2e/manifest.json", "GET", None, {}, 404),
    ],
)
def test_every_error_has_one_shape_and_cors(
    site: Site, path: str, method: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    answer = site.send(path, method, body, **headers)
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Credentials"] is None
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"] is None
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.type() == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"] and problem["detail"] and problem["type"].startswith("tag:")


def test_a_syntax_error_has_line_and_column_in_every_shape(site: Site) -> None:
    query = "SELECT * {\n  ?s ?p\n}"
    problem = site.ask(query).json()
    assert (problem["status"], problem["line"], problem["column"]) == (400, 3, 1)
    text = site.ask(query, Accept="text/csv, text/plain;q=0.5")
    assert (text.status, text.type()) == (400, "text/plain")
    assert b"Line 3, column 1" in text.body
    query = "SELECT * { ?s ?p '<script>alert(1)</script>' "
    page = site.ask(query, Accept="text/html,*/*;q=0.1", Accept_Language="nb-NO,nb;q=0.9")
    assert (page.status, page.type()) == (400, "text/html")
    assert b'lang="nb"' in page.body and b"syntaksfeil" in page.body
    assert b"<script>" not in page.body and b"&lt;script&gt;alert" in page.body


def test_an_unknown_function_is_the_clients_fault(site: Site) -> None:
    answer = site.ask("SELECT (<http://a.example/f>(1) AS ?n) {}")
    assert answer.status == 400
    assert "http://a.example/f" in answer.json()["detail"]


def test_sparqlwrapper(site: Site) -> None:
    client = SPARQLWrapper(site.url)
    client.setQuery(f'SELECT ?l {{ <{BASE}study/mist> ?p ?l FILTER(CONTAINS(?l, "100 % + æ")) }}')
    client.setReturnFormat(JSON)
    for method in ("GET", POST):
        client.setMethod(method)
        rows = client.query().convert()["results"]["bindings"]
        assert [row["l"]["value"] for row in rows] == ["MIST, 100 % + æøå"]
    client.setQuery(CONSTRUCT)
    client.setReturnFormat(TURTLE)
    assert b"study/mist" in client.query().convert()


def test_rdflib_sparql_store(site: Site) -> None:
    for method in ("GET", "POST", "POST_FORM"):
        graph = Graph(SPARQLStore(site.url, method=method))
        labels = {str(o) for o in graph.objects(URIRef(BASE + "study/mist"), None)}
        assert "MIST, 100 % + æøå" in labels
        assert len(graph.query(SELECT)) == 2


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(site: Site) -> None:
    def curl(*arguments: str) -> str:
        done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True, timeout=30)
        return done.stdout

    assert curl("-G", site.url, "--data-urlencode", f"query={SELECT}", "-H", "Accept: text/csv").startswith("s\n")
    assert '"boolean":true' in curl(site.url, "--data-urlencode", "query=ASK {}")
    assert '"boolean":true' in curl(site.url, "-H", f"Content-Type: {DIRECT}", "--data-binary", "ASK {}")
    assert "@prefix sd:" in curl(site.url)
    assert '"boolean":true' in curl("--compressed", site.url + "?query=ASK%7B%7D")

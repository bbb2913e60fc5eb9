"""The endpoint as its clients meet it, over HTTP against the real server: contract 1 to 13."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from msevidence.queries import load_questions
from msevidence.server import answers, releases
from tests.server_fixtures import BASE, publish, quick, running

RDFS_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
SH = "http://www.w3.org/ns/shacl#"
DATA = f"""
<{BASE}study/mist> <{RDF.type}> <{BASE}ontology#Study> <{BASE}graph/studies> .
<{BASE}study/mist> {RDFS_LABEL} "MIST, 100 % + æøå"@en <{BASE}graph/studies> .
<{BASE}study/mist> {RDFS_LABEL} "MIST, 100 % + æøå"@en <{BASE}graph/review> .
<{BASE}study/mist> {RDFS_LABEL} "MIST, 100 % + æøå"@en <{BASE}graph/meta> .
<{BASE}query/one> <{RDF.type}> <{SH}SPARQLExecutable> <{BASE}graph/queries> .
<{BASE}query/one> <{SH}select> "SELECT ?study {{ ?study a <{BASE}ontology#Study> }}" <{BASE}graph/queries> .
<{BASE}query/one> {RDFS_LABEL} "Which studies <are> there?"@en <{BASE}graph/queries> .
<{BASE}query/one> {RDFS_LABEL} "Hvilke studier finnes?"@nb <{BASE}graph/queries> .
"""
COUNT = f"SELECT (COUNT(*) AS ?n) {{ <{BASE}study/mist> {RDFS_LABEL} ?o }}"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
JSON_RESULTS = "application/sparql-results+json"


class Answer(NamedTuple):
    """A response, whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict:  # type: ignore[type-arg]
        """Return the body read as JSON."""
        return dict(json.loads(self.body))

    def type(self) -> str:
        """Return the media type without parameters."""
        return self.headers["Content-Type"].partition(";")[0]


class Site(NamedTuple):
    """A running server and what it serves."""

    url: str
    home: Path
    release: str

    def send(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Send one request with exactly these headers."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def ask(self, query: str, *more: tuple[str, str], **headers: str) -> Answer:
        """Send a query by GET."""
        return self.send("/sparql?" + urlencode([("query", query), *more]), **headers)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a small release."""
    home = tmp_path_factory.mktemp("home")
    release = publish(home, DATA.encode())
    with running(home, quick(cache_bytes=1 << 20)) as url:
        yield Site(url, home, release)


def value(answer: Answer, name: str = "n") -> str:
    """Return the only value of a JSON result."""
    assert answer.status == 200, answer.body
    (binding,) = answer.json()["results"]["bindings"]
    return str(binding[name]["value"])


# ------------------------------------------------------------------ protocol


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
    assert b"<script" not in page.body


def test_an_unknown_function_is_the_clients_fault(site: Site) -> None:
    answer = site.ask("SELECT (<http://a.example/f>(1) AS ?n) {}")
    assert answer.status == 400
    assert "http://a.example/f" in answer.json()["detail"]


# --------------------------------------------------------------- negotiation

SELECT, CONSTRUCT = "SELECT ?s { ?s a ?c }", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"
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


@pytest.mark.parametrize(("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (SELECT, "image/png")])
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


# ------------------------------------------------------- tags, coding, cache


def test_a_strong_tag_for_each_thing_that_decides_the_bytes(site: Site) -> None:
    graph = BASE + "graph/studies"
    variants = [
        site.ask(SELECT),
        site.ask(SELECT + " "),
        site.ask(SELECT, ("default-graph-uri", graph)),
        site.ask(SELECT, ("named-graph-uri", graph)),
        site.ask(SELECT, Accept="text/csv"),
        site.ask(SELECT, Accept_Encoding="gzip"),
    ]
    tags = [answer.headers["ETag"] for answer in variants]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith(f'"{site.release}-') for tag in tags)
    again = site.ask(SELECT)
    assert (again.headers["ETag"], again.body) == (tags[0], variants[0].body)


def test_304_before_anything_runs(site: Site) -> None:
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u } ORDER BY ?a"
    of_endless = answers.entity_tag(releases.current(site.home), endless, None, None, "json", False)
    assert site.ask(endless, If_None_Match=f'"{of_endless}"').status == 304
    assert site.ask(endless).status in (413, 503, 504)
    tag = site.ask(SELECT).headers["ETag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}'):
        answer = site.ask(SELECT, If_None_Match=given)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert "Accept" in answer.headers["Vary"]
    other_release = tag.replace(site.release, "0" * 64)
    for given in (other_release, "*", '"x"'):
        assert site.ask(SELECT, If_None_Match=given).status == 200
    assert (
        site.send("/sparql", "POST", SELECT.encode(), Content_Type=DIRECT, If_None_Match=tag).status == 200
    )  # a condition on GET and HEAD only


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_no_tag_for_what_differs(site: Site, call: str) -> None:
    answer = site.ask(f"SELECT ({call} AS ?n) {{}}", If_None_Match="*")
    assert answer.status == 200
    assert answer.headers["ETag"] is None
    assert answer.headers["Cache-Control"] == "no-store"
    if call != "NOW()":
        assert answer.body != site.ask(f"SELECT ({call} AS ?n) {{}}").body


def test_gzip_when_asked(site: Site) -> None:
    plain = site.ask(SELECT, Accept_Encoding="identity, gzip;q=0")
    packed = site.ask(SELECT, Accept_Encoding="gzip, br")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]


# --------------------------------------------------- descriptions and dumps


def test_the_bare_endpoint_describes_itself_to_rdf_clients(site: Site) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    answer = site.send("/sparql", Accept="text/turtle")
    graph = Graph().parse(data=answer.body, format="turtle")
    assert str(graph.value(None, URIRef(sd + "supportedLanguage"), URIRef(sd + "SPARQL11Query"))).endswith("#service")
    assert site.url in {str(o) for o in graph.objects(None, URIRef(sd + "endpoint"))}
    names = {str(o) for o in graph.objects(None, URIRef(sd + "name"))}
    assert names == {BASE + f"graph/{name}" for name in ("studies", "review", "meta", "queries")}
    assert len(set(graph.objects(None, URIRef(sd + "resultFormat")))) == 10
    limits = {str(o) for o in graph.objects(None, URIRef("https://schema.org/name"))}
    assert {"deadline", "result size", "query length", "memory"} <= limits
    queries = set(graph.subjects(RDF.type, URIRef("http://www.w3.org/ns/shacl#SPARQLExecutable")))
    assert queries == {URIRef(BASE + "query/one")}
    assert site.send("/sparql?query=", Accept="text/turtle").status == 400
    assert site.send("/sparql", Accept="text/turtle", If_None_Match=answer.headers["ETag"]).status == 304


@pytest.mark.parametrize(("language", "word"), [("en", "Ask in SPARQL"), ("nb-NO", "Spør i SPARQL")])
def test_a_browser_gets_a_form_that_needs_no_script(site: Site, language: str, word: str) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = site.send("/sparql", Accept=browser, Accept_Language=language)
    text = page.body.decode()
    assert (page.status, page.type()) == (200, "text/html")
    assert word in text and '<form action="/sparql#answer" method="get"' in text and "<script" not in text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert {"Accept", "Accept-Language"} <= set(page.headers["Vary"].split(", "))
    label = "Which studies &lt;are&gt; there?" if language == "en" else "Hvilke studier finnes?"
    assert label in text
    filled = site.send("/sparql?" + urlencode({"example": BASE + "query/one", "lang": "nb"}), Accept=browser)
    assert "SELECT ?study { ?study a" in filled.body.decode() and 'lang="nb"' in filled.body.decode()
    assert site.send("/static/site.css").status == 200


def test_graph_store_reads(site: Site) -> None:
    default = site.send("/graph?default", Accept="application/n-triples")
    assert default.body.count(b"\n") == 6
    named = site.send("/graph?graph=" + quote(BASE + "graph/studies", safe=""), Accept="application/n-triples")
    assert named.body.count(b"\n") == 2
    head = site.send("/graph?default", "HEAD")
    assert (head.status, head.type()) == (200, "text/turtle")
    tag = default.headers["ETag"]
    assert site.send("/graph?default", Accept="application/n-triples", If_None_Match=tag).status == 304
    assert "GET" in site.send("/graph?default", "DELETE").headers["Allow"]


def test_void_dataset_and_dump_with_hash_and_date(site: Site) -> None:
    void = site.send("/.well-known/void")
    assert (void.status, void.headers["Location"]) == (303, "../dataset")
    graph = Graph().parse(data=site.send("/dataset", Accept="application/rdf+xml").body, format="xml")
    dumps = [str(o) for o in graph.objects(None, URIRef("http://rdfs.org/ns/void#dataDump"))]
    assert dumps == [site.url.removesuffix("/sparql") + f"/releases/{site.release}/data.nq"]
    checksums = {str(o) for o in graph.objects(None, URIRef("http://spdx.org/rdf/terms#checksumValue"))}
    path = urlsplit(dumps[0]).path
    dump = site.send(path)
    ontology = site.send(f"/releases/{site.release}/ontology/core.ttl")
    assert {hashlib.sha256(file.body).hexdigest() for file in (dump, ontology)} == checksums
    assert ontology.type() == "text/turtle"
    assert dump.type() == "application/n-quads" and dump.headers["Last-Modified"] and dump.headers["Repr-Digest"]
    assert site.send(path, If_None_Match=dump.headers["ETag"]).status == 304
    part = site.send(path, Range="bytes=10-19")
    assert (part.status, part.body) == (206, dump.body[10:20])
    listed = json.loads(site.send("/releases/").body)
    assert [release["id"] for release in listed["releases"]] == [site.release] and listed["current"] == site.release
    assert json.loads(site.send(f"/releases/{site.release}/manifest.json").body)["release"] == site.release


def test_sitemap_has_the_local_addresses(site: Site) -> None:
    tree = ElementTree.fromstring(site.send("/sitemap.xml").body)
    root = site.url.removesuffix("sparql")
    found = [loc.text for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    questions = [f"{root}queries/{key}" for key in sorted(load_questions())]
    assert questions and found == [root + "query/one", root + "study/mist", *questions]


def test_health(site: Site) -> None:
    health = json.loads(site.send("/health").body)
    assert health["release"]["id"] == site.release
    assert set(health["lanes"]) == {"sparql", "pages"}
    assert health["status"] == ("degraded" if health["warnings"] else "ok")


# -------------------------------------------------- clients we did not write


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

"""What describes the endpoint and hands over the whole, over HTTP against the real server: contract 4, 6, 10, 13."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from msevidence.queries import load_questions
from tests.server_fixtures import BASE
from tests.server_site import Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a small release."""
    with serving(tmp_path_factory.mktemp("home")) as site:
        yield site


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
    declared = set(graph.objects(None, URIRef("http://www.w3.org/ns/shacl#declare")))
    assert declared == set(graph.subjects(RDF.type, URIRef("http://www.w3.org/ns/shacl#PrefixDeclaration")))
    assert site.send("/sparql?query=", Accept="text/turtle").status == 400
    assert site.send("/sparql", Accept="text/turtle", If_None_Match=answer.headers["ETag"]).status == 304


@pytest.mark.parametrize(("language", "word"), [("en", "Ask in SPARQL"), ("nb-NO", "Spør i SPARQL")])
def test_a_browser_gets_a_form_that_needs_no_script(site: Site, language: str, word: str) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = site.send("/sparql", Accept=browser, Accept_Language=language)
    text = page.body.decode()
    assert (page.status, page.type()) == (200, "text/html")
    assert word in text and '<form action="/sparql#answer" method="get"' in text and "<script>" not in text
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

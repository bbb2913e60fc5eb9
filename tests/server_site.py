"""A small release behind the real server, and requests to it, for the tests of the endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rdflib.namespace import RDF

from tests.server_fixtures import BASE, publish, quick, running
from tests.server_http import Answer, ask, send

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
SELECT, CONSTRUCT = "SELECT ?s { ?s a ?c }", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"


class Site(NamedTuple):
    """A running server and what it serves."""

    url: str
    home: Path
    release: str

    def send(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Send one request with exactly these headers."""
        return send(self.url, path, method, body, **headers)

    def ask(self, query: str, *more: tuple[str, str], **headers: str) -> Answer:
        """Send a query by GET."""
        return ask(self.url, query, *more, **headers)


@contextmanager
def serving(home: Path) -> Iterator[Site]:
    """Run a server with a cache over the small release."""
    release = publish(home, DATA.encode())
    with running(home, quick(cache_bytes=1 << 20)) as url:
        yield Site(url, home, release)


def value(answer: Answer, name: str = "n") -> str:
    """Return the only value of a JSON result."""
    assert answer.status == 200, answer.body
    (binding,) = answer.json()["results"]["bindings"]
    return str(binding[name]["value"])

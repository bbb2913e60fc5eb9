"""What the event loop answers itself is what Flask would answer: status, headers and body."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from tests.pages_site import client_of
from tests.server_fixtures import publish, quick, running
from tests.server_http import send
from tests.test_metrics import counted

DATA = b'<a:a> <a:b> "1" <a:g> .\n<a:a> <a:c> <a:d> <a:h> .\n'
SELECT = "SELECT ?o { <a:a> <a:b> ?o }"
LONG = f"SELECT ?o {{ <a:a> <a:b> ?o FILTER(?o NOT IN ({', '.join(map(str, range(2, 1_000)))})) }}"
JSON = "application/sparql-results+json"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"

ASKED: dict[str, tuple[str, str, bytes | None, dict[str, str]]] = {
    "get": ("GET", f"/sparql?query={quote(SELECT)}", None, {}),
    "with a slash": ("GET", f"/sparql/?query={quote(SELECT)}", None, {}),
    "csv": ("GET", f"/sparql?query={quote(SELECT)}", None, {"Accept": "text/csv"}),
    "format": ("GET", f"/sparql?query={quote(SELECT)}&format=xml", None, {}),
    "gzip": ("GET", f"/sparql?query={quote(SELECT)}", None, {"Accept-Encoding": "gzip"}),
    "construct": ("GET", f"/sparql?query={quote('CONSTRUCT WHERE { ?s ?p ?o }')}", None, {"Accept": "text/turtle"}),
    "form": ("POST", "/sparql", urlencode({"query": SELECT}).encode(), {"Content-Type": FORM}),
    "direct": ("POST", "/sparql", SELECT.encode(), {"Content-Type": f"{QUERY}; charset=utf-8"}),
    "graphs": ("GET", f"/sparql?query={quote(SELECT)}&default-graph-uri=a:h", None, {}),
    "now": ("GET", f"/sparql?query={quote('SELECT (1 AS ?n) { FILTER(NOW() > 0 || true) }')}", None, {}),
    "syntax": ("GET", "/sparql?query=SELECT", None, {}),
    "update": ("GET", "/sparql?update=CLEAR%20ALL", None, {}),
    "no query": ("POST", "/sparql", b"", {"Content-Type": FORM}),
    "not acceptable": ("GET", f"/sparql?query={quote(SELECT)}", None, {"Accept": "image/png"}),
    "not UTF-8": ("GET", "/sparql?query=%FF", None, {}),
    "body not UTF-8": ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", {"Content-Type": QUERY}),
    "another type": ("POST", "/sparql", SELECT.encode(), {"Content-Type": "text/plain"}),
    "service": ("GET", f"/sparql?query={quote('ASK { SERVICE <http://a.example/> {} }')}", None, {}),
    "page": ("GET", f"/sparql?query={quote(SELECT)}", None, {"Accept": "text/html"}),
    "text for an error": ("GET", "/sparql?query=SELECT", None, {"Accept": "text/plain"}),
    "text for an error, in Norwegian": (
        "GET",
        "/sparql?query=SELECT",
        None,
        {"Accept": "text/plain", "Accept-Language": "nb;q=0.8, fr"},
    ),
    "refused in Norwegian": (
        "GET",
        f"/sparql?query={quote('ASK { SERVICE <http://a.example/> {} }')}",
        None,
        {"Accept-Language": "nn"},
    ),
    "a language that is asked for": ("GET", "/sparql?query=SELECT&lang=nb", None, {}),
    "a language in other letters": ("GET", "/sparql?query=SELECT&l%61ng=nb", None, {"Accept-Language": "en"}),
    "a language in the query": ("GET", "/sparql?query=SELECT%20lang%3Dnb", None, {}),
    "no language of ours": ("GET", "/sparql?query=SELECT&lang=fr", None, {"Accept-Language": "nb"}),
    "a page for an error": ("GET", "/sparql?query=SELECT", None, {"Accept": "text/html"}),
    "a page rather than nothing": ("GET", "/sparql?query=SELECT", None, {"Accept": f"{JSON}, text/html;q=0.1"}),
    "long": ("GET", f"/sparql?query={quote(LONG)}", None, {}),
    "long and a page": ("GET", f"/sparql?query={quote(LONG)}", None, {"Accept": "text/html"}),
    "long and refused": (
        "POST",
        "/sparql",
        urlencode({"query": LONG.replace("1", "1 + " * 2_000 + "1", 1)}).encode(),
        {"Content-Type": FORM},
    ),
    "too large": ("GET", f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }')}", None, {}),
}
DIRECT = {"get", "with a slash", "csv", "format", "gzip", "construct", "form", "direct", "graphs", "now"}
DIRECT |= {"syntax", "too large", "not acceptable", "service", "text for an error", "long", "long and refused"}
DIRECT |= {"text for an error, in Norwegian", "refused in Norwegian"}
DIRECT |= {"a language that is asked for", "a language in other letters", "a language in the query"}
DIRECT |= {"no language of ours", "a page rather than nothing"}  # the error of the last is Flask's to write
"""The rest is Flask's."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FlaskClient]]:
    """A server, and the application alone, over the same release."""
    home = tmp_path_factory.mktemp("home")
    publish(home, DATA)
    settings = quick(result_cap=2_000)
    with running(home, settings) as url, client_of(home, settings) as client:
        yield url, client


@pytest.mark.parametrize("name", ASKED)
def test_both_ways_answer_alike(both: tuple[str, FlaskClient], name: str) -> None:
    url, client = both
    method, path, body, headers = ASKED[name]
    before = counted(url, "sparql")
    served = send(url, path, method, body, **{key.replace("-", "_"): value for key, value in headers.items()})
    assert counted(url, "sparql") - before == (1 if name in DIRECT else 0)
    root = url.removesuffix("/sparql")
    asked = client.open(path, base_url=root, method=method, data=body, headers=headers)
    assert served.status == asked.status_code
    assert served.body == asked.data
    dropped = {"Date", "Connection"}
    assert sorted((k, v) for k, v in served.headers.items() if k not in dropped) == sorted(
        (k, v) for k, v in asked.headers.items() if k not in dropped
    )

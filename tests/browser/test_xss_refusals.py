"""Hostile texts in what is refused: pages of errors, the errors of the query form, methods, hosts; and on small pages.

The site has the small graph with a payload behind each of its texts, in two releases, so that its changes have them
too. What no browser sends (a method, a host) is sent by hand, and the answer is then read by the browser as the site's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from playwright import sync_api

from msevidence.queries import load_questions
from msevidence.server.releases import current
from tests.attacks.raw import converse
from tests.browser.opening import Watched
from tests.browser.page_types import SMALL
from tests.browser.poisoned import EVERYWHERE, mark, publish_poisoned
from tests.browser.test_xss import ACCEPT, HOOK, MARK, PAYLOAD, Seen, harmless
from tests.pages_site import MSE, publish_pages
from tests.server_fixtures import running

TYPE, LABEL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2000/01/rdf-schema#label"
BASE = "https://w3id.org/msevidence/"
P = quote(PAYLOAD, safe="")
IN_IRI = f"http://x/{mark('asked')}'onmouseover='xss(40)'data-xss='&lt;img/src/onerror=xss(41)&gt;"
"""A payload of what an IRI may have."""


class Small(NamedTuple):
    """A site over the poisoned small graph."""

    url: str
    before: str
    """Id of the release before, and"""
    now: str
    """of the one that is served."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    folder = tmp_path_factory.mktemp("refusals")
    new = ox.NamedNode(f"{BASE}study/new")
    into = ox.NamedNode(f"{BASE}graph/studies")
    more = [
        ox.Quad(new, ox.NamedNode(TYPE), ox.NamedNode(f"{MSE}Study"), into),
        ox.Quad(new, ox.NamedNode(LABEL), ox.Literal("A study that is new", language="en"), into),
    ]
    ids = []
    for name, quads in (("before", []), ("now", more)):
        publish_pages(folder / name, more=quads)
        publish_poisoned((folder / name / "current").resolve(), folder / "home")
        ids.append(current(folder / "home").id)
    assert len(set(ids)) == 2
    with running(folder / "home") as endpoint:
        yield Small(endpoint.removesuffix("/sparql"), *ids)


@pytest.fixture(scope="module")
def seen(browser: sync_api.Browser, site: Small) -> Iterator[Seen]:
    contexts = [browser.new_context(locale="en", java_script_enabled=enabled) for enabled in (True, False)]
    contexts[0].add_init_script(HOOK)
    yield Seen(*(Watched(context, site.url, scripts=n == 0) for n, context in enumerate(contexts)))
    for context in contexts:
        context.close()


PAGES: Mapping[str, str] = {
    **SMALL,
    "home": "/",
    "documents": "/documents",
    "studies": "/studies",
    "new": "/study/new.html",
    "search": "/search?q=study",
    "graphs": "/graphs",
    "quality": "/quality",
    "review": "/review",
    "changes": "/changes",
    "changes-between": "/changes/{before}/{now}",
    "changes-back": "/changes/{now}/{before}",
    "changes-of-a-study": "/changes/{before}/{now}?study=new",
    "releases": "/releases/",
    "release": "/releases/{now}/",
    "api": "/api",
    "api-norsk": "/api?lang=nb",
}
SILENT = {"releases", "release", "api", "api-norsk"}
"""Pages that have no text of the graph."""


@pytest.mark.parametrize("name", PAGES)
def test_a_small_page_shows_payloads_as_text(site: Small, seen: Seen, name: str) -> None:
    for window in seen:
        assert window.open(PAGES[name].format(**site._asdict())) == 200
        window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert MARK in harmless(window) or name in SILENT, "no payload is on this page: the test would prove nothing"


ERRORS: Mapping[str, int] = {
    f"/{P}": 404,
    f"/{P}/{P}": 404,
    f"/study/{P}": 404,
    f"/study/{P}.html": 404,
    f"/{P}/mist.html": 404,
    f"/browse/{P}": 404,
    f"/vocabulary/{P}": 404,
    f"/queries/{P}": 404,
    f"/flow/{P}": 404,
    f"/review/{P}": 404,
    f"/review/{P}/report": 404,
    f"/export/{P}": 404,
    f"/export?format={P}": 404,
    f"/export?study={P}": 404,
    f"/np/{P}/{P}": 404,
    f"/releases/{P}/": 404,
    f"/releases/{P}/data.nq": 404,
    f"/releases/{{now}}/{P}": 404,
    f"/changes/{P}/{P}": 404,
    f"/changes/{{before}}/{P}": 404,
    f"/changes?study={P}": 400,
    f"/map?{P}={P}": 400,
    f"/studies?page={P}": 400,
    f"/studies?format={P}": 406,
    f"/studies?sort={P}": 400,
    f"/graph?graph={P}": 400,
    f"/graph?{P}": 400,
    f"/sitemap.xml?part={P}": 400,
}


@pytest.mark.parametrize("address", ERRORS, ids=lambda address: address.replace(P, "*"))
def test_a_page_of_an_error_says_the_payload_as_text(site: Small, seen: Seen, address: str) -> None:
    for window in seen:
        assert window.open(address.replace("{now}", site.now).replace("{before}", site.before)) == ERRORS[address]
        assert MARK in harmless(window, refused=True) or address.startswith("/graph?%")


QUERIES: Mapping[str, Mapping[str, str]] = {
    "not closed": {"query": f'SELECT * {{ ?s ?p "{PAYLOAD}'},
    "in a string of a wrong query": {"query": f'SELECT * {{ ?s ?p """{PAYLOAD}""" ?o ?o }}'},
    "in a comment before the fault": {"query": f"SELECT * {{ # {PAYLOAD}\n ?s }}"},
    "no query at all": {"query": PAYLOAD},
    "an unknown prefix": {"query": f"SELECT * {{ {mark('asked')}onload:x ?p ?o }}"},
    "an unknown function": {"query": f"SELECT (<{IN_IRI}>(1) AS ?x) {{}}"},
    "an update": {"query": f'INSERT DATA {{ <a:a> <a:b> """{PAYLOAD}""" }}'},
    "an endpoint elsewhere": {"query": f"SELECT * {{ SERVICE <{IN_IRI}> {{ ?s ?p ?o }} }}"},
    "nested too deeply": {"query": f"SELECT * {{ {'{' * 500} ?s ?p '{mark('asked')}' {'}' * 500} }}"},
    "an update beside it": {"query": "ASK {}", "update": PAYLOAD},
    "a default graph": {"query": "ASK {}", "default-graph-uri": PAYLOAD},
    "a named graph": {"query": "ASK {}", "named-graph-uri": PAYLOAD},
    "a format": {"query": "SELECT * {} LIMIT 1", "format": PAYLOAD},
    "another format": {"query": "SELECT * {} LIMIT 1", "output": PAYLOAD},
    "an example": {"example": PAYLOAD},
    "a language": {"query": f"SELECT {PAYLOAD}", "lang": PAYLOAD},
    "an unknown parameter": {"query": f"SELECT {PAYLOAD}", PAYLOAD: PAYLOAD},
}
UNSAID = {"an update beside it", "a default graph", "a named graph", "an example", "a format", "another format"}
"""What is not said back."""


@pytest.mark.parametrize("what", QUERIES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_error_of_the_query_form_says_the_payload_as_text(seen: Seen, what: str, method: str) -> None:
    for window in seen:
        status = _ask(window, "/sparql", QUERIES[what], method)
        assert status in (200, 400, 403, 406), status
        assert MARK in harmless(window, refused=status != 200) or what in UNSAID


def _ask(window: Watched, path: str, fields: Mapping[str, str], method: str) -> int:
    """Open an address as a form of the page would: with the fields in the address, or as the body."""
    if method == "GET":
        status = window.open(f"{path}?{urlencode(fields)}")
        window.wait_for_editor()
        return status
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": ACCEPT}

    def sent(route: sync_api.Route) -> None:
        route.continue_(method="POST", headers=headers, post_data=urlencode(fields))

    window.page.route(window.site + path, sent, times=1)
    return window.open(path)


def _parameters() -> dict[str, tuple[str, str]]:
    """Return a question and a parameter of it for each type of parameters."""
    return {one.type: (name, one.name) for name, question in load_questions().items() for one in question.params}


@pytest.mark.parametrize("type", sorted(_parameters()))
def test_an_error_of_a_stored_question_says_the_payload_as_text(seen: Seen, type: str) -> None:
    name, parameter = _parameters()[type]
    for window in seen:
        status = window.open(f"/queries/{name}?{urlencode({parameter: PAYLOAD})}")
        assert status == (200 if type == "string" else 400)
        assert MARK in harmless(window, refused=status != 200)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/study/mist", "POST"),
        (f"/study/{P}", "DELETE"),
        (f"/graph?graph={P}", "PUT"),
        (f"/sparql?query={P}", "PUT"),
        ("/map", "PATCH"),
    ],
)
def test_a_method_that_is_not_allowed(seen: Seen, path: str, method: str) -> None:
    for window in seen:
        window.page.route(
            window.site + path,
            lambda route: route.continue_(method=method, headers={"Accept": ACCEPT}, post_data=PAYLOAD),
            times=1,
        )
        assert window.open(path) == 405
        assert MARK in harmless(window, refused=True) or "/study/%" not in path


RAW: Mapping[str, bytes] = {
    "a method": b"XSS|ONLOAD=XSS /study/mist HTTP/1.1\r\nHost: a\r\n",
    "a method that is none": b"<script>xss(50)</script> /study/mist HTTP/1.1\r\nHost: a\r\n",
    "a host": b"GET /study/mist.html HTTP/1.1\r\nHost: %s\r\n",
    "a host with a port": b'GET / HTTP/1.1\r\nHost: a:"><script>xss(51)</script>\r\n',
    "a host in the target": b'GET http://"><script>xss(52)</script>/ HTTP/1.1\r\nHost: a\r\n',
    "a target": b"GET /study/%s HTTP/1.1\r\nHost: a\r\n",
    "a query that is not escaped": b"GET /map?<script>xss(53)</script>=1 HTTP/1.1\r\nHost: a\r\n",
    "a version": b"GET / HTTP/<script>xss(54)</script>\r\nHost: a\r\n",
    "a header that is none": b"GET / HTTP/1.1\r\nHost: a\r\n<script>xss(55)</script>\r\n",
    "a length": b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: <script>xss(56)</script>\r\n",
    "a coding": b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: <script>xss(57)</script>\r\n",
    "a proxy's host": b"GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: %s\r\nX-Forwarded-Proto: javascript\r\n",
    "a type": b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: text/<script>xss(58)\r\nContent-Length: 0\r\n",
    "a language": b"GET /nowhere HTTP/1.1\r\nHost: a\r\nAccept-Language: %s\r\nReferer: %s\r\nUser-Agent: %s\r\n",
    "a page elsewhere": b"GET /nowhere HTTP/1.1\r\nHost: a\r\nOrigin: %s\r\nCookie: a=%s\r\n",
    "tags": b"GET /nowhere HTTP/1.1\r\nHost: a\r\nIf-None-Match: %s\r\nRange: %s\r\n",
}


@pytest.mark.parametrize("what", RAW)
def test_what_no_browser_sends_is_answered_with_nothing_that_runs(site: Small, seen: Seen, what: str) -> None:
    request = RAW[what].replace(b"%s", EVERYWHERE.encode()) + f"Accept: {ACCEPT}\r\nConnection: close\r\n\r\n".encode()
    heard = converse(site.url + "/", request)
    ((status, headers, body),) = heard.answers
    assert status >= 400 or what == "a host in the target", (status, body[:300])
    given: dict[str, Any] = {name: value for name, value in headers.items() if name != "content-length"}
    for window in seen:
        window.page.route(
            f"{site.url}/by-hand", lambda route: route.fulfill(status=status, headers=given, body=body), times=1
        )
        assert window.open("/by-hand") == status
        if headers["content-type"].startswith("text/html"):
            harmless(window, refused=True)
        assert window.page.evaluate("[window.xssRan ?? [], window.xssReports ?? []]") == [[], []]
        assert window.outside == []

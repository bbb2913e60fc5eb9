"""People with a browser at the endpoint: results, refusals and stored questions as pages, and who gets none of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.server import excerpt, result_page
from msevidence.server.app import create_app
from msevidence.server.settings import MIB
from tests.pages_site import HTML, Page, page
from tests.server_fixtures import BASE, publish, quick

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
SCRIPT = "</td><script>alert(1)</script>"
MANY = 1_500
DATA = f"""
<{BASE}study/mist> {LABEL} "MIST, a trial"@en <{BASE}graph/a> .
<{BASE}study/mist> {LABEL} "MIST, en studie"@nb <{BASE}graph/a> .
<{BASE}study/long> {LABEL} "{"long-" * 50}"@en <{BASE}graph/a> .
<{BASE}study/mist> <http://x/text> "{SCRIPT}" <{BASE}graph/a> .
<{BASE}study/mist> <http://x/text> "tekst med \\"sitat\\" & 1 < 2"@nb <{BASE}graph/a> .
<{BASE}study/mist> <http://x/text> "\\u0001\\uFFFE\\u0085" <{BASE}graph/a> .
<{BASE}study/mist> <http://x/text> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <{BASE}graph/a> .
<{BASE}study/mist> <http://x/link> <javascript:alert(1)> <{BASE}graph/a> .
<{BASE}study/mist> <http://x/link> <data:text/html,x> <{BASE}graph/a> .
<{BASE}study/mist> <http://x/link> <file:///etc/passwd> <{BASE}graph/a> .
<{BASE}study/mist> <http://x/link> <https://example.org/a?b=1&c=d> <{BASE}graph/a> .
<{BASE}study/mist> <http://x/link> "javascript:alert(2)"^^<http://www.w3.org/2001/XMLSchema#anyURI> <{BASE}graph/a> .
<{BASE}study/mist> <http://x/link> "https://example.org/u"^^<http://www.w3.org/2001/XMLSchema#anyURI> <{BASE}graph/a> .
""" + "".join(f'<{BASE}thing/t{n:04}> <http://x/number> "{n}" <{BASE}graph/b> .\n' for n in range(MANY))
TEXTS = "SELECT ?s ?text { ?s <http://x/text> ?text }"
LINKS = "SELECT ?link { ?s <http://x/link> ?link }"
ALL = "SELECT ?s ?n { ?s <http://x/number> ?n } ORDER BY ?n"
GRAPH = "CONSTRUCT { ?s <http://x/text> ?o } { ?s <http://x/text> ?o }"
JSON_RESULTS = "application/sparql-results+json"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("html")
    publish(home, DATA.encode())
    app = create_app(home, quick(cache_bytes=MIB))
    try:
        yield app.test_client()
    finally:
        app.extensions["msevidence"].close()


def address(query: str, **more: str) -> str:
    """Return the address that asks a query."""
    return f"/sparql?query={quote(query, safe='')}" + "".join(f"&{k}={quote(v, safe='')}" for k, v in more.items())


def asked(client: FlaskClient, query: str, status: int = 200, **headers: str) -> Page:
    """Ask a query as a browser does."""
    return page(client, address(query), status, **headers)


def cells(shown: Page) -> list[list[str]]:
    """Return the text of the table's cells, by row."""
    (body,) = shown.all("tbody")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in body]


# ------------------------------------------------------------------ who gets a page, and who notices nothing


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON_RESULTS),
        ("", JSON_RESULTS),
        ("*/*", JSON_RESULTS),
        (f"{JSON_RESULTS}, text/html", JSON_RESULTS),
        (f"text/html, {JSON_RESULTS}", JSON_RESULTS),
        ("text/html;q=0.5, */*", JSON_RESULTS),
        ("text/html;q=0, */*;q=0.1", JSON_RESULTS),
        ("application/sparql-results+xml, text/html;q=0.9", "application/sparql-results+xml"),
        ("application/xml, text/html;q=0.9", "application/sparql-results+xml"),
        ("text/*", "text/csv"),
        ("text/csv, text/html;q=0.9, */*;q=0.1", "text/csv"),
        ("text/html", "text/html"),
        ("text/html, */*", "text/html"),
        ("application/xhtml+xml", "text/html"),
        (f"text/html, {JSON_RESULTS};q=0.9", "text/html"),
        (HTML["Accept"], "text/html"),
    ],
)
def test_only_who_would_rather_have_a_page_gets_one(client: FlaskClient, accept: str | None, expected: str) -> None:
    answer = client.get(address(LINKS), headers={} if accept is None else {"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, expected)
    assert "Accept" in answer.headers["Vary"].split(", ")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "text/turtle"),
        ("text/turtle, text/html", "text/turtle"),
        ("application/rdf+xml, text/html;q=0.5", "application/rdf+xml"),
        (HTML["Accept"], "text/html"),
    ],
)
def test_a_graph_is_a_page_for_browsers_alone(client: FlaskClient, accept: str, expected: str) -> None:
    described = "DESCRIBE <https://example.org/nothing>"
    assert client.get(address(described), headers={"Accept": accept}).mimetype == expected


def test_a_format_in_the_address_goes_before_the_browser(client: FlaskClient) -> None:
    for name, expected in (("csv", "text/csv"), ("json", JSON_RESULTS)):
        assert client.get(address(TEXTS, format=name), headers=HTML).mimetype == expected


def test_a_query_that_is_posted_by_a_browser_is_a_page_too(client: FlaskClient) -> None:
    for body in ({"data": {"query": TEXTS}}, {"data": TEXTS, "content_type": "application/sparql-query"}):
        answer = client.post("/sparql", headers=HTML, **body)  # type: ignore[arg-type]
        assert (answer.status_code, answer.mimetype) == (200, "text/html")


# ------------------------------------------------------------------ what the page shows


def test_a_table_with_names_languages_and_datatypes(client: FlaskClient) -> None:
    shown = asked(client, TEXTS)
    assert shown.text("h2") == "Answer 4 rows"
    assert [e.text for e in shown.all("th")] == ["s", "text"]
    rows = cells(shown)
    assert {row[0] for row in rows} == {"study/mist MIST, a trial"}
    assert {row[1] for row in rows} == {SCRIPT, 'tekst med "sitat" & 1 < 2 @nb', "\ufffd\ufffd\ufffd", "7 xsd:integer"}
    assert {e.get("href") for e in shown.all("td")[0].iter("a")} == {"/study/mist"}
    norwegian = [e for e in shown.root.iter("span") if e.get("lang") == "nb"]
    assert ["".join(e.itertext()) for e in norwegian] == ['tekst med "sitat" & 1 < 2']
    assert shown.strange_scripts() == []
    in_norwegian = asked(client, TEXTS, **{"Accept-Language": "nb"})
    assert in_norwegian.text("h2") == "Svar 4 rader"
    assert cells(in_norwegian)[0][0] == "study/mist MIST, en studie"


def test_only_web_addresses_are_links(client: FlaskClient) -> None:
    shown = asked(client, LINKS)
    (table,) = shown.all("table")
    assert len(cells(shown)) == 6
    assert {e.get("href") for e in table.iter("a")} == {"https://example.org/a?b=1&c=d", "https://example.org/u"}
    assert {e.get("rel") for e in table.iter("a")} == {"external noreferrer nofollow"}
    assert ["javascript:alert(1)"] in cells(shown)
    assert not [link for link in shown.links() if not link.startswith("http")]


def test_the_query_stands_in_the_form_again_to_the_letter(client: FlaskClient) -> None:
    query = "\n\nSELECT ('</textarea><script>alert(1)</script>' AS ?x) (\"å & %2B + \\u00e6\" AS ?y)\n{ }\n"
    for sent, status in ((query, 200), (query.replace("{ }", "{ ?s }"), 400)):
        shown = asked(client, sent, status)
        (field,) = shown.all("textarea")
        assert "".join(field.itertext()) == sent
        assert shown.strange_scripts() == []


@pytest.mark.parametrize(
    ("query", "formats"), [(TEXTS, 4), ("ASK { }", 4), (GRAPH, 6), (f"DESCRIBE <{BASE}study/mist>", 6)]
)
def test_the_whole_answer_is_offered_as_files(client: FlaskClient, query: str, formats: int) -> None:
    graph = BASE + "graph/a"
    shown = page(client, address(query, **{"default-graph-uri": graph}))
    links = [link for link in shown.local_links() if "query=" in link and "format=" in link]
    assert len(links) == formats
    for link in links:
        sent = parse_qs(urlsplit(link).query)
        assert (sent["query"], sent["default-graph-uri"]) == ([query], [graph])
        file = client.get(link, headers=HTML)
        if sent["format"][0] in ("xml", "rdfxml") and query != "ASK { }":
            # XML has no U+0001, which stands among the texts: that is told, in place of a file that nobody can read.
            assert file.status_code == 406 and b"U+0001" in file.data
        else:
            assert file.status_code == 200 and file.mimetype != "text/html"
    hidden = [(e.get("name"), e.get("value")) for e in shown.all("input", type="hidden")]
    assert hidden == [("default-graph-uri", graph)]


def test_more_rows_than_a_page_holds_are_counted_and_offered(client: FlaskClient) -> None:
    shown = asked(client, ALL)
    assert shown.text("h2") == "Answer 1,500 rows"
    assert len(cells(shown)) == excerpt.ROWS == 1_000
    (note,) = [e for e in shown.all("p") if e.get("class") == "partial"]
    assert "only its first 1,000 rows of 1,500" in "".join(note.itertext())
    file = client.get(next(note.iter("a")).get("href"), headers=HTML)
    assert file.mimetype == "text/csv" and len(file.text.splitlines()) == MANY + 1
    assert "partial" not in asked(client, ALL + " LIMIT 1000").html


def test_rows_too_long_for_a_page_are_counted_and_offered(client: FlaskClient) -> None:
    long = f'SELECT ?b {{ VALUES ?a {{ "{"x" * 100_000}" }} VALUES ?n {{ 1 2 3 }} BIND(%s AS ?b) }} ORDER BY ?n'
    shown = asked(client, long % f"CONCAT({', '.join(['?a'] * 20)})")
    assert shown.text("h2") == "Answer 3 rows"
    assert [len(row[0]) for row in cells(shown)] == [2_000_000] * 2
    assert "only its first 2 rows of 3" in shown.section("answer")
    shown = asked(client, long % f"CONCAT({', '.join(['?a'] * 50)})")
    assert "The first row alone is too long" in shown.section("answer")
    assert shown.all("table") == []


def test_yes_no_nothing_and_no_columns(client: FlaskClient) -> None:
    assert asked(client, "ASK { ?s ?p ?o }").text("strong") == "Yes"
    assert asked(client, "ASK { <x:x> ?p ?o }", **{"Accept-Language": "nb"}).text("strong") == "Nei"
    none = asked(client, "SELECT ?s { ?s <x:none> ?o }")
    assert none.text("h2") == "Answer 0 rows" and "Nothing in this release" in none.section("answer")
    assert asked(client, "SELECT * { }").text("h2") == "Answer 1 row"
    unbound = asked(client, "SELECT ?a ?b { BIND(BNODE() AS ?b) }")
    assert cells(unbound)[0][0] == "" and cells(unbound)[0][1].startswith("_:")


def test_a_graph_is_turtle(client: FlaskClient) -> None:
    shown = asked(client, "PREFIX x: <http://x/> " + GRAPH)
    (turtle, _) = shown.all("pre")
    text = "".join(turtle.itertext())
    assert "@prefix x: <http://x/> ." in text and SCRIPT in text
    assert shown.strange_scripts() == []


def test_a_graph_too_long_for_a_page_is_offered() -> None:
    body = b"x" * (excerpt.SIZE + 1)
    assert json.loads(excerpt.of_triples(body)) == {"turtle": None, "bytes": len(body)}
    read = result_page.read(json.loads(excerpt.of_triples(body)), None, "en")  # type: ignore[arg-type]
    assert (read.turtle, read.size, len(read.formats)) == (None, len(body), 6)


def test_every_format_is_called_something() -> None:
    formats = [*result_page.Result().formats, *result_page.Result(size=1).formats]
    assert len(formats) == len(set(formats)) == len(result_page.TITLES) == 10


def test_a_page_names_all_of_its_things_or_none() -> None:
    store = ox.Store()
    for n in range(excerpt.NAMED + 2):
        store.add(ox.Quad(ox.NamedNode(f"{BASE}a/{n}"), ox.NamedNode(result_page.NAMES[1]), ox.Literal(f"name {n}")))
    for things, named in ((excerpt.NAMED, excerpt.NAMED), (excerpt.NAMED + 2, 0)):
        pairs = "".join(f"<{BASE}a/{n}>\t<{BASE}a/{n + 1}>\n" for n in range(0, things, 2))
        written = json.loads(excerpt.of_solutions(f"?a\t?b\n{pairs}".encode(), store, BASE, result_page.NAMES))
        assert (len(written["rows"]), written["total"], len(written["names"])) == (things // 2, things // 2, named)


def test_a_long_name_is_shortened(client: FlaskClient) -> None:
    shown = asked(client, "SELECT ?s { VALUES ?s { <%s> } }" % (BASE + "study/long"))
    (name,) = [e for e in shown.all("span") if e.get("class") == "name"]
    text = "".join(name.itertext())
    assert len(text) == result_page.LENGTH and text.startswith("long-long") and text.endswith("…")


# ------------------------------------------------------------------ limits, tags, refusals


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT * {\n  ?s ?p\n}", 400, "Line 3, column 1"),
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", 403, "SERVICE asks another endpoint"),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", 403, "read only"),
        ("SELECT (<x:f>(1) AS ?y) {}", 400, "custom function"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", 504, "did not end within 2 seconds"),
        ("{" * 200, 400, "nested deeper"),
    ],
)
def test_a_refusal_keeps_the_form_filled(client: FlaskClient, query: str, status: int, said: str) -> None:
    shown = asked(client, query, status)
    assert said in shown.section("answer")
    assert "".join(shown.all("textarea")[0].itertext()) == query
    assert client.get(address(query)).mimetype == "application/problem+json"
    again = page(client, address(query, format="csv"), status)
    (chosen,) = [e for e in again.all("option") if e.get("selected") is not None]
    assert chosen.get("value") == "csv"


def test_a_refusal_is_in_the_readers_language_and_not_kept(client: FlaskClient) -> None:
    answer = client.get(address("SELECT"), headers={**HTML, "Accept-Language": "nb"})
    assert "Spørringen har en syntaksfeil" in answer.text
    assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_result_over_the_cap_is_refused_as_a_file_would_be(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("cap")
    publish(home, DATA.encode())
    app = create_app(home, quick(result_cap=20_000))
    try:
        client = app.test_client()
        assert client.get(address(ALL)).status_code == 413
        assert "nothing of it is sent" in asked(client, ALL, 413).section("answer")
        assert asked(client, TEXTS)
    finally:
        app.extensions["msevidence"].close()


def test_tags_name_the_page_the_language_and_the_coding(client: FlaskClient) -> None:
    variants = [
        {"Accept": JSON_RESULTS},
        HTML,
        {**HTML, "Accept-Language": "nb"},
        {**HTML, "Accept-Encoding": "gzip"},
    ]
    answers = [client.get(address(TEXTS), headers=headers) for headers in variants]
    tags = [answer.headers["ETag"] for answer in answers]
    assert len(set(tags)) == len(tags)
    assert answers[1].headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
    for headers, tag in zip(variants, tags, strict=True):
        again = client.get(address(TEXTS), headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        kept = client.get(address(TEXTS), headers=headers)
        assert kept.data == answers[tags.index(tag)].data
    assert "ETag" not in client.get(address("SELECT (NOW() AS ?n) {}"), headers=HTML).headers


# ------------------------------------------------------------------ valid HTML, the keyboard, the form

PAGES = [
    "/sparql",
    address(TEXTS),
    address(LINKS),
    address(GRAPH),
    address("ASK {}"),
    address("SELECT ?s { ?s <x:none> ?o }"),
    address("SELECT * { }"),
    address(ALL, **{"default-graph-uri": BASE + "graph/b", "lang": "nb"}),
]


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("where", [*PAGES, address("SELECT")])
def test_pages_are_valid(client: FlaskClient, where: str, language: str) -> None:
    shown = page(client, where, 400 if where == address("SELECT") else 200, **{"Accept-Language": language})
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id") is not None)
    assert [id for id, times in ids.items() if times > 1] == []
    assert len(shown.all("h1")) == len(shown.all("main")) == len(shown.all("title")) == 1
    assert {label.get("for") for label in shown.in_main("label")} == {"query", "format"} <= set(ids)
    assert shown.strange_scripts() == shown.all("style") == []
    for element in shown.root.iter():
        names = [name for name in element.attrib if isinstance(name, str)]
        assert not [name for name in names if name.startswith("on") or name == "style"], element.attrib
    for scrolled in [e for e in shown.root.iter() if e.get("role") == "group"]:
        assert scrolled.get("tabindex") == "0" and scrolled.get("aria-label")


def test_the_form_sends_what_the_endpoint_reads(client: FlaskClient) -> None:
    shown = page(client, "/sparql?lang=nb")
    (form,) = shown.in_main("form")
    assert (form.get("method"), form.get("action").partition("#")[2]) == ("get", "answer")
    names = {e.get("name") for tag in ("textarea", "select", "input") for e in form.iter(tag)}
    assert names == {"lang", "query", "format"}
    assert 8 <= int(shown.all("textarea")[0].get("rows")) <= 24
    offered = [e.get("value") for e in shown.all("option")]
    assert offered == ["", *result_page.TITLES]
    assert "PREFIX mse: <https://w3id.org/msevidence/ontology#>" in shown.text()

"""Every IRI of the graph answers at its own path: redirects, formats, tags, refusals (contract 11)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, Graph

from msevidence.ontology.iris import BASE
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.resources import address
from tests.pages_site import HTML, MSE, client_of, publish_pages, quads

CLAIM = "/claim/one.bbbbbbbbbb.1.1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    publish_pages(folder)
    return folder


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[FlaskClient]:
    with client_of(home) as client:
        yield client


@pytest.fixture(scope="module")
def store(home: Path) -> ox.Store:
    return ox.Store.read_only(str((home / "current").resolve() / "store"))


def minted(store: ox.Store) -> set[str]:
    """Return the local paths of all IRIs under the base, also those of graphs and datatypes."""
    found: set[str] = set()
    for quad in store:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode):
                found.add(term.value)
            elif isinstance(term, ox.Literal):
                found.add(term.datatype.value)
    paths = {iri.removeprefix(BASE).partition("#")[0] for iri in found if iri.startswith(BASE)}
    # The fixture's hostile IRI has an empty part; the dumps answer at their own addresses.
    return {path for path in paths if "//" not in "/" + path and not path.startswith("releases/") and path != "sparql"}


def test_every_minted_iri_answers(client: FlaskClient, store: ox.Store) -> None:
    paths = minted(store)
    kinds = {path.partition("/")[0] for path in paths}
    assert {"study", "graph", "ontology", "scheme", "registration", "source", "datatype", "release"} <= kinds
    assert len(paths) > 200
    for path in sorted(paths):
        answer = client.get(f"/{path}", headers=HTML)
        assert (answer.status_code, answer.headers["Location"]) == (303, path.rpartition("/")[2] + ".html"), path
        assert client.get(f"/{path}.html").status_code == 200, path
        assert client.get(f"/{path}.ttl").status_code == 200, path


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (HTML["Accept"], "html"),
        (None, "html"),
        ("", "html"),
        ("*/*", "html"),
        ("text/turtle", "ttl"),
        ("text/turtle;charset=utf-8", "ttl"),
        ("application/ld+json, text/html;q=0.5", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/trig", "trig"),
        ("text/html;q=0.1, text/turtle;q=0.9", "ttl"),
    ],
)
def test_the_client_is_sent_to_what_it_accepts(client: FlaskClient, accept: str | None, suffix: str) -> None:
    answer = client.get("/study/first", headers={} if accept is None else {"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"first.{suffix}"
    assert "Accept" in answer.headers["Vary"].split(", ")
    assert urljoin("http://mirror.example/kg/study/first", answer.headers["Location"]).startswith(
        "http://mirror.example/kg/study/"
    )


def test_nothing_acceptable_is_406(client: FlaskClient) -> None:
    answer = client.get("/study/first", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


def test_a_language_that_was_asked_for_is_kept(client: FlaskClient) -> None:
    assert client.get("/study/first?lang=nb", headers=HTML).headers["Location"] == "first.html?lang=nb"
    assert client.get("/study/first?lang=%0d%0aX:1", headers=HTML).headers["Location"] == "first.html"


def test_what_is_not_there_says_what_was_looked_for(client: FlaskClient) -> None:
    for path in ("study/none", "study/none.ttl", "study/none.html", "nothing", "study/first/", "study//first"):
        answer = client.get(f"/{path}", headers={"Accept": "application/json"})
        body = answer.get_json(force=True)
        assert (answer.status_code, body["status"]) == (404, 404), path
        assert BASE + path.removesuffix(".ttl").removesuffix(".html") in body["detail"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_path_never_leads_to_another_host(client: FlaskClient) -> None:
    for path in ("//evil.example/x", "/%2F/evil.example", "/%5C%5Cevil.example", "/study/%0d%0aSet-Cookie:x"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code in (404, 308), path
        assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("path", ["/study/first", "/study/first.html", "/study/first.ttl", "/", "/studies"])
def test_head_is_get_without_the_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path, headers=HTML), client.head(path, headers=HTML)
    assert head.status_code == got.status_code
    assert head.data == b""
    assert head.headers.get("ETag") == got.headers.get("ETag")
    assert head.headers.get("Location") == got.headers.get("Location")


@pytest.mark.parametrize("path", ["/study/first", "/study/first.html", "/", "/search?q=x"])
def test_only_reading(client: FlaskClient, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.delete(path).status_code == 405


def triples_of(store: ox.Store, iri: str) -> set[ox.Triple]:
    """Return all that is said of a resource and all that points to it."""
    node = ox.NamedNode(iri)
    found = [*store.quads_for_pattern(node, None, None, ox.DefaultGraph())]
    found += store.quads_for_pattern(None, None, node, ox.DefaultGraph())
    return {quad.triple for quad in found}


@pytest.mark.parametrize("format", list(RDF_FORMATS.values()), ids=list(RDF_FORMATS))
def test_data_is_complete_in_every_format(client: FlaskClient, store: ox.Store, format: object) -> None:
    suffix, engine = format.suffix, format.engine  # type: ignore[attr-defined]
    answer = client.get(f"/document/to.{suffix}")
    assert answer.content_type == format.content_type  # type: ignore[attr-defined]
    got = {quad.triple for quad in ox.parse(answer.data, engine)}
    expected = triples_of(store, BASE + "document/to")
    assert len(expected) > 130
    assert expected <= got
    labels = {t.object.value for t in got if t.predicate.value == MSE + "claimText"}
    assert {"Studien er fullført.", "Utfyllende påstand 129."} <= labels


def test_other_parsers_read_the_same(client: FlaskClient) -> None:
    turtle = Graph().parse(data=client.get(CLAIM + ".ttl").data, format="turtle")
    for suffix, name in (("rdf", "xml"), ("jsonld", "json-ld"), ("nt", "nt")):
        assert set(Graph().parse(data=client.get(f"{CLAIM}.{suffix}").data, format=name)) == set(turtle), suffix
    dataset = Dataset().parse(data=client.get(CLAIM + ".trig").data, format="trig")
    assert {(s, p, o) for s, p, o, _ in dataset.quads()} == set(turtle)


def test_trig_says_which_graph_states_what(client: FlaskClient) -> None:
    found = {
        (q.predicate.value, q.graph_name.value)
        for q in ox.parse(client.get("/study/first.trig").data, ox.RdfFormat.TRIG)
    }
    assert (MSE + "acronym", BASE + "graph/studies") in found
    assert (MSE + "about", BASE + "graph/curation-one") in found
    assert (MSE + "reportsOn", BASE + "graph/publications") in found
    assert (MSE + "acronym", BASE + "graph/document-one") not in found


def test_a_graph_is_its_description_and_what_it_states(client: FlaskClient) -> None:
    own = {q.triple for q in quads() if q.graph_name.value == BASE + "graph/document-one"}
    got = {q.triple for q in ox.parse(client.get("/graph/document-one.ttl").data, ox.RdfFormat.TURTLE)}
    assert own and own <= got
    assert any(t.subject.value == BASE + "graph/document-one" for t in got)
    named = list(ox.parse(client.get("/graph/document-one.trig").data, ox.RdfFormat.TRIG))
    assert {q.triple for q in named if q.graph_name.value == BASE + "graph/document-one"} == own
    assert any(q.graph_name.value == BASE + "graph/meta" for q in named)


def test_the_ontology_is_whole_and_holds_no_data(client: FlaskClient) -> None:
    got = list(ox.parse(client.get("/ontology.ttl").data, ox.RdfFormat.TURTLE))
    graph = BASE + "graph/ontology"
    declared = {
        q.triple for q in quads() if q.graph_name.value == graph and q.subject.value.startswith(BASE + "ontology")
    }
    assert len(declared) > 500
    assert {q.triple for q in got} == declared
    named = {q.graph_name.value for q in ox.parse(client.get("/ontology.trig").data, ox.RdfFormat.TRIG)}
    assert named == {graph}


def test_tags_tell_path_format_and_language_apart(client: FlaskClient) -> None:
    asked = [
        *("/study/first.html", "/study/first.html?lang=nb", "/study/part.html", "/study/first.ttl", "/study/first.nt"),
        *("/", "/?lang=nb", "/claims", "/claims?page=2"),
    ]
    tags = {path: client.get(path).headers.get("ETag") for path in asked}
    assert None not in tags.values()
    assert len(set(tags.values())) == len(tags)
    norwegian = client.get("/study/first.html", headers={"Accept-Language": "nb"})
    assert norwegian.headers["ETag"] != tags["/study/first.html"]
    assert "Accept-Language" in norwegian.headers["Vary"].split(", ")
    for path, tag in tags.items():
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag), path
        assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_gzip_holds_the_same(client: FlaskClient) -> None:
    plain = client.get("/study/first.ttl")
    packed = client.get("/study/first.ttl", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_the_base_need_not_be_ours(tmp_path: Path) -> None:
    base = "https://data.example.org/kg/"
    publish_pages(tmp_path, base)
    with client_of(tmp_path) as client:
        assert client.get("/study/first", headers=HTML).status_code == 303
        html = client.get("/study/first.html").text
        assert f"<code>{base}study/first</code>" in html
        assert 'href="/registration/NCT01234567"' in html
        assert 'href="/ontology#registeredAs"' in html
        triples = list(ox.parse(client.get("/study/first.ttl").data, ox.RdfFormat.TURTLE))
        assert any(q.subject.value == base + "study/first" for q in triples)
        assert client.get("/ontology.ttl").status_code == 200
        missing = client.get("/study/none").text
        assert base + "study/none" in missing


@pytest.mark.parametrize(
    ("path", "stem", "suffix"),
    [
        ("study/mist.ttl", "study/mist", "ttl"),
        ("passage/a.0123456789.1.html", "passage/a.0123456789.1", "html"),
        ("passage/a.0123456789.1", "passage/a.0123456789.1", ""),
        ("ontology/0.1.0", "ontology/0.1.0", ""),
        (".ttl", ".ttl", ""),
    ],
)
def test_suffixes(path: str, stem: str, suffix: str) -> None:
    assert (address(path).path, address(path).suffix) == (stem, suffix)

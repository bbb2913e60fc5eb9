"""The pages about the graph itself: home, vocabulary, graphs and provenance, quality; and what is new in a release."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server import news
from msevidence.server.releases import current
from msevidence.server.shape_texts import shapes
from tests.browser.page_types import REAL, STATUS
from tests.pages_site import HTML, MSE, client_of, page, publish_pages, quads

ADDRESSES = [
    "/",
    "/vocabulary",
    "/vocabulary/Claim",
    "/vocabulary/claimText",
    "/vocabulary/cito:cites",
    "/graphs",
    "/quality",
]
SHAPES = Path(__file__).parent.parent / "ontology" / "shapes"


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("about")
    publish_pages(home)
    with client_of(home) as client:
        yield client


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, response.text[:300]
    return list(csv.DictReader(io.StringIO(response.text)))


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_each_is_valid_and_to_be_had_in_every_form(client: FlaskClient, address: str, language: str) -> None:
    shown = page(client, address, **{"Accept-Language": language})
    assert shown.all("html")[0].get("lang") == language
    assert len(shown.all("h1")) == 1
    ids = [e.get("id") for e in shown.root.iter() if e.get("id") is not None]
    assert len(ids) == len(set(ids))
    assert f"release {current_id(client)[:12]}" in shown.text("aside") or "utgivelse" in shown.text("aside")
    stem = "/index" if address == "/" else address
    for suffix, kind in (("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("json", "application/json")):
        response = client.get(f"{stem}.{suffix}")
        assert (response.status_code, response.mimetype) == (200, kind)
        assert f"{stem}.{suffix}" in shown.local_links()
    known = client.get(address, headers=HTML).headers["ETag"]
    assert client.get(address, headers={**HTML, "If-None-Match": known}).status_code == 304
    assert client.get(f"{address}?nothing=1", headers=HTML).status_code == 400


def current_id(client: FlaskClient) -> str:
    return str(json.loads(client.get("/index.json").text)["release"])


def test_every_class_and_property_of_the_ontology_has_its_page(client: FlaskClient) -> None:
    properties = {row["term"]: row for row in rows(client, "/vocabulary.csv?table=properties")}
    classes = {row["term"]: row for row in rows(client, "/vocabulary.csv?table=classes")}
    core = ox.parse(path=str(SHAPES.parent / "core.ttl"), format=ox.RdfFormat.TURTLE)
    kinds = {"Class": classes, "ObjectProperty": properties, "DatatypeProperty": properties}
    declared = [
        (quad.subject.value.removeprefix(MSE), quad.object.value.rpartition("#")[2])
        for quad in core
        if quad.predicate.value.endswith("#type")
        and isinstance(quad.object, ox.NamedNode)
        and isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(MSE)
    ]
    declared = [(name, kind) for name, kind in declared if kind in kinds]
    assert len(declared) > 200
    for name, kind in declared:
        assert f"mse:{name}" in kinds[kind]
    assert properties["mse:claimText"]["uses"] == "288"
    assert client.get("/vocabulary/nothing", headers=HTML).status_code == 404


def test_a_term_shows_its_shapes_as_they_are_written(client: FlaskClient) -> None:
    text = (SHAPES / "claims.ttl").read_text(encoding="utf-8")
    found = {row["shape"]: row["turtle"] for row in rows(client, "/vocabulary/claimText.csv?table=shapes")}
    assert set(found) == {"msesh:Claim-claimText"}
    assert found["msesh:Claim-claimText"] in text
    assert "Claim: give exactly one value" in page(client, "/vocabulary/claimText").text()
    examples = rows(client, "/vocabulary/Claim.csv?table=examples")
    assert len(examples) == 3
    assert all(row["thing_iri"].startswith(f"{BASE}claim/") for row in examples)


def test_every_shape_of_the_files_is_read(release_home: Path) -> None:
    written = sum(file.read_text(encoding="utf-8").count(" a sh:PropertyShape") for file in SHAPES.glob("*.ttl"))
    written += sum(file.read_text(encoding="utf-8").count(" a sh:NodeShape") for file in SHAPES.glob("*.ttl"))
    found = shapes(current(release_home))
    assert len(found) == written > 300
    assert all(shape.classes or shape.paths for shape in found)
    assert all({"en", "nb"} <= set(shape.messages) for shape in found)


def test_graphs_are_all_there_with_what_they_were_made_from(client: FlaskClient, release_home: Path) -> None:
    manifest = json.loads((release_home / "current" / "manifest.json").read_text(encoding="utf-8"))
    graphs = {row["graph_iri"]: row for row in rows(client, "/graphs.csv")}
    assert {iri: int(row["statements"]) for iri, row in graphs.items()} == manifest["graphs"]
    files = {row["file"]: row for row in rows(client, "/graphs.csv?table=files")}
    for source in manifest["sources"]:
        assert files[source["path"]]["sha256"] == source["sha256"]
    article = files["articles/nygaard-2024/source.txt"]
    assert f"{BASE}graph/document-nygaard-2024" in article["graph_iri"].split("; ")


def test_quality_says_what_was_checked(client: FlaskClient, small: FlaskClient) -> None:
    shown = page(client, "/quality")
    assert "The graph conforms to its" in shown.text()
    assert rows(client, "/quality.csv?table=validation") == []
    states = rows(client, "/quality.csv?table=rules")
    assert len({row["rule_iri"] for row in states}) == 45
    findings = rows(client, "/quality.csv?table=findings")
    assert sum(int(row["findings"]) for row in findings) >= 150
    support = rows(client, "/quality.csv?table=claims")
    assert sum(int(row["things"]) for row in support) == 288
    verdicts = rows(client, "/quality.csv?table=verdicts")
    assert sum(int(row["things"]) for row in verdicts) == 67
    # The report of the small graph says nothing of whether it conforms, and the page does not pretend that it does.
    assert "does not say whether the graph conforms" in page(small, "/quality").text()


def test_the_first_release_has_nothing_to_be_compared_with(client: FlaskClient) -> None:
    assert "the first release that is kept here" in page(client, "/").section("new")


def test_a_later_release_tells_what_is_new(tmp_path: Path) -> None:
    publish_pages(tmp_path)
    first = current(tmp_path)
    name, into = ox.NamedNode(BASE + "organisation/new"), ox.NamedNode(BASE + "graph/organisations")
    more = ox.Quad(
        name, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.Literal("New", language="en"), into
    )
    publish_pages(tmp_path, more=[more])
    second = current(tmp_path)
    assert first.id != second.id
    told = news.news(replace(second, built="2026-03-05T00:00:00Z"), first)
    before = sum(quad.graph_name == into for quad in quads())
    assert told.graphs == [(into.value, before, before + 1)]
    assert told.sources == []
    assert news.before(tmp_path, replace(second, built="2026-03-05T00:00:00Z")) == first
    assert news.before(tmp_path, first) is None


def test_every_page_hands_out_its_data_and_its_figures(client: FlaskClient) -> None:
    without = {"review-report", "sparql", "sparql-answer", "releases", "export", *STATUS}
    figures = 0
    for name, address in REAL.items():
        if name in without:
            continue
        shown = page(client, address)
        (aside,) = shown.all("aside", class_="taking-page")
        links = [e.get("href") for e in aside.iter("a")]
        assert len(links) >= 4, address
        drawn = [link for link in shown.local_links() if ".svg" in link and not link.startswith("/static/")]
        figures += len(drawn)
        for link in [*links, *drawn]:
            assert client.get(urljoin(f"http://here{address}", link)).status_code == 200, link
    assert len(REAL) > 40 and figures > 8


def test_the_browser_can_add_the_search(client: FlaskClient) -> None:
    response = client.get("/opensearch.xml")
    assert response.mimetype == "application/opensearchdescription+xml"
    assert "/search?q={searchTerms}" in response.text

"""The home page, lists, stored questions and the search box: everything is listed once, and what is named opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from tests.pages_site import FILLERS, HTML, client_of, page, publish_pages

CLAIM = "/claim/one.bbbbbbbbbb.1.1.html"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home: Path = tmp_path_factory.mktemp("pages")
    publish_pages(home)
    with client_of(home) as client:
        yield client


def test_home_counts_what_there_is(client: FlaskClient) -> None:
    shown = page(client, "/")
    figures = shown.figures()
    assert figures["Documents"] == 2
    assert figures["Claims"] == 5 + FILLERS
    assert (figures["Studies"], figures["Registrations"], figures["Findings"]) == (2, 2, 0)
    assert re.search(r"Pointers: 2 · Inherited pointers: 0 ·", shown.section("counts"))
    assert "Publications include the documents themselves." in shown.text()
    found = re.search(r"this release has ([\d,]+) of them in (\d+) named graphs\. .* ([\d,]+) triples", shown.text())
    assert found is not None
    named, graphs, merged = (int(figure.replace(",", "")) for figure in found.groups())
    release = client.get("/releases/").get_json()["releases"][0]
    assert named + merged == release["quads"]
    assert 5 < graphs < 20 and merged <= named
    assert "2026-03-04" in shown.text()
    assert {"/documents", "/studies", "/queries", "/sparql", "/releases/"} <= set(shown.local_links())


@pytest.mark.parametrize(
    ("name", "total"),
    [("documents", 2), ("studies", 2), ("publications", 3), ("registrations", 2), ("claims", 5 + FILLERS)],
)
def test_lists_hold_everything_once(client: FlaskClient, name: str, total: int) -> None:
    seen: list[str] = []
    address: str | None = f"/{name}"
    while address:
        shown = page(client, address)
        entries = [e for e in shown.root.iter("ol") if e.get("class") == "entries"]
        seen += [next(entry.iter("a")).get("href") for entry in entries[0]]
        assert shown.text("h1").endswith(str(total))
        following = shown.all("a", rel="next")
        address = following[0].get("href") if following else None
    assert len(seen) == len(set(seen)) == total
    assert page(client, f"/{name}?page=99", 404)
    for wrong in ("0", "-1", "x", "1e3", "²", "99999999999"):
        assert client.get(f"/{name}?page={wrong}", headers=HTML).status_code == 400


def test_claims_stand_in_the_order_of_the_text(client: FlaskClient) -> None:
    shown = page(client, "/claims")
    keys = [link for link in shown.local_links() if link.startswith("/claim/")]
    assert keys[:4] == [f"/claim/one.{key}.1.1" for key in ("bbbbbbbbbb", "cccccccccc", "dddddddddd", "efababefab")]


def test_stored_questions_can_be_run(client: FlaskClient) -> None:
    english, norwegian = page(client, "/queries"), page(client, "/queries?lang=nb")
    assert "Which claims are about a study?" in english.text()
    assert "Every claim that a curator tied to a study." in english.text()
    assert "Hvilke påstander gjelder en studie?" in norwegian.text()
    question = next(e for e in english.root.iter("section") if e.get("id") == "claims-of-a-study")
    links = [e.get("href") for e in question.iter("a")]
    run = [link for link in links if link.startswith("/sparql?query=") and "format=" in link]
    assert len(run) == 2
    answer = client.get(next(link for link in run if "format=json" in link))
    assert answer.status_code == 200
    found = {row["claim"]["value"] for row in answer.get_json(force=True)["results"]["bindings"]}
    assert found == {BASE + "claim/one.cccccccccc.1.1", BASE + "claim/to.aaaaaaaaaa.1.1"}
    assert "text/csv" in client.get(next(link for link in run if "format=csv" in link)).content_type


@pytest.mark.parametrize(
    ("key", "media_types"),
    [
        ("claims-of-a-study", {"text/csv", "application/sparql-results+json"}),
        ("a-graph", {"text/turtle", "application/ld+json"}),
        ("yes-or-no", {"text/csv", "application/sparql-results+json"}),
    ],
)
def test_the_name_of_a_question_leads_to_its_answer(client: FlaskClient, key: str, media_types: set[str]) -> None:
    """These are no questions of the program: the query form answers them."""
    shown = page(client, f"/query/{key}.html")
    assert shown.all("table") == []
    run = [link for link in shown.local_links() if link.startswith("/sparql?query=") and "format=" in link]
    assert {client.get(link).mimetype for link in run} == media_types
    (answer,) = {link for link in shown.local_links() if link.startswith("/sparql?query=") and "format=" not in link}
    assert page(client, answer).section("answer").startswith("Answer")
    assert answer in page(client, "/queries").local_links()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("The first trial com-\r\npared two treatments [\\(1\\)](#).", "/claim/one.bbbbbbbbbb.1.1"),
        ("Its effect lasted for five years", "/claim/one.cccccccccc.1.1"),
        ("Studien er  fullført.", "/claim/to.aaaaaaaaaa.1.1"),
        ("nct 01234567", "/registration/NCT01234567"),
        ("2010-023560-40", "/registration/EudraCT-2010-023560-40"),
        ("https://doi.org/10.1000/FIRST.2019", "/publication/first-2019"),
        ("12345678", "/publication/first-2019"),
        ("first", "/study/first"),
        (BASE + "study/part", "/study/part"),
    ],
)
def test_search_opens_what_is_named(client: FlaskClient, text: str, path: str) -> None:
    answer = client.get("/search", query_string={"q": text}, headers=HTML)
    assert (answer.status_code, "/" + answer.headers.get("Location", "")) == (303, path)
    kept = client.get("/search", query_string={"q": text, "lang": "nb"}, headers=HTML)
    assert "/" + kept.headers["Location"] == path + "?lang=nb"


@pytest.mark.parametrize("text", ["zzzz", BASE + "study/none", BASE + "study/<x>", "¤%&"])
def test_search_that_finds_nothing_says_so(client: FlaskClient, text: str) -> None:
    shown = page(client, "/search?q=" + quote(text))
    assert "Nothing here carries" in shown.text()


def test_search_for_words_lists_all_that_hold_them(client: FlaskClient) -> None:
    shown = page(client, "/search?q=" + quote("påstand utfyllende"))
    assert f"1–50 of {FILLERS}" in shown.text()
    following = shown.all("a", rel="next")[0].get("href")
    assert f"51–100 of {FILLERS}" in page(client, following).text()
    assert "Searches to try" in page(client, "/search?q=+").text()
    assert "first 2,000 characters" in page(client, "/search?q=" + "ab+" * 900).text()

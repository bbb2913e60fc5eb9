"""Long addresses: refused where no long text is expected, and never said back by a page in each of its links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from msevidence.server import pages_export
from tests.pages_site import HTML, client_of, page

LONG = "1" * 500_000


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as found:
        yield found


@pytest.mark.parametrize(
    "path",
    [
        *("/exportx", "/counted", "/graphs", "/sparqlx", "/export/a/b", "/count/a", "/graph/studies.html", "/studies"),
        *(f"/export/{'a' * 20_000}", f"/count.{'a' * 20_000}"),
    ],
    ids=lambda path: path[:20],
)
def test_a_long_address_is_refused_where_no_long_text_is_expected(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?x={LONG}", headers=HTML)
    assert answer.status_code == 414
    assert len(answer.data) < 20_000


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/export?x={LONG}", 400),
        (f"/export?study={LONG}", 404),
        (f"/export?status={LONG}", 404),
        (f"/export?query={LONG}", 404),
        (f"/export/ris?study={LONG}", 404),
        (f"/export/{'a' * 1_000}?study={LONG}", 404),
        ("/export?" + "&".join(f"study=x{number:05}" for number in range(40_000)), 400),
        (f"/count?x={LONG}", 400),
        (f"/count?numbers={LONG}", 400),
        (f"/count?document={LONG}", 404),
        (f"/count.html?x={LONG}", 404),
        (f"/graph?graph={LONG}", 400),
        (f"/graph?graph=urn:x:{LONG}", 404),
        (f"/sparql?x={LONG}", 200),
        (f"/sparql?query={LONG}", 413),
        (f"/sparql?query=ASK%7B%7D&default-graph-uri={LONG}", 400),
        ("/sparql?query=ASK%7B%7D" + "&default-graph-uri=urn:x:1" * 10_000, 400),
        (f"/sparql?update={LONG}", 403),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_refused_is_not_said_back(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address, headers=HTML)
    assert (answer.status_code, len(answer.data) < 100_000) == (status, True), len(answer.data)


@pytest.mark.parametrize("name", ["study=mist", "graph=citation", "along=yes", "lang=nb"])
def test_what_is_chosen_again_and_again_is_chosen_once(client: FlaskClient, name: str) -> None:
    often = page(client, "/export?" + "&".join([name] * (500_000 // len(name))))
    assert len(often.html) < 200_000
    once = page(client, f"/export?{name}")
    assert [link.get("href") for link in often.in_main("a")] == [link.get("href") for link in once.in_main("a")]


def test_the_page_of_exports_is_shown_for_some_and_a_file_is_had_for_more(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "study=mist&study=ram-ms&document=fhi-2021"
    monkeypatch.setattr(pages_export, "LINKED_MOST", 3)
    assert page(client, f"/export?{asked}&study=mist")
    monkeypatch.setattr(pages_export, "LINKED_MOST", 2)
    for language, said in (("en", "3 things are chosen"), ("nb", "3 ting er valgt")):
        assert said in page(client, f"/export?{asked}&lang={language}&status=", 400).text()
    assert client.get(f"/export/ris?{asked}").status_code == 200


def test_a_page_of_a_long_address_works_without_saying_it(client: FlaskClient) -> None:
    for numbers, told in (("NCT00273364", True), ("NCT00273364" + "+" * 20_000, False)):
        shown = page(client, f"/count?numbers={numbers}")
        assert "These numbers" in shown.section("answer")
        assert bool(shown.all("nav", class_="languages")) is told
        assert bool(shown.all("span", class_="citation")) is told


def test_the_answer_to_a_long_query_is_had_by_the_form_alone(client: FlaskClient) -> None:
    for padding, told in (("", True), ("#" + "x" * 20_000, False)):
        shown = page(client, f"/sparql?query=ASK%7B%7D{quote(padding)}")
        assert bool(shown.all("p", class_="downloads")) is told
        assert shown.all("select", name="format")
        assert "ASK{}" in "".join(shown.all("textarea", name="query")[0].itertext())
        assert shown.html.count("x" * 10_000) <= 2


@pytest.mark.parametrize(
    "address",
    [
        "/sparql?query=ASK%7B%7D" + "".join(f"&default-graph-uri=urn:x:{n:03}{'a' * 480}" for n in range(990)),
        "/sparql?query=" + quote("ASK{} #" + "é" * 60_000),
        "/count?numbers=" + quote("NCT00273364 " + "é" * 80_000),
    ],
    ids=["graphs", "query", "numbers"],
)
def test_a_page_is_at_most_a_few_times_as_long_as_its_address(client: FlaskClient, address: str) -> None:
    assert len(page(client, address).html.encode()) < 4 * len(address)

"""Pages of a release that has more than they can show: the limits are lowered to the size of the real graph.

Each says how much there is and how to see the rest, or refuses with the reason; no file is cut without a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from msevidence.server import (
    browse_limits,
    browse_order,
    compare_some,
    documents_listed,
    pages_count,
    pages_export,
    pages_home,
    results_read,
    studies_first,
)
from msevidence.server.settings import Settings
from tests.pages_site import HTML, Page, client_of


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    """Give a client of an application that keeps no answer: its limits change from test to test."""
    with client_of(release_home, Settings(cache_bytes=0)) as found:
        yield found


def page(client: FlaskClient, address: str) -> Page:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return Page(answer.text, address)


def refused(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 413, f"{address}: {answer.status_code}"
    return str(json.loads(answer.text)["detail"])


def rows(client: FlaskClient, address: str) -> list[dict[str, object]]:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    found: list[dict[str, object]] = json.loads(answer.text)["tables"][0]["rows"]
    return found


@pytest.mark.parametrize(("number", "size"), [(1, 7), (2, 7), (9, 7), (1, 50), (3, 20)])
def test_a_stretch_of_an_order_is_what_a_list_has_there(number: int, size: int) -> None:
    things = [f"https://example.org/thing/{n}" for n in range(123)]
    start = (number - 1) * size
    assert browse_order.Order(things).cut(start, size) == things[start : start + size]
    assert list(browse_order.Order(things)) == things


def test_the_pages_of_a_list_are_the_list(client: FlaskClient) -> None:
    whole = [row["thing"] for row in rows(client, "/claims.json")]
    pages = [page(client, f"/claims?page={number}") for number in range(1, len(whole) // 50 + 2)]
    shown = ["".join(p.itertext()).split("  ")[0] for one in pages for p in one.in_main("p", class_="thing")]
    assert len(whole) > 150
    assert len(shown) == len(whole)
    assert all(text.startswith(str(name)[:20]) for text, name in zip(shown, whole, strict=True))


def test_a_long_list_is_had_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows(client, "/studies.json")
    monkeypatch.setattr(browse_limits, "TABLE", (20, 10))
    said = refused(client, "/studies.json")
    assert f"{len(whole)} entries" in said
    assert f"?page=1 to ?page={-(-len(whole) // 10)}" in said
    assert refused(client, "/studies.csv") == said
    parts = [rows(client, f"/studies.json?page={number}") for number in range(1, -(-len(whole) // 10) + 1)]
    assert [row for part in parts for row in part] == whole
    note = json.loads(client.get("/studies.json?page=2").text)["tables"][0]["note"]
    assert note == f"Entries 11 to 20 of {len(whole)}."
    assert client.get("/studies.json?page=99").status_code == 404


def test_a_file_of_references_has_its_own_limit(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse_limits, "REFERENCES", (10, 10))
    assert "one file holds 10" in refused(client, "/studies.ris")
    assert client.get("/studies.ris?page=1").text.count("TY  - ") >= 10
    assert "put ?page=1 to ?page=4 behind the address" in page(client, "/studies").section("reference-files")
    assert "sett ?page=1 til ?page=4 bak adressen" in page(client, "/studies?lang=nb").section("reference-files")


def test_a_long_list_offers_the_orders_that_it_can_have(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "can also be sorted by" not in page(client, "/studies").text()
    monkeypatch.setattr(browse_limits, "SORTABLE", 10)
    text = page(client, "/studies").text()
    assert "A list of up to 10 can also be sorted by date, newest first, most claims, most findings" in text
    assert "narrow it" in refused(client, "/studies?sort=claims")
    narrowed = page(client, "/studies?document=nygaard-2024&has-results=publication&sort=claims")
    assert narrowed.in_main("p", class_="thing")


@pytest.mark.parametrize(
    ("address", "order"),
    [("/map", "those of a stated kind of transplantation before"), ("/timeline", "those with a status in a registry")],
)
def test_a_figure_of_many_studies_says_what_it_leaves_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str, order: str
) -> None:
    monkeypatch.setattr(studies_first, "MOST", 10)
    english, norwegian = page(client, address).text(), page(client, f"{address}?lang=nb").text()
    assert f"A page has room for 10: these are the first ({order}" in english
    assert "En side har plass til 10: dette er de første" in norwegian
    found = json.loads(client.get(f"{address}.json").text)
    assert any("A page has room for 10" in table.get("note", "") for table in found["tables"])
    assert "A page has room for 10" in client.get(f"{address}.svg").text
    assert "studies fit, and the file holds 10" in refused(client, f"{address}.csv")
    assert client.get(f"{address}?status=ongoing").status_code == 400
    assert client.get(f"{address}?document=nothing").status_code == 400


def test_a_map_of_many_studies_can_be_narrowed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {str(row["study_iri"]) for row in rows(client, "/map.json?ms-type=spms")}
    monkeypatch.setattr(studies_first, "MOST", 20)
    narrowed = "/map.json?ms-type=spms"
    assert {str(row["study_iri"]) for row in rows(client, narrowed)} == whole
    assert 0 < len(whole) < 20
    assert "that fit what is chosen are shown" in page(client, "/map?ms-type=spms").text()
    first = [row["transplantation"] for row in rows(client, "/map.json") if not row["part_of"]]
    assert 10 < len(first) <= 20  # a part among them stands below its whole
    assert None not in first  # of the first it is stated where they stand


def test_the_home_page_names_the_first_documents(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "first" not in page(client, "/").section("documents")
    monkeypatch.setattr(pages_home, "SHELF", 1)
    assert "These are the first 1 of 2 documents" in page(client, "/").section("documents")


def test_the_documents_of_the_review_come_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents_listed, "SIZE", 1)
    monkeypatch.setattr(documents_listed, "FILE", 1)
    first, second = page(client, "/review").text(), page(client, "/review?page=2").text()
    assert "1–1 of 2" in first
    assert first != second
    assert client.get("/review?page=3").status_code == 404
    assert "The list has 2 entries" in refused(client, "/review.json")
    assert [len(rows(client, f"/review.json?page={number}")) for number in (1, 2)] == [1, 1]


def test_of_many_documents_those_that_are_named_are_compared(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = "/compare.json?document=fhi-2021&document=nygaard-2024"
    whole = {table["table"]: table["rows"] for table in json.loads(client.get(named).text)["tables"]}
    monkeypatch.setattr(compare_some, "SIDES", 1)
    assert client.get(named).status_code == 400
    monkeypatch.setattr(compare_some, "UNASKED", 1)
    text = page(client, "/compare").text()
    assert "There are 2 documents, of which up to 1 can be compared at once; here 1 are." in text
    assert client.get("/compare?document=nothing").status_code == 404
    one = {t["table"]: t["rows"] for t in json.loads(client.get("/compare.json?document=fhi-2021").text)["tables"]}
    assert one["documents"]
    assert len(one["documents"]) < len(whole["documents"])
    assert one["references"] == []  # of one document alone


def test_what_is_too_much_to_go_through_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_count, "MOST_REGISTRATIONS", 10)
    pages_count._kept.cache_clear()
    said = refused(client, "/count.json")
    assert "2 documents with" in said
    assert "Count a document, or numbers" in said
    answer = client.get("/count?lang=en", headers=HTML)
    assert answer.status_code == 413
    assert "Count this" in answer.text  # the form is still there
    assert client.get("/count.json?document=fhi-2021").status_code == 200
    monkeypatch.setattr(pages_export, "LARGEST", 200)
    assert "`msevidence export`" in refused(client, "/export/ris")
    assert client.get("/export/ris?study=mist").status_code == 200
    results_read._kept.cache_clear()
    monkeypatch.setattr(results_read, "MOST", 10)
    assert "goes through up to 10" in refused(client, "/results.json")
    results_read._kept.cache_clear()

"""Pages of a release that has more than they can show: the limits are lowered to the size of the real graph.

Each says how much there is and how to see the rest, or refuses with the reason; no file is cut without a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from msevidence.server import (
    browse_limits,
    browse_order,
    compare_some,
    concept_uses,
    count_overview,
    documents_listed,
    page_reader,
    pages_compare,
    pages_export,
    pages_graphs,
    pages_home,
    pages_quality,
    pages_view,
    question_fields,
    results_read,
    results_some,
    studies_first,
)
from msevidence.server.settings import Settings
from tests.pages_site import HTML, MSE, Page, client_of


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


def assert_files_are_had(client: FlaskClient, address: str) -> None:
    """Follow every link of a page to a file of its own."""
    path = address.partition("?")[0]
    links = {link for link in page(client, address).local_links() if link.startswith(f"{path}.")}
    assert {link.partition("?")[0] for link in links} >= {f"{path}.csv", f"{path}.json", f"{path}.ttl"}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


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
    assert_files_are_had(client, address)
    assert client.get(f"{address}.csv?first=9").status_code == 400
    assert client.get(f"{address}?status=ongoing").status_code == 400
    assert client.get(f"{address}?document=nothing").status_code == 400


@pytest.mark.parametrize("path", ["/map", "/timeline.csv", "/results.json"])
def test_how_many_come_first_is_a_number_also_where_all_fit(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?first=AAA").status_code == 400
    assert client.get(f"{path}?first=2").status_code == 400


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


def test_what_strangers_name_is_not_kept(client: FlaskClient) -> None:
    kept = page_reader._kept(release_of(client)).answers
    before = len(kept)
    for number in range(5):
        name = f"nothing-{number}" + "x" * 2_000
        assert client.get(f"/count.json?document={name}").status_code == 404
        assert client.get(f"/study/mist.html?inverse=https://example.org/{name}").status_code == 404
    assert not any("nothing-" in str(key) for key in list(kept)[before:])


def release_of(client: FlaskClient) -> str:
    return str(json.loads(client.get("/releases/?format=json").text)["current"])


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


def parted(client: FlaskClient, address: str, table: str, parts: int) -> list[dict[str, object]]:
    """Return the rows of a table of all parts of a file, one after the other."""
    found: list[dict[str, object]] = []
    for number in range(1, parts + 1):
        answer = client.get(f"{address}.json?page={number}")
        assert answer.status_code == 200
        found += next(one["rows"] for one in json.loads(answer.text)["tables"] if one["table"] == table)
    assert client.get(f"{address}.json?page={parts + 1}").status_code == 404
    return found


def test_the_graphs_of_many_documents_come_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows(client, "/graphs.json")
    assert "in the order of their addresses" not in page(client, "/graphs").text()
    monkeypatch.setattr(pages_graphs, "SIZE", 5)
    monkeypatch.setattr(pages_graphs, "FILE", 5)
    assert f"The list has {len(whole)} entries" in refused(client, "/graphs.json")
    assert parted(client, "/graphs", "graphs", -(-len(whole) // 5)) == whole
    second = page(client, "/graphs?page=2")
    assert f"Graphs 6 to 10 of {len(whole)}, in the order of their addresses." in second.text()
    assert f"Graf 6 til 10 av {len(whole)}" in page(client, "/graphs?page=2&lang=nb").text()
    assert {"/graphs?page=1", "/graphs?page=3", "/graphs.csv?page=2&table=files"} <= set(second.local_links())


@pytest.mark.parametrize("table", ["rules", "findings", "claims", "verdicts"])
def test_the_quality_of_many_documents_is_told_of_some_at_a_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    tables = {one["table"]: one["rows"] for one in json.loads(client.get("/quality.json").text)["tables"]}
    assert "over-all" not in tables
    monkeypatch.setattr(pages_quality, "SIZE", 1)
    monkeypatch.setattr(pages_quality, "FILE", 1)
    assert "The list has 2 entries" in refused(client, "/quality.json")
    parts = parted(client, "/quality", table, 2)
    assert len(tables[table]) > 2
    assert sorted(parts, key=str) == sorted(tables[table], key=str)
    shown = page(client, "/quality?page=2")
    assert shown.section(f"about-{table}").count("Of documents 2 to 2 of 2") == 1
    assert "Av dokument 2 til 2 av 2" in page(client, "/quality?page=2&lang=nb").text()
    assert "/quality?page=1" in shown.local_links()
    assert_files_are_had(client, "/quality")
    assert client.get("/quality.csv?table=validation").status_code == 200


def test_the_quality_of_many_documents_is_told_of_all_of_them_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {one["table"]: one["rows"] for one in json.loads(client.get("/quality.json").text)["tables"]}
    monkeypatch.setattr(pages_quality, "SIZE", 1)
    answer = json.loads(client.get("/quality.json?page=1").text)
    over_all = next(one["rows"] for one in answer["tables"] if one["table"] == "over-all")
    for local, by, table, figure in (
        *(("Finding", "Kind", "findings", "findings"), ("Finding", "Severity", "findings", "findings")),
        ("Claim", "Support", "claims", "things"),
    ):
        told = [row["things"] for row in over_all if row["class_iri"].endswith(local) and row["by"] == by]
        assert sum(told) == sum(row[figure] for row in tables[table]) > 0, by


def test_everything_is_counted_in_figures_where_it_is_too_much_to_list(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ("printed", "numbers", "registrations", "studies", "references")
    whole = json.loads(client.get("/count.json").text)
    monkeypatch.setattr(count_overview, "MOST", 10)
    monkeypatch.setattr(count_overview, "SIZE", 1)
    said = refused(client, "/count.json")
    assert refused(client, "/count.json?page=2") == said
    assert "2 documents with" in said
    assert "Count a document, or numbers" in said
    shown = page(client, "/count")
    counted = [
        ["".join(cell.itertext()) for cell in row.iter("td")]
        for row in shown.in_main("tr")
        if row.find("td") is not None
    ]
    assert counted == [[str(one[step]) for step in steps] for one in (whole, whole["documents"][0])]
    assert f"which are no studies more: {whole['parts_count']}" in shown.section("answer")
    assert {"/count?page=2", "/count?document=fhi-2021"} <= set(shown.local_links())
    assert len(shown.in_main("form")) == 2
    assert "nygaard-2024" in "".join(page(client, "/count?page=2&lang=nb").local_links())
    assert client.get("/count?page=3", headers=HTML).status_code == 404
    assert client.get("/count?page=2&document=fhi-2021", headers=HTML).status_code == 400
    assert client.get("/count.json?document=fhi-2021").status_code == 200


def test_a_form_of_many_things_links_their_list(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "/queries/claims-resting-on-publication"
    (there,) = page(client, question).all("datalist")
    chosen = there[0].get("value")
    address = f"{question}?publication={chosen}"
    before = page(client, address)
    assert len(before.all("datalist")) == 1
    assert "/publications" not in {link for e in before.in_main("p", class_="note") for link in _links_in(e)}
    monkeypatch.setattr(question_fields, "SUGGESTED", 10)
    shown = page(client, address)
    assert shown.all("datalist") == []
    assert "/publications" in {link for e in shown.in_main("p", class_="note") for link in _links_in(e)}
    assert [e.get("value") for e in shown.in_main("input", id="value-publication")] == [chosen]


def _links_in(element: Any) -> list[str]:
    return [e.get("href", "") for e in element.iter("a")]


def test_what_very_many_point_to_shows_some_and_leads_to_all_of_them(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/scheme/passage-kind/sentence.html"
    by_kind = f"{address}?inverse={quote(MSE + 'passageKind', safe='')}"

    def pointing(number: int) -> set[str]:
        shown = page(client, f"{by_kind}&page={number}")
        return {link for link in shown.local_links() if link.startswith("/passage/")}

    first, whole = page(client, address), [pointing(number) for number in range(1, 6)]
    assert sum(map(len, whole)) == 214
    monkeypatch.setattr(pages_view, "ORDERED", 20)
    monkeypatch.setattr(concept_uses, "ORDERED", 20)
    page_reader._kept.cache_clear()
    some = page(client, address)
    assert "1–12 of 214" in some.text() and "1–12 of 214" in first.text()
    assert [e.text for e in some.in_main("h3")] == [e.text for e in first.in_main("h3")]
    parts = [pointing(number) for number in range(1, 6)]
    assert [len(part) for part in parts] == [50, 50, 50, 50, 14]
    assert set.union(*parts) == set.union(*whole)
    assert parts != whole  # as the store has them


def test_what_is_too_much_to_go_through_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_export, "LARGEST", 200)
    assert "`msevidence export`" in refused(client, "/export/ris")
    assert client.get("/export/ris?study=mist").status_code == 200


@pytest.fixture
def many_results(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Have more results than are read at once, and give what the page has of all of them."""
    whole = json.loads(client.get("/results.json").text)
    monkeypatch.setattr(results_read, "MOST", 10)
    return {str(table["table"]): table["rows"] for table in whole["tables"]}


def test_of_many_results_those_that_are_chosen_are_read(client: FlaskClient, many_results: dict[str, Any]) -> None:
    tables = json.loads(client.get("/results.json").text)["tables"]
    assert {table["table"]: table["rows"] for table in tables} == many_results
    assert len(many_results["results"]) > 30 and len(many_results["harms"]) > 5
    for choice, column in (("study=mist", "study_iri"), ("document=fhi-2021", "document_iri")):
        value = choice.partition("=")[2]
        found = rows_of_results(client, f"/results.json?{choice}")
        every = [row for name in ("results", "harms", "counts") for row in many_results[name]]
        wanted = [row["measure_iri"] for row in every if str(row[column]).endswith(f"/{value}")]
        assert [row["measure_iri"] for row in found] == wanted != []
    harms = rows_of_results(client, "/results.json?document=nygaard-2024&harm=yes")
    assert harms and all(row in many_results["harms"] for row in harms)
    assert client.get("/results?study=nothing", headers=HTML).status_code == 404


def test_of_many_results_none_may_be_chosen_by_all(client: FlaskClient, many_results: dict[str, Any]) -> None:
    every = [row for name in ("results", "harms", "counts") for row in many_results[name]]
    outcome = next(str(row["outcome_iri"]).split("; ")[0].rpartition("/")[2] for row in every if row["outcome_iri"])
    having = {str(row["study_iri"]) for row in every if outcome in str(row["outcome_iri"])}
    study = next(iri for row in every if (iri := str(row["study_iri"])) and iri not in having).rpartition("/")[2]
    address = f"?study={study}&outcome={outcome}"
    assert rows_of_results(client, f"/results.json{address}") == []
    assert client.get(f"/results{address}", headers=HTML).status_code == 200
    assert client.get(f"/results{address}&in=nothing", headers=HTML).status_code == 404


def rows_of_results(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    tables = json.loads(client.get(address).text)["tables"]
    return [row for table in tables if table["table"] in ("results", "harms", "counts") for row in table["rows"]]


def test_of_more_results_than_a_page_holds_the_first_are_shown(
    client: FlaskClient, many_results: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results_some, "ROOM", 20)
    total = sum(len(many_results[name]) for name in ("results", "harms", "counts"))
    shown = page(client, "/results")
    assert f"{total} results fit what is chosen. A page has room for 20" in shown.text()
    assert f"{total} resultater passer" in page(client, "/results?lang=nb").text()
    found = json.loads(client.get("/results.json").text)["tables"]
    assert sum(len(t["rows"]) for t in found if t["table"] in ("results", "harms", "counts")) == 20
    assert all("room for 20" in t["note"] for t in found if t["table"] in ("results", "harms", "counts"))
    assert "/results?document=nygaard-2024" in shown.local_links()
    assert f"{total} results fit, and the file holds 20" in refused(client, "/results.csv")
    assert refused(client, "/results.svg") == refused(client, "/results.ttl")
    assert_files_are_had(client, "/results")
    assert client.get("/results?harm=yes", headers=HTML).status_code == 400
    assert client.get("/results?study=mist&harm=no", headers=HTML).status_code == 200


def test_a_comparison_has_the_results_of_its_studies_however_many_others_there_are(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(client.get("/compare.json?study=mist").text)["tables"]
    monkeypatch.setattr(results_read, "MOST", 10)
    assert json.loads(client.get("/compare.json?study=mist").text)["tables"] == whole
    monkeypatch.setattr(results_some, "ROOM", 2)
    assert "ends after 2 entries" in page(client, "/compare?study=mist").text()
    assert "after 2 entries" in refused(client, "/compare.csv?study=mist")
    monkeypatch.setattr(pages_compare, "of_studies", lambda lane, studies: ())
    assert json.loads(client.get("/compare.json?study=mist").text)["tables"] != whole  # it has some

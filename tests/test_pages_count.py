"""The page ``/count``: forms, tables, both languages, JSON and CSV of the same, and what is refused."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.pages_site import Page, client_of, page
from tests.questions import expected

STEPS = ("printed", "numbers", "registrations", "studies", "references")
TOTALS = {row["document"]: row for row in expected("how-many-studies-and-why")["totals"]}
HOSTILE = '"><script>alert(1)</script>'
NUMBERS = "/count?numbers=" + quote("NCT 0027 3364\nNCT01606215, NCT99999998; 2010-024381-21 NCT00000000\n" + HOSTILE)
PAGES = ["/count", "/count?document=fhi-2021", "/count?document=document/nygaard-2024", NUMBERS]


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def figures(shown: Page) -> list[list[int]]:
    """Return the five counts of each row of the first table."""
    rows = [r for r in shown.all("table")[0].iter("tr") if r.find("td") is not None]
    return [[int("".join(cell.itertext()).replace("\u00a0", "")) for cell in r.iter("td")] for r in rows]


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_are_valid_and_need_no_script(client: FlaskClient, address: str, language: str) -> None:
    shown = page(client, address, **{"Accept-Language": language})
    assert shown.all("html")[0].get("lang") == language
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id") is not None)
    assert [id for id, times in ids.items() if times > 1] == []
    assert shown.all("script") == shown.all("style") == []
    assert not [e for e in shown.root.iter() if e.get("style") or e.get("onclick")]
    assert [label.get("for") for label in shown.in_main("label")] == ["numbers", "document"]
    fragments = {e.get("href", "")[1:] for e in shown.all("a") if e.get("href", "").startswith("#")}
    assert fragments <= set(ids)
    assert [form.get("method") for form in shown.in_main("form")] == ["get", "get"]
    for head in (e for e in shown.root.iter("th")):
        assert head.get("scope") in ("col", "row")
    told = shown.text()
    assert ("Hvor mange studier" in told) == (language == "nb") and ("How many studies" in told) == (language == "en")


def test_the_figures_are_those_worked_out_by_hand(client: FlaskClient) -> None:
    rows = figures(page(client, "/count"))
    assert rows == [[TOTALS[key][step] for step in STEPS] for key in (None, "fhi-2021", "nygaard-2024")]
    for key in ("fhi-2021", "nygaard-2024"):
        shown = page(client, f"/count?document={key}")
        assert figures(shown) == [[TOTALS[key][step] for step in STEPS]]
        (chosen,) = [e.get("value") for e in shown.all("option") if e.get("selected") is not None]
        assert chosen == key


def test_numbers_are_counted_as_they_stand(client: FlaskClient) -> None:
    shown = page(client, NUMBERS)
    assert figures(shown) == [[4, 4, 4, 4, 7]]
    missed = shown.section("not-recognised")
    assert "alert(1)" in missed and "NCT00000000: a placeholder" in missed
    assert "NCT 0027 3364" in "".join(shown.all("textarea")[0].itertext())
    assert "MESEMS London" in shown.section("registrations-step")
    assert "not known here: a study of its own" in shown.section("registrations-step")
    assert "EudraCT 2010-024381-21 — MESEMS" in shown.section("kept-apart")


def test_the_report_shows_its_tables_and_rows(client: FlaskClient) -> None:
    shown = page(client, "/count?document=fhi-2021")
    assert shown.section("studies-step").count("Tabell") == 15
    assert "registers another study:" in shown.section("references-step")


def test_links_lead_on_and_keep_the_language(client: FlaskClient) -> None:
    shown = page(client, "/count?lang=nb&document=fhi-2021")
    (bookmark,) = shown.all("a", rel="bookmark")
    again = page(client, bookmark.get("href"))
    assert figures(again) == figures(shown) and again.all("html")[0].get("lang") == "nb"
    for address in {"/", "/count"}:
        links = page(client, address).local_links()
        assert "/count" in {urlsplit(link).path for link in links}
    local = [link for link in shown.local_links() if link.startswith(("/study/", "/registration/", "/listed-"))]
    assert len(local) > 50
    for link in sorted(set(local))[::9]:
        assert client.get(link).status_code in (200, 303), link


@pytest.mark.parametrize("address", PAGES)
def test_the_files_say_the_same_as_the_page(client: FlaskClient, address: str) -> None:
    path, _, asked = address.partition("?")
    shown = figures(page(client, address))[0]
    data = client.get(f"{path}.json?{asked}")
    assert data.mimetype == "application/json"
    assert [data.get_json()[step] for step in STEPS] == shown
    assert client.get(address, headers={"Accept": "application/json"}).data == data.data
    table = client.get(f"{path}.csv?{asked}")
    assert table.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len([row for row in rows if row["normalised"]]) == shown[1]
    assert client.get(f"{address}{'&' if asked else '?'}format=csv").data == table.data
    assert {"/count.json", "/count.csv"} <= {urlsplit(link).path for link in page(client, address).local_links()}


def test_an_answer_that_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/count.json")
    assert "Accept" in first.headers["Vary"]
    again = client.get("/count.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/count", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("numbers=NCT00273364&document=fhi-2021", 400, "two questions"),
        ("document=none", 404, "there are: fhi-2021, nygaard-2024"),
        ("document=" + quote(HOSTILE), 404, "There is no document"),
        ("number=NCT00273364", 400, "There is no parameter 'number'"),
        ("numbers=" + "NCT00273364%20" * 1001, 400, "a page takes 1000"),
        ("numbers=" + "x" * 100_001, 400, "a page takes 100000"),
    ],
)
def test_what_cannot_be_counted_is_refused_and_the_form_stays(
    client: FlaskClient, asked: str, status: int, said: str
) -> None:
    shown = page(client, f"/count?{asked}", status)
    assert said in shown.section("answer")
    assert len(shown.in_main("form")) == 2 and shown.all("script") == []
    refused = client.get(f"/count.json?{asked}")
    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")

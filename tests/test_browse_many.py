"""Many values chosen in one list: as many as its links can hold, and no more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from msevidence.loaders.release_index import INDEX
from msevidence.server import browse_asked, facets
from msevidence.server.browse_asked import MOST_VALUES
from tests.pages_site import HTML, client_of, page


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as found:
        yield found


@pytest.fixture(scope="module")
def named(release_home: Path) -> list[str]:
    """Return IRIs that the release knows by name: each is taken as a value of any facet, of which it has none."""
    with sqlite3.connect((release_home / "current").resolve() / INDEX) as index:
        rows = index.execute("SELECT DISTINCT iri FROM label ORDER BY length(iri) DESC LIMIT 400").fetchall()
    assert len(rows) == 400
    return [iri for (iri,) in rows]


def of_years(values: list[str], path: str = "/publications") -> str:
    return f"{path}?{urlencode([('year', value) for value in values])}"


def test_as_many_values_as_a_page_can_link_are_taken(client: FlaskClient, named: list[str]) -> None:
    shown = page(client, of_years(named[:MOST_VALUES]))
    assert len(shown.html) < 1_000_000
    again = page(client, of_years(named[:MOST_VALUES] * 3))
    assert again.local_links()[-20:] == shown.local_links()[-20:]
    assert len(again.html) < len(shown.html) + 100_000  # what is asked for twice is linked once


@pytest.mark.parametrize("path", ["/studies", "/claims"])
def test_a_list_with_all_that_can_be_chosen_links_to_no_refusal(client: FlaskClient, path: str) -> None:
    facets_of = page(client, path).local_links()
    pairs = [pair for link in facets_of if link.startswith(f"{path}?") for pair in parse_qsl(urlsplit(link).query)]
    chosen = [pair for pair in dict.fromkeys(pairs) if pair[0] not in ("page", "sort", "q", "lang")][:MOST_VALUES]
    assert len(chosen) == MOST_VALUES
    links = page(client, f"{path}?{urlencode(chosen)}").local_links()
    refused = [link for link in dict.fromkeys(links) if link.startswith(path) and client.get(link).status_code == 400]
    assert refused == []


@pytest.mark.parametrize("path", ["/studies?document=fhi-2021", "/claims?support=uncited", "/publications?year=2019"])
def test_a_full_page_of_many_values_is_not_made_of_their_addresses(
    client: FlaskClient, named: list[str], path: str
) -> None:
    facet = path.partition("?")[2].partition("=")[0]
    shown = page(client, f"{path}&{urlencode([(facet, value) for value in named[: MOST_VALUES - 1]])}")
    assert len(shown.in_main("p", class_="thing")) > 5
    assert len(shown.html) < 700_000
    assert len(page(client, path).html) < 100_000


@pytest.mark.parametrize("path", ["/publications", "/publications.json", "/browse/Publication", "/publications.ris"])
def test_more_are_refused_before_any_is_looked_up(
    client: FlaskClient, named: list[str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(facets.Facets, "is_named", lambda _, iri: asked.append(iri))
    answer = client.get(of_years(named[: MOST_VALUES + 1], path))
    assert (answer.status_code, asked) == (400, [])
    assert "41 values are chosen; a list is narrowed by up to 40. Leave some out" in answer.json["detail"]
    norwegian = client.get(of_years(named[: MOST_VALUES + 1], path), headers={"Accept-Language": "nb"})
    assert "41 verdier er valgt" in norwegian.json["detail"]


def test_values_of_all_facets_count_together(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse_asked, "MOST_VALUES", 2)
    for query, status in (
        ("status=ongoing&status=completed", 200),
        ("status=ongoing&status-as-reported=ongoing&status=&document=fhi-2021", 200),
        ("status=ongoing&status=completed&document=fhi-2021", 400),
    ):
        assert client.get(f"/studies?{query}", headers=HTML).status_code == status, query


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/compare?document=&document=fhi-2021&document=nygaard-2024&document=fhi-2021", "document=fhi-2021"),
        ("/results?study=mist&study=" + "&study=".join("abcdefgh"), "study=mist"),
        ("/studies?status=ongoing&status=ongoing&sort=label&sort=x", "status=ongoing"),
    ],
)
def test_a_link_to_another_form_has_what_counts_once(client: FlaskClient, address: str, kept: str) -> None:
    path = address.partition("?")[0]
    links = {link for link in page(client, address).local_links() if link.startswith(f"{path}.")}
    assert len(links) >= 4
    for link in links:
        assert link.count(kept) == 1, link
        assert "=x" not in link and "study=a" not in link

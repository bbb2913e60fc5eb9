"""What went wrong, told in the reader's language, and marked as English where it is told in English alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.pages_site import client_of, page, publish_pages

TOLD = {
    "/static/none.css": ("There is nothing at", "Det finnes ingenting på"),
    "/study/none.html": ("There is no resource", "Det finnes ingen ressurs"),
    "/claims?page=0": ("pages are numbered from 1", "sidene er nummerert fra 1"),
    "/claims?page=99": ("There is no page 99", "Side 99 finnes ikke"),
    "/queries/none": ("There is no stored question", "Det finnes ikke noe lagret spørsmål"),
    "/sparql?query=": ("The query is empty.", "Spørringen er tom."),
    "/sparql?query=SELECT(COUNT(*)AS?n){?a?b?c.?d?e?f.?g?h?i.?j?k?l}": ("did not end within", "ble ikke ferdig innen"),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("errors")
    publish_pages(home)
    with client_of(home) as client:
        yield client


@pytest.mark.parametrize("path", TOLD)
@pytest.mark.parametrize("language", ["en", "nb"])
def test_what_people_meet_is_told_in_their_language(client: FlaskClient, path: str, language: str) -> None:
    status = client.get(path).status_code
    assert status in (400, 404, 504)
    shown = page(client, path, status, **{"Accept-Language": language})
    said = TOLD[path][language == "nb"]
    (paragraph,) = [e for e in shown.all("p") if said in "".join(e.itertext())]
    assert paragraph.get("lang") == language
    told = client.get(path, headers={"Accept-Language": language}).get_json(force=True)
    assert said in told["detail"]


def test_what_is_told_in_english_alone_is_marked(client: FlaskClient) -> None:
    shown = page(client, "/sparql?query=SELECT+*+%7B", 400, **{"Accept-Language": "nb"})
    (detail,) = [e for e in shown.all("p", lang="en") if "Line 1" in "".join(e.itertext())]
    assert shown.all("html")[0].get("lang") == "nb" and detail is not None

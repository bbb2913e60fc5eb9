"""Pages of concepts and schemes on the real graph: what they mean, and what has them, in whatever language."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.pages_site import client_of, page

ONGOING = ["BEAT-MS", "Bonan", "COAST", "RAM-MS", "Sadiq", "SMART-MS", "StarMS"]
"""Tables 2 and 4 of the report in data/reports/fhi-2021."""


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


def test_a_norwegian_word_leads_to_english_claims(client: FlaskClient) -> None:
    """Nygaard 2024 has two sentences on mortality: 1.3 % to 0.2 %, and what explains it."""
    found = page(client, "/search?q=d%C3%B8delighet&lang=nb")
    assert any(link.startswith("/scheme/outcome/mortality") for link in found.local_links())
    shown = page(client, "/scheme/outcome/mortality.html?lang=nb")
    assert "Død, av enhver eller en oppgitt årsak." in shown.section("meaning")
    assert "Death, of any or a stated cause." in shown.section("meaning")
    assert "decreased from 1.3 % in the early 2000s to 0.2 %" in shown.section("uses")
    assert "This is probably due to a combination of more experience" in shown.section("uses")
    assert "behandlingsrelatert dødelighet" in shown.section("about-narrower")
    assert "infeksjon" in shown.section("about-siblings") and "dødelighet" not in shown.section("about-siblings")
    there = [link for link in shown.local_links() if link.startswith("/browse/Claim?claim-outcome=mortality")]
    assert page(client, there[0]).text("h1").startswith("Påstand")
    results = rows(client, "/scheme/outcome/mortality.csv?table=Result-result-outcome")
    assert len(results) == 2 and all("1.3 % in the early 2000s" in row["words"] for row in results)


def test_a_status_leads_to_its_studies_and_not_to_their_descriptions(client: FlaskClient) -> None:
    tables = json.loads(client.get("/scheme/status-as-reported/ongoing.json").text)["tables"]
    by_key = {table["table"]: table["rows"] for table in tables}
    assert [row["thing"] for row in by_key["Study-status-as-reported"]] == ONGOING
    assert not [key for key in by_key if key.startswith("StudyDescription")]
    shown = page(client, "/scheme/status-as-reported/ongoing.html")
    assert "/browse/Study?status-as-reported=ongoing" in shown.local_links()
    (folded,) = shown.all("details", class_="statements")
    assert "What points here" in "".join(folded.itertext())


def test_what_no_facet_has_is_found_by_its_property(client: FlaskClient) -> None:
    shown = page(client, "/scheme/severity/note.html")
    assert "/browse/Finding?severity=note" in shown.local_links()
    assert [row["thing"] for row in rows(client, "/scheme/severity/note.csv?table=ReviewRule-severity")]
    nothing = page(client, "/scheme/outcome/fatigue.html")
    assert "Nothing in this release has this value itself." in nothing.section("uses")


def test_a_scheme_lists_its_concepts_what_is_narrower_after_what_is_broader(client: FlaskClient) -> None:
    found = rows(client, "/scheme/outcome.csv?table=concepts")
    names = [row["concept"] for row in found]
    assert names.index("safety") < names.index("mortality") < names.index("treatment-related mortality")
    (mortality,) = [row for row in found if row["concept"] == "mortality"]
    assert mortality["definition"] == "Death, of any or a stated cause."
    assert mortality["has"].startswith("Claims: 2; Result")
    assert "Definition" in page(client, "/scheme/outcome.html").section("meaning")

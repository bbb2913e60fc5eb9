"""In the browser: the reading view marks every claim, and the search finds a number in whatever spelling."""

from __future__ import annotations

import csv
import io

import pytest
from playwright import sync_api

from tests.browser.opening import NARROW, WIDE, Watched

SPELLINGS = [
    "NCT00273364",
    "NCT 0027 3364",
    "nct‑0027‑3364",
    "(NCT00273364).",
    "https://clinicaltrials.gov/study/NCT00273364",
    "ClinicalTrials.gov number, nct00273364",
]


@pytest.fixture(scope="module")
def window(browser: sync_api.Browser, real_site: str) -> Watched:
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en")
    return Watched(context, real_site)


@pytest.mark.parametrize("key", ["nygaard-2024", "fhi-2021"])
def test_every_claim_is_marked_and_leads_to_its_page(window: Watched, key: str) -> None:
    table = window.page.request.get(f"{window.site}/document/{key}.csv?table=claims").text()
    claims = {row["claim_iri"].rpartition("/")[2] for row in csv.DictReader(io.StringIO(table))}
    assert len(claims) > 80
    assert window.open(f"/document/{key}.html") == 200
    marks = window.page.locator("section.reading a.mark[href*='/claim/']")
    marked = marks.evaluate_all("all => all.map(one => one.getAttribute('href').split('/claim/')[1].split('?')[0])")
    assert set(marked) == claims
    assert marks.evaluate_all("all => all.every(one => one.innerText.trim() && one.getClientRects().length)")
    window.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert window.over() <= 0
    window.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_found_in_any_spelling(window: Watched, spelling: str) -> None:
    window.open("/studies")
    window.page.fill("#find", spelling)
    window.page.press("#find", "Enter")
    window.page.wait_for_url("**/registration/NCT00273364.html")
    assert window.outside == [] and window.said == []

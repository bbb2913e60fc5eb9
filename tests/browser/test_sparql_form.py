"""The query form and the stored questions in a real browser: with the keyboard alone, without scripts, narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.test_browser import CHROMIUM, FLAGS, SIZES
from tests.server_fixtures import running

sync_api = pytest.importorskip("playwright.sync_api")

ROWS = "SELECT ?claim ?text WHERE { ?claim <https://w3id.org/msevidence/ontology#claimText> ?text }"


@pytest.fixture(scope="module")
def site(release_home: Path) -> Iterator[str]:
    with running(release_home) as endpoint:
        yield endpoint.removesuffix("/sparql")


@pytest.fixture(params=["wide", "narrow"])
def page(request: pytest.FixtureRequest) -> Iterator[sync_api.Page]:
    if not CHROMIUM.exists():
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail(f"{CHROMIUM} is required here (BROWSER_REQUIRED is set) and is not there")
        pytest.skip(f"{CHROMIUM} is not here")
    width, height = SIZES[request.param]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
        yield context.new_page()
        browser.close()


def fits(page: sync_api.Page) -> bool:
    """Tell whether nothing stands out on the right: only the table may scroll, in its own region."""
    box, view = page.locator("main").bounding_box(), page.viewport_size
    assert box is not None and view is not None
    return box["x"] + box["width"] <= view["width"]


def test_a_query_is_written_asked_and_mended_with_the_keyboard(page: sync_api.Page, site: str) -> None:
    page.goto(site + "/sparql?lang=nb")
    page.locator("#query").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(ROWS.replace("}", ""))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sparql?lang=nb&query=**#answer")
    assert page.get_by_role("alert").is_visible() and fits(page)
    assert page.locator("#query").input_value() == ROWS.replace("}", "")
    page.locator("#query").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("table").wait_for()
    assert page.locator("html").get_attribute("lang") == "nb"
    heading = page.locator("#answer").bounding_box()
    assert heading is not None and page.viewport_size is not None
    assert 0 <= heading["y"] < page.viewport_size["height"]  # the reader has arrived at the answer
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "CSV"
    assert fits(page)
    scrolled = page.get_by_role("group", name="Tabell")
    scrolled.press("ArrowRight")
    assert scrolled.evaluate("e => e === document.activeElement && e.scrollWidth >= e.clientWidth")


def test_a_stored_question_is_asked_with_a_value(page: sync_api.Page, site: str) -> None:
    page.goto(site + "/queries")
    page.get_by_role("link", name="Which of the ongoing trials should have ended").first.click()
    page.wait_for_url("**/queries/ongoing-trials-that-should-have-ended")
    page.get_by_label("date").fill("2000-01-01")
    page.get_by_role("button", name="Run").press("Enter")
    page.wait_for_url("**/queries/ongoing-trials-that-should-have-ended?date=2000-01-01#answer")
    assert "2000-01-01" in page.get_by_role("table").inner_text() and fits(page)
    page.get_by_role("link", name="Open in the query form").click()
    page.wait_for_url("**/sparql?query=**")
    assert 'VALUES (?date) { ("2000-01-01"' in page.locator("#query").input_value()
    assert "2000-01-01" in page.get_by_role("table").inner_text()

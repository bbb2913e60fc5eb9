"""The pages in a real browser: no request leaves this machine, they fit wide and narrow, zoomed, light and dark.

Needs Debian's chromium and the package playwright. Skipped where one is absent, unless BROWSER_REQUIRED is set.
Screenshots go to the folder that SHOTS names, if it is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.pages_site import publish_pages
from tests.server_fixtures import running

if os.environ.get("BROWSER_REQUIRED"):
    from playwright import sync_api
else:
    sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
PAGES = {
    "home": "/",
    "home-nb": "/?lang=nb",
    "claims": "/claims",
    "count": "/count",
    "count-numbers": "/count?numbers=NCT01234567+NCT00000000",
    "queries": "/queries",
    "question": "/query/all-claims",
    "search": "/search?q=trial",
    "claim": "/claim/one.bbbbbbbbbb.1.1",
    "hostile": "/claim/one.dddddddddd.1.1",
    "study": "/study/first",
    "document": "/document/one",
    "publication": "/publication/first-2019",
    "graph": "/graph/document-one",
    "ontology": "/ontology",
    "inverse": "/document/to.html?inverse=https%3A%2F%2Fw3id.org%2Fmsevidence%2Fontology%23inDocument&page=2",
    "sparql": "/sparql",
    "missing": "/study/none",
}
SIZES = {"wide": (1280, 900), "narrow": (390, 844), "zoomed": (640, 450)}
"""`zoomed` is what a window of 1280 by 900 is at 200 %: half as many CSS pixels either way."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("browser")
    publish_pages(home)
    with running(home) as endpoint:
        yield endpoint.removesuffix("/sparql")


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail(f"{CHROMIUM} is required here (BROWSER_REQUIRED is set) and is not there")
        pytest.skip(f"{CHROMIUM} is not here")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_pages_fit_and_ask_nobody_else(browser: sync_api.Browser, site: str, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    grounds: set[str] = set()
    for name, address in PAGES.items():
        answer = page.goto(site + address)
        assert answer is not None and answer.status == (404 if name == "missing" else 200), address
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{address} is {over} px wider than {width}"
        assert page.locator("h1").is_visible()
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        if shots := os.environ.get("SHOTS"):
            page.screenshot(path=str(Path(shots) / f"{name}-{size}-{scheme}.png"), full_page=True)
    context.close()
    assert len(asked) >= 2 * len(PAGES)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert [text for text in said if "404" not in text] == []
    assert len(grounds) == 1
    lightness = sum(int(part) for part in grounds.pop().strip("rgb()").split(","))
    assert (lightness > 600) == (scheme == "light")


def test_the_path_from_a_sentence_to_its_registration_with_the_keyboard_alone(
    browser: sync_api.Browser, site: str
) -> None:
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    page.goto(site + "/?lang=nb")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None and box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("The first trial com-\npared two treatments (1, 2).")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/claim/one.bbbbbbbbbb.1.1.html?lang=nb")
    page.get_by_role("link", name="NCT01234567").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/registration/NCT01234567.html?lang=nb")
    assert page.locator("html").get_attribute("lang") == "nb"
    context.close()


def test_everything_works_without_scripts(browser: sync_api.Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/")
    page.fill("#q", "first")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/study/first.html")
    page.get_by_role("link", name="Norsk bokmål").click()
    page.wait_for_url("**/study/first.html?lang=nb")
    assert page.get_by_role("heading", name="Egenskaper").is_visible()
    page.goto(site + "/queries")
    page.locator("#claims-of-a-study").get_by_role("link", name="See the answer").click()
    page.wait_for_url("**/sparql?query=**")
    assert page.get_by_role("table").is_visible()
    page.goto(site + "/query/claims-of-a-study")
    page.get_by_role("link", name="Open in the query form").click()
    page.wait_for_url("**/sparql?example=**")
    assert "SELECT" in page.locator("#query").input_value()
    context.close()


def test_a_printed_page_has_the_text_and_no_navigation(browser: sync_api.Browser, site: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(site + "/claim/one.bbbbbbbbbb.1.1")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()

"""What holds for every page: it opens with and without scripts, fits, asks nobody else, reads well, its links lead on.

The addresses are in ``page_types.py``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright import sync_api

from tests.browser.opening import NARROW, WIDE, ZOOMED, Watched
from tests.browser.page_types import REAL, SMALL, STATUS

PAGES = [("real", name) for name in REAL] + [("small", name) for name in SMALL]
LINKS = 40
"""Links of one page that are followed beside those followed before; the first and the last of the page."""
TOGETHER = 4
"""Links followed at once: fewer than the server takes of one client."""
SERIOUS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SEEN = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
"""Rules whose outcome depends on colours and width."""
RUN = """async ([kind, values]) => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const found = await axe.run(document, { runOnly: { type: kind, values }, resultTypes: ["violations"] });
  return found.violations.map(rule => [rule.id, rule.help, rule.nodes.length,
    rule.nodes.slice(0, 3).map(node => node.target.join(" ") + " " + node.html.slice(0, 160) + " " +
      node.any.map(check => check.message).join("; "))]);
}"""
ANCHORS = """() => [...document.querySelectorAll("a[href]")]
  .map(one => new URL(one.getAttribute("href"), document.baseURI).href)"""
BROKEN = """() => [...document.querySelectorAll("a[href^='#']")].map(one => one.getAttribute("href").slice(1))
  .filter(id => !document.getElementById(decodeURIComponent(id)))"""


class Windows(NamedTuple):
    """Pages that stay open for all tests: scripts and light, narrow and dark, without scripts."""

    wide: Watched
    narrow: Watched
    plain: Watched


def _windows(browser: sync_api.Browser, site: str) -> Iterator[Windows]:
    choices: list[dict[str, Any]] = [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"java_script_enabled": False},
    ]
    contexts, windows = [], []
    for choice, (width, height) in zip(choices, (WIDE, NARROW, WIDE), strict=True):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, locale="en", **choice))
        windows.append(Watched(contexts[-1], site, scripts=choice.get("java_script_enabled", True)))
    yield Windows(*windows)
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def windows(browser: sync_api.Browser, real_site: str, small_site: str) -> Iterator[Mapping[str, Windows]]:
    both = {"real": _windows(browser, real_site), "small": _windows(browser, small_site)}
    yield {name: next(made) for name, made in both.items()}
    for made in both.values():
        next(made, None)


# Of the module: the tests of one page run after another, so that it is opened once for several of them.
@pytest.fixture(scope="module", params=PAGES, ids=["-".join(page) for page in PAGES])
def opening(request: pytest.FixtureRequest, windows: Mapping[str, Windows]) -> tuple[Windows, str, str]:
    """Return the windows of the page's site, the page's name, and its address."""
    site, name = request.param
    return windows[site], name, (REAL if site == "real" else SMALL)[name]


def _opened(window: Watched, name: str, address: str) -> None:
    """Open a page and see that it is as it should be, whatever it is."""
    assert window.open(address) == STATUS.get(name, 200)
    window.wait_for_editor()
    assert window.outside == [] and window.said == []
    assert window.page.locator("h1").count() == 1 and window.page.locator("h1").is_visible()
    assert window.page.locator("html").get_attribute("lang") == "en"
    assert window.asked, "nothing was recorded"


def test_a_page_opens_fits_and_asks_nobody_else(opening: tuple[Windows, str, str]) -> None:
    windows, name, address = opening
    _opened(windows.wide, name, address)
    assert windows.wide.over() <= 0
    assert windows.wide.page.evaluate(BROKEN) == []
    windows.wide.shoot(f"{name}-wide-light")
    _opened(windows.narrow, name, address)
    windows.narrow.shoot(f"{name}-narrow-dark")
    windows.narrow.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width, height in (ZOOMED, NARROW):
        windows.narrow.page.set_viewport_size({"width": width, "height": height})
        assert windows.narrow.over() <= 0, f"wider than {width} px"


def test_a_page_needs_no_script_and_changes_its_language(opening: tuple[Windows, str, str]) -> None:
    windows, name, address = opening
    plain, wide = windows.plain, windows.wide
    _opened(plain, name, address)
    heading = plain.page.locator("h1").inner_text()
    wide.show(address)
    assert wide.page.locator("h1").inner_text() == heading
    if not plain.page.locator(".languages").count():
        assert name == "review-report"  # to be printed, in the language in which it was asked for
        return
    before = urlsplit(plain.page.url)
    plain.page.locator(".languages a[hreflang=nb]").click()
    after = urlsplit(plain.page.url)
    assert plain.page.locator("html").get_attribute("lang") == "nb"
    assert after.path == before.path and after.query.replace("lang=nb", "").strip("&") == before.query
    assert plain.page.locator("h1").count() == 1


@pytest.mark.parametrize("how", ["light", "dark"])
def test_a_page_has_no_fault_that_axe_finds(opening: tuple[Windows, str, str], axe: str, how: str) -> None:
    windows, _, address = opening
    window = windows.wide if how == "light" else windows.narrow
    window.show(address)
    window.page.evaluate(axe)
    assert window.page.evaluate(RUN, ["tag", SERIOUS] if how == "light" else ["rule", SEEN]) == []


def test_the_links_of_a_page_lead_somewhere(opening: tuple[Windows, str, str], followed: set[str]) -> None:
    windows, name, address = opening
    windows.wide.show(address)
    own = urlsplit(windows.wide.page.url)
    links = [link for link in dict.fromkeys(windows.wide.page.evaluate(ANCHORS)) if urlsplit(link).netloc == own.netloc]
    if name in STATUS:  # an error, too, by the links to itself
        links = [link for link in links if urlsplit(link).path != own.path]
    assert links
    new = [link for link in links if link not in followed]
    chosen = new if len(new) <= LINKS else new[: LINKS // 2] + new[-LINKS // 2 :]
    followed.update(chosen)
    with ThreadPoolExecutor(TOGETHER) as pool:
        assert [said for said in pool.map(_wrong, chosen) if said] == []


def _wrong(link: str, again: int = 3) -> str:
    """Return what is wrong with a link, or nothing: it must answer, and have the place that it points to.

    A connection that is closed without an answer is tried again: of some 4,500 links two were seen to be, on a busy
    machine, by a server that closes what one client opens beyond its share (listening.PER_CLIENT); each answered then.
    """
    address, fragment = urldefrag(link)
    request = Request(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    try:
        with urlopen(request, timeout=20) as answer:
            body = answer.read().decode(errors="replace") if answer.headers.get_content_type() == "text/html" else ""
    except HTTPError as error:
        return f"{link}: {error.code}"
    except ConnectionError as error:
        if not again:
            return f"{link}: {error}"
        time.sleep(0.5)
        return _wrong(link, again - 1)
    if body and fragment and not re.search(rf"""\bid=["']?{re.escape(fragment)}["'\s>]""", body):
        return f"{link}: no such place"
    return ""

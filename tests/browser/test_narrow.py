"""In the browser: what is wider than a narrow screen says so, and what is not says nothing."""

from __future__ import annotations

import pytest
from playwright import sync_api

from tests.browser.opening import NARROW, WIDE, Watched

BOXES = """async () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); await frame();
  return [...document.querySelectorAll(".scroll")].map(box =>
    [box.scrollWidth > box.clientWidth, !!box.querySelector(".sideways")?.getClientRects().length,
     box.classList.contains("drawing"), box.getAttribute("aria-label")]);
}"""
FIGURES = {
    "/results": 5,
    "/flow": 1,
    "/study/mist.html": 2,
    "/queries/exclusion-reasons?view=chart": 1,
    "/map": 1,
    "/timeline": 1,
}
"""Address → drawings that are wider than a narrow screen, at the least."""
TABLES = ("/count", "/quality", "/searches", "/results", "/study/mist.html", "/compare", "/review/fhi-2021")


def boxes(window: Watched, address: str) -> list[tuple[bool, bool, bool, str]]:
    """Return of each box that scrolls: whether it is too wide, says so, is a drawing, and its name."""
    assert window.open(address) == 200
    return [(wider, said, drawing, name) for wider, said, drawing, name in window.page.evaluate(BOXES)]


@pytest.fixture(scope="module")
def narrow(browser: sync_api.Browser, real_site: str) -> Watched:
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]}, locale="en")
    return Watched(context, real_site)


@pytest.mark.parametrize("address", sorted({*FIGURES, *TABLES}))
def test_whoever_sees_a_part_is_told_that_there_is_more(narrow: Watched, address: str) -> None:
    there = boxes(narrow, address)
    assert [one for one in there if one[0] != one[1]] == []
    assert sum(wider and drawing for wider, _, drawing, _ in there) >= FIGURES.get(address, 0)
    assert address not in TABLES or any(wider and not drawing for wider, _, drawing, _ in there)
    assert narrow.over() <= 0


def test_the_key_facts_of_a_study_are_not_cut(narrow: Watched) -> None:
    [facts] = [one for one in boxes(narrow, "/study/mist.html") if "Key facts" in one[3]]
    assert facts[:2] == (False, False)


def test_a_wide_window_says_nothing_where_all_is_seen(browser: sync_api.Browser, real_site: str) -> None:
    window = Watched(browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en"), real_site)
    there = boxes(window, "/study/mist.html")
    assert len(there) > 5 and [one for one in there if one[0] != one[1]] == []

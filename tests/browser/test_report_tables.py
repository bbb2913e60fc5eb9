"""The file of the report's tables in a browser: it fits a phone, where rows are cards, and axe-core finds no fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from playwright import sync_api

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.scope import Selection, found
from msevidence.server.labels import Labels
from msevidence.server.local_lane import LocalLane
from msevidence.server.releases import current
from tests.browser.opening import NARROW, OVER, WIDE


@pytest.fixture(scope="module")
def page(browser: sync_api.Browser, release_home: Path) -> Iterator[sync_api.Page]:
    """Return the file, open."""
    lane = LocalLane(current(release_home), ox.Store.read_only(str(current(release_home).store)))
    scope = found(lane, Selection(documents=["fhi-2021"]))
    handover = Handover(lane, Labels(lane, "en"), "en", scope, "https://kg.example/")
    (content,) = EXPORTS["html-tables"].write(handover).values()
    context = browser.new_context()
    page = context.new_page()
    page.set_content(content.decode())
    yield page
    context.close()


@pytest.mark.parametrize(("size", "display"), [((320, 640), "block"), (NARROW, "block"), (WIDE, "table-row")])
def test_the_tables_fit_the_window(page: sync_api.Page, size: tuple[int, int], display: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert page.evaluate(OVER) <= 0
    assert page.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == display
    over = page.locator(".table").evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert over == [0, 0, 0, 0]
    assert page.get_by_role("table").first.get_by_role("columnheader").count() == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_axe_finds_no_fault(page: sync_api.Page, axe: str, size: tuple[int, int], scheme: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]] == []

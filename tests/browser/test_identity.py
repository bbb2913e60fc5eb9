"""The identity graph of a study: drawn without scripts, and to be moved about where npm brought cytoscape."""

from __future__ import annotations

from playwright import sync_api

from tests.browser.conftest import VENDOR, needed
from tests.browser.opening import WIDE, Watched

CYTOSCAPE = VENDOR.with_name("cytoscape.min.js")


def test_the_parts_can_be_moved_about(browser: sync_api.Browser, real_site: str) -> None:
    needed(CYTOSCAPE, "cytoscape")
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en")
    window = Watched(context, real_site)
    assert window.open("/study/mist.html") == 200
    page = window.page
    drawn = page.locator("svg.identity")
    assert drawn.is_visible()
    tables = page.request.get(f"{real_site}/study/mist.json").json()["tables"]
    (rows,) = [table["rows"] for table in tables if table["table"] == "decisions"]
    page.get_by_role("button", name="Move the parts about").click()
    canvas = page.locator(".identity-canvas[data-edges]")
    canvas.wait_for()
    assert int(canvas.get_attribute("data-edges") or 0) == len(rows) > 2
    nodes = {row[end] for row in rows for end in ("from_iri", "to_iri")}
    assert int(canvas.get_attribute("data-nodes") or 0) == len(nodes)
    page.get_by_role("button", name="Larger").click()
    assert drawn.is_visible()
    assert window.outside == [] and window.said == []
    context.close()

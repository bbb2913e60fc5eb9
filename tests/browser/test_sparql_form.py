"""The query form and the stored questions in a browser: plain with the keyboard alone, and with the editor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright import sync_api

from tests.browser.opening import NARROW, WIDE, Watched

ROWS = "SELECT ?claim ?text WHERE { ?claim <https://w3id.org/msevidence/ontology#claimText> ?text }"
SIZES = {"wide": WIDE, "narrow": NARROW}
HINTS = ".CodeMirror-hint"


@pytest.fixture(params=SIZES)
def page(browser: sync_api.Browser, request: pytest.FixtureRequest) -> Iterator[sync_api.Page]:
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(params=SIZES)
def editor(
    browser: sync_api.Browser, request: pytest.FixtureRequest, real_site: str, editor_files: None
) -> Iterator[Watched]:
    """Return the form with its editor, which is empty and has the focus."""
    width, height = SIZES[request.param]
    scheme = "light" if request.param == "wide" else "dark"
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en")
    window = Watched(context, real_site)
    window.open("/sparql")
    window.wait_for_editor()
    window.page.get_by_label("Query", exact=True).focus()
    window.page.keyboard.press("Control+A")
    window.page.keyboard.press("Delete")
    yield window
    context.close()


def fits(page: sync_api.Page) -> bool:
    """Tell whether nothing stands out on the right: only the table may scroll, in its own region."""
    box, view = page.locator("main").bounding_box(), page.viewport_size
    assert box is not None and view is not None
    return box["x"] + box["width"] <= view["width"]


def test_a_query_is_written_asked_and_mended_with_the_keyboard(page: sync_api.Page, real_site: str) -> None:
    page.goto(real_site + "/sparql?lang=nb")
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


def test_a_stored_question_is_asked_with_a_value(page: sync_api.Page, real_site: str) -> None:
    page.goto(real_site + "/queries")
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


def written(window: Watched) -> str:
    """Return the text in the editor."""
    return str(window.page.locator(".CodeMirror").evaluate("e => e.CodeMirror.getValue()"))


# The list is of what is typed by now: a key pressed while it is of an earlier letter is kept for the list to come.
LIST_OF_NOW = """() => {
    const editor = document.querySelector(".CodeMirror").CodeMirror;
    const { data, widget } = editor.state.completionActive ?? {};
    return Boolean(widget) && data.to.ch === editor.getCursor().ch;
}"""


def test_the_editor_completes_from_this_graph_and_runs_the_query(editor: Watched) -> None:
    page = editor.page
    page.keyboard.type("SELECT ?claim ?text { ?claim a mse:Cla")
    page.wait_for_function(LIST_OF_NOW)
    assert [text.split("·")[0].strip() for text in page.locator(HINTS).all_inner_texts()] == ["mse:ClaimClaim"]
    editor.shoot(f"editor-{page.viewport_size['width']}")  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.type(" ; claimte")  # a part of the name, without its prefix
    page.wait_for_function(LIST_OF_NOW)
    assert page.locator(HINTS).first.inner_text().startswith("mse:claimText")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?text } LIMIT 3")
    assert written(editor) == (
        "PREFIX mse: <https://w3id.org/msevidence/ontology#>\n"
        "SELECT ?claim ?text { ?claim a mse:Claim ; mse:claimText ?text } LIMIT 3"
    )
    assert editor.over() <= 0
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?query=**#answer")
    assert page.get_by_role("table").locator("tbody tr").count() == 3
    editor.wait_for_editor()
    assert "LIMIT 3" in written(editor) and editor.over() <= 0
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert editor.outside == [] and editor.said == []


def test_the_editor_completes_properties_and_prefixes_when_asked(editor: Watched) -> None:
    page = editor.page
    page.keyboard.type("PREFIX cit")
    page.wait_for_function(LIST_OF_NOW)
    assert page.locator(HINTS).all_inner_texts() == ["cito: <http://purl.org/spar/cito/>"]
    page.keyboard.press("Enter")
    page.keyboard.type("\nSELECT * { ?a ")
    assert page.locator(HINTS).count() == 0
    page.keyboard.press("Control+Space")
    page.locator(HINTS).first.wait_for()
    assert page.locator(HINTS).first.inner_text().startswith("rdf:type")
    assert page.get_by_role("listbox", name="Completions").is_visible()
    page.keyboard.press("Escape")
    assert editor.outside == [] and editor.said == []


def test_the_keyboard_leaves_the_editor_and_a_mistake_is_said_in_words(editor: Watched) -> None:
    page = editor.page
    page.keyboard.type("SELECT * { ?s ?p }")
    page.get_by_text("The query can not be read from line 1.").wait_for()
    page.locator(".parseErrorIcon").hover()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "format"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "query-editor"
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").wait_for()
    assert "syntax error" in page.get_by_role("alert").inner_text()
    assert editor.outside == [] and editor.said == []

"""The pages in a real browser, beside what holds for every page: keyboard alone, without scripts, printed."""

from __future__ import annotations

from playwright import sync_api


def test_the_path_from_a_sentence_to_its_registration_with_the_keyboard_alone(
    browser: sync_api.Browser, small_site: str
) -> None:
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    page.goto(small_site + "/?lang=nb")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None and box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.insert_text("The first trial com-\npared two treatments (1, 2).")
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


def test_everything_works_without_scripts(browser: sync_api.Browser, small_site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(small_site + "/")
    page.fill("#q", "first")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/study/first.html")
    page.get_by_role("link", name="Norsk bokmål").click()
    page.wait_for_url("**/study/first.html?lang=nb")
    assert page.locator("html").get_attribute("lang") == "nb"
    page.goto(small_site + "/queries")
    page.locator("#claims-of-a-study").get_by_role("link", name="See the answer").click()
    page.wait_for_url("**/sparql?query=**")
    assert page.get_by_role("table").is_visible()
    page.goto(small_site + "/query/claims-of-a-study")
    page.get_by_role("link", name="Open in the query form").click()
    page.wait_for_url("**/sparql?example=**")
    assert "SELECT" in page.locator("#query").input_value()
    context.close()


def test_a_printed_page_has_the_text_and_no_navigation(browser: sync_api.Browser, small_site: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(small_site + "/claim/one.bbbbbbbbbb.1.1")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_enter_in_the_field_for_a_sentence_searches(browser: sync_api.Browser, small_site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(small_site + "/")
    page.fill("#q", "first")
    page.press("#q", "Shift+Enter")
    assert page.input_value("#q") == "first\n"
    page.press("#q", "Enter")
    page.wait_for_url("**/study/first.html")
    context.close()

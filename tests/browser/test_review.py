"""The review in a real browser: findings beside the text, contrast, with the keyboard, without scripts, printed."""

from __future__ import annotations

import pytest
from playwright import sync_api

LUMINANCE = """([foreground, background]) => {
  const parts = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const of = colour => { const [r, g, b] = parts(colour); return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const [light, dark] = [of(foreground), of(background)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_severity_is_can_be_read(browser: sync_api.Browser, real_site: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(real_site + "/review/nygaard-2024")
    for selector in (".flag.sev-error", ".flag.sev-warning", ".finding.sev-error .severity", ".tally.sev-note"):
        colours = page.locator(selector).first.evaluate(
            """element => {
              let under = element;
              while (getComputedStyle(under).backgroundColor === 'rgba(0, 0, 0, 0)') under = under.parentElement;
              return [getComputedStyle(element).color, getComputedStyle(under).backgroundColor];
            }"""
        )
        assert page.evaluate(LUMINANCE, colours) >= 4.5, (selector, colours)
    context.close()


def test_a_finding_stands_beside_its_passage_where_there_is_room(browser: sync_api.Browser, real_site: str) -> None:
    for width, beside in ((1280, True), (390, False)):
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False)
        page = context.new_page()
        page.goto(real_site + "/review/nygaard-2024?severity=warning&kind=uncited-judgement")
        flags = page.locator(".reviewed .flagged")
        assert flags.count() > 2
        near = 0
        for number in range(flags.count()):
            passage = flags.nth(number)
            key = passage.locator(".flag").first.get_attribute("href") or ""
            box, card = passage.bounding_box(), page.locator(key.replace(".", "\\.")).bounding_box()
            assert box is not None and card is not None
            assert card["y"] > box["y"] - 1
            if beside:
                assert card["x"] >= box["x"] + box["width"] - 1
            else:
                assert card["y"] >= box["y"] + box["height"] - 1
            near += card["y"] - (box["y"] + box["height"]) < 60
        assert near >= flags.count() - 1
        context.close()


def test_from_a_flag_to_its_finding_and_what_it_rests_on_with_the_keyboard_alone(
    browser: sync_api.Browser, real_site: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(real_site + "/review/nygaard-2024?kind=arms-against-total")
    flag = page.locator(".reviewed .flag").first
    wanted = flag.get_attribute("href")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.reviewed .flag')"):
            break
    assert page.evaluate("document.activeElement.getAttribute('href')") == wanted
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/nygaard-2024?kind=arms-against-total{wanted}")
    card = page.locator(":target")
    assert card.is_visible() and "9 + 21 = 30" in card.inner_text()
    details = card.locator("details")
    assert details.get_attribute("open") is None
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches(':target summary')"):
            break
    page.keyboard.press("Enter")
    assert details.get_attribute("open") is not None and details.locator("blockquote").first.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/nygaard-2024?kind=arms-against-total#nygaard-2024.*")
    assert page.locator("span:target").is_visible()
    context.close()


def test_filters_work_without_scripts_and_keep_the_language(browser: sync_api.Browser, real_site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(real_site + "/review?lang=nb")
    page.get_by_role("link", name="Autolog stamcelletransplantasjon").first.click()
    page.wait_for_url("**/review/fhi-2021?lang=nb")
    page.select_option("#severity", "error")
    page.select_option("#kind", "identifiers-and-links")
    page.get_by_role("button", name="Vis").click()
    page.wait_for_url("**/review/fhi-2021?lang=nb&kind=identifiers-and-links&severity=error&standing=")
    assert page.locator("#severity").input_value() == "error" and page.locator("html").get_attribute("lang") == "nb"
    assert page.get_by_role("status").inner_text().startswith("Vist: ")
    shown = page.locator(".finding").count()
    assert shown == page.locator(".finding.sev-error").count() > 0
    page.get_by_role("link", name="Rapport for utskrift").click()
    page.wait_for_url("**/review/fhi-2021/report?**")
    assert page.locator("section.finding").count() == shown
    context.close()


def test_a_badge_leads_from_a_study_to_the_finding(browser: sync_api.Browser, real_site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(real_site + "/study/actimus.html")
    page.locator(".badges .badge").first.click()
    page.wait_for_url("**/review/fhi-2021#finding-fhi-2021.*")
    assert page.locator(".finding:target").is_visible()
    context.close()


def test_the_report_prints_black_on_white_with_all_findings(browser: sync_api.Browser, real_site: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(real_site + "/review/fhi-2021/report?lang=nb")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("section.finding").count() > 50
    assert page.evaluate("document.fonts.size") == 0
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF") and len(printed) > 20_000
    context.close()

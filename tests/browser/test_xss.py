"""Hostile texts in every field of the graph, and in every parameter, in a real browser: they are shown, and do nothing.

The graph is the real one with a payload behind each of its texts (``poisoned.py``). Every type of page is opened with
scripts and without. Nothing that a payload would make may be there: no script ran, no dialog, no message of the
console, no report of the content policy, no request to another host, no element or attribute, no link in a scheme that
runs. That the payloads are there is counted, by the property whose text they stand in.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import docx
import openpyxl
import pytest
from lxml import etree
from playwright import sync_api

from tests.browser.opening import Watched
from tests.browser.page_types import REAL, STATUS
from tests.browser.poisoned import EVERYWHERE, SUM, mark, publish_poisoned
from tests.pages_site import HTML, Page
from tests.server_fixtures import running
from tests.server_http import Answer, send

PAYLOAD = mark("asked") + EVERYWHERE + "{{7919*7907}}"
ACCEPT = HTML["Accept"]
HOOK = """
window.xssRan = [];
window.xssReports = [];
window.xss = what => window.xssRan.push(what);
document.addEventListener("securitypolicyviolation", event =>
  window.xssReports.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
FOUND = """() => {
  const bad = [];
  const all = [...document.querySelectorAll("*")];
  const places = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "ping", "cite"];
  const never = ["iframe", "object", "embed", "base", "math", "mglyph", "frame", "applet"];
  const ours = one => one.closest(".CodeMirror, .yasqe, #identity-explore, svg.drawing") !== null;
  for (const one of all) {
    const name = one.localName;
    for (const { name: attribute, value } of one.attributes) {
      const said = `${name}[${attribute}=${value.slice(0, 60)}]`;
      if (/^on|^data-xss$|^srcdoc$|^autofocus$/.test(attribute)) bad.push(said);
      if (attribute === "style" && !ours(one)) bad.push(said);
      if (!places.includes(attribute)) continue;
      const url = new URL(value, document.baseURI);
      if (!["http:", "https:"].includes(url.protocol) || url.host === "xss.invalid") bad.push(said);
      if (["src", "action", "data"].includes(attribute) && url.origin !== location.origin) bad.push(said);
    }
    const file = one.src ? new URL(one.src).pathname : "";
    if (name === "script" && one.type !== "application/ld+json" && !file.startsWith("/static/")) bad.push(name);
    if (never.includes(name) && !ours(one)) bad.push(name);
    // One stylesheet is written into a page, that of the report to print, by its hash in the policy.
    if (name === "style" && !ours(one) && !one.matches("html > head > style:only-of-type")) bad.push(name);
    if (name === "meta" && one.httpEquiv) bad.push(`meta ${one.httpEquiv}`);
    if (name === "svg" && !one.classList.contains("drawing") && !ours(one)) bad.push(name);
  }
  const data = [...document.querySelectorAll("script[type='application/ld+json']")].map(one => one.textContent);
  const attributes = all.flatMap(one => [...one.attributes].map(each => each.value));
  const text = document.documentElement.textContent + attributes.join("\\n");
  return { bad, data, text, ran: window.xssRan ?? [], reports: window.xssReports ?? [] };
}"""
MARK = "⟦"
SILENT = {
    "home",
    "count",
    "count-numbers",
    "missing",
    "sparql",
    "sparql-answer",
    "question-refused",
    "sparql-refused",
    "releases",
    "changes",
}
"""Types of pages that may have no text of the graph: forms, figures and refusals."""


class Site(NamedTuple):
    """A server over the poisoned graph."""

    url: str
    fields: Counter[str]
    """Property → texts that have a payload."""


class Seen(NamedTuple):
    """Pages open with scripts and without."""

    scripted: Watched
    plain: Watched


@pytest.fixture(scope="module")
def site(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("poisoned")
    fields = publish_poisoned((release_home / "current").resolve(), home)
    with running(home) as endpoint:
        yield Site(endpoint.removesuffix("/sparql"), fields)


@pytest.fixture(scope="module")
def seen(browser: sync_api.Browser, site: Site) -> Iterator[Seen]:
    contexts = [browser.new_context(locale="en", java_script_enabled=enabled) for enabled in (True, False)]
    contexts[0].add_init_script(HOOK)
    scripted, plain = (Watched(context, site.url, scripts=n == 0) for n, context in enumerate(contexts))
    scripted.page.set_default_timeout(60_000)
    yield Seen(scripted, plain)
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """Return the text of each page that was opened, by name."""
    return {}


def harmless(window: Watched, *, refused: bool = False) -> str:
    """See that the page that is open holds nothing that a payload made; return its text."""
    found: dict[str, Any] = window.page.evaluate(FOUND)
    assert found["bad"] == []
    assert found["ran"] == [] and found["reports"] == []
    assert window.outside == []
    said = [one for one in window.said if not (refused and "status of 4" in one)]
    assert said == []
    for data in found["data"]:
        assert isinstance(json.loads(data), dict | list)
    assert SUM not in found["text"]
    return str(found["text"])


@pytest.mark.parametrize("name", REAL)
def test_a_page_shows_payloads_as_text(seen: Seen, shown: dict[str, str], name: str) -> None:
    status = STATUS.get(name, 200)
    for window in seen:
        assert window.open(REAL[name]) == status
        window.wait_for_editor()
        if window is seen.scripted:
            window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            for one in window.page.locator("main a").all()[:3]:
                one.hover(force=True, timeout=5_000) if one.is_visible() else None
        text = harmless(window, refused=status != 200)
        assert MARK in text or name in SILENT, "no payload is on this page: the test would prove nothing"
    shown[name] = text


def test_every_field_was_on_a_page(site: Site, seen: Seen, shown: dict[str, str]) -> None:
    """What is said of a thing is on its page, whatever it is: each property is looked for where it stands."""
    if len(shown) < len(REAL):
        pytest.skip("the pages before were not all opened")
    there = "".join(shown.values())
    unseen = [field for field in site.fields if mark(field) not in there]
    for field in unseen:
        query = f"""SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o FILTER(isLiteral(?o) && CONTAINS(STR(?o), "{mark(field)}"))
          FILTER(STRSTARTS(STR(?s), "https://w3id.org/msevidence/") && !CONTAINS(STR(?s), "#")) }} }} LIMIT 1"""
        answer = send(site.url, "/sparql?" + urlencode({"query": query, "format": "csv"}))
        rows = answer.body.decode().split()[1:]
        assert rows, field
        seen.scripted.open(rows[0].removeprefix("https://w3id.org/msevidence") + ".html")
        text = harmless(seen.scripted)
        assert mark(field) in text, f"{field} is nowhere on the page of {rows[0]}"
    assert len(site.fields) > 70


def _operations(site: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the path of every page, its variable parts filled with a payload or not, and its parameters."""
    for path, methods in send(site, "/openapi.json").json()["paths"].items():
        asked = methods.get("get")
        if asked and "text/html" in asked["responses"].get("200", {}).get("content", {}):
            names = [one["name"] for one in asked["parameters"] if one["in"] == "query"]
            yield path, names


def _echoes(site: str) -> list[str]:
    """Return addresses that have the payload in each parameter and in each variable part of every page."""
    hostile, found = (
        quote(PAYLOAD, safe=""),
        ["/" + quote(PAYLOAD.replace("/", "∕")), "/study/" + quote(PAYLOAD, safe="")],
    )
    for path, names in _operations(site):
        filled = path.replace("{suffix}", "html")
        if "{" in filled:
            found.append("/".join(hostile if "{" in part else part for part in filled.split("/")))
            filled = filled.replace("{kind}", "study").replace("{key}", "mist")
            if "{" in filled:
                continue
        found += [f"{filled}?{urlencode({name: PAYLOAD})}" for name in names]
        found.append(f"{filled}?{urlencode({PAYLOAD: 'x'})}")
    return found


def _made(page: Page) -> list[str]:
    """Return the elements of a page that a payload made."""
    return [e.tag for e in page.root.iter() if any(a.startswith("on") or a == "data-xss" for a in map(str, e.attrib))]


def _browse(site: str, path: str, **headers: str) -> Answer:
    return send(site, path, Accept=ACCEPT, **headers)


def test_a_payload_in_the_address_is_said_back_as_text(site: Site, seen: Seen) -> None:
    """Every parameter of every page, by a strict parser; each page's first echo in the browser as well."""
    echoes, said, opened = _echoes(site.url), 0, set()
    assert len(echoes) > 200
    for address in echoes:
        answer = _browse(site.url, address)
        assert answer.status < 500, address
        if answer.type() != "text/html":
            assert answer.type() in ("application/problem+json", "text/plain") or answer.status == 303, address
            continue
        page = Page(answer.body.decode(), address)
        strange = [
            one for one in page.root.iter() if any(str(a).startswith("on") or a == "data-xss" for a in one.attrib)
        ]
        assert strange == [] and page.strange_scripts() in ([], page.all("script", type="application/ld+json")), address
        assert SUM not in answer.body.decode(), address
        echoed = MARK in answer.body.decode()
        said += echoed
        path = address.partition("?")[0]
        if echoed and path not in opened and len(opened) < 25:
            opened.add(path)
            assert seen.scripted.open(address) == answer.status
            assert MARK in harmless(seen.scripted, refused=answer.status >= 400)
    assert said > 100, f"only {said} of {len(echoes)} addresses were said back"


@pytest.mark.parametrize(
    "query",
    [
        f'SELECT ("""{PAYLOAD}""" AS ?x) {{}}',
        f"SELECT ?x {{ ?x <http://a/{'a' * 9}> # {PAYLOAD}",
        f'CONSTRUCT {{ <x:y> <x:z> """{PAYLOAD}"""@en }} WHERE {{}}',
        "SELECT (<javascript:xss(30)> AS ?x) (<data:text/html,x> AS ?y) (<vbscript:x> AS ?⟦) {}",
        f'SELECT ("""{PAYLOAD}"""^^<javascript:xss(31)> AS ?asked) {{}}',
    ],
)
def test_a_payload_in_a_query_and_its_answer(seen: Seen, query: str) -> None:
    for window in seen:
        status = window.open("/sparql?" + urlencode({"query": query}))
        assert status in (200, 400)
        window.wait_for_editor()
        assert MARK in harmless(window, refused=status != 200) or "javascript" in query


@pytest.mark.parametrize("path", ["/map.svg", "/timeline.svg", "/results.svg", "/flow.svg", "/study/mist.svg"])
def test_a_payload_in_a_figure_that_is_saved(site: Site, seen: Seen, path: str) -> None:
    answer = send(site.url, path)
    assert answer.status == 200 and answer.type() == "image/svg+xml"
    text = answer.body.decode()
    root = etree.fromstring(answer.body)
    names = {etree.QName(one).localname for one in root.iter(etree.Element)}
    assert not names & {"script", "foreignObject", "image", "use", "animate", "set", "iframe", "object"}
    for one in root.iter(etree.Element):
        for name, value in one.attrib.items():
            assert not etree.QName(name).localname.startswith("on") and "data-xss" not in name
            if etree.QName(name).localname == "href":
                assert value.startswith(("/", "#", "http://", "https://", "?")), value
    assert MARK in text and SUM not in text
    seen.scripted.open(path)
    assert seen.scripted.page.evaluate("[window.xssRan, window.xssReports]") == [[], []]
    assert seen.scripted.outside == [] and seen.scripted.said == []


def test_payloads_in_files_that_are_taken_away(site: Site) -> None:
    page = Page(send(site.url, "/export/html-tables").body.decode())
    assert _made(page) == [] and page.all("script") == [] and MARK in page.text("body")

    book = openpyxl.load_workbook(io.BytesIO(send(site.url, "/export/xlsx").body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if MARK in str(cell.value)]
    assert len(cells) > 100 and all(cell.data_type == "s" for cell in cells)
    links = [cell.hyperlink.target for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert all(str(link or "http").startswith(("http://", "https://")) for link in links)

    document = docx.Document(io.BytesIO(send(site.url, "/export/docx").body))
    assert MARK in "".join(document.element.body.itertext())
    outside = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert all(one.startswith(("http://", "https://")) for one in outside)
    assert not list(document.element.body.iter("{*}instrText"))

    feed = etree.fromstring(send(site.url, "/changes.atom").body)
    namespaces = {etree.QName(one).namespace for one in feed.iter(etree.Element)}
    assert namespaces <= {"http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"}
    assert {etree.QName(one).localname for one in feed.iter("{http://www.w3.org/1999/xhtml}*")} <= set(
        ["div", "p", "ul", "li", "a"]
    )
    for path in ("/studies.csv", "/claims.csv", "/results.csv"):
        text = send(site.url, path).body.decode()
        assert MARK in text and not [line for line in text.splitlines() if line.startswith(("=", "+", "@", "\t"))]

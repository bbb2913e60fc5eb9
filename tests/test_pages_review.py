"""The pages of the review: the text with its findings, filters, permalinks, JSON and CSV of the same, the report."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from msevidence.server.review_model import SEVERITIES, Finding, Review
from tests.pages_site import Page, client_of, page
from tests.review_site import BECAUSE, DOCUMENTS, decided, reviews

HOSTILE = '"><script>alert(1)</script>'
FILTERED = [
    "/review/nygaard-2024?kind=arithmetic",
    "/review/fhi-2021?kind=translation-differs&severity=warning",
    "/review/fhi-2021?standing=judged",
    "/review/nygaard-2024?kind=flow-boxes",
    "/review/nygaard-2024?in=table-nygaard-2024.1",
    "/review/fhi-2021?severity=warning&in=section-fhi-2021.11",
]
PAGES = ["/review", *(f"/review/{key}" for key in DOCUMENTS), *FILTERED]
CSS = Path(__file__).parent.parent / "server" / "static" / "site.css"


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def known(release_home: Path) -> dict[str, Review]:
    return {review.key: review for review in reviews(release_home)}


def ids(shown: Page) -> Counter[str]:
    return Counter(e.get("id") for e in shown.root.iter() if e.get("id") is not None)


def cards(shown: Page) -> list[str]:
    """Return the keys of the findings that stand on a page, in its order."""
    named = [e.get("id", "") for e in shown.all("section")]
    return [id.removeprefix("finding-") for id in named if id.startswith("finding-")]


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_are_valid_and_need_no_script(client: FlaskClient, address: str, language: str) -> None:
    shown = page(client, address, **{"Accept-Language": language})
    assert shown.all("html")[0].get("lang") == language
    assert [id for id, times in ids(shown).items() if times > 1] == []
    assert shown.all("script") == shown.all("style") == []
    assert not [e for e in shown.root.iter() if e.get("style") or e.get("onclick")]
    fragments = {e.get("href", "")[1:] for e in shown.all("a") if e.get("href", "").startswith("#")}
    assert fragments <= set(ids(shown))
    labelled = {e.get("aria-labelledby") for e in shown.root.iter() if e.get("aria-labelledby")}
    assert labelled <= set(ids(shown))
    regions = Counter(e.get("aria-label") for e in shown.root.iter() if e.get("role") == "region")
    assert None not in regions and set(regions.values()) <= {1}
    for head in shown.all("th"):
        assert head.get("scope") in ("col", "row")
    assert [label.get("for") for label in shown.in_main("label")] == (
        [] if address == "/review" else ["kind", "severity", "standing"]
    )
    assert shown.text("title").startswith("Gjennomgang" if language == "nb" else "Review")


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("key", DOCUMENTS)
def test_every_finding_stands_on_the_page_once_with_its_message(
    client: FlaskClient, known: dict[str, Review], key: str, language: str
) -> None:
    shown = page(client, f"/review/{key}", **{"Accept-Language": language})
    findings = {f.key: f for f in known[key].findings}
    assert Counter(cards(shown)) == Counter(list(findings)) and len(findings) > 50
    for section in shown.all("section"):
        if (id := section.get("id", "")).startswith("finding-"):
            finding = findings[id.removeprefix("finding-")]
            told = words(section)
            assert " ".join(finding.message.of(language).split()) in told
            assert len([e for e in section.iter("blockquote")]) >= len(finding.places)
            (severity,) = [e for e in section.iter("span") if e.get("class") == "severity"]
            assert words(severity) in ("error", "warning", "note", "feil", "advarsel", "merknad")
            assert f"sev-{finding.severity}" in section.get("class")


@pytest.mark.parametrize("key", DOCUMENTS)
def test_each_passage_has_flags_that_lead_to_what_rests_on_it(
    client: FlaskClient, known: dict[str, Review], key: str
) -> None:
    shown = page(client, f"/review/{key}")
    numbers = {}
    for section in shown.all("section"):
        if section.get("id", "").startswith("finding-"):
            (number,) = [e for e in section.iter("a") if e.get("class") == "number"]
            assert number.get("href") == f"#{section.get('id')}"
            numbers[section.get("id")] = words(number)
    assert sorted(map(int, numbers.values())) == list(range(1, len(numbers) + 1))
    assert list(numbers.values()) == sorted(numbers.values(), key=int)
    flagged: dict[str, list[str]] = {}
    for span in shown.all("span", class_="flagged"):
        for flag in (e for e in span.iter("a") if (e.get("class") or "").startswith("flag ")):
            assert words(flag) == numbers[flag.get("href")[1:]] and flag.get("aria-label")
            flagged.setdefault(span.get("id"), []).append(flag.get("href").removeprefix("#finding-"))
    wanted: dict[str, set[str]] = {}
    for finding in known[key].findings:
        for place in finding.places:
            if place.document == known[key].document:
                wanted.setdefault(place.passage.rpartition("/")[2], set()).add(finding.key)
    assert {passage: set(found) for passage, found in flagged.items()} == wanted
    assert all(len(found) == len(set(found)) for found in flagged.values())
    (index,) = shown.all("details", class_="index")
    links = [e for e in index.iter("a") if (e.get("class") or "").startswith("flag")]
    chips = [e.get("href").removeprefix("#finding-") for e in links]
    assert Counter(chips) == Counter(f.key for f in known[key].findings)


def test_nothing_of_the_text_is_left_out(client: FlaskClient) -> None:
    for key in DOCUMENTS:
        read, reviewed = page(client, f"/document/{key}.html"), page(client, f"/review/{key}")
        for mark in read.all("a", class_="mark"):  # signs of claims that stand in the text
            mark.text, mark[:] = None, []
        texts = [words(e) for e in read.all("span", class_="passage")]
        assert texts == [words(e) for e in reviewed.all("a", class_="passage")] and len(texts) > 100


@pytest.mark.parametrize("address", FILTERED)
def test_filters_choose_findings_and_files_say_the_same(
    client: FlaskClient, known: dict[str, Review], address: str
) -> None:
    path, _, asked = address.partition("?")
    shown = page(client, address)
    wanted = dict(part.split("=") for part in asked.split("&"))
    review = known[path.rpartition("/")[2]]
    chosen = [
        f.key
        for f in review.findings
        if wanted.get("kind", f.kind) in (f.kind, f.group)
        and SEVERITIES.index(f.severity) <= SEVERITIES.index(wanted.get("severity", "note"))
        and wanted.get("standing", f.standing) == f.standing
        and wanted.get("in", "") in ("", *standing_in(f))
    ]
    assert Counter(cards(shown)) == Counter(chosen)
    assert bool(chosen) == ("flow-boxes" not in address)
    assert f"Shown: {len(chosen)} of {len(review.findings)} findings." in shown.text()
    marked = {e.get("value") for e in shown.all("option") if e.get("selected") is not None}
    assert marked - {""} == {value for name, value in wanted.items() if name != "in"} - (
        {"flow-boxes"} if not chosen else set()
    )
    (bookmark,) = shown.all("a", rel="bookmark")
    assert cards(page(client, bookmark.get("href"))) == cards(shown)
    data = client.get(f"{path}.json?{asked}")
    assert data.mimetype == "application/json"
    assert [one["id"] for one in data.get_json()["findings"]] == chosen
    assert client.get(address, headers={"Accept": "application/json"}).data == data.data
    table = client.get(f"{path}.csv?{asked}")
    assert table.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert list(dict.fromkeys(row["finding"] for row in rows)) == chosen
    assert client.get(f"{address}&format=csv").data == table.data
    printed = page(client, f"{path}/report?{asked}")
    assert Counter(cards(printed)) == Counter(chosen)
    assert f"{path}/report?{asked}" in shown.local_links()


def numbered(shown: Page) -> dict[str, str]:
    """Return the numbers of the findings on a page, by key."""
    return {e.get("href").removeprefix("#finding-"): words(e) for e in shown.all("a", class_="number")}


@pytest.mark.parametrize("address", FILTERED)
def test_a_number_is_the_same_whatever_is_chosen(client: FlaskClient, address: str) -> None:
    every, chosen = (numbered(page(client, one)) for one in (address.partition("?")[0], address))
    assert chosen.items() <= every.items() and len(chosen) < len(every)


def test_of_a_part_only_its_text_is_shown(client: FlaskClient) -> None:
    def passages(address: str) -> list[str]:
        (text,) = page(client, address).all("section", class_="reading reviewed")
        return [words(e) for e in text.iter("a") if e.get("class") == "passage"]

    whole, table = passages("/review/nygaard-2024"), passages("/review/nygaard-2024?in=table-nygaard-2024.1")
    assert "Stem cell therapy (n = 9), mitoxantrone (n = 21)" in table and set(table) < set(whole)
    sentence = "Data from just over 3000 patients show"
    assert [any(sentence in one for one in there) for there in (whole, table)] == [True, False]
    section = passages("/review/fhi-2021?in=section-fhi-2021.11")
    assert section[0] == "Autolog stamcelletransplantasjon" and len(section) < 12
    links = page(client, "/review/nygaard-2024?in=table-nygaard-2024.1").all("a")
    assert "/review/nygaard-2024#text" in [e.get("href") for e in links if words(e) == "The whole text"]


def test_the_list_tells_when_each_document_is_from(client: FlaskClient) -> None:
    rows = [words(e) for e in page(client, "/review").all("th", scope="row")]
    assert [row[-7:] if "2021" in row else row[-10:] for row in rows] in (
        ["2021-09", "2024-02-12"],
        ["2024-02-12", "2021-09"],
    )


def standing_in(finding: Finding) -> set[str]:
    """Return the parts of its document in which a finding stands: the table of each passage, or else its section."""
    return {
        place.within.rpartition("msevidence/")[2].replace("/", "-") or "outside"
        for place in finding.places
        if place.document == finding.document
    }


def lines(section: Any) -> list[tuple[str, str]]:
    """Return the lines of the gravest findings that are not folded away: key of the finding, and words."""
    folded = {line for details in section.iter("details") for line in details.iter("li")}
    shown = [line for line in section.iter("li") if line not in folded]
    return [(next(line.iter("a")).get("href").removeprefix("#finding-"), words(line)) for line in shown]


@pytest.mark.parametrize("key", DOCUMENTS)
def test_the_gravest_findings_stand_first(client: FlaskClient, known: dict[str, Review], key: str) -> None:
    shown = page(client, f"/review/{key}")
    (section,) = shown.all("section", class_="gravest")
    everything = list(shown.root.iter())
    assert everything.index(section) < everything.index(shown.all("section", class_="reading reviewed")[0])
    told = lines(section)
    findings = {f.key: f for f in known[key].findings}
    severities = [findings[one].severity for one, _ in told]
    counts = known[key].counts()
    assert severities == ["error"] * counts["error"] + ["warning"] * counts["warning"]
    for one, said in told:
        assert said.startswith(findings[one].severity) and findings[one].message.en[:100] in said
    notes = [line for details in section.iter("details") for line in details.iter("li")]
    assert len(told) + len(notes) == len(findings)


def test_numbers_in_a_table_are_chosen_by_a_link(client: FlaskClient, known: dict[str, Review]) -> None:
    shown = page(client, "/review/nygaard-2024")
    (section,) = shown.all("section", class_="gravest")
    assert "Numbers in Table 1 14" in [words(e) for e in section.iter("span")]
    (link,) = [e for e in section.iter("a") if words(e) == "Numbers in Table 1"]
    chosen = page(client, link.get("href").partition("#")[0])
    (section,) = chosen.all("section", class_="gravest")
    told = lines(section)
    assert len(cards(chosen)) == 14
    assert "The groups have 9 + 21 = 30 participants; the table says 21. Table 1, row 1, column 2" in told[0][1]
    assert [said.split()[0] for _, said in told] == ["error"] * 3 + ["warning"] * 6
    # The other choices are kept, and counted with.
    graver = page(client, "/review/nygaard-2024?severity=error")
    (section,) = graver.all("section", class_="gravest")
    assert "Numbers in Table 1 3" in [words(e) for e in section.iter("span")]
    (link,) = [e for e in section.iter("a") if words(e) == "Numbers in Table 1"]
    assert len(cards(page(client, link.get("href").partition("#")[0]))) == 3
    page(client, "/review/nygaard-2024?in=table-nygaard-2024.9", 400)


def test_permalinks_of_the_files_lead_to_the_findings(client: FlaskClient) -> None:
    for key in DOCUMENTS:
        there = set(cards(page(client, f"/review/{key}")))
        for one in client.get(f"/review/{key}.json").get_json()["findings"]:
            parts = urlsplit(one["link"])
            assert (parts.path, parts.query) == (f"/review/{key}", "")
            assert parts.fragment.removeprefix("finding-") in there
        for row in csv.DictReader(io.StringIO(client.get(f"/review/{key}.csv").text, newline="")):
            assert row["link"].rpartition("#finding-")[2] == row["finding"]


def test_links_lead_on_and_keep_the_language(client: FlaskClient) -> None:
    shown = page(client, "/review/fhi-2021?lang=nb")
    assert shown.all("html")[0].get("lang") == "nb"
    local = sorted(set(shown.local_links()))
    assert len(local) > 300
    for link in local[::23]:
        assert client.get(link).status_code in (200, 303), link
    for address in ("/", "/review", "/document/fhi-2021.html"):
        assert "/review" in {urlsplit(link).path for link in page(client, address).local_links()}
    assert "/review/fhi-2021?lang=nb" in page(client, "/document/fhi-2021.html?lang=nb").local_links()
    others = [e.get("href") for e in shown.all("a") if "/review/nygaard-2024" in (e.get("href") or "")]
    assert others and all("#" in href and "lang=nb" in href for href in others)


def test_what_rules_looked_at_and_verdicts_are_told(client: FlaskClient, known: dict[str, Review]) -> None:
    for key in DOCUMENTS:
        shown = page(client, f"/review/{key}")
        section = next(e for e in shown.all("section") if e.get("aria-labelledby") == "rules")
        rows = [row for row in section.iter("tr") if row.find("td") is not None]
        assert len(rows) == len(known[key].states) > 40
        for row, state in zip(rows, known[key].states, strict=True):
            assert state.file in words(row)
            assert state.state != "not-applicable" or state.why.en in words(row)
    told = page(client, "/review/nygaard-2024").section("verdicts")
    assert "agrees" in told and "Not in what was read" in told
    # an agreement on whose words a warning stands says both
    section = next(
        e for e in page(client, "/review/nygaard-2024").all("section") if e.get("aria-labelledby") == "verdicts"
    )
    (of_73,) = [words(row) for row in section.iter("tr") if "survival after treatment was 73%" in words(row)]
    assert "same number; but: warning" in of_73 and "summary does not follow from the studies" in of_73


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("key", DOCUMENTS)
def test_the_report_is_one_file_whose_style_the_policy_lets_in(client: FlaskClient, key: str, language: str) -> None:
    response = client.get(f"/review/{key}/report", headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == 200
    shown = Page(response.text)
    assert shown.all("html")[0].get("lang") == language
    assert shown.all("link") == shown.all("script") == shown.all("img") == shown.all("form") == []
    assert "@import" not in response.text and "url(" not in response.text
    (style,) = shown.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert Counter(cards(shown)) == Counter(cards(page(client, f"/review/{key}")))
    hosts = {urlsplit(e.get("href")).netloc for e in shown.all("a")}
    assert hosts == {"localhost"} and f"http://localhost/review/{key}" in response.text
    if language == "nb":
        places = [words(e) for e in shown.all("span", class_="where")]
        assert len(places) > 80 and not [p for p in places if "characters" in p or ", page " in p]


def test_an_answer_that_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    for address in ("/review", "/review/fhi-2021", "/review/fhi-2021.json", "/review/fhi-2021/report"):
        first = client.get(address)
        assert "Accept" in first.headers["Vary"]
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = client.get(address, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "nb"})
        assert other.status_code == 200, address
    assert client.get("/review/fhi-2021", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/review/none", 404, "there are: fhi-2021, nygaard-2024"),
        ("/review/none/report", 404, "there are: fhi-2021, nygaard-2024"),
        ("/review/" + quote(HOSTILE, safe=""), 404, "There is no"),
        ("/review/fhi-2021%20%7D", 404, "There is no document"),
        ("/review/fhi-2021?kind=none", 400, "there is no such kind; there are: "),
        ("/review/fhi-2021?kind=" + quote(HOSTILE), 400, "there is no such kind"),
        ("/review/fhi-2021?severity=grave", 400, "there are: error, warning, note"),
        ("/review/fhi-2021?standing=none", 400, "there is no such standing"),
        ("/review/fhi-2021?kinds=texts", 400, "There is no parameter 'kinds'"),
        ("/review/fhi-2021/report?severity=grave", 400, "there are: error, warning, note"),
    ],
)
def test_what_is_not_there_is_refused(client: FlaskClient, address: str, status: int, said: str) -> None:
    shown = page(client, address, status)
    assert said in shown.text() and shown.all("script") == []
    if "%3C" not in address and "/report" not in address:
        refused = client.get(address.replace("fhi-2021", "fhi-2021.json").replace("none", "none.json", 1))
        assert refused.status_code in (status, 404)


def test_what_a_person_decided_is_shown_and_chosen_by(release_home: Path, data_dir: Path) -> None:
    there = decided(release_home, data_dir)
    with client_of(there.home) as client:
        shown = page(client, "/review/nygaard-2024")
        (aside,) = [e for e in shown.all("section") if e.get("id") == f"finding-{there.set_aside}"]
        assert "aside" in aside.get("class") and BECAUSE in words(aside) and "set aside by a person" in words(aside)
        (confirmed,) = [e for e in shown.all("section") if e.get("id") == f"finding-{there.confirmed}"]
        assert "confirmed by a person" in words(confirmed)
        assert "1 set aside" in shown.text() and not shown.all("b")
        for standing, key in (("set-aside", there.set_aside), ("confirmed", there.confirmed)):
            assert cards(page(client, f"/review/nygaard-2024?standing={standing}")) == [key]
        with client_of(there.before) as before:
            counts = [
                [int(words(cell)) for cell in page(c, "/review").all("td") if words(cell).isdigit()]
                for c in (before, client)
            ]
        assert sum(counts[0]) == sum(counts[1]) + 1
        flags = {e.get("href") for e in page(client, "/document/nygaard-2024.html").all("a")}
        assert f"/review/nygaard-2024#finding-{there.set_aside}" not in flags


def test_colours_of_severity_can_be_read() -> None:
    """Text needs a contrast of 4.5 to its ground (WCAG 2.2, 1.4.3)."""
    css = CSS.read_text(encoding="utf-8")
    blocks = re.findall(r":root \{([^}]*--error[^}]*)\}", css)
    assert len(blocks) == 2
    for block in blocks:
        colour = {name: _luminance(value) for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)}
        for ink in ("error", "warning", "quiet", "ink", "accent"):
            for ground in ("ground", "raised"):
                light, dark = sorted((colour[ink], colour[ground]), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

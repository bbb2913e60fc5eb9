"""The reading view of a document: claims marked, citations live, findings and translations beside the text.

What is expected was read in ``data/articles/nygaard-2024/source.txt`` and ``data/reports/fhi-2021/source.txt``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server import labels, pages_view
from msevidence.server.labels import PREFIXES
from msevidence.server.live_text import Marker, Target, Words, pieces
from tests.pages_site import Page, client_of, page

ARTICLE, REPORT = "/document/nygaard-2024.html", "/document/fhi-2021.html"


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def article(client: FlaskClient) -> Page:
    return page(client, ARTICLE)


@pytest.fixture(scope="module")
def report(client: FlaskClient) -> Page:
    return page(client, REPORT)


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def passage(shown: Page, start: str) -> Any:
    """Return the one passage that begins with these words."""
    found = [e for e in shown.all("span", class_="passage") if words(e).startswith(start)]
    assert len(found) == 1, f"{len(found)} passages begin with {start!r}"
    return found[0]


def pointers(element: Any) -> list[tuple[str, str]]:
    return [(words(e), e.get("href")) for e in element.iter("a") if e.get("class") == "pointer"]


def parent(shown: Page, element: Any, class_: str) -> Any:
    """Return the nearest element of a class that holds another."""
    above = {child: one for one in shown.root.iter() for child in one}
    while class_ not in (element.get("class") or "").split():
        element = above[element]
    return element


@pytest.mark.parametrize(
    ("start", "numbers", "entries"),
    [
        ("Recent research shows", ["5", "6"], ["European Society for Blood", "Nabizadeh F"]),
        ("The first attempt at stem cell", ["6", "9", "12"], ["Nabizadeh F", "Fassas A", "MSBase Study Group"]),
        ("Although many patients in the control", ["11", "6"], ["Burt RK", "Nabizadeh F"]),
        ("Registry study 2023", ["12"], ["MSBase Study Group"]),
    ],
)
def test_printed_numbers_of_the_article_lead_to_their_entries(
    article: Page, start: str, numbers: list[str], entries: list[str]
) -> None:
    found = pointers(passage(article, start))
    assert [number for number, _ in found] == numbers
    by_id = {e.get("id"): e for e in article.all("span") if e.get("id")}
    for (_, href), entry in zip(found, entries, strict=True):
        assert words(by_id[href.removeprefix("#")]).startswith(entry)


@pytest.mark.parametrize(
    ("start", "numbers"),
    [
        ("Den mest alvorlige formen for MS", ["2", "3"]),  # printed (2;3)
        ("Det var den eneste RCT-en", ["1", "13"]),
        ("Forfatternes konklusjon: “[…] HSCT", ["14"]),  # printed (14, s. 165)
    ],
)
def test_numbers_of_the_report_have_no_entry_and_lead_to_the_page_that_says_so(
    client: FlaskClient, report: Page, start: str, numbers: list[str]
) -> None:
    found = pointers(passage(report, start))
    assert found == [(number, f"/reference/fhi-2021.{number}") for number in numbers]
    assert client.get(found[0][1] + ".html").status_code == 200


def test_a_margin_lists_what_a_range_implies_too(article: Page) -> None:
    block = parent(article, passage(article, "The first attempt at stem cell"), "block")
    (cites,) = [e for e in block.iter("ul") if e.get("class") == "cites"]
    assert [words(e).split(" ", 1) for e in cites.iter("li")] == [
        *(["6", "Nabizadeh 2022"], ["9", "Fassas 1997"], ["10", "ASTIMS 2015"]),
        *(["11", "Burt 2019"], ["12", "MSBase 2023"]),
    ]


def test_an_entry_leads_to_its_publication_and_back_to_every_place(article: Page) -> None:
    entry = next(e for e in article.root.iter("li") if e.get("value") == "6")
    links = {words(e): e.get("href") for e in entry.iter("a")}
    assert links["Nabizadeh 2022"] == "/publication/nabizadeh-2022"
    # seven sentences, the head of the column, and the four cells under it
    back = [e.get("href") for e in entry.iter("a") if (e.get("aria-label") or "").startswith("place ")]
    assert len(back) == 12
    by_id = {e.get("id"): e for e in article.root.iter() if e.get("id")}
    assert words(by_id[back[0].removeprefix("#")]).startswith("Recent research shows")
    assert all(link.removeprefix("#") in by_id for link in back)


@pytest.mark.parametrize(("key", "count"), [("nygaard-2024", 85), ("fhi-2021", 203)])
def test_every_claim_is_marked(client: FlaskClient, real_store: ox.Store, key: str, count: int) -> None:
    said_in = real_store.quads_for_pattern(
        None, ox.NamedNode(f"{BASE}ontology#inDocument"), ox.NamedNode(f"{BASE}document/{key}")
    )
    subjects = {str(quad.subject).strip("<>") for quad in said_in}
    wanted = {subject.replace(BASE, "/") for subject in subjects if subject.startswith(f"{BASE}claim/")}
    assert len(wanted) == count
    for address in (f"/document/{key}.html", f"/document/{key}.html?mark=uncited"):
        marks = [e.get("href") for e in page(client, address).all("a", class_="mark")]
        assert len(marks) == count and set(marks) == wanted, address


def test_marks_tell_kind_and_support_in_words_and_can_be_chosen(client: FlaskClient, article: Page) -> None:
    sentence = passage(article, "Data from just over 3000 patients")
    (mark,) = [e for e in sentence.iter("a") if e.get("class") == "mark"]
    assert words(mark) == "#claim: number, uncited"
    said = {e.get("class") for e in sentence.iter("span") if (e.get("class") or "").startswith("said ")}
    assert said == {"said by-uncited"}
    cell = passage(article, "4 years")
    assert {e.get("class") for e in cell.iter("span")} >= {"said by-inherited"}
    cited = page(client, f"{ARTICLE}?mark=cited")
    said = {e.get("class") for one in cited.all("span", class_="passage") for e in one.iter("span")} - {"passage"}
    assert "said by-cited" in said and "said by-uncited" not in said
    assert "Only the claims of one sort are marked: cited." in cited.text()
    assert client.get(f"{ARTICLE}?mark=strange", headers={"Accept": "text/html"}).status_code == 400


def test_both_languages_stand_side_by_side(report: Page) -> None:
    rows = [e for e in report.all("div", class_="row") if any(v.get("class") == "version" for v in e.iter("p"))]
    assert len(rows) == 30  # fifteen pairs, each in both places
    (row,) = [e for e in rows if words(e).startswith("Syv studier er rapportert som fullførte")]
    own, other = [e for e in row.iter("span") if e.get("lang") in ("nb", "en") and e.get("dir")]
    assert (own.get("lang"), other.get("lang")) == ("nb", "en")
    assert words(other) == "Seven studies are completed, of which five have reported results."
    assert "the English one that they are completed" in words(row)
    (back,) = [e for e in rows if words(e).startswith("Seven studies are completed")]
    assert "Original (nb) Syv studier er rapportert som fullførte, og fem av dem har publisert resultater." in words(
        back
    )


def test_findings_stand_at_the_cells_and_below_the_table(article: Page) -> None:
    (table,) = [e for e in article.all("div", class_="wide")]
    cell = next(e for e in table.iter("td") if words(e).startswith("Stem cell therapy (n = 9), mitoxantrone"))
    (flag,) = [e for e in cell.iter("a") if (e.get("class") or "").startswith("flag ")]
    assert flag.get("class") == "flag sev-error"
    assert flag.get("href").startswith("/review/nygaard-2024#")
    assert "The groups have 9 + 21 = 30 participants; the table says 21." in words(table)
    strict = {
        "Randomised clinical phase 3",
        "21 patients",
        "3915 patients",
        "Stem cell therapy (n = 167)",
        "Average functional",
    }
    for start in strict:  # what nobody should quote without looking at the finding
        (cell,) = [e for tag in ("td", "th") for e in table.iter(tag) if words(e).startswith(start)]
        flags = [e.get("class") for e in cell.iter("a") if (e.get("class") or "").startswith("flag ")]
        assert flags in (["flag sev-error"], ["flag sev-warning"]), start


def test_a_passage_keeps_its_anchor_and_its_language(article: Page, report: Page) -> None:
    for shown, count in ((article, 134), (report, 480)):
        ids = [e.get("id") for e in shown.root.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        passages = shown.all("span", class_="passage")
        assert len(passages) == count and all(e.get("lang") for e in passages)
        inside = {e.get("href").removeprefix("#") for e in shown.in_main("a") if (e.get("href") or "").startswith("#")}
        assert inside <= set(ids) and len(inside) > 20
    assert passage(article, "Ystrøm T.").get("lang") == "nb"
    assert passage(article, "Hauser SL").get("lang") == "en"
    assert passage(report, "Hovedbudskap").get("lang") == "nb"


def test_search_strings_stand_by_line(report: Page) -> None:
    lines = [words(e) for list_ in report.all("ul", class_="search-line") for e in list_ if e.tag == "li"]
    assert len(lines) == 54
    assert any(line.startswith("MeSH descriptor: [Multiple Sclerosis] explode all trees") for line in lines)


def test_the_text_can_be_taken_as_tables(client: FlaskClient) -> None:
    claims = list(csv.DictReader(io.StringIO(client.get("/document/nygaard-2024.csv?table=claims").text)))
    assert len(claims) == 85
    (own,) = [row for row in claims if row["claim"].startswith("Although many patients in the control")]
    assert (own["support"], own["cites"]) == ("cited", "11")  # the next claim of the sentence cites 6
    tables = {t["table"]: t for t in json.loads(client.get("/document/fhi-2021.json").text)["tables"]}
    assert {"passages", "claims", "statements"} <= set(tables)
    assert (len(tables["passages"]["rows"]), len(tables["claims"]["rows"])) == (480, 203)


def test_pieces_are_the_text() -> None:
    """Markers that stand twice, claims that overlap, and what is not there."""
    text = "It fell (1), it rose (1, 2)."
    markers = [
        Marker("(1)", 8, [Target("1", "#a", "")]),
        Marker("(1, 2)", 21, [Target("1", "#a", ""), Target("2", "#b", "")]),
    ]
    cut = pieces(text, [Words("It fell (1)", 0), Words("rose", 16), Words("not there", 3)], markers)
    assert "".join(piece.text for piece in cut) == text
    assert [(p.text, p.target.href) for p in cut if p.target] == [("1", "#a"), ("1", "#a"), ("2", "#b")]
    assert [p.text for p in cut if 1 in p.claims] == ["rose"]
    assert "".join(p.text for p in cut if 0 in p.claims) == "It fell (1)"
    assert all(2 in p.claims for p in cut) and cut[-1].ends == (2,)
    assert [p.text for p in pieces("No marker", [], [Marker("(9)", 0, [Target("9", "#x", "")])])] == ["No marker"]
    superscript = pieces("shown5,6 before", [], [Marker("5,6", 5, [Target("5", "#e", ""), Target("6", "#s", "")])])
    assert [p.text for p in superscript if p.target] == ["5", "6"]


def test_what_points_to_a_document_is_counted_whole_and_shown_in_part(client: FlaskClient, article: Page) -> None:
    limit = labels.query("inverse_first").rstrip().rpartition(" ")[2]
    assert int(limit) == pages_view.FIRST
    source = PREFIXES["oa"] + "hasSource"
    titled = [(e, {one.get("title") for one in e.iter()}) for e in article.all("section", class_="group")]
    (group,) = [e for e, titles in titled if source in titles]
    count = next(words(e) for e in group.iter("span") if e.get("class") == "count")
    assert count == "134"  # all passages
    (more,) = [e.get("href") for e in group.iter("a") if "134" in words(e)]
    of_page = [e.get("href") for list_ in group.iter("ul") for e in list_.iter("a")]
    assert of_page == [e.get("href") for list_ in page(client, more).in_main("ul") for e in list_.iter("a")][:12]


@pytest.mark.parametrize("address", ["/document/fhi-2021.html", "/review/fhi-2021"])
def test_every_table_of_a_text_has_headers(client: FlaskClient, address: str) -> None:
    shown = page(client, address)
    tables = [one for one in shown.all("table") if list(one.iter("caption"))]
    assert len(tables) > 4
    heads: dict[str, list[list[tuple[str, str]]]] = {}
    for table in tables:
        name = words(next(table.iter("caption")))
        found = [(e.get("scope"), words(e)) for e in table.iter("th")]
        assert found, name
        heads.setdefault(name, []).append(found)
    assert ("row", "Studiedesign") in heads["[Inklusjonskriterier]"][0]
    first, second = heads["Tabell 3"]
    columns = [one for one in first if one[0] == "col"]
    assert len(columns) >= 3 and [one for one in second if one[0] == "col"] == columns
    assert any(scope == "row" and text.startswith("EMMES") for scope, text in second)

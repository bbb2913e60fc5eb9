"""Tables and figures as files: what stands in CSV, JSON, HTML and a saved SVG is what the page was given."""

from __future__ import annotations

import csv
import io
import json

import html5lib
import pytest
from flask import Flask
from markupsafe import Markup

from msevidence.ontology.iris import BASE
from msevidence.server import exhibit_html, exhibit_page, exhibits
from msevidence.server.exhibits import Cell, Column, Exhibits, Figure, Table

HOSTILE = '"><script>alert(1)</script>'
COLUMNS = (Column("study", "Studie", iris=True), Column("people", "Personer"), Column("said", "Sagt"))
ROWS = [
    {
        "study": Cell("MIST", "en", "/study/mist", f"{BASE}study/mist"),
        "people": exhibits.figure(110),
    },
    {
        "study": [Cell("A", iri="urn:a"), Cell("B", iri="urn:b", outside=True, href="https://example.org/?a=1&b=2")],
        "said": Cell(HOSTILE, ""),
    },
    {"study": Cell("=1+1"), "people": exhibits.figure(-1.5, "−1,5")},
]
TABLE = Table("studies", "Studier", COLUMNS, ROWS, note="Et notat.")
DRAWN = Markup('<svg class="drawing" viewBox="0 0 10 10" width="10" height="10"><title>Et</title></svg>')


def test_csv_has_iris_figures_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(exhibits.as_csv(TABLE))))
    assert rows == [
        ["study", "study_iri", "people", "said"],
        ["MIST", f"{BASE}study/mist", "110", ""],
        ["A; B", "urn:a; urn:b", "", HOSTILE],
        ["'=1+1", "", "-1.5", ""],
    ]
    assert exhibits.as_csv(TABLE).count("\r\n") == 4


def test_json_keeps_types_lists_and_absence() -> None:
    figure = Figure("map", "Kart", "Hva det viser.", DRAWN, Table("marks", "Merker", COLUMNS[1:2], []), "SELECT")
    written = json.loads(exhibits.as_json(Exhibits("Side", [TABLE], [figure]), release="r"))
    assert (written["title"], written["release"]) == ("Side", "r")
    marks, studies = written["tables"]
    assert (marks["table"], marks["rows"]) == ("marks", [])
    assert studies["columns"] == {"study": "Studie", "study_iri": "Studie", "people": "Personer", "said": "Sagt"}
    assert studies["note"] == "Et notat."
    first, second, third = studies["rows"]
    assert first == {
        "study": "MIST",
        "study_iri": f"{BASE}study/mist",
        "people": 110,
        "said": None,
    }
    assert (second["study"], second["study_iri"], second["people"]) == (["A", "B"], ["urn:a", "urn:b"], None)
    assert (third["study"], third["people"]) == ("=1+1", -1.5)


def test_html_escapes_marks_languages_and_links() -> None:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root = parser.parse(f"<!doctype html><title>t</title><table>{exhibit_html.rows(TABLE)}</table>")
    assert not list(root.iter("script"))
    heads = list(root.iter("th"))
    assert [head.get("scope") for head in heads] == ["row"] * 3
    first, second, third = root.iter("a"), list(root.iter("li")), list(root.iter("td"))
    links = list(first)
    assert (links[0].get("href"), links[0].get("lang"), links[0].text) == ("/study/mist", "en", "MIST")
    assert (links[1].get("href"), links[1].get("rel")) == (
        "https://example.org/?a=1&b=2",
        "external noreferrer nofollow",
    )
    assert len(second) == 2
    assert [cell.get("class") for cell in third] == ["figure", None, None, None, "figure", None]
    assert next(root.iter("span")).text == HOSTILE


def test_a_saved_figure_is_a_whole_svg_file_with_its_style() -> None:
    figure = Figure("map", "Kart", "Hva.", DRAWN, TABLE, "SELECT")
    saved = exhibit_page.standalone(figure)
    assert saved.startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" class="drawing"'
    )
    assert "<style>" in saved and "prefers-color-scheme: dark" in saved and saved.rstrip().endswith("</svg>")
    assert saved.count("<title>Et</title>") == 1


@pytest.mark.parametrize(("asked", "key"), [("", "first"), ("second", "second")])
def test_the_address_names_one_of_several_tables(asked: str, key: str) -> None:
    tables = [Table(name, name, COLUMNS, []) for name in ("first", "second")]
    with Flask(__name__).test_request_context(f"/x.csv?table={asked}"):
        assert exhibit_page.only("table", tables).key == key


def test_a_page_can_name_the_table_that_comes_first() -> None:
    tables = [Table(name, name, COLUMNS, []) for name in ("first", "second", "third")]
    figure = Figure("map", "Kart", "Hva.", DRAWN, TABLE, "SELECT")
    keys = [[t.key for t in Exhibits("x", tables, [figure], main=main).all_tables] for main in ("", "second")]
    assert keys == [[TABLE.key, "first", "second", "third"], ["second", TABLE.key, "first", "third"]]


def test_a_table_that_is_not_there_is_told_with_those_that_are() -> None:
    with (
        Flask(__name__).test_request_context("/x.csv?table=third"),
        pytest.raises(exhibit_page.NotFound, match=r"no table 'third'; it has: studies\."),
    ):
        exhibit_page.only("table", [TABLE])

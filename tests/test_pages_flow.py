"""Flow diagrams and searches: the real report by hand, an invented diagram that does not add up, hostile words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.loaders.review.arithmetic.flow_reading import steps
from msevidence.ontology.iris import BASE
from msevidence.server.flow_layout import WIDTH, draw
from msevidence.server.flow_read import Counted, FlowBox
from msevidence.server.flow_text import SIZE, clean, width, wrap
from msevidence.server.labels import Text, query
from tests.pages_site import client_of, page, publish_pages

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script> " onload="x \x01\u202e{{ 7*7 }} ' + "W" * 90


@pytest.fixture(scope="module")
def real(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


INVENTED = f"""
PREFIX mse: <{BASE}ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX kind: <{BASE}scheme/finding-kind/>
PREFIX severity: <{BASE}scheme/severity/>
BASE <{BASE}>
INSERT DATA {{ GRAPH <graph/document-one> {{
  <flow-box/one.1> a mse:FlowBox ; mse:inDocument <document/one> ; mse:position 1 ; mse:count 100 ;
    rdfs:label "Records identified from databases"@en .
  <flow-box/one.2> a mse:FlowBox ; mse:inDocument <document/one> ; mse:position 2 ; mse:count 80 ;
    rdfs:label "Records after duplicates removed"@en .
  <flow-box/one.3> a mse:FlowBox ; mse:inDocument <document/one> ; mse:position 3 ; mse:count 30 ;
    rdfs:label "Records excluded"@en ; mse:hasReason <exclusion-reason/one.3.1>, <exclusion-reason/one.3.2> .
  <exclusion-reason/one.3.1> a mse:ExclusionReason ; rdfs:label "Wrong design"@en ; mse:count 20 ; mse:position 1 .
  <exclusion-reason/one.3.2> a mse:ExclusionReason ; rdfs:label "HOSTILE"@en ; mse:count 9 ; mse:position 2 .
  <flow-box/one.4> a mse:FlowBox ; mse:inDocument <document/one> ; mse:position 4 ; mse:count 51 ;
    rdfs:label "Reports included in review"@en .
  <search/one.1> a mse:Search ; mse:inDocument <document/one> ; mse:position 1 ; rdfs:label "Somewhere" ; mse:hits 60 .
  <search/one.2> a mse:Search ; mse:inDocument <document/one> ; mse:position 2 ; rdfs:label "Elsewhere" .
  <finding/one.flow-boxes.1> a mse:Finding ; mse:findingKind kind:flow-boxes ; mse:severity severity:error ;
    mse:inDocument <document/one> ; mse:focus <flow-box/one.4> ; mse:about <flow-box/one.4> ;
    rdfs:label "Does not add up."@en, "Går ikke opp."@nb .
}} }}
"""


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    store = ox.Store()
    escaped = json.dumps(HOSTILE, ensure_ascii=True)[1:-1]
    store.update(INVENTED.replace("HOSTILE", escaped))
    home = tmp_path_factory.mktemp("invented-flow")
    publish_pages(home, more=list(store))
    with client_of(home) as client:
        yield client


def rows(client: FlaskClient, address: str, table: str) -> list[dict[str, str]]:
    """Return a table of a page as its file has it."""
    response = client.get(address, query_string={"table": table})
    assert response.status_code == 200, response.text[:300]
    return list(csv.DictReader(io.StringIO(response.text)))


def test_each_number_of_the_report_follows_from_something_else_that_it_prints(real: FlaskClient) -> None:
    found = [
        (row["position"], row["counted"], row["printed"], row["computed"], row["agrees"])
        for row in rows(real, "/flow/fhi-2021.csv", "boxes")
    ]
    assert found == [
        ("1", "", "424", "424", "✓ agrees"),
        ("2", "", "1", "", "– not known"),
        ("3", "", "346", "346", "✓ agrees"),
        ("4", "", "", "346", "– nothing printed"),
        ("5", "", "255", "255", "✓ agrees"),
        ("6", "", "91", "91", "✓ agrees"),
        ("7", "", "70", "70", "✓ agrees"),
        ("7", "", "70", "70", "✓ agrees"),
        ("8", "", "15", "15", "✓ agrees"),
        ("8", "referanser", "21", "21", "✓ agrees"),
        ("8", "referanser", "21", "21", "✓ agrees"),
    ]


def test_a_number_says_how_it_was_computed(real: FlaskClient) -> None:
    how = [row["computed_from"] for row in rows(real, "/flow/fhi-2021.csv", "boxes")]
    assert how[0].endswith("230 + 20 + 55 + 34 + 6 + 79 = 424")
    assert how[1] == "What was found beside the searches is not listed"
    assert how[2].endswith("345 + 1 = 346")
    assert how[4].endswith("346 − 91 = 255")
    assert how[6].endswith("5 + 7 + 13 + 5 + 7 + 12 + 4 + 1 + 15 + 1 = 70")
    assert how[8] == "15 studies in the rows of Tabell 1, Tabell 2, Tabell 3, Tabell 4"
    assert how[10] == "21 entries in the rows of Tabell 1, Tabell 2, Tabell 3, Tabell 4"
    norwegian = real.get("/flow/fhi-2021.csv?table=boxes&lang=nb").text
    assert "Treff i søkene: 230 + 20 + 55 + 34 + 6 + 79 = 424" in norwegian


def test_reasons_are_compared_with_the_lists_that_bear_their_words(real: FlaskClient) -> None:
    found = {row["reason"]: (row["printed"], row["computed"]) for row in rows(real, "/flow/fhi-2021.csv", "reasons")}
    assert len(found) == 10
    assert found["Systematiske oversikter"] == ("15", "15")
    assert found["Ikke RCT"] == ("5", "")
    assert len(rows(real, "/flow/fhi-2021.csv", "listed")) == 15
    assert len(rows(real, "/flow/fhi-2021.csv", "included")) == 15


def test_boxes_lead_to_their_lists(real: FlaskClient) -> None:
    shown = page(real, "/flow/fhi-2021")
    drawing = shown.all(SVG + "svg", class_="drawing flow")[0]
    links = [a.get("href") for a in drawing.iter(SVG + "a")]
    assert len(links) == 8
    assert links[0] == "/searches#searches"
    assert links[6:] == ["#reasons", "#included"]
    ids = [e.get("id") for e in shown.root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert {"reasons", "included", "listed"} <= set(ids)
    assert all(link.startswith(("/", "#")) for link in links)


def test_the_query_behind_gives_the_boxes_of_the_table(real: FlaskClient, real_store: ox.Store) -> None:
    told = page(real, "/flow/fhi-2021")
    behind = next(link for link in told.links() if "/sparql?" in link)
    (text,) = parse_qs(urlsplit(behind).query)["query"]
    found = real_store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    boxes = {row["box"].value for row in found}
    assert boxes == {f"{BASE}flow-box/fhi-2021.{n}" for n in range(1, 9)}


def test_all_diagrams_stand_on_one_page_and_a_document_without_any_says_so(real: FlaskClient) -> None:
    shown = page(real, "/flow")
    assert len(shown.all(SVG + "svg", class_="drawing flow")) == 1
    assert "/flow/fhi-2021" in shown.local_links()
    assert "This document has no flow diagram." in page(real, "/flow/nygaard-2024").text()
    assert "har ikke noe flytskjema" in page(real, "/flow/nygaard-2024?lang=nb").text()
    assert real.get("/flow/nothing").status_code == 404
    assert real.get("/flow?document=x").status_code == 400


def test_a_diagram_that_does_not_add_up_is_shown_with_its_finding(invented: FlaskClient) -> None:
    found = rows(invented, "/flow/one.csv", "boxes")
    assert [(row["position"], row["printed"], row["computed"], row["agrees"]) for row in found] == [
        ("1", "100", "", "– not known"),
        ("2", "80", "100", "≤ possible"),
        ("3", "30", "29", "≠ differs"),
        ("3", "30", "29", "≠ differs"),
        ("4", "51", "50", "≠ differs"),
        ("4", "51", "", "– not known"),
    ]
    assert found[0]["computed_from"] == "Searches have no hits printed: Elsewhere"
    assert found[3]["computed_from"].endswith("80 − 51 = 29")
    assert found[5]["computed_from"] == "The document has no table with a row for each study"
    assert [row["findings_iri"].endswith("one.flow-boxes.1") for row in found] == [False] * 4 + [True] * 2
    shown = page(invented, "/flow/one")
    assert len(shown.all(SVG + "rect", class_="box out differs")) == 1
    assert "≠ computed: 50" in shown.text()


def test_hostile_words_stay_words_and_in_their_box(invented: FlaskClient) -> None:
    shown = page(invented, "/flow/one")
    assert shown.strange_scripts() == []
    saved = invented.get("/flow/one.svg")
    assert saved.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(saved.text)
    assert not [e for e in root.iter() if e.tag.endswith("script")]
    assert "7*7" in saved.text
    assert "\u202e" not in saved.text


def test_the_searches_of_the_report_with_their_sums(real: FlaskClient) -> None:
    found = rows(real, "/searches.csv", "searches")
    assert [(row["date"], row["hits"]) for row in found] == [
        ("2021-06-11", "230"),
        ("2021-06-22", "20"),
        ("2021-06-11", "55"),
        ("2021-07-02", "34"),
        ("2021-06-02", "6"),
        ("2021-06-02", "79"),
    ]
    assert found[5]["printed_hits"] == "74 systematic reviews, 4 structured summaries, 1 broad syntheses"
    assert found[1]["changes_iri"] == BASE + "search/fhi-2021.1"
    assert found[3]["interfaces"] == "Advanced search; Simple search"
    totals = rows(real, "/searches.csv", "totals")
    assert [(row["total"], row["printed"], row["computed"], row["agrees"]) for row in totals] == [
        ("Søketreff totalt", "424", "424", "✓ agrees"),
        ("Søketreff uten dubletter", "345", "424", "≤ possible"),
    ]
    assert "search-hits-against-total" in totals[0]["findings_iri"]
    assert len(rows(real, "/searches.csv", "lines")) == 38


def test_a_search_shows_its_strings_line_by_line(real: FlaskClient) -> None:
    found = rows(real, "/search/fhi-2021.1.csv", "lines")
    assert [row["label"] for row in found] == ["", *(f"#{n}" for n in range(1, 12))]
    assert found[1]["string"] == "MeSH descriptor: [Multiple Sclerosis] explode all trees"
    assert found[7]["string"] == "((stem next cell*)):ti,ab,kw"
    shown = page(real, "/search/fhi-2021.1.html")
    assert "#3\t#1 or #2\n" in shown.all("pre")[0].find("code").text
    assert "not for its lines" in shown.section("strings")
    assert f"/passage/{found[1]['string_iri'].rpartition('/')[2]}" in shown.local_links()
    assert "publikasjonsår 2014 eller senere" in shown.section("search")


def test_without_searches_or_diagrams_the_pages_say_so(tmp_path: Path) -> None:
    publish_pages(tmp_path)
    with client_of(tmp_path) as client:
        assert "No document of this release has a flow diagram." in page(client, "/flow").text()
        assert "No document of this release documents a search." in page(client, "/searches").text()


def box(position: int, label: str, count: int | None = 1, reasons: tuple[Counted, ...] = ()) -> FlowBox:
    return FlowBox(f"b{position}", position, Text(label, "en"), count, reasons, (), ())


def overlaps(placed: list[Any]) -> list[tuple[str, str]]:
    return [
        (a.box.iri, b.box.iri)
        for n, a in enumerate(placed)
        for b in placed[:n]
        if a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom
    ]


@pytest.mark.parametrize(
    "labels",
    [
        ["Records identified", "Records screened", "Records excluded", "Studies included"],
        ["Identified in databases", "Identified in registers", "Other sources", "Duplicates removed", "Screened"],
        ["Excluded"],
        ["Included", "Screened", "Excluded", "Identified from databases"],
        [
            *("Records identified from databases", "Records screened", "Records excluded", "Studies included"),
            *("Records identified from citation searching", "Reports assessed", "Reports excluded"),
        ],
        ["", "Excluded, reason 1", "Excluded, reason 2", "Screened", "Studies included", "Reports included"],
    ],
)
def test_every_box_has_a_place_of_its_own(labels: list[str]) -> None:
    boxes = [box(n, label, 10 - n) for n, label in enumerate(labels, 1)]
    drawing = draw(boxes, {one.iri: 2 + one.position % 3 for one in boxes})
    assert sorted(one.box.iri for one in drawing.placed) == sorted(one.iri for one in boxes)
    assert overlaps(drawing.placed) == []
    assert max(one.right for one in drawing.placed) <= drawing.width
    assert max(one.bottom for one in drawing.placed) <= drawing.height
    points = [point for line in (*drawing.arrows, *drawing.lines) for point in line]
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points)


def test_what_is_taken_out_stands_beside_what_it_is_taken_from() -> None:
    boxes = [box(1, "Identified", 10), box(2, "Screened", 10), box(3, "Excluded", 4), box(4, "Studies included", 6)]
    places = {one.box.position: one for one in draw(boxes, {one.iri: 3 for one in boxes}).placed}
    assert places[3].side
    assert places[3].y == places[2].y
    assert places[3].x > places[2].right
    assert places[1].x == places[2].x == places[4].x
    assert [bar.phase for bar in draw(boxes, {one.iri: 3 for one in boxes}).bars] == [
        "identification",
        "screening",
        "included",
    ]


def test_text_is_wrapped_to_the_box() -> None:
    for text in (HOSTILE, "Records after duplicates removed and screened by title", "记录" * 60):
        lines = wrap(text, WIDTH - 20)
        assert all(width(line, SIZE) <= WIDTH - 20 for line in lines)
        assert len(lines) <= 12
    assert clean("a\x00 \u202eb") == "a b"
    assert wrap("", 100) == []


def test_queries_are_bounded() -> None:
    for name in ("flow_boxes", "flow_searches", "flow_lists", "flow_findings", "searches", "search_lines"):
        assert "\nLIMIT " in query(name)


def test_a_second_way_in_has_a_column_of_its_own_whose_numbers_add_up() -> None:
    counted = [
        *(("Records identified from databases", 1000), ("Duplicate records removed", 200), ("Records screened", 800)),
        *(("Records excluded", 500), ("Reports assessed for eligibility", 300), ("Reports excluded", 250)),
        *(("Records identified from citation searching", 40), ("Reports not retrieved", 2)),
        *(("Reports assessed for eligibility", 38), ("Reports excluded", 30), ("Studies included in review", 45)),
    ]
    boxes = [box(n, label, count) for n, (label, count) in enumerate(counted, 1)]
    made = steps([one.as_read() for one in boxes])
    assert [(step.start, step.left, step.adds_up) for step in made] == [
        (1000, 800, True),
        (800, 300, True),
        (40, 38, True),
    ]
    places = {one.box.position: one for one in draw(boxes, {one.iri: 3 for one in boxes}).placed}
    assert places[6].y == places[5].y
    assert places[10].y == places[9].y
    assert places[7].x > places[6].right
    assert places[11].y > max(places[6].bottom, places[10].bottom)

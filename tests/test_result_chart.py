"""Answers as charts: what is drawn by rule and by choice, what is refused and why, the files of a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from msevidence.server import i18n, result_chart
from msevidence.server.result_chart import ROWS, NoChartError, UnknownColumnError, chart
from msevidence.server.result_page import Cell, Result
from tests.pages_site import client_of, page

SVG = "{http://www.w3.org/2000/svg}"
REASONS = "/queries/exclusion-reasons?view=chart"


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def result(columns: str, *rows: Sequence[str | int | None]) -> Result:
    """Return a result with these rows: texts, integers, and what is unbound."""

    def cell(value: str | int | None) -> Cell | None:
        if value is None:
            return None
        return Cell(str(value), "literal", datatype="" if isinstance(value, str) else "xsd:integer")

    return Result(columns.split(), [[cell(value) for value in row] for row in rows], len(rows))


def bars(drawn: result_chart.Chart) -> list[tuple[str, str]]:
    return [(bar.label.text, bar.shown) for bar in drawn.bars]


def test_the_figures_that_most_rows_have_are_drawn_by_a_column_that_tells_rows_apart() -> None:
    drawn = chart(result("kind name few many", ["a", "x", None, 3], ["a", "y", 1, -2], ["b", "z", None, 0]))
    assert (drawn.of, list(drawn.by), bars(drawn)) == ("many", ["name"], [("x", "3"), ("y", "-2"), ("z", "0")])
    assert (drawn.figures, drawn.names) == (["few", "many"], ["kind", "name"])


def test_rows_are_counted_where_figures_only_number_things_or_names_repeat() -> None:
    numbered = chart(result("kind name number", ["a", "x", 1], ["a", "y", 2], ["b", "z", 3]))
    assert (numbered.of, list(numbered.by), bars(numbered)) == (ROWS, ["kind"], [("a", "2"), ("b", "1")])
    repeated = chart(result("kind size", ["a", 1], ["b", 2], ["a", 2]))
    assert (repeated.of, bars(repeated)) == (ROWS, [("a", "2"), ("b", "1")])
    unbound = chart(result("kind", ["a"], [None], ["a"]))
    assert bars(unbound) == [("a", "2"), ("–", "1")]


def test_the_reader_chooses_other_columns_and_names_are_joined_where_one_does_not_do() -> None:
    there = result("kind place number", ["a", "x", 1], ["a", "y", 2], ["b", "x", 3])
    drawn = chart(there, "number")
    assert bars(drawn) == [("a · x", "1"), ("a · y", "2"), ("b · x", "3")]
    assert list(chart(there, "number", "place").by) == ["place", "kind"]
    assert bars(chart(there, ROWS, "place")) == [("x", "2"), ("y", "1")]
    for of, by in (("kind", ""), ("", "number"), ("nothing", "")):
        with pytest.raises(UnknownColumnError):
            chart(there, of, by)


@pytest.mark.parametrize(
    ("there", "of", "why"),
    [
        (result("a"), "", "chart-no-rows"),
        (Result(boolean=True), "", "chart-no-rows"),
        (Result(["a"], [[Cell("x", "literal")]], 2), "", "chart-cut"),
        (result("n", [1], [2]), "", "chart-no-names"),
        (result("a", ["x"], ["y"]), "", "chart-no-groups"),
        (result("a n", ["x", 1], ["x", 1]), "n", "chart-not-told-apart"),
        (result("a n", *([f"x{n}", n] for n in range(result_chart.MOST + 1))), "n", "chart-too-many"),
    ],
)
def test_what_can_not_be_drawn_says_why(there: Result, of: str, why: str) -> None:
    with pytest.raises(NoChartError) as raised:
        chart(there, of)
    assert str(raised.value) == why
    assert i18n.text(why, "nb", most=result_chart.MOST)


def test_the_page_has_a_figure_with_its_table_and_its_files(client: FlaskClient) -> None:
    shown = page(client, REASONS)
    (svg,) = shown.all(f"{SVG}svg")
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == "chart-title chart-desc"
    assert "".join(shown.all(f"{SVG}title", id="chart-title")[0].itertext()) == "count by reason"
    assert len([e for e in svg.iter(f"{SVG}rect")]) == 10
    (table,) = shown.all("table")
    rows = [["".join(cell.itertext()).strip() for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
    assert rows[0] == ["reason", "count"] and rows[9] == ["Systematiske oversikter", "15"]
    (saved,) = {link for link in shown.local_links() if "format=svg" in link}
    (data,) = {link for link in shown.local_links() if "format=csv" in link and "view=chart" in link}
    file = client.get(saved)
    assert file.mimetype == "image/svg+xml" and len(ElementTree.fromstring(file.data).findall(f".//{SVG}rect")) == 10
    assert "style-src 'unsafe-inline'" in file.headers["Content-Security-Policy"]
    assert [*csv.reader(io.StringIO(client.get(data).text))] == rows
    assert client.get(saved, headers={"If-None-Match": file.headers["ETag"]}).status_code == 304


def test_the_choice_is_a_link_that_keeps_values_and_language(client: FlaskClient) -> None:
    shown = page(client, f"{REASONS}&document=document/fhi-2021&lang=nb")
    links = set(shown.local_links())
    assert "/queries/exclusion-reasons?document=document/fhi-2021&view=chart&of=*&lang=nb" in links
    assert "/queries/exclusion-reasons?document=document/fhi-2021&lang=nb" in links
    counted = page(client, f"{REASONS}&of=*&by=box&lang=nb")
    assert "".join(counted.all(f"{SVG}title", id="chart-title")[0].itertext()) == "antall rader etter box"
    hidden = [(e.get("name"), e.get("value")) for e in shown.in_main("input", type="hidden")]
    assert hidden == [("lang", "nb"), ("view", "chart")]


def test_no_chart_is_said_and_a_wrong_choice_refused(client: FlaskClient) -> None:
    assert "No chart can be drawn" in page(client, "/queries/graph-of-one-study?view=chart").section("answer")
    assert client.get("/queries/graph-of-one-study?view=chart&format=svg").status_code == 404
    assert "could be drawn so" in page(client, f"{REASONS}&of=reason", 400).section("answer")
    assert "table / chart" in page(client, "/queries/decisions?view=pie", 400).section("answer")

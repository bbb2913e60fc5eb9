"""The page ``/results``: marks worked out by hand from the seeds, the table, its files, what can be chosen."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server import results_plot
from msevidence.server.labels import query
from msevidence.server.results_model import Found, Result
from msevidence.server.results_plot import LEFT, RIGHT
from msevidence.server.review_model import Words
from tests.pages_site import Page, client_of, page, publish_pages

MSE = "https://w3id.org/msevidence/ontology#"
RESULTS = f"SELECT ?r WHERE {{ ?r a <{MSE}Result> }}"
SVG = "{http://www.w3.org/2000/svg}"
TABLES = ("results", "harms", "counts")


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def tables(client: FlaskClient, address: str = "/results.json") -> dict[str, list[dict[str, object]]]:
    """Return the rows of all tables of the page, as its JSON has them."""
    response = client.get(address)
    assert response.status_code == 200, response.text[:300]
    return {table["table"]: table["rows"] for table in json.loads(response.text)["tables"]}


def solutions(store: ox.Store, sparql: str) -> ox.QuerySolutions:
    found = store.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    return found


def key(row: dict[str, object]) -> str:
    return str(row["measure_iri"]).rpartition("/")[2]


def points(shown: Page, figure: str) -> dict[str, tuple[str, ...]]:
    """Return the marks of a figure: key of the result → shape and places."""
    found = {}
    figures = [e for e in shown.all("figure") if e.get("id") == figure]
    assert len(figures) == 1, figure
    for group in (e for e in figures[0].iter(SVG + "g") if "point" in (e.get("class") or "").split()):
        result = next(e.get("href") for e in group.iter(SVG + "a"))
        dots = [("dot", e.get("cx")) for e in group.iter(SVG + "circle")]
        turned = [("path", e.get("d")) for e in group.iter(SVG + "path")]
        lines = [e for e in group.iter(SVG + "line") if e.get("class") == "span"]
        spans = [("range", lines[0].get("x1"), lines[0].get("x2"))] if lines else []
        marks = [*dots, *turned, *spans]
        assert len(marks) == 1, result
        found[result.rpartition("/")[2]] = marks[0]
    return found


def at(percent: float) -> str:
    return str(round(LEFT + percent / 100 * (RIGHT - LEFT), 1))


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("address", ["/results", "/results?by=study&document=fhi-2021", "/results?in=nygaard-2024.1"])
def test_the_page_is_valid_and_needs_no_script(client: FlaskClient, address: str, language: str) -> None:
    shown = page(client, address, 200, **{"Accept-Language": language})
    assert shown.all("html")[0].get("lang") == language
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id") is not None)
    assert [id for id, times in ids.items() if times > 1] == []
    assert shown.all("script") == shown.all("style") == []
    assert not [e for e in shown.root.iter() if e.get("style") or e.get("onclick")]
    regions = Counter(e.get("aria-label") for e in shown.root.iter() if e.get("role") == "region")
    assert set(regions.values()) == {1}
    references = {id for e in shown.root.iter() for id in (e.get("aria-labelledby") or "").split()}
    fragments = {e.get("href", "")[1:] for e in shown.all("a") if e.get("href", "").startswith("#")}
    assert fragments | references <= set(ids)


def test_every_result_stands_in_one_table_exactly_once(client: FlaskClient, real_store: ox.Store) -> None:
    there = {row["r"].value for row in solutions(real_store, RESULTS)}
    assert len(there) == 99
    for address in ("/results.json", "/results.json?by=study"):
        rows = [row for name, rows in tables(client, address).items() if name in TABLES for row in rows]
        assert Counter(row["measure_iri"] for row in rows) == Counter(there)
    shown = page(client, "/results")
    rows = [e.get("id") for table in TABLES for e in shown.all("table", id=table)[0].iter("tr") if e.get("id")]
    assert Counter(rows) == Counter(iri.rpartition("/")[2] for iri in there)


def test_harms_and_numbers_of_studies_stand_apart(client: FlaskClient) -> None:
    there = tables(client)
    assert {name: len(there[name]) for name in TABLES} == {"results": 40, "harms": 11, "counts": 48}
    assert {row["harm"] for row in there["harms"]} == {"yes"}
    assert {row["harm"] for row in there["results"]} == {"no"}


def test_the_marks_stand_where_the_printed_numbers_say(client: FlaskClient) -> None:
    shown = page(client, "/results")
    assert points(shown, "shares") == {
        "nygaard-2024.faa86a6a69.1": ("dot", at(73)),
        "nygaard-2024.f66f775609.1": ("dot", at(68)),
        "nygaard-2024.826a2d0b0d.1": ("dot", at(81)),
    }
    assert points(shown, "harms-shares") == {
        "nygaard-2024.71ba1f4e10.1": ("range", at(10), at(20)),
        "nygaard-2024.f5d7dd0cfc.1": ("dot", at(30)),
        "nygaard-2024.720f8a2c7e.1": ("dot", at(30)),
        "nygaard-2024.0c48e9ef14.1": ("dot", at(40)),
        "nygaard-2024.0a2f2cb837.1": ("dot", at(1.3)),
        "nygaard-2024.64bbf8432b.1": ("dot", at(0.2)),
        "nygaard-2024.cdecfdeebb.1": ("dot", at(77)),
    }
    changes = points(shown, "changes")
    assert {result: re.findall(r"[hl][\d -]+", path)[1] for result, (_, path) in changes.items()} == {
        "nygaard-2024.4a561b7425.1": "l-7 -11",  # 6.7 %, printed as an increase: points up
        "nygaard-2024.6b552d0b1b.1": "l-7 11",  # 10.0 %, printed as a reduction: points down
        "nygaard-2024.55b1475908.1": "l-7 11",
    }
    weeks = points(shown, "weeks")
    assert [shape for shape, *_ in weeks.values()] == ["range"]  # two to four weeks
    assert len(points(shown, "persons")) == 9


def test_no_mark_has_an_interval_that_the_words_do_not_print(client: FlaskClient) -> None:
    there = tables(client)
    rows = [row for name in TABLES for row in there[name]]
    ranges = {key(row): row for row in rows if row["value_high"] is not None}
    shown = page(client, "/results")
    drawn = {
        result
        for figure in shown.all("figure")
        for result, mark in points(shown, figure.get("id")).items()
        if mark[0] == "range"
    }
    assert drawn == set(ranges) == {"nygaard-2024.71ba1f4e10.1", "nygaard-2024.511eb6315c.1"}
    numbers = {"two": 2, "four": 4}
    for row in ranges.values():
        printed = re.split(r"[–-]| to ", str(row["words"]))
        said = [
            int(n) if n.isdigit() else numbers.get(n) for part in printed for n in re.findall(r"\d+|two|four", part)
        ]
        assert said == [row["value"], row["value_high"]]


def test_what_has_no_number_is_listed_with_its_direction(client: FlaskClient) -> None:
    rows = {key(row): row for row in tables(client)["results"]}
    row = rows["nygaard-2024.aced50b0e3.1"]
    assert (row["printed_value"], row["value"], row["direction"]) == (None, None, "better")
    assert row["compared_with"] == "fingolimod"
    shown = page(client, "/results")
    cell = " ".join("".join(shown.all("tr", id="nygaard-2024.aced50b0e3.1")[0].itertext()).split())
    assert "no estimate printed" in cell and "compared with fingolimod (2558 participants)" in cell


def test_what_stands_against_quoting_the_numbers_of_table_1(client: FlaskClient) -> None:
    there = tables(client, "/results.json?in=nygaard-2024.1")
    said = {key(row): str(row["can_it_be_quoted"]) for row in there["results"]}
    other = "Not as it stands: its source measures something else"
    assert said["nygaard-2024.6b552d0b1b.1"] == said["nygaard-2024.4a561b7425.1"] == other
    assert said["nygaard-2024.faa86a6a69.1"] == "With care: a warning stands here"
    # Its source has the 79 %; but the arms that it compares are 9 + 21 = 30 people, of 21 in all.
    groups = "With care: an error stands on its groups, not on the number itself"
    assert said["nygaard-2024.55b1475908.1"] == groups
    # The five results of the registry study without a number: its groups are 4915 people, of 3915 in all.
    registry = [row for row in there["results"] if row["study"] == "Registry study 2023"]
    assert len(registry) == 6 and {row["can_it_be_quoted"] for row in registry} == {groups}
    assert all("167 + 2558 + 1490 + 700 = 4915" in str(row["findings_around"]) for row in registry)
    assert all("4915" not in str(row["findings"]) for row in registry)
    study = "With care: a warning stands on its study in the same table, not on the number itself"
    assert {row["can_it_be_quoted"] for row in there["counts"]} == {study}
    chosen = tables(client, "/results.json?in=nygaard-2024.1&quote=doubtful")["results"]
    assert Counter(row["measure_iri"] for row in chosen) == Counter(row["measure_iri"] for row in there["results"])
    # The sizes of the arms are no results, and are told all the same.
    assert any("n = 9" in str(row["words"]) for row in there["against"])
    assert [row["severity"] for row in there["against"]] == ["error"] * 3 + ["warning"] * 6
    assert {row["severity"] for row in there["noted"]} == {"note"}
    fifth = next(row for row in there["results"] if row["printed_value"] == "6.7 %")
    assert "As a share of the first value it is 20 % more, not 6.7 %" in str(fifth["findings"])
    shown = page(client, "/results?in=nygaard-2024.1")
    main = shown.text()
    first = main.index("What stands against quoting numbers of Table 1 (Nygaard 2024)")
    assert first < main.index("9 + 21 = 30 participants; the table says 21.") < main.index("As printed")
    links = [link for link in shown.local_links() if link.startswith("/review/nygaard-2024")]
    assert links
    [figure] = [e for e in shown.all("figure") if e.get("id") == "changes"]
    flags = {"".join(e.itertext()).strip() for e in figure.iter(SVG + "a") if "#finding-" in e.get("href")}
    assert flags == {"⚑ error on its groups", "⚑ source: other measure"}
    assert " false" not in shown.text().casefold()


def test_a_verdict_on_other_words_of_the_passage_is_not_laid_on_this_number(client: FlaskClient) -> None:
    rows = {key(row): row for row in tables(client)["harms"]}
    # One sentence has both: the source says otherwise of the 40 %, and agrees with the 10-20 %.
    assert "says otherwise" in str(rows["nygaard-2024.0c48e9ef14.1"]["can_it_be_quoted"])
    assert "says otherwise" not in str(rows["nygaard-2024.71ba1f4e10.1"]["can_it_be_quoted"])
    assert "amenorrhea" in str(rows["nygaard-2024.0c48e9ef14.1"]["source_says"])
    assert "amenorrhea" not in str(rows["nygaard-2024.71ba1f4e10.1"])


def test_an_agreement_beside_a_warning_says_both(client: FlaskClient) -> None:
    row = {key(row): row for row in tables(client)["results"]}["nygaard-2024.faa86a6a69.1"]
    said = "(abstract read): same number; but: warning: summary does not follow from the studies"
    assert row["printed_value"] == "73 %" and said in str(row["verdicts"])
    assert said in page(client, "/results").text()


def test_what_another_document_says_stands_beside_the_result(client: FlaskClient) -> None:
    rows = {key(row): row for row in tables(client)["results"]}
    says = str(rows["nygaard-2024.dbe79cbf9d.1"]["other_documents"])
    assert "Kun 23 av pasientene var ved publisering fulgt opp de planlagte fem år." in says


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("outcome=relapse", 5),
        ("study=mist", 9),
        ("document=fhi-2021", 54),
        ("harm=yes", 11),
        ("outcome=disability&study=mist", 5),
        ("outcome=infertility&harm=no", 0),
    ],
)
def test_choices_are_links_and_the_query_behind_gives_the_same(
    client: FlaskClient, real_store: ox.Store, choice: str, expected: int
) -> None:
    there = tables(client, f"/results.json?{choice}")
    shown = page(client, f"/results?{choice}")
    assert sum(len(there.get(name, ())) for name in TABLES) == expected
    compared = 0
    for table in shown.all("table", class_="results"):
        section = next(s for s in shown.all("section") if table in list(s.iter("table")))
        [behind] = [e.get("href") for e in section.iter("a") if "/sparql?" in (e.get("href") or "")]
        [sparql] = parse_qs(urlsplit(behind).query)["query"]
        found = {row["result"].value for row in solutions(real_store, sparql)}
        assert found == {row["measure_iri"] for row in there[table.get("id")]}
        compared += 1
    assert compared == sum(1 for name in TABLES if there.get(name))


def test_the_query_behind_a_figure_has_its_marks(client: FlaskClient, real_store: ox.Store) -> None:
    shown = page(client, "/results?study=mist")
    figures = shown.all("figure")
    assert len(figures) == 2
    for figure in figures:
        [behind] = [e.get("href") for e in figure.iter("a") if "/sparql?" in (e.get("href") or "")]
        [sparql] = parse_qs(urlsplit(behind).query)["query"]
        found = {
            row["result"].value.rpartition("/")[2] for row in solutions(real_store, sparql) if row["value"] is not None
        }
        assert found == set(points(shown, figure.get("id")))


def test_csv_svg_and_rdf(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/results.csv?table=harms").text)))
    assert len(rows) == 11
    assert {(row["printed_value"], row["out_of"]) for row in rows if "mortality" in row["measure"]} == {
        ("1.3 %", "just over 3000 patients"),
        ("0.2 %", "just over 3000 patients"),
    }
    svg = client.get("/results.svg?figure=harms-shares")
    assert svg.status_code == 200 and svg.text.count('class="point') == 7
    turtle = client.get("/results.ttl?study=ram-ms").text
    assert "eafb48e8e7" in turtle


@pytest.mark.parametrize(
    ("address", "status"),
    [("/results?study=nothing", 404), ("/results?harm=perhaps", 400), ("/results?by=day", 400), ("/results?x=1", 400)],
)
def test_what_there_is_not_is_refused(client: FlaskClient, address: str, status: int) -> None:
    page(client, address, status)


HOSTILE = '</text><script>alert(1)</script>" onload="alert(1)'


def invented() -> Iterator[ox.Quad]:
    """Give results that the seeds do not have: ratios, p values, a range of ratios, hostile words, odd values."""
    graph, mse, decimal = (
        ox.NamedNode(BASE + "graph/curation-one"),
        MSE,
        ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"),
    )
    given: dict[str, dict[str, object]] = {
        "hr": {"value": "0.5", "valueHigh": "2", "unit": "ratio", "printedValue": "0.5 to 2"},
        "point": {"value": "0.21", "unit": "ratio", "printedValue": "rate ratio 0.21", "measure": HOSTILE},
        "zero": {"value": "0", "unit": "ratio", "printedValue": "0"},
        "p": {"value": "0.03", "unit": "ratio", "printedValue": "p = 0.03"},
        "many": {"value": "250", "unit": "percent", "printedValue": "250 %"},
        "fall": {"value": "-4", "unit": "percent", "printedValue": "−4 %"},
        "no-unit": {"value": "7", "printedValue": "7"},
        "words": {"printedValue": HOSTILE},
    }
    for name, properties in given.items():
        subject = ox.NamedNode(f"{BASE}result/one.{name}")

        def quad(predicate: str, value: ox.NamedNode | ox.Literal, subject: ox.NamedNode = subject) -> ox.Quad:
            return ox.Quad(subject, ox.NamedNode(predicate), value, graph)

        yield quad("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ox.NamedNode(mse + "Result"))
        yield quad(mse + "inDocument", ox.NamedNode(BASE + "document/one"))
        yield quad(mse + "isHarm", ox.Literal(False))
        for key, value in {"measure": f"measure {name}", **properties}.items():
            if key == "unit":
                yield quad(mse + key, ox.NamedNode(f"{BASE}scheme/unit/{value}"))
            elif key.startswith("value"):
                yield quad(mse + key, ox.Literal(str(value), datatype=decimal))
            else:
                yield quad(mse + key, ox.Literal(str(value)))


def test_odd_and_hostile_results(tmp_path: Path) -> None:
    publish_pages(tmp_path, more=invented())
    with client_of(tmp_path) as client:
        shown = page(client, "/results")
        rows = {key(row): row for row in tables(client)["results"]}
    assert shown.all("script") == [] and not [e for e in shown.root.iter() if e.get("onload")]
    assert len(rows) == 9  # with that of the fixture, which has no unit
    assert {e.get("id") for e in shown.all("figure")} == {"shares", "ratios"}
    ratios, shares = points(shown, "ratios"), points(shown, "shares")
    # Two decades, 0.1 to 10: 1 stands in the middle, where the line of no difference is.
    middle = (LEFT + RIGHT) / 2
    assert set(ratios) == {"one.hr", "one.point"}
    assert ratios["one.hr"][0] == "range"
    assert sum(float(x) for x in ratios["one.hr"][1:]) / 2 == pytest.approx(middle, abs=0.1)
    assert [float(e.get("x1")) for e in shown.all(SVG + "line", class_="axis unchanged")] == [middle]
    # From -100 to 300.
    assert shares == {
        "one.many": ("dot", str(round(LEFT + 350 / 400 * (RIGHT - LEFT), 1))),
        "one.fall": ("dot", str(round(LEFT + 96 / 400 * (RIGHT - LEFT), 1))),
    }
    cell = " ".join("".join(shown.all("tr", id="one.p")[0].itertext()).split())
    assert "no estimate printed (a p value is no effect)" in cell
    assert str(rows["one.words"]["printed_value"]) == HOSTILE


def test_without_any_result_the_page_says_so(tmp_path: Path) -> None:
    from tests.server_fixtures import publish

    publish(tmp_path, b"<a:s> <a:p> <a:o> .\n")
    with client_of(tmp_path) as client:
        shown = page(client, "/results")
    assert "No document here prints a result." in shown.text() and shown.all("figure") == []


def test_findings_on_the_document_at_large_do_not_decide() -> None:
    def found(severity: str, spread: int) -> Found:
        return Found(f"f:{severity}{spread}", severity, "k:", "", Words("a", "b"), "", spread)

    def result(*several: Found) -> Result:
        empty = dict.fromkeys(("iri", "document", "language", "measure", "measure_language", "study", "unit"), "")
        more = dict.fromkeys(("qualifier", "printed", "direction", "time", "population", "place", "denominator"), "")
        return Result(  # type: ignore[arg-type]
            **empty,
            **more,
            outcomes=(),
            harm=False,
            counts_works=False,
            arm=None,
            compared=(),
            value=None,
            high=None,
            note="",
            words="",
            passages=(),
            table="",
            found=several,
        )

    assert result().standing == "nothing"
    assert result(found("error", 25)).standing == "note"
    assert result(found("error", 25), found("warning", 2)).standing == "warning"
    assert results_plot.measure(result()) == ""
    assert "LIMIT" in query("results")

"""The timeline: periods and slips by hand, the dates of the real studies, records in two states, hostile words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server import overdue, study_dates, timeline_layout
from msevidence.server.labels import Labels, query
from msevidence.server.store import pages
from msevidence.server.studies_told import among
from msevidence.server.study_dates import END, MODALITY, PRIMARY, PUBLISHED, START, Nature, Statement, period, slips
from msevidence.server.timeline_figure import timeline_figure
from msevidence.server.timeline_layout import Axis, Said, Track, lay_out, lines_of
from tests.pages_site import client_of, page
from tests.study_pages_graph import HOSTILE, publish_invented, publish_without_studies, solutions

SVG = "{http://www.w3.org/2000/svg}"
STUDY = BASE + "study/"


@pytest.fixture(scope="module")
def real(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("invented-dates")
    publish_invented(home)
    with client_of(home) as client:
        yield client


def table(client: FlaskClient, address: str, key: str) -> list[dict[str, Any]]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return next(t["rows"] for t in json.loads(response.text)["tables"] if t["table"] == key)


def of(what: str, day: str, stated: str = "", how: str = "", by: str = "one", until: str = "") -> Statement:
    return Statement(STUDY + "x", what, day, until, day, how, stated, by, f"{by}-{stated}-{day}")


@pytest.mark.parametrize(
    ("text", "until", "first", "last", "shown"),
    [
        ("2024", "", date(2024, 1, 1), date(2024, 12, 31), "2024"),
        ("2024-02", "", date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        ("2026-03-21", "", date(2026, 3, 21), date(2026, 3, 21), "2026-03-21"),
        ("2021", "2025", date(2021, 1, 1), date(2025, 12, 31), "2021/2025"),
        ("2021-03", "2021-05", date(2021, 3, 1), date(2021, 5, 31), "2021-03-01/2021-05-31"),
        ("2019-12-19T10:00:00", "", date(2019, 12, 19), date(2019, 12, 19), "2019-12-19"),
    ],
)
def test_a_date_is_all_the_days_that_it_names(text: str, until: str, first: date, last: date, shown: str) -> None:
    found = period(text, until)
    assert found is not None
    assert (found.first, found.last, found.shown) == (first, last, shown)


@pytest.mark.parametrize("text", ["", "2019-02-30", "2019-13", "0000", "next year", "2019-06 or so", "20190601"])
def test_what_no_calendar_has_is_no_period(text: str) -> None:
    assert period(text) is None


def test_a_registrys_date_is_expected_only_where_it_lay_ahead_or_the_record_says_so() -> None:
    natures = {
        of(END, "2028-03-21", "2025-09-25"): Nature.EXPECTED,
        of(END, "2019-10", "2025-09-25"): Nature.PASSED,
        of(END, "2025", "2025-09-25"): Nature.EXPECTED,  # the year was not over
        of(END, "2024-03-21"): Nature.UNDATED,
        of(END, "2019-10", "2025-09-25", "expected"): Nature.EXPECTED,
        of(END, "2019-10", "2025-09-25", "actual"): Nature.FACT,
        of(END, "2019-08", "2021-09", "stated"): Nature.FACT,
        of(END, "2026", "2024", "not-before"): Nature.EXPECTED,
    }
    assert {one: one.nature for one in natures} == natures


@pytest.mark.parametrize(
    ("day", "until", "how", "said"),
    [
        ("2026-07", "", "not-before", "that day has come by 2026-11-29"),
        ("2027", "", "not-before", "that lies ahead on 2026-11-29"),
        ("2026-03-21", "", "expected", "the date has passed by 2026-11-29"),
        ("2026", "", "expected", "that time has begun by 2026-11-29"),
        ("2024", "2029", "expected", "that time has begun by 2026-11-29"),
        ("2028", "", "expected", "that lies ahead on 2026-11-29"),
        ("2030", "", "not-after", "that lies ahead on 2026-11-29"),
        ("2025", "", "not-after", "the date has passed by 2026-11-29"),
        ("soon", "", "expected", ""),
    ],
)
def test_an_expected_date_is_told_by_the_day_of_the_review(day: str, until: str, how: str, said: str) -> None:
    spanned = period(day, until)
    assert overdue.standing(spanned, how, "2026-11-29", "en", silent=False) == said
    assert overdue.standing(spanned, how, "", "en", silent=True) == ""
    told = overdue.standing(spanned, how, "2026-11-29", "nb", silent=True, ahead=False)
    assert told.endswith("ingen dokumenter her sier at det har skjedd") is (bool(said) and "ahead" not in said)


def test_a_statement_is_as_old_as_the_whole_months_since() -> None:
    def age(stated: str) -> str:
        return overdue.age(stated, "2026-11-29", "en", record=True)

    assert age("2025-09-25") == "the record is of 2025-09-25, 14 months before 2026-11-29"
    assert age("2026-10-29") == "the record is of 2026-10-29, a month before 2026-11-29"
    assert age("2026-10-30") == "the record is of 2026-10-30" and age("") == ""


def test_a_date_slips_when_a_later_word_has_no_day_in_common_with_it() -> None:
    first, same = of(END, "2024", "2021-09", "expected"), of(END, "2024-10", "2022-01", "expected")
    moved, again = of(END, "2026-03-21", "2023-09-03"), of(END, "2028-03-21", "2025-09-25")
    found = slips([again, of(END, "2024-03-21"), same, moved, first, of(PRIMARY, "2030", "2025", "expected")])
    assert [(slip.what, slip.said) for slip in found] == [(END, [first, moved, again])]
    # 2024-12-31 to 2028-03-21: the rest of the leap day's years 2025, 2026, 2027, then 31 + 29 + 21 days of 2028
    assert found[0].days == 3 * 365 + 31 + 29 + 21
    assert not slips([first, of(END, "2023", "2023", "expected")])  # earlier
    assert not slips([of(END, "2026", "2021", "not-before"), of(END, "2027", "2023", "expected")])  # a bound stands
    assert not slips([first, of(END, "2026", "2021", "expected")])  # the same day of statement, for all that is said
    assert not slips([of(START, "2018", "2019", "stated"), of(START, "2020", "2021", "stated")])  # facts that differ
    late = of(END, "2025-05", "2025-06", "actual")
    assert [slip.said for slip in slips([first, late])] == [[first, late]]


def test_nothing_is_drawn_narrower_than_it_is_or_outside() -> None:
    said = [of(START, "2017", "2023", "stated"), of(START, "2018-03-21", "2025-09-25", "stated", "two")]
    said += [
        of(END, "2024", "2021-09", "expected"),
        of(END, "2030", "2025", "not-before"),
        of(PUBLISHED, "2016", "2016"),
    ]
    lines = [Said(all, "W" * 60) for all in lines_of(said)]
    assert [line.first for line in lines] == said[:-1]  # the starts differ; a publication is no line
    now = period("2026-11-29")
    drawn = lay_out([Track("s", "W" * 400, "", "", "", said, lines)], now)
    axis = Axis([p for one in said for p in (one.period, one.when) if p])
    assert (axis.first_year, axis.last_year) == (2016, 2030)
    year, day = axis.span(said[0].period), axis.span(said[1].period)  # type: ignore[arg-type]
    assert year.width == pytest.approx(timeline_layout.AXIS * 365 / (15 * 365 + 4), abs=0.02)
    assert day.width == timeline_layout.LEAST
    row = drawn.rows[0]
    assert len(row.name) <= timeline_layout.LABEL_LINES
    spans = [line.span for line in row.lines] + [mark.span for mark in row.marks] + [row.ran, row.onward]
    for span in spans:
        assert span is not None and drawn.left - 2 <= span.x <= span.end <= drawn.right + 2
    assert row.ran is not None and row.ran.x == axis.at(date(2018, 3, 21), end=True)  # not from the first day of 2017
    assert [line.towards is not None for line in row.lines] == [True] * 4
    assert drawn.now is not None and axis.at(date(2026, 11, 28)) < drawn.now < axis.at(date(2026, 12, 1))


@pytest.mark.parametrize(("first", "last", "ticks"), [("1997", "2029", [1998, 2030]), ("2016", "2030", [2016, 2031])])
def test_the_axis_has_a_year_on_either_side_of_the_last_mark(first: str, last: str, ticks: list[int]) -> None:
    periods = [period(first), period(last)]
    written = Axis([one for one in periods if one]).ticks()
    assert [written[0][1], written[-1][1]] == ticks
    assert written[-1][0] == timeline_layout.NAMES + timeline_layout.AXIS
    assert Axis([one for one in (period("1900"), period("2031")) if one]).last_year == 2039  # of ten years
    assert Axis([one for one in (period("9990"), period("9999")) if one]).ticks()[-1][1] == 10000


def test_what_has_moved_folds_into_cards(real: FlaskClient) -> None:
    (shown,) = page(real, "/timeline?lang=en").all("table", id="moved")
    assert "stacks" in shown.get("class").split()
    heads = {cell.get("data-heading") for cell in shown.iter("td")}
    assert {"What was stated", "Moved by at least"} <= heads and len(heads) == 6


def test_the_real_studies_that_slip_say_since_when_and_how_far(real: FlaskClient) -> None:
    rows = table(real, "/timeline.json?lang=en", "moved")
    assert rows[0]["between"] == "2021-09 and 2023-09-03"
    assert [(row["study"], row["what"], row["since"], row["now"], row["moved"]) for row in rows] == [
        ("RAM-MS", "end of study", "2023-09-03", "2028-03-21", 1176)
    ]
    assert rows[0]["said"] == [
        "2024: stated 2021-09, Folkehelseinstituttet 2021",
        "2026-03-21: stated 2023-09-03, NCT03477500",
        "2028-03-21: stated 2025-09-25, NCT03477500",
    ]
    chosen = table(real, "/timeline.json?moved=later", "timeline-dates")
    assert {row["study_iri"] for row in chosen} == {STUDY + "ram-ms"}
    assert "The dates of one study over the years." in page(real, "/timeline?moved=later&lang=en").text()
    shown = page(real, "/timeline?lang=nb")
    assert "1 176 dager (3,2 år)" in shown.text().replace("\u00a0", " ")
    assert "gjennomgangen måler per 2026-11-29" in shown.text()


def test_every_date_is_in_the_table_as_the_query_has_it(real: FlaskClient, real_store: ox.Store) -> None:
    behind = {parse_qs(urlsplit(a).query)["query"][0] for a in page(real, "/timeline").local_links() if "/sparql?" in a}
    assert behind == {query("timeline")}
    rows = table(real, "/timeline.json?lang=en", "timeline-dates")
    shown = sorted((row["study_iri"], row["what_iri"], str(row["printed"]), row["by_iri"]) for row in rows)
    only_registered = STUDY + "EudraCT-2022-002654-95"
    found = [r for r in solutions(real_store, behind.pop()) if r["study"].value != only_registered]
    assert shown == sorted(tuple(r[n].value for n in ("study", "what", "printed", "by")) for r in found)
    assert len(rows) == 115
    ram = {(row["printed"], row["standing"], row["stated"]) for row in rows if row["study"] == "RAM-MS"}
    assert ("I 2018 initierte", "stated as a fact", "2021-09") in ram
    assert ("2017", "stated as a fact", "2023-11") in ram
    assert ("2024-03-21", "unknown: the statement has no date", "not dated") in ram
    silent = "and no document here says that it has happened"
    come = f"expected when stated; that day has come by 2026-11-29, {silent}"
    assert ("the second half of 2026", come, "2024-02-12") in ram
    assert ("i 2024", f"expected when stated; the date has passed by 2026-11-29, {silent}", "2021-09") in ram
    assert ("2028-03-21", "expected when stated", "2025-09-25") in ram
    # What a status says to be over is not told as something that nothing says.
    ended = [r["standing"] for r in rows if r["study"] in ("MIST", "MESEMS") and "expected" in r["standing"]]
    assert not [one for one in ended if silent in one]
    together = table(real, "/timeline.json?lang=en", "together")
    assert sorted(row["printed"] for row in together) == ["i perioden 2024-2029", "innen 2030", "mellom 2021 og 2025"]


def test_starts_that_differ_are_both_drawn_with_who_says_so(real: FlaskClient) -> None:
    drawn = ElementTree.fromstring(real.get("/timeline.svg?lang=en&moved=later").text)
    texts = ["".join(t.itertext()) for t in drawn.iter(f"{SVG}text")]
    for line in (
        "start: 2017 · stated 2023-11, Nygaard 2024",
        "start: 2018 · stated 2021-09, Folkehelseinstituttet 2021",
        "end of study: 2024 · stated 2021-09, Folkehelseinstituttet 2021",
        "end of study: 2028-03-21 · stated 2025-09-25, NCT03477500",
        "end of study: 2024-03-21 · day of statement unknown, NCT03477500",
        "results: not before 2026-07 · stated 2024-02-12, Nygaard 2024",
        "the review measures at 2026-11-29",
    ):
        assert texts.count(line) == 1, line
    assert sum("i 2024" in t or t.startswith("end of study: 2024 ·") for t in texts) == 1  # said twice, drawn once
    link = next(drawn.iter(f"{SVG}a"))
    assert str(link.get("href")).split("?")[0] == "/study/ram-ms"
    assert str(link.get("aria-label")).startswith("RAM-MS: registered on 2018-02-13")


def test_rows_are_in_the_order_that_the_address_asks_for(real: FlaskClient) -> None:
    def studies(address: str) -> list[str]:
        rows = table(real, address, "timeline-dates")
        return list(dict.fromkeys(row["study_iri"].removeprefix(STUDY) for row in rows))

    by_name = studies("/timeline.json?sort=name&transplantation=msct")
    assert by_name[:4] == ["actimus", "bonan", "emmes", "fernandez"]
    at = by_name.index("mesems")
    assert all(study.startswith("mesems-") for study in by_name[at + 1 : at + 9])  # parts with dates, below the whole
    assert studies("/timeline.json?transplantation=hsct")[0] == "mist"
    assert studies("/timeline.json?sort=end&status=ongoing&transplantation=hsct")[:3] == [
        "star-ms",
        "ram-ms",
        "beat-ms",
    ]
    page(real, "/timeline?sort=colour", 400)
    page(real, "/timeline?order=name", 400)


def test_a_study_has_a_timeline_of_its_own(real: FlaskClient, real_store: ox.Store) -> None:
    studies = [STUDY + "ram-ms"]
    with real.application.test_request_context("/"):
        lane = pages()
        figure = timeline_figure(lane, Labels(lane, "en"), "en", studies, key="when")
        assert figure is not None
        assert timeline_figure(lane, Labels(lane, "en"), "en", [STUDY + "nor-ms"]) is None
    assert (figure.key, figure.table.key) == ("when", "when-dates")
    assert figure.query == among(query("timeline"), studies)
    found = list(solutions(real_store, figure.query))
    assert len(found) == len(figure.table.rows) == 12
    assert {row["study"].value for row in found} == set(studies)


def test_states_of_a_loaded_record_show_the_slip(invented: FlaskClient) -> None:
    rows = table(invented, "/timeline.json?lang=en", "moved")
    assert [(r["study_iri"], r["what_iri"], r["since"], r["now"]) for r in rows] == [
        (STUDY + "hostile", END, "2022-03-01", "2026-08")
    ]
    assert rows[0]["said"] == [
        "2024: stated 2021-09, Author 2024",
        "2025-01: stated 2022-03-01, NCT00000001",
        "2026-08: stated 2024-12-01, NCT00000001",
    ]
    dates = table(invented, "/timeline.json?lang=en", "timeline-dates")
    standing = {(row["printed"], row["stated"]): row["standing"] for row in dates}
    assert standing["August 2026", "2024-12-01"] == "expected when stated"
    assert standing["2020-05", "2022-03-01"] == "stated as a fact"  # the record says that it is actual
    assert standing["2024-11-30", "2024-12-01"] == "stated as a fact"  # results were posted


def test_hostile_words_stay_words(invented: FlaskClient) -> None:
    shown = page(invented, "/timeline?lang=en")
    assert not shown.strange_scripts()
    assert HOSTILE in shown.text()
    drawn = ElementTree.fromstring(invented.get("/timeline.svg?lang=en").text)
    labels = [str(a.get("aria-label")) for a in drawn.iter(f"{SVG}a")]
    assert any(label.startswith(f"{HOSTILE}: ") for label in labels)
    assert {e.tag for e in drawn.iter()} <= {
        SVG + t for t in ("svg", "style", "title", "desc", "g", "path", "text", "rect", "a", "circle")
    }
    assert "Only registered" not in shown.text()  # by a registry's record alone
    assert MODALITY not in shown.text()


def test_there_is_a_timeline_without_studies(tmp_path: Path) -> None:
    publish_without_studies(tmp_path)
    with client_of(tmp_path) as client:
        shown = page(client, "/timeline?lang=en")
        assert "Nothing states a date" in shown.text()
        assert table(client, "/timeline.json", "moved") == []
        assert client.get("/timeline.svg").status_code == 404
        with client.application.test_request_context("/"):
            assert study_dates.as_of(pages()) == ""

"""The evidence map: where the studies of the real documents stand, by hand; filters; hostile words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.loaders.review.dates.registry import FINISHED, RUNNING, STOPPED
from msevidence.ontology.iris import BASE
from msevidence.ontology.namespaces import schemes
from msevidence.server import map_layout, study_profile
from msevidence.server.facets import Choice, Facets
from msevidence.server.labels import query
from msevidence.server.map_layout import Dot, Head
from msevidence.server.store import PageLane, pages
from msevidence.server.study_profile import DESIGNS, NO_REPORT, NO_RESULT, REGISTERED, REPORTED
from tests.pages_site import client_of, page
from tests.study_pages_graph import HOSTILE, publish_invented, publish_without_studies, solutions

SVG = "{http://www.w3.org/2000/svg}"
STUDY = BASE + "study/"
CELLS = {
    ("hsct", "rrms"): "beat-ms coast mist msbase-registry-2023 nabizadeh-meta-analysis-2022 ram-ms star-ms",
    ("hsct", "spms"): "astims beat-ms",
    ("hsct", "ms"): "nabizadeh-meta-analysis-2022",
    ("hsct", "aggressive-rrms"): "das-first-line-cohort",
    ("hsct", "not-stated"): "net-ms norway-first-30-patients",
    ("msct", "rrms"): "bonan emmes llufriu mesems nabavi",
    ("msct", "spms"): "actimus emmes fernandez mesems nabavi petrou sadiq smart-ms",
    ("msct", "ppms"): "actimus mesems nabavi petrou sadiq smart-ms",
}
"""By hand: tables 1 to 4 and the text of the report, table 1 and the text of the article."""
FEATURES = {
    "crossover",
    "multicentre",
    "placebo-controlled",
    "double-blind",
    "single-blind",
    "rater-blinded",
    "open-label",
}
FEATURES |= {"triple-blind", "clinical-guideline"}
"""Concepts of the scheme study-design that do not say which kind of design it is."""


@pytest.fixture(scope="module")
def real(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    home = tmp_path_factory.mktemp("invented-studies")
    publish_invented(home)
    with client_of(home) as client:
        yield client


def table(client: FlaskClient, address: str, key: str) -> list[dict[str, Any]]:
    found = json.loads(client.get(address).text)["tables"]
    return next(t["rows"] for t in found if t["table"] == key)


def whole(rows: list[dict[str, Any]]) -> list[str]:
    """Return the keys of the studies that are no part of another."""
    return sorted(row["study_iri"].removeprefix(STUDY) for row in rows if row["part_of"] is None)


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def drawing(client: FlaskClient, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.text)


def test_studies_stand_where_the_documents_put_them(real: FlaskClient) -> None:
    for (kind, type), studies in CELLS.items():
        rows = table(real, f"/map.json?transplantation={kind}&ms-type={type}", "studies")
        assert whole(rows) == studies.split(), (kind, type)
    placed = Counter(study for studies in CELLS.values() for study in studies.split())
    links = Counter(str(a.get("href")).rsplit("/", 1)[-1] for a in drawing(real, "/map.svg").iter(f"{SVG}a"))
    assert links == placed
    assert (len(placed), placed.total()) == (21, 32)
    assert "21 studies in 32 places" in page(real, "/map?lang=en").text()
    # two kinds by: the five types that are stated, the two narrowest types that no study includes, and "not stated"
    cells = Counter(rect.get("class") for rect in drawing(real, "/map.svg").iter(f"{SVG}rect"))
    assert (cells["cell"], cells["cell gap"]) == (len(CELLS), 16 - len(CELLS))


def test_results_are_counted_by_kind_and_the_counts_lead_to_the_studies(real: FlaskClient) -> None:
    rows = {row["kind_iri"] or row["kind"]: row for row in table(real, "/map.json?lang=en", "results")}
    cells = rows[BASE + "scheme/transplantation/msct"]
    counted = {name: cells[name] for name in ("studies", "randomised", "any", "none", *study_profile.RESULTS)}
    by_hand = {
        "stated": "llufriu mesems nabavi petrou",
        "conclusion": "fernandez llufriu mesems nabavi petrou",
        "publication": "fernandez llufriu mesems nabavi petrou",  # of Actimus, only the protocol
        "registry": "emmes mesems sadiq",  # of MESEMS, its centre in London
        "none": "actimus bonan smart-ms",
    }
    assert counted == {
        **{"studies": 10, "randomised": 10, "any": 7, "none": 3},
        **{"stated": 4, "conclusion": 5, "publication": 5, "registry": 3},
    }
    for choice, studies in by_hand.items():
        assert whole(table(real, f"/map.json?transplantation=msct&results={choice}", "studies")) == studies.split()
    for row in page(real, "/map?lang=en").all("table", id="results")[0].iter("tr"):
        for cell in row.iter("td"):
            for link in cell.iter("a"):
                assert len(whole(table(real, link.get("href").replace("/map?", "/map.json?"), "studies"))) == int(
                    link.text
                )


def test_the_sorts_of_studies_are_counted_the_same_on_the_map_and_the_timeline(
    real: FlaskClient,
) -> None:
    sentence = (
        "21 studies with a stated kind of transplantation or type of MS; 6 more are only named (why); "
        "9 are parts (such as sites) of another; 1 is known from a registry’s record only: 37 in all."
    )
    for address in ("/map?lang=en", "/timeline?lang=en", "/map?lang=en&status=ongoing"):
        assert sentence in " ".join(page(real, address).text().split()), address
    rows = {row["kind"]: row for row in table(real, "/map.json?lang=en", "results")}
    known, named = rows["all of these, each once"], rows["beside these: only named, not known to be about this"]
    assert (known["studies"], named["studies"]) == (21, 6)
    assert (named["any"], named["publication"], named["none"]) == (1, 1, 5)  # Fassas 1997
    assert known["any"] + known["none"] == 21


def test_the_map_and_the_list_of_studies_mean_the_same_by_results(real: FlaskClient) -> None:
    with real.application.test_request_context("/"):
        lane = pages()
        every = Facets(lane.release, "en").ordered(Choice(BASE + "ontology#Study"))
        listed = _results_of(lane, every)
        profiles = study_profile.read(lane, sorted(listed))
    assert {study: set(profile.result_kinds) for study, profile in profiles.items()} == listed
    by_hand = {
        "ram-ms": {"none"},  # how many were recruited is no result
        "sadiq": {"any", "registry"},
        "emmes": {"any", "registry"},
        "mesems-london": {"any", "publication", "registry"},
        "mesems": {"any", "stated", "conclusion", "publication", "registry"},
        "actimus": {"none"},
    }
    assert {study: listed[STUDY + study] for study in by_hand} == by_hand
    assert len(listed) > 35


def _results_of(lane: PageLane, studies: list[str]) -> dict[str, set[str]]:
    """Return what the facet of the list has of each study."""
    found = Facets(lane.release, "en").values(BASE + "ontology#Study", studies)
    return {study: set(values) for (facet, study), values in found.items() if facet == "has-results"}


def test_a_study_is_read_aloud_with_all_that_its_mark_shows(real: FlaskClient) -> None:
    names = {a.get("aria-label") for a in drawing(real, "/map.svg?lang=en").iter(f"{SVG}a")}
    assert "MIST: 110 participants, randomised, completed, has results; warnings: 10" in names
    assert "RAM-MS: 88 participants, randomised, ongoing, no results; warnings: 5" in names
    assert "BEAT-MS: 156 participants, randomised, ongoing, no results" in names  # nothing is found about it
    assert "MESEMS: participants unknown, randomised, completed, has results; errors: 2; warnings: 3" in names
    llufriu = "Llufriu: 9 participants, randomised, completed, has results; sources differ on the status; "
    assert f"{llufriu}errors: 1; warnings: 4" in names
    assert "MIST: 110 deltakere, randomisert, fullført, har resultater; advarsler: 10" in {
        a.get("aria-label") for a in drawing(real, "/map.svg?lang=nb").iter(f"{SVG}a")
    }


def test_a_study_that_the_review_finds_wrong_is_marked_with_the_way_to_what_it_found(real: FlaskClient) -> None:
    rows = {row["study_iri"].removeprefix(STUDY): row for row in table(real, "/map.json?lang=en", "studies")}
    assert rows["astims"]["findings"] == ["errors: 2", "warnings: 2"]
    assert rows["net-ms"]["findings"] is None and rows["coast"]["findings"] is None  # a note is no error
    drawn = drawing(real, "/map.svg?lang=en")
    signs = Counter("⚑" in "".join(text.itertext()) for text in drawn.iter(f"{SVG}text"))
    marked = sum("errors: " in name or "warnings: " in name for name in _spoken(drawn))
    assert signs[True] - 1 == marked > 20  # one more in the legend
    (shown,) = page(real, "/map?lang=en").all("table", id="studies")
    row = next(row for row in shown.iter("tr") if "ASTIMS" in "".join(row.itertext()))
    ways = {a.text: a.get("href") for a in row.iter("a")}
    assert ways["errors: 2"].split("?")[0].split("#")[0] == "/study/astims" and ways["errors: 2"].endswith("#findings")


def _spoken(drawn: ElementTree.Element) -> list[str]:
    return [str(a.get("aria-label")) for a in drawn.iter(f"{SVG}a")]


def test_each_source_stands_beside_what_is_shown(real: FlaskClient) -> None:
    rows = {row["study_iri"].removeprefix(STUDY): row for row in table(real, "/map.json?lang=en", "studies")}
    assert rows["ram-ms"]["participants"] == 88
    assert rows["ram-ms"]["participants_by"] == [
        "88 · Nygaard 2024, 2023-11",
        "100 (estimated) · NCT03477500, 2025-09-25",
        "100 (planned) · Nygaard 2024, 2023-11",
    ]
    assert rows["sadiq"]["status"] == "ongoing ≠"
    assert rows["sadiq"]["reported"] == "ongoing · Folkehelseinstituttet 2021, 2021-09"
    assert rows["sadiq"]["registered"] == "completed · NCT03355365, 2025-09-25"
    assert sorted(key for key, row in rows.items() if "≠" in row["status"]) == ["llufriu", "sadiq"]
    assert rows["mesems"]["participants"] == "participants unknown"  # those of its centres are not added up
    assert rows["mesems-london"]["part_of"] == "MESEMS"
    assert sum(row["part_of"] is not None for row in rows.values()) == 9


def test_a_study_off_the_map_says_why_the_graph_knows_it(real: FlaskClient, invented: FlaskClient) -> None:
    interest = "named in a statement of an author’s interests (Nygaard 2024)"
    shown = page(real, "/map?lang=en").section("unplaced")
    for study in ("EBV-MS", "ENSEMBLE", "NevroVAX", "NOR-MS"):
        assert f"{study}: {interest}" in shown
    leads = "a link printed at another study’s number leads to its record (Folkehelseinstituttet 2021)"
    assert f"(Folkehelseinstituttet 2021); {leads}" in shown  # and its record stands in a table of the report
    assert "named in the text (Nygaard 2024)" in shown and shown.count("Nygaard 2024") == 6
    assert "known by its registry record only" in page(invented, "/map?lang=en").section("unplaced")


def test_the_table_on_the_screen_has_every_study(real: FlaskClient) -> None:
    (shown,) = page(real, "/map?lang=en").all("table", id="studies")
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in shown.iter("tr")]
    assert len(rows) - 1 == len(table(real, "/map.json", "studies"))
    assert {len(row) for row in rows} == {6}
    sadiq = next(row for row in rows if row[0] == "Sadiq⚑ warnings: 1")
    assert sadiq[3].startswith("ongoing ≠") and "completed · NCT03355365, 2025-09-25" in sadiq[3]
    assert sadiq[5] == "In a registry: NCT03355365"
    assert {cell.get("data-heading") for row in shown.iter("tr") for cell in row.iter("td")} == set(rows[0][1:])


def test_every_choice_leaves_as_many_studies_as_it_says(real: FlaskClient) -> None:
    followed = 0
    for address in ("/map?lang=en", "/map?lang=en&transplantation=hsct&status=ongoing"):
        shown = page(real, address)
        for choice in [
            a for d in shown.in_main("dd") for a in d.iter("a") if a.find("span[@class='many']") is not None
        ]:
            count = int(choice.find("span[@class='many']").text)
            assert len(whole(table(real, choice.get("href").replace("/map?", "/map.json?"), "studies"))) == count > 0
            followed += 1
    assert followed > 30
    chosen = next(e for e in shown.in_main("p") if e.get("class") == "chosen")
    ways_out = [parse_qs(urlsplit(a.get("href")).query) for a in chosen.iter("a")]
    assert [{k: v for k, v in q.items() if k != "lang"} for q in ways_out] == [
        {"status": ["ongoing"]},
        {"transplantation": ["hsct"]},
        {},
    ]


def test_a_choice_that_there_is_not_and_an_unknown_parameter_are_refused(real: FlaskClient) -> None:
    shown = page(real, "/map?lang=en&status=%3Cscript%3E", 400)
    assert "status" in shown.text() and "completed" in shown.text()
    assert not shown.strange_scripts()
    assert page(real, "/map?colour=red", 400)


def test_the_query_behind_has_what_the_table_has(real: FlaskClient, real_store: ox.Store) -> None:
    behind = {parse_qs(urlsplit(a).query)["query"][0] for a in page(real, "/map").local_links() if "/sparql?" in a}
    assert behind == {query("map")}
    mse = BASE + "ontology#"
    said: dict[tuple[str, str], set[str]] = {}
    for row in solutions(real_store, behind.pop()):
        said.setdefault((row["study"].value, row["what"].value.removeprefix(mse)), set()).add(row["value"].value)
    columns = {"transplantation": "transplantation", "ms_type": "msType", "design": "studyDesign"}
    columns |= {"registrations": "registeredAs", "publications": "reportsOn"}
    rows = table(real, "/map.json", "studies")
    assert len(rows) > 30
    for row in rows:
        for column, what in columns.items():
            assert set(many(row[f"{column}_iri"])) == said.get((row["study_iri"], what), set()), (row["study"], column)
        sizes = {
            v for w in ("participants", "plannedParticipants", "enrolment") for v in said.get((row["study_iri"], w), ())
        }
        assert {one.split(" ")[0].replace(",", "") for one in many(row["participants_by"])} == {
            str(study_profile.number(v)) for v in sizes
        }


def test_schemes_are_known_whole() -> None:
    named = [concept for concepts in DESIGNS.values() for concept in concepts]
    assert len(named) == len(set(named))
    assert set(named) | FEATURES == set(schemes()["study-design"])
    assert set(REPORTED) == set(schemes()["status-as-reported"])
    assert set(REGISTERED) <= set(schemes()["status-as-registered"])
    assert {s for s, phase in REGISTERED.items() if phase == "completed"} == FINISHED
    assert {s for s, phase in REGISTERED.items() if phase == "stopped"} >= STOPPED
    assert {s for s, phase in REGISTERED.items() if phase in ("planned", "ongoing")} >= RUNNING
    for iri in NO_RESULT | NO_REPORT:
        scheme, name = iri.rsplit("/", 2)[-2:]
        assert name in schemes()[scheme], iri
    assert {iri.rsplit("/", 2)[-2] for iri in NO_REPORT} == {"publication-kind", "work-kind"}


def test_marks_of_a_cell_stand_below_one_another_inside_it() -> None:
    dots = [
        Dot(f"s{n}", "W" * (5 + 9 * n), "", "", "", kind, "ongoing", 10**n, "", "≠ ✓") for n, kind in enumerate(DESIGNS)
    ]
    drawn = map_layout.lay_out([Head("r", "row", "", "")], [Head(c, c, "", "") for c in "ab"], {("r", "a"): dots})
    cell, gap = drawn.cells
    assert (len(cell.placed), len(gap.placed), gap.width < cell.width) == (6, 0, True)
    ends = [(one.y, one.y + one.height) for one in cell.placed]
    assert all(before[1] <= after[0] for before, after in pairwise(ends))
    assert cell.y < ends[0][0] and ends[-1][1] < cell.y + cell.height <= drawn.height
    radii = [one.radius for one in cell.placed]
    assert radii == [4, 7, 10, 13, 16, 19] and map_layout.radius(None) == min(radii)


def test_hostile_words_stay_words_and_sources_that_differ_are_marked(invented: FlaskClient) -> None:
    shown = page(invented, "/map?lang=en")
    assert not shown.strange_scripts()
    assert HOSTILE in shown.text() and "49" not in shown.text().split()
    mark = next(a for a in drawing(invented, "/map.svg?lang=en").iter(f"{SVG}a"))
    assert mark.get("aria-label") == (
        f"{HOSTILE}: 30 participants, single-arm or pilot study, ongoing, has results; sources differ on the status"
    )
    row = next(r for r in table(invented, "/map.json?lang=en", "studies") if r["study_iri"] == STUDY + "hostile")
    assert row["participants_by"] == [
        "30 · Author 2024, 2024-02",
        "28 (actual) · NCT00000001, 2024-12-01",
        "40 (estimated) · NCT00000001, 2022-03-01",
    ]
    status = "scheme/status-as-registered"  # the small graph has no labels of it
    assert row["registered"] == [
        f"{status}/terminated · NCT00000001, 2024-12-01",
        f"{status}/recruiting · NCT00000001, 2022-03-01",
    ]
    assert "In a registry" in str(row["results_where"]) and "1 is known from a registry’s record only" in shown.text()


def test_there_is_a_map_without_studies(tmp_path: Path) -> None:
    publish_without_studies(tmp_path)
    with client_of(tmp_path) as client:
        shown = page(client, "/map?lang=en")
        assert "0 studies with a stated kind of transplantation or type of MS: 0 in all." in shown.text()
        assert table(client, "/map.json", "studies") == []
        assert client.get("/map.svg").status_code == 404

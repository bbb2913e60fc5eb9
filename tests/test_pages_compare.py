"""The page ``/compare``: what two documents say of three studies, worked out by hand, and how it relates."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server.compare_model import Fact, state
from tests.pages_site import MSE, client_of, page, publish_pages
from tests.server_fixtures import publish

REPORT, ARTICLE = "fhi-2021", "nygaard-2024"
Tables = dict[str, dict[str, dict[str, object]]]


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def tables(client: FlaskClient, address: str = "/compare.json") -> Tables:
    """Return the rows of all tables of the page by their first value, as its JSON has them."""
    response = client.get(address)
    assert response.status_code == 200, response.text[:300]
    found = {}
    for table in json.loads(response.text)["tables"]:
        first = next(iter(table["columns"]))
        found[table["table"]] = {str(row[first]): row for row in table["rows"]}
    return found


def said(row: dict[str, object], *documents: str) -> tuple[object, ...]:
    return tuple(row[document] for document in documents or (REPORT, ARTICLE))


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("address", ["/compare", "/compare?study=mist", f"/compare?document={REPORT}"])
def test_the_page_is_valid_and_needs_no_script(client: FlaskClient, address: str, language: str) -> None:
    shown = page(client, address, 200, **{"Accept-Language": language})
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id") is not None)
    assert [id for id, times in ids.items() if times > 1] == []
    assert shown.all("script") == shown.all("style") == []
    assert not [e for e in shown.root.iter() if e.get("style") or e.get("onclick")]
    references = {id for e in shown.root.iter() for id in (e.get("aria-labelledby") or "").split()}
    assert references <= set(ids)
    boxes = [e for e in shown.all("input", type="checkbox") if e.get("name") == "document"]
    assert {e.get("value") for e in boxes} == {REPORT, ARTICLE}
    assert all(e.find("th") is not None or e.get("colspan") or e.findall("td") for e in shown.root.iter("tr"))


def test_three_studies_are_shared(client: FlaskClient) -> None:
    there = tables(client)
    assert {key for key in there if key.startswith("study-")} == {"study-astims", "study-mist", "study-ram-ms"}
    both = {name for name, row in there["studies"].items() if said(row) == ("yes", "yes")}
    assert both == {"ASTIMS", "MIST", "RAM-MS"}
    assert said(there["studies"]["BEAT-MS"]) == ("yes", "no")
    assert said(there["studies"]["Registry study 2023"]) == ("no", "yes")


def test_studies_of_one_document_are_folded_with_their_count(client: FlaskClient) -> None:
    shown = page(client, "/compare")
    options = ["".join(e.itertext()) for e in shown.all("select", id="study")[0].iter("option")]
    assert options[1:] == ["ASTIMS", "MIST", "RAM-MS"]
    (folded, table) = [e for e in shown.all("details") if "only one of them" in "".join(e.find("summary").itertext())]
    names = {"".join(e.itertext()) for e in folded.iter("a")}
    assert {"BEAT-MS", "Registry study 2023"} <= names and not names & set(options)
    assert "".join(folded.find("summary").itertext()).split()[-1] == str(len(names)) == "28"
    assert len(list(table.iter("tr"))) == 1 + 28
    (speaking,) = shown.all("table", id="studies")
    assert ["".join(e.itertext()) for e in speaking.iter("a")] == ["ASTIMS", "MIST", "RAM-MS"]
    # One that only one document speaks of can be asked for all the same.
    alone = page(client, "/compare?study=beat-ms")
    assert [e.get("value") for e in alone.all("option") if e.get("selected") is not None] == ["beat-ms"]


def test_what_they_say_of_mist(client: FlaskClient) -> None:
    rows = tables(client, "/compare.json?study=mist")["study-mist"]
    assert said(rows["Status"]) == (
        ["completed", "fullført august 2019", "as of 2021-09"],
        ["results published", "The results of two randomised clinical trials have been published", "as of 2024-02-12"],
    )
    # Results that are published and a study that is completed are no difference.
    assert rows["Status"]["comparison"] == "no contradiction"
    assert said(rows["Participants"]) == (["110", "110 personer"], ["110", "110 patients"])
    assert rows["Participants"]["comparison"] == "the same"
    assert rows["Design"]["comparison"] == "partly the same"
    assert said(rows["Phase"]) == (None, "3") and rows["Phase"]["comparison"] == "in one only"
    assert rows["Comparator"]["comparison"] == rows["Follow-up"]["comparison"] == "told differently"
    assert rows["Population"]["comparison"] == "in other words"
    assert said(rows["End"]) == (["2019-08", "august 2019", "as of 2021-09"], None)
    report, article = said(rows["Publications cited"])
    assert "Burt 2019" in str(report) and article == ["Burt 2019", "number 11"]
    assert {"NCT00273364", "2010-023560-40/SE"} <= set(rows["Registry numbers printed"][REPORT])  # type: ignore[arg-type]
    assert len(rows["Results: disability"][ARTICLE]) == 5  # type: ignore[arg-type]
    assert rows["Results: disability"][REPORT] is None


def test_a_disagreement_stands_beside_its_line_with_both_passages(client: FlaskClient) -> None:
    shown = page(client, "/compare?study=ram-ms")
    lines = {
        " ".join("".join(e.find("th").itertext()).split()): e
        for e in shown.all("table", id="study-ram-ms")[0].iter("tr")
    }
    start = " ".join("".join(lines["Start"].itertext()).split())
    assert "Folkehelseinstituttet 2021 contradicts Nygaard 2024" in start and "2018" in start and "2017" in start
    expected = " ".join("".join(lines["Expected"].itertext()).split())
    assert "Folkehelseinstituttet 2021 outdated by Nygaard 2024" in expected
    quotes = [e for e in lines["Expected"].iter("blockquote")]
    assert [" ".join("".join(e.itertext()).split()) for e in quotes] == [
        "avsluttes etter planen i 2024",
        "results are unlikely to be available before the second half of 2026",
    ]
    links = [next(e.iter("a")) for e in quotes]
    assert [link.get("lang") for link in links] == ["nb", "en"]
    for link in links:
        assert client.get(link.get("href"), headers={"Accept": "text/html"}).status_code in (200, 303)


def test_disagreements_on_no_line_are_told_too(client: FlaskClient, real_store: ox.Store) -> None:
    rows = client.get("/compare.csv?table=disagreements&study=mist").text
    of_mist = list(csv.DictReader(io.StringIO(rows)))
    assert len(of_mist) == 8
    everything = list(csv.DictReader(io.StringIO(client.get("/compare.csv?table=disagreements").text)))
    assert len(everything) == 14
    shown = page(client, "/compare?study=mist")
    told = [e for e in shown.all("div", class_="disagreement")]
    assert len(told) == 8  # each once: two beside their lines, six below


def test_the_documents_as_a_whole(client: FlaskClient) -> None:
    rows = tables(client)["documents"]
    assert said(rows["Published"]) == ("2021-09", "2024-02-12")
    assert rows["Published"]["comparison"] is None
    population = "Personer med multippel sklerose (alle typer: RRMS, SPMS og PPMS)"
    assert said(rows["Question, included: population"]) == (population, None)
    assert "Epistemonikos, 2021-06-02" in rows["Searches"][REPORT]  # type: ignore[operator]
    assert len(rows["Recommendations"][ARTICLE]) == 8  # type: ignore[arg-type]
    assert rows["Recommendations"][REPORT] is None
    assert rows["Decisions told"][REPORT][0] == "in trials only"  # type: ignore[index]


def test_what_is_shared_comes_first_and_what_one_alone_says_is_folded(client: FlaskClient) -> None:
    shown = page(client, "/compare")
    heads = [e.get("id") for e in shown.root.iter() if e.tag in ("h2", "h3") and e.get("id")]
    studies = [n for n, head in enumerate(heads) if head.startswith("head-study-")]
    assert studies and heads.index("shared") < min(studies) and max(studies) < heads.index("head-documents")

    def fields(id: str) -> list[str]:
        (table,) = shown.all("table", id=id)
        return [" ".join("".join(e.itertext()).split()) for e in table.iter("th") if e.get("scope") == "row"]

    folded = [e.get("id") for details in shown.all("details") for e in details.iter("table")]
    assert "documents-one" in folded and "documents" not in folded
    assert "Published" in fields("documents")
    assert {"Question, included: population", "Recommendations"} <= set(fields("documents-one"))
    rows = tables(client)["documents"]
    assert set(fields("documents")) == {name for name, row in rows.items() if all(said(row))}
    assert len(fields("documents")) + len(fields("documents-one")) == len(rows)


def test_publications_in_common_have_each_documents_number(client: FlaskClient) -> None:
    rows = tables(client)["references"]
    burt = rows["Burt 2019"]
    assert burt[ARTICLE] == "number 11, reference list"
    assert "number 14, inferred from the words beside the number" in burt[REPORT]  # type: ignore[operator]
    for row in rows.values():
        assert row[REPORT] and row[ARTICLE]


def test_the_query_behind_a_study_has_what_its_table_has(client: FlaskClient, real_store: ox.Store) -> None:
    shown = page(client, "/compare?study=ram-ms")
    behind = next(e.get("href") for e in shown.all("a") if "/sparql?" in (e.get("href") or ""))
    [sparql] = parse_qs(urlsplit(behind).query)["query"]
    found = real_store.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    names = {"start": "Start", "planned": "Planned participants", "participants": "Participants"}
    rows = tables(client, "/compare.json?study=ram-ms")["study-ram-ms"]
    seen = 0
    for row in found:
        field = names.get(row["field"].value)
        if field:
            document = row["document"].value.rpartition("/")[2]
            assert row["value"].value in str(rows[field][document])
            seen += 1
    assert seen == 4


def test_what_there_is_not_is_refused(client: FlaskClient) -> None:
    for address in ("/compare?study=nothing", "/compare?document=nothing"):
        page(client, address, 404)
    page(client, "/compare?other=1", 400)
    assert "choose two or more" in page(client, f"/compare?document={REPORT}").text()


def test_addresses_take_documents_and_iris(client: FlaskClient) -> None:
    both = page(client, f"/compare?document={REPORT}&document={BASE}document/{ARTICLE}&study={BASE}study/mist")
    assert both.all("table", id="study-mist")
    assert client.get("/compare.ttl?study=ram-ms").status_code == 200


def fact(document: str, field: str, value: str, iri: bool = False, detail: str = "") -> Fact:
    return Fact(document, field, value, iri, detail=detail)


@pytest.mark.parametrize(
    ("field", "first", "second", "expected"),
    [
        ("participants", ["110"], ["110"], "same"),
        ("participants", ["110"], ["21"], "other"),
        ("participants", ["110"], [], "one"),
        ("participants", [], [], ""),
        ("start", ["2018"], ["2018-03"], "compatible"),
        ("start", ["2018"], ["2017"], "other"),
        ("place", ["USA", "Brazil"], ["brazil"], "partly"),
        ("comparator", ["alemtuzumab"], ["conventional therapy"], "words"),
        ("comparator", ["Alemtuzumab"], ["alemtuzumab"], "same"),
        ("issued", ["2021"], ["2024"], ""),
        ("decision", ["x"], ["y"], "both"),
    ],
)
def test_how_values_relate(field: str, first: list[str], second: list[str], expected: str) -> None:
    assert (
        state(field, {"a": [fact("a", field, v) for v in first], "b": [fact("b", field, v) for v in second]})
        == expected
    )


def test_statuses_and_expected_dates_are_compared_by_what_they_are_of() -> None:
    scheme = "https://w3id.org/msevidence/scheme/status-as-reported/"
    statuses = {key: [fact("d", "status", scheme + key, True)] for key in ("completed", "results-published", "ongoing")}
    assert state("status", {key: statuses[key] for key in ("completed", "results-published")}) == "compatible"
    assert state("status", {key: statuses[key] for key in ("completed", "ongoing")}) == "other"
    dates = {event: [fact("d", "expected", "2024", detail=event)] for event in ("e:end", "e:results")}
    assert state("expected", dates) == "other"


def hostile() -> Iterator[ox.Quad]:
    graph, text = ox.NamedNode(BASE + "graph/curation-one"), '"><script>alert(1)</script> ' * 3
    for document in ("one", "to"):
        subject = ox.NamedNode(f"{BASE}study-description/{document}.2")
        for key, value in (
            ("describes", ox.NamedNode(BASE + "study/first")),
            ("inDocument", ox.NamedNode(f"{BASE}document/{document}")),
            ("comparator", ox.Literal(text)),
            ("place", ox.Literal(document)),
        ):
            yield ox.Quad(subject, ox.NamedNode(MSE + key), value, graph)
        kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        yield ox.Quad(subject, kind, ox.NamedNode(MSE + "StudyDescription"), graph)


def test_other_documents_and_hostile_words(tmp_path: Path) -> None:
    publish_pages(tmp_path, more=hostile())
    with client_of(tmp_path) as client:
        shown = page(client, "/compare")
        rows = tables(client)["study-first"]
    assert shown.all("script") == []
    assert rows["Comparator"]["comparison"] == "the same" and rows["Places"]["comparison"] == "not the same"
    assert {e.get("value") for e in shown.all("input", type="checkbox")} == {"one", "to"}


def test_without_documents_the_page_says_so(tmp_path: Path) -> None:
    publish(tmp_path, b"<a:s> <a:p> <a:o> .\n")
    with client_of(tmp_path) as client:
        assert "There is no document here." in page(client, "/compare").text()

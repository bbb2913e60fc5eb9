"""The pages of a study and of a registration: facts with their sources, what it waits for, and what makes it one."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server.labels import RDF_TYPE
from msevidence.server.study_waiting import agree
from tests.pages_site import MSE, Page, client_of, page, publish_pages

SVG = "{http://www.w3.org/2000/svg}"
FHI, ARTICLE = "Folkehelseinstituttet 2021", "Nygaard 2024"
REGISTRY = "record NCT03477500, 2025-09-25"
XSD = "http://www.w3.org/2001/XMLSchema#"
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Give the small graph with a study of a name alone, and a study and registration of hostile texts."""

    def stated(subject: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        name = name if "://" in name else MSE + name
        return ox.Quad(ox.NamedNode(BASE + subject), ox.NamedNode(name), value, ox.NamedNode(f"{BASE}graph/more"))

    def iri(path: str) -> ox.NamedNode:
        return ox.NamedNode(BASE + path)

    label = "http://www.w3.org/2000/01/rdf-schema#label"
    evil, number, value, decision = "study/evil", "registration/EVIL1", "sourced-value/evil", "identity/evil"
    more = [
        stated("study/bare", RDF_TYPE, iri("ontology#Study")),
        stated("study/bare", label, ox.Literal("BARE", language="en")),
        stated(evil, RDF_TYPE, iri("ontology#Study")),
        stated(evil, label, ox.Literal(HOSTILE, language="en")),
        stated(evil, "registeredAs", iri(number)),
        stated(number, RDF_TYPE, iri("ontology#Registration")),
        stated(number, label, ox.Literal(HOSTILE)),
        stated(number, "denotesStudy", iri(evil)),
        stated(number, "hasSourcedValue", iri(value)),
        stated(value, "field", ox.Literal("sponsor")),
        stated(value, "value", ox.Literal(HOSTILE)),
        stated(value, "http://purl.org/dc/terms/source", ox.Literal("javascript:alert(1)")),
        stated(decision, RDF_TYPE, iri("ontology#IdentityDecision")),
        stated(decision, "relation", iri("scheme/identity-relation/same-study")),
        stated(decision, "rule", iri("scheme/identity-rule/curated")),
        stated(decision, "because", ox.Literal(HOSTILE, language="en")),
        stated(decision, "https://w3id.org/sssom/subject_id", iri(number)),
        stated(decision, "https://w3id.org/sssom/object_id", iri(evil)),
    ]
    for date, end in (("2023-01-02", "2024-06"), ("2025-03-04", "2027-09-30")):
        version = f"record-version/{date}"
        more += [
            stated(version, RDF_TYPE, iri("ontology#RecordVersion")),
            stated(version, "versionOf", iri("registration/LOADED1")),
            stated(version, "exportPlace", ox.Literal(f"{date}.csv, line 2")),
            stated(version, "sourceDate", ox.Literal(date, datatype=ox.NamedNode(f"{XSD}date"))),
            stated(version, "completionDate", ox.Literal(end, datatype=ox.NamedNode(f"{XSD}date"))),
            stated(version, "completionKind", ox.Literal("estimated")),
            stated(version, "printedEnd", ox.Literal(end)),
        ]
    more += [
        stated("study/loaded", RDF_TYPE, iri("ontology#Study")),
        stated("study/loaded", label, ox.Literal("LOADED", language="en")),
        stated("study/loaded", "registeredAs", iri("registration/LOADED1")),
        stated("study/former", "http://purl.org/dc/terms/isReplacedBy", iri("study/loaded")),
        stated("study/former", label, ox.Literal("BEFORE")),
        stated("registration/LOADED1", RDF_TYPE, iri("ontology#Registration")),
        stated("registration/LOADED1", label, ox.Literal("LOADED1")),
        stated("registration/LOADED1", "denotesStudy", iri("study/loaded")),
    ]
    home = tmp_path_factory.mktemp("study")
    publish_pages(home, more=more)
    with client_of(home) as client:
        yield client


def rows(client: FlaskClient, path: str, table: str) -> list[dict[str, str]]:
    """Return the rows of a table of a page, as its CSV has them."""
    response = client.get(f"/{path}.csv?table={table}&lang=en")
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def facts(client: FlaskClient, path: str) -> dict[str, dict[str, set[str]]]:
    """Return fact → value → who says so."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows(client, path, "facts"):
        found.setdefault(row["fact"], {})[row["value"]] = set(row["source"].split("; "))
    return found


def test_facts_of_a_trial_that_is_waited_for(client: FlaskClient) -> None:
    found = facts(client, "study/ram-ms")
    assert found["Start"] == {"2018": {FHI}, "2017": {ARTICLE}, "2018-03-21": {REGISTRY}}
    assert found["Status as reported"]["ongoing"] == {
        f"{FHI}, 2021-09",
        f"{FHI}, Tabell 2, 2021-09",
        f"{ARTICLE}, 2023-11",
    }
    assert found["Status as registered"] == {"active, not recruiting": {REGISTRY}}
    assert found["Comparator"] == {"alemtuzumab": {f"{FHI}, Tabell 2"}, "conventional therapy": {ARTICLE}}
    assert found["Participants"] == {"88": {ARTICLE}} and found["Planned participants"] == {"100": {ARTICLE}}
    assert found["Enrolment as registered"] == {"100 (estimated)": {REGISTRY}}
    assert found["Expected end"] == {
        "2024": {f"{FHI}, 2021-09"},
        "2026-03-21": {"record NCT03477500, 2023-09-03"},
        "2028-03-21": {REGISTRY},
        "2024-03-21": {"record NCT03477500, date unknown"},
    }
    assert "End" not in found
    differ = {row["fact"]: row["differs"] for row in rows(client, "study/ram-ms", "facts") if row["differs"]}
    assert differ == {"Comparator": "qualifies", "Start": "contradicts", "Expected end": "outdated by"}


def test_the_file_of_a_study_has_its_facts(client: FlaskClient) -> None:
    assert client.get("/study/ram-ms.csv?lang=en").text == client.get("/study/ram-ms.csv?table=facts&lang=en").text


def test_a_page_says_what_a_study_waits_for_and_how_the_date_moved(client: FlaskClient) -> None:
    shown = page(client, "/study/ram-ms.html").section("waiting")
    moved = (
        f"at first 2024 (stated 2021-09; {FHI}, 2021-09), "
        "then 2026-03-21 (stated 2023-09-03; record NCT03477500, 2023-09-03), "
        f"then 2028-03-21 (stated 2025-09-25; {REGISTRY})."
    )
    old = "the record is of 2025-09-25, 14 months before 2026-11-29"
    ahead = f"(as last stated: {REGISTRY}); that lies ahead on 2026-11-29; {old}."
    seen = "first seen later on 2023-09-03; it moved some time between 2021-09 and then"
    assert f"end of study: expected 2028-03-21 {ahead} The date has moved, {seen}: {moved}" in shown
    come = "that day has come by 2026-11-29, and no document here says that it has happened"
    assert f"results: expected 2026-07 or later (as last stated: {ARTICLE}, 2024-02-12); {come}; stated" in shown
    head = page(client, "/study/ram-ms.html").text()
    assert f"What it is waiting for: results, expected 2026-07 or later ({ARTICLE}, 2024-02-12): {come};" in head
    assert "Results: none known. 1 number stated here says only who or how many there were;" in head
    assert f"Participants: 88 of 100 planned ({ARTICLE}, 2023-11)." in head
    assert f"as documents put it, alemtuzumab ({FHI}, Tabell 2); conventional therapy ({ARTICLE})." in head
    assert "Interventions as registered: Cyclophosphamide and ATG; Alemtuzumab; Cladribine Pill; Ocrelizumab." in head
    assert "NCT03477500, 2024-01-15: date of registration" in head and "2025-09-25: first posted" in head
    assert "Results: in a registry (NCT03355365)." in page(client, "/study/sadiq.html").text()
    assert "date unknown: end of study, 2024-03-21" in shown and "Forventet ferdigstilt i 2024" in shown
    norwegian = page(client, "/study/ram-ms.html?lang=nb")
    assert "studieslutt: ventet 2028-03-21" in norwegian.section("waiting")
    assert "en gang mellom 2021-09 og da: først 2024" in norwegian.section("waiting")


def test_facts_of_a_trial_that_has_ended(client: FlaskClient) -> None:
    found = facts(client, "study/mist")
    assert found["Participants"] == {"110": {f"{FHI}, Tabell 1", ARTICLE}}
    assert found["End"] == {"2019-08": {f"{FHI}, Tabell 1"}, "2019-08-30": {"record NCT00273364, 2025-09-25"}}
    assert found["Phase"] == {"3": {ARTICLE}, "2": {"record NCT00273364, 2025-09-25"}}
    assert "Expected end" not in found
    differ = {row["fact"] for row in rows(client, "study/mist", "facts") if row["differs"]}
    assert {"Phase", "Comparator", "Follow-up"} <= differ and not differ & {"End", "Participants"}
    records = {row["registration"]: row for row in rows(client, "study/mist", "registered")}
    assert {number: row["found"] for number, row in records.items()} == {
        "NCT00273364": "yes",
        "NCT03133403": "no",
        "EudraCT 2010-023560-40": "no",
    }
    assert records["NCT00273364"]["status"] == "completed" and records["NCT03133403"]["title"] == ""
    shown = page(client, "/study/mist.html")
    assert "What was expected of it" in shown.text() and "Nobody here states a date" in shown.section("waiting")
    (report,) = rows(client, "study/mist", "reports")
    assert (report["publication"], report["cited"]) == ("Burt 2019", f"{FHI}; {ARTICLE}, number 11")


def test_results_stand_as_printed_by_outcome(client: FlaskClient) -> None:
    found = rows(client, "study/mist", "results")
    values = {row["measure"]: row["value"] for row in found if row["direction"] in ("increase", "decrease")}
    assert len(found) == 9 and values == {"average functional impairment": "6.7 %"} | {
        row["measure"]: row["value"] for row in found if row["value"] == "10.0 %"
    }
    assert [row["outcome"] for row in found] == sorted(row["outcome"] for row in found)
    shown = page(client, "/study/mist.html").section("results-section")
    assert "10.0 % (decrease): average functional impairment; Stem cell therapy. Nygaard 2024" in shown


def test_a_finding_between_documents_stands_once_with_both(client: FlaskClient) -> None:
    shown = page(client, "/study/ram-ms.html")
    findings = shown.section("findings")
    said = "“conventional therapy” does not say which treatment it is."
    assert findings.count("RAM-MS, comparator: fhi-2021") == 1 and f"{said} {FHI}, {ARTICLE}" in findings
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id"))
    assert ids["findings"] == 1 and max(ids.values()) == 1


def test_the_identity_graph_names_the_rule_of_every_edge(client: FlaskClient) -> None:
    found = rows(client, "study/mesems", "decisions")
    told = Counter((row["relation"], row["rule"], row["outcome"]) for row in found)
    assert told == {
        ("part of", "site list", "applied"): 9,
        ("same study", "named in the text", "applied"): 11,
        ("same study", "named by a source about the record", "applied"): 6,
        ("same study", "printed in one row", "stopped"): 1,
        ("not the same", "link leads to another number", "applied"): 2,
    }
    stopped = next(row for row in found if row["outcome"] == "stopped")
    assert (stopped["from"], stopped["to"]) == ("EudraCT 2010-024081-21", "MESEMS")
    assert (stopped["source"], stopped["confidence"]) == (FHI, "0.9")
    svg = ET.fromstring(client.get("/study/mesems.svg?figure=identity&lang=en").text)
    labels = Counter(e.text.strip() for e in svg.iter(f"{SVG}text"))
    assert labels["part of: site list"] == 9 and labels["named in the text"] == 11
    assert labels["stopped: printed in one row"] == 1 and labels["not the same:"] == 2
    kept = [path for path in svg.iter(f"{SVG}path") if "apart" in path.get("class", "")]
    assert len(kept) == 2
    boxes = [tuple(float(e.get(k, "")) for k in ("x", "y", "width", "height")) for e in svg.iter(f"{SVG}rect")]
    assert len(boxes) == 1 + 9 + 12 + 1
    for (x, y, w, h), (ox_, oy, ow, oh) in combinations(boxes, 2):
        assert x + w <= ox_ or ox_ + ow <= x or y + h <= oy or oy + oh <= y
    part = {row["to"] for row in rows(client, "study/mesems-italy", "decisions") if row["relation"] == "part of"}
    assert part == {"MESEMS"}


@pytest.mark.parametrize(
    ("path", "table", "variable"),
    [
        ("study/mesems", "decisions", "decision"),
        ("study/ram-ms", "arms", "thing"),
        ("study/mist", "reports", "publication"),
        ("registration/NCT03477500", "mentions", "mention"),
    ],
)
def test_the_query_behind_a_table_runs_and_gives_its_things(
    client: FlaskClient, path: str, table: str, variable: str
) -> None:
    shown = page(client, f"/{path}.html")
    links = [e.get("href") for e in shown.all("a") if "/sparql?query=" in (e.get("href") or "")]
    answers = [client.get(link, headers={"Accept": "application/sparql-results+json"}).get_json() for link in links]
    found = [
        {row[variable]["value"] for row in answer["results"]["bindings"] if variable in row}
        for answer in answers
        if variable in answer["head"]["vars"]
    ]
    there = {"decision": "decision_iri", "thing": "", "publication": "publication_iri", "mention": ""}[variable]
    told = rows(client, path, table)
    assert told and found
    if there:
        assert {row[there] for row in told} in found
    elif variable == "mention":
        assert len(told) == len(found[0])
    else:
        assert len(told) == sum("/arm/" in iri for iri in found[0])


def test_a_registration_says_what_its_record_says_and_when(client: FlaskClient) -> None:
    shown = page(client, "/registration/NCT03477500.html")
    record = shown.section("record")
    assert "2028-03-21" in record and "2026-03-21" in record and "2024-03-21" in record
    assert "earlier state, 2023-09-03: https://www.centerwatch.com" in record
    differ = {row["fact"] for row in rows(client, "registration/NCT03477500", "facts") if row["differs"]}
    assert differ == {"completion date", "registered status"}
    assert "RAM-MS" in shown.section("why") and "printed in one row" in shown.section("why")
    assert "The record was not found." in page(client, "/registration/NCT03133403.html").text()
    assert "Posten ble ikke funnet." in page(client, "/registration/NCT03133403.html?lang=nb").text()


def test_a_link_that_leads_elsewhere_is_told(client: FlaskClient) -> None:
    (mention,) = rows(client, "registration/EudraCT-2010-024081-21", "mentions")
    assert (mention["document"], mention["leads"]) == (FHI, "elsewhere: EudraCT 2010-024381-21")
    other = rows(client, "registration/EudraCT-2010-024381-21", "mentions")
    assert "to this record, from another number" in {row["leads"] for row in other}


def test_a_study_of_which_nothing_is_known_says_so(invented: FlaskClient) -> None:
    shown = page(invented, "/study/bare.html")
    text = shown.text()
    for said in ("says anything of it beyond its name", "No registration of it is known here", "Nobody here states"):
        assert said in text
    assert "None" not in text and rows(invented, "study/bare", "facts") == []
    assert "Ingen registreringer av den er kjent her." in page(invented, "/study/bare.html?lang=nb").text()
    svg = ET.fromstring(invented.get("/study/bare.svg").text)
    assert [e.text for e in svg.iter(f"{SVG}text")] == ["BARE"]


def test_versions_of_a_loaded_record_stand_side_by_side(invented: FlaskClient) -> None:
    found = [row for row in rows(invented, "registration/LOADED1", "facts") if row["fact"] == "completion date"]
    assert [(row["value"], row["printed"], row["source"], row["differs"]) for row in found] == [
        ("2024-06", "estimated", "2023-01-02: 2023-01-02.csv, line 2", "yes"),
        ("2027-09-30", "estimated", "2025-03-04: 2025-03-04.csv, line 2", "yes"),
    ]
    waiting = page(invented, "/study/loaded.html").section("waiting")
    assert "at first 2024-06 (stated 2023-01-02;" in waiting and "then 2027-09-30 (stated 2025-03-04;" in waiting
    decisions = {(row["from"], row["rule"]) for row in rows(invented, "study/loaded", "decisions")}
    assert decisions == {("LOADED1", "stated, without a decision"), ("BEFORE", "former address")}


def test_hostile_texts_of_a_study_stay_texts(invented: FlaskClient) -> None:
    for address in ("/study/evil.html", "/registration/EVIL1.html"):
        shown = page(invented, address)
        scripts = [e for e in shown.all("script") if not str(e.get("src", "")).startswith("/static/")]
        assert all(e.get("type") == "application/ld+json" for e in scripts)
        assert HOSTILE in "".join(shown.all("main")[0].itertext())
        assert not [e for e in shown.all("a") if (e.get("href") or "").startswith("javascript:")]
    svg = ET.fromstring(invented.get("/study/evil.svg?figure=identity").text)
    assert not list(svg.iter(f"{SVG}script")) and len(list(svg.iter(f"{SVG}rect"))) == 2


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize(
    "path", ["study/ram-ms", "study/mesems", "study/nor-ms", "registration/EudraCT-2010-024081-21"]
)
def test_pages_are_valid_and_their_links_lead_somewhere(client: FlaskClient, path: str, language: str) -> None:
    shown: Page = page(client, f"/{path}.html?lang={language}")
    ids = Counter(e.get("id") for e in shown.root.iter() if e.get("id"))
    assert max(ids.values()) == 1
    fragments = {e.get("href")[1:] for e in shown.all("a") if (e.get("href") or "").startswith("#")}
    assert fragments and fragments <= set(ids)
    assert not [e for e in shown.root.iter() if isinstance(e.tag, str) and e.get("style") is not None]
    assert quote("javascript") not in "".join(e.get("href") or "" for e in shown.all("a"))


def test_dates_that_can_be_the_same_do_not_move() -> None:
    assert agree("2024", "2024-03-21") and agree("2024-03", "2024") and not agree("2024-03-21", "2026-03-21")

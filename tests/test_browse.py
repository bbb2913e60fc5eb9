"""Lists with facets, on the real graph: counts worked out by hand, combinations, order, the whole list as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import rispy
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server.browse_classes import GROUPS, OTHER
from msevidence.server.browse_columns import KINDS
from tests.pages_site import HTML, Page, client_of, page

# The rows of tables 2 and 4 of the report in data/reports/fhi-2021: name → the registry numbers printed in it.
TABLES_2_AND_4 = {
    "BEAT-MS": {"NCT04047628"},
    "COAST": {"EudraCT 2016-001166-29"},
    "RAM-MS": {"NCT03477500", "EudraCT 2017-001362-25"},
    "StarMS": {"ISRCTN88667898", "EudraCT 2019-001549-42"},
    "Bonan": {"IRCT20191004044975N1"},
    "Sadiq": {"NCT03355365"},
    "SMART-MS": {"NCT04749667"},
}


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def facet(shown: Page, label: str) -> dict[str, int]:
    """Return the values of a facet with their counts, in the order of the page."""
    (box,) = [e for e in shown.root.iter("details") if "".join(e.find("summary").itertext()) == label]
    found = {}
    for line in box.iter("li"):
        found["".join(line.find("a").itertext())] = int("".join(line.find("span").itertext()).replace(",", ""))
    return found


def names(shown: Page) -> list[str]:
    """Return the names of the things on a page of a list."""
    (entries,) = shown.all("ol", class_="entries")
    return ["".join(entry.find("p").find("a").itertext()) for entry in entries]


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


def test_every_class_is_shown_once_with_its_count(client: FlaskClient) -> None:
    shown = page(client, "/browse")
    assert [e.get("id") for e in shown.in_main("h2")] == [*GROUPS, OTHER]
    found = {"".join(e.find("a").itertext()): "".join(e.find("span").itertext()) for e in shown.in_main("dt")}
    assert (found["Study"], found["Claim"], found["Registration"], found["Publication"]) == ("37", "288", "39", "43")
    assert "One record in one registry; never the study itself." in shown.section("evidence")
    tables = json.loads(client.get("/browse.json").text)["tables"]
    classes = [row["class_iri"] for table in tables for row in table["rows"]]
    query = "SELECT DISTINCT ?c { ?x a ?c }"
    asked = client.get("/sparql", query_string={"query": query, "format": "json"}).get_json(force=True)
    assert sorted(classes) == sorted(row["c"]["value"] for row in asked["results"]["bindings"])


def test_every_class_has_a_list_of_as_many_things(client: FlaskClient) -> None:
    links = [link for link in page(client, "/browse").local_links() if link.startswith("/browse/")]
    tables = json.loads(client.get("/browse.json").text)["tables"]
    counts = [row["count"] for table in tables for row in table["rows"]]
    assert len(links) == len(counts) > 90
    for link, count in list(zip(links, counts, strict=True))[::9]:
        assert len(json.loads(client.get(f"{link}.json").text)["tables"][0]["rows"]) == count, link


def test_studies_are_counted_by_kind_and_status(client: FlaskClient) -> None:
    """Tables 1 to 4 of the report have 2, 4, 7 and 3 rows on HSCT and MSCT; the article adds its own studies."""
    shown = page(client, "/studies")
    status = facet(shown, "Status as reported")
    assert (status["ongoing"], status["planned"], status["results published"]) == (7, 1, 2)
    assert list(status)[-1] == "not stated"
    ongoing = page(client, "/studies?status-as-reported=ongoing")
    assert names(ongoing) == ["BEAT-MS", "Bonan", "COAST", "RAM-MS", "Sadiq", "SMART-MS", "StarMS"]
    assert set(names(ongoing)) == set(TABLES_2_AND_4)
    assert ongoing.text("h1") == "Studies 7 of 37"
    kinds = {"haematopoietic stem-cell transplantation": 4, "mesenchymal stem-cell transplantation": 3}
    assert facet(ongoing, "Kind of transplantation") == kinds
    # The counts of a facet are those given the others: what could be chosen beside ongoing stands there still.
    assert facet(ongoing, "Status as reported") == {"ongoing": 7, **{k: v for k, v in status.items() if k != "ongoing"}}
    assert names(page(client, "/studies?status=ongoing")) == names(ongoing)


def test_values_of_a_facet_widen_and_facets_narrow(client: FlaskClient) -> None:
    hsct = page(client, "/studies?status=ongoing&transplantation=hsct")
    assert names(hsct) == ["BEAT-MS", "COAST", "RAM-MS", "StarMS"]
    both = page(client, "/studies?status=ongoing&transplantation=hsct&transplantation=msct")
    assert len(names(both)) == 7
    registered = page(client, "/studies?status=ongoing&status-as-registered=completed")
    assert names(registered) == ["Sadiq"]
    unknown = page(client, "/studies?status=ongoing&status-as-registered=not-stated")
    assert names(unknown) == ["StarMS"]
    nothing = page(client, "/studies?status=ongoing&has-results=stated&transplantation=msct")
    assert names(nothing) == [] and "Nothing in this release fits" in nothing.text()
    assert facet(nothing, "Status as reported")["ongoing"] == 0


def test_what_is_chosen_can_be_let_go(client: FlaskClient) -> None:
    shown = page(client, "/studies?status=ongoing&transplantation=hsct&q=ms")
    (chips,) = [e for e in shown.root.iter("section") if e.get("class") == "chosen-facets"]
    links = [e.get("href") for e in chips.iter("a")]
    assert links == [
        "/studies?status-as-reported=ongoing&q=ms",
        "/studies?transplantation=hsct&q=ms",
        "/studies?transplantation=hsct&status-as-reported=ongoing",
        "/studies",
    ]
    assert names(page(client, links[2])) == ["BEAT-MS", "COAST", "RAM-MS", "StarMS"]
    assert names(shown) == ["BEAT-MS", "RAM-MS", "StarMS"]
    fields = {e.get("name"): e.get("value") for e in shown.in_main("input")}
    assert fields == {"transplantation": "hsct", "status-as-reported": "ongoing", "q": "ms"}


def test_every_value_that_is_offered_leads_to_as_many_things(client: FlaskClient) -> None:
    start = page(client, "/registrations?q=nct")
    checked = 0
    for label in ("Registry", "Status as registered", "Number printed in"):
        (box,) = [e for e in start.root.iter("details") if "".join(e.find("summary").itertext()) == label]
        for line in box.iter("li"):
            there = page(client, line.find("a").get("href"))
            count = int("".join(line.find("span").itertext()))
            assert there.text("h1").split(" ")[1] == str(count), line.find("a").get("href")
            checked += 1
    assert checked >= 7


@pytest.mark.parametrize(
    ("text", "found"), [("ram ms", ["RAM-MS"]), ("MESEMS tou", ["MESEMS Toulouse"]), ("fernandez", ["Fernandez"])]
)
def test_words_in_the_name_filter_without_case_and_accents(client: FlaskClient, text: str, found: list[str]) -> None:
    assert names(page(client, "/studies?q=" + quote(text))) == found


def test_lists_are_sorted_as_asked(client: FlaskClient) -> None:
    found = rows(client, "/studies.csv?sort=claims")
    counts = [int(row["claims"]) for row in found]
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[-1]
    *dated, undated = rows(client, "/publications.csv?sort=date")
    years = [row["year"] for row in dated]
    assert years == sorted(years, reverse=True) and (years[0], years[-1]) == ("2024", "1997")
    assert undated["thing"] == "Helsedirektoratet"  # its entry has the year in which it was read, no other
    labels = [row["thing"] for row in rows(client, "/studies.csv")]
    assert labels == sorted(labels, key=str.casefold)
    assert client.get("/studies?sort=text", headers=HTML).status_code == 400


def test_a_file_has_the_whole_list_and_a_page_fifty(client: FlaskClient) -> None:
    first, second = page(client, "/claims"), page(client, "/claims?page=2")
    assert len(names(first)) == len(names(second)) == 50
    whole = rows(client, "/claims.csv")
    assert [row["thing"] for row in whole[:100]] == [*names(first), *names(second)]
    assert len(whole) == 288 == len({row["thing_iri"] for row in whole})
    table = json.loads(client.get("/claims.json?claim-kind=recommendation").text)["tables"][0]
    assert len(table["rows"]) == int(page(client, "/claims?claim-kind=recommendation").text("h1").split()[1])
    described = client.get("/studies.ttl?status=ongoing&transplantation=hsct").text
    assert all(f"study/{key}" in described for key in ("beat-ms", "coast", "ram-ms", "star-ms"))
    assert "study/sadiq" not in described


def test_the_columns_of_studies_say_whose_word_it_is(client: FlaskClient) -> None:
    (row,) = rows(client, "/studies.csv?q=ram-ms")
    assert row["status_reported"] == "ongoing (Folkehelseinstituttet 2021, 2021-09); ongoing (Nygaard 2024, 2023-11)"
    assert row["status_registered"] == "active, not recruiting (NCT03477500)"
    assert (row["enrolment"], row["has_results"]) == ("100", "none known")
    assert row["registrations"] == "EudraCT 2017-001362-25; NCT03477500"
    (burt,) = rows(client, "/publications.csv?q=" + quote("burt 2019"))
    assert burt["citation"].startswith("Burt, Richard K; Balabanov, Roumen; Burman, Joachim;")
    assert "JAMA 2019;321(2):165-74. doi:10.1001/jama.2018.18743" in burt["citation"]
    assert burt["cited_in"] == "Folkehelseinstituttet 2021; Nygaard 2024: 11"
    assert burt["studies"] == "MIST"


def test_the_query_behind_a_list_gives_its_things(client: FlaskClient) -> None:
    shown = page(client, "/registrations")
    (behind,) = [link for link in shown.local_links() if link.startswith("/sparql?query=")]
    answer = client.get(behind, headers={"Accept": "application/sparql-results+json"}).get_json(force=True)
    found = {row["item"]["value"] for row in answer["results"]["bindings"]}
    assert found == {row["thing_iri"] for row in rows(client, "/registrations.csv")}


def test_ongoing_trials_come_as_ris(client: FlaskClient) -> None:
    response = client.get("/studies.ris?status=ongoing")
    assert response.mimetype == "application/x-research-info-systems"
    assert response.headers["Content-Disposition"] == 'attachment; filename="msevidence-studies-ongoing.ris"'
    assert "/studies.ris?status=ongoing" in page(client, "/studies?status=ongoing").local_links()
    found = rispy.loads(response.text)
    numbers = {record["accession_number"]: record for record in found}
    assert len(numbers) == len(found)
    printed = {number for several in TABLES_2_AND_4.values() for number in several}
    # COAST has another number, which the report does not print: its record at ClinicalTrials.gov.
    assert set(numbers) == printed | {"NCT04971005"}
    for name, several in TABLES_2_AND_4.items():
        for number in several:
            record = numbers[number]
            assert {name, *several} <= set(record["keywords"]), number
            said = [note for note in record["notes"] if note.startswith(f"Status of {name} according to")]
            assert any(note.endswith(": ongoing (as of 2021-09).") for note in said), number
    sadiq = numbers["NCT03355365"]
    assert "Status in ClinicalTrials.gov: completed (as of 2025-09-25)." in sadiq["notes"]
    assert numbers["NCT03477500"]["authors"] == ["Haukeland University Hospital,"]
    # Nothing that was read gives these two a title; no other record's is put in its place.
    assert numbers["NCT04971005"]["title"] == "COAST (ClinicalTrials.gov, NCT04971005)"
    assert numbers["EudraCT 2017-001362-25"]["title"] == "RAM-MS (EU Clinical Trials Register, EudraCT 2017-001362-25)"


def test_files_for_reference_managers_are_offered_where_there_is_something_to_refer_to(client: FlaskClient) -> None:
    assert client.get("/claims.ris").status_code == 406
    assert not [link for link in page(client, "/claims").local_links() if ".ris" in link]
    assert client.get("/studies.ris?status=ongoing&q=zzz").text == ""
    assert json.loads(client.get("/studies?format=csl&q=zzz").text) == []
    assert len(json.loads(client.get("/publications.csl.json").text)) == 43
    assert client.get("/browse/Publication.bib").text == client.get("/publications.bib").text != ""
    one = client.get("/study/ram-ms.csl.json")
    assert one.headers["Content-Disposition"] == 'attachment; filename="msevidence-study-ram-ms.csl.json"'
    assert "Content-Disposition" not in client.get("/studies.csv").headers


def test_a_list_says_what_its_file_will_hold(client: FlaskClient) -> None:
    chosen = page(client, "/studies?status=ongoing").text()
    assert "7 studies, 10 records: the publications and registry records of this list." in chosen
    assert "37 studies, " in page(client, "/studies").text()
    assert "The file holds 43 records" in page(client, "/publications").text()


def test_a_status_that_is_no_longer_so_is_said(client: FlaskClient) -> None:
    """The report of 2021-09 has NCT03355365 as ongoing; its record of 2025-09-25 says completed."""
    shown = page(client, "/studies?status=ongoing")
    assert "1 of 7 is no longer “ongoing” by its registry record: Sadiq (completed, 2025-09-25)." in shown.text()
    differing = {row["thing"]: row["status_differs"] for row in rows(client, "/studies.csv?status=ongoing")}
    told = "completed (NCT03355365, 2025-09-25); reported as ongoing (Folkehelseinstituttet 2021, 2021-09)"
    assert {name: text for name, text in differing.items() if text} == {"Sadiq": told}
    (without,) = [e.get("href") for e in shown.in_main("a") if e.text == "Leave out what the registry has otherwise"]
    assert names(page(client, without)) == [name for name in names(shown) if name != "Sadiq"]
    assert "is no longer “ongoing”" not in page(client, without).text()


def test_values_in_a_list_lead_to_what_has_them_and_their_meaning_is_told(client: FlaskClient) -> None:
    shown = page(client, "/studies?status=ongoing&transplantation=msct")
    (entries,) = shown.all("ol", class_="entries")
    links = [e.get("href") for e in entries.iter("a")]
    assert not [link for link in links if link.startswith("/scheme/")]
    assert "/studies?transplantation=msct&status-as-reported=ongoing&study-design=crossover" in links
    # What is chosen already is no link to itself.
    assert not [link for link in links if link == "/studies?transplantation=msct&status-as-reported=ongoing"]
    assert "The document counts the study as ongoing." in shown.text()
    assert {"/scheme/status-as-reported/ongoing", "/scheme/status-as-reported"} <= set(shown.local_links())


def test_a_year_of_reading_is_no_year_of_publication(client: FlaskClient) -> None:
    """The entry of the guideline of Helsedirektoratet is printed with “2023 (accessed)”."""
    assert "Helsedirektoratet" in names(page(client, "/publications?year=not-stated"))
    assert "Helsedirektoratet" not in names(page(client, "/publications?year=2023"))


def test_what_is_not_there_is_said(client: FlaskClient) -> None:
    assert page(client, "/browse/Nothing", 404)
    assert page(client, "/studies?nothing=1", 400)
    refused = page(client, "/studies?status=abolished", 400).text()
    assert "'abolished'" in refused and "ongoing" in refused and "not-stated" in refused
    # A concept that exists, and that no study has, is an empty choice: an address stays good from release to release.
    gone = page(client, "/studies?status=terminated")
    assert names(gone) == [] and facet(gone, "Status as reported")["terminated"] == 0


@pytest.mark.parametrize(
    "address",
    [
        "/studies.ris?status=nonsense",
        "/studies.csv?status=nonsense",
        "/publications.bib?year=one",
        "/browse/Claim.json?support=nonsense",
        "/map.csv?transplantation=nonsense",
        "/map?status=nonsense",
        "/timeline.json?document=nonsense",
        "/timeline?moved=earlier",
    ],
)
def test_a_value_that_is_none_is_refused_with_those_that_there_are(client: FlaskClient, address: str) -> None:
    """An empty file for a misspelt word would be taken for an answer."""
    answer = client.get(address)
    assert answer.status_code == 400 and answer.content_type == "application/problem+json", answer.text[:300]
    assert "there are: " in answer.json["detail"] and len(answer.json["detail"]) < 3_000  # type: ignore[index]
    assert client.get("/studies?q=" + "x" * 201, headers=HTML).status_code == 400


def test_the_suffix_of_two_parts_is_no_part_of_a_class(client: FlaskClient) -> None:
    answer = client.get("/browse/Publication.csl.json")
    assert answer.mimetype == "application/vnd.citationstyles.csl+json"
    assert answer.data == client.get("/publications.csl.json").data


def test_lists_keep_the_language_and_speak_it(client: FlaskClient) -> None:
    shown = page(client, "/studies?status=ongoing&lang=nb")
    assert facet(shown, "Status som rapportert")["pågående"] == 7
    assert all("lang=nb" in e.get("href") for e in shown.in_main("a") if e.get("href", "").startswith("/studies"))
    assert set(KINDS) == {
        BASE + "ontology#" + name for name in ("Study", "Document", "Publication", "Registration", "Claim")
    }

"""The page of a publication, on the real graph: what it is, what cites it, what it reports, and what was read of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rispy
from flask.testing import FlaskClient

from msevidence.server.labels import RDF_TYPE
from msevidence.server.publication_tables import COLUMNS
from tests.pages_site import MSE, client_of, page

BURT = "/publication/burt-2019"


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def rows(client: FlaskClient, table: str, of: str = BURT) -> list[dict[str, str]]:
    response = client.get(f"{of}.csv?table={table}")
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def test_a_publication_says_what_it_is(client: FlaskClient) -> None:
    shown = page(client, BURT + ".html")
    text = shown.text()
    assert "Burt, Richard K; Balabanov, Roumen; Burman, Joachim;" in text
    assert "JAMA 2019;321(2):165-74. doi:10.1001/jama.2018.18743" in text
    outside = {e.get("href"): e.get("rel") for e in shown.in_main("a")}
    for address in ("https://doi.org/10.1001/jama.2018.18743", "https://pubmed.ncbi.nlm.nih.gov/30644983"):
        assert outside[address] == "external noreferrer nofollow"
    assert "Cited in: Folkehelseinstituttet 2021, Nygaard 2024" in text
    assert {f"{BURT}.{suffix}" for suffix in ("ris", "bib", "csl.json")} <= set(shown.local_links())


def test_a_publication_is_printed_in_documents_under_their_numbers(client: FlaskClient) -> None:
    """Number 11 of the article; in table 1 of the report it has none, and its 14 there is inferred."""
    printed = [(row["document"], row["number"]) for row in rows(client, "printed")]
    assert sorted(printed) == [
        ("Folkehelseinstituttet 2021", ""),
        ("Folkehelseinstituttet 2021", "14"),
        ("Nygaard 2024", "11"),
    ]
    article = next(row for row in rows(client, "printed") if row["number"] == "11")
    assert article["entry"].startswith("Burt RK, Balabanov R, Burman J et al. Effect of Nonmyeloablative")
    inferred = next(row for row in rows(client, "printed") if row["number"] == "14")
    assert "with page 165" in inferred["because"]


def test_the_claims_that_cite_it_stand_with_how_they_do(client: FlaskClient) -> None:
    citing = rows(client, "citing")
    assert {(row["document"], row["number"]) for row in citing} == {("Nygaard 2024", "11")}
    how = {row["claim"]: row["how"] for row in citing}
    assert how["Randomised clinical phase 3 trial 2019 (11)"] == "cites as data source"
    assert how["Median 2 years, max. 5 years"] == "cites"
    assert page(client, BURT + ".html").section("part-citing").startswith(f"Claims that cite it {len(citing)}")


def test_the_study_it_reports_has_its_registrations(client: FlaskClient) -> None:
    (study,) = rows(client, "studies")
    assert study["study"] == "MIST"
    assert study["registrations"] == "EudraCT 2010-023560-40; NCT00273364 (completed); NCT03133403"
    assert "The row of MIST lists it." in study["because"]


def test_verdicts_stand_beside_what_was_read(client: FlaskClient, real_store: ox.Store) -> None:
    verdicts = rows(client, "verdicts")
    about = ox.NamedNode(f"{MSE}about"), ox.NamedNode("https://w3id.org/msevidence/publication/burt-2019")
    of_class = ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{MSE}Verdict")
    rated = {quad.subject for quad in real_store.quads_for_pattern(None, *about, ox.DefaultGraph())}
    all_verdicts = {quad.subject for quad in real_store.quads_for_pattern(None, *of_class, ox.DefaultGraph())}
    expected = rated & all_verdicts
    assert len(verdicts) == len(expected) > 15
    arms = next(row for row in verdicts if row["document_says"].startswith("Stem cell therapy (n = 55)"))
    assert (arms["verdict"], arms["publication_says"], arms["read"]) == (
        "agrees",
        "110 randomized patients",
        "abstract",
    )
    assert {"agrees", "other measure", "not in what was read"} <= {row["verdict"] for row in verdicts}


def test_quotations_and_values_name_where_they_were_read(client: FlaskClient) -> None:
    quotations = {row["quotation"]: row for row in rows(client, "quotations")}
    follow_up = quotations["median follow-up, 2 years; mean, 2.8 years"]
    assert (follow_up["quoted_in"], follow_up["part"]) == ("read for the review", "abstract")
    assert follow_up["address"] == "https://pmc.ncbi.nlm.nih.gov/articles/PMC6439765"
    values = {row["field"]: row for row in rows(client, "values")}
    assert values["page citation"]["value"] == "JAMA. 2019 Jan 15;321(2):165–174"
    assert "abstract" not in values


def test_what_is_not_known_is_said(client: FlaskClient) -> None:
    shown = page(client, "/publication/ystrom-2023.html")
    assert "The data have no DOI and no number of PubMed for it." in shown.text()
    assert "Nothing in the graph says that it reports on a study." in shown.section("part-studies")
    assert "Nothing that a document says was held against it." in shown.section("part-verdicts")
    norwegian = page(client, "/publication/ystrom-2023.html?lang=nb")
    assert "Ingenting er sitert fra den." in norwegian.section("part-quotations")


def test_it_comes_for_a_reference_manager(client: FlaskClient) -> None:
    (record,) = rispy.loads(client.get(BURT + ".ris").text)
    assert (record["doi"], record["accession_number"], record["name_of_database"]) == (
        "10.1001/jama.2018.18743",
        "30644983",
        "PubMed",
    )
    assert {"MIST", "NCT00273364"} <= set(record["keywords"])
    records = rispy.loads(client.get("/study/mist.ris").text)
    assert [record["accession_number"] for record in records] == [
        "30644983",
        "EudraCT 2010-023560-40",
        "NCT00273364",
        "NCT03133403",
    ]
    assert client.get("/document/nygaard-2024.ris").text.count("TY  - JOUR") == 1
    assert client.get("/registry/nct.ris").status_code == 404


def test_the_query_behind_each_table_runs_as_it_is(client: FlaskClient) -> None:
    shown = page(client, BURT + ".html")
    behind = [link for link in shown.local_links() if link.startswith("/sparql?query=")]
    assert len(behind) == len(COLUMNS)
    for link in behind:
        answer = client.get(link, headers={"Accept": "application/sparql-results+json"})
        assert answer.get_json(force=True)["results"]["bindings"], link

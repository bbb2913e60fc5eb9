"""The pages of people, organisations and decisions, by hand from the documents; and of those of whom little is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from msevidence.ontology.iris import BASE
from msevidence.server.sections.decision import is_later
from tests.pages_site import client_of, page, publish_pages


@pytest.fixture(scope="module")
def real(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


def rows(client: FlaskClient, path: str, table: str) -> list[dict[str, str]]:
    response = client.get(f"/{path}.csv", query_string={"table": table})
    assert response.status_code == 200, response.text[:300]
    return list(csv.DictReader(io.StringIO(response.text)))


def test_interests_say_what_they_concern_and_what_the_document_speaks_of(real: FlaskClient) -> None:
    found = rows(real, "person/trygve-holmoy", "interests")
    assert len(found) == 9
    by_words = {row["words"]: row for row in found}
    involved = by_words["He is involved in the RAM-MS study"]
    assert involved["declared"] == "declared"
    assert involved["concerns_iri"] == involved["spoken_of_iri"] == BASE + "study/ram-ms"
    assert "interest-on-path" in involved["findings_iri"]
    steering = by_words["serves on the steering group for the ENSEMBLE study of ocrelizumab in multiple sclerosis."]
    assert steering["concerns_iri"] == BASE + "study/ensemble"
    assert steering["spoken_of"] == "none that the document describes"
    fees = by_words["he has received lecture fees from Merck, Biogen, Genzyme, Sanofi, Novartis and Roche"]
    assert fees["concerns"] == "Biogen; Genzyme; Merck; Novartis; Roche; Sanofi"
    told = [row for row in found if row["declared"] == "told in the text"]
    assert len(told) == 4


def test_roles_have_their_words_and_affiliations(real: FlaskClient) -> None:
    found = rows(real, "person/ingvild-kirkehei", "roles")
    assert len(found) == 3
    assert found[0]["affiliation_iri"] == BASE + "organisation/folkehelseinstituttet"
    assert "Ingvild Kirkehei (prosjektleder, bibliotekar, FHI)" in found[0]["words"]
    shown = page(real, "/person/ingvild-kirkehei.html")
    quoted = [
        a for a in shown.in_main("a", lang="nb") if "utførte et systematisk litteratursøk" in "".join(a.itertext())
    ]
    assert quoted[0].get("href").startswith("/passage/fhi-2021.")
    assert "The graph has none." in shown.section("about-interests")


def test_publications_with_the_own_works_that_they_cite(real: FlaskClient) -> None:
    (work,) = rows(real, "person/trygve-holmoy", "publications")
    assert work["publication_iri"] == BASE + "document/nygaard-2024"
    assert work["cites_own_iri"] == BASE + "publication/holmoy-2021"
    assert work["authors"] == "Holmøy T; Nygaard GO"


def test_what_a_person_told_the_authors(real: FlaskClient) -> None:
    (told,) = rows(real, "person/torstein-egeland", "communications")
    assert told["words"] == "(Torstein Egeland, personal communication, 1 November 2023)"
    assert told["date"] == "2023-11-01"


def test_an_organisation_by_what_leads_to_it(real: FlaskClient) -> None:
    sponsored = rows(real, "organisation/haukeland-university-hospital", "sponsored")
    assert {row["registration_iri"].rpartition("/")[2] for row in sponsored} == {"NCT03477500", "NCT04749667"}
    assert {row["study_iri"].rpartition("/")[2] for row in sponsored} == {"ram-ms", "smart-ms"}
    (commission,) = rows(real, "organisation/bestillerforum", "commissions")
    assert (commission["date"], commission["printed_date"]) == ("2021-05-31", "31. mai 2021")
    assert commission["to_iri"] == BASE + "organisation/fhi-omrade-for-helsetjenester"
    people = rows(real, "organisation/folkehelseinstituttet", "people")
    assert {row["person"] for row in people} == {"Elisabet Hafstad", "Ingvild Kirkehei", "Trygve Holmøy"}
    interests = rows(real, "organisation/roche", "interests")
    assert {(row["person"], row["interest"]) for row in interests} == {
        ("Trygve Holmøy", "lecture fees"),
        ("Trygve Holmøy", "trial participation"),
    }
    # "Novartis Pharma Services AG" is not the name of the organisation.
    assert real.get("/organisation/novartis.csv?table=sponsored").status_code == 404


def test_one_decision_as_two_documents_tell_it(real: FlaskClient) -> None:
    found = rows(real, "decision/fhi-2021.702916e7f3.1", "tellings")
    assert [row["telling_iri"].rpartition("/")[2] for row in found] == [
        "fhi-2021.702916e7f3.1",
        "nygaard-2024.937136bfb6.1",
    ]
    own, other = found
    assert (own["date"], own["printed_date"], other["date"]) == ("2016-03", "mars 2016", "")
    assert own["body_iri"] == other["body_iri"] == BASE + "organisation/beslutningsforum"
    assert own["based_on_iri"] == other["based_on_iri"] == BASE + "publication/kunnskapssenteret-2015"
    assert other["grounds"] == "A subsequent methods assessment"
    stated = rows(real, "decision/fhi-2021.702916e7f3.1", "stated")
    assert stated[1]["cited_iri"] == BASE + "publication/kunnskapssenteret-2015"
    shown = page(real, "/decision/fhi-2021.702916e7f3.1.html?lang=nb")
    assert "Samme beslutning er omtalt ulikt" in shown.section("findings")
    assert shown.in_main("a", lang="nb")


def test_later_decisions_by_the_dates_that_are_given(real: FlaskClient) -> None:
    later = rows(real, "decision/nygaard-2024.d99e682c6a.1", "later")
    assert [row["decision_iri"].rpartition("/")[2] for row in later] == ["fhi-2021.702916e7f3.1"]
    assert len(rows(real, "decision/nygaard-2024.d99e682c6a.1", "undated")) == 3
    facts = page(real, "/decision/nygaard-2024.d99e682c6a.1.html").section("facts")
    assert "Decided by Not reported" in facts


@pytest.mark.parametrize(
    ("date", "than", "expected"),
    [
        ("2017", "2016-03", True),
        ("2015-12", "2016-03", False),
        ("2016", "2016-03", None),
        ("2016-03", "2016-03", False),
        ("", "2016", None),
        ("2016", "", None),
    ],
)
def test_a_date_is_later_only_as_far_as_both_are_known(date: str, than: str, expected: bool | None) -> None:
    assert is_later(date, than) is expected


def test_a_person_of_whom_little_is_told_and_whose_address_is_not_shown(tmp_path: Path) -> None:
    store = ox.Store()
    store.update(
        f"""BASE <{BASE}> PREFIX mse: <{BASE}ontology#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        INSERT DATA {{ GRAPH <graph/document-one> {{
          <role/one.1> a mse:Role ; mse:person <person/b-author> ; mse:inDocument <document/one> ;
            mse:quotedText "</td><script>alert(1)</script>" ; foaf:mbox <mailto:b@example.org> .
        }} }}"""
    )
    publish_pages(tmp_path, more=list(store))
    with client_of(tmp_path) as client:
        shown = page(client, "/person/b-author.html")
        assert shown.strange_scripts() == []
        assert "Affiliations Not reported" in shown.section("facts")
        assert "The graph has none." in shown.section("about-interests")
        assert "b@example.org" not in shown.html
        assert rows(client, "person/b-author", "publications")[0]["publication_iri"] == BASE + "document/one"

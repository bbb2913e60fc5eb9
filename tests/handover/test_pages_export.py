"""The page of exports and its files: negotiation, what is chosen, names, refusals."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import rispy
from flask.testing import FlaskClient

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.pages_export import GROUPS
from tests.pages_site import client_of, page


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    """Return a client of the application over the real release."""
    with client_of(release_home) as made:
        yield made


def test_the_page_offers_every_format_for_what_is_chosen(client: FlaskClient) -> None:
    """Each under its name, with the choice in its address."""
    shown = page(client, "/export?study=mist&lang=nb")
    links = [link for link in shown.local_links() if link.startswith("/export/")]
    assert {link.split("/")[2].partition("?")[0] for link in links} == set(EXPORTS)
    assert {link for link in links if "study=mist" not in link} == {"/export/dcat?lang=nb", "/export/void?lang=nb"}
    assert "studier 1" in shown.text()
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(EXPORTS)


def test_accept_asks_for_a_registered_media_type(client: FlaskClient) -> None:
    """Of the whole at /export, and of a study at its own address, which leads there."""
    whole = client.get("/export", headers={"Accept": "application/vnd.citationstyles.csl+json"})
    assert (whole.status_code, len(whole.get_json())) == (200, 82)
    part = client.get("/study/mist", headers={"Accept": "application/vnd.citationstyles.csl+json"})
    assert (part.status_code, part.headers["Location"]) == (303, "../export/csl?study=mist")
    assert client.get("/study/mist?format=ris&lang=nb").headers["Location"] == "../export/ris?study=mist&lang=nb"
    assert client.get("/study/mist?format=turtle").headers["Location"] == "mist.ttl"
    for name in ("none", "dcat", "void"):  # of the whole release: not to be had of a study
        assert client.get(f"/study/mist?format={name}").status_code == 406
    assert client.get("/export", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("asked", "name"), [("RIS", "ris"), ("ttl", "turtle"), ("application/fhir+json", "fhir"), ("csl.json", "csl")]
)
def test_a_format_may_be_named_as_elsewhere(client: FlaskClient, asked: str, name: str) -> None:
    """In any case, by its suffix, or by its registered media type."""
    found = client.get("/export", query_string={"format": asked, "study": "mist"})
    assert (found.status_code, found.data) == (200, client.get(f"/export/{name}?study=mist").data)
    assert {client.get(f"/export?format={name}").mimetype for name in ("text%2Fhtml", "HTML")} == {"text/html"}
    assert client.get("/study/mist?format=RIS").headers["Location"] == "../export/ris?study=mist"


def test_a_file_has_a_name_and_an_entity_tag(client: FlaskClient) -> None:
    """The same from the cache, and nothing where the client has it."""
    iri = "https%3A%2F%2Fw3id.org%2Fmsevidence%2Fstudy%2Fmist"
    for asked in ("study=mist", f"study={iri}", f"study={iri}&query=harms&document=nygaard-2024&lang=nb"):
        first, second = (client.get(f"/export/ris?{asked}") for _ in range(2))
        assert first.headers["Content-Disposition"] == second.headers["Content-Disposition"]
    assert second.headers["Content-Disposition"].endswith('-nygaard-2024-mist-query.ris"')
    first, second = (client.get("/export/ris?study=mist") for _ in range(2))
    assert first.headers["Content-Disposition"].endswith('-mist.ris"')
    assert first.data == second.data and len(rispy.loads(first.text)) == 4
    again = client.get("/export/ris?study=mist", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_stored_question_chooses(client: FlaskClient) -> None:
    """All that its answer names, with what belongs to it."""
    of_question = rispy.loads(client.get("/export/ris?query=harms").text)
    assert 0 < len(of_question) < 82


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/export/word", 404, "trig, nquads"),
        ("/export?format=word", 404, "trig, nquads"),
        ("/export/ris?study=mst", 404, "mist"),
        ("/export?study=mst", 404, "mist"),
        ("/export/ris?status=ongong", 404, "ongoing"),
        ("/export/ris?studies=mist", 400, "study, document"),
        ("/export/gexf?graph=x", 400, "citation, identity"),
        ("/export/turtle?along=nope", 400, "left out"),
        ("/export/void?study=mist", 400, "whole release"),
        ("/export/ris?query=SELECT", 404, "msevidence export"),
        ("/export/ris?format=bibtex", 400, "study, document"),
        ("/export/ris?study=MIST", 404, "do you mean mist"),
        ("/export/ris?study=mst&lang=nb", 404, "ingen studie med navnet 'mst'; mener du mist?"),
        ("/export?document=fhi&lang=nb", 404, "ikke noe dokument med navnet 'fhi'"),
        ("/export/ris?status=ongong&lang=nb", 404, "disse finnes: active-not-recruiting"),
        ("/export/ris?study=mist&status=planned&lang=nb", 404, "ingen av de valgte studiene har statusen planned"),
        ("/export/void?study=mist&lang=nb", 400, "beskriver hele utgivelsen"),
        ("/export/ris?query=SELECT&lang=nb", 404, "intet lagret spørsmål"),
        ("/export/docx?document=nygaard-2024&lang=nb", 400, "Ingen av dokumentene"),
        ("/export/docx?document=nygaard-2024&lang=en", 400, "No document of this export"),
    ],
)
def test_what_can_not_be_had_is_refused_with_what_there_is(
    client: FlaskClient, address: str, status: int, said: str
) -> None:
    """Never with a server's fault."""
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.get_json()["detail"]


def test_a_status_brings_no_other_studies_than_parts(client: FlaskClient) -> None:
    """One site of a trial that was terminated does not bring the trial's other sites: the trial itself, by name."""
    few, whole = (
        rispy.loads(client.get(f"/export/ris?{asked}").text) for asked in ("status=terminated", "study=mesems")
    )
    numbers = {str(one.get("accession_number")) for one in few}
    assert 0 < len(few) < len(whole)
    assert not numbers >= {str(one.get("accession_number")) for one in whole}


def test_the_address_that_an_export_gives_is_a_page(client: FlaskClient) -> None:
    """With the files of that release; a browser is led from the description of the data to a page, too."""
    release = str(client.get("/releases/").get_json()["current"])
    shown = page(client, f"/releases/{release}/")
    assert f"/releases/{release}/SHA256SUMS" in shown.local_links()
    assert [one["id"] for one in client.get(f"/releases/{release}/").get_json()["releases"]] == [release]
    assert client.get("/releases/none/").status_code == 404
    assert client.get("/dataset", headers={"Accept": "text/html"}).headers["Location"] == "graphs"


def test_two_networks_have_two_names(client: FlaskClient) -> None:
    """Neither overwrites the other."""
    names = {
        client.get(f"/export/gexf?study=mist&graph={g}").headers["Content-Disposition"]
        for g in ("citation", "identity")
    }
    assert len(names) == 2

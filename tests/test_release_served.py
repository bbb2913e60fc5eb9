"""Releases at their addresses: one that is damaged is a fault of the server, one that is not there is none."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.pages_site import HTML, client_of, publish_pages
from tests.release_helper import BUILT, publish_small, small_graph


def test_a_damaged_older_release_is_a_fault_of_the_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever cites it must not hear that it never was; the others are served all the same."""
    old = publish_small(tmp_path, small_graph("one"))
    new = publish_small(tmp_path, small_graph("two"), built=BUILT + timedelta(days=1))
    manifest = old.path / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"0.1.0"', b'"0.1.1"'))
    with client_of(tmp_path) as client:
        for address in (f"/releases/{old.id}/", f"/releases/{old.id}/data.nq", f"/releases/{old.id}/manifest.json"):
            answer = client.get(address)
            assert (answer.status_code, answer.get_json()["type"].rpartition("/")[2]) == (500, "damaged-store"), address
        assert f"{manifest}: not as it was written" in caplog.text
        assert [one["id"] for one in client.get("/releases/").get_json()["releases"]] == [new.id]
        assert client.get(f"/releases/{new.id}/data.nq").status_code == 200
        manifest.unlink()
        assert client.get(f"/releases/{old.id}/").status_code == 404


@pytest.mark.parametrize(("language", "said"), [("en", "There is no release"), ("nb", "Det finnes ingen utgivelse")])
@pytest.mark.parametrize("name", ["0" * 64, "none", ".new", "current"])
def test_a_release_that_is_not_there_is_told_in_the_language_of_the_reader(
    tmp_path: Path, name: str, language: str, said: str
) -> None:
    publish_small(tmp_path)
    with client_of(tmp_path) as client:
        for address in (f"/releases/{name}/", f"/releases/{name}/data.nq"):
            answer = client.get(address, headers={"Accept-Language": language})
            assert (answer.status_code, answer.get_json()["detail"].partition(said)[0]) == (404, ""), address


@pytest.mark.parametrize("length", [4, 12, 63])
def test_a_release_is_found_by_the_beginning_of_its_id(tmp_path: Path, length: int) -> None:
    """Every page names it by twelve characters."""
    release = publish_pages(tmp_path)
    some = release[:length]
    with client_of(tmp_path) as client:
        for asked, led in (
            (f"/releases/{some}/", f"/releases/{release}/"),
            (f"/releases/{some}/?lang=nb", f"/releases/{release}/?lang=nb"),
            (f"/releases/{some}", f"/releases/{release}/"),
            (f"/releases/{some}/manifest.json", f"/releases/{release}/manifest.json"),
            (f"/release/{some}", f"/release/{release}"),
            (f"/release/{some}.html?lang=nb", f"/release/{release}.html?lang=nb"),
        ):
            answer = client.get(asked, headers=HTML)
            assert answer.status_code == 303, asked
            assert urljoin(f"http://here{asked}", answer.headers["Location"]) == f"http://here{led}", asked
            if "/releases/" in led:  # this small graph says nothing of its own release
                assert client.get(led, headers=HTML).status_code == 200, led


@pytest.mark.parametrize(("language", "said"), [("en", "write more of the id"), ("nb", "skriv mer av id-en")])
def test_too_little_of_an_id_is_told(tmp_path: Path, language: str, said: str) -> None:
    release = publish_pages(tmp_path)
    (tmp_path / "releases" / f"{release[:20]}{'0' * 44}").mkdir()
    with client_of(tmp_path) as client:
        for some in (release[:3], release[:20]):
            for address in (f"/releases/{some}/", f"/releases/{some}/data.nq", f"/release/{some}"):
                answer = client.get(address, headers={"Accept-Language": language})
                assert (answer.status_code, said in answer.get_json()["detail"]) == (404, True), address
        assert client.get(f"/releases/{release}/").status_code == 200


@pytest.mark.parametrize("address", ["/releases/", "/releases/{release}/", "/dataset"])
def test_a_format_that_is_not_offered_is_refused_with_those_that_are(tmp_path: Path, address: str) -> None:
    """As on every other page; the first known of several is taken, for clients that send a list."""
    address = address.format(release=publish_small(tmp_path).id)
    known = "turtle" if address == "/dataset" else "json"
    with client_of(tmp_path) as client:
        usual = client.get(address)
        for asked in ("format=docx", "format=docx&format=xlsx"):
            refused = client.get(f"{address}?{asked}")
            assert refused.status_code == 406
            assert usual.mimetype in refused.get_json()["offered"]
        assert "tilbys ikke" in client.get(f"{address}?format=docx", headers={"Accept-Language": "nb"}).text
        for asked in ("", "format=", f"format={known}", f"format=docx&format={known.upper()}"):
            assert client.get(f"{address}?{asked}").data == usual.data, asked

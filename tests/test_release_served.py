"""Releases at their addresses: one that is damaged is a fault of the server, one that is not there is none."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.pages_site import client_of
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

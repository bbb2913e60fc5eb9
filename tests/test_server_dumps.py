"""The files of a release and what describes them, over HTTP against the real server."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from werkzeug.test import create_environ, run_wsgi_app

from msevidence.ontology.iris import BASE
from msevidence.server import releases
from msevidence.server.exports import dcat, void
from msevidence.server.formats import RDF_FORMATS, Format
from msevidence.server.local_lane import LocalLane
from msevidence.server.pool import Question, Worker
from tests.pages_site import HTML, Page, client_of, page, publish_pages
from tests.server_http import send

DCAT = "http://www.w3.org/ns/dcat#"
SD = "http://www.w3.org/ns/sparql-service-description#"
SPDX = "http://spdx.org/rdf/terms#"


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """Run the command ``msevidence serve`` in a folder, as ``make serve`` does; give its address."""
    code = "from msevidence.server.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--host", "127.0.0.1", "--port", "0", *arguments]
    given = {**os.environ, **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=given) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


@pytest.mark.parametrize(
    ("name", "arguments", "environment"),
    [
        ("build", [], {}),
        ("kept", ["--home", "kept"], {}),
        ("kept", ["--home", "./sub/../kept"], {}),
        ("kept", [], {"MSEVIDENCE_HOME": "kept"}),
    ],
)
def test_dumps_of_a_relative_home_are_found_at_every_address_that_names_them(
    tmp_path: Path, name: str, arguments: list[str], environment: dict[str, str]
) -> None:
    (tmp_path / "sub").mkdir()
    release = publish_pages(tmp_path / name)
    with serving(tmp_path, *arguments, **environment) as url:
        graph = Graph().parse(data=send(url, "/dataset", Accept="text/turtle").body, format="turtle")
        offered = {str(o) for o in graph.objects(None, URIRef(DCAT + "downloadURL"))}
        described = {address for address in offered if "/export/" not in address}  # made when they are asked for
        page = Page(send(url, "/", Accept=HTML["Accept"]).body.decode()).structured()
        addresses = described | {page["distribution"]["contentUrl"]}
        # The base of the data is not the server's address: what is named by it answers at the same path here.
        paths = {urlsplit(address).path.removeprefix("/msevidence") for address in addresses}
        manifest = json.loads(send(url, f"/releases/{release}/manifest.json").body)
        assert paths == {f"/releases/{release}/{file}" for file in manifest["files"]}
        for path in sorted(paths):
            file = send(url, path)
            assert file.status == 200, path
            stated = manifest["files"][path.removeprefix(f"/releases/{release}/")]
            assert hashlib.sha256(file.body).hexdigest() == stated["sha256"], path


# --------------------------------------------------------------------------- over the application, without a socket


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with two releases, the later one current."""
    folder = tmp_path_factory.mktemp("dumps")
    publish_pages(folder, "https://data.example/")
    publish_pages(folder)
    return folder


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[FlaskClient]:
    with client_of(home) as client:
        yield client


def test_a_dump_in_gzip_is_the_same_file_under_another_tag(client: FlaskClient, home: Path) -> None:
    path = f"/releases/{releases.current(home).id}/data.nq"
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) // 4
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Repr-Digest" in plain.headers and "Repr-Digest" not in packed.headers  # it is the hash of what is sent
    for answer in (plain, packed):
        assert answer.headers["Vary"] == "Accept-Encoding" and answer.headers["Last-Modified"]
        assert answer.headers["Content-Type"] == "application/n-quads"
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(path, headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.data, head.headers["Content-Encoding"]) == (200, b"", "gzip")
    part = client.get(path, headers={"Accept-Encoding": "gzip", "Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, plain.data[10:20])


def test_parts_of_a_file_are_as_the_standard_has_them(client: FlaskClient, home: Path) -> None:
    path = f"/releases/{releases.current(home).id}/data.nq"
    plain = client.get(path)
    size = len(plain.data)
    for asked, found in {
        "bytes=5-": plain.data[5:],
        "bytes=-7": plain.data[-7:],
        "bytes=0-0": plain.data[:1],
        "BYTES=3-4": plain.data[3:5],
        f"bytes=-{size + 9}": plain.data,
        f"bytes=0-{size + 9}": plain.data,
    }.items():
        part = client.get(path, headers={"Range": asked})
        assert (part.status_code, part.data) == (206, found), asked
        assert part.headers["Content-Range"].endswith(f"/{size}")
    for ignored in ("lines=1-2", "bytes=0-0,5-6", "bytes=abc", "bytes=9-5", "bytes=-", "bytes"):
        answer = client.get(path, headers={"Range": ignored})
        assert (answer.status_code, answer.data) == (200, plain.data), ignored
    for behind in (f"bytes={size}-", "bytes=-0", f"bytes={size + 5}-{size + 9}"):
        answer = client.get(path, headers={"Range": behind})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}"), behind
        assert answer.content_type == "application/problem+json"
    assert client.head(path, headers={"Range": "bytes=0-1"}).status_code == 200
    of_weak = {"Range": "bytes=0-1", "If-Range": f"W/{plain.headers['ETag']}"}
    assert client.get(path, headers=of_weak).status_code == 200
    assert client.get(path, headers=of_weak | {"If-Range": plain.headers["ETag"]}).status_code == 206
    for coding in ("", "gzip"):
        refused = client.get(path, headers={"If-Match": '"x"', "Accept-Encoding": coding})
        assert (refused.status_code, refused.content_type) == (412, "application/problem+json")
        assert refused.headers["Cache-Control"] == "no-store" and len(refused.data) < 1000


def test_each_file_is_described_once_with_type_size_and_hash(client: FlaskClient, home: Path) -> None:
    release = releases.current(home)
    graph = Graph().parse(data=client.get("/dataset.nt").data, format="nt")
    data = {s for s, o in graph.subject_objects(URIRef(DCAT + "downloadURL")) if str(o).endswith("/data.nq")}
    assert data == {URIRef(f"{BASE}distribution/{release.id}.data")}
    (described,) = set(graph.subjects(DCTERMS.identifier, Literal(release.id)))
    distributions = set(graph.objects(described, URIRef(DCAT + "distribution")))
    assert len(distributions) == len(release.files)
    for distribution in distributions:
        (local,) = [
            urlsplit(str(o)).path
            for o in graph.objects(distribution, URIRef(DCAT + "downloadURL"))
            if str(o).startswith("http://localhost/")
        ]
        sent = client.get(local)
        (checksum,) = graph.objects(distribution, URIRef(SPDX + "checksum"))
        assert str(graph.value(checksum, URIRef(SPDX + "checksumValue"))) == hashlib.sha256(sent.data).hexdigest()
        (size,) = graph.objects(distribution, URIRef(DCAT + "byteSize"))
        assert int(str(size)) == len(sent.data)
        (media_type,) = graph.objects(distribution, URIRef(DCAT + "mediaType"))
        assert str(media_type) == "https://www.iana.org/assignments/media-types/" + sent.mimetype


@pytest.mark.parametrize("format", RDF_FORMATS.values(), ids=lambda format: format.suffix)
def test_the_dataset_as_a_file(client: FlaskClient, format: Format[Any]) -> None:
    answer = client.get(f"/dataset.{format.suffix}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (200, format.media_type)
    assert answer.data == client.get("/dataset", headers={"Accept": format.media_type}).data
    assert answer.data == client.get(f"/dataset?format=docx&format={format.name}").data


def test_a_browser_is_led_to_the_graphs_in_the_language_that_it_asked_for(client: FlaskClient) -> None:
    for asked, kept in (("?lang=nb", "?lang=nb"), ("", ""), ("?lang=xx", "")):
        answer = client.get(f"/dataset{asked}", headers=HTML)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"graphs{kept}")
    assert page(client, "/graphs?lang=nb").root.get("lang") == "nb"


def test_the_list_of_releases_has_addresses(client: FlaskClient, home: Path) -> None:
    for path in ("/releases", "/releases/"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
        listed = answer.get_json()
        assert listed["current"] == releases.current(home).id
        assert [release["current"] for release in listed["releases"]].count(True) == 1
        assert len(listed["releases"]) == 2
        for release in listed["releases"]:
            assert client.get(release["manifest"]).get_json()["release"] == release["id"]
            assert {file["name"] for file in release["files"]} >= {"data.nq", "validation.ttl"}
            for file in release["files"]:
                sent = client.get(file["url"])
                assert (len(sent.data), hashlib.sha256(sent.data).hexdigest()) == (file["bytes"], file["sha256"])
                assert sent.mimetype == file["mediaType"]
    assert client.get("/releases/", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/releases/", headers={"Accept": "text/turtle"}).status_code == 406


@pytest.mark.parametrize(("language", "word"), [("en", "the one that is served"), ("nb", "den som vises nå")])
def test_the_list_of_releases_is_a_page_for_people(client: FlaskClient, home: Path, language: str, word: str) -> None:
    for path in ("/releases", "/releases/"):
        shown = page(client, path, **{"Accept-Language": language})
        assert shown.root.get("lang") == language and word in shown.text()
        current = releases.current(home)
        assert current.files["data.nq"]["sha256"] in shown.text()
        links = [link for link in shown.local_links() if link.endswith("/data.nq")]
        assert len(links) == 2 and f"/releases/{current.id}/data.nq" in links
        assert all(client.get(link).status_code == 200 for link in links)
        assert f"/releases/{current.id}/manifest.json" in shown.local_links()
        assert len(shown.all("time")) >= 2
    assert client.get("/releases/?format=json", headers=HTML).mimetype == "application/json"


def test_robots_are_led_to_the_sitemap(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    (sitemap,) = [line.removeprefix("Sitemap: ") for line in answer.text.splitlines() if line.startswith("Sitemap: ")]
    assert client.get(sitemap).mimetype == "application/xml"
    assert answer.text.startswith("User-agent: *\nDisallow: /sparql?\n")


def test_the_service_description_names_the_formats_as_the_w3c_does(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).data, format="turtle")
    named = {str(o) for o in graph.objects(None, URIRef(SD + "resultFormat"))}
    names = ["SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"]
    names += ["Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads"]
    assert named == {f"http://www.w3.org/ns/formats/{name}" for name in names}


def test_options_of_the_graph_store_are_what_it_answers(client: FlaskClient) -> None:
    answer = client.options("/graph")
    assert (answer.status_code, answer.headers["Allow"]) == (200, "GET, HEAD, OPTIONS")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.head("/graph?default").status_code == 200
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        refused = client.open("/graph?default", method=method)
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("host", ["a b", "a/b", "a?b", "<a>", "[::1", "a:b:c", "a@b", "é", "a" * 300])
def test_a_host_that_is_none_is_refused(client: FlaskClient, host: str) -> None:
    for path in ("/dataset", "/sparql", "/", "/health"):
        answer = client.get(path, headers={"Host": host})
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80", "data_1.example.", "a:"])
def test_a_host_with_or_without_a_port_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/dataset", headers={"Host": host}).status_code == 200


def test_the_worker_is_asked_once_whatever_the_host_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = Worker.ask

    def counted(self: Worker, question: Question, *, deadline: float, cap: int) -> bytes:
        asked.append(question.query)
        return ask(self, question, deadline=deadline, cap=cap)

    publish_pages(tmp_path)
    release = releases.current(tmp_path)
    lane = LocalLane(release, ox.Store.read_only(str(release.store)))
    monkeypatch.setattr(Worker, "ask", counted)
    with client_of(tmp_path) as client:
        for suffix, host in (("nt", "one.example"), ("nt", "two.example:8000"), ("ttl", "two.example:8000")):
            answer = client.get(f"/dataset.{suffix}", headers={"Host": host})
            site = f"http://{host}/"
            expected = {*dcat.catalogue(lane, site, [release]), *void.dataset(lane, site)}
            assert {quad.triple for quad in ox.parse(answer.data, ox.RdfFormat.from_extension(suffix))} == expected
            assert f'publisher of msevidence at {site}"'.encode() in answer.data.lower()
    assert len(asked) == len(set(asked)) > 3, "each question once"


def test_a_request_of_http_1_1_without_a_host_is_refused(client: FlaskClient) -> None:
    for protocol, status in (("HTTP/1.1", 400), ("HTTP/1.0", 200)):
        environ = create_environ("/health")
        del environ["HTTP_HOST"]
        environ["SERVER_PROTOCOL"] = protocol
        _, sent, _ = run_wsgi_app(client.application, environ, buffered=True)
        assert sent.startswith(str(status))

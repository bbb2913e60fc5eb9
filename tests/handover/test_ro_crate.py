"""The crate: held against RO-Crate 1.2 by roc-validator, its hashes by sha256sum, its parts against their exports."""

import hashlib
import json
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyoxigraph as ox
import pytest
from lxml import html

from msevidence.server.exports.archive import write_folder, zipped
from msevidence.server.exports.handover import Files
from msevidence.server.local_lane import LocalLane
from tests.handover.conftest import Export

CONTEXT = "https://w3id.org/ro/crate/1.2/context"
NOT_KNOWN = {
    "ro-crate-1.2_89.0",  # a publisher's number in ROR
    "ro-crate-1.2_90.1",  # its contact point
    "ro-crate-1.2_93.0",  # the same, of any author or publisher
}
"""What RO-Crate recommends and the graph does not have."""


@pytest.fixture(scope="module")
def crate(export: Export) -> Files:
    """Return the crate of the whole release."""
    return export("ro-crate")


@pytest.fixture(scope="module")
def entities(crate: Files) -> dict[str, Any]:
    """Return the entities of its metadata by identifier."""
    metadata = json.loads(crate["ro-crate-metadata.json"])
    assert metadata["@context"] == CONTEXT
    return {entity["@id"]: entity for entity in metadata["@graph"]}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory, shared_dir: Path) -> Path:
    """Return a cache of roc-validator's HTTP client that has the context, so that it asks nobody."""
    from requests import Request, Response
    from requests_cache import CachedResponse, CachedSession
    from urllib3 import HTTPResponse

    content = (shared_dir / "conformance" / "schemas" / "ro-crate" / "context-1.2.jsonld").read_bytes()
    path = tmp_path_factory.mktemp("roc") / "http"
    response = Response()
    response.status_code, response.url = 200, CONTEXT
    response.headers["Content-Type"] = "application/ld+json"
    response.request = Request("GET", CONTEXT).prepare()
    response.raw = HTTPResponse(
        BytesIO(content), headers=dict(response.headers), status=200, preload_content=False, request_url=CONTEXT
    )
    with CachedSession(str(path), backend="sqlite", expire_after=-1) as session:
        session.cache.save_response(CachedResponse.from_response(response))
        assert session.cache.contains(url=CONTEXT)
    return path


@pytest.mark.shared
def test_roc_validator_misses_only_what_is_not_known(crate: Files, tmp_path: Path, cache: Path) -> None:
    """Profile RO-Crate 1.2, offline, what is required and what is recommended: one run, for it takes 15 seconds."""
    from rocrate_validator import models, services

    write_folder(tmp_path / "crate", crate)
    settings = models.ValidationSettings(
        rocrate_uri=str(tmp_path / "crate"),
        profile_identifier="ro-crate-1.2",
        requirement_severity="RECOMMENDED",
        offline=True,
        cache_path=cache,
    )
    issues = services.validate(settings).get_issues()
    assert {issue.check.identifier for issue in issues} == NOT_KNOWN


def test_a_zip_of_one_study_is_whole(export: Export) -> None:
    with ZipFile(BytesIO(zipped(export("ro-crate", studies=["mist"], language="nb")))) as archive:
        metadata = json.loads(archive.read("ro-crate-metadata.json"))
        (root,) = [entity for entity in metadata["@graph"] if entity["@id"] == "./"]
        assert root["name"].startswith("MIST, en del av utgave ")
        assert "en del av en utgave" in root["description"]
        readme = archive.read("data/README.en.md").decode()
        assert readme.startswith("# MIST, a part of release ")
        assert {part["@id"] for part in root["hasPart"]} < set(archive.namelist())
        assert not any(name.startswith("description/") for name in archive.namelist()), "they are of the whole"
        claims = next(archive.read(name) for name in archive.namelist() if name.endswith("/claims.csv"))
        assert claims.count(b"\n") > 0


def test_hashes_are_read_by_sha256sum_and_are_those_of_the_metadata(
    crate: Files, entities: dict[str, Any], tmp_path: Path
) -> None:
    write_folder(tmp_path / "crate", crate)
    said = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "crate", capture_output=True
    )
    assert said.returncode == 0, said.stderr
    named = {line.removesuffix(b": OK").decode() for line in said.stdout.splitlines()}
    assert named == set(crate) - {"SHA256SUMS"}
    files = {part["@id"] for part in entities["./"]["hasPart"]}
    assert files == set(crate) - {"ro-crate-metadata.json", "ro-crate-preview.html"}
    for name in files:
        assert entities[name]["contentSize"] == str(len(crate[name]))
        if name != "SHA256SUMS":
            assert entities[name]["sha256"] == hashlib.sha256(crate[name]).hexdigest()


def test_what_the_issue_asks_for_is_there(crate: Files) -> None:
    folders = {name.partition("/")[0] for name in crate if "/" in name}
    assert folders == {
        *("data", "tables", "report-tables", "references", "identity", "description", "release"),
    }
    assert {"data/validation.ttl", "release/manifest.json", "tables/csv-metadata.json"} <= set(crate)
    assert sum(name.startswith("data/shapes/") for name in crate) == 9


def test_data_is_the_export_of_statements(crate: Files, export: Export) -> None:
    (name,) = (name for name in crate if name.startswith("data/") and name.endswith(".nq"))
    assert crate[name] == next(iter(export("nquads").values()))
    assert next(iter(ox.parse(crate[name], ox.RdfFormat.N_QUADS))) is not None


def test_sources_are_named_with_their_hashes_and_not_included(
    crate: Files, entities: dict[str, Any], lane: LocalLane
) -> None:
    manifest = json.loads((lane.release.path / "manifest.json").read_text(encoding="utf-8"))
    stated = {source["sha256"] for source in manifest["sources"]}
    build = entities["#build"]
    named = {entities[source["@id"]]["sha256"] for source in build["object"]}
    assert named == stated
    assert named.isdisjoint(hashlib.sha256(content).hexdigest() for content in crate.values())
    assert build["endTime"] == lane.release.built
    assert entities[build["instrument"]["@id"]]["version"] == lane.release.version
    assert build["result"]["@id"].endswith(".nq")


def test_rights_of_sources_are_stated_and_nobody_is_named_as_author(entities: dict[str, Any]) -> None:
    root = entities["./"]
    said = entities[root["license"]["@id"]]["description"]
    assert "No licence is printed" in said and "Copyright: © Tidsskriftet" in said and "Apache-2.0" in said
    notices = {entities[document["@id"]].get("copyrightNotice", "") for document in root["isBasedOn"]}
    assert any(notice.startswith("No licence is printed") for notice in notices)
    assert not any({"author", "creator", "contactPoint"} & entity.keys() for entity in entities.values())


def test_the_preview_shows_every_file_without_script(crate: Files) -> None:
    page = html.fromstring(crate["ro-crate-preview.html"].decode())
    assert not page.xpath("//script|//link|//img|//style")
    links = {link.get("href") for link in page.xpath("//a")}
    assert links == set(crate) - {"ro-crate-metadata.json", "ro-crate-preview.html"}


def test_each_file_is_told_of_in_words_of_its_own(crate: Files, entities: dict[str, Any]) -> None:
    files = [entities[part["@id"]] for part in entities["./"]["hasPart"]]
    assert len({file["description"] for file in files}) == len(files)
    said = entities["tables/claims.csv"]["description"], entities["data/shapes/claims.ttl"]["description"]
    assert "Table “Claims”" in said[0] and "Shapes (SHACL)" in said[1]
    manifest = entities["release/manifest.json"]["description"]
    assert "of the files here only of the shapes and the validation report" in manifest
    assert "https://kg.example/releases/" in manifest
    stated = {file["sha256"] for file in json.loads(crate["release/manifest.json"])["files"].values()}
    shared = {name for name, content in crate.items() if hashlib.sha256(content).hexdigest() in stated}
    assert shared == {name for name in crate if name.startswith("data/shapes/")} | {"data/validation.ttl"}


def test_hostile_words_stay_text(entities: dict[str, Any]) -> None:
    from msevidence.server.exports.ro_crate_preview import preview

    changed = {**entities, "./": {**entities["./"], "name": '<script>alert("1")</script>'}}
    shown = preview({"@graph": list(changed.values())}, "en")
    assert "<script" not in shown and "&lt;script&gt;" in shown


def test_the_same_choice_gives_the_same_bytes(export: Export) -> None:
    assert export("ro-crate", studies=["mist"]) == export("ro-crate", studies=["mist"])

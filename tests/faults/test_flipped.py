"""A byte that turns in any file of a release: ``verify`` names the file, and no server gives a wrong answer of it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from msevidence.loaders.release_home import Home, switch
from msevidence.loaders.release_verify import verify
from msevidence.server import releases
from msevidence.server.releases import DamagedStoreError, NoReleaseError
from tests.faults.sizes import size
from tests.faults.switching import WORDS, Asked, Client, Heard, published, requests
from tests.release_helper import publish_small
from tests.server_fixtures import quick, running
from tests.server_http import ask, send
from tests.test_release_signature import as_before

SETTINGS = quick(deadline=60.0, page_deadline=60.0, cache_bytes=0)
HASHES = {"store.sha256", "index.sha256", "SHA256SUMS"}


def files_of(release: Path) -> list[Path]:
    """Return the files of a release."""
    return sorted(path for path in release.rglob("*") if path.is_file())


@contextmanager
def flipped(file: Path, chance: random.Random, times: int = 1) -> Iterator[list[int]]:
    """Turn bits of a file where it lies, as a disk does, and turn them back; an empty file gets a byte."""
    whole = file.read_bytes()
    places = sorted(chance.sample(range(len(whole)), min(times, len(whole)))) or [0]
    bad = bytearray(whole or b"\0")
    for place in places if whole else ():
        bad[place] ^= 1 << chance.randrange(8)
    _write(file, bytes(bad))
    try:
        yield places
    finally:
        _write(file, whole)


def _write(file: Path, content: bytes) -> None:
    """Write as a disk turns a byte: the file keeps its place and its date."""
    held = file.stat()
    with file.open("r+b") as out:
        out.write(content)
        out.truncate()
    os.utime(file, ns=(held.st_atime_ns, held.st_mtime_ns))


def test_a_byte_that_turns_in_any_file_is_found_and_its_file_named(tmp_path: Path) -> None:
    release = publish_small(tmp_path).path
    chance = random.Random(3)
    seen = set()
    for file in files_of(release):
        name = file.relative_to(release).as_posix()
        seen.add(name.partition("/")[0])
        for _ in range(size(3 if "/" not in name else 1, 60)):
            with flipped(file, chance) as places:
                faults = verify(tmp_path)
                said = "\n".join(faults)
                assert faults, (name, places)
                if name in HASHES:
                    named = {line.partition("  ")[2] for line in file.read_text(errors="replace").splitlines()}
                    assert name in said or any(one and one in said for one in named), (name, places, faults)
                else:
                    assert name in said, (name, places, faults)
                if name == "data.nq":
                    assert "graph " in said or "record " in said or "id " in said, (places, faults)
    assert seen == {
        *("data.nq", "index.sha256", "index.sqlite", "manifest.json", "ontology", "SHA256SUMS", "store"),
        *("store.sha256", "validation.ttl"),
    }
    assert verify(tmp_path) == []


@pytest.mark.parametrize("part", ["store", "index.sqlite", "files"])
def test_no_answer_is_wrong_while_bytes_turn_under_a_server(tmp_path: Path, part: str) -> None:
    """What is answered is what was answered before, or that the release is damaged."""
    release = published(tmp_path, WORDS[0])
    wanted = [asked for asked in requests([release.id]) if asked.method == "GET"]
    wanted.append(Asked("files", f"/releases/{release.id}/data.nq", headers=(("Accept-Encoding", "gzip"),)))
    chance = random.Random(4)
    files = {
        "store": [p for p in files_of(release.path / "store") if p.stat().st_size],
        "index.sqlite": [release.path / "index.sqlite"] * size(4, 100),
        "files": [release.path / n for n in ("data.nq", "manifest.json", "validation.ttl", "ontology/core.ttl")],
    }[part]
    wrong, right, refused = [], 0, 0
    with running(tmp_path, SETTINGS) as url:
        client = Client(url)
        before = {asked: client.ask(asked) for asked in wanted}
        for file in files:
            with flipped(file, chance, times=max(1, file.stat().st_size // 4096)):
                for asked in chance.sample(wanted, size(12, len(wanted))):
                    heard = _asked(url, asked)
                    if heard == before[asked]:
                        right += 1
                    elif heard.status in (500, 503) and (b"damaged" in heard.body or b"skadet" in heard.body):
                        refused += 1
                    else:
                        wrong.append(f"{file.name}: {asked.path}: {heard.status} {heard.body[:200]!r}")
    assert wrong == []
    assert right + refused == len(files) * size(12, len(wanted))


def _asked(url: str, asked: Asked) -> Heard:
    client = Client(url)
    try:
        return client.ask(asked)
    finally:
        client.close()


def still_manifests(release: Path) -> list[bytes]:
    """Return the manifest of a release with one bit turned, in every way that leaves all that is read of it in place.

    A digit of a count, a letter of the version: nothing in the file itself tells.
    """
    whole = (release / "manifest.json").read_bytes()
    found = []
    for place in range(len(whole)):
        for bit in range(8):
            bad = bytearray(whole)
            bad[place] ^= 1 << bit
            try:
                said = json.loads(bytes(bad))
                int(said["quads"]), int(said["default_graph_triples"]), said["version"], said["built"], said["base"]
                dict(said["graphs"]), dict(said["files"]), said["release"]
            except (KeyError, TypeError, ValueError):
                continue
            found.append(bytes(bad))
    return found


def read_anew(home: Path, release: str) -> releases.Release:
    """Read a release by its id as a server does that has not read it before."""
    releases._read.cache_clear()
    return releases.named(home, release)


def test_a_manifest_that_reads_and_is_not_as_written_is_not_taken(tmp_path: Path) -> None:
    release = publish_small(tmp_path)
    file, whole = release.path / "manifest.json", (release.path / "manifest.json").read_bytes()
    quiet = still_manifests(release.path)
    assert len(quiet) > 2000
    for bad in random.Random(5).sample(quiet, size(60, len(quiet))):
        _write(file, bad)
        with pytest.raises(NoReleaseError, match=r"manifest\.json: not as it was written: SHA256SUMS"):
            read_anew(tmp_path, release.id)
        assert releases.all_releases(tmp_path) == []
        with pytest.raises(DamagedStoreError, match=r"manifest\.json: not as it was written: SHA256SUMS"):
            releases.check_store(releases.current(tmp_path))
    _write(file, whole)
    releases.check_store(releases.current(tmp_path))
    assert read_anew(tmp_path, release.id).quads == release.manifest.quads


def test_what_holds_the_manifest_is_held_itself(tmp_path: Path) -> None:
    """A turned byte in the line of the manifest, or no list at all, is no reason to take the manifest as it is."""
    release = publish_small(tmp_path)
    sums, chance = release.path / "SHA256SUMS", random.Random(6)
    whole = sums.read_bytes()
    end = whole.index(b"manifest.json") + len(b"manifest.json")
    start = whole.rfind(b"\n", 0, end) + 1
    for place in chance.sample(range(start, end), size(12, end - start)):
        bad = bytearray(whole)
        bad[place] ^= 1 << chance.randrange(8)
        _write(sums, bytes(bad))
        with pytest.raises(NoReleaseError, match="not as it was written: SHA256SUMS has another"):
            read_anew(tmp_path, release.id)
    _write(sums, whole)
    assert read_anew(tmp_path, release.id).id == release.id
    sums.unlink()
    with pytest.raises(NoReleaseError, match="SHA256SUMS is missing"):
        read_anew(tmp_path, release.id)


def test_a_release_of_a_version_before_is_served_without_its_hashes(tmp_path: Path) -> None:
    release = publish_small(tmp_path)
    as_before(release)
    assert read_anew(tmp_path, release.id).quads == release.manifest.quads
    with running(tmp_path, SETTINGS) as url:
        assert ask(url, "ASK {}").status == 200
        assert json.loads(send(url, "/health").body)["warnings"] == []
    assert publish_small(tmp_path).already_published  # which gives it its hashes
    file = release.path / "manifest.json"
    _write(file, file.read_bytes().replace(b'"0.1.0"', b'"0.1.1"'))
    with pytest.raises(NoReleaseError, match="not as it was written"):
        read_anew(tmp_path, release.id)


def turned(release: Path) -> bytes:
    """Turn a letter of a manifest's version where it lies; return what was there."""
    file = release / "manifest.json"
    whole = file.read_bytes()
    assert whole.count(b'"0.1.0"') == 1
    _write(file, whole.replace(b'"0.1.0"', b'"0.1.1"'))
    return whole


def test_a_manifest_that_was_read_damaged_is_read_again(tmp_path: Path) -> None:
    """Mended with the date of before, as from a copy: what was read of it meanwhile is not served."""
    release = publish_small(tmp_path)
    whole = turned(release.path)
    assert releases.current(tmp_path).version == "0.1.1"
    _write(release.path / "manifest.json", whole)
    with pytest.raises(DamagedStoreError, match="not what was read of it before"):
        releases.check_store(releases.current(tmp_path))
    assert releases.current(tmp_path).version == "0.1.0"
    releases.check_store(releases.current(tmp_path))


def test_no_server_starts_on_a_manifest_that_is_not_as_written(tmp_path: Path) -> None:
    turned(publish_small(tmp_path).path)
    code = "from msevidence.server.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 3 and "Traceback" not in ended.stderr
    assert "manifest.json: not as it was written" in ended.stderr and "build again" in ended.stderr


def test_a_server_does_not_switch_to_a_manifest_that_is_not_as_written(tmp_path: Path) -> None:
    """Nor does it list such a release; mended, it is switched to."""
    old, new = published(tmp_path, WORDS[0]), published(tmp_path, WORDS[1])
    switch(Home(tmp_path), old.id)
    whole = turned(new.path)
    with running(tmp_path, SETTINGS) as url:
        assert old.id in ask(url, "ASK {}").headers["ETag"]
        switch(Home(tmp_path), new.id)
        assert old.id in ask(url, "ASK {}").headers["ETag"]
        health = json.loads(send(url, "/health").body)
        assert (health["status"], health["release"]["id"]) == ("degraded", old.id)
        assert any(new.id in said and "manifest.json" in said for said in health["warnings"])
        listed = send(url, "/releases/", Accept="application/json").json()
        assert [one["id"] for one in listed["releases"]] == [old.id]
        refused = send(url, f"/releases/{new.id}/data.nq")
        assert refused.status == 500 and refused.json()["type"].endswith("/damaged-store")
        (new.path / "manifest.json").write_bytes(whole)
        assert new.id in ask(url, "ASK {}").headers["ETag"]
        assert json.loads(send(url, "/health").body)["status"] == "ok"
        listed = send(url, "/releases/", Accept="application/json").json()
        assert {one["id"] for one in listed["releases"]} == {old.id, new.id}
        assert {one["version"] for one in listed["releases"]} == {"0.1.0"}

"""A byte that turns in any file of a release: ``verify`` names the file, and no server gives a wrong answer of it."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from msevidence.loaders.release_verify import verify
from tests.faults.sizes import size
from tests.faults.switching import WORDS, Asked, Client, Heard, published, requests
from tests.release_helper import publish_small
from tests.server_fixtures import quick, running

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

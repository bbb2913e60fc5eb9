"""Stores with a byte that is not as it was written: refused at the start and on a switch, and told at a query."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from msevidence.server import errors, releases
from msevidence.server.lane import Lane
from msevidence.server.pool import Question
from msevidence.server.releases import DamagedStoreError
from msevidence.server.serving import ServeError, serve
from msevidence.server.settings import MIB, Settings
from msevidence.server.store import Lanes
from tests.server_fixtures import publish, quick, running
from tests.server_http import ask, send

ROWS = 20_000
ALL, SORTED = "SELECT * { ?s ?p ?o }", "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o"


def data(mark: str, rows: int = 50) -> bytes:
    """Return a graph of so many triples."""
    lines = (f'<http://x/{mark}{n}> <http://x/p> "value {mark} {n}" <http://x/g> .\n' for n in range(rows))
    return "".join(lines).encode()


def flip(file: Path, at: int) -> None:
    """Turn one byte of a file around."""
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(content)


def tables(home: Path, release: str) -> list[Path]:
    """Return the data files of a release's store."""
    found = sorted((home / "releases" / release / "store").glob("*.sst"))
    assert found
    return found


def test_every_flipped_byte_is_found_and_a_whole_store_passes(tmp_path: Path) -> None:
    release = publish(tmp_path, data("a"))
    current = releases.current(tmp_path)
    releases.check_store(current)
    files = sorted(path for path in current.store.iterdir() if path.stat().st_size)
    assert len(files) > 3
    for file in files:
        for at in (0, file.stat().st_size // 2, -1):
            flip(file, at)
            with pytest.raises(DamagedStoreError, match=file.name):
                releases.check_store(current)
            flip(file, at)
    releases.check_store(current)
    (tmp_path / "releases" / release / "store.sha256").unlink()
    with pytest.raises(DamagedStoreError, match="build again"):
        releases.check_store(current)


def test_a_damaged_release_is_not_served_and_the_command_ends_with_3(tmp_path: Path) -> None:
    release = publish(tmp_path, data("a", ROWS))
    file = max(tables(tmp_path, release), key=lambda path: path.stat().st_size)
    flip(file, file.stat().st_size // 2)
    with pytest.raises(ServeError, match=rf"{release} is not served.*damaged.*{file.name}"):
        serve(tmp_path, "127.0.0.1", 0, Settings())
    code = "from msevidence.server.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 3
    assert file.name in ended.stderr and "build again" in ended.stderr and "Traceback" not in ended.stderr


def test_a_damaged_release_leaves_the_old_one_served_and_health_says_so(tmp_path: Path) -> None:
    good = publish(tmp_path, data("a"))
    with running(tmp_path, quick()) as url:
        bad = publish(tmp_path / "other", data("b", ROWS))
        file = tables(tmp_path / "other", bad)[-1]
        flip(file, file.stat().st_size // 2)
        (tmp_path / "other" / "releases" / bad).rename(tmp_path / "releases" / bad)
        (tmp_path / "link").symlink_to(Path("releases") / bad)
        (tmp_path / "link").replace(tmp_path / "current")
        answer = ask(url, "ASK {}")
        assert (answer.status, answer.headers["ETag"].startswith(f'"{good}-')) == (200, True)
        health = json.loads(send(url, "/health").body)
        assert (health["status"], health["release"]["id"]) == ("degraded", good)
        assert any(bad in warning and file.name in warning for warning in health["warnings"])


def test_damage_that_comes_later_is_a_fault_of_the_server_and_not_of_memory(tmp_path: Path) -> None:
    """Sorting meets the damaged block until memory ends: what the client hears is the damage all the same."""
    release = publish(tmp_path, data("a", ROWS))
    told = []
    with running(tmp_path, quick(deadline=20.0, memory=256 * MIB, in_memory=0)) as url:
        for file in tables(tmp_path, release):
            if file.stat().st_size > 100_000:
                flip(file, file.stat().st_size // 2)
        for query in (ALL, SORTED, ALL):
            answer = ask(url, query, Accept="application/sparql-results+json")
            told.append((answer.status, answer.json()["type"].rpartition("/")[2]))
        health = json.loads(send(url, "/health").body)
        assert health["status"] == "degraded"
        assert any("damaged" in warning for warning in health["warnings"])
    assert told == [(500, "damaged-store")] * 3


def test_memory_is_still_told_as_memory(tmp_path: Path) -> None:
    publish(tmp_path, data("a", ROWS))
    with running(tmp_path, quick(deadline=20.0, memory=64 * MIB)) as url:
        answer = ask(url, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c")
    assert (answer.status, answer.json()["type"].rpartition("/")[2]) == (503, "out-of-memory")


def test_a_request_does_not_wait_long_for_a_large_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked, slow = releases.check_store, threading.Event()

    def check(release: releases.Release) -> None:
        if slow.is_set():
            time.sleep(0.5)
        checked(release)

    monkeypatch.setattr("msevidence.server.store.check_store", check)
    old = publish(tmp_path, data("a"))
    lanes = Lanes(tmp_path, quick())
    lane: Lane = lanes.sparql
    try:
        assert lane.release().id == old
        new = publish(tmp_path, data("b"))
        monkeypatch.setattr("msevidence.server.switching.SWITCH_PATIENCE", 0.01)
        monkeypatch.setattr("msevidence.server.switching.COMMON_PATIENCE", 0.01)
        slow.set()
        release = lane.release()
        assert release.id == old
        assert lane.run(Question("ASK {}", "json"), "one", release)
        until = time.monotonic() + 20
        while lane.release().id != new:
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        lanes.close()
    with pytest.raises(errors.Problem):
        lane.run(Question("ASK {}", "json"), "one", release)

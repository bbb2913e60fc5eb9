"""Bodies that are made while they are sent: how many at a time, for whom, and what is told to those too many."""

from __future__ import annotations

import gzip
import http.client
import logging
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from msevidence.server import diff_quads, errors, gateway, pages_diff, release_files, streamed
from msevidence.server.diff_patch import patch
from msevidence.server.diff_releases import kept, named
from msevidence.server.http_message import Request
from msevidence.server.streamed import Places, gathered, packed
from tests.pages_site import client_of
from tests.release_helper import BUILT, publish_small, small_graph
from tests.server_fixtures import publish, quick, running
from tests.server_http import send

SAID = errors.Words("they are being made", "de er under arbeid")
GZIP = {"Accept-Encoding": "gzip"}
ADDRESS = "/changes/previous/current.rdfp"
SERVER = ("127.0.0.1", 80)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small releases."""
    home = tmp_path_factory.mktemp("home")
    publish_small(home, small_graph("one"))
    publish_small(home, small_graph("two"), built=BUILT + timedelta(days=1))
    return home


@pytest.fixture
def client(home: Path) -> Iterator[FlaskClient]:
    with client_of(home) as client:
        yield client


def places(**more: Any) -> Places:
    """Return two places, of a kind that may be given up."""
    return Places(SAID, **({"most": 2, "steps": 1, "give_up": True} | more))


def letters() -> Iterator[bytes]:
    yield from (b"a", b"", b"b")


def test_a_body_has_its_place_until_it_is_read_or_closed() -> None:
    there = places(give_up=False)
    one, other = there.take("x", letters), there.take("y", letters)
    with pytest.raises(errors.Unavailable) as refused:
        there.take("z", letters)
    assert (refused.value.detail, refused.value.headers["Retry-After"]) == (SAID.en, "10")
    assert list(one) == [b"a", b"", b"b"] and list(one) == []
    assert there.taken() == 1
    other.close()
    assert there.taken() == 0
    other.close()

    def damaged() -> Iterator[bytes]:
        raise errors.DamagedStore

    def breaks() -> Iterator[bytes]:
        yield b"a"
        raise ValueError

    with pytest.raises(errors.DamagedStore):
        there.take("x", damaged)
    with pytest.raises(ValueError):
        list(there.take("x", breaks))
    there.take("x", letters)  # and nobody holds it
    assert there.taken() == 0


def test_who_has_several_places_gives_one_up(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    there = places(most=3)
    mine, first, second = (there.take(client, letters) for client in ("b", "a", "a"))
    assert next(first) == b"a"
    with pytest.raises(errors.Unavailable):
        there.take("a", letters)
    with pytest.raises(errors.Unavailable):
        there.take("b", letters)
    another = there.take("c", letters)
    with pytest.raises(errors.Unavailable):
        next(first)
    for body in (mine, second, another):
        assert b"".join(body) == b"ab"
    assert there.taken() == 0 and "cut off" in caplog.text


def test_who_has_had_a_place_for_long_gives_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    there = places(most=1)
    slow = there.take("a", letters)
    with pytest.raises(errors.Unavailable):
        there.take("b", letters)
    monkeypatch.setattr(streamed, "ENOUGH", -1.0)
    for client in ("a", "b"):  # also to the same client: its page was left
        next_one = there.take(client, letters)
    with pytest.raises(errors.Unavailable):
        next(slow)
    assert b"".join(next_one) == b"ab"


def test_lines_are_put_together_and_a_pause_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed, "STEP", 4)
    lines = [b"", b"ab", b"cd", b"ef", b"", b"g"]
    assert list(gathered(lines)) == [b"", b"abcd", b"ef", b"g"]
    found = list(packed(lines))
    assert gzip.decompress(b"".join(found)) == b"abcdefg"
    assert [len(piece) for piece in found[:-1]] == [10, 0]  # the header of a file in gzip, with the first pause


def test_equal_lines_are_read_with_pauses(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = named(home, "previous"), named(home, "current")
    told = list(diff_quads.changed_lines(before.data, after.data))
    monkeypatch.setattr(diff_quads, "EVERY", 2)
    paused = list(diff_quads.changed_lines(before.data, after.data, pauses=True))
    assert [line for line in paused if line[0] != diff_quads.PAUSE] == told
    assert len(paused) > len(told) and b"" in list(patch(before, after))


# The patch


def test_patches_beyond_the_places_are_refused_and_the_others_are_right(client: FlaskClient, home: Path) -> None:
    meant = b"".join(patch(named(home, "previous"), named(home, "current")))
    assert meant.endswith(b"TC .\n") and meant.count(b"\n") > 10
    begun = [client.get(ADDRESS, headers=GZIP if number % 2 else {}) for number in range(4)]
    refused = client.get(ADDRESS)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert refused.get_json()["detail"] == "other patches are being made"
    assert refused.headers["Cache-Control"] == "no-store"
    # What nothing is made for needs no place.
    assert client.head(ADDRESS).status_code == 200
    assert client.get(ADDRESS, headers={"If-None-Match": begun[0].headers["ETag"]}).status_code == 304
    assert client.get(ADDRESS, headers={"If-Match": '"x"'}).status_code == 412
    assert client.get("/changes/current/current.rdfp").status_code == 200
    for number, answer in enumerate(begun):
        assert answer.status_code == 200
        assert (gzip.decompress(answer.data) if number % 2 else answer.data) == meant
    assert pages_diff.PATCHES.taken() == 0
    assert client.get(ADDRESS).data == meant


def test_the_patch_of_a_release_and_itself_reads_no_line(
    client: FlaskClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    of_path = Path.open

    def noted(path: Path, *arguments: Any, **more: Any) -> Any:
        opened.append(path.name)
        return of_path(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", noted)
    release = named(home, "current")
    for name in ("current", release.id, release.id[:8]):
        answer = client.get(f"/changes/{name}/current.rdfp")
        kinds = [line.split(b" ")[0] for line in answer.data.splitlines()]
        assert kinds == [b"H", b"H", b"H", b"H", b"TX", b"TC"]
    assert "data.nq" not in opened
    assert client.get(ADDRESS).data
    assert opened.count("data.nq") >= 2


def test_a_patch_is_kept_for_ever_only_under_whole_ids(client: FlaskClient, home: Path) -> None:
    before, after = named(home, "previous"), named(home, "current")
    for address, for_ever in {
        ADDRESS: False,
        f"/changes/{before.id[:8]}/{after.id}.rdfp": False,
        f"/changes/{before.id}/{after.id}.rdfp": True,
    }.items():
        answer = client.get(address)
        assert ("immutable" in answer.headers["Cache-Control"]) == for_ever, address
        assert answer.data


def test_the_place_is_given_back_when_nobody_reads(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a body of which no piece was read beside the first ones: its client was gone by then."""
    monkeypatch.setattr(diff_quads, "EVERY", 1)
    monkeypatch.setattr(gateway, "FIRST", 1)
    request = Request("", "192.0.2.1", "GET", ADDRESS.encode(), headers=[("host", "a")])
    for read in (False, True):
        answer = gateway.respond(client.application, request, SERVER)
        assert answer.status == 200 and isinstance(answer.more, gateway.Rest) and pages_diff.PATCHES.taken() == 1
        if read:
            next(answer.more)
        answer.more.close()
        assert pages_diff.PATCHES.taken() == 0


LARGE = 3_000


def large(word: str) -> bytes:
    """Return quads of some megabytes, so that a patch does not fit into the buffers of a connection."""
    return b"".join(b'<a:%d> <a:b> "%s%s" <a:g> .\n' % (n, word.encode(), b"x" * 3_000) for n in range(LARGE))


def begun(url: str, path: str, source: str = "127.0.0.1") -> socket.socket:
    """Ask for something, and read no more than the first bytes of the answer."""
    there = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    connection.settimeout(60)
    connection.bind((source, 0))
    connection.connect((there.hostname, there.port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert connection.recv(12, socket.MSG_PEEK | socket.MSG_WAITALL) == b"HTTP/1.1 200"
    return connection


def rest(connection: socket.socket) -> bytes:
    """Read an answer to its end."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.read()


def test_patches_and_their_readers_on_a_real_server(tmp_path: Path) -> None:
    """Four who do not read have the places; who comes is told so, or takes one of theirs, and a closed one is free."""
    one, other = (publish(tmp_path, large(word)) for word in ("one", "two"))
    meant = b"".join(patch(*(kept(tmp_path / "releases" / name) for name in (one, other))))
    path = f"/changes/{one}/{other}.rdfp"
    with running(tmp_path, quick()) as url:
        open_ones = [begun(url, path) for _ in range(4)]
        try:
            for _ in range(8):
                refused = send(url, path)
                assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
            assert send(url, path, "HEAD").status == 200
            assert send(url, "/health").status == 200
            part = send(url, f"/releases/{one}/data.nq", Range="bytes=100000-999999")
            data = (tmp_path / "releases" / one / "data.nq").read_bytes()
            assert (part.status, part.body) == (206, data[100_000:1_000_000])
            with begun(url, path, "127.0.0.2") as neighbour:
                assert rest(neighbour) == meant
            with pytest.raises((http.client.HTTPException, OSError)):
                rest(open_ones[0])  # the one that was begun first is cut off, and can be seen to be
            assert rest(open_ones[1]) == meant
            open_ones += [begun(url, path) for _ in range(2)]
            assert send(url, path).status == 503
            open_ones[2].close()
            for _ in range(1_000):  # the server has to hear of it
                answer = send(url, path)
                if answer.status == 200:
                    break
                time.sleep(0.02)
            assert (answer.status, answer.body) == (200, meant)
        finally:
            for connection in open_ones:
                connection.close()


# Files in gzip's coding


def test_who_comes_when_many_files_are_compressed_gets_it_as_it_is(client: FlaskClient, home: Path) -> None:
    release = named(home, "current")
    path = f"/releases/{release.id}/data.nq"
    begun = [client.get(path, headers=GZIP) for _ in range(4)]
    assert {answer.headers["Content-Encoding"] for answer in begun} == {"gzip"}
    plain = client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert (plain.status_code, plain.headers["Vary"]) == (200, "Accept-Encoding")
    assert plain.headers["ETag"] == client.get(path).headers["ETag"] != begun[0].headers["ETag"]
    for only in ("gzip, identity;q=0", "gzip, *;q=0"):
        refused = client.get(path, headers={"Accept-Encoding": only})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    again = client.get(path, headers=GZIP | {"If-None-Match": begun[0].headers["ETag"]})
    assert again.status_code == 304
    for answer in begun:
        assert gzip.decompress(answer.data) == plain.data == release.data.read_bytes()
    assert release_files.PACKED.taken() == 0
    assert client.get(path, headers=GZIP).headers["Content-Encoding"] == "gzip"


def test_head_has_the_length_of_get_or_none(home: Path) -> None:
    before, after = named(home, "previous"), named(home, "current")
    paths = (ADDRESS, f"/changes/{before.id}/{after.id}.rdfp", "/changes/current/current.rdfp")
    files = [f"/releases/{after.id}/{name}" for name in ("data.nq", "manifest.json", "ontology/core.ttl")]
    with running(home, quick()) as url:
        told = 0
        for path in (*paths, *files, "/robots.txt", "/health", "/nope", "/dataset.ttl", "/changes.atom"):
            for headers in ({}, {"Accept_Encoding": "gzip"}):
                get, head = (send(url, path, method, **headers) for method in ("GET", "HEAD"))
                assert (get.status, head.body) == (head.status, b""), path
                assert bool(get.body)
                length = head.headers["Content-Length"]
                assert length in (None, str(len(get.body))), (path, headers)
                told += length is not None
                assert head.headers["Content-Encoding"] == get.headers["Content-Encoding"]
        assert told >= 10  # most have one

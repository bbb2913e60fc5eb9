"""Whole responses kept in front: the same request gets the same answer, and never one of another release."""

from __future__ import annotations

import shutil
import socket
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from msevidence.server.kept import OVERHEAD, Kept, Response
from tests.server_fixtures import publish, quick, running
from tests.server_http import ask, send
from tests.test_metrics import counted

MIB = 1 << 20
QUERY = "SELECT ?o { <a:a> <a:b> ?o }"


def data(mark: str) -> bytes:
    """Return a graph of one triple."""
    return f'<a:a> <a:b> "{mark}" <a:g> .\n'.encode()


def response(kept: Kept, size: int) -> Response:
    """Return one of a size, of what is published now."""
    published = kept.published()
    assert published is not None
    return Response(published, b"", b"", b"x" * size, 200)


def test_an_answer_is_found_for_its_release_alone(tmp_path: Path) -> None:
    first = publish(tmp_path, data("1"))
    kept = Kept(tmp_path, MIB)
    one = response(kept, 10)
    assert Path(one.published.link).name == first
    kept.put((False, b"GET"), one)
    assert kept.get((False, b"GET")) == one
    assert kept.get((True, b"GET")) is None and kept.get((False, b"HEAD")) is None
    publish(tmp_path, data("2"))
    assert kept.get((False, b"GET")) is None
    publish(tmp_path, data("1"))
    assert kept.get((False, b"GET")) is None  # and is not kept for when it comes back
    assert kept.size == 0


def test_what_was_answered_from_the_release_before_answers_nobody_later(tmp_path: Path) -> None:
    publish(tmp_path, data("1"))
    kept = Kept(tmp_path, MIB)
    old = response(kept, 10)
    publish(tmp_path, data("2"))
    kept.put((False, b"GET"), old)
    assert kept.get((False, b"GET")) is None and kept.size == 0


def test_no_more_is_kept_than_the_limit(tmp_path: Path) -> None:
    publish(tmp_path, data("1"))
    one = 100 + OVERHEAD + 1
    kept = Kept(tmp_path, 8 * one)
    for name in b"abcdefgh":
        kept.put((False, bytes([name])), response(kept, 100))
    assert kept.size == 8 * one and kept.get((False, b"a"))
    kept.put((False, b"i"), response(kept, 100))
    assert kept.get((False, b"b")) is None and kept.get((False, b"a")) and kept.get((False, b"i"))
    kept.put((False, b"large"), response(kept, 100 + 9 * one))
    assert kept.get((False, b"large")) is None and kept.size == 8 * one
    kept.put((False, b"a"), response(kept, 50))
    assert kept.get((False, b"a")) == response(kept, 50) and kept.size == 8 * one - 50


def test_nothing_is_kept_where_nothing_is_published(tmp_path: Path) -> None:
    assert Kept(tmp_path, MIB).published() is None


@pytest.mark.parametrize("path", [f"/sparql?query={quote(QUERY)}", "/graph?default"])
def test_a_request_asked_again_is_answered_from_what_is_kept(tmp_path: Path, path: str) -> None:
    publish(tmp_path, data("1"))
    with running(tmp_path, quick(cache_bytes=MIB)) as url:
        answers = [send(url, path, Accept="*/*") for _ in range(3)]
        assert counted(url, "kept") == 2
        tag = answers[0].headers["ETag"]
        for answer in answers:
            assert (answer.status, answer.body) == (200, answers[0].body)
            assert [item for item in answer.headers.items() if item[0] != "Date"] == [
                item for item in answers[0].headers.items() if item[0] != "Date"
            ]
        same = [send(url, path, If_None_Match=tag) for _ in range(2)]
        assert [(answer.status, answer.body, answer.headers["ETag"]) for answer in same] == [(304, b"", tag)] * 2
        assert counted(url, "kept") == 3
        publish(tmp_path, data("2"))
        other = send(url, path, Accept="*/*")
        assert other.status == 200 and b"2" in other.body and other.headers["ETag"] != tag
        assert send(url, path, If_None_Match=tag).status == 200


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?now) {}", "SELECT (RAND() AS ?r) {}", "SELECT (STRUUID() AS ?u) {}"]
)
def test_what_changes_from_run_to_run_is_not_kept(tmp_path: Path, query: str) -> None:
    publish(tmp_path, data("1"))
    with running(tmp_path, quick(cache_bytes=MIB)) as url:
        first, second = ask(url, query), ask(url, query)
        assert first.body != second.body or "NOW" in query
        assert "ETag" not in first.headers and second.headers["Cache-Control"] == "no-store"
        assert counted(url, "kept") == 0


def test_errors_and_health_are_not_kept(tmp_path: Path) -> None:
    publish(tmp_path, data("1"))
    with running(tmp_path, quick(cache_bytes=MIB)) as url:
        for path, status in (("/health", 200), ("/nothing", 404), ("/sparql?query=ASK", 400), ("/robots.txt", 200)):
            assert [send(url, path).status for _ in range(2)] == [status, status]
        assert counted(url, "kept") == 0


def test_each_coding_language_and_format_has_its_own(tmp_path: Path) -> None:
    publish(tmp_path, data("1"))
    with running(tmp_path, quick(cache_bytes=MIB)) as url:
        asked = [
            {"Accept": "text/csv"},
            {"Accept": "text/csv", "Accept_Encoding": "gzip"},
            {"Accept": "application/sparql-results+xml"},
            {"Accept": "text/html", "Accept_Language": "nb"},
            {"Accept": "text/html", "Accept_Language": "en"},
        ]
        first = [ask(url, QUERY, **headers) for headers in asked]
        again = [ask(url, QUERY, **headers) for headers in asked]
        assert counted(url, "kept") == len(asked)
        assert [answer.body for answer in first] == [answer.body for answer in again]
        assert len({answer.body for answer in first}) == len({answer.headers["ETag"] for answer in first}) == len(asked)


def test_requests_that_come_in_one_piece_are_each_answered_each_time(tmp_path: Path) -> None:
    """What is kept under the bytes of one request must not be given for two."""
    publish(tmp_path, data("1"))
    asked = [QUERY, "ASK { <a:a> <a:b> ?o }", "SELECT ?s { ?s <a:b> 2 }"]
    lines = "Host: a\r\nAccept: application/sparql-results+json\r\n\r\n"
    requests = [f"GET /sparql?query={quote(query)} HTTP/1.1\r\n{lines}".encode() for query in asked]
    with running(tmp_path, quick(cache_bytes=MIB)) as url:
        single = [send(url, f"/sparql?query={quote(query)}").body for query in asked]
        address = urlsplit(url)
        for piece in (requests, requests[:2], [requests[0], requests[1][:40]]):
            for _ in range(3):
                with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
                    connection.sendall(b"".join(piece))
                    if len(piece[-1]) == 40:
                        time.sleep(0.2)  # so that it comes apart; the outcome does not rest on it
                        connection.sendall(requests[1][40:])
                    connection.shutdown(socket.SHUT_WR)
                    said = b""
                    while part := connection.recv(1 << 16):
                        said += part
                assert said.count(b"HTTP/1.1 200 OK") == len(piece)
                places = [said.find(body) for body in single[: len(piece)]]
                assert places == sorted(places) and -1 not in places


def test_what_depends_on_other_releases_is_not_kept(tmp_path: Path) -> None:
    first = publish(tmp_path, data("1"))
    second = publish(tmp_path, data("2"))
    with running(tmp_path, quick(cache_bytes=MIB)) as url:
        before = [send(url, "/releases/", Accept="application/json") for _ in range(2)]
        for written in ("/%72eleases/", "/releases%2f", "/%63hanges"):
            assert all(send(url, written).status < 500 for _ in range(2))
        assert counted(url, "kept") == 0
        assert all(first in answer.body.decode() for answer in before)
        shutil.rmtree(tmp_path / "releases" / first)
        after = send(url, "/releases/", Accept="application/json")
        assert first not in after.body.decode() and second in after.body.decode()

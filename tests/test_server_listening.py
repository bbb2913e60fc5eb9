"""What the listening side answers and whom it lets go, on raw connections to the real server: contract 5, 9 and 17."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from msevidence.server import description
from msevidence.server.connection import UNHEARD
from msevidence.server.listening import PER_CLIENT
from msevidence.server.request_reader import HEADER_LIMIT, REFUSED_UNREAD
from tests.pages_site import client_of, publish_pages
from tests.server_fixtures import publish, quick, running
from tests.server_http import send

DATA = b"".join(b"<a:%d> <a:b> <a:c> <a:g> .\n" % n for n in range(300))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that closes a connection after a second without traffic."""
    home = tmp_path_factory.mktemp("home")
    publish(home, DATA)
    with running(home, quick(idle=1)) as url:
        yield url


def connect(url: str, source: str = "127.0.0.1") -> socket.socket:
    """Open a connection from an address of this machine, with a small buffer for what comes."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(30)
    connection.bind((source, 0))
    connection.connect((urlsplit(url).hostname, urlsplit(url).port))
    return connection


def whole(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read an answer to the end of its connection."""
    data = b""
    while part := connection.recv(65536):
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}, body


REFUSED = {
    "no request": (b"GET\0 / HTTP/1.1\r\n\r\n", 400),
    "no length": (b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
    "unknown coding": (b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    "coding before chunks": (b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
    "long header at once": (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * HEADER_LIMIT + b"\r\n\r\n", 431),
    "long body": (f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: {REFUSED_UNREAD + 1}\r\n\r\n".encode(), 413),
    "long header": (b"GET / HTTP/1.1\r\nHost: a\r\nX: ".ljust(HEADER_LIMIT, b"a"), 431),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_never_reaches_the_application_is_refused_in_the_same_shape(url: str, name: str) -> None:
    request, expected = REFUSED[name]
    with connect(url) as connection:
        connection.sendall(request)
        status, headers, body = whole(connection)
    problem = json.loads(body)
    assert (status, problem["status"]) == (expected, expected)
    assert headers["content-type"] == "application/problem+json"
    assert (headers["access-control-allow-origin"], headers["cache-control"]) == ("*", "no-store")
    assert problem["type"].startswith("tag:msevidence,2024:problem/") and problem["title"] and problem["detail"]
    assert "server" not in headers


def test_a_client_that_does_not_read_is_let_go(url: str) -> None:
    query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 50000")
    with connect(url) as connection:
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 200"
        # Bytes that are not read: the server's close then reaches this side although the window is shut.
        connection.sendall(b"GET / HTTP/1.1\r\n")
        closed = select.poll()
        closed.register(connection, select.POLLHUP | select.POLLERR)
        assert closed.poll(30_000), "the server waits on for a client that does not read"


@pytest.mark.skipif(not hasattr(socket, "SO_BINDTODEVICE"), reason="only Linux has all of 127.0.0.0/8")
def test_one_client_does_not_take_all_connections(tmp_path: Path) -> None:
    publish(tmp_path, DATA)
    open_ones: list[socket.socket] = []
    with running(tmp_path, quick()) as url:
        try:
            for _ in range(PER_CLIENT):
                open_ones.append(connect(url))
                open_ones[-1].sendall(b"OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n")
                assert open_ones[-1].recv(12) == b"HTTP/1.1 200"
            with connect(url) as another:
                assert another.recv(1) == b""
            with connect(url, "127.0.0.2") as other:
                other.sendall(b"OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n")
                assert other.recv(12) == b"HTTP/1.1 200"
        finally:
            for connection in open_ones:
                connection.close()


@pytest.mark.parametrize(
    "path", ["/releases", "/releases/", "//releases/", "/study//mist", "/.well-known/void", "/search/"]
)
def test_no_redirect_leads_where_the_client_says_that_the_host_is(url: str, path: str) -> None:
    with connect(url) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode())
        status, headers, _ = whole(connection)
    assert status in (200, 303, 404)
    assert "evil" not in headers.get("location", "")


def test_a_compressed_body_is_refused(url: str) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
    with connect(url) as connection:
        connection.sendall(f"{head}Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nASK {{}}".encode())
        status, _, body = whole(connection)
    assert status == 415 and "gzip" in json.loads(body)["detail"]


def test_the_hosts_that_clients_name_are_not_kept(tmp_path: Path) -> None:
    publish_pages(tmp_path)
    with client_of(tmp_path) as client:
        for number in range(20):
            host = f"host{number}.example"
            answer = client.get("/sparql", headers={"Accept": "text/turtle", "Host": host})
            assert f"http://{host}/sparql" in answer.text
    assert description._fixed.cache_info().currsize < 10


@pytest.mark.parametrize(
    "host", ["", "a b", "[::1", "a{b}", "%zz", "a:99999999", "\u00e6.example", '"><script>', "a\\b"]
)
def test_a_strange_host_is_no_fault_of_ours(tmp_path: Path, host: str) -> None:
    publish_pages(tmp_path)
    with client_of(tmp_path) as client:
        for path in ("/", "/sparql", "/dataset", "/sitemap.xml"):
            answer = client.get(path, headers={"Accept": "text/turtle", "Host": host})
            assert answer.status_code in (200, 400, 404, 406), path
            assert "<script>" not in answer.text


@pytest.mark.parametrize("size", [20 << 20, 40 << 20])
def test_a_body_far_over_the_limit_is_refused_so_that_its_sender_hears_it(url: str, size: int) -> None:
    """The client sends all of it before it reads, as most libraries do."""
    answer = send(url, "/sparql", "POST", bytes(size), Content_Type="application/sparql-query")
    assert (answer.status, answer.type()) == (413, "application/problem+json")
    assert answer.json()["type"].endswith("/request-too-large")
    assert send(url, "/health").status == 200


def test_who_sends_without_end_after_a_refusal_is_let_go(url: str) -> None:
    with connect(url) as connection:
        connection.sendall(f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: {1 << 40}\r\n\r\n".encode())
        sent = 0
        with pytest.raises(OSError):
            while sent < 4 * UNHEARD:
                sent += connection.send(bytes(1 << 20))
        assert sent < 2 * UNHEARD


OFFERS = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
DIRECT = b"Content-Type: application/sparql-query\r\n"


@pytest.mark.parametrize("pieces", [1, 2, 40])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_request_that_offers_another_protocol_is_read_whole(url: str, pieces: int, chunked: bool) -> None:
    body = b"5\r\nASK{}\r\n0\r\n\r\n" if chunked else b"ASK{}"
    length = b"Transfer-Encoding: chunked\r\n" if chunked else b"Content-Length: 5\r\n"
    one = b"POST /sparql HTTP/1.1\r\nHost: a\r\n" + OFFERS + DIRECT + length + b"\r\n" + body
    after = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    sent = one + one + after
    with connect(url) as connection:
        for at in range(0, len(sent), len(sent) // pieces + 1):
            connection.sendall(sent[at : at + len(sent) // pieces + 1])
        data = b""
        while part := connection.recv(65536):
            data += part
    assert data.count(b"HTTP/1.1 200 OK") == 3 and data.count(b'"boolean":true') == 3, data


def test_what_comes_after_chunks_is_no_header(tmp_path: Path) -> None:
    publish(tmp_path, DATA)
    with running(tmp_path, quick(trusted_proxy="127.0.0.1")) as url, connect(url) as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n"
            + DIRECT
            + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n"
            b"Accept: text/csv\r\nContent-Type: x/y\r\nX-Forwarded-For: 198.51.100.9\r\n\r\n"
        )
        status, headers, _ = whole(connection)
    assert (status, headers["content-type"]) == (200, "application/sparql-results+json")

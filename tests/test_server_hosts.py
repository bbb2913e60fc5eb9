"""Words that look like a host and are none to what reads them later: refused everywhere, never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from msevidence.server import gateway
from msevidence.server.errors import BadRequest
from msevidence.server.hosts import is_host
from msevidence.server.http_message import Answer, Request
from tests.pages_site import HTML, client_of, publish_pages
from tests.server_fixtures import publish, quick, running
from tests.server_http import send

NONE = (
    *("[:::::]", "[fe80::1.2]", "[::1.]", "[1:2:3:4:5:6:7:8:9]", "[1.2.3.4]", "xn--", "xn--a", "a.xn--b.c"),
    *(".", "...", "a..b", ".a", "a" * 64, "a." + "b" * 64 + ".c", "a:65536", "[::1]:99999", ":80", "[]"),
)
HOSTS = ("a", "127.0.0.1:8000", "[::1]:80", "[::1]", "[::ffff:192.0.2.1]:1", "example.org.", "a_b", "a:", "a" * 63)
HOSTS += ("xn--bcher-kva.example", "EXAMPLE.org:443", "a-.b", "1.2.3")
PATHS = ("/", "/nope", "/dataset.ttl", "/sparql", "/robots.txt", "/openapi.json", "/static/site.css", "/studies?x=1")
PAGE, JSON = HTML["Accept"], "application/json"
SERVER = ("127.0.0.1", 80)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a small release."""
    home = tmp_path_factory.mktemp("home")
    publish_pages(home)
    with client_of(home) as client:
        yield client.application


def get(site: Flask, path: str, host: str, accept: str, **more: Any) -> Answer:
    """Ask through the gateway: the framework's own client reads the host itself, to keep cookies."""
    headers = [("host", host), ("accept", accept), *more.pop("headers", ())]
    return gateway.respond(site, Request("", "192.0.2.1", "GET", path.encode(), headers=headers, **more), SERVER)


@pytest.mark.parametrize("host", NONE)
def test_what_is_no_host_is_refused_on_every_page(site: Flask, host: str, caplog: pytest.LogCaptureFixture) -> None:
    assert not is_host(host)
    for path in PATHS:
        for accept, kind in ((PAGE, "text/html; charset=utf-8"), (JSON, "application/problem+json")):
            answer = get(site, path, host, accept)
            assert (answer.status, answer.header("Content-Type")) == (400, kind), path
            assert b"is no host name or address" in answer.body, path
            assert answer.header("Cache-Control") == "no-store", path
    assert not caplog.records


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_a_host_gets_its_pages(site: Flask, host: str, caplog: pytest.LogCaptureFixture) -> None:
    assert is_host(host)
    for path, status in {"/": 200, "/nope": 404, "/dataset.ttl": 200, "/sparql": 200, "/robots.txt": 200}.items():
        assert get(site, path, host, PAGE).status == status, path
    assert not caplog.records


@pytest.mark.parametrize("host", ["xn--", "a..b", "[:::::]"])
def test_what_a_proxy_or_the_target_names_is_judged_as_well(
    site: Flask, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = [("x-forwarded-host", host)]
    assert get(site, "/", "a", PAGE, headers=said).status == 200, "anybody may send that"
    assert get(site, "/", "a", PAGE, headers=said, trusted=True).status == 400
    try:
        status = get(site, f"http://{host}/", "a", PAGE).status
    except BadRequest as refused:  # which the event loop writes
        status = refused.status
    assert status == 400
    assert not caplog.records


def test_a_query_is_not_answered_for_what_is_no_host(tmp_path: Path) -> None:
    """Queries do not go through the application."""
    publish(tmp_path, b"<a:b> <a:b> <a:c> <a:g> .\n")
    with running(tmp_path, quick(trusted_proxy="127.0.0.1")) as url:
        path = "/sparql?query=ASK%7B%7D"
        for host in ("a", "a_b:8000", "[::1]:80"):
            assert send(url, path, Host=host).status == 200
        for host in ("a..b", "xn--", "[:::::]"):
            assert send(url, path, Host=host).status == 400, host
            assert send(url, path, Host="a", X_Forwarded_Host=host).status == 400, host

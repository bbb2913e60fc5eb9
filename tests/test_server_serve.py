"""Starting the server: what it says when it can not, and the small parts that need no server."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from msevidence.server import errors, releases, wire
from msevidence.server.app import create_app
from msevidence.server.cache import OVERHEAD, Cache
from msevidence.server.cli_common import EXIT_STORE
from msevidence.server.cli_serve import serve as command
from msevidence.server.releases import NoReleaseError
from msevidence.server.serving import ServeError, serve
from msevidence.server.settings import Settings
from msevidence.server.store import PageLane, pages
from tests.server_fixtures import publish, quick

ONE = b"<a:a> <a:b> <a:c> <a:g> .\n"


def test_no_release_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError, match="msevidence build"):
        serve(tmp_path, "127.0.0.1", 0, Settings())


@pytest.mark.parametrize("damage", ["", "{}", "[1]", '{"release": "x"}', "\ufffd"])
def test_a_manifest_that_is_none_is_said(tmp_path: Path, damage: str) -> None:
    publish(tmp_path, ONE)
    (tmp_path / "current" / "manifest.json").write_text(damage)
    with pytest.raises(NoReleaseError, match=r"manifest\.json"):
        releases.current(tmp_path)


def test_a_published_release_that_can_not_be_read_is_not_built_over(tmp_path: Path) -> None:
    publish(tmp_path, ONE)
    (tmp_path / "current" / "manifest.json").write_text("{}")
    before = sorted(path.name for path in (tmp_path / "releases").iterdir())
    ended = CliRunner().invoke(command, ["--port", "0", "--home", str(tmp_path)])
    assert ended.exit_code == EXIT_STORE
    assert "not a complete manifest" in ended.stderr and "serve --build" in ended.stderr
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == before


def test_a_store_that_does_not_open_is_said(tmp_path: Path) -> None:
    publish(tmp_path, ONE)
    files = list((tmp_path / "current" / "store").iterdir())
    assert files
    for file in files:
        file.unlink()
    with pytest.raises(ServeError, match="store"):
        serve(tmp_path, "127.0.0.1", 0, Settings())


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    publish(tmp_path, ONE)
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ServeError, match="can not listen"),
    ):
        serve(tmp_path, "127.0.0.1", taken.getsockname()[1], Settings())


def test_older_releases_are_listed_latest_first(tmp_path: Path) -> None:
    first, second = publish(tmp_path, ONE), publish(tmp_path, ONE * 1 + b"<a:a> <a:b> <a:d> <a:g> .\n")
    manifest = tmp_path / "releases" / second / "manifest.json"
    manifest.write_text(manifest.read_text().replace("2024-01-02", "2025-01-02"))
    assert [release.id for release in releases.all_releases(tmp_path)] == [second, first]
    assert releases.current(tmp_path).id == second
    assert releases.named(tmp_path, first).id == first
    for name in ("..", "", "0" * 64, f"../releases/{first}"):
        with pytest.raises(NoReleaseError):
            releases.named(tmp_path, name)


def test_the_pages_lane_gives_terms_of_one_release(tmp_path: Path) -> None:
    data = b'<a:a> <a:b> "x"@en <a:g> .\n<a:a> <a:b> "1.50" <a:g> .\n<a:a> <a:c> <a:d> <a:h> .\n'
    release = publish(tmp_path, data)
    app = create_app(tmp_path, quick())
    try:
        with app.test_request_context("/"):
            lane = pages()
            assert isinstance(lane, PageLane) and pages() is lane
            assert lane.release.id == release
            rows = lane.select("SELECT ?s ?v ?none { ?s <a:b> ?v } ORDER BY ?v", {"s": ox.NamedNode("a:a")})
            assert [row["v"] for row in rows] == [ox.Literal("1.50"), ox.Literal("x", language="en")]
            assert rows[0].keys() == {"s", "v"}
            assert lane.ask("ASK { ?s ?p ?v }", {"v": ox.Literal("x", language="en")})
            assert not lane.ask("ASK { ?s ?p ?v }", {"v": ox.Literal("y")})
            triples = lane.construct("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } ", {"p": ox.NamedNode("a:c")})
            assert triples == [ox.Triple(ox.NamedNode("a:a"), ox.NamedNode("a:c"), ox.NamedNode("a:d"))]
            turtle = lane.serialise("CONSTRUCT { ?s <a:c> ?o } { ?s <a:c> ?o }", "turtle", {}, {"a": "a:"})
            assert b"@prefix a:" in turtle
            with pytest.raises(errors.SyntaxFault):
                lane.select("SELECT")
            with pytest.raises(TypeError, match="BlankNode"):
                lane.select("SELECT ?s { ?s ?p ?o }", {"s": ox.BlankNode()})
            running, waiting = app.extensions["msevidence"].pages.admission.load()
            assert (running, waiting) == (1, 0)
        assert app.extensions["msevidence"].pages.admission.load() == (0, 0)
    finally:
        app.extensions["msevidence"].close()


def test_terms_survive_the_wire() -> None:
    terms: dict[str, wire.Term] = {
        "iri": ox.NamedNode("http://a.example/æ"),
        "plain": ox.Literal('"\n\U0001f9ec'),
        "tagged": ox.Literal("x", language="nb"),
        "typed": ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    }
    read = wire.unpack_terms(json.loads(json.dumps(wire.pack_terms(terms))))
    assert {variable.value: term for variable, term in read.items()} == terms


def test_the_cache_keeps_what_was_used_last_and_no_more_than_its_limit() -> None:
    cache = Cache(8 * (10 + OVERHEAD))
    for name in "abcdefgh":
        cache.put(name, name.encode() * 10)
    assert cache.get("a") == b"a" * 10
    cache.put("i", b"i" * 10)
    assert cache.get("b") is None and cache.get("a") and cache.get("i")
    cache.put("large", b"x" * 11)
    assert cache.get("large") is None
    cache.put("i", b"j" * 10)
    assert cache.get("i") == b"j" * 10 and cache.get("a")

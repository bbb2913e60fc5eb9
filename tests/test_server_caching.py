"""Entity tags, conditional requests and codings, over HTTP against the real server: contract 8."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from msevidence.server import planned, releases, running
from msevidence.server.app import create_app
from msevidence.server.pool import Question
from tests.pages_site import client_of
from tests.server_fixtures import BASE, publish, quick
from tests.server_site import DATA, DIRECT, SELECT, Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a small release."""
    with serving(tmp_path_factory.mktemp("home")) as site:
        yield site


def test_a_strong_tag_for_each_thing_that_decides_the_bytes(site: Site) -> None:
    graph = BASE + "graph/studies"
    variants = [
        site.ask(SELECT),
        site.ask(SELECT + " "),
        site.ask(SELECT, ("default-graph-uri", graph)),
        site.ask(SELECT, ("named-graph-uri", graph)),
        site.ask(SELECT, Accept="text/csv"),
        site.ask(SELECT, Accept_Encoding="gzip"),
    ]
    tags = [answer.headers["ETag"] for answer in variants]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith(f'"{site.release}-') for tag in tags)
    again = site.ask(SELECT)
    assert (again.headers["ETag"], again.body) == (tags[0], variants[0].body)


def test_304_before_anything_runs(site: Site) -> None:
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u } ORDER BY ?a"
    of_endless = running.tag_of(Question(endless, "json"), releases.current(site.home), settings=quick())
    assert site.ask(endless, If_None_Match=f'"{of_endless}"').status == 304
    assert site.ask(endless).status in (413, 503, 504)
    tag = site.ask(SELECT).headers["ETag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}'):
        answer = site.ask(SELECT, If_None_Match=given)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert "Accept" in answer.headers["Vary"]
    other_release = tag.replace(site.release, "0" * 64)
    for given in (other_release, "*", '"x"'):
        assert site.ask(SELECT, If_None_Match=given).status == 200
    assert (
        site.send("/sparql", "POST", SELECT.encode(), Content_Type=DIRECT, If_None_Match=tag).status == 200
    )  # a condition on GET and HEAD only


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_no_tag_for_what_differs(site: Site, call: str) -> None:
    answer = site.ask(f"SELECT ({call} AS ?n) {{}}", If_None_Match="*")
    assert answer.status == 200
    assert answer.headers["ETag"] is None
    assert answer.headers["Cache-Control"] == "no-store"
    if call != "NOW()":
        assert answer.body != site.ask(f"SELECT ({call} AS ?n) {{}}").body


def test_gzip_when_asked(site: Site) -> None:
    plain = site.ask(SELECT, Accept_Encoding="identity, gzip;q=0")
    packed = site.ask(SELECT, Accept_Encoding="gzip, br")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]


def test_a_query_that_is_asked_again_is_not_judged_again(tmp_path: Path) -> None:
    publish(tmp_path, DATA.encode())
    with client_of(tmp_path) as client:
        before = planned.judged_once.cache_info()
        first, second = (client.get("/sparql", query_string={"query": SELECT + " # again"}) for _ in range(2))
        after = planned.judged_once.cache_info()
        assert (first.status_code, first.data, first.headers["ETag"]) == (200, second.data, second.headers["ETag"])
        assert (after.misses - before.misses, after.hits - before.hits) == (1, 1)
        for _ in range(2):  # a refusal is not kept, and stays one
            assert client.get("/sparql", query_string={"query": "ASK { SERVICE <http://a> {} }"}).status_code == 403


def test_the_description_of_other_limits_has_another_tag(tmp_path: Path) -> None:
    publish(tmp_path, DATA.encode())
    tags = []
    for settings in (quick(), quick(deadline=9.0)):
        app = create_app(tmp_path, settings)
        try:
            tags.append(app.test_client().get("/sparql", headers={"Accept": "text/turtle"}).headers["ETag"])
        finally:
            app.extensions["msevidence"].close()
    assert tags[0] != tags[1]


@pytest.mark.parametrize("path", ["/", "/queries", "/study/mist.html", "/study/mist.ttl", "/sitemap.xml", "/sparql"])
def test_pages_are_kept_by_what_decides_them(tmp_path: Path, path: str) -> None:
    """A second server has other workers but the same cache: what is kept is answered although no query could run."""
    publish(tmp_path, DATA.encode())
    app = create_app(tmp_path, quick(cache_bytes=1 << 20))
    try:
        client = app.test_client()
        headers = {"Accept": "text/html"}
        first = client.get(path, headers=headers)
        assert first.status_code == 200
        app.extensions["msevidence"].pages.deadline = 1e-6
        again, packed = (client.get(path, headers={**headers, **more}) for more in ({}, {"Accept-Encoding": "gzip"}))
        assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
        assert (again.content_type, again.headers["Vary"]) == (first.content_type, first.headers["Vary"])
        due = 200 if path in ("/", "/sitemap.xml") else 504  # those are made of the index, and no query runs
        assert packed.status_code == due
        publish(tmp_path, DATA.encode() + b"<a:a> <a:b> <a:c> <a:g> .\n")
        later = client.get(path, headers=headers)
        assert later.status_code == due and later.headers.get("ETag") != first.headers["ETag"]
    finally:
        app.extensions["msevidence"].close()


def test_what_is_held_elsewhere_has_another_tag(tmp_path: Path) -> None:
    """Rows that nobody orders come otherwise from memory than from files: one strong tag would name two answers."""
    publish(tmp_path, DATA.encode())
    tags = []
    for settings in (quick(), quick(in_memory=0), quick()):
        app = create_app(tmp_path, settings)
        try:
            client = app.test_client()
            paths = ("/sparql?query=SELECT+*+{?s+?p+?o}", "/graph?default")
            tags.append([client.get(path, headers={"Accept": "*/*"}).headers["ETag"] for path in paths])
        finally:
            app.extensions["msevidence"].close()
    assert tags[0] == tags[2]
    assert not set(tags[0]) & set(tags[1])

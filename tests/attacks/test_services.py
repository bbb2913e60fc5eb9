"""SERVICE in every disguise with a canary listening: the guard on, and off, with only the kernel's wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, cast
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.attacks.bare_worker import bare_worker
from tests.attacks.canary import Canary
from tests.attacks.disguises import clauses, graphs, harmless
from tests.attacks.serving import WAYS, Client, Serving

SURE = ("plain", "small", "silent", "in OPTIONAL")
"""Disguises that the engine follows on an empty store."""
NAMES = tuple(clauses("http://a.example/"))


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    """A canary for all tests here; what it has heard at the end is what some test caused."""
    with Canary() as canary:
        yield canary


def test_the_canary_hears_the_engine_where_nothing_holds_it() -> None:
    """The control of all other tests: in this process, without guard or wall, the queries do reach it."""
    with Canary() as listening:
        heard = 0
        for name, query in clauses(listening.addresses()[0]).items():
            before = len(listening.heard)
            # What came back may not be what it asked for, or it is an update; that it asked is what counts.
            with suppress(OSError, RuntimeError, SyntaxError, TypeError):
                list(cast(Any, ox.Store().query(query, base_iri="http://a.example/")))
            heard += len(listening.heard) > before
            assert len(listening.heard) > before or name not in SURE, name
        assert heard > 20


@pytest.mark.parametrize("way", WAYS)
def test_no_disguise_gets_past_the_guard(attacked: Serving, canary: Canary, way: str) -> None:
    random = Random(3)
    with Client(attacked.url) as client:
        for name in NAMES:
            query = clauses(random.choice(canary.addresses()))[name]
            answer = client.ask(query, way)
            assert (answer.status, answer.kind()) == (403, "forbidden"), (name, query, answer.body)
    assert not canary.heard


def test_a_graph_elsewhere_is_empty_and_is_not_fetched(attacked: Serving, canary: Canary) -> None:
    with Client(attacked.url) as client:
        for address in canary.addresses():
            for name, query in graphs(address).items():
                answer = client.ask(query)
                assert answer.status == 200, (name, answer.body)
                assert b'"bindings":[]' in answer.body, name
            there = quote(address, safe="")
            every = quote("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
            for parameter in ("default-graph-uri", "named-graph-uri"):
                for graph in (there, quote("file:///etc/passwd", safe="")):
                    answer = client.send(f"/sparql?query={every}&{parameter}={graph}")
                    assert answer.status == 200 and b'"bindings":[]' in answer.body, parameter
            assert client.send(f"/graph?graph={there}").status == 404
            assert client.send(f"/sparql?update={quote(f'LOAD <{address}>')}").status == 403
            for header in ("Referer", "Origin", "Forwarded", "X_Forwarded_Host", "Link", "Accept"):
                assert client.send("/sparql", **{header: address}).status in (200, 406)
    assert not canary.heard


def test_the_word_alone_is_no_reason_to_refuse(attacked: Serving, canary: Canary) -> None:
    with Client(attacked.url) as client:
        for way in WAYS:
            for name, query in harmless(canary.addresses()[0]).items():
                answer = client.ask(query, way)
                assert answer.status == 200, (name, way, answer.body)
    assert not canary.heard


def test_without_the_guard_the_wall_holds(attacked_home: Path, canary: Canary) -> None:
    """The worker gets the queries as they are; with the network left open, the same path does reach the canary."""
    queries = clauses(canary.addresses()[0])
    chosen = ["plain", "silent", "variable of BIND", "in EXISTS", "in LATERAL", "in CONSTRUCT", "upper address"]
    with bare_worker(attacked_home) as ask:
        for name in chosen:
            ask(queries[name])
            assert not canary.heard, name
        for address in canary.addresses():
            ask(clauses(address)["plain"])
            assert not canary.heard, address
        assert '"bindings"' in ask("SELECT * { ?s ?p ?o } LIMIT 1")
    with Canary() as other, bare_worker(attacked_home, network=True) as ask:
        assert "tweet" in ask(f"SELECT * {{ SERVICE <{other.addresses()[0]}> {{ ?x ?p ?o }} }}")
        assert len(other.heard) == 1

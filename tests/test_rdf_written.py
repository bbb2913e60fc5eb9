"""Triples and quads written in the web process: the bytes of writing them at once, in every format and order."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest

from msevidence.server.formats import RDF_FORMATS
from msevidence.server.rdf_written import in_order, written
from msevidence.server.resources import WRITTEN
from tests.pages_site import quads


@pytest.fixture(scope="module")
def statements() -> list[ox.Quad]:
    """Return the small graph, some of it twice, in no order."""
    found = quads()
    again = [*found, *found[::7]]
    random.Random(1).shuffle(again)
    assert len(set(found)) > 1_000
    return again


def test_the_order_is_that_of_the_texts(statements: list[ox.Quad]) -> None:
    assert in_order(statements) == sorted(set(statements), key=str)
    triples = [quad.triple for quad in statements]
    assert in_order(iter(triples)) == sorted(set(triples), key=str)
    assert in_order(triples) != triples


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_one_by_one_is_as_at_once(name: str, statements: list[ox.Quad]) -> None:
    format = RDF_FORMATS[name].engine
    prefixes = WRITTEN if name in ("turtle", "trig") else None
    if format.supports_datasets:
        at_once = ox.serialize(sorted(set(statements), key=str), format=format, prefixes=prefixes)
        assert written(statements, format, prefixes) == at_once
    triples = {quad.triple for quad in statements}
    one_by_one = written(iter(triples), format, prefixes)
    assert one_by_one == ox.serialize(sorted(triples, key=str), format=format, prefixes=prefixes)
    assert len(one_by_one) > 100_000
    assert written([], format) == (ox.serialize([], format=format) or b"")

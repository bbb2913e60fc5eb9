"""The figures of everything, counted from sets: the same as those of the count that lists what it counts."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from msevidence.server.count import of_everything
from msevidence.server.count_facts import Facts
from msevidence.server.count_figures import of_everything as figures_of_everything
from tests.count_graph import PREFIXES, Store, small

CYCLES = f"""{PREFIXES}
<registration/NCT00000601> a mse:Registration ; mse:denotesStudy <study/ring-a> .
<registration/NCT00000602> a mse:Registration .
<study/ring-a> a mse:Study ; mse:partOf <study/ring-b> .
<study/ring-b> a mse:Study ; mse:partOf <study/ring-a> .
<study/registered> a mse:Study ; mse:registeredAs <registration/NCT00000602> .
<document/e> a mse:Document .
<number-mention/e.1> a mse:NumberMention ; mse:inDocument <document/e> ; mse:printed "NCT00000601" ;
  mse:denotesRegistration <registration/NCT00000601> .
<number-mention/e.2> a mse:NumberMention ; mse:inDocument <document/e> ; mse:printed "NCT00000602" ;
  mse:denotesRegistration <registration/NCT00000602> .
<number-mention/e.3> a mse:NumberMention ; mse:inDocument <document/e> ; mse:printed "NCT 0000 0602" ;
  mse:denotesRegistration <registration/NCT00000602> .
<number-mention/e.4> a mse:NumberMention ; mse:inDocument <document/e> ; mse:printed "NCT00000501" ;
  mse:denotesRegistration <registration/NCT00000501> .
"""
"""Studies that are parts of each other, one that only says itself as what it is registered, a number of no study."""


def with_cycles() -> Store:
    return small(quad.triple for quad in ox.parse(CYCLES, ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("graph", ["small", "cycles", "real"])
def test_both_ways_count_alike(real_store: ox.Store, graph: str) -> None:
    store = {"small": small, "cycles": with_cycles, "real": lambda: Store(real_store)}[graph]()
    listed, counted = of_everything(Facts(store)), figures_of_everything(store)
    places = [listed, *listed.documents, *listed.sources]
    figures = [counted.total, *counted.documents, *counted.sources]
    assert len(places) > 2
    for place, one in zip(places, figures, strict=True):
        wanted = place.figures()
        assert (one.where, one.title) == (place.where, place.title)
        assert one.counted == {name: wanted[name] for name in one.counted}, one.where
    assert counted.total.counted["kept_apart"] == listed.figures()["kept_apart"] > 0
    assert {"printed", "studies", "listed", "parts", "publications"} <= counted.total.counted.keys()

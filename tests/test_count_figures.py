"""The figures of everything, which the build counts from sets: the same as of the count that lists what it counts."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders import index_counts, index_statistics
from msevidence.loaders.index_counts import ALL, DOCUMENT, KEPT_APART, SOURCE
from msevidence.loaders.index_graph import IndexedGraph
from msevidence.ontology.iris import BASE
from msevidence.ontology.naming import expand
from msevidence.server import count_figures, releases
from msevidence.server.count import of_everything
from msevidence.server.count_facts import Facts
from msevidence.server.index import index
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


def as_index_reads(store: ox.Store, folder: Path) -> IndexedGraph:
    written = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    data, scratch = folder / "data.nq", folder / "scratch"
    data.write_bytes(b"".join(sorted(written.splitlines(keepends=True))))
    scratch.mkdir()
    return IndexedGraph(data, scratch)


@pytest.mark.parametrize("graph", ["small", "cycles", "real"])
def test_both_ways_count_alike(real_store: ox.Store, tmp_path: Path, graph: str) -> None:
    store = {"small": small, "cycles": with_cycles, "real": lambda: Store(real_store)}[graph]()
    listed, counted = of_everything(Facts(store)), list(index_counts.counted(as_index_reads(store.store, tmp_path)))
    places = [*listed.documents, *listed.sources, listed]
    assert [one.place for one in counted] == [place.where for place in places]
    assert len(places) > 2
    for place, one in zip(places, counted, strict=True):
        wanted = place.figures()
        assert one.counts == {name: wanted[name] for name in one.counts}, one.place
    kinds = [DOCUMENT] * len(listed.documents) + [SOURCE] * len(listed.sources) + [ALL]
    assert [one.kind for one in counted] == kinds
    assert counted[-1].counts[KEPT_APART] > 0
    assert {"printed", "studies", "listed", "parts", "publications", KEPT_APART} <= counted[-1].counts.keys()


def test_page_reads_what_was_counted(release_home: Path) -> None:
    release = releases.current(release_home)
    listed = of_everything(Facts(Store(ox.Store.read_only(str(release.store)))))
    everything, documents = count_figures.of_everything(release), count_figures.of_documents(release, 0, 100)
    wanted = listed.figures()
    assert everything.counted == {name: wanted[name] for name in everything.counted}
    assert [one.where for one in documents] == [one.where for one in listed.documents]
    assert count_figures.of_documents(release, 1, 1) == documents[1:2]
    assert [one.where for one in count_figures.of_sources(release)] == [one.where for one in listed.sources]


def test_statistics_are_those_of_the_whole_graph(release_home: Path) -> None:
    release = releases.current(release_home)
    store, kept = ox.Store.read_only(str(release.store)), index(release)
    asked = store.query("SELECT (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) WHERE { ?s ?p ?o }")
    assert isinstance(asked, ox.QuerySolutions)
    [row] = asked
    counted = {name: int(row[name].value) for name in ("subjects", "objects")}
    assert dict(kept.rows("SELECT what, count FROM statistic")) == counted
    properties = " ".join(f"<{expand(name)}>" for name in index_statistics.LINKS)
    links = store.query(f"""
      SELECT ?p ?space (COUNT(*) AS ?count) WHERE {{
        VALUES ?p {{ {properties} }} ?s ?p ?o
        FILTER(isIRI(?o) && STRSTARTS(STR(?s), "{BASE}") && !STRSTARTS(STR(?o), "{BASE}"))
        BIND(REPLACE(STR(?o), "^([a-z]+://[^/]+/).*$", "$1") AS ?space) }}
      GROUP BY ?p ?space""")
    assert isinstance(links, ox.QuerySolutions)
    wanted = {(one["p"].value, one["space"].value): int(one["count"].value) for one in links}
    found = {(p, space): n for p, space, n in kept.rows("SELECT property, space, count FROM link_count")}
    assert found == wanted
    assert len(wanted) > 2

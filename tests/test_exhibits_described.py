"""The things that a page is about, as RDF: all of them in few questions, and what is said of each."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.ontology.iris import BASE
from msevidence.server import exhibit_page
from msevidence.server.errors import ResultTooLarge
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.local_lane import LocalLane
from msevidence.server.releases import current
from tests.pages_site import FILLERS, publish_pages
from tests.test_resources_quads import NAMING

N_TRIPLES = RDF_FORMATS["nt"]


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> LocalLane:
    home: Path = tmp_path_factory.mktemp("pages")
    publish_pages(home)
    return LocalLane(current(home), ox.Store.read_only(str(current(home).store)))


def said_of(lane: LocalLane, iri: str) -> set[ox.Triple]:
    """Return what is said of one thing, and the names of what it is said with."""
    store = ox.Store.read_only(str(lane.release.store))
    own = {quad.triple for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())}
    objects = {triple.object for triple in own if isinstance(triple.object, ox.NamedNode)}
    around = [quad.triple for one in objects for quad in store.quads_for_pattern(one, None, None, ox.DefaultGraph())]
    return own | {triple for triple in around if triple.predicate.value in NAMING}


def test_things_are_asked_for_together(lane: LocalLane, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = [f"{BASE}claim/to.filler{number:04}.1.1" for number in range(FILLERS)]
    subjects += [f"{BASE}{path}" for path in ("study/first", "document/one", "study/first", "study/none")]
    expected = set().union(*(said_of(lane, iri) for iri in subjects))
    at_once, asked = exhibit_page.described(lane, subjects, N_TRIPLES), []
    assert {quad.triple for quad in ox.parse(at_once, ox.RdfFormat.N_TRIPLES)} == expected
    assert len(expected) > 4 * FILLERS
    construct = lane.construct
    monkeypatch.setattr(lane, "construct", lambda *given: asked.append(given) or construct(*given))
    monkeypatch.setattr(exhibit_page, "AT_ONCE", 50)
    assert exhibit_page.described(lane, subjects, N_TRIPLES) == at_once
    assert len(asked) == 3
    assert exhibit_page.described(lane, [], N_TRIPLES) == b""


def test_too_many_things_are_refused(lane: LocalLane) -> None:
    with pytest.raises(ResultTooLarge):
        exhibit_page.described(lane, [f"urn:{number}" for number in range(exhibit_page.MOST + 1)], N_TRIPLES)

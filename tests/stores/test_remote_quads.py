"""Resources as data from a store elsewhere, by named graph and many at once: the bytes of the embedded store."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.ontology.iris import BASE
from msevidence.server import exhibit_page, resources
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.labels import RDF_TYPE
from msevidence.server.local_lane import LocalLane
from msevidence.server.releases import current
from tests.stores.holding import Holding, differences
from tests.test_resources_quads import NQ, REAL


@pytest.mark.parametrize("path", REAL)
def test_what_graphs_state_is_the_same(path: str, held: Holding, release_home: Path) -> None:
    release = current(release_home)
    embedded = ox.Store.read_only(str(release.store))
    ours, theirs = (resources.data(LocalLane(release, store), BASE + path, NQ) for store in (embedded, held.store))
    assert len(ours) > 500
    assert ours == theirs, differences(ours, theirs)


def test_what_is_said_of_many_things_is_the_same(held: Holding, release_home: Path) -> None:
    release = current(release_home)
    embedded = ox.Store.read_only(str(release.store))
    rdf_type, claim = ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{BASE}ontology#Claim")
    things = sorted(q.subject.value for q in embedded.quads_for_pattern(None, rdf_type, claim, ox.DefaultGraph()))
    asked = [*things, *(BASE + path for path in REAL)]
    lanes = (LocalLane(release, store) for store in (embedded, held.store))
    ours, theirs = (exhibit_page.described(lane, asked, RDF_FORMATS["nt"]) for lane in lanes)
    assert len(things) > exhibit_page.AT_ONCE, "asked in several parts"
    assert ours == theirs, differences(ours, theirs)

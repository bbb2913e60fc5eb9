"""A resource by named graph from a store elsewhere: the same bytes as from the embedded store."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.ontology.iris import BASE
from msevidence.server import resources
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

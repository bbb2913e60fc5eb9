"""What all tests share: the folder ``../shared`` where there is one, and the real graph, built once."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.build import Graph, assemble, build
from tests.graph import DATA, store_of

SHARED = Path(__file__).parent.parent.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests that use ``../shared`` where that folder is absent."""
    if SHARED.is_dir():
        return
    absent = pytest.mark.skip(reason="../shared is absent")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder ``../shared``; only for tests marked ``shared``."""
    assert SHARED.is_dir(), "mark the test with pytest.mark.shared"
    return SHARED


@pytest.fixture(scope="session")
def real_graph() -> Graph:
    """All statements of ``data/``."""
    return assemble(DATA)


@pytest.fixture(scope="session")
def real_store(real_graph: Graph) -> ox.Store:
    """The real graph in a store in memory, with its merge as the default graph. Do not change it."""
    return store_of(real_graph)


@pytest.fixture(scope="session")
def release_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real graph, validated and published."""
    home = tmp_path_factory.mktemp("home")
    build(DATA, home)
    return home

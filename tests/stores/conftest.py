"""What tests of other stores share: servers that run for real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores.holding import Holding, holding
from tests.stores.servers import Server, oxigraph, virtuoso


@pytest.fixture
def oxigraph_server() -> Iterator[Server]:
    """Return an Oxigraph server of the test's own, empty."""
    with oxigraph() as server:
        yield server


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the one Virtuoso of all tests; the test is skipped where it is not installed."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server


@pytest.fixture(scope="session")
def oxigraph_holding(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holding]:
    """Return an Oxigraph server that holds the release of the real data."""
    with holding("oxigraph", release_home, tmp_path_factory.mktemp("holding")) as held:
        yield held


@pytest.fixture(scope="session")
def virtuoso_holding(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holding]:
    """Return a Virtuoso that holds it, its default graph under a name; skipped where there is no Virtuoso."""
    with holding("virtuoso", release_home, tmp_path_factory.mktemp("holding")) as held:
        yield held


@pytest.fixture(params=["oxigraph", "virtuoso"])
def held(request: pytest.FixtureRequest) -> Holding:
    """Return each of them."""
    found: Holding = request.getfixturevalue(f"{request.param}_holding")
    return found

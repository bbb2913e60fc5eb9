"""What tests of other stores share: servers that run for real."""

from collections.abc import Iterator

import pytest

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

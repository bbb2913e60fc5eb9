"""Fixtures of all tests: the folder ``../shared``, and one release of the real graph that is built once."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.assembly import Graph, assemble
from msevidence.loaders.build import build
from tests.graph import store_of

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where SHARED_REQUIRED is set, fail a test of ../shared that was skipped: CI must not pass on nothing."""
    report = yield
    if report.skipped and item.get_closest_marker("shared") and os.environ.get("SHARED_REQUIRED"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and SHARED_REQUIRED is set: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return ``../shared``; the test is skipped where it is absent, unless SHARED_REQUIRED is set."""
    if not SHARED.is_dir():
        if os.environ.get("SHARED_REQUIRED"):
            pytest.fail("../shared is required here (SHARED_REQUIRED is set) and is not there")
        pytest.skip("../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the project's own data."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def real_graph(data_dir: Path) -> Graph:
    """Return all statements of the real data."""
    return assemble(data_dir)


@pytest.fixture(scope="session")
def real_store(real_graph: Graph) -> ox.Store:
    """Return the real graph in a store in memory, its merge as the default graph. Tests must not change it."""
    return store_of(real_graph)


@pytest.fixture(scope="session")
def release_home(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """Return a home with one release, of the real data; built once for all tests, which must not write to it."""
    home = tmp_path_factory.mktemp("release-home")
    build(data_dir, home)
    return home


@pytest.fixture
def other_directory(tmp_path: Path) -> Iterator[Path]:
    """Run the test in a directory of its own, so that nothing is found beside the checkout by accident."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)

"""One small release for all attacks, and a server over it with a deadline of one second."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.serving import Serving, serving
from tests.pages_site import publish_pages


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where a client can not choose its address: only Linux has all of 127.0.0.0/8."""
    for item in items:
        if sys.platform != "linux" and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="only Linux has all of 127.0.0.0/8"))


@pytest.fixture(scope="session")
def attacked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the small release of the pages' tests."""
    home = tmp_path_factory.mktemp("attacked")
    publish_pages(home)
    return home


@pytest.fixture(scope="module")
def attacked(attacked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Serve it as an operator would; whatever strangers did, the log names no fault of ours at the end."""
    with serving(
        attacked_home, "--deadline", "1", "--workers", "4", log=tmp_path_factory.mktemp("log") / "log"
    ) as server:
        yield server
    said = server.said()
    assert "Traceback" not in said, said[-3000:]

"""What the browser tests share: one Chromium, one server over the real graph and one over the small one, axe-core.

They need Debian's chromium, the package playwright, and for axe-core the packages of npm (`make` fetches them). A test
that lacks one is skipped, unless BROWSER_REQUIRED is set. Screenshots go to the folder that SHOTS names, if it is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages_site import publish_pages
from tests.server_fixtures import running

if TYPE_CHECKING:
    from playwright import sync_api

# Without playwright there is nothing to collect; where the browser is required, its absence is an error of the import.
collect_ignore_glob = [] if os.environ.get("BROWSER_REQUIRED") or find_spec("playwright") else ["test_*.py"]

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VENDOR = ROOT / "server" / "static" / "vendor" / "yasqe.min.js"
FOLLOWED = pytest.StashKey[set[str]]()


def needed(file: Path, what: str) -> None:
    """Skip the test where a file is absent, or fail it where BROWSER_REQUIRED is set."""
    if not file.exists():
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail(f"{what} is required here (BROWSER_REQUIRED is set) and is not there: {file}")
        pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def browser() -> Iterator[sync_api.Browser]:
    """Return the one browser of all tests; each makes contexts of its own."""
    needed(CHROMIUM, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def real_site(release_home: Path) -> Iterator[str]:
    """Return the address of a server over the real graph."""
    with running(release_home) as endpoint:
        yield endpoint.removesuffix("/sparql")


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server over the small graph."""
    home = tmp_path_factory.mktemp("browser")
    publish_pages(home)
    with running(home) as endpoint:
        yield endpoint.removesuffix("/sparql")


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the text of axe-core."""
    needed(AXE, "axe-core")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def editor_files() -> None:
    """Have the files of the query editor."""
    needed(VENDOR, "the query editor")


@pytest.fixture(scope="session")
def followed(request: pytest.FixtureRequest) -> set[str]:
    """Return the links that were followed in this run, each once."""
    return request.config.stash.setdefault(FOLLOWED, set())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many links were followed."""
    if followed := config.stash.get(FOLLOWED, set()):
        terminalreporter.write_line(f"{len(followed)} links of pages were followed")

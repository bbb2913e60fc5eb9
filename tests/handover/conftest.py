"""What tests of exports share: the real release, opened once, and a way to export from it."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import Files, Handover, Options
from msevidence.server.exports.scope import Selection, found
from msevidence.server.labels import Labels
from msevidence.server.local_lane import LocalLane
from msevidence.server.releases import current

Export = Callable[..., Files]


@pytest.fixture(scope="session")
def release_store(release_home: Path) -> ox.Store:
    """Return the store of the real release, read only."""
    return ox.Store.read_only(str(current(release_home).store))


@pytest.fixture(scope="session")
def lane(release_home: Path, release_store: ox.Store) -> LocalLane:
    """Return a lane over the real release."""
    return LocalLane(current(release_home), release_store)


@pytest.fixture(scope="session")
def handover(lane: LocalLane) -> Callable[..., Handover]:
    """Return what makes a handover: of all, or of ``studies=``, ``documents=``, ``statuses=``, ``things=``."""

    def made(*, language: str = "en", options: Options | None = None, **selection: list[str]) -> Handover:
        scope = found(lane, Selection(**selection))
        return Handover(lane, Labels(lane, language), language, scope, "https://kg.example/", options or Options())

    return made


@pytest.fixture(scope="session")
def export(handover: Callable[..., Handover]) -> Export:
    """Return what exports a format, with the arguments of ``handover``."""

    def exported(name: str, **asked: object) -> Files:
        return EXPORTS[name].write(handover(**asked))

    return exported

"""The whole product on a store elsewhere: pages, exports, review and commands give the bytes of the embedded store."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from msevidence.server.app import create_app
from msevidence.server.cli import run
from msevidence.server.exports.formats import EXPORTS
from msevidence.server.remote_place import Place
from msevidence.server.settings import Settings
from tests.browser.page_types import REAL
from tests.stores.holding import Holding, cannot, differences

HTML = {"Accept": "text/html"}
WHOLES = ("nquads", "ris", "csvw", "html-tables", "sssom")
"""Formats that are exported of the whole release, too: most ask the same of it as of a part, and take longer."""
PART = ("--study", "ram-ms")
ASKED = [
    *((name, PART if format.parts else ()) for name, format in EXPORTS.items()),
    *((name, ()) for name in WHOLES),
    *((name, (*PART, "--graph", "identity")) for name, format in EXPORTS.items() if format.module == "networks"),
]
"""Formats, and options of the command."""
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "query": ("query", "--name", "exclusion-reasons", "--format", "csv"),
    "show": ("show", "NCT00273364"),
    "show-sentence": ("show", "Some patients still experience relapses"),
    "count": ("count", "--document", "fhi-2021", "--json"),
    "review": ("review", "fhi-2021", "--json"),
    "sssom": ("sssom",),
}


@contextmanager
def _serving(home: Path, place: Place | None) -> Iterator[FlaskClient]:
    app = create_app(home, Settings(store=None if place is None else str(place), page_deadline=60, deadline=60))
    try:
        yield app.test_client()
    finally:
        app.extensions["msevidence"].close()


@pytest.fixture(scope="session")
def embedded_pages(release_home: Path) -> Mapping[str, bytes]:
    """Return a page of each type as the embedded store gives it."""
    with _serving(release_home, None) as client:
        return {name: client.get(path, headers=HTML).data for name, path in REAL.items()}


def test_every_type_of_page_is_the_same(held: Holding, release_home: Path, embedded_pages: Mapping[str, bytes]) -> None:
    listed = cannot("page", held.engine)
    assert len(embedded_pages) > 40
    assert listed.keys() <= REAL.keys()
    differ = set()
    with _serving(release_home, held.place) as client:
        for name, path in REAL.items():
            there = client.get(path, headers=HTML).data
            if there != embedded_pages[name]:
                differ.add(name)
                assert name in listed, (name, differences(embedded_pages[name], there))
        health = client.get("/health").json
        described = client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert health is not None
    assert (health["status"], health["store"]) == ("ok", str(held.place))
    assert "answered by a SPARQL store elsewhere" in described
    always = {name for name, entry in listed.items() if not entry.get("sometimes", False)}
    assert always <= differ, "listed in cannot.toml, and the same"


@pytest.mark.parametrize(("format_", "asked"), ASKED, ids=[" ".join((name, *asked)) for name, asked in ASKED])
def test_exports_have_the_same_bytes(
    format_: str,
    asked: tuple[str, ...],
    held: Holding,
    release_home: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    files = []
    for name, more in (("ours.zip", []), ("theirs.zip", ["--store", str(held.place)])):
        target = tmp_path / name
        code = run(["export", format_, *asked, "--home", str(release_home), "--output", str(target), *more])
        assert code == 0, capfd.readouterr().err
        files.append(target.read_bytes())
    listed = format_ in cannot("export", held.engine)
    assert (files[0] != files[1]) is listed


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_say_the_same(
    command: str, held: Holding, release_home: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    said = []
    for more in ([], ["--store", str(held.place)]):
        code = run([*COMMANDS[command], "--home", str(release_home), *more])
        out, err = capfdbinary.readouterr()
        assert code == 0, err
        said.append(out)
    assert len(said[0]) > 100
    assert said[0] == said[1], differences(*said)

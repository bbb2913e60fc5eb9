"""Commands killed at each of their steps and at random: what is served is whole, and the same command goes through.

``test_release_faults`` kills a build at its named stages; here it dies at every change of the disk, and so do the other
commands that write.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytest import TempPathFactory

from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.release_verify import examine, verify
from msevidence.loaders.stores.journal import Journal
from msevidence.loaders.stores.reading import graph_names, read_graph
from msevidence.server.releases import current
from tests.exports.test_conversion import page, study
from tests.faults.sizes import FULL, size
from tests.faults.small_data import small_data
from tests.faults.stepping import Ended, Order, Stepper, stepper
from tests.release_helper import BASE
from tests.stores.servers import Server, oxigraph
from tests.stores.test_push import client_of


@pytest.fixture(scope="module")
def steps(tmp_path_factory: TempPathFactory) -> Iterator[Stepper]:
    """Return what runs the commands."""
    with stepper(tmp_path_factory.mktemp("stepper")) as one:
        yield one


def done(ended: Ended) -> Ended:
    """Return a command that ended well, and left nothing running."""
    assert (ended.code, ended.left) == (0, ()), ended.said
    return ended


def dead(ended: Ended) -> Ended:
    """Return a command that was killed, with all that it had started gone."""
    assert (ended.code, ended.left) == (-signal.SIGKILL, ()), ended.said
    return ended


def served(home: Path) -> str:
    """Return the id of the current release, which must be whole."""
    assert verify(home) == []
    return current(home).id


def tidy(home: Path, ids: set[str]) -> None:
    """Assert that a home has these releases, each whole, two of them with their stores, and nothing else."""
    stores = {p.parent.name for p in (home / "releases").glob("*/store")}
    assert len(stores) == 2 and current(home).id in stores
    assert {p.name for p in home.iterdir()} - {"sources", "converted"} == {".lock", "current", "releases"}
    assert {p.name for p in (home / "releases").iterdir()} == ids
    assert all(examine(home / "releases" / one).faults == [] for one in ids)
    derived = {"store", "store.sha256", "index.sqlite", "index.sha256"}
    for one in ids:
        found = {p.name for p in (home / "releases" / one).iterdir()} & derived
        assert found == (derived if one in stores else set()), one


def chosen(ended: Ended, most: int, wanted: tuple[str, ...] = ("rename", "replace")) -> list[tuple[str, int]]:
    """Return the steps to die at: all where all is asked for, else the first of so many kinds, and of ``wanted``."""
    if FULL:
        return ended.counted()
    kinds = [step for step in ended.counted() if step[1] == 0]
    must = [step for step in kinds if step[0].startswith(wanted)]
    others = [step for step in kinds if step not in must]
    rest = random.Random(most).sample(others, min(len(others), max(0, most - len(must))))
    return [step for step in kinds if step in must or step in rest]


def published(steps: Stepper, home: Path, *words: str) -> list[str]:
    """Publish the releases of these words, and return their ids."""
    ids = []
    for word in words:
        done(steps.run(Order("publish", (str(home), word))))
        ids.append(current(home).id)
    return ids


@pytest.mark.parametrize(
    ("before", "word"),
    [(("one", "two"), "three"), (("one", "two", "three"), "one")],
    ids=["a new release", "one whose store was pruned"],
)
def test_a_publisher_that_is_killed_at_any_step(
    steps: Stepper, tmp_path: Path, before: tuple[str, ...], word: str
) -> None:
    template, home = tmp_path / "template", tmp_path / "home"
    ids = published(steps, template, *before)
    order = Order("publish", (str(home), word), str(home))

    def anew() -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(template, home, symlinks=True)

    anew()
    undisturbed = done(steps.run(order))
    old, new = ids[-1], current(home).id
    all_ids = {*ids, new}
    tidy(home, all_ids)
    assert len(undisturbed.steps) > 60 and undisturbed.steps[-1] == "end"
    anew()
    for step in chosen(undisturbed, 14):
        killed = dead(steps.run(replace(order, kill=step)))
        assert served(home) == (new if killed.past("replace .current-new current") else old), step
        assert {p.name for p in (home / "releases").glob("[!.]*")} <= all_ids
        if any(s.startswith("rename") for s in killed.steps[:-1]):  # so that another one meets all steps again
            done(steps.run(order))
            assert served(home) == new
            tidy(home, all_ids)
            anew()
    done(steps.run(order))
    assert served(home) == new
    tidy(home, all_ids)


def test_a_publisher_that_is_killed_at_random_moments(steps: Stepper, tmp_path: Path) -> None:
    """What the engine and SQLite write by themselves is met so: large enough a graph that they write for a while."""
    home = tmp_path / "home"
    (old,) = published(steps, home, "one")
    other = tmp_path / "other"
    long = done(steps.run(Order("publish", (str(other), "large")))).seconds
    new = current(other).id
    moments = random.Random(7)
    kills = 0
    for _ in range(size(20, 200)):
        ended = steps.run(Order("publish", (str(home), "large"), after=moments.uniform(0, long)))
        assert ended.left == ()
        kills += ended.killed
        assert served(home) in ((old, new) if ended.killed else (new,))
        if current(home).id == new:
            shutil.rmtree(home)
            published(steps, home, "one")
    assert kills >= size(20, 200) // 2
    assert published(steps, home, "large") == [new]
    tidy(home, {old, new})


@pytest.fixture(scope="module")
def data(tmp_path_factory: TempPathFactory) -> Path:
    """Return a folder of data."""
    return small_data(tmp_path_factory.mktemp("data") / "data")


@dataclass(frozen=True)
class Built:
    """A home with the release of the data, and how long that took."""

    home: Path
    id: str
    seconds: float


@pytest.fixture(scope="module")
def built(steps: Stepper, data: Path, tmp_path_factory: TempPathFactory) -> Built:
    """Build the data undisturbed."""
    home = tmp_path_factory.mktemp("built") / "home"
    ended = done(steps.run(Order("cli", ("build", "--data", str(data), "--home", str(home)))))
    return Built(home, current(home).id, ended.seconds)


def test_a_build_that_is_killed_at_random_moments(steps: Stepper, data: Path, built: Built, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (old,) = published(steps, home, "one")
    order = Order("cli", ("build", "--data", str(data), "--home", str(home)))
    moments = random.Random(8)
    for _ in range(size(3, 40)):
        # The first half of a build reads; from there on, it writes.
        ended = steps.run(replace(order, after=moments.uniform(0.4, 1) * built.seconds))
        assert ended.left == ()
        assert served(home) in ((old, built.id) if ended.killed else (built.id,))
    done(steps.run(order))
    assert served(home) == built.id
    tidy(home, {old, built.id})


@pytest.fixture(scope="module")
def export_file(tmp_path_factory: TempPathFactory) -> Path:
    """Return an export of a registry."""
    file = tmp_path_factory.mktemp("export") / "studies.json"
    file.write_bytes(page(*(study(f"NCT9123456{n}", f"A study of {n} cells") for n in range(5))))
    return file


def whole_sources(home: Path) -> list[str]:
    """Return the names of the sources that a build would take, each of which must be whole."""
    sources = Sources(home)
    for source in sources.all():
        content = sources.path(source).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (source.sha256, source.bytes)
    return [source.name for source in sources.all()]


def no_scraps(home: Path) -> None:
    """Assert that nothing is left of sources but what is kept, and what it was converted to."""
    kept = {source.sha256 for source in Sources(home).all()}
    assert {p.name for p in (home / "sources").iterdir()} == kept | {f"{sha256}.json" for sha256 in kept}
    converted = list((home / "converted").glob("*")) if (home / "converted").exists() else []
    assert len(converted) <= 1
    assert {p.name for folder in converted for p in folder.iterdir()} == kept


def test_a_load_that_is_killed_at_any_step(steps: Stepper, export_file: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    order = Order("cli", ("load", "--no-build", str(export_file), "--home", str(home)), str(home))
    undisturbed = done(steps.run(order))
    no_scraps(home)
    shutil.rmtree(home)
    for step in chosen(undisturbed, 8):
        killed = dead(steps.run(replace(order, kill=step)))
        kept = killed.past("rename sources/.#.json sources/#.json")
        assert whole_sources(home) == ([export_file.name] if kept else [])
        if kept:
            done(steps.run(order))
            no_scraps(home)
            shutil.rmtree(home)
    done(steps.run(order))
    assert whole_sources(home) == [export_file.name]
    no_scraps(home)


def test_a_forget_that_is_killed_at_any_step(
    steps: Stepper, export_file: Path, data: Path, built: Built, tmp_path: Path
) -> None:
    template, home = tmp_path / "template", tmp_path / "home"
    shutil.copytree(built.home, template, symlinks=True)
    load = ("load", "--no-build", str(export_file), "--home")
    done(steps.run(Order("cli", (*load, str(template)))))
    order = Order("cli", ("forget", export_file.name, "--data", str(data), "--home", str(home)), str(home))
    shutil.copytree(template, home, symlinks=True)
    undisturbed = done(steps.run(order))
    assert whole_sources(home) == [] and served(home) == built.id
    no_scraps(home)
    drops = [step for step in undisturbed.counted() if "sources" in step[0] or "converted" in step[0]]
    assert len(drops) >= 5
    for step in drops:
        shutil.rmtree(home)
        shutil.copytree(template, home, symlinks=True)
        killed = dead(steps.run(replace(order, kill=step)))
        assert served(home) == built.id
        forgotten = killed.past("unlink sources/#.json")
        assert whole_sources(home) == ([] if forgotten else [export_file.name])
        done(steps.run(Order("cli", (*load, str(home)))))
        no_scraps(home)
    done(steps.run(order))
    assert whole_sources(home) == [] and served(home) == built.id
    no_scraps(home)


@pytest.mark.parametrize(("form", "name"), [("nquads", "graph.nq"), ("trig", "folder")])
def test_an_export_that_is_killed_at_any_step(steps: Stepper, tmp_path: Path, form: str, name: str) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    published(steps, home, "one")
    target = out / name
    given = f"{target}/" if form == "trig" else str(target)
    order = Order("cli", ("export", form, "--output", given, "--home", str(home)), str(out))
    out.mkdir()
    undisturbed = done(steps.run(order))
    new = content(target)
    assert new
    for step in chosen(undisturbed, 6):
        shutil.rmtree(out)
        out.mkdir()
        if form == "nquads":
            target.write_bytes(b"what was there before")
        before = content(target)
        killed = dead(steps.run(replace(order, kill=step)))
        assert content(target) == (new if killed.steps[-1] == "end" else before)
        if content(target) == before:
            done(steps.run(order))
        assert content(target) == new
        assert [p.name for p in out.iterdir()] == [name]


def content(path: Path) -> dict[str, bytes] | bytes | None:
    if path.is_dir():
        return {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}
    return path.read_bytes() if path.exists() else None


def held(server: Server) -> dict[str, frozenset[str]]:
    """Return the graphs that a store has for its readers: all but the journal, and what is written aside."""
    client = client_of(server)
    names = [n for n in graph_names(client) if n != Journal(client, BASE).graph and "/staged-" not in n]
    return {name or "": frozenset(map(str, read_graph(client, name))) for name in [*names, None]}


def test_a_push_that_is_killed_at_any_request_goes_on(steps: Stepper, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    published(steps, one, "one")
    published(steps, two, "two")

    def order(server: Server, home: Path, *more: str, kill: tuple[str, int] | None = None) -> Order:
        services = ("--query", server.query, "--update", server.update)
        return Order("cli", ("push", *services, "--home", str(home), *more), str(tmp_path / "nothing"), kill=kill)

    with oxigraph() as server:
        done(steps.run(order(server, one)))
        old = held(server)
        undisturbed = done(steps.run(order(server, two)))
        new = held(server)
        assert old != new
        done(steps.run(order(server, one)))
        assert held(server) == old
        among = [step for step in undisturbed.counted() if step[0].startswith("sen")]
        assert len(among) > 20
        for step in among if FULL else random.Random(9).sample(among, 8):
            dead(steps.run(order(server, two, "--resume", kill=step)))
            if held(server) != new:
                assert held(server) == old
                done(steps.run(order(server, two, "--resume")))
            assert held(server) == new
            done(steps.run(order(server, two, "--resume")))
            done(steps.run(order(server, one, "--rewrite")))
            assert held(server) == old
        assert not [name for name in graph_names(client_of(server)) if "/staged-" in name]

"""Pulls that are killed, or have no room: what was pulled before is there or what is pulled now, and it goes through.

The other agency's store is a server of the test. It holds one release, which has been pulled, and then another.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytest import TempPathFactory

from msevidence.loaders.build import build
from msevidence.loaders.exports.sources import Sources
from msevidence.server.releases import current
from tests.faults.sizes import FULL, size
from tests.faults.small_data import small_data
from tests.faults.small_disk import KIB, small_disk
from tests.faults.stepping import Order, Stepper, stepper
from tests.faults.test_disk_full import LARGE, refused, until_it_fits
from tests.faults.test_killed import chosen, dead, done, no_scraps, served, whole_sources
from tests.stores.agencies import THERE
from tests.stores.servers import Server, oxigraph
from tests.stores.test_pull import push_home
from tests.stores.test_push import client_of

RENAMED = """WITH <https://w3id.org/msevidence/graph/studies>
DELETE { ?s ?label ?old } INSERT { ?s ?label "Another"@en }
WHERE { VALUES ?label { <http://www.w3.org/2000/01/rdf-schema#label> } ?s ?label ?old }"""

INTO, AWAY = ".#.json sources/#.json", "#.json sources/.incoming/#.json"
"""How the entry of a source comes, and how it goes."""
ROOMS = range(128, 4096, 64)
"""KiB that a pull with its build has beside what there is; what is pulled takes the first hundred or so."""


@pytest.fixture(scope="module")
def steps(tmp_path_factory: TempPathFactory) -> Iterator[Stepper]:
    """Return what runs the commands."""
    with stepper(tmp_path_factory.mktemp("stepper")) as one:
        yield one


@dataclass(frozen=True)
class Pulls:
    """A home that has pulled what a store had before, and the store, which has something else now."""

    template: Path
    """With a release of the first pull."""
    data: Path
    server: Server
    first: str
    """The SHA-256 of the source that was pulled before, and"""
    second: str
    """of that which is pulled now."""
    seconds: float
    """What the second pull takes, with its build."""
    built: tuple[str, str]
    """The releases with the first and with the second."""

    def order(self, home: Path, *more: str) -> Order:
        """Return a pull."""
        words = ("pull", "--query", self.server.query, "--data", str(self.data), "--home", str(home), *more)
        return Order("cli", words, str(home))

    def anew(self, home: Path) -> None:
        """Put the home of before the second pull in place."""
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.template, home, symlinks=True)

    def kept(self, home: Path) -> list[str]:
        """Return which of the two a home has, each of which must be whole."""
        whole_sources(home)
        return sorted({self.first: "first", self.second: "second"}[s.sha256] for s in Sources(home).all())


@pytest.fixture(scope="module")
def pulls(steps: Stepper, tmp_path_factory: TempPathFactory) -> Iterator[Pulls]:
    """Pull twice, undisturbed."""
    folder = tmp_path_factory.mktemp("pulls")
    data, template, again = small_data(folder / "data"), folder / "template", folder / "again"
    build(THERE.write(folder / "there" / "data"), folder / "there" / "home")
    with oxigraph() as server:
        push_home(server, folder / "there" / "home")
        pull = Order("cli", ("pull", "--query", server.query, "--data", str(data), "--home", str(template)))
        done(steps.run(pull))
        (first,) = Sources(template).all()
        client_of(server).update(RENAMED)
        shutil.copytree(template, again, symlinks=True)
        ended = done(steps.run(replace(pull, arguments=(*pull.arguments[:-1], str(again)))))
        (second,) = Sources(again).all()
        assert first != second
        releases = current(template).id, current(again).id
        assert releases[0] != releases[1]
        yield Pulls(template, data, server, first.sha256, second.sha256, ended.seconds, releases)


def test_a_pull_that_is_killed_at_any_step(steps: Stepper, pulls: Pulls, tmp_path: Path) -> None:
    """Until the build: both the old and the new are there for a moment, and never none."""
    home = tmp_path / "home"
    order = pulls.order(home, "--no-build")
    pulls.anew(home)
    undisturbed = done(steps.run(order))
    assert pulls.kept(home) == ["second"]
    no_scraps(home)
    assert len(undisturbed.steps) > 25
    seen = set()
    for step in undisturbed.counted() if FULL else chosen(undisturbed, 6, ("rename", "fsync")):
        pulls.anew(home)
        killed = dead(steps.run(replace(order, kill=step)))
        kept = pulls.kept(home)
        came, went = (killed.past(f"rename sources/{way}") for way in (INTO, AWAY))
        assert kept == sorted((["first"] if not went else []) + (["second"] if came else [])), step
        assert served(home) == pulls.built[0]
        seen.add(tuple(kept))
        done(steps.run(order))
        assert pulls.kept(home) == ["second"], step
        no_scraps(home)
    assert seen == {("first",), ("first", "second"), ("second",)}


def test_a_pull_with_its_build_that_is_killed_at_random_moments(steps: Stepper, pulls: Pulls, tmp_path: Path) -> None:
    """What processes of their own convert is met so as well, and what the engine writes."""
    home = tmp_path / "home"
    moments = random.Random(11)
    kills = 0
    for _ in range(size(2, 60)):
        pulls.anew(home)
        ended = steps.run(replace(pulls.order(home), after=moments.uniform(0.1, 0.8) * pulls.seconds))
        assert ended.left == ()
        kills += ended.killed
        kept = pulls.kept(home)
        assert kept in (["first"], ["first", "second"], ["second"])
        assert served(home) in (pulls.built if kept == ["second"] else pulls.built[:1])
        done(steps.run(pulls.order(home)))
        assert pulls.kept(home) == ["second"] and served(home) == pulls.built[1]
        no_scraps(home)
    assert kills >= size(1, 30)


def test_a_recheck_that_is_killed_at_any_step(steps: Stepper, pulls: Pulls, tmp_path: Path) -> None:
    home = tmp_path / "home"
    words = ("pull", "--recheck", "--no-build", "--data", str(pulls.data), "--home", str(home))
    order = Order("cli", words, str(home))
    pulls.anew(home)
    undisturbed = done(steps.run(order))
    for step in undisturbed.counted() if FULL else chosen(undisturbed, 5):
        dead(steps.run(replace(order, kill=step)))
        assert pulls.kept(home) == ["first"] and served(home) == pulls.built[0]
    done(steps.run(order))
    no_scraps(home)


def no_room(pulls: Pulls, home: Path, scratch: Path) -> Callable[[], None]:
    """Return what holds after a pull that had no room: all is as it was, and nothing lies about."""
    before = {p.relative_to(home) for p in home.rglob("*")}

    def whole() -> None:
        assert pulls.kept(home) == ["first"]
        assert served(home) == pulls.built[0]
        assert {p.relative_to(home) for p in home.rglob("*")} == before
        assert list(scratch.iterdir()) == []

    return whole


def test_a_pull_without_room_leaves_what_was_pulled_before(steps: Stepper, pulls: Pulls, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", LARGE) as disk:
        home, scratch = disk.path / "home", disk.path / "scratch"
        pulls.anew(home)
        scratch.mkdir()
        whole = no_room(pulls, home, scratch)
        order = replace(pulls.order(home, "--no-build"), environment={"TMPDIR": str(scratch)})
        said = until_it_fits(disk, steps, order, size(40, 4) * KIB, whole)
        assert len(said) >= size(4, 20)
        assert pulls.kept(home) == ["second"] and served(home) == pulls.built[0]
        no_scraps(home)
        assert list(scratch.iterdir()) == []


def test_a_pull_whose_build_has_no_room_leaves_what_was_pulled_before(
    steps: Stepper, pulls: Pulls, tmp_path: Path
) -> None:
    """The source of before comes back, for which there is no room either."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with small_disk(tmp_path / "disk", LARGE) as disk:
        home = disk.path / "home"
        pulls.anew(home)
        whole = no_room(pulls, home, scratch)
        order = replace(pulls.order(home), environment={"TMPDIR": str(scratch)})
        used, failed = disk.used(), 0
        for more in ROOMS if FULL else ROOMS[::12]:
            disk.resize(used + more * KIB)
            ended = steps.run(order)
            if ended.code == 0:
                pulls.anew(home)
                continue
            refused(ended, disk.path)
            whole()
            failed += ended.past(f"rename sources/{AWAY}")
        assert failed >= 2, "the build itself never had no room"
        disk.resize(LARGE)
        done(steps.run(order))
        assert pulls.kept(home) == ["second"] and served(home) == pulls.built[1]
        no_scraps(home)

"""Lanes go from release to release together: none is ahead of another, and what one can not serve none does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from msevidence.server import releases
from msevidence.server.admission import Admission
from msevidence.server.lane import Lane
from msevidence.server.pool import Question, Worker, WorkerFailedError
from msevidence.server.releases import Release
from msevidence.server.settings import Settings
from msevidence.server.spawner import Spawner
from msevidence.server.switching import Switching
from tests.server_fixtures import publish

ASK = Question("ASK {}", "json")


def data(mark: str) -> bytes:
    """Return a graph of one triple."""
    return f"<a:{mark}> <a:b> <a:c> <a:g> .\n".encode()


class Check:
    """Looks at a release as a server does, once the gate is open, and tells how often."""

    def __init__(self) -> None:
        self.gate, self.asked = threading.Event(), threading.Event()
        self.gate.set()
        self.looked: list[str] = []

    def __call__(self, release: Release) -> None:
        self.asked.set()
        assert self.gate.wait(30)
        self.looked.append(release.id)
        releases.check_store(release)


class Failing(Spawner):
    """A spawner that has no worker for one release."""

    without = ""

    def spawn(self, release: Release, *, network: bool = False) -> Worker:
        """Start a worker, or fail."""
        if release.id == self.without:
            raise WorkerFailedError("no worker for this one")
        return super().spawn(release, network=network)


@contextmanager
def two_lanes(home: Path) -> Iterator[tuple[Lane, Lane, Check, Failing]]:
    """Give two lanes of a server, what looks at releases, and what starts the workers of the second."""
    check = Check()
    switching = Switching(home, check)
    spawners = Spawner(Settings()), Failing(Settings())
    one, other = (
        Lane(name, home, spawner, Admission(1, 8, 16, 20.0), size=1, deadline=10.0, cap=1 << 20, switching=switching)
        for name, spawner in zip(("one", "other"), spawners, strict=True)
    )
    try:
        yield one, other, check, spawners[1]
    finally:
        check.gate.set()
        for lane in (one, other):
            lane.close()
        for spawner in spawners:
            spawner.close()


def test_all_lanes_go_together_and_look_once(tmp_path: Path) -> None:
    old = publish(tmp_path, data("a"))
    with two_lanes(tmp_path) as (one, other, check, _), ThreadPoolExecutor(1) as threads:
        assert one.release().id == old
        served = other.served()
        assert served is not None and served.id == old, "the first request to one lane starts all"
        check.gate.clear()
        check.asked.clear()
        new = publish(tmp_path, data("b"))
        first = threads.submit(one.release)
        assert check.asked.wait(20)
        assert {lane.release().id for lane in (one, other)} == {old}
        check.gate.set()
        assert first.result(20).id == new
        served = other.served()
        assert served is not None and served.id == new
        assert other.run(ASK, "client", served)
        assert check.looked == [old, new]


def test_what_one_lane_can_not_serve_none_does(tmp_path: Path) -> None:
    old = publish(tmp_path, data("a"))
    with two_lanes(tmp_path) as (one, other, _, spawner):
        one.release()
        spawner.without = new = publish(tmp_path, data("b"))
        assert one.release().id == other.release().id == old
        for lane in (one, other):
            assert lane.warning is not None and f"{new} is not served" in lane.warning
            served = lane.served()
            assert served is not None and lane.run(ASK, "client", served)
        later = publish(tmp_path, data("c"))
        assert one.release().id == other.release().id == later
        assert one.warning is None and other.warning is None

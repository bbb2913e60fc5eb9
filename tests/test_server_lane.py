"""A lane's workers: never more than its size, gone when it closes, and who waits while releases change."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from msevidence.server import admission, errors, releases, store
from msevidence.server.admission import Admission, network_of
from msevidence.server.app import create_app
from msevidence.server.forkserver import may_raise
from msevidence.server.lane import Lane
from msevidence.server.pool import Question, Worker, WorkerFailedError
from msevidence.server.releases import Release
from msevidence.server.settings import Settings
from msevidence.server.spawner import Spawner
from msevidence.server.store import pages
from tests.pages_site import HTML, publish_pages
from tests.server_fixtures import publish, quick

ASK = Question("ASK {}", "json")


def data(mark: str) -> bytes:
    """Return a graph of one triple."""
    return f"<a:{mark}> <a:b> <a:c> <a:g> .\n".encode()


class Gated(Spawner):
    """A spawner that holds back the workers of one release, as a store that opens slowly does."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.held = ""
        self.asked, self.gate = threading.Event(), threading.Event()

    def spawn(self, release: Release, *, network: bool = False) -> Worker:
        """Start a worker, once the gate is open."""
        if release.id == self.held:
            self.asked.set()
            assert self.gate.wait(30)
        return super().spawn(release, network=network)


@contextmanager
def lane_of(home: Path, size: int, slots: int, slow: int = 0) -> Iterator[tuple[Lane, Gated]]:
    """Give a lane over a home, and what starts its workers."""
    spawner = Gated(Settings())
    lane = Lane(
        "test", home, spawner, Admission(slots, 8, 16, 20.0, slow=slow), size=size, deadline=10.0, cap=1 << 20, low=slow
    )
    try:
        yield lane, spawner
    finally:
        spawner.gate.set()
        lane.close()
        spawner.close()


def test_workers_that_die_together_are_replaced_once(tmp_path: Path) -> None:
    publish(tmp_path, data("a"))
    size = 4
    with lane_of(tmp_path, size, size) as (lane, _):
        lane.release()
        together = threading.Barrier(size)

        def hold_and_lose(_: int) -> None:
            with lane.worker("one") as worker:
                together.wait(20)
                os.kill(worker.process.pid, signal.SIGKILL)
                with pytest.raises(errors.ServerFault):
                    worker.ask(ASK, deadline=5, cap=1 << 20)
                together.wait(20)

        with ThreadPoolExecutor(size) as threads:
            list(threads.map(hold_and_lose, range(size)))
        assert len(lane.workers()) == size


def test_others_are_answered_while_a_release_opens(tmp_path: Path) -> None:
    old = publish(tmp_path, data("a"))
    with lane_of(tmp_path, 2, 2) as (lane, spawner), ThreadPoolExecutor(1) as threads:
        assert lane.release().id == old
        spawner.held = new = publish(tmp_path, data("b"))
        switching = threads.submit(lane.release)
        assert spawner.asked.wait(20)
        release = lane.release()
        assert release.id == old
        assert lane.run(ASK, "other", release)
        spawner.gate.set()
        assert switching.result(20).id == new
        assert lane.release().id == new


def test_a_warning_goes_with_its_reason(tmp_path: Path) -> None:
    publish(tmp_path, data("a"))
    with lane_of(tmp_path, 1, 1) as (lane, _):
        lane.release()
        (tmp_path / "current").rename(tmp_path / "away")
        lane.release()
        assert lane.warning is not None and "no release is published" in lane.warning
        (tmp_path / "away").rename(tmp_path / "current")
        lane.release()
        assert lane.warning is None


def test_a_closed_lane_starts_nothing_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    publish(tmp_path, data("a"))
    with lane_of(tmp_path, 1, 1) as (lane, spawner):
        release = lane.release()
        lane.close()
        spawner.close()
        with pytest.raises(errors.Unavailable):
            lane.run(ASK, "late", release)
        with pytest.raises(WorkerFailedError, match="stopping"):
            spawner.spawn(release)


def test_a_worker_that_has_ended_is_not_spoken_to(tmp_path: Path) -> None:
    """Its descriptors are closed, and their numbers may belong to another's pipe by then."""
    publish(tmp_path, data("a"))
    app = create_app(tmp_path, quick(page_deadline=1e-6))
    try:
        with app.test_request_context("/"):
            with pytest.raises(errors.TimedOut):
                pages().ask("ASK {}")
            with pytest.raises(errors.Unavailable, match="has ended"):
                pages().ask("ASK {}")
    finally:
        app.extensions["msevidence"].close()


def test_a_question_that_takes_too_long_is_504_also_where_the_form_is_made_anew(release_home: Path) -> None:
    app = create_app(release_home, quick(page_deadline=1e-6))
    try:
        response = app.test_client().get("/queries/claim-to-support", headers=HTML)
        assert (response.status_code, response.mimetype) == (504, "text/html")
    finally:
        app.extensions["msevidence"].close()


def test_questions_of_one_request_have_a_deadline_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, deadlines, ask = [0.0], [], Worker.ask

    def slow(self: Worker, question: Question, *, deadline: float, cap: int) -> bytes:
        deadlines.append(deadline)
        now[0] += 1.75
        return ask(self, question, deadline=deadline, cap=cap)

    publish_pages(tmp_path)
    monkeypatch.setattr(Worker, "ask", slow)
    monkeypatch.setattr(store, "time", SimpleNamespace(monotonic=lambda: now[0]))
    app = create_app(tmp_path, quick())
    try:
        for language, said in (("en", "within 6 seconds together"), ("nb", "på 6 sekunder til sammen")):
            deadlines.clear()
            response = app.test_client().get("/study/first.html", headers={**HTML, "Accept-Language": language})
            assert (response.status_code, response.mimetype) == (504, "text/html")
            assert said in response.text
            assert deadlines == [2.0, 2.0, 2.0, 0.75], "a question has no longer than what is left"
        assert app.test_client().get("/study/first.nt").status_code == 200, "the next request has its own"
        assert len(deadlines) == 4 + 2
    finally:
        app.extensions["msevidence"].close()


def test_a_question_that_has_little_left_is_told_as_the_last_of_many(tmp_path: Path) -> None:
    publish(tmp_path, data("a"))
    app = create_app(tmp_path, quick())
    try:
        with app.test_request_context("/"), pytest.raises(errors.PageTimedOut) as ended:
            pages(together=1e-7).ask("ASK {}")
        assert (ended.value.status, ended.value.extra) == (504, {"deadline": 2e-7})
    finally:
        app.extensions["msevidence"].close()


def test_one_broken_release_does_not_hide_the_others(tmp_path: Path) -> None:
    broken, good = publish(tmp_path, data("a")), publish(tmp_path, data("b"))
    (tmp_path / "releases" / broken / "manifest.json").write_text("{}")
    assert [release.id for release in releases.all_releases(tmp_path)] == [good]


def test_a_replaced_manifest_is_noticed(tmp_path: Path) -> None:
    publish(tmp_path, data("a"))
    manifest = tmp_path / "current" / "manifest.json"
    before = releases.current(tmp_path)
    assert releases.current(tmp_path) is before
    new = tmp_path / "new.json"
    new.write_text(manifest.read_text().replace('"version": "0"', '"version": "1"'))
    new.replace(manifest)
    assert (before.version, releases.current(tmp_path).version) == ("0", "1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::a:b:c:d", "2001:db8::/64"),
        ("2001:db8:0:0:1::", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_client_of_ipv6_is_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def policy(worker: Worker) -> int:
    """Return how the kernel schedules a worker."""
    return os.sched_getscheduler(worker.process.pid)


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux" or not may_raise(), reason="needs Linux, and leave to raise a priority")
def test_a_slow_query_goes_on_at_the_lowest_priority_and_only_slow_ones_follow_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, data("a"))
    with lane_of(tmp_path, 4, 2, slow=1) as (lane, _):
        release = lane.release()
        with lane.worker("other"):
            pass
        with lane.worker("one") as first:
            assert policy(first) == os.SCHED_OTHER
            lane.admission.look()
            assert not first.low
            monkeypatch.setattr(admission, "MOMENT", -1.0)
            lane.admission.look()
            until(lambda: policy(first) == os.SCHED_IDLE)
            assert first.ask(ASK, deadline=20, cap=1 << 20)
        assert lane.ready_worker(release) is not first
        again = lane.ready_worker(release, slow=True)
        assert again is first
        lane.give_back(again)
        with lane.worker("one") as second:
            assert second is not first
            lane.admission.look()
            until(lambda: policy(second) == os.SCHED_IDLE)
        assert not second.alive, "one such worker is kept, not two"
        assert len(lane.workers()) == 4
        assert first.process.pid in lane.workers()


@pytest.mark.skipif(sys.platform != "linux" or not may_raise(), reason="needs Linux, and leave to raise a priority")
def test_a_worker_is_not_lowered_for_a_query_that_it_runs_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, data("a"))
    with lane_of(tmp_path, 3, 2, slow=1) as (lane, _):
        release, late = lane.release(), []
        for client in ("one", "two"):
            ticket = lane.admission.enter(client, lambda: None)
            worker = lane.ready_worker(release)
            assert worker is not None
            lane.follow(ticket, worker)
            late.append(ticket.lower)
            if client == "one":  # its call may come when the worker is another's
                lane.give_back(worker)
                lane.admission.leave(ticket)
                before = worker
        assert worker is before and late[0] and late[1]
        late[0]()
        assert not worker.low
        late[1]()
        assert worker.low
        lane.give_back(worker)
        lane.admission.leave(ticket)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_a_lane_without_slow_places_lowers_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, data("a"))
    monkeypatch.setattr(admission, "MOMENT", -1.0)
    with lane_of(tmp_path, 2, 2) as (lane, _):
        lane.release()
        with lane.worker("other"), lane.worker("one") as worker:
            lane.admission.look()
            assert not worker.low and policy(worker) == os.SCHED_OTHER


def test_lingering_is_for_one_query_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, data("a"))
    monkeypatch.setattr("msevidence.server.lane.ALONE", 2)
    with lane_of(tmp_path, 2, 2) as (lane, _):
        lane.release()

        def lingers(client: str) -> bool:
            with lane.worker(client):
                return lane.linger() > 0

        assert [lingers("one") for _ in range(4)] == [False, False, True, True]
        with lane.worker("other"):
            assert not lingers("one")
        assert [lingers("one") for _ in range(3)] == [False, False, True]

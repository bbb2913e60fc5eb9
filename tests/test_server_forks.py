"""Workers forked from one process: in memory or over the store's files, replaced, and gone with the server."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.server import errors
from msevidence.server.forked import Forked, ForkError
from msevidence.server.forkserver import may_raise, schedule
from msevidence.server.pool import Question
from msevidence.server.releases import Release, current
from msevidence.server.settings import Settings
from msevidence.server.spawner import FORKS, Spawner
from tests.server_fixtures import publish, quick, running
from tests.server_http import ask, send

pytestmark = pytest.mark.skipif(not FORKS, reason="workers are forked on Linux only")
DATA = b"".join(b'<a:%d> <a:b> "%d" <a:g> .\n' % (n, n) for n in range(50))
ALL = Question("SELECT * { ?s ?p ?o } ORDER BY ?s", "json")
MEMORY, DISK = 1_000, 0


@contextmanager
def spawning(home: Path, in_memory: int) -> Iterator[tuple[Spawner, Release]]:
    """Give what starts workers over a small release, and the release."""
    publish(home, DATA)
    spawner = Spawner(Settings(in_memory=in_memory))
    try:
        yield spawner, current(home)
    finally:
        spawner.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """Tell whether a process has ended."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


@pytest.mark.parametrize(("in_memory", "kind"), [(MEMORY, "memory"), (DISK, "disk")])
def test_workers_answer_alike_from_memory_and_from_disk(tmp_path: Path, in_memory: int, kind: str) -> None:
    with spawning(tmp_path, in_memory) as (spawner, release):
        workers = [spawner.spawn(release) for _ in range(2)]
        answers = []
        for worker in workers:
            worker.ready()
            answers.append(worker.ask(ALL, deadline=20, cap=1 << 20))
        assert spawner.kinds() == {release.id: kind}
        assert len(spawner.processes()) == 1
        assert answers[0] == answers[1]
        assert len(json.loads(answers[0])["results"]["bindings"]) == 50
        if workers[0].confinement is not None and workers[0].confinement.landlock:
            assert workers[0].confinement.seccomp
        for worker in workers:
            worker.close()


def test_how_a_worker_ends_is_heard(tmp_path: Path) -> None:
    with spawning(tmp_path, MEMORY) as (spawner, release):
        worker = spawner.spawn(release)
        worker.ready()
        with pytest.raises(subprocess.TimeoutExpired):
            worker.process.wait(0.01)
        os.kill(worker.process.pid, signal.SIGABRT)
        assert worker.process.wait(60) == -signal.SIGABRT
        with pytest.raises(errors.OutOfMemory):
            worker.ask(ALL, deadline=20, cap=1 << 20)
        worker.process.kill()  # nobody by now


def test_a_fork_server_that_is_killed_takes_its_workers_along_and_is_replaced(tmp_path: Path) -> None:
    with spawning(tmp_path, MEMORY) as (spawner, release):
        worker = spawner.spawn(release)
        worker.ready()
        (parent,) = spawner.processes()
        os.kill(parent, signal.SIGKILL)
        assert worker.process.wait(60) == -signal.SIGKILL
        until(lambda: gone(worker.process.pid))
        until(lambda: not spawner.processes())
        other = spawner.spawn(release)
        other.ready()
        assert other.ask(ALL, deadline=20, cap=1 << 20)
        assert spawner.processes() != [parent]
        for one in (worker, other):
            one.close()


def test_a_worker_that_comes_without_its_descriptor_harms_no_other(tmp_path: Path) -> None:
    """A process that may open no more files is given none with a message (recvmsg(2), MSG_CTRUNC)."""
    with spawning(tmp_path, MEMORY) as (spawner, release):
        first = spawner.spawn(release)
        first.ready()
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        server = spawner._server(release, False)
        pipes = [end for _ in range(2) for end in os.pipe()]
        free = os.dup(0)
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, limits[1]))  # no number is left for one more
        try:
            with pytest.raises(ForkError, match="open no more files"):
                server.fork(pipes[:3])
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            for end in pipes:
                os.close(end)
        assert server.alive
        assert first.ask(ALL, deadline=10, cap=10_000)
        spawner.spawn(release).ready()


def test_n_quads_that_are_not_as_written_are_not_served(tmp_path: Path) -> None:
    with spawning(tmp_path, MEMORY) as (spawner, release):
        file = release.path / "data.nq"
        file.write_bytes(file.read_bytes().replace(b'"7"', b'"8"'))
        with pytest.raises(ForkError, match=r"data\.nq: not as written"):
            spawner.spawn(release)


def test_what_the_engine_does_not_read_anew_is_served_from_the_store(tmp_path: Path) -> None:
    publish(tmp_path, b'<a:a> <a:b> "x"@no-such-language-tag-as-long-as-this <a:g> .\n', lenient=True)
    spawner = Spawner(Settings(in_memory=MEMORY))
    try:
        release = current(tmp_path)
        worker = spawner.spawn(release)
        worker.ready()
        assert b"no-such-language" in worker.ask(ALL, deadline=20, cap=1 << 20)
        readable = True
        try:
            list(ox.parse(path=str(release.path / "data.nq"), format=ox.RdfFormat.N_QUADS))
        except SyntaxError:
            readable = False
        assert spawner.kinds() == {release.id: "memory" if readable else "disk"}
        worker.close()
    finally:
        spawner.close()


def test_nothing_outlives_a_server_that_is_killed(tmp_path: Path) -> None:
    publish(tmp_path, DATA)
    with running(tmp_path, quick()) as url:
        lanes = json.loads(send(url, "/health").body)["lanes"]
        workers = [pid for lane in lanes.values() for pid in lane["workers"]]
        assert len(workers) == 6
        parent = int(Path(f"/proc/{workers[0]}/stat").read_text().rpartition(")")[2].split()[1])
        server = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(server, signal.SIGKILL)
        until(lambda: all(gone(pid) for pid in [parent, *workers]))


@pytest.mark.parametrize("in_memory", [MEMORY, DISK])
def test_a_killed_worker_is_replaced_from_a_spare(tmp_path: Path, in_memory: int) -> None:
    publish(tmp_path, DATA)
    with running(tmp_path, quick(in_memory=in_memory)) as url:
        before = json.loads(send(url, "/health").body)["lanes"]["sparql"]["workers"]
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: all(gone(pid) for pid in before))
        for number in range(4):
            assert ask(url, f"ASK {{ ?s ?p {number} }}").status == 200
        until(lambda: len(json.loads(send(url, "/health").body)["lanes"]["sparql"]["workers"]) == len(before))


UNORDERED = "SELECT ?s ?t { ?s ?p ?o . ?o ?q ?t } ORDER BY ?s ?t LIMIT 20"
SORTED = """
import sys
import pyoxigraph as ox

store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
list(store.query(sys.argv[2]))
"""


def test_a_fault_of_the_engine_is_no_lack_of_memory(release_home: Path) -> None:
    """Values of several types have no order that pyoxigraph 0.5.13 keeps to, and it ends where it finds that out."""
    data = release_home / "current" / "data.nq"
    ends = subprocess.run([sys.executable, "-c", SORTED, str(data), UNORDERED], capture_output=True).returncode
    with running(release_home, quick(deadline=60.0)) as url:
        answer = ask(url, UNORDERED)
        assert ask(url, "ASK {}").status == 200
    assert (answer.status, "engine-fault" in answer.body.decode()) == ((500, True) if ends else (200, False))


def test_what_is_killed_at_the_lowest_priority_is_raised_first() -> None:
    told: list[tuple[str, int]] = []
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        worker = Forked(process.pid, os.pidfd_open(process.pid), lambda how, pid: told.append((how, pid)))
        worker.lower()
        worker.kill()
        worker.kill()
        assert process.wait(20) == -signal.SIGKILL
        worker.ended(process.returncode)
    assert told == [("lower", process.pid), ("raise", process.pid)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without rights")
def test_nobody_is_lowered_who_could_not_be_raised() -> None:
    code = """
import os
from msevidence.server.forkserver import may_raise
os.setgid(65534)
os.setuid(65534)
print(may_raise())
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n"
    if may_raise():  # as who may
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
            for policy in (os.SCHED_IDLE, os.SCHED_OTHER):
                schedule(process.pid, policy, {process.pid})
                assert os.sched_getscheduler(process.pid) == policy
            schedule(process.pid, os.SCHED_IDLE, set())  # a number that is another's by now
            assert os.sched_getscheduler(process.pid) == os.SCHED_OTHER

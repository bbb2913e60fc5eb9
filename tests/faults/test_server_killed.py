"""Workers and server killed under load: an honest answer at most for what was in flight, and no process left behind."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.sizes import size
from tests.faults.switching import JSON, LABELS, WORDS, Asked, Client, Heard, published
from tests.server_fixtures import quick
from tests.server_http import send

SETTINGS = quick(deadline=60.0, page_deadline=60.0, per_client=64, queue=64, page_queue=64)
PATIENCE = 120.0
CLIENTS = 6
ASKED = (
    Asked("sparql", f"/sparql?query={LABELS.replace(' ', '+').replace('#', '%23')}", headers=(("Accept", JSON),)),
    Asked("pages", "/study/s1.json"),
    Asked("pages", "/studies", headers=(("Accept", "text/html"),)),
    Asked("sparql", "/graph?default", headers=(("Accept", "application/n-triples"), ("Accept-Encoding", "gzip"))),
)


def until(what: Callable[[], bool], meant: str) -> None:
    """Wait until something holds."""
    last = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < last, f"it did not come about: {meant}"
        time.sleep(0.01)


@contextmanager
def served(home: Path, log: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server that is not taken care of: its process, and its address."""
    code = (
        "import sys; from pathlib import Path; from msevidence.server.serving import serve; "
        "from msevidence.server.settings import Settings; "
        f"serve(Path(sys.argv[1]), '127.0.0.1', 0, {SETTINGS!r})"
    )
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", line), (line, log.read_text())
        yield process, line.strip()
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def descendants(process: int) -> dict[int, str]:
    """Return all that a process has started, and what that has, with the time of each start: ids are used again."""
    parents: dict[int, list[int]] = {}
    started = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
            started[int(entry.name)] = fields[19]
    found, more = {}, [process]
    while more:
        for child in parents.get(more.pop(), []):
            found[child] = started[child]
            more.append(child)
    return found


def alive(process: int, started: str) -> bool:
    """Tell whether this very process is still there, and not only its name."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[19] == started and fields[0] != "Z"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a release."""
    folder = tmp_path_factory.mktemp("served")
    published(folder, WORDS[0])
    return folder


class Load:
    """Clients that ask in turn, each on its connection, and compare what they hear with what was heard before."""

    def __init__(self, url: str) -> None:
        self.url = url
        client = Client(url)
        self.before: dict[Asked, Heard] = {asked: client.ask(asked) for asked in ASKED}
        client.close()
        assert all(heard.status == 200 for heard in self.before.values())
        self.right, self.refused, self.cut, self.wrong = Counter[int](), Counter[int](), 0, list[str]()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(CLIENTS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def heard_more(self, more: int) -> None:
        """Wait until every client has heard so many more right answers."""
        wanted = {n: self.right[n] + more for n in range(CLIENTS)}
        until(
            lambda: bool(self.wrong) or all(self.right[n] >= count for n, count in wanted.items()),
            f"{more} more right answers for each client",
        )

    def _run(self, number: int) -> None:
        client, turn = Client(self.url), number
        while not self._over.is_set():
            turn += 1
            asked = ASKED[turn % len(ASKED)]
            try:
                heard = client.ask(asked)
            except (OSError, http.client.HTTPException):
                self.cut += 1
                return
            if heard == self.before[asked]:
                self.right[number] += 1
            elif heard.status in (500, 503) and dict(heard.headers)["cache-control"] == "no-store":
                self.refused[heard.status] += 1
            else:
                self.wrong.append(f"{asked.path}: {heard.status} {dict(heard.headers)} {heard.body[:200]!r}")


def workers(url: str) -> list[int]:
    """Return the process ids of the workers of all lanes, as the server tells them."""
    lanes = json.loads(send(url, "/health").body)["lanes"]
    return [worker for lane in lanes.values() for worker in lane["workers"]]


def test_workers_killed_under_load_cost_at_most_the_answers_in_flight(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    kills = 0
    with served(home, log) as (_, url), Load(url) as load:
        load.heard_more(2)
        for _ in range(size(4, 40)):
            for worker in workers(url):
                os.kill(worker, signal.SIGKILL)
                kills += 1
                load.heard_more(1)
            assert load.wrong == []
        load.heard_more(2)
        assert json.loads(send(url, "/health").body)["status"] == "ok"
    assert (load.wrong, load.cut) == ([], 0)
    assert kills >= 8
    assert sum(load.refused.values()) <= kills
    said = log.read_text()
    assert "Traceback" not in said
    assert said.count("exit -9") >= load.refused[500]


def test_all_workers_killed_at_once_are_replaced(home: Path, tmp_path: Path) -> None:
    with served(home, tmp_path / "log") as (_, url), Load(url) as load:
        for _ in range(size(3, 30)):
            load.heard_more(1)
            there = workers(url)
            for worker in there:
                os.kill(worker, signal.SIGKILL)
            load.heard_more(2)
        until(lambda: len(workers(url)) >= len(there), "as many workers as before")
    assert (load.wrong, load.cut) == ([], 0)


def test_a_killed_server_leaves_no_process_and_the_next_one_answers(home: Path, tmp_path: Path) -> None:
    for turn in range(size(2, 20)):
        with served(home, tmp_path / f"log{turn}") as (process, url), Load(url) as load:
            load.heard_more(1)
            there = descendants(process.pid)
            assert there.keys() >= set(workers(url))
            process.send_signal(signal.SIGKILL)
            process.wait()
            until(lambda there=there: not any(alive(*one) for one in there.items()), "its workers ended with it")
        assert load.wrong == []
        assert load.cut == CLIENTS


def test_a_server_that_is_told_to_stop_answers_what_it_has_read(home: Path, tmp_path: Path) -> None:
    """SIGTERM under load: each answer that has begun is whole, none is an unexpected error, and it ends by itself."""
    for turn in range(size(2, 20)):
        with served(home, tmp_path / f"log{turn}") as (process, url), Load(url) as load:
            load.heard_more(1)
            there = descendants(process.pid)
            process.terminate()
            assert process.wait(PATIENCE) == 0
            until(lambda there=there: not any(alive(*one) for one in there.items()), "its workers ended")
        assert load.wrong == []
        assert set(load.refused) <= {503}
        assert "Traceback" not in (tmp_path / f"log{turn}").read_text()

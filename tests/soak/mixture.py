"""The clients of a soak: honest ones with known answers, attackers, and a hand that kills workers."""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.attacks.clients import Book, Tally, ask_queries, open_pages
from tests.attacks.malformed import CASES
from tests.attacks.oracle import Oracle
from tests.attacks.raw import connect
from tests.attacks.serving import Client, workers

PAUSE = 0.05
HONEST = 2
"""Honest clients of each kind."""
SENT_AT_MOST = 100_000
"""Bytes of a malformed request: the large ones are tests of their own."""


@dataclass
class Found:
    """What a soak saw."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    malformed: Counter[int] = field(default_factory=Counter)
    """How often a malformed request got which status, 0 for none."""
    kills: int = 0
    switches: int = 0


def download(url: str, source: str, home: Path, releases: list[str], stop: threading.Event, tally: Tally) -> None:
    """Take the dumps of all releases again and again, and compare them with the files; half with the tag known."""
    random = Random(0)
    right = {id: hashlib.sha256((home / "releases" / id / "data.nq").read_bytes()).hexdigest() for id in releases}
    tags: dict[str, str] = {}
    with Client(url, source) as client:
        while not stop.is_set():
            id = random.choice(releases)
            headers = {"If_None_Match": tags[id]} if id in tags and random.random() < 0.5 else {}
            try:
                answer = client.send(f"/releases/{id}/data.nq", **headers)
            except (OSError, http.client.HTTPException) as error:
                tally.fault(f"{type(error).__name__} {error}: dump of {id}")
                continue
            tally.statuses[answer.status] += 1
            same = answer.status == 304 and headers
            if same or (answer.status == 200 and hashlib.sha256(answer.body).hexdigest() == right[id]):
                tally.right += 1
                tally.took.append(answer.took)
                tags[id] = answer.headers["ETag"]
            else:
                tally.fault(f"{answer.status}: dump of {id}: {answer.body[:200]!r}")
            time.sleep(2 * PAUSE)


def malform(url: str, source: str, seed: int, stop: threading.Event, seen: Counter[int]) -> None:
    """Send malformed requests; hear what is said within a moment, and go, in order or with a reset."""
    random = Random(seed)
    cases = [case.sent for case in CASES.values() if len(case.sent) < SENT_AT_MOST]
    while not stop.is_set():
        status = 0
        with suppress(OSError), connect(url, source) as connection:
            connection.settimeout(0.5)
            connection.sendall(random.choice(cases))
            first = connection.recv(64)
            if first.startswith(b"HTTP/1.1 "):
                status = int(first[9:12])
        seen[status] += 1
        time.sleep(PAUSE)


def kill(url: str, seed: int, stop: threading.Event) -> int:
    """Kill a worker at random every few seconds; return how many."""
    random, killed = Random(seed), 0
    while not stop.wait(3 + 3 * random.random()):
        with suppress(OSError, http.client.HTTPException):
            os.kill(random.choice(workers(url)), signal.SIGKILL)
            killed += 1
    return killed


def run(
    url: str,
    home: Path,
    oracles: dict[str, Oracle],
    book: Book,
    seconds: float,
    seed: int,
    switching: Callable[..., int],
) -> Found:
    """Let all of them at the server for some seconds."""
    found, stop = Found(), threading.Event()
    releases = list(oracles)

    def go_on() -> bool:
        return not stop.is_set()

    with ThreadPoolExecutor(32) as pool:
        clients: list[Future[None]] = []
        for kind in ("queries", "pages", "dumps"):
            found.tallies[kind] = Tally()
        counted: dict[str, list[Tally]] = {kind: [Tally() for _ in range(HONEST)] for kind in found.tallies}
        for number in range(HONEST):
            asking = (url, f"127.0.0.{100 + number}", oracles, seed + number, go_on, PAUSE, counted["queries"][number])
            opening = (url, f"127.0.0.{120 + number}", book, seed + number, go_on, PAUSE, counted["pages"][number])
            taking = (url, f"127.0.0.{140 + number}", home, releases, stop, counted["dumps"][number])
            clients += [pool.submit(ask_queries, *asking), pool.submit(open_pages, *opening)]
            clients += [pool.submit(download, *taking)]
            clients += [pool.submit(malform, url, f"127.0.0.{160 + number}", seed + number, stop, found.malformed)]
        kills = pool.submit(kill, url, seed, stop)
        switches = pool.submit(switching, home, releases, seed, stop)
        stop.wait(seconds)
        stop.set()
        for client in clients:
            client.result()
        found.kills, found.switches = kills.result(), switches.result()
    for kind, tallies in counted.items():
        for tally in tallies:
            found.tallies[kind].add(tally)
    return found

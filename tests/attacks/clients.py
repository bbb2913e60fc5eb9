"""Honest clients: they ask what :mod:`oracle` knows the answers of, one request after another, and count."""

from __future__ import annotations

import hashlib
import http.client
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random, SystemRandom
from urllib.parse import quote, urljoin

from tests.attacks.oracle import JSON, Oracle, rows
from tests.attacks.serving import Answer, Client

BUSY = (429, 503)
HTML = "text/html"
KEPT = 8
"""Faults that are kept word for word."""


@dataclass
class Tally:
    """What came of one kind of request."""

    right: int = 0
    refused: int = 0
    """Answers that told the client to come again: declared, and still no answer."""
    wrong: list[str] = field(default_factory=list)
    """The first answers that were wrong or missing, each with its reason."""
    faults: int = 0
    killed: int = 0
    """Answers that a worker's end was the reason of (500): right where somebody killed it, else a fault of ours."""
    late: int = 0
    """Answers that did not come within the deadline (504)."""
    took: list[float] = field(default_factory=list)
    """Seconds of each right answer."""
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """All requests."""
        return self.right + self.refused + self.faults + self.killed + self.late

    @property
    def share(self) -> float:
        """The share of right answers."""
        return self.right / self.asked if self.asked else 0.0

    def fault(self, why: str) -> None:
        """Count an answer that was wrong or missing."""
        self.faults += 1
        self.note(why)

    def note(self, why: str) -> None:
        """Keep the words of the first answers that were not right."""
        if len(self.wrong) < KEPT:
            self.wrong.append(why)

    def centile(self, share: float) -> float:
        """Return the seconds within which this share of the right answers came (nearest rank)."""
        ordered = sorted(self.took)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan

    def add(self, other: Tally) -> None:
        """Take in what another client counted."""
        self.right += other.right
        self.refused += other.refused
        self.faults += other.faults
        self.killed += other.killed
        self.late += other.late
        self.wrong = (self.wrong + other.wrong)[:KEPT]
        self.took += other.took
        self.statuses += other.statuses


class Book:
    """Which bytes each page has in each release: learnt while nothing else goes on, held against later answers."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {}

    def learn(self, url: str, oracle: Oracle, more: tuple[str, ...] = ()) -> None:
        """Open every page of the current release, where its resource sends a browser."""
        with Client(url) as client:
            for path in (*oracle.pages, *more):
                answer = client.send(path, Accept=HTML)
                if answer.status == 303:
                    path = urljoin(path, answer.headers["Location"])
                    answer = client.send(path, Accept=HTML)
                assert answer.status == 200, (path, answer.status, answer.body[:200])
                self._known.setdefault(path, set()).add(self._of(answer))

    def paths(self) -> list[str]:
        """Return the pages."""
        return sorted(self._known)

    def right(self, path: str, answer: Answer) -> bool:
        """Tell whether a page is one that some release has."""
        return self._of(answer) in self._known[path]

    @staticmethod
    def _of(answer: Answer) -> str:
        return hashlib.sha256(answer.body).hexdigest()


Until = Callable[[], bool]
"""Tells whether a client is to go on."""


def ask_queries(
    url: str, source: str, oracles: Mapping[str, Oracle], seed: int, go_on: Until, pause: float, tally: Tally
) -> None:
    """Ask known queries: half of them in words that no cache has seen, some with the tag of the answer before.

    Args:
        url: of the server.
        source: address that the client has.
        oracles: of every release that may be served, by its id.
        seed: of what is asked, in which order.
        go_on: asked before each request.
        pause: seconds between an answer and the next request, on average.
        tally: where to count.
    """
    random, salt = Random(seed), SystemRandom()  # nobody has asked it before, in whichever run of one seed
    asked = sorted(next(iter(oracles.values())).answers)
    tags: dict[str, tuple[str, bytes]] = {}
    with Client(url, source) as client:
        while go_on():
            query = random.choice(asked)
            text = query if random.random() < 0.5 else f"{query} # {salt.getrandbits(60)}"
            headers = {"Accept": JSON}
            if text in tags and random.random() < 0.5:
                headers["If_None_Match"] = tags[text][0]
            try:
                answer = client.send(f"/sparql?query={quote(text)}", **headers)
            except (OSError, http.client.HTTPException) as error:
                tally.fault(f"{type(error).__name__} {error}: {text}")
                continue
            tally.statuses[answer.status] += 1
            tag, body = answer.headers["ETag"] or "", answer.body
            if answer.status == 304 and tag == tags[text][0]:
                body = tags[text][1]
            if answer.status in (200, 304):
                known = oracles.get(tag.strip('"').partition("-")[0])
                if known is None or rows(body) != known.answers.get(query):
                    tally.fault(f"wrong: {tag} {text}: {answer.body[:200]!r}")
                else:
                    tally.right += 1
                    tally.took.append(answer.took)
                    tags[text] = tag, body
            else:
                _count_refusal(tally, answer, text)
            time.sleep(random.random() * 2 * pause)


def open_pages(url: str, source: str, book: Book, seed: int, go_on: Until, pause: float, tally: Tally) -> None:
    """Open known pages; the arguments are those of :func:`ask_queries`."""
    random = Random(seed)
    paths = book.paths()
    with Client(url, source) as client:
        while go_on():
            path = random.choice(paths)
            try:
                answer = client.send(path, Accept=HTML)
            except (OSError, http.client.HTTPException) as error:
                tally.fault(f"{type(error).__name__} {error}: {path}")
                continue
            tally.statuses[answer.status] += 1
            if answer.status == 200:
                if book.right(path, answer):
                    tally.right += 1
                    tally.took.append(answer.took)
                else:
                    tally.fault(f"wrong: {path}: {answer.body[:200]!r}")
            else:
                _count_refusal(tally, answer, path)
            time.sleep(random.random() * 2 * pause)


def _count_refusal(tally: Tally, answer: Answer, asked: str) -> None:
    said = f"{answer.status} {answer.kind()}: {asked}: {answer.body[:300]!r}"
    if answer.status in BUSY and answer.headers["Retry-After"]:
        tally.refused += 1
    elif answer.status == 500:
        tally.killed += 1
    elif answer.status == 504:
        tally.late += 1
    else:
        tally.faults += 1
    tally.note(said)

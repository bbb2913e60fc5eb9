"""Twenty switches of a live server under load: every answer is of one release, whole, and never of an older one."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from msevidence.loaders.release_home import Home, switch
from tests.faults.sizes import size
from tests.faults.switching import (
    JSON,
    LABELS,
    WORDS,
    Answer,
    Asked,
    Client,
    Heard,
    References,
    Switch,
    gone_back,
    published,
    requests,
    stale,
)
from tests.server_fixtures import quick, running

CLIENTS = 8
SWITCHES = size(20, 200)
PROBES = (Asked("sparql", requests(())[0].path, headers=(("Accept", JSON),)), Asked("pages", "/study/s2.json"))
"""One request to each part of the server; every release answers it otherwise."""
ANSWERS = 2
"""Answers that each client hears, at least, between two switches."""
PATIENCE = 120.0
"""Seconds for what must come about; a machine that has much else to do takes its time."""
SETTINGS = quick(deadline=60.0, page_deadline=60.0, per_client=64, queue=64, page_queue=64, cache_bytes=32 << 20)
"""Those of a server with its cache, on a machine that may be slow."""


def until(what: Callable[[], bool], meant: str) -> None:
    """Wait until something holds."""
    last = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < last, f"it did not come about: {meant}"
        time.sleep(0.005)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home of the releases."""
    return tmp_path_factory.mktemp("switched")


@pytest.fixture(scope="module")
def ids(home: Path) -> dict[str, str]:
    """Publish all releases, and return their ids by their words."""
    return {word: published(home, word).id for word in WORDS}


@pytest.fixture(scope="module")
def references(home: Path, ids: dict[str, str]) -> References:
    """Return what servers answer that have known no other release."""
    of: dict[str, dict[Asked, Heard]] = {}
    for word in reversed(WORDS):  # the last one is current
        put_in_place(home, ids, word)
        with running(home, SETTINGS) as url:
            client = Client(url)
            of[word] = {asked: client.ask(asked) for asked in requests(ids.values())}
            client.close()
    return References(of)


def put_in_place(home: Path, ids: dict[str, str], word: str) -> None:
    """Make a release the current one: by the link alone, as one rolls back, or published anew where it was pruned."""
    if (home / "releases" / ids[word] / "store").is_dir():
        switch(Home(home), ids[word])
    else:
        assert published(home, word).id == ids[word]


def test_the_references_tell_releases_apart(references: References) -> None:
    """What is compared with them is worth nothing where releases answer alike."""
    everything = list(references.of[WORDS[0]])
    assert len(everything) > 60
    apart, shared = 0, []
    for asked in everything:
        heard = [references.of[word][asked] for word in WORDS]
        tags = references.tags(asked)
        if asked.part == "files":
            assert len(set(heard)) == 1 and heard[0].status == 200, asked
            continue
        assert len(set(tags.values())) == len(tags), f"one tag for several releases: {asked}"
        assert all(h.status in (200, 303, 400, 404) for h in heard), (asked, [h.status for h in heard])
        for word, answer in zip(WORDS, heard, strict=True):
            others = [other for other in WORDS if other != word and f"only-{other}" not in asked.path]
            assert not any(other.encode() in answer.body for other in others), (asked, word)
        if len(set(heard)) == len(WORDS):
            apart += 1
        elif len(set(heard)) == 1:
            shared.append(asked.path)
    assert apart > 45
    assert set(shared) <= {"/nowhere", "/sparql?query=SELECT+nonsense"}, shared


class Load:
    """Clients that ask at random, each on its connection, and judge what they hear."""

    def __init__(self, url: str, references: References, asked: Sequence[Asked] = ()) -> None:
        self.references = references
        self._everything = list(asked or references.of[WORDS[0]])
        self.answers: list[Answer] = []
        self.wrong: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.heard = [0] * CLIENTS
        self._url, self._over = url, threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(CLIENTS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def everybody_heard(self, more: int) -> None:
        """Wait until every client has heard so many more answers, or one has heard a wrong one."""
        wanted = [count + more for count in self.heard]
        until(
            lambda: bool(self.wrong) or all(now >= then for now, then in zip(self.heard, wanted, strict=True)),
            f"{more} more answers for each client",
        )

    def _run(self, number: int) -> None:
        chance, client = random.Random(number), Client(self._url)
        while not self._over.is_set():
            asked = chance.choice(self._everything)
            tags = list(self.references.tags(asked).values())
            sent = chance.sample(tags, chance.randint(1, 2)) if len(tags) > 1 and chance.random() < 0.4 else []
            written = [f"W/{tag}" if chance.random() < 0.2 else tag for tag in sent]
            began = time.monotonic()
            try:
                heard = client.ask(asked, written)
            except Exception as error:
                self.wrong.append(f"{asked}: {type(error).__name__}: {error}")
                return
            releases = self.references.releases(asked, sent, heard)
            self.answers.append(Answer(number, asked.part, asked.path, began, time.monotonic(), releases))
            self.statuses[heard.status] += 1
            if not releases:
                head = dict(heard.headers)
                self.wrong.append(f"{asked}, tags {sent}: of no release: {heard.status} {head} {heard.body[:300]!r}")
            self.heard[number] += 1
        client.close()


def test_every_answer_is_of_one_release_while_releases_are_switched(
    home: Path, ids: dict[str, str], references: References
) -> None:
    assert LABELS.split()[0] in PROBES[0].path and all(probe in references.of[WORDS[0]] for probe in PROBES)
    put_in_place(home, ids, WORDS[0])
    switches = [Switch(WORDS[0], 0.0, 0.0)]
    with running(home, SETTINGS) as url, Load(url, references) as load:
        load.everybody_heard(ANSWERS)
        for number in range(1, SWITCHES + 1):
            before = switches[-1].release
            kept = [word for word in WORDS if word != before and (home / "releases" / ids[word] / "store").is_dir()]
            pruned = [word for word in WORDS if word != before and word not in kept]
            now = (pruned or kept)[0] if number % 3 == 0 else kept[0]
            switches.append(Switch(now, time.monotonic()))
            put_in_place(home, ids, now)
            until(
                lambda now=now: bool(load.wrong) or all(_answers(url, references, probe) == {now} for probe in PROBES),
                f"the release of {now} is served",
            )
            switches[-1].settled = time.monotonic()
            load.everybody_heard(ANSWERS)
            assert load.wrong == [], load.wrong[0]
    assert load.wrong == [], load.wrong[0]
    late = stale(load.answers, switches)
    assert late == [], "\n".join(late)
    back = gone_back(load.answers, switches)
    assert back == [], "\n".join(back)
    assert len(load.answers) >= CLIENTS * ANSWERS * SWITCHES
    assert set(load.statuses) == {200, 303, 304, 400, 404}
    assert {word for answer in load.answers if len(answer.releases) == 1 for word in answer.releases} == set(WORDS)


def test_no_connection_goes_back_to_an_older_release(home: Path, ids: dict[str, str], references: References) -> None:
    """Queries and pages have workers of their own, and who has heard of a release by one hears of it by the other."""
    put_in_place(home, ids, WORDS[1])  # so that both of these have their stores
    put_in_place(home, ids, WORDS[0])
    switches = [Switch(WORDS[0], 0.0, 0.0)]
    assert not any(tags[WORDS[0]] == tags[WORDS[1]] for tags in map(references.tags, PROBES))
    with running(home, SETTINGS) as url, Load(url, references, PROBES) as load:
        load.everybody_heard(ANSWERS)
        for number in range(1, SWITCHES + 1):
            switches.append(Switch(WORDS[number % 2], time.monotonic()))
            put_in_place(home, ids, WORDS[number % 2])
            load.everybody_heard(1)
            first = len(load.answers)
            until(
                lambda first=first, now=WORDS[number % 2]: (
                    bool(load.wrong)
                    or {a.client for a in load.answers[first:] if now in a.releases} == set(range(CLIENTS))
                ),
                "everybody has heard of the new release",
            )
    assert load.wrong == [], load.wrong[0]
    assert gone_back(load.answers, switches) == []
    assert {answer.part for answer in load.answers} == {"sparql", "pages"}
    assert all(len(answer.releases) == 1 for answer in load.answers)


def _answers(url: str, references: References, probe: Asked) -> frozenset[str]:
    client = Client(url)
    try:
        return references.releases(probe, (), client.ask(probe))
    finally:
        client.close()


@pytest.fixture
def two() -> References:
    """Return two releases that answer one request, each with its tag."""
    asked = Asked("pages", "/")
    return References({w: {asked: Heard(200, (("etag", f'"{w}-1"'),), w.encode())} for w in WORDS[:2]})


def test_the_judge_takes_no_answer_that_is_made_of_two(two: References) -> None:
    asked = Asked("pages", "/")
    alpha, bravo = (two.of[word][asked] for word in WORDS[:2])
    assert two.releases(asked, (), alpha) == {"qalpha"}
    assert two.releases(asked, (), alpha._replace(body=bravo.body)) == frozenset()
    assert two.releases(asked, (), Heard(503, (), b"")) == frozenset()
    tag, other = '"qalpha-1"', '"qbravo-1"'
    unchanged = Heard(304, (("etag", tag),), b"")
    assert two.releases(asked, [tag], unchanged) == {"qalpha"}
    assert two.releases(asked, [other], unchanged) == frozenset()
    assert two.releases(asked, [other], alpha) == {"qalpha"}
    assert two.releases(asked, [other, tag], Heard(304, (("etag", '"x"'),), b"")) == frozenset()


def test_the_judge_finds_what_is_served_after_its_time() -> None:
    switches = [Switch("a", 0, 0), Switch("b", 10, 11), Switch("a", 20, 21), Switch("c", 30, 31)]

    def judged(*heard: tuple[float, str], part: str = "pages", client: int = 0) -> int:
        answers = [Answer(client, part, "/", at, at + 0.1, frozenset(releases)) for at, releases in heard]
        return len(stale(answers, switches))

    assert judged((1, "a"), (12, "b"), (22, "a"), (32, "c")) == 0
    assert judged((10.5, "a"), (10.6, "b"), (10.7, "a"), (15, "ab")) == 0  # while it is switched, either
    assert judged((12, "a")) == 1 and judged((22, "b")) == 1 and judged((32, "a")) == 1
    assert judged((1, "c")) == 1 and judged((1, "")) == 1  # before its time, and of none


def test_the_judge_finds_who_goes_back_on_a_connection() -> None:
    switches = [Switch("a", 0, 0), Switch("b", 10, 11), Switch("a", 20, 21)]

    def judged(*heard: tuple[float, str, str], clients: tuple[int, ...] = (0,)) -> int:
        answers = [
            Answer(clients[n % len(clients)], part, "/", at, at + 0.1, frozenset(releases))
            for n, (at, part, releases) in enumerate(heard)
        ]
        return len(gone_back(answers, switches))

    assert judged((1, "pages", "a"), (10.2, "pages", "b"), (10.4, "pages", "ab"), (20.5, "pages", "a")) == 0
    assert judged((10.2, "pages", "b"), (10.4, "pages", "a")) == 1
    assert judged((10.2, "sparql", "b"), (10.4, "pages", "a")) == 1  # whatever part of the server answers
    assert judged((10.2, "pages", "b"), (10.4, "pages", "a"), clients=(0, 1)) == 0
    assert judged((20.2, "pages", "a"), (20.4, "pages", "b")) == 0  # the first may have been of the switch before
    assert judged((10.2, "pages", "b"), (20.2, "pages", "a"), (20.4, "pages", "b")) == 1

"""Queries that never end and queries that nest, one member of each family; ``python -m tests.attacks`` asks many."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from tests.attacks.families import ENDED, RUNAWAY
from tests.attacks.nesting import DEPTHS, NESTS, REFUSED
from tests.attacks.serving import PATIENCE, PROBLEM, WAYS, Answer, Serving, ask, workers

SEED = 7
OPENING = ("{", "(", "[", "<<")
STATUS = {
    "timed-out": 504,
    "out-of-memory": 503,
    "result-too-large": 413,
    "request-too-large": 413,
    "headers-too-large": 431,
    "too-complex": 400,
    "syntax-fault": 400,
}


def stranger(numbers: Iterator[int] = itertools.count(1)) -> str:  # noqa: B008 (one row of numbers for all calls)
    """Return another address each time, so that no answer is about what the same client asked before."""
    return "127.1.{}.{}".format(*divmod(next(numbers), 250))


def is_problem(answer: Answer, kinds: frozenset[str]) -> str:
    """Check that an answer is a whole problem of one of these kinds, with its status, and return the kind."""
    assert answer.headers["Content-Type"] == PROBLEM, (answer.status, answer.body[:300])
    kind = answer.kind()
    assert kind in kinds, answer.body
    assert answer.status == STATUS[kind]
    assert (answer.status == 503) == ("Retry-After" in answer.headers)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return kind


@pytest.fixture(scope="module")
def ended(attacked: Serving) -> dict[str, Answer]:
    """Ask one member of each family, four at a time, each from an address and in a way of its own."""
    random = Random(SEED)
    asked = {name: (family(random), random.choice(WAYS), stranger()) for name, family in RUNAWAY.items()}
    with ThreadPoolExecutor(4) as pool:
        futures = {
            name: pool.submit(ask, attacked.url, query, way, source=source)
            for name, (query, way, source) in asked.items()
        }
        return {name: future.result() for name, future in futures.items()}


@pytest.mark.parametrize("name", RUNAWAY)
def test_what_never_ends_is_ended(attacked: Serving, ended: dict[str, Answer], name: str) -> None:
    kind = is_problem(ended[name], ENDED)
    if kind == "timed-out":
        assert b'"deadline": 1.0' in ended[name].body
    assert ended[name].took < PATIENCE
    assert ask(attacked.url, "ASK {}").status == 200


def test_killed_workers_are_replaced(attacked: Serving) -> None:
    before = set(workers(attacked.url))
    random = Random(SEED)
    with ThreadPoolExecutor(2) as pool:
        doomed = [pool.submit(ask, attacked.url, RUNAWAY["counted"](random), source=stranger()) for _ in range(4)]
        assert [future.result().kind() for future in doomed] == ["timed-out"] * 4
    with ThreadPoolExecutor(4) as pool:
        honest = [pool.submit(ask, attacked.url, f"ASK {{}} # {n}", source=stranger()) for n in range(40)]
        assert {future.result().status for future in honest} == {200}
    after = set(workers(attacked.url))
    assert after and after != before


@pytest.mark.parametrize("name", NESTS)
def test_nesting_is_answered_or_refused_and_kills_no_worker(attacked: Serving, name: str) -> None:
    """A worker that dies of a signal says so in the log; the deadline alone may end one."""
    before = attacked.said().count("exit -")
    random = Random(SEED)
    answers = [ask(attacked.url, NESTS[name](depth), random.choice(WAYS), source=stranger()) for depth in DEPTHS[::2]]
    for answer in answers:
        if answer.status != 200:
            is_problem(answer, REFUSED | {"timed-out"})
    assert answers[-1].kind() in REFUSED
    assert attacked.said().count("exit -") == before, attacked.said()[-1000:]
    assert ask(attacked.url, "ASK {}").status == 200


def test_brackets_far_over_the_limit_never_reach_the_engine(attacked: Serving) -> None:
    """Unlike a syntax error, which the engine may find, this is the guard's word."""
    deep = [nest(6_000) for nest in NESTS.values() if max(nest(6_000).count(sign) for sign in OPENING) > 5_000]
    assert len(deep) > 15
    answers = [ask(attacked.url, query, source=stranger()) for query in deep]
    assert {answer.kind() for answer in answers} <= {"too-complex", "request-too-large"}

"""Mutated queries in a small number, which ``FUZZ_QUERIES`` makes larger."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.query_cases import case
from tests.fuzz.running_queries import Account, grown, run
from tests.fuzz.served import listening, serving
from tests.fuzz.sizes import PROCESSES, QUERIES, SEED

MIB = 1 << 20


def test_mutated_queries_are_answered_as_guard_and_engine_say(tmp_path: Path) -> None:
    with listening() as canary, serving(tmp_path) as served:
        account = run(Account(SEED), QUERIES, served, canary, processes=PROCESSES)
    assert account.faults == []
    assert account.cases == account.sent == account.outcomes.total() == QUERIES
    # What is changed must still be much of everything: a run of syntax errors alone would show nothing.
    for outcome, share in {
        "200": 0.1,
        "400 syntax-fault": 0.1,
        "403 forbidden": 0.02,
        "400 too-complex": 0.005,
    }.items():
        assert account.outcomes[outcome] >= share * QUERIES, account.outcomes
    descriptors, grew = grown(account)
    assert descriptors <= 30, account.held  # a connection is one, and a worker that is being replaced a few
    assert grew <= 128 * MIB, account.held  # its cache may hold 32 MiB


def test_a_case_is_the_same_each_time() -> None:
    assert [case(SEED, n) for n in range(50)] == [case(SEED, n) for n in range(50)]
    assert len({case(SEED, n) for n in range(50)}) > 45

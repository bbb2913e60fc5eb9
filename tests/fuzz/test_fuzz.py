"""Mutated queries and files in a small number, which ``FUZZ_QUERIES`` and ``FUZZ_FILES`` (a loader) make larger."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz.file_cases import file_case
from tests.fuzz.file_formats import LOADERS
from tests.fuzz.query_cases import case
from tests.fuzz.running_files import FileAccount
from tests.fuzz.running_files import run as run_files
from tests.fuzz.running_queries import Account, grown, run
from tests.fuzz.served import listening, serving

QUERIES = int(os.environ.get("FUZZ_QUERIES", "300"))
FILES = int(os.environ.get("FUZZ_FILES", "10"))
SEED = 20_24
MIB = 1 << 20


def test_mutated_queries_are_answered_as_guard_and_engine_say(tmp_path: Path) -> None:
    with listening() as canary, serving(tmp_path) as served:
        account = run(Account(SEED), QUERIES, served, canary, processes=min(2, os.cpu_count() or 1))
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


def test_mutated_files_are_read_or_refused_and_every_record_accounted_for(tmp_path: Path) -> None:
    keys = [one.key for one in LOADERS]
    account = run_files(FileAccount(SEED), keys, FILES, tmp_path, commands=50, processes=min(2, os.cpu_count() or 1))
    assert account.faults == []
    assert account.files == dict.fromkeys(keys, FILES)
    assert account.beside >= FILES  # files with one bad record among good ones
    for word in ("loaded", "loaded in part", "nothing loaded", "refused", "read"):
        assert any(name.endswith(f": {word}") for name in account.outcomes), account.outcomes
    assert set(account.commands) <= {"0", "1"} and account.commands.total() > 0


def test_a_case_is_the_same_each_time() -> None:
    assert [case(SEED, n) for n in range(50)] == [case(SEED, n) for n in range(50)]
    assert len({case(SEED, n) for n in range(50)}) > 45
    for one in LOADERS:
        assert file_case(SEED, one.key, 3) == file_case(SEED, one.key, 3)


@pytest.mark.parametrize("key", [one.key for one in LOADERS if one.cut is not None])
def test_a_file_cut_into_records_is_whole_again(key: str) -> None:
    (one,) = [one for one in LOADERS if one.key == key]
    assert one.cut is not None
    for data in one.seeds():
        parts = one.cut(data)
        assert len(parts.records) >= 1
        assert one.cut(parts.joined(parts.records)).records == parts.records

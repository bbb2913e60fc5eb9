"""How much of it runs as tests: ``FUZZ_QUERIES`` in all, ``FUZZ_FILES`` of each loader, and how that is held."""

from __future__ import annotations

import os

from tests.fuzz.running_files import Converters, FileAccount, run

QUERIES = int(os.environ.get("FUZZ_QUERIES", "300"))
FILES = int(os.environ.get("FUZZ_FILES", "10"))
SEED = 20_24
COMMANDS = 250
"""Every so many files of a loader go through the real command, too, which takes as long as to read a hundred."""
PROCESSES = 1 if "PYTEST_XDIST_WORKER" in os.environ else min(2, os.cpu_count() or 1)
"""Beside other workers of the tests, one; the cores are theirs as well."""


def hold(key: str, converters: Converters) -> FileAccount:
    """Run the changed files of a loader, and hold what must hold of each; return what came of them."""
    account = run(FileAccount(SEED), [key], FILES, converters, commands=COMMANDS)
    assert not account.faults, "\n".join(f"{f['case']}: {f['fault'][:1500]}" for f in account.faults[:5])
    assert account.files == {key: FILES}
    # Much of everything: where nothing is read any more, nothing is shown.
    good = sum(n for name, n in account.outcomes.items() if name.partition(": ")[2].startswith(("loaded", "read")))
    assert FILES // 20 <= good <= 0.98 * FILES, account.outcomes
    assert set(account.commands) <= {"0", "1"}
    return account

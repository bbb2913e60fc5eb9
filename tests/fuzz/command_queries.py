"""``python -m tests.fuzz queries``: runs, says how far it is, and prints the account."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.fuzz.engine import Engine
from tests.fuzz.judging_queries import judge
from tests.fuzz.query_cases import case
from tests.fuzz.running_queries import Account, bytes_of, grown, run
from tests.fuzz.served import listening, serving


def run_queries(chosen: argparse.Namespace, folder: Path) -> int:
    """Do what the command line says."""
    if chosen.only is not None:
        return show(chosen.seed, chosen.only, chosen.suite)
    account = Account(chosen.seed)
    if chosen.json is not None and chosen.json.exists():
        account = Account.read(chosen.json)
        if account.seed != chosen.seed:
            print(f"{chosen.json} is of seed {account.seed}", file=sys.stderr)
            return 2

    def tell(account: Account) -> None:
        rate = account.cases / max(account.seconds, 0.001)
        print(
            f"\r{account.cases:,} of {chosen.count:,}, {rate:,.0f}/s, {len(account.faults)} faults ",
            end="",
            file=sys.stderr,
        )
        if chosen.json is not None:
            account.write(chosen.json)

    with listening() as canary, serving(folder, chosen.home) as served:
        run(
            account,
            chosen.count,
            served,
            canary,
            share=chosen.http_share,
            suite=chosen.suite,
            processes=chosen.processes,
            tell=tell,
        )
    if chosen.json is not None:
        account.write(chosen.json)
    print(file=sys.stderr)
    print(summary(account))
    return 1 if account.faults else 0


def show(seed: int, number: int, suite: bool) -> int:
    """Print a case, and what guard and engine say of it."""
    query = bytes_of(case(seed, number, with_suite=suite), 1)
    sys.stdout.buffer.write(query + b"\n")
    engine = Engine()
    judged, faults = judge(query, engine)
    engine.close()
    print(judged.kind, judged.engine, judged.stricter, *faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


def summary(account: Account) -> str:
    """Return the account in words."""
    descriptors, grew = grown(account) if account.held else (0, 0)
    lines = [
        f"seed {account.seed}: {account.cases:,} queries, {account.sent:,} over HTTP, in {account.seconds:,.0f} s "
        f"({account.cases / max(account.seconds, 0.001):,.0f}/s), {account.connections:,} connections",
        "answers: " + _counts(account.outcomes),
        "guard: " + _counts(account.guard),
        "engine, of what the guard let through: " + _counts(account.engine),
        f"stricter than the engine: {account.stricter.total():,}",
        f"asked again after 429 or 503: {account.asked_again:,}",
        f"slowest judgement of the guard: {account.slowest_guard[0] * 1000:.0f} ms (case {account.slowest_guard[1]})",
        f"server: {descriptors:+} descriptors and {grew / 2**20:+.1f} MiB since its first tenth; held "
        + (
            f"{account.held[-1]['all_resident'] / 2**20:.0f} MiB in {account.held[-1]['processes']} processes"
            if account.held
            else ""
        ),
        f"faults: {len(account.faults)}",
    ]
    for text, count in Counter(str(f["fault"])[:160] for f in account.faults).most_common(20):
        first = next(f for f in account.faults if str(f["fault"])[:160] == text)
        lines.append(f"  {count} x {text} (case {first['case']})")
    return "\n".join(lines)


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common())

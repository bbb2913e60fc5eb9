"""``python -m tests.fuzz files``: runs, says how far it is, and prints the account."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.fuzz.file_cases import file_case
from tests.fuzz.file_formats import LOADERS
from tests.fuzz.running_files import Converter, Converters, FileAccount, run


def run_files(chosen: argparse.Namespace, folder: Path) -> int:
    """Do what the command line says."""
    keys = chosen.loader or [one.key for one in LOADERS]
    if chosen.only is not None:
        return show(chosen.seed, keys[0], chosen.only, chosen.samples, folder)
    account = FileAccount(chosen.seed)
    if chosen.json is not None and chosen.json.exists():
        account = FileAccount.read(chosen.json)
        if account.seed != chosen.seed:
            print(f"{chosen.json} is of seed {account.seed}", file=sys.stderr)
            return 2
    total = chosen.per_loader * len(keys)

    def tell(account: FileAccount) -> None:
        rate = account.files.total() / max(account.seconds, 0.001)
        said = f"\r{account.files.total():,} of {total:,}, {rate:,.1f}/s, {len(account.faults)} faults "
        print(said, end="", file=sys.stderr)
        if chosen.json is not None:
            account.write(chosen.json)

    with Converters(folder, chosen.processes) as converters:
        run(
            account,
            keys,
            chosen.per_loader,
            converters,
            samples=chosen.samples,
            commands=chosen.commands,
            tell=tell,
        )
    print(file=sys.stderr)
    print(summary(account))
    return 1 if account.faults else 0


def show(seed: int, key: str, number: int, samples: bool, folder: Path) -> int:
    """Write a case to standard output, and what is said of it to standard error."""
    case = file_case(seed, key, number, samples=samples)
    sys.stdout.buffer.write(case.data)
    sys.stdout.flush()
    converter = Converter(folder)
    outcome, faults, seconds = converter.read(case)
    converter.close()
    print(f"\n{case.part} {outcome}, {seconds:.2f} s", *faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


def summary(account: FileAccount) -> str:
    """Return the account in words."""
    total = account.files.total()
    lines = [
        f"seed {account.seed}: {total:,} files of {len(account.files)} loaders in {account.seconds:,.0f} s "
        f"({total / max(account.seconds, 0.001):,.1f}/s); in {account.beside:,} one record alone was changed",
    ]
    for key in account.files:
        said = {n.partition(": ")[2]: c for n, c in account.outcomes.items() if n.startswith(f"{key}: ")}
        lines.append(f"  {key}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(said.items())))
    if account.commands:
        said = {f"exit code {code}": count for code, count in sorted(account.commands.items())}
        lines.append("  the real command: " + ", ".join(f"{name} {count:,}" for name, count in said.items()))
    lines.append(f"slowest file: {account.slowest[0]:.2f} s of the processor ({account.slowest[1]})")
    lines.append(f"faults: {len(account.faults)}")
    for text, count in Counter(f["fault"][:160] for f in account.faults).most_common(20):
        first = next(f for f in account.faults if f["fault"][:160] == text)
        lines.append(f"  {count} x {text} ({first['case']})")
    return "\n".join(lines)

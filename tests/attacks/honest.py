"""What honest clients get while others attack: ``python -m tests.attacks.honest --help``.

The same clients ask the same for the same time, quiet and under attack, in turns, so that both have seen the same
machine. Nothing here is part of the tests: how long an answer takes depends on what else the machine does.

Attackers and honest clients run on the server's own processors, where they wait for each other as they would not on
machines of their own. With ``--apart`` honest clients come before the server and attackers after it (nice(2)), which
only root may do: what is left is what the server does.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import click

from msevidence.server.releases import current
from tests.attacks.clients import Book, Tally, ask_queries, open_pages
from tests.attacks.oracle import Oracle, oracle
from tests.attacks.serving import serving

KINDS = ("sparql", "pages")
BEFORE, AFTER = -10, 15
"""Niceness of honest clients and of attackers who are not to wait for each other; the server's is 0."""


def measure(
    url: str, known: Oracle, book: Book, seconds: float, *, seed: int, each: int = 2, pause: float = 0.05
) -> dict[str, Tally]:
    """Let honest clients ask for some seconds: ``each`` of either kind, every one at an address of its own."""
    until = time.monotonic() + seconds
    tallies = {kind: [Tally() for _ in range(each)] for kind in KINDS}
    threads = []
    for number in range(each):

        def go_on() -> bool:
            return time.monotonic() < until

        asking = (url, f"127.0.0.{100 + number}", {known.release: known}, seed + number, go_on, pause)
        threads.append(threading.Thread(target=ask_queries, args=(*asking, tallies["sparql"][number])))
        opening = (url, f"127.0.0.{120 + number}", book, seed + number, go_on, pause)
        threads.append(threading.Thread(target=open_pages, args=(*opening, tallies["pages"][number])))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    merged = {kind: Tally() for kind in KINDS}
    for kind, counted in tallies.items():
        for tally in counted:
            merged[kind].add(tally)
    return merged


def storm(
    url: str, seconds: float, *, seed: int, addresses: int, pause: float = 0.05, nice: int = 0
) -> subprocess.Popen[str]:
    """Start the attackers in a process of their own, whose niceness is ``nice``."""
    options = ["--seconds", seconds, "--seed", seed, "--addresses", addresses, "--pause", pause]
    command = [sys.executable, "-m", "tests.attacks.storm", url, *map(str, options)]
    attackers = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    if nice:
        os.setpriority(os.PRIO_PROCESS, attackers.pid, nice)  # before its threads, which inherit it
    return attackers


def cpu(pid: int) -> float:
    """Return the CPU seconds of one process, 0 for one that has gone; its children are not counted."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@click.command()
@click.option("--home", type=click.Path(exists=True, path_type=Path), required=True, help="With a release.")
@click.option("--seconds", default=15.0, show_default=True, help="Of each measurement.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--addresses", default=1, show_default=True, help="That the attackers have, eight connections each.")
@click.option("--pause", default=0.05, show_default=True, help="Seconds that an attacker waits after a refusal.")
@click.option("--apart", is_flag=True, help="Honest clients come before the server, attackers after it; for root.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures there.")
def main(
    home: Path,
    seconds: float,
    rounds: int,
    addresses: int,
    pause: float,
    apart: bool,
    seed: int,
    json_file: Path | None,
) -> None:
    """Measure honest clients quiet and under attack, in turns."""
    known, book = oracle(current(home).store.parent), Book()
    found: list[dict[str, object]] = []
    ratios: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(home, "--deadline", "1", log=Path(folder) / "log") as server,
    ):
        book.learn(server.url, known, ("/", "/sparql"))
        if apart:
            os.setpriority(os.PRIO_PROCESS, 0, BEFORE)  # once the server runs, which would inherit it
        for number in range(rounds):
            quiet = measure(server.url, known, book, seconds, seed=seed + 10 * number)
            options = {"addresses": addresses, "pause": pause, "nice": AFTER if apart else 0}
            attackers = storm(server.url, seconds + 2, seed=seed + number, **options)
            time.sleep(1)
            before = cpu(server.pid), cpu(attackers.pid)
            under = measure(server.url, known, book, seconds, seed=seed + 10 * number)
            spent = cpu(server.pid) - before[0], cpu(attackers.pid) - before[1]
            seen = json.loads(attackers.communicate()[0])
            print(f"round {number + 1}: the attackers got {seen}")
            print(f"  CPU in {seconds:g} s: {spent[0]:.1f} s the server process, {spent[1]:.1f} s the attackers")
            for kind in KINDS:
                for name, tally in (("quiet", quiet[kind]), ("under attack", under[kind])):
                    row = {
                        "round": number + 1, "kind": kind, "when": name, "asked": tally.asked, "share": tally.share,
                        "refused": tally.refused, "faults": tally.faults, "wrong": tally.wrong,
                        **{f"p{n}": tally.centile(n / 100) for n in (50, 95, 99)},
                    }  # fmt: skip
                    found.append(row)
                    print(
                        f"  {kind:6} {name:12} {tally.right}/{tally.asked} right ({tally.share:.2%}), "
                        f"p50 {1000 * tally.centile(0.5):.1f} ms, p95 {1000 * tally.centile(0.95):.1f} ms, "
                        f"p99 {1000 * tally.centile(0.99):.1f} ms {dict(tally.statuses)} {tally.wrong[:2]}"
                    )
                ratios[kind].append(under[kind].centile(0.95) / quiet[kind].centile(0.95))
    for kind in KINDS:
        every = ratios[kind]
        print(
            f"{kind}: p95 under attack over quiet: {statistics.median(every):.2f} ({min(every):.2f}–{max(every):.2f})"
        )
    if json_file is not None:
        json_file.write_text(json.dumps({"rounds": found, "ratios": ratios}, indent=1) + "\n")


if __name__ == "__main__":
    main()

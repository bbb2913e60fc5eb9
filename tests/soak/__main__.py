"""``python -m tests.soak --seconds 60 --seed 1 --json FILE``: everything at once, then what it came to.

Honest clients with known answers (queries new and repeated, pages, dumps, conditional requests), attackers with every
family of queries, malformed HTTP, workers killed at random and releases that switch every few seconds, for as long as
asked. Ends with 1 where an answer was wrong, a fault was ours, a process was left behind, or descriptors or memory
grew; how fast anything was is printed and never judged.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from tests.attacks.clients import Book, Tally
from tests.attacks.honest import storm
from tests.attacks.serving import serving
from tests.soak.mixture import Found, run
from tests.soak.releases import make, serve, switching
from tests.soak.watching import MIB, Trend, Watch, settled, trend

FIGURES = ("server_pss", "pss", "descriptors", "all_descriptors", "threads", "all_threads", "children")
GROWTH = 64 * MIB
"""Bytes that the server may grow by after the warm-up: its cache of answers fills for longer than that lasts."""
MORE_DESCRIPTORS = 10
"""Between two times, since connections come and go; and at the end, for what a first request opens for good."""
LATE = 0.001
"""Share of honest requests that a busy machine may let run into the deadline of a second."""
REFUSED = 0.1
"""Share of honest requests that may be told to come again: far above what is right, and far below being shut out."""


def faults(found: Found, trends: dict[str, Trend], watch: Watch, before: int, after: int) -> list[str]:
    """Return what is wrong, a line each."""
    wrong = []
    asked = sum(tally.asked for tally in found.tallies.values())
    for kind, tally in found.tallies.items():
        if not tally.right:
            wrong.append(f"{kind}: not one right answer")
        if tally.faults:
            wrong.append(f"{kind}: {tally.faults} wrong or missing answers, such as {tally.wrong[:3]}")
        if tally.refused > max(3, REFUSED * tally.asked):
            wrong.append(f"{kind}: {tally.refused} of {tally.asked} told to come again: {tally.wrong[:3]}")
    if sum(tally.killed for tally in found.tallies.values()) > found.kills:
        wrong.append(f"more answers are 500 than {found.kills} workers were killed")
    if sum(tally.late for tally in found.tallies.values()) > max(3, LATE * asked):
        wrong.append("honest queries ran into the deadline")
    if ours := {status: times for status, times in found.malformed.items() if status >= 500 and status != 503}:
        wrong.append(f"malformed requests were answered with {ours}")
    if watch.zombies:
        wrong.append(f"nobody collected the processes {sorted(watch.zombies)}")
    memory, descriptors = trends["server_pss"], trends["descriptors"]
    if memory.late > memory.early + GROWTH:
        wrong.append(f"the server grew from {memory.early / MIB:.0f} to {memory.late / MIB:.0f} MiB")
    if descriptors.late > descriptors.early + MORE_DESCRIPTORS:
        wrong.append(f"its descriptors grew from {descriptors.early:.0f} to {descriptors.late:.0f}")
    if after > before + MORE_DESCRIPTORS:
        wrong.append(f"{after} descriptors are open when all clients have gone, {before} were before they came")
    return wrong


def show(found: Found, trends: dict[str, Trend], attackers: dict[str, int]) -> None:
    """Print what was seen."""
    for kind, tally in found.tallies.items():
        print(f"{kind:8} {_line(tally)}")
    print(f"attackers got {attackers}")
    print(f"malformed requests got {dict(sorted(found.malformed.items()))} (0: no answer)")
    print(f"{found.kills} workers killed, {found.switches} switches of the release")
    print(f"{'':16} {'early':>9} {'late':>9} {'most':>9} {'an hour':>10}")
    for name, figure in trends.items():
        unit = MIB if "pss" in name else 1
        values = [value / unit for value in (figure.early, figure.late, figure.most)]
        print(f"{name:16} " + " ".join(f"{value:9.1f}" for value in values) + f" {figure.slope / unit:+10.1f}")


def _line(tally: Tally) -> str:
    centiles = ", ".join(f"p{n} {1000 * tally.centile(n / 100):.1f} ms" for n in (50, 95, 99))
    others = f"{tally.refused} told to come again, {tally.late} late, {tally.killed} with a killed worker"
    return f"{tally.right} of {tally.asked} right, {others}, {tally.faults} wrong; {centiles}"


@click.command()
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures and samples there.")
@click.option("--release", type=click.Path(exists=True, path_type=Path), help="Folder of one; else a small graph.")
@click.option("--addresses", default=2, show_default=True, help="Of the attackers, eight connections each.")
def main(seconds: float, seed: int, json_file: Path | None, release: Path | None, addresses: int) -> None:
    """Let everything loose on a server."""
    with tempfile.TemporaryDirectory() as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        home.mkdir()
        oracles, book = make(home, release), Book()
        with serving(home, "--deadline", "1", log=log) as server:
            for id, known in oracles.items():
                serve(home, id, server.url)
                book.learn(server.url, known, ("/", "/sparql"))
            with Watch(server.pid) as watch:
                before = watch.look().descriptors
                attackers = storm(server.url, seconds, seed=seed, addresses=addresses)
                found = run(server.url, home, oracles, book, seconds, seed, switching)
                attacked = json.loads(attackers.communicate()[0])
            settled(lambda: watch.look().descriptors <= before, 90)
            after = watch.look().descriptors
            said = server.said()
        trends = {name: trend(watch.samples, name) for name in FIGURES}
        wrong = faults(found, trends, watch, before, after)
        wrong += ["the log has a traceback: " + said[said.index("Traceback") :][:2000]] if "Traceback" in said else []
    show(found, trends, attacked)
    print(f"descriptors: {before} before, {after} after")
    print("\n".join(wrong) if wrong else "nothing was wrong")
    if json_file is not None:
        figures = {
            "seconds": seconds, "seed": seed, "wrong": wrong, "attackers": attacked, "malformed": found.malformed,
            "kills": found.kills, "switches": found.switches, "descriptors": {"before": before, "after": after},
            "clients": {kind: {**vars(t), "took": None, "p50": t.centile(0.5), "p95": t.centile(0.95),
                               "p99": t.centile(0.99)} for kind, t in found.tallies.items()},
            "trends": {name: asdict(figure) for name, figure in trends.items()},
            "samples": [asdict(sample) for sample in watch.samples],
        }  # fmt: skip
        json_file.write_text(json.dumps(figures, indent=1) + "\n")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()

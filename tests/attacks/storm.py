"""Attackers without end, in a process of their own: ``python -m tests.attacks.storm --help``.

Eight connections from each address, each with one runaway or nesting query after another, in every way that the
protocol has. Told to come again, an attacker comes again after a moment. Prints as JSON how often it got which answer.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from random import Random

import click

from tests.attacks.families import RUNAWAY
from tests.attacks.nesting import DEPTHS, NESTS
from tests.attacks.serving import WAYS, Client

SMALL = [depth for depth in DEPTHS if depth <= 6_000]


def attack(url: str, source: str, seed: int, until: float, pause: float, seen: Counter[str]) -> None:
    """Ask one member of a family after another until a time of ``time.monotonic``."""
    random = Random(seed)
    with Client(url, source) as client:
        while time.monotonic() < until:
            if random.random() < 0.8:
                query = RUNAWAY[random.choice(list(RUNAWAY))](random)
            else:
                query = NESTS[random.choice(list(NESTS))](random.choice(SMALL))
            try:
                answer = client.ask(query, random.choice(WAYS))
            except (OSError, http.client.HTTPException) as error:
                seen[type(error).__name__] += 1
                time.sleep(pause)
                continue
            seen[f"{answer.status} {answer.kind()}".strip()] += 1
            if answer.status in (429, 503):
                time.sleep(pause)


@click.command()
@click.argument("url")
@click.option("--seconds", default=10.0, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--addresses", default=1, show_default=True, help="127.0.0.2 and those after it.")
@click.option("--connections", default=8, show_default=True, help="From each address.")
@click.option("--pause", default=0.05, show_default=True, help="Seconds after a refusal.")
def main(url: str, seconds: float, seed: int, addresses: int, connections: int, pause: float) -> None:
    """Attack the server at URL."""
    seen: Counter[str] = Counter()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=attack, args=(url, f"127.0.0.{2 + address}", seed * 1_000 + address * 100 + n, until, pause, seen)
        )
        for address in range(addresses)
        for n in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(dict(seen.most_common())))


if __name__ == "__main__":
    main()

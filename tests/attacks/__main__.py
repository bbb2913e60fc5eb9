"""``python -m tests.attacks``: many members of every family against a server, two at a time, and how each ended."""

from __future__ import annotations

import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import click

from tests.attacks.families import ENDED, RUNAWAY
from tests.attacks.nesting import DEPTHS, NESTS, REFUSED
from tests.attacks.serving import WAYS, Serving, ask, serving
from tests.pages_site import publish_pages


def run(server: Serving, members: int, seed: int) -> list[str]:
    """Ask ``members`` of each family, print how they ended, and return what ended as it should not."""
    random = Random(seed)
    jobs = [(name, family(random), ENDED) for name, family in RUNAWAY.items() for _ in range(members)]
    nests = [
        (name, nest(random.choice(DEPTHS) + random.randint(-2, 2)))
        for name, nest in NESTS.items()
        for _ in range(members)
    ]
    jobs += [(name, query, REFUSED | {"timed-out", ""}) for name, query in nests]
    ended: dict[str, Counter[str]] = {}
    slowest: Counter[str] = Counter()
    wrong = []

    def one(number: int) -> None:
        name, query, allowed = jobs[number]
        way = WAYS[number % len(WAYS)]
        answer = ask(server.url, query, way, source=f"127.2.{number // 250 % 250}.{number % 250 + 1}")
        kind = answer.kind()
        ended.setdefault(name, Counter())[f"{answer.status} {kind}".strip()] += 1
        slowest[name] = max(slowest[name], round(1000 * answer.took))
        if kind not in allowed or (not kind and answer.status != 200):
            wrong.append(f"{name}, {way}: {answer.status} {kind}: {query[:300]}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(len(jobs))))
    for name, counts in ended.items():
        print(f"{name:30} {slowest[name] / 1000:6.2f} s at most  {dict(counts)}")
    if ask(server.url, "ASK {}").status != 200:
        wrong.append("the server does not answer any more")
    wrong += [line for line in server.said().splitlines() if "exit -11" in line or "Traceback" in line]
    return wrong


@click.command()
@click.option("--members", default=20, show_default=True, help="Of each family.")
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--home", type=click.Path(exists=True, path_type=Path), help="With a release; otherwise a small one is made."
)
def main(members: int, seed: int, home: Path | None) -> None:
    """Ask, with a deadline of one second."""
    with tempfile.TemporaryDirectory() as folder:
        if home is None:
            home = Path(folder)
            publish_pages(home)
        with serving(home, "--deadline", "1", log=Path(folder) / "log") as server:
            wrong = run(server, members, seed)
    print("\n".join(wrong) if wrong else "all ended as they should")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()

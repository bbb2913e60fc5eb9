"""Identity of studies, measured: precision and recall on the labels, time and memory over synthetic registrations.

Run it with ``python -m tests.bench.identity``. Each size runs in a process of its own, so that its peak memory is its
own; the time is that of the rules and the resolution, with the index over the facts, without making the facts.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from msevidence.loaders.exports.facts import NumberFact, RegistrationFact
from msevidence.loaders.identity import Records, assertions_of_facts, resolve
from tests.graph import DATA
from tests.identity.measured import figures, resolution_of

SIZES = (25_000, 50_000, 100_000)
CROSS_REGISTERED = 0.2
"""Share of the registrations that are of a study with another registration."""
GOAL = 60.0
"""Seconds for the largest size."""
_TREATMENTS = """
    autologous haematopoietic mesenchymal stem cell transplantation alemtuzumab ocrelizumab cladribine natalizumab
    rituximab fingolimod interferon glatiramer dimethyl fumarate exercise vitamin cannabis fampridine baclofen botulinum
    cognition fatigue spasticity gait bladder depression pain sleep diet rehabilitation imaging biomarker progressive
    relapsing remitting early aggressive paediatric pregnancy registry vaccine remyelination lipoic biotin
"""
_WORDS = _TREATMENTS.split()
_PLACES = ("Bergen", "Oslo", "Uppsala", "Sheffield", "Genova", "Barcelona", "Hamburg", "Toulouse", "Ottawa", "Boston")


def synthetic(size: int, seed: int = 3) -> Iterator[RegistrationFact]:
    """Yield ``size`` records: a fifth of them are cross-registered, in each of the ways that the rules know.

    One in a hundred of those contradicts: another sponsor, a placeholder, or a number that many list.
    """
    rng = random.Random(seed)
    made = 0
    while made < size:
        title = "Trial of " + " ".join(rng.choices(_WORDS, k=9)) + " in multiple sclerosis"
        sponsor = f"{rng.choice(_PLACES)} University Hospital {rng.randrange(500)}"
        acronym = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=6))
        nct, eudract = 10_000_000 + made, f"{2004 + made % 20}-{made % 1_000_000:06}-{made % 89 + 10}"
        if rng.random() < CROSS_REGISTERED / (2 - CROSS_REGISTERED) and made + 1 < size:
            yield from _cross_registered(rng, nct, eudract, title, acronym, sponsor)
            made += 2
        else:
            yield _record("NCT", f"NCT{nct}", title, acronym, sponsor, ())
            made += 1


def _cross_registered(
    rng: random.Random, nct: int, eudract: str, title: str, acronym: str, sponsor: str
) -> Iterator[RegistrationFact]:
    one, other = NumberFact(eudract, "secondary", "EUDRACT_NUMBER", f"EudraCT-{eudract}", "EudraCT"), None
    way = rng.random()
    code = (NumberFact(f"{acronym}{nct}", "protocol-code"),)
    first: tuple[NumberFact, ...] = (one,)
    second: tuple[NumberFact, ...] = ()
    if way < 0.4:
        other = NumberFact(f"NCT{nct}", "secondary", "A.5.2", f"NCT{nct}", "NCT")
        second = (other,)
    elif way < 0.5:
        first = second = code
    elif way < 0.6:
        first = ()
    elif way < 0.61:
        sponsor, title = "Somebody else", "Something else in sclerosis multiplex"
    elif way < 0.62:
        first = (*first, NumberFact("NCT12345678", "secondary", "REGISTRY", "NCT12345678", "NCT"))
    elif way < 0.63:
        first = (*first, NumberFact("2004-000000-99", "secondary", "REGISTRY", "EudraCT-2004-001000-99", "EudraCT"))
    yield _record("NCT", f"NCT{nct}", title, acronym, sponsor, first)
    yield _record("EudraCT", eudract, title, acronym, sponsor, second)


def _record(
    scheme: str, number: str, title: str, acronym: str, sponsor: str, numbers: tuple[NumberFact, ...]
) -> RegistrationFact:
    key = number if scheme == "NCT" else f"{scheme}-{number}"
    return RegistrationFact(
        key,
        f"{key}.1",
        number,
        scheme,
        titles=(("public", title[:60], "en"), ("scientific", title, "en")),
        acronyms=(acronym,),
        sponsors=(sponsor,),
        conditions=("Multiple Sclerosis",),
        numbers=numbers,
        dates={"updated": ("2025-01-01", "2025-01-01", None)},
        place="line 1",
    )


def _peak() -> float:
    """Return the peak of this process's memory in MB; getrusage would count that of the process it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(size: int) -> dict[str, float]:
    """Return how long ``size`` records take, the peak of memory before and after, and what came out."""
    facts = list(synthetic(size))
    before = _peak()
    start = time.perf_counter()
    records = Records(facts)
    assertions = list(assertions_of_facts(records))
    ruled = time.perf_counter()
    found = resolve(assertions, records)
    end = time.perf_counter()
    return {
        "registrations": len(found.study_of),
        "assertions": len(assertions),
        "studies": len(set(found.study_of.values())),
        "stopped": sum(d.outcome == "stopped" for d in found.decisions),
        "findings": len(found.findings),
        "rules_s": ruled - start,
        "resolve_s": end - ruled,
        "facts_mb": before,
        "peak_mb": _peak(),
    }


def main() -> None:
    """Print the figures on the labels, and those of each size."""
    for f in figures(resolution_of(DATA)[0]):
        print(
            f"{f.relation:11} labelled {f.labelled:3}  precision {f.precision:.3f} ({f.right}/{f.found})"
            f"  recall {f.recall:.3f} ({f.right}/{f.labelled})"
        )
        for name, pairs in (("missed", f.missed), ("wrong", f.wrong)):
            for pair in pairs:
                print(f"  {name}: {' '.join(pair)}")
    print(f"\n{'records':>8} {'assertions':>10} {'studies':>8} {'stopped':>8} {'rules s':>8} {'resolve s':>9}", end="")
    print(f" {'total s':>8} {'µs/edge':>8} {'peak MB':>8} (facts alone)")
    for size in SIZES:
        command = [sys.executable, "-m", "tests.bench.identity", str(size)]
        m = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        total = m["rules_s"] + m["resolve_s"]
        print(
            f"{size:8} {m['assertions']:10} {m['studies']:8} {m['stopped']:8} {m['rules_s']:8.2f} {m['resolve_s']:9.2f}"
            f" {total:8.2f} {total / m['assertions'] * 1e6:8.0f} {m['peak_mb']:8.0f} ({m['facts_mb']:.0f})"
        )
    print(f"goal: {SIZES[-1]} records in under {GOAL:.0f} s, and as long for an edge whatever the size")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()

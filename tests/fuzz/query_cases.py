"""Case *n* of a seed: a query, from the stored questions or from the grammar, as it is or changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz.grammar import Generator
from tests.fuzz.mutating_queries import mutated

ROOT = Path(__file__).resolve().parents[2]
W3C = ROOT.parent / "shared" / "conformance" / "data" / "rdf-tests" / "sparql"


@cache
def stored() -> tuple[str, ...]:
    """Return the stored questions."""
    found = tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries").glob("*.rq")))
    assert len(found) >= 20, "the stored questions are not where they were"
    return found


@cache
def suite() -> tuple[str, ...]:
    """Return the queries of the W3C's suites, none where they are not here."""
    paths = sorted(W3C.glob("sparql1[012]/**/*.rq"))
    return tuple(path.read_bytes().decode("utf-8", "surrogateescape") for path in paths)


def case(seed: int, number: int, *, with_suite: bool = False) -> str:
    """Return the query of a case, as text whose bytes are those of ``surrogateescape``.

    Args:
        seed: of the run.
        number: of the case in it.
        with_suite: whether the W3C's queries are among what is changed; then the case is another one.
    """
    random = Random(f"{seed}:{number}")
    text = _seed(random, with_suite)
    if random.random() < 0.15:
        return text
    return mutated(text, _seed(random, with_suite), random)


def _seed(random: Random, with_suite: bool) -> str:
    if with_suite and suite() and random.random() < 0.3:
        return random.choice(suite())
    if random.random() < 0.15:
        return random.choice(stored())
    return Generator(random).query()

"""What is asked: the queries of ``queries/``, each with the values that its variable takes in turn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from tests.bench.servers import Server, ask

QUERIES = Path(__file__).parent / "queries"
Row = tuple[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple], ...]


class AnswerError(Exception):
    """Raised when an answer is empty, or two servers answer differently: then their speeds tell nothing."""


@dataclass(frozen=True)
class Workload:
    """One query, in all its texts."""

    name: str
    texts: list[str]


def workloads(server: Server) -> list[Workload]:
    """Return what is asked; the values come from the graph, as this server tells it.

    Raises:
        AnswerError: the graph has none.
    """
    return [
        Workload("point (one study)", _texts(server, "point", "study", "studies")),
        Workload("claim → support", _texts(server, "support-of-claim", "claim", "claims")),
        Workload("every claim → support", [_read("support-of-all")]),
    ]


def check(workload: Workload, servers: list[Server]) -> int:
    """Compare the answers to every text of a workload as bags of rows; return how many rows there are.

    Raises:
        AnswerError: an answer is empty, or not what the first server answers.
    """
    rows = 0
    first = servers[0]
    for text in workload.texts:
        expected = answer(first, text)
        if not expected:
            raise AnswerError(f"{workload.name}: {first.name} has no row for {text}")
        rows += expected.total()
        for server in servers[1:]:
            found = answer(server, text)
            if found != expected:
                raise AnswerError(
                    f"{workload.name}: {server.name} has {found.total()} rows and {first.name} {expected.total()}; "
                    f"only the one has {list(found - expected)[:1]}, only the other {list(expected - found)[:1]}"
                )
    return rows


def answer(server: Server, text: str) -> Counter[Row]:
    """Return what a server answers to a SELECT query, without the order of its rows and columns."""
    solutions = ox.parse_query_results(ask(server, text), ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    names = sorted(variable.value for variable in solutions.variables)
    found: Counter[Row] = Counter()
    for solution in solutions:
        found[tuple((name, term) for name in names if (term := solution[name]) is not None)] += 1
    return found


def _texts(server: Server, query: str, variable: str, values: str) -> list[str]:
    """Return the query with each value in the place of its variable."""
    texts = []
    for row in sorted(answer(server, _read(values)), key=str):
        [(_, value)] = row
        texts.append(_read(query).replace(f"${variable}", str(value)))
    if not texts:
        raise AnswerError(f"{values}.rq finds nothing to ask about in the graph")
    return texts


def _read(name: str) -> str:
    """Return a query of the folder without the comments above it."""
    lines = (QUERIES / f"{name}.rq").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#"))

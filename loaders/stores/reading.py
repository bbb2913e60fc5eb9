"""Reading a graph of a store whole, or not at all: what was read is held against what the store counts."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

import pyoxigraph as ox

from msevidence.loaders.stores import sparql_text
from msevidence.loaders.stores.client import Client, StoreError
from msevidence.loaders.stores.engines import Engine, normalised

PAGE = 8000
"""Triples of one answer, about: Virtuoso leaves out what is over its limit, 10,000 as it is installed."""
TRIES, FIRST_WAIT = 4, 0.5
"""How often a step that may be repeated is tried, and the seconds before the second time; each later wait is twice."""
SHOWN = 3

T = TypeVar("T")


def repeated(step: Callable[[], T], wait: Callable[[float], None] = time.sleep) -> T:
    """Return what a step gives that may be done several times; where the store is busy or gone it is tried again.

    Raises:
        StoreError: it failed each time, or in a way that another try does not mend.
    """
    for number in range(TRIES - 1):
        try:
            return step()
        except StoreError as error:
            if not error.again:
                raise
            wait(FIRST_WAIT * 2**number)
    return step()


def count(client: Client, graph: str | None) -> int:
    """Return how many triples a graph has by the store's own word; one that is not there has none."""
    rows = repeated(lambda: client.select(sparql_text.count(graph)))
    value = rows[0].get("n") if rows else None
    if not (isinstance(value, ox.Literal) and value.value.isdecimal()):
        raise StoreError(f"{client.query}: gives no count of {graph or 'the default graph'}")
    return int(value.value)


def graph_names(client: Client) -> list[str]:
    """Return the names of the graphs of a store, sorted."""
    rows = repeated(lambda: client.select(sparql_text.NAMES))
    return sorted(name.value for row in rows if isinstance(name := row.get("g"), ox.NamedNode))


def read_graph(client: Client, graph: str | None, tell: Callable[[int], None] = lambda n: None) -> list[bytes]:
    """Return a graph as sorted distinct lines of canonical N-Triples.

    From the Graph Store service where there is one; else by queries, in parts that a store does not cut.

    Raises:
        StoreError: it can not be read whole, or changes while it is read.
    """
    before = count(client, graph)
    if client.graph_store is not None:
        found = lines_of(repeated(lambda: client.get_graph(graph)), client.graph_store) if before else []
    elif before <= PAGE:
        found = _constructed(client, graph, "")
    else:
        found = _in_parts(client, graph, before, tell)
    if len(found) != before:
        after = count(client, graph)
        name = graph or "the default graph"
        if after != before:
            raise StoreError(f"{name}: changed while it was read ({before} triples before, {after} after); read again")
        raise StoreError(
            f"{name}: the store counts {before} triples and gives {len(found)}: it cuts its answers, or has blank nodes"
            " as subjects, which no query can ask for in parts; name its Graph Store service with --graph-store"
        )
    return found


def _in_parts(client: Client, graph: str | None, size: int, tell: Callable[[int], None]) -> list[bytes]:
    digits = 1
    while size > PAGE * 16**digits:
        digits += 1
    found: set[bytes] = set()
    for prefix in product("0123456789abcdef", repeat=digits):
        found.update(_constructed(client, graph, "".join(prefix)))
        tell(len(found))
    return sorted(found)


def _constructed(client: Client, graph: str | None, digits: str) -> list[bytes]:
    triples = repeated(lambda: client.construct(sparql_text.construct(graph, digits)))
    return sorted({f"{triple} .\n".encode() for triple in triples})


def lines_of(content: bytes, place: str) -> list[bytes]:
    """Return N-Triples or Turtle as sorted distinct lines of canonical N-Triples.

    Raises:
        StoreError: it is neither.
    """
    try:
        return sorted({f"{q.triple} .\n".encode() for q in ox.parse(content, ox.RdfFormat.TURTLE)})
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"{place}: the answer is no Turtle ({error})") from error


def digest(lines: Iterable[bytes]) -> str:
    """Return the SHA-256 of sorted lines."""
    whole = hashlib.sha256()
    for line in lines:
        whole.update(line)
    return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Compared:
    """What holding a graph of a store against ours showed."""

    graph: str
    """Its name here; empty for the default graph."""
    count: int
    """Triples here."""
    held: int
    """Triples there."""
    sha256: str
    """Of the lines here, as they are."""
    exact: bool
    """Whether the store has the same bytes."""
    equal: bool
    """Whether it has the same after what is declared of the engine."""
    missing: tuple[str, ...] = ()
    """The first lines that are here and not there."""
    foreign: tuple[str, ...] = ()
    """The first lines that are there and not here."""

    def words(self) -> str:
        """Return the outcome in words."""
        if self.exact:
            return "equal"
        return "equal after normalisation" if self.equal else "DIFFERENT"


def compared(graph: str, ours: Sequence[bytes], theirs: Sequence[bytes], engine: Engine) -> Compared:
    """Hold two graphs, as sorted lines of canonical N-Triples, against each other."""
    sha256 = digest(ours)
    if sha256 == digest(theirs):
        return Compared(graph, len(ours), len(theirs), sha256, True, True)
    one = {normalised(line.rstrip(b"\n"), engine): line for line in ours}
    other = {normalised(line.rstrip(b"\n"), engine): line for line in theirs}
    if digest(sorted(one)) == digest(sorted(other)):
        return Compared(graph, len(ours), len(theirs), sha256, False, True)
    missing = sorted(one.keys() - other.keys())[:SHOWN]
    foreign = sorted(other.keys() - one.keys())[:SHOWN]
    return Compared(
        graph,
        len(ours),
        len(theirs),
        sha256,
        False,
        False,
        tuple(line.decode() for line in missing),
        tuple(line.decode() for line in foreign),
    )

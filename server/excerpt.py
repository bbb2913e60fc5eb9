"""What a page shows of a result, written by the worker that has the result: its first rows, and how many there are.

A page never holds more than a person reads and a browser bears, so the worker counts and cuts where the query's own
limits (deadline, memory, size) still hold; the result itself is whole, and the page says how many rows it has and
offers all of them as a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import pyoxigraph as ox

NAME = "page"
"""What takes the place of a format's name in a request to a worker."""
ROWS = 1_000
"""Rows on a page."""
SIZE = 4 << 20
"""Bytes on a page, each cell counted with what its markup takes; more makes a browser slow."""
CELL = 64
"""Bytes that a cell takes beside its value."""
NAMED = 1_000
"""Different IRIs up to which a page names them: each look-up takes about 10 µs, so all of them 10 ms."""
# A prefix counts as used where its name stands anywhere else, also in a string: one too many does no harm.
_PREFIX = re.compile(rb"^@prefix ([^ ]*:) <[^>]*> \.\n", re.MULTILINE)

Cell = dict[str, str] | None


class Names(Protocol):
    """A store elsewhere, which tells what several things are called in one answer."""

    def names(self, iris: Iterable[str], properties: Iterable[str]) -> Iterator[tuple[str, str, ox.Literal]]:
        """Return thing, property and text."""


def of_boolean(answer: bool) -> bytes:
    """Write the answer to ASK."""
    return json.dumps({"boolean": answer}).encode()


def of_solutions(serialised: bytes, store: ox.Store | Names, base: str, properties: Sequence[str]) -> bytes:
    """Write the first rows of a result, their number, and what the things in them are called.

    Args:
        serialised: the whole result as TSV, which has a line a row, so that rows are counted without being read; a
            parser of JSON would also refuse a value of 10 MB.
        store: where names are looked up, in the default graph.
        base: names are looked up for IRIs that begin so.
        properties: IRIs of the properties that name things; the first that a thing has counts.
    """
    solutions = ox.parse_query_results(_head(serialised), ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)
    rows = [[_cell(term) for term in solution] for solution in solutions]
    iris = {cell["value"] for row in rows for cell in row if cell and cell["type"] == "iri"}
    ours = sorted(iri for iri in iris if iri.startswith(base))
    return json.dumps(
        {
            "columns": [variable.value for variable in solutions.variables],
            "rows": rows,
            "total": serialised.count(b"\n") - 1,
            "names": _names(store, ours, properties) if len(ours) <= NAMED else {},
        }
    ).encode()


def _head(serialised: bytes) -> bytes:
    """Return the line of variables and those of as many rows as a page holds."""
    end = serialised.index(b"\n") + 1
    markup = CELL * (1 + serialised.count(b"\t", 0, end))
    room = SIZE
    for _ in range(ROWS):
        after = serialised.find(b"\n", end) + 1
        room -= after - end + markup
        if not after or room < 0:
            break
        end = after
    return serialised[:end]


def of_triples(turtle: bytes) -> bytes:
    """Write a graph as Turtle, without the prefixes that it does not use, or only its size if it is too long."""
    if len(turtle) > SIZE:
        return json.dumps({"turtle": None, "bytes": len(turtle)}).encode()
    text = _PREFIX.sub(lambda line: line[0] if turtle.count(line[1]) > 1 else b"", turtle)
    return json.dumps({"turtle": text.decode(), "bytes": len(text)}).encode()


def _cell(term: Any) -> Cell:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return {"type": "iri", "value": term.value}
    if isinstance(term, ox.Literal):
        return {
            "type": "literal",
            "value": term.value,
            "language": term.language or "",
            "datatype": "" if term.language else term.datatype.value,
        }
    return {"type": "other", "value": str(term)}


def _names(store: ox.Store | Names, iris: Iterable[str], properties: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the names of things, each with its language, by the first of the properties that they have."""
    there: dict[tuple[str, str], list[tuple[str, str]]] = {}
    iris = list(iris)
    # Each look-up elsewhere takes a round trip.
    said = _said(store, iris, properties) if isinstance(store, ox.Store) else store.names(iris, properties)
    for iri, property, name in said:
        there.setdefault((iri, property), []).append((name.value, name.language or ""))
    found: dict[str, list[tuple[str, str]]] = {}
    for iri in iris:
        first = next((there[iri, property] for property in properties if (iri, property) in there), None)
        if first:
            found[iri] = sorted(first)
    return found


def _said(store: ox.Store, iris: Iterable[str], properties: Sequence[str]) -> Iterator[tuple[str, str, ox.Literal]]:
    """Return what the first of the properties that a thing has says of it in words."""
    predicates = [ox.NamedNode(iri) for iri in properties]
    for iri in iris:
        node = ox.NamedNode(iri)
        for predicate in predicates:
            objects = [quad.object for quad in store.quads_for_pattern(node, predicate, None, ox.DefaultGraph())]
            names = [o for o in objects if isinstance(o, ox.Literal)]
            if names:
                yield from ((iri, predicate.value, name) for name in names)
                break

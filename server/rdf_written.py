"""Triples and quads of an answer that is written in the web process, in an order: the same bytes for the same tag.

A graph may have hundreds of thousands, and whoever sorts or writes them in one call of the engine holds Python's lock
for all of it, so that nobody else is answered: 0.3 s for 190,000. Here each passes through Python, which lets go
between two, and only their texts are compared in one go (0.05 s).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import pyoxigraph as ox

S = TypeVar("S", ox.Triple, ox.Quad)


def in_order(statements: Iterable[S]) -> list[S]:
    """Return triples or quads in the order of their texts in N-Triples or N-Quads, each once.

    >>> a, b = (ox.Triple(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal("x")) for n in "ab")
    >>> in_order([b, a, b]) == [a, b]
    True
    """
    # Not `sorted(set(...), key=str)`, which has the engine hash each and write its text in one call.
    by_text = {str(one): one for one in statements}
    return [by_text[text] for text in sorted(by_text)]


def written(statements: Iterable[S], format: ox.RdfFormat, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Return triples or quads as a file, in order, each once.

    Args:
        statements: what is written.
        format: of the file.
        prefixes: of the file, by name; None where the format has none.
    """
    # A generator, and not the list: the engine takes one at a time from it, and lets others run meanwhile.
    one_by_one = (one for one in in_order(statements))
    return ox.serialize(one_by_one, format=format, prefixes=dict(prefixes) if prefixes else None) or b""

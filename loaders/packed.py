"""Statements held as compressed lines of N-Quads: a tenth of the memory, for those that are only read from now on.

A hundred thousand studies have some ten thousand articles, whose statements would take as many gigabytes as terms.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import Quad, RdfFormat, parse, serialize

TOGETHER = 20_000
"""Statements that are compressed together, some 4 MB of lines; those of one article are fewer."""
LEVEL = 1
"""Of zlib: higher ones take several times as long for a tenth less."""


def pack(quads: Iterable[Quad]) -> tuple[bytes, ...]:
    """Return quads as compressed lines."""
    all_quads = iter(quads)
    packed = []
    while some := list(islice(all_quads, TOGETHER)):
        packed.append(zlib.compress(serialize(some, format=RdfFormat.N_QUADS) or b"", LEVEL))
    return tuple(packed)


def lines(packed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines that were packed, some at a time."""
    return map(zlib.decompress, packed)


def unpack(packed: Iterable[bytes]) -> Iterator[Quad]:
    """Yield the quads that were packed, in their order."""
    for some in lines(packed):
        yield from parse(some, format=RdfFormat.N_QUADS, lenient=True)  # their IRIs were checked when they were stated

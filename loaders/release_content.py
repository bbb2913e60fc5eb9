"""What a release holds, written in one pass: the sorted quads with the default graph, their hashes and their counts.

The lines of the named graphs come sorted, so that those of one triple stand together, and its line in the default graph
right before them (``.`` comes before ``<``). So their merge needs no second sort, and no line is taken apart twice.
"""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from msevidence.loaders.release_read_back import Fingerprint, fingerprint
from msevidence.loaders.release_sorting import blocks

V = TypeVar("V")
TAKEN = 10_000
"""Lines of named graphs that are written at a time."""


@dataclass(frozen=True)
class Content:
    """A sorted file of quads."""

    sha256: str
    """Of the file: of a release's content without the graph ``release``, its id."""
    bytes: int
    default_graph_triples: int
    graphs: dict[str, int]
    """IRI of each named graph: number of its quads."""
    graph_sha256: dict[str, str]
    """IRI of each named graph: SHA-256 of its lines, in the order of the file."""
    fingerprint: Fingerprint
    """Of the lines of the file, for what reads them back in another order."""

    @property
    def quads(self) -> int:
        """All lines of the file: those of the named graphs and of the default graph."""
        return self.default_graph_triples + sum(self.graphs.values())


def write_content(
    named: Iterable[list[bytes]], path: Path, told: Callable[[bytes], None] = lambda lines: None
) -> Content:
    """Write the quads of named graphs, which come sorted, and their RDF merge as default graph.

    ``told`` is given the lines as they are written.
    """
    whole, size, triples, before, found = hashlib.sha256(), 0, 0, b"", Fingerprint()
    digests: dict[bytes, Any] = defaultdict(hashlib.sha256)
    counts: dict[bytes, int] = defaultdict(int)
    with path.open("wb") as out:
        for lines in _taken(named):
            content: list[bytes] = []
            of_graph: dict[bytes, list[bytes]] = defaultdict(list)
            for line in lines:
                end = line.rindex(b" <")  # a graph is an IRI, which has no blank
                triple = line[:end]
                if triple != before:
                    content.append(triple + b" .\n")
                    before = triple
                    triples += 1
                content.append(line)
                of_graph[line[end:]].append(line)
            for graph, its in of_graph.items():
                digests[graph].update(b"".join(its))
                counts[graph] += len(its)
            written = b"".join(content)
            out.write(written)
            whole.update(written)
            size += len(written)
            found += fingerprint(content)
            told(written)
    return Content(
        whole.hexdigest(),
        size,
        triples,
        {graph[2:-4].decode(): counts[graph] for graph in sorted(counts)},
        {graph[2:-4].decode(): digests[graph].hexdigest() for graph in sorted(counts)},
        found,
    )


def _taken(named: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
    """Yield lines some at a time: what is merged at once would be as much again once it is written."""
    for lines in named:
        for at in range(0, len(lines), TAKEN):
            yield lines[at : at + TAKEN]


def write_with(
    content: Content,
    source: Path,
    extra: list[bytes],
    target: Path,
    told: Callable[[bytes], None] = lambda lines: None,
) -> Content:
    """Write ``source``, which holds ``content``, with the lines of one more named graph, ``extra``.

    ``told`` is given the lines that ``source`` has not.
    """
    extra = sorted(set(extra))
    graph = extra[0][extra[0].rindex(b" <") + 2 : -4].decode()
    lines = sorted({*extra, *(line[: line.rindex(b" <")] + b" .\n" for line in extra)})
    whole, size, added, at, found = hashlib.sha256(), 0, list[bytes](), 0, Fingerprint()
    with target.open("wb") as out:
        for block in blocks(source):
            while at < len(lines) and lines[at] <= block[-1]:
                place = bisect_left(block, lines[at])
                if block[place] != lines[at]:
                    block.insert(place, lines[at])
                    added.append(lines[at])
                at += 1
            written = b"".join(block)
            out.write(written)
            whole.update(written)
            size += len(written)
            found += fingerprint(block)
        rest = b"".join(lines[at:])
        out.write(rest)
        whole.update(rest)
        size += len(rest)
        found += fingerprint(lines[at:])
        added += lines[at:]
    told(b"".join(added))
    own = hashlib.sha256(b"".join(extra)).hexdigest()
    return Content(
        whole.hexdigest(),
        size,
        content.default_graph_triples + len(added) - len(extra),
        _in_order({**content.graphs, graph: len(extra)}),
        _in_order({**content.graph_sha256, graph: own}),
        found,
    )


def _in_order(of_graphs: dict[str, V]) -> dict[str, V]:
    """Return what is said of graphs in the order of their terms."""
    return {graph: of_graphs[graph] for graph in sorted(of_graphs, key=lambda graph: f"<{graph}>".encode())}

"""Sorted N-Quads files: what a release is hashed over, and the counts that its manifest states.

Without blank nodes the canonical form of RDF Dataset Canonicalization (RDFC-1.0 §5) is the sorted list of the quads in
canonical N-Quads, which is how the store writes them; a release id is the SHA-256 of that list. Files are sorted in
runs and merged, so that memory does not grow with the graph.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from msevidence.loaders.release_sorting import sort_lines


@dataclass(frozen=True)
class Survey:
    """What one N-Quads file holds."""

    release: str
    """SHA-256 of the quads that a release id covers."""
    sha256: str
    bytes: int
    default_graph_triples: int
    graphs: dict[str, int]
    """IRI of each named graph: number of its quads."""
    graph_sha256: dict[str, str]
    """IRI of each named graph: SHA-256 of its lines, in the order of the file."""

    @property
    def quads(self) -> int:
        """All lines of the file: those of the named graphs and of the default graph."""
        return self.default_graph_triples + sum(self.graphs.values())


def split_line(line: bytes) -> tuple[bytes, bytes]:
    """Return a line of canonical N-Quads as triple (``<s> <p> <o>``) and graph (``<g>``, empty for the default).

    Subjects, predicates, graphs and datatypes are IRIs, which hold neither spaces nor quotation marks.

    >>> split_line(b'<s> <p> "a <b> c"@en <g> .')
    (b'<s> <p> "a <b> c"@en', b'<g>')
    >>> split_line(b"<s> <p> <o> .")
    (b'<s> <p> <o>', b'')
    """
    body = line.rstrip(b"\n").removesuffix(b" .")
    start_of_object = body.index(b" ", body.index(b" ") + 1) + 1
    last_quote = body.rfind(b'"')
    after_object = body.find(b" ", max(start_of_object, last_quote))
    return (body, b"") if after_object < 0 else (body[:after_object], body[after_object + 1 :])


def survey(path: Path, release_graph: str) -> Survey:
    """Count and hash a sorted N-Quads file.

    The id leaves out ``release_graph`` and those triples of the default graph that stand in no other named graph.
    """
    reserved = b"<" + release_graph.encode() + b">"
    whole = hashlib.sha256()
    digests: dict[bytes, Any] = defaultdict(hashlib.sha256)
    graphs: Counter[bytes] = Counter()
    end = b" " + reserved + b" .\n"  # also of a triple about that graph, so lines that end so are looked at
    described = {split_line(line)[0] for line in _lines(path) if _is_in(line, reserved, end)}
    elsewhere: set[bytes] = set()
    for line in _lines(path):
        whole.update(line)
        triple, graph = split_line(line)
        graphs[graph] += 1
        digests[graph].update(line)
        if graph not in (b"", reserved) and triple in described:
            elsewhere.add(triple)
    only_release = {triple + b" .\n" for triple in described - elsewhere}  # as lines of the default graph
    covered = hashlib.sha256()
    for line in _lines(path):
        if line not in only_release and not _is_in(line, reserved, end):
            covered.update(line)
    default = graphs.pop(b"", 0)
    named = {graph[1:-1].decode(): count for graph, count in sorted(graphs.items())}
    hashes = {graph[1:-1].decode(): digests[graph].hexdigest() for graph in sorted(graphs)}
    return Survey(covered.hexdigest(), whole.hexdigest(), path.stat().st_size, default, named, hashes)


def _is_in(line: bytes, graph: bytes, end: bytes) -> bool:
    """Say whether a line is of the graph; taking every line apart would be half of the work of a survey."""
    return line.endswith(end) and split_line(line)[1] == graph


def default_is_merge(path: Path, scratch: Path) -> bool:
    """Say whether the default graph of a sorted N-Quads file is the RDF merge of its named graphs."""
    named, merged = scratch / "named.nt", scratch / "merged.nt"
    with named.open("wb") as out:
        out.writelines(triple + b" .\n" for triple, graph in _quads(path) if graph)
    sort_lines(named, merged, scratch)
    with merged.open("rb") as file:
        default = (triple + b" .\n" for triple, graph in _quads(path) if not graph)
        equal = all(a == b for a, b in zip_longest(file, default))
    named.unlink()
    merged.unlink()
    return equal


def _lines(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        yield from file


def _quads(path: Path) -> Iterable[tuple[bytes, bytes]]:
    return map(split_line, _lines(path))

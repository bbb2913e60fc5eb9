"""Which graph and which record of a release was touched, where ``data.nq`` is not as it was published.

The manifest has the hash of every named graph, which names the graph. The default graph repeats every named one, so
that a statement changed in one of the two names itself. One changed in both, with the order kept, is named only by a
second copy: the store, or the same release elsewhere. A record is the statements of one subject in one graph.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from hashlib import sha256
from itertools import groupby, repeat
from pathlib import Path
from typing import Any

from msevidence.loaders.release_manifest import Manifest
from msevidence.loaders.release_nquads import split_line
from msevidence.loaders.release_sorting import sort_lines

NAMED = 20
"""Lines and records named at most; how many more there are is told."""
SHOWN = 160
"""Characters of a statement at most."""
DEFAULT = "the default graph"

Statement = tuple[str, str, str]
"""Subject, graph, and the triple, for readers."""


def touched_graphs(data: Path, manifest: Manifest) -> list[str]:
    """Name the lines that are no quads or out of order, and the graphs whose hash is not that of the manifest."""
    faults: list[str] = []
    digests: dict[str, Any] = defaultdict(sha256)
    previous, in_order = b"", True
    with data.open("rb") as file:
        for number, line in enumerate(file, 1):
            if (parts := _parts(line)) is None:
                faults.append(f"data.nq: line {number} is no quad: {_short(line.decode(errors='replace'))}")
                continue
            digests[parts[1]].update(line)
            if in_order and line <= previous:
                in_order = False
                faults.append(f"data.nq: line {number} is out of order or there twice: {_short(line.decode())}")
            previous = line
    digests.pop("", None)
    return [*_some(faults, "lines"), *graph_faults({g: d.hexdigest() for g, d in digests.items()}, manifest)]


def graph_faults(found: Mapping[str, str], manifest: Manifest) -> list[str]:
    """Name the graphs whose hash is not that of the manifest; none where the manifest states no hashes."""
    stated = manifest.graph_sha256
    if not stated:
        return []
    return [
        f"data.nq: graph {graph} was touched: its quads have SHA-256 {found.get(graph, 'none: they are gone')};"
        f" the manifest says {stated.get(graph, 'nothing of such a graph')}"
        for graph in sorted(stated.keys() | found.keys())
        if stated.get(graph) != found.get(graph)
    ]


def touched_records(data: Path, scratch: Path) -> list[str]:
    """Name the records by which the default graph and the named graphs of one file differ."""
    named, default = scratch / "named.nt", scratch / "default.nt"
    with named.open("wb") as of_named, default.open("wb") as of_default:
        for triple, graph in _quads(data):
            (of_named if graph else of_default).write(triple + b"\n")
    only_named, only_default = _differences(named, default, scratch)
    stands = [
        (_subject(triple), graph[1:-1].decode(), f"{_text(triple)} is not in {DEFAULT}, which repeats every graph")
        for triple, graph in _quads(data)
        if graph and triple + b"\n" in only_named
    ]
    stands += [
        (_subject(line), DEFAULT, f"{_text(line)} is in none of the named graphs, which it repeats")
        for line in sorted(only_default)
    ]
    return _records(stands)


def differing_records(data: Path, copy: Path, scratch: Path, name: str) -> list[str]:
    """Name the records by which a file differs from a second copy, which is called ``name``."""
    here, there = _differences(data, copy, scratch)
    statements: list[Statement] = []
    merged: set[tuple[bytes, bool]] = set()
    for lines, is_here in ((here, True), (there, False)):
        said = f"is here and not in {name}" if is_here else f"is in {name} and not here"
        for line in sorted(lines, key=_default_last):
            if (parts := _parts(line)) is None:
                continue  # lines that are no quads have been named
            triple, graph = parts
            if graph:
                merged.add((triple, is_here))
            elif (triple, is_here) in merged:
                continue  # told of its named graph
            statements.append((_subject(triple), graph or DEFAULT, f"{_text(triple)} {said}"))
    return _records(statements)


def _default_last(line: bytes) -> tuple[bool, bytes]:
    parts = _parts(line)
    return parts is None or not parts[1], line


def _records(statements: list[Statement]) -> list[str]:
    told = []
    for (subject, graph), group in groupby(sorted(statements), key=lambda one: one[:2]):
        where = graph if graph == DEFAULT else f"graph {graph}"
        said = [text for _, _, text in group]
        told.append(f"data.nq: record {subject} in {where}: {'; '.join(_some(said, 'statements', 3))}")
    return _some(told, "records")


def _some(texts: list[str], what: str, most: int = NAMED) -> list[str]:
    return texts if len(texts) <= most else [*texts[:most], f"and {len(texts) - most} more {what}"]


def _differences(one: Path, other: Path, scratch: Path) -> tuple[set[bytes], set[bytes]]:
    """Return the lines of either file that the other has not."""
    paths = []
    for number, path in enumerate((one, other)):
        paths.append(scratch / f"sorted-{number}.nq")
        sort_lines(path, paths[-1], scratch)
    only: tuple[set[bytes], set[bytes]] = (set(), set())
    with ExitStack() as stack:
        marked = [zip(stack.enter_context(path.open("rb")), repeat(n)) for n, path in enumerate(paths)]
        for line, group in groupby(heapq.merge(*marked), key=lambda pair: pair[0]):
            held = {n for _, n in group}
            if len(held) == 1:
                only[held.pop()].add(line)
    for path in paths:
        path.unlink()
    return only


def _quads(path: Path) -> Iterator[tuple[bytes, bytes]]:
    with path.open("rb") as file:
        for line in file:
            try:
                yield split_line(line)
            except ValueError:
                continue  # no quad


def _parts(line: bytes) -> tuple[bytes, str] | None:
    """Return the triple of a line and the IRI of its graph; None where it is no quad in UTF-8."""
    try:
        triple, graph = split_line(line)
        line.decode()
        return (triple, graph[1:-1].decode()) if line.endswith(b" .\n") and line.startswith(b"<") else None
    except ValueError:
        return None


def _subject(triple: bytes) -> str:
    return triple.partition(b" ")[0].decode(errors="replace")


def _text(triple: bytes) -> str:
    """Return predicate and object of a triple."""
    return _short(triple.rstrip(b"\n").partition(b" ")[2].decode(errors="replace"))


def _short(text: str) -> str:
    shown = text.rstrip("\n")
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"

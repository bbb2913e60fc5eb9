"""The graph as the index reads it: a property at a time, in passes over the whole graph, never a query a thing.

It is read from the sorted quads of a release (``data.nq``), which the store is loaded from too: so the index can be
made while the store is loaded, and no term goes through the engine. What each property says is put into a file of its
own first, so that memory holds no more than what is followed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release_sorting import Runs

Node = ox.NamedNode | ox.Literal
Links = Mapping[str, Sequence[Node]]
"""From the IRI of a thing to what a property leads to from it."""

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_READ_BYTES = 2**20
_HELD_BYTES = 16 * 2**20
"""Bytes of statements held, by property, before they are written."""


class IndexedGraph:
    """The default graph of a release: the merge of its named graphs."""

    def __init__(self, data: Path, scratch: Path) -> None:
        """Read a release.

        Args:
            data: its quads, sorted, in canonical N-Quads.
            scratch: an empty folder, whose files are read as long as the graph is.

        Raises:
            OSError: ``data`` can not be read, or ``scratch`` not be written.
        """
        self.scratch = scratch
        """Where files for a while may lie."""
        self._files: dict[bytes, Path] = {}
        """Property, in angle brackets, to the file of what it says: subject, blank, value, blank, full stop."""
        self._graphs: set[bytes] = set()
        self._kept: dict[str, Links] = {}
        self._subjects = scratch / "subjects"
        self._take_apart(data)

    def each(self, property: str) -> Iterator[tuple[str, Node]]:
        """Yield subject and value of every statement with a property, in the order of the release."""
        path = self._files.get(f"<{property}>".encode())
        if path is None:
            return
        made: dict[bytes, Node] = {}  # things that many lead to: classes, documents, passages
        with path.open("rb") as file:
            for line in file:
                subject, _, value = line.partition(b" ")
                node = made.get(value)
                if node is None:
                    node = _node(value)
                    if value.startswith(b"<"):
                        made[value] = node
                yield subject[1:-1].decode(), node

    def follow(self, path: Sequence[str]) -> Links:
        """Return what a path leads to from each thing, each node once; ``^`` before a property follows it backwards."""
        found = self._links(path[0])
        for step in path[1:]:
            onward = self._links(step)
            found = {
                thing: reached
                for thing, nodes in found.items()
                if (reached := list(dict.fromkeys(far for node in nodes for far in onward.get(node.value, ()))))
            }
        return found

    def types(self) -> Links:
        """Return the classes of each thing."""
        return self._links(_TYPE)

    def forget(self) -> None:
        """Let go of what was followed; it is read again where it is asked for again."""
        self._kept.clear()

    def named(self) -> set[str]:
        """Return every IRI that is a subject, a property, a class or the name of a graph."""
        found = {graph.decode() for graph in self._graphs} | {property[1:-1].decode() for property in self._files}
        with self._subjects.open("rb") as file:
            found.update(line[1:-2].decode() for line in file)
        found.update(node.value for nodes in self.types().values() for node in nodes if isinstance(node, ox.NamedNode))
        return found

    def subjects(self) -> int:
        """Return how many subjects there are."""
        with self._subjects.open("rb") as file:
            return sum(1 for _ in file)

    def objects(self) -> int:
        """Return how many objects there are, each counted once: sorted on the disk, since they may be many."""
        runs = Runs(self.scratch)
        for path in self._files.values():
            with path.open("rb") as file:
                while lines := file.readlines(_READ_BYTES):
                    runs.add(list({line.partition(b" ")[2] for line in lines}))
        return sum(map(len, runs.merged()))

    def _links(self, step: str) -> Links:
        if step not in self._kept:
            self._kept[step] = self._read(step)
        return self._kept[step]

    def _read(self, step: str) -> Links:
        found: dict[str, list[Node]] = {}
        backwards = step.startswith("^")
        for subject, value in self.each(step.removeprefix("^")):
            if not backwards:
                found.setdefault(subject, []).append(value)
            elif isinstance(value, ox.NamedNode):
                found.setdefault(value.value, []).append(ox.NamedNode(subject))
        return found

    def _take_apart(self, data: Path) -> None:
        """Write what each property says to a file of its own, and the subjects to one."""
        held: dict[bytes, list[bytes]] = defaultdict(list)
        subjects: list[bytes] = []
        size, again, last = 0, b"\n", b""
        with data.open("rb") as file, self._subjects.open("wb") as out:
            while lines := file.readlines(_READ_BYTES):
                for line in lines:
                    if line.startswith(again):  # the triple of the line before, in a named graph
                        self._graphs.add(line[len(again) : -4])
                        continue
                    again = line[:-2] + b"<"
                    subject, property, value = line.split(b" ", 2)
                    held[property].append(subject + b" " + value)
                    if subject != last:
                        subjects.append(subject + b"\n")
                        last = subject
                out.writelines(subjects)
                subjects.clear()
                size += sum(map(len, lines))
                if size > _HELD_BYTES:
                    self._write(held)
                    size = 0
        self._write(held)

    def _write(self, held: dict[bytes, list[bytes]]) -> None:
        for property, statements in held.items():
            path = self._files.setdefault(property, self.scratch / str(len(self._files)))
            with path.open("ab") as file:
                file.write(b"".join(statements))
        held.clear()


def _node(value: bytes) -> Node:
    """Return a value as it stands in a line of canonical N-Quads, up to and with the full stop and the newline."""
    if b"\\" in value:
        [read] = ox.parse(b"<x:s> <x:p> " + value, format=ox.RdfFormat.N_TRIPLES)
        assert isinstance(read.object, ox.NamedNode | ox.Literal)  # nothing else is published
        return read.object
    if value.startswith(b"<"):
        return ox.NamedNode(value[1:-4].decode())
    end = value.rindex(b'"')
    text, kind = value[1:end].decode(), value[end + 1 : -3].decode()
    if kind.startswith("@"):
        return ox.Literal(text, language=kind[1:])
    return ox.Literal(text, datatype=ox.NamedNode(kind[3:-1])) if kind else ox.Literal(text)

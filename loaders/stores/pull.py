"""Another agency's graphs as one file of sorted N-Quads, with where they come from in its first line.

Their IRIs are kept; blank nodes get IRIs, from their canonical labels (RDFC-1.0), so that the same graph gives the same
file. A graph that changes while it is read is not taken in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox
from rdflib import DCTERMS

from msevidence.loaders.release_nquads import split_line
from msevidence.loaders.stores import sparql_text
from msevidence.loaders.stores.client import Client, StoreError
from msevidence.loaders.stores.pulled_names import base_of, is_read, name_of
from msevidence.loaders.stores.reading import digest, graph_names, read_graph, repeated
from msevidence.ontology.iris import BASE, Kind

MARK = b"# msevidence-pull "
"""What the first line of a file begins with; the rest of it is JSON. N-Quads has comments."""


@dataclass(frozen=True)
class Origin:
    """Where graphs were pulled from."""

    endpoint: str
    obtained: str
    """The day."""
    release: str | None = None
    """Id of their release, where they say it."""
    graphs: Mapping[str, int] = field(default_factory=dict)
    """Their name of each graph, and its number of triples."""
    sha256: str = ""
    """Of the lines of statements."""
    already: Sequence[str] = ()
    """Graphs that state nothing which is not stated here: kept only for the names of what others speak of."""

    def line(self) -> bytes:
        """Return the first line of the file."""
        return MARK + json.dumps(asdict(self), ensure_ascii=True, sort_keys=True).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Origin:
        """Read what :meth:`line` wrote.

        Raises:
            ValueError: it is something else.
        """
        if not line.startswith(MARK):
            raise ValueError("no first line of a pull")
        try:
            content = json.loads(line.removeprefix(MARK))
            return cls(**{**content, "already": tuple(content["already"])})
        except (TypeError, KeyError, RecursionError) as error:  # the last of JSON that is nested too deeply
            raise ValueError(str(error)) from error


@dataclass
class Pulled:
    """What was read from a store."""

    origin: Origin
    lines: list[bytes]
    """Statements as sorted lines of canonical N-Quads."""

    def write(self, path: Path) -> None:
        """Write the file."""
        with path.open("wb") as file:
            file.write(self.origin.line())
            file.writelines(self.lines)


def wanted_graphs(client: Client, asked: Collection[str]) -> list[str]:
    """Return the graphs to read: those asked for; else those of the release in the store, or all that it has.

    Raises:
        StoreError: a graph that was asked for is not there, or there is none.
    """
    there = [graph for graph in graph_names(client) if is_read(graph)]
    if missing := sorted(set(asked) - set(there)):
        raise StoreError(f"{client.query}: has no graph {', '.join(missing)}; it has {len(there)}")
    if asked:
        return sorted(set(asked))
    bases = {base_of(graph) for graph in there if name_of(graph) == "release"}
    found = [graph for graph in there if base_of(graph) in bases] if bases else there
    if not found:
        raise StoreError(f"{client.query}: has no named graph")
    return found


def release_of(client: Client, graphs: Iterable[str]) -> str | None:
    """Return the id of the release that a store says it holds."""
    for graph in (g for g in graphs if name_of(g) == "release"):
        for triple in repeated(partial(client.construct, sparql_text.construct(graph))):
            subject, value = triple.subject, triple.object
            if (
                triple.predicate.value == str(DCTERMS.identifier)
                and isinstance(subject, ox.NamedNode)
                and isinstance(value, ox.Literal)
                and subject.value.endswith(f"/{Kind.RELEASE}/{value.value}")
            ):
                return value.value
    return None


def pull(
    client: Client,
    asked: Collection[str],
    obtained: str,
    stated: Callable[[], Collection[bytes]] = frozenset,
    tell: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Pulled:
    """Read another agency's graphs.

    Args:
        client: of their store.
        asked: names of graphs; none for those of their release.
        obtained: the day.
        stated: gives the triples that are stated here, as lines; a graph that has no others is left out.
        tell: told the stage, how many graphs are read, and how many there are.

    Raises:
        StoreError: the store can not be read, or changes meanwhile.
    """
    names = wanted_graphs(client, asked)
    release = release_of(client, names)
    known = stated()
    lines: list[bytes] = []
    counts: dict[str, int] = {}
    already: list[str] = []
    for number, graph in enumerate(names):
        tell("graphs", number, len(names))
        found = without_blank_nodes(read_graph(client, graph))
        if known and name_of(graph) != "release" and all(line in known for line in found):
            already.append(graph)
        counts[graph] = len(found)
        end = f" <{graph}> .\n".encode()
        lines += [line.removesuffix(b" .\n") + end for line in found]
    tell("graphs", len(names), len(names))
    if release != release_of(client, names):
        raise StoreError(f"{client.query}: another release came in while this one was read; pull again")
    lines.sort()
    return Pulled(
        Origin(client.query, obtained, release, dict(sorted(counts.items())), digest(lines), tuple(already)), lines
    )


def without_blank_nodes(lines: list[bytes]) -> list[bytes]:
    """Return lines of N-Triples with IRIs of ours instead of blank nodes, the same for the same graph."""
    if not any(b"_:" in line for line in lines):
        return lines
    dataset = ox.Dataset(ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS))
    if not any(isinstance(term, ox.BlankNode) for quad in dataset for term in (quad.subject, quad.object)):
        return lines
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    key = digest(sorted(f"{quad}".encode() for quad in dataset))[:16]

    def named(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.BlankNode):
            return ox.NamedNode(f"{BASE}.well-known/genid/{key}-{term.value}")
        if isinstance(term, ox.NamedNode | ox.Literal):
            return term
        raise StoreError(f"{term}: is a triple as a term (RDF 1.2), which is not taken in")

    triples = (ox.Triple(named(q.subject), q.predicate, named(q.object)) for q in dataset)  # type: ignore[arg-type]
    return sorted(f"{triple} .\n".encode() for triple in triples)


def by_graph(lines: Iterable[bytes]) -> dict[str, list[bytes]]:
    """Return lines of N-Quads by the names of their graphs."""
    ordered = sorted((split_line(line)[1], line) for line in lines)
    return {
        graph[1:-1].decode(): [line for _, line in group] for graph, group in groupby(ordered, key=lambda pair: pair[0])
    }

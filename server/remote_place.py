"""Where a store elsewhere is: ``sparql+https://host/path``, with the name of the graph that is its default graph.

A store such as Virtuoso 7 has no default graph beside its named ones. There the release's default graph is pushed
under a name, which stands behind a `#`: ``sparql+https://host/sparql#https://host/graph/default``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from msevidence.server.releases import Release

SCHEMES = ("sparql+http://", "sparql+https://")


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a store's query service."""

    url: str
    default_graph: str | None = None
    """Name of the graph that the release's default graph is kept in; None: the store's own default graph."""

    def __str__(self) -> str:
        graph = f"#{self.default_graph}" if self.default_graph else ""
        return f"sparql+{self.url}{graph}"


def place(text: str) -> Place:
    """Read the address of a store.

    Raises:
        StoreError: it is none.

    >>> place("sparql+http://localhost:8890/sparql#http://e/graph")
    Place(url='http://localhost:8890/sparql', default_graph='http://e/graph')
    """
    from msevidence.loaders.stores.client import (  # of what few commands are told, and slow to import
        StoreError,
        address,
    )

    if not text.startswith(SCHEMES):
        raise StoreError(f"{text!r}: write the address of a store as sparql+https://host/path, or sparql+http://…")
    url, _, graph = text.removeprefix("sparql+").partition("#")
    if graph and ":" not in graph:
        raise StoreError(f"#{graph}: what stands behind # is the IRI of the graph that is the default graph")
    return Place(address(url), graph or None)


@dataclass(frozen=True, slots=True)
class Held:
    """What a store is expected to hold, and where: all that a worker has to know, which opens no file."""

    url: str
    default_graph: str | None
    release: str
    base: str
    graphs: Mapping[str, int]
    """Named graphs with the number of their triples."""
    default_graph_triples: int
    cap: int
    """Bytes of one answer, as the store sends it."""

    @classmethod
    def of(cls, place: Place, release: Release, cap: int) -> Held:
        """Say what a store there holds of a release."""
        return cls(
            place.url,
            place.default_graph,
            release.id,
            release.base,
            dict(release.graphs),
            release.default_graph_triples,
            cap,
        )

    def packed(self) -> str:
        """Write it as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, line: str) -> Held:
        """Read what :meth:`packed` wrote."""
        return cls(**json.loads(line))

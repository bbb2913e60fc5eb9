"""A release held by stores elsewhere, for the tests of ``--store``, and answers made comparable."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import requests
from requests.auth import HTTPDigestAuth

from msevidence.loaders.stores.asked import AskedStore, Results
from msevidence.server.releases import Release, current
from msevidence.server.remote_place import Held, Place
from msevidence.server.remote_store import RemoteStore
from tests.stores.servers import Server, oxigraph, virtuoso

CANNOT = Path(__file__).with_name("cannot.toml")
ROOM = 1 << 28
_QUAD = re.compile(rb'(\S+ \S+ (?:<[^>]*>|".*"\S*))(?: <([^>]*)>)? \.\n')
_JOINED = re.compile(r"GROUP_CONCAT.*?\bAS \?(\w+)", re.DOTALL)
_SEPARATORS = re.compile(r"[;,\s]+")


@dataclass(frozen=True)
class Holding:
    """A store that holds the release."""

    engine: str
    place: Place
    store: RemoteStore


@contextmanager
def holding(engine: str, home: Path, folder: Path) -> Iterator[Holding]:
    """Run a server with the current release of a home in it."""
    release = current(home)
    if engine == "oxigraph":
        with oxigraph() as server:
            written = requests.post(
                server.graph_store,
                data=(release.path / "data.nq").read_bytes(),
                headers={"Content-Type": "application/n-quads"},
                timeout=60,
            )
            written.raise_for_status()
            yield _held(server, Place(server.query), release)
        return
    with virtuoso(folder) as server:
        merged = f"{release.base}graph/default"
        for graph, lines in _graphs(release, merged).items():
            written = requests.put(
                server.graph_store,
                params={"graph": graph},
                data=b"".join(lines),
                headers={"Content-Type": "application/n-triples"},
                auth=HTTPDigestAuth(server.user, server.password),
                timeout=60,
            )
            written.raise_for_status()
        yield _held(server, Place(server.query, merged), release)


def _held(server: Server, place: Place, release: Release) -> Holding:
    return Holding(server.engine, place, RemoteStore(Held.of(place, release, ROOM), timeout=60))


def _graphs(release: Release, merged: str) -> dict[str, list[bytes]]:
    graphs: dict[str, list[bytes]] = {}
    with (release.path / "data.nq").open("rb") as data:
        for line in data:
            quad = _QUAD.fullmatch(line)
            assert quad, line
            graphs.setdefault((quad[2] or merged.encode()).decode(), []).append(quad[1] + b" .\n")
    return graphs


def cannot(kind: str, engine: str) -> dict[str, Any]:
    """Return what an engine cannot answer as the embedded one does, by name, with the reason."""
    listed: dict[str, Any] = tomllib.loads(CANNOT.read_text(encoding="utf-8")).get(kind, {})
    return {name: entry for name, entry in listed.items() if engine in entry["engines"]}


def answer(store: AskedStore, text: str, values: dict[ox.Variable, Any], base: str) -> object:
    """Return an answer as it is compared: rows without their order, where a query leaves that open.

    Strings that GROUP_CONCAT joins are compared as sets, without a language: SPARQL leaves their order open, and makes
    them simple literals (18.5.1.7), where Oxigraph keeps a language that all have.
    """
    results: Results = store.query(text, base_iri=base, substitutions=values or None)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    if isinstance(results, ox.QueryTriples):
        return frozenset(map(str, results))
    names = [variable.value for variable in results.variables]
    joined = set(_JOINED.findall(text))
    return names, Counter(tuple(_term(n, term, joined) for n, term in zip(names, row, strict=True)) for row in results)


def _term(name: str, term: object, joined: set[str]) -> str:
    if name in joined and isinstance(term, ox.Literal):
        return " ".join(sorted(_SEPARATORS.split(term.value)))
    return str(term)


def differences(ours: bytes, theirs: bytes) -> Iterable[str]:
    """Return the first lines that differ."""
    pairs = zip(ours.splitlines(), theirs.splitlines(), strict=False)
    return [f"{one!r}\n  {other!r}" for one, other in pairs if one != other][:2] or ["one is longer"]

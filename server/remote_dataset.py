"""Which graphs a query is asked of, where the store holds more than our release, or has no default graph.

The embedded store holds one release and nothing else. A store elsewhere may hold other agencies' graphs; they are no
part of the answer. So FROM, FROM NAMED and the protocol's dataset (SPARQL 1.1 Protocol, 2.1.4) are read here, and sent
with the query as the protocol's: graphs of the release under their names, and any other as one that is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from urllib.parse import urljoin

from msevidence.loaders.stores.client import Dataset
from msevidence.server.lexer import Token, tokens
from msevidence.server.remote_place import Held
from msevidence.server.settings import Settings

EMPTY = "urn:msevidence:no-such-graph"
"""A graph that no store has: a dataset of no graphs can not be said in the protocol."""


def dataset_of(
    sparql: str,
    held: Held,
    default: tuple[str, ...] | None,
    named: tuple[str, ...] | None,
    prefixes: Mapping[str, str],
) -> tuple[str, Dataset]:
    """Return the query without FROM, and the dataset to send with it.

    Args:
        sparql: the query.
        held: the release, and how its default graph is kept.
        default: what the request names as default graphs; None: nothing, then the query's FROM counts.
        named: likewise as named graphs.
        prefixes: those that the query may use beside its own.
    """
    sparql, of_query = _taken_out(sparql, held.base, prefixes)
    if default is not None or named is not None:
        return sparql, _only(held, default or (), named or ())
    if of_query is not None:
        return sparql, _only(held, *of_query)
    if held.default_graph is None:
        return sparql, Dataset()
    return sparql, Dataset((held.default_graph,), tuple(sorted(held.graphs)))


def _only(held: Held, default: Iterable[str], named: Iterable[str]) -> Dataset:
    def ours(graphs: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(graph if graph in held.graphs else EMPTY for graph in graphs)) or (EMPTY,)

    return Dataset(ours(default), ours(named))


def _taken_out(sparql: str, base: str, prefixes: Mapping[str, str]) -> tuple[str, tuple[list[str], list[str]] | None]:
    """Return a query without its FROM clauses, and the graphs that these name."""
    limits = Settings()
    found = tokens(sparql, max_tokens=limits.max_tokens, max_depth=limits.max_depth)
    froms = [at for at, token in enumerate(found) if (token.kind, token.text, token.depth) == ("word", "FROM", 0)]
    if not froms:
        return sparql, None
    known = {**prefixes, **_declared(found, base)}
    default: list[str] = []
    named: list[str] = []
    for at in reversed(froms):
        is_named = found[at + 1].kind == "word"
        graph = found[at + 2 if is_named else at + 1]
        (named if is_named else default).append(_iri(graph, base, known))
        sparql = f"{sparql[: found[at].start]}{sparql[graph.start + len(graph.text) :]}"
    return sparql, (default[::-1], named[::-1])


def _declared(found: list[Token], base: str) -> dict[str, str]:
    pairs = pairwise(found)
    return {
        name.text[:-1]: urljoin(base, iri.text[1:-1])
        for name, iri in pairs
        if name.kind == "name" and name.text.endswith(":") and iri.kind == "iri"
    }


def _iri(token: Token, base: str, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return urljoin(base, token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + local.replace("\\", "")

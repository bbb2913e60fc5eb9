"""The queries and updates that name graphs: the one place where they are written, from IRIs that are checked first.

A graph cannot be bound from outside in SPARQL's protocol or in an update, so that its IRI is written into the text.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

COUNT = "SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
COUNT_DEFAULT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
WHOLE = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
WHOLE_DEFAULT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_PART = 'FILTER(STRSTARTS(MD5(STR(?s)), "{digits}"))'
NAMES = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
LOCK_FREE = """INSERT {{ GRAPH {graph} {{ {triple} }} }}
WHERE {{ FILTER NOT EXISTS {{ GRAPH {graph} {{ {subject} {predicate} ?any }} }} }}"""


def named(graph: str) -> str:
    """Return a graph in angle brackets.

    Raises:
        ValueError: it is no IRI.
    """
    return str(ox.NamedNode(graph))


def count(graph: str | None) -> str:
    """Return the query for the number of triples of a graph, or of the default graph."""
    return COUNT_DEFAULT if graph is None else COUNT.format(graph=named(graph))


def construct(graph: str | None, digits: str = "") -> str:
    """Return the query for a graph: whole, or those subjects the MD5 of whose IRI begins with hexadecimal digits.

    Parts by hash need no order and no offset, which Virtuoso refuses beyond 10,000 rows; each subject is in one part.
    """
    whole = WHOLE_DEFAULT if graph is None else WHOLE.format(graph=named(graph))
    if not digits:
        return whole
    return f"{whole.removesuffix('}')}{_PART.format(digits=digits)} }}"


def insert(graph: str | None, lines: Iterable[bytes], most: int, largest: int) -> Iterator[str]:
    """Yield updates that together add lines of N-Triples to a graph.

    Args:
        graph: the graph; ``None`` is the default graph.
        lines: canonical N-Triples, in UTF-8.
        most: lines of one update.
        largest: bytes of one update, about.
    """
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        if chunk and (len(chunk) == most or size + len(line) > largest):
            yield _insert(graph, chunk)
            chunk, size = [], 0
        chunk.append(line)
        size += len(line)
    if chunk:
        yield _insert(graph, chunk)


def _insert(graph: str | None, lines: list[bytes]) -> str:
    body = b"".join(lines).decode()
    return f"INSERT DATA {{ {body} }}" if graph is None else f"INSERT DATA {{ GRAPH {named(graph)} {{ {body} }} }}"


def drop(graph: str | None) -> str:
    """Return the operation that removes a graph, whether or not it is there, or all of the default graph."""
    return "CLEAR SILENT DEFAULT" if graph is None else f"DROP SILENT GRAPH {named(graph)}"


def move(source: str, target: str | None) -> str:
    """Return the operation that replaces a graph, or the default graph, by another one, which is gone after."""
    to = "DEFAULT" if target is None else f"GRAPH {named(target)}"
    return f"MOVE GRAPH {named(source)} TO {to}"


def together(operations: Iterable[str]) -> str:
    """Return one update of several operations."""
    return " ;\n".join(operations)


def lock_if_free(graph: str, subject: str, predicate: str, token: str) -> str:
    """Return the update that states a token of a thing in a graph unless it has one."""
    s, p = named(subject), named(predicate)
    triple = f"{s} {p} {ox.Literal(token)}"
    return LOCK_FREE.format(graph=named(graph), triple=triple, subject=s, predicate=p)

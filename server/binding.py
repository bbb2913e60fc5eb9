"""Values written into a query, for the text of a bound question that a person takes elsewhere.

Queries that run here get their values as substitutions (``queries.Question.bind``). Where only text can go, to the
query form or to another endpoint, a VALUES block says the same (https://www.w3.org/TR/sparql11-query/#inline-data):
at the start of the WHERE clause, so that filters see the value; after the query for a variable that the query itself
gives a value to, which must be new there (section 18.2.1). Terms are written as N-Triples, which SPARQL reads alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import pyoxigraph as ox

from msevidence.server.lexer import Token, tokens
from msevidence.server.settings import Settings
from msevidence.server.wire import Term

PLACE = "# VALUES ?{}\n"
"""Stands in a query where the studies, or other things, are written."""


def with_values(sparql: str, values: Mapping[str, Term]) -> str:
    """Return a query with values for some of its variables.

    Args:
        sparql: a query with a WHERE clause that says WHERE.
        values: IRIs and literals by the name of the variable, without `?`.

    Raises:
        ValueError: the query has no WHERE outside brackets.
        errors.Problem: it is no query.

    >>> import pyoxigraph as ox
    >>> with_values("SELECT ?s WHERE { ?s ?p ?o }", {"o": ox.Literal('a "b"')})
    'SELECT ?s WHERE {\\n  VALUES (?o) { ("a \\\\"b\\\\"") } ?s ?p ?o }'
    """
    limits = Settings()
    found = tokens(sparql, max_tokens=limits.max_tokens, max_depth=limits.max_depth)
    made = {second.text[1:] for first, second in pairwise(found) if first.text == "AS" and second.kind == "variable"}
    first = {name: term for name, term in values.items() if name not in made}
    last = {name: term for name, term in values.items() if name in made}
    if first:
        after = _first_brace(found) + 1
        sparql = f"{sparql[:after]}\n  {_block(first)}{sparql[after:]}"
    return f"{sparql.rstrip()}\n{_block(last)}\n" if last else sparql


def with_any(sparql: str, variable: str, iris: Iterable[str]) -> str:
    """Return a query that asks for several things at once: with a VALUES block of their IRIs.

    Args:
        sparql: a query with a WHERE clause that says WHERE, in which the variable has no other value.
        variable: without `?`.
        iris: of the things.

    Raises:
        ValueError: one of them is no IRI, or the query has no WHERE outside brackets.

    >>> with_any("SELECT ?s WHERE { ?s ?p ?o }", "s", ["http://a/1", "http://a/2"])
    'SELECT ?s WHERE {\\n  VALUES ?s { <http://a/1> <http://a/2> } ?s ?p ?o }'
    """
    limits = Settings()
    after = _first_brace(tokens(sparql, max_tokens=limits.max_tokens, max_depth=limits.max_depth)) + 1
    terms = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    return f"{sparql[:after]}\n  VALUES ?{variable} {{ {terms} }}{sparql[after:]}"


def among(sparql: str, things: Sequence[str], variable: str = "study") -> str:
    """Return a query that is about these studies, or other things, only, at each place that it has for them.

    >>> among("SELECT ?study WHERE { # VALUES ?study\\n ?study ?p ?o }", ["https://example.org/a"])
    'SELECT ?study WHERE { VALUES ?study { <https://example.org/a> }\\n ?study ?p ?o }'

    Raises:
        ValueError: the query has no such place, or an IRI is none.
    """
    place = PLACE.format(variable)
    if place not in sparql:
        raise ValueError(f"the query has no place {place.strip()!r}")
    terms = " ".join(str(ox.NamedNode(thing)) for thing in things)
    return sparql.replace(place, f"VALUES ?{variable} {{ {terms} }}\n")


def _first_brace(found: Sequence[Token]) -> int:
    for token, following in pairwise(found):
        if (token.kind, token.text, token.depth) == ("word", "WHERE", 0) and following.text == "{":
            return following.start
    raise ValueError("the query has no WHERE clause that values could be written into")


def _block(values: Mapping[str, Term]) -> str:
    names, terms = " ".join(f"?{name}" for name in values), " ".join(str(term) for term in values.values())
    return f"VALUES ({names}) {{ ({terms}) }}"

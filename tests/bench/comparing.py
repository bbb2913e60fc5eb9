"""Answers of servers, brought to one form and compared: before that, their speeds tell nothing.

Rows are compared as bags, triples as sets. What engines do to literals by their own declaration
(``loaders.stores.engines``) does not count as a difference, nor does the order in which GROUP_CONCAT joins, which
SPARQL leaves open (section 18.5.1.7).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import InvalidOperation

import pyoxigraph as ox

from msevidence.loaders.stores.engines import ENGINES
from msevidence.server import remote_virtuoso
from tests.bench.servers import Server, ask

Row = tuple[object, ...]
_JOINED = re.compile(r"GROUP_CONCAT.*?\bAS \?(\w+)", re.DOTALL)
_SEPARATORS = re.compile(r"[;,\s]+")
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)
_FORMS = (ENGINES["virtuoso"].forms, ENGINES["oxigraph"].forms)


class AnswerError(Exception):
    """Raised when an answer is empty, or two servers answer differently."""


def is_graph(text: str) -> bool:
    """Tell whether the answer to a query is triples.

    >>> is_graph("PREFIX a: <b:>\\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"), is_graph("SELECT ?s { ?s ?p ?o }")
    (True, False)
    """
    found = _FORM.search(text)
    return found is not None and found[1].upper() in ("CONSTRUCT", "DESCRIBE")


def answer(server: Server, text: str, patience: float = 60.0) -> Counter[Row]:
    """Return what a server answers to a query: its rows without their order, or its triples.

    Raises:
        ServerError: the status is not 200, or what came is no result.
        OSError: it does not answer in time.
    """
    body = ask(server, text, patience)
    if server.engine == "virtuoso" and not is_graph(text):
        body = remote_virtuoso.mended(body, remote_virtuoso.computed_booleans(text), {})
    if is_graph(text):
        quads = ox.parse(body, ox.RdfFormat.N_TRIPLES)
        return Counter({(_of(q.subject), q.predicate.value, _of(q.object)) for q in quads})
    results = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QueryBoolean):
        return Counter([(bool(results),)])
    assert isinstance(results, ox.QuerySolutions)
    names = sorted(variable.value for variable in results.variables)
    joined = set(_JOINED.findall(text))
    found: Counter[Row] = Counter()
    for solution in results:
        pairs = ((name, solution[name]) for name in names)
        found[tuple((name, _value(name, term, joined)) for name, term in pairs if term is not None)] += 1
    return found


def difference(one: Counter[Row], other: Counter[Row]) -> str:
    """Say how two answers differ."""
    return (
        f"{other.total()} rows for {one.total()}; only the one has {list(one - other)[:1]},"
        f" only the other {list(other - one)[:1]}"
    )[:600]


def _value(name: str, term: object, joined: set[str]) -> object:
    if name in joined and isinstance(term, ox.Literal):
        return " ".join(sorted(_SEPARATORS.split(term.value)))
    return _of(term)


def _of(term: object) -> object:
    """Return a term as it is compared."""
    if not isinstance(term, ox.Literal):
        return str(term)
    text, datatype = term.value, term.datatype.value
    for forms in _FORMS:
        form: Callable[[str, str], tuple[str, str]] | None = forms.get(datatype)
        if form is not None:
            try:
                text, datatype = form(text, datatype)
            except (ValueError, InvalidOperation):
                break  # it is none of its type's, and nobody changes it
    return text, datatype, (term.language or "").lower()

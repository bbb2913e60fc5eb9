"""What is particular about Virtuoso 7 (seen on 7.2.5), in the one place where it is worked around.

- Booleans are 0 and 1, and what an expression computes as one is an xsd:integer: which variables hold such is read from
  the query, and the answer is mended.
- The answer to ASK may be a table of one cell.
- ORDER BY with a LIMIT over 10,000 is refused (SR353, setting ``MaxSortedTopRows``): such a limit is a guard of ours,
  so it is left out, and an answer over it is refused here.
- VALUES after a query takes the place of what the query makes itself: it is not sent, and rows with another value are
  left out of the answer here.
- An answer over the setting ``ResultSetMaxRows`` is cut without a word: ``remote_store`` proves that it is large enough
  for the release, and refuses answers with more rows than that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from msevidence.server.lexer import Token, tokens
from msevidence.server.settings import Settings
from msevidence.server.wire import Term

NAME = "virtuoso"
MOST_SORTED = 10_000
_BOOLEAN = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_COMPARED = frozenset({"=", "!=", "<", ">", "<=", ">=", "&&", "||", "!", "IN", "NOT", "EXISTS"})
_TESTS = frozenset(
    {"BOUND", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "REGEX", "CONTAINS", "STRSTARTS", "STRENDS"}
    | {"SAMETERM", "LANGMATCHES", "TRUE", "FALSE"}
)


def adjusted(text: str) -> tuple[str, int | None]:
    """Return a query as Virtuoso takes it, and how many rows its answer may have where that was left out of it."""
    found = _tokens(text)
    words = {token.text for token in found if token.kind == "word" and token.depth == 0}
    if "ORDER" not in words:
        return text, None
    for limit, number in pairwise(found):
        if (limit.kind, limit.text, limit.depth) == ("word", "LIMIT", 0) and int(number.text) > MOST_SORTED:
            return text[: limit.start] + text[number.start + len(number.text) :], int(number.text)
    return text, None


def computed_booleans(text: str) -> set[str]:
    """Return the variables that a query computes as booleans, by its BIND and SELECT expressions.

    >>> sorted(computed_booleans("SELECT (?a = 1 AS ?b) (COUNT(?a) AS ?c) { BIND (COALESCE(?x, false) AS ?d) }"))
    ['b', 'd']
    """
    found = _tokens(text)
    return {
        found[at + 1].text[1:]
        for at, token in enumerate(found[:-1])
        if token.kind == "word" and token.text == "AS" and _is_boolean(_expression(found, at))
    }


def mended(answer: bytes, booleans: set[str], values: Mapping[str, Term]) -> bytes:
    """Return results in JSON as the release has its values: booleans in words, and the answer to ASK as one.

    Args:
        answer: the results.
        booleans: variables that are computed as booleans.
        values: of variables that the query was asked with.
    """
    booleans = booleans | {name for name, term in values.items() if getattr(term, "datatype", None) == _BOOLEAN}
    try:
        content: Any = json.loads(answer)
        if "boolean" in content:
            return answer
        rows = content["results"]["bindings"]
        if content["head"]["vars"] == ["__ASK_RETVAL"]:
            return json.dumps({"head": {}, "boolean": any(r["__ASK_RETVAL"]["value"] == "1" for r in rows)}).encode()
        # A variable that has other values too is no boolean alone, and which of them were computed can not be told.
        numbers = {n for r in rows for n, term in r.items() if n in booleans and term["value"] not in ("0", "1")}
        booleans = booleans - numbers
        for row in rows:
            for name, term in row.items():
                of = term.get("datatype")
                if of == f"{_XSD}boolean" or (name in booleans and of == f"{_XSD}integer"):
                    term |= {"datatype": f"{_XSD}boolean", "value": {"0": "false", "1": "true"}[term["value"]]}
        content["results"]["bindings"] = [row for row in rows if all(_is(row.get(n), t) for n, t in values.items())]
    except (ValueError, LookupError, TypeError, AttributeError):
        return answer  # no result: the reader of results says so
    return json.dumps(content, ensure_ascii=False).encode()


def _is(found: dict[str, str] | None, term: Term) -> bool:
    """Tell whether a term of an answer, where there is one, is this."""
    if found is None:
        return True
    if isinstance(term, ox.Literal):
        kind = found.get("datatype", f"{_XSD}string")
        same = found.get("xml:lang") == term.language if term.language else kind == term.datatype.value
        return same and found["value"] == term.value
    return not isinstance(term, ox.NamedNode) or found["value"] == term.value


def rows(answer: bytes) -> int:
    """Return how many rows of one variable ``?p`` an answer in JSON has, without reading it."""
    return answer.count(b'{ "p": {')


def _tokens(text: str) -> list[Token]:
    limits = Settings()
    return tokens(text, max_tokens=limits.max_tokens, max_depth=limits.max_depth)


def _expression(found: list[Token], end: int) -> list[Token]:
    """Return the tokens before AS, back to the bracket that holds both."""
    depth = found[end].depth
    start = end
    while start and not (found[start - 1].text == "(" and found[start - 1].depth == depth):
        start -= 1
    return found[start:end]


def _is_boolean(expression: list[Token]) -> bool:
    """Tell whether an expression gives a boolean: it compares, tests, or gives back one of several that do."""
    if not expression:
        return False
    depth = min(token.depth for token in expression)
    if any(token.text in _COMPARED and token.depth == depth for token in expression):
        return True
    first = expression[0]
    if first.kind == "word" and first.text in _TESTS:
        return True
    if first.kind == "word" and first.text in ("COALESCE", "IF"):
        given = _arguments(expression[1:])
        return any(map(_is_boolean, given[1:] if first.text == "IF" else given))
    return first.text == "(" and _is_boolean(expression[1:-1])


def _arguments(bracketed: list[Token]) -> list[list[Token]]:
    """Return what stands between the commas of a call."""
    depth = bracketed[0].depth
    given: list[list[Token]] = [[]]
    for token in bracketed[1:-1]:
        if token.text == "," and token.depth == depth:
            given.append([])
        else:
            given[-1].append(token)
    return given

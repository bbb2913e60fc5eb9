"""The lexical guard in front of the engine: refuses what may not run, and tells what the answer depends on.

It reads tokens, never the text, so the word SERVICE in a string, comment, IRI, prefixed name or variable is nothing to
it. Like the engine, and unlike the Recommendation, it takes a keyword without white space after what stands before
it: `1SERVICE`, `trueSERVICE`, `SERVICESILENT`, and `SERVICEa:x {` as SERVICE followed by the name `a:x`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from msevidence.server import harmless
from msevidence.server.errors import Forbidden, RequestTooLarge, TooComplex
from msevidence.server.lexer import Token, fault, place, resolve_escapes, tokens
from msevidence.server.settings import Settings

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
VOLATILE = ("NOW", "RAND", "UUID", "BNODE")  # STRUUID ends in UUID

_OPERATORS = frozenset({"||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "|", "^", "!", "UNION"})
_SEPARATORS = frozenset({".", ";", ",", "{", "}"})
_PREFIX_SIGNS = frozenset({"!", "-", "+", "^"})
_MAKE_NODES = frozenset({"[", "(", "<<", "<<(", "~", "|", "{|", "|}"})
_GRAPH_WORDS = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
_GLUED = re.compile(r"(?:TRUE|FALSE)\.*SERVICE.*")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\\]*")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A query that may run."""

    text: str
    form: str
    """SELECT, ASK, CONSTRUCT or DESCRIBE."""
    volatile: bool
    """Two runs on the same release may differ: no entity tag, no cache."""
    federated: bool
    """It asks another endpoint, which is on the allow-list."""
    prefixes: Mapping[str, str]
    """What its prologue declares; Turtle results use them."""


def check(text: str, settings: Settings) -> Guarded:
    """Judge a query.

    Raises:
        RequestTooLarge: it is too long.
        TooComplex: it has too many tokens, levels or operators in a row.
        Forbidden: it is an update, or asks an endpoint that is not on the allow-list.
        SyntaxFault: it is no query, or a string in it does not end.
    """
    size = len(text.encode())
    if size > settings.max_query:
        raise RequestTooLarge(
            f"The query is {size} bytes long; the limit is {settings.max_query}.", limit=settings.max_query
        )
    if (head := harmless.head_of(text, settings)) is not None:
        form, declared = head
        return Guarded(text, form, False, False, dict(_absolute(declared)))
    text = resolve_escapes(text, max_tokens=settings.max_tokens, max_depth=settings.max_depth)
    found = tokens(text, max_tokens=settings.max_tokens, max_depth=settings.max_depth)
    first, prefixes = _prologue(found)
    form = _form(text, found, first)
    _count_operators(text, found, settings)
    words = text.upper()  # holds that of every token, so what is not in it need not be looked for among them
    federated = "SERVICE" in words and _services(text, found, settings.service_allow)
    may_call = any(name in words for name in VOLATILE)
    volatile = (
        federated or (may_call and _calls_volatile(found)) or (form == "CONSTRUCT" and _makes_blank_nodes(found, first))
    )
    return Guarded(text, form, volatile, federated, prefixes)


def _prologue(found: list[Token]) -> tuple[int, dict[str, str]]:
    """Return the index of the first token after BASE, PREFIX and VERSION declarations, and the prefixes."""
    prefixes: dict[str, str] = {}
    at = 0
    while at < len(found) and found[at].kind == "word" and found[at].text in ("BASE", "PREFIX", "VERSION"):
        if found[at].text != "PREFIX":
            at += 2
            continue
        if at + 2 < len(found) and found[at + 2].kind == "iri":
            prefixes.update(_absolute([(found[at + 1].text, found[at + 2].text[1:-1])]))
        at += 3
    return at, prefixes


def _absolute(declared: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the prefixes, without their colons, of which the IRI needs no base."""
    for prefix, iri in declared:
        if prefix.endswith(":") and _ABSOLUTE.fullmatch(iri):
            yield prefix[:-1], iri


def _form(text: str, found: list[Token], first: int) -> str:
    if first >= len(found):
        raise fault(text, len(text), "the query has no SELECT, ASK, CONSTRUCT or DESCRIBE")
    word = found[first].text.upper() if found[first].kind in ("word", "name") else ""
    for form in FORMS:
        if word.startswith(form):
            return form
    if word.startswith(UPDATES):
        line, column = place(text, found[first].start)
        raise Forbidden(
            f"Line {line}, column {column}: {word} is an update, and this endpoint is read only.",
            line=line,
            column=column,
        )
    raise fault(text, found[first].start, "SELECT, ASK, CONSTRUCT or DESCRIBE is expected here")


def _count_operators(text: str, found: list[Token], settings: Settings) -> None:
    """Refuse runs of operators: each is a level of the tree that the engine walks by recursion."""
    if len(found) <= settings.max_operators and sum(map(text.count, _PREFIX_SIGNS)) <= settings.max_prefix_run:
        return
    runs: dict[int, int] = {}
    prefixes = 0
    for token in found:
        if token.text in _SEPARATORS and token.kind == "sign":
            if token.text not in "{}":
                runs[token.depth] = 0
            prefixes = 0
            continue
        if token.text not in _OPERATORS or token.kind not in ("sign", "word"):
            prefixes = 0
            continue
        prefixes = prefixes + 1 if token.text in _PREFIX_SIGNS else 0
        runs[token.depth] = runs.get(token.depth, 0) + 1
        if prefixes > settings.max_prefix_run:
            raise TooComplex(
                f"More than {settings.max_prefix_run} signs follow each other.", limit=settings.max_prefix_run
            )
        if runs[token.depth] > settings.max_operators:
            raise TooComplex(
                f"More than {settings.max_operators} operators follow each other.", limit=settings.max_operators
            )


def _services(text: str, found: list[Token], allowed: Collection[str]) -> bool:
    """Tell whether the query asks another endpoint; refuse one that is not on the list."""
    federated = False
    for index, token in enumerate(found):
        named = None
        if token.kind == "word" and "SERVICE" in token.text:
            at = index + 1
            if at < len(found) and found[at].text == "SILENT":
                at += 1
            if token.text in ("SERVICE", "SERVICESILENT") and at < len(found) and found[at].kind == "iri":
                named = found[at].text[1:-1]
        elif not (token.kind == "name" and _is_clause(found, index)):
            continue
        if named is None or named not in allowed:
            line, column = place(text, token.start)
            raise Forbidden(
                f"Line {line}, column {column}: SERVICE asks another endpoint, "
                + (f"and <{named}> is not on the list of this one." if named else "which this one does not do."),
                line=line,
                column=column,
            )
        federated = True
    return federated


def _is_clause(found: list[Token], index: int) -> bool:
    """Tell `SERVICEa:x {`, a clause to the engine, from the name in `GRAPH service:x {` or `?s ?p service:x {`."""
    prefix = found[index].text.partition(":")[0].upper()
    if index + 1 == len(found) or found[index + 1].text != "{":
        return False
    if _GLUED.fullmatch(prefix):
        return True
    if not prefix.startswith("SERVICE"):
        return False
    previous = found[index - 1] if index else None
    if previous is None or previous.text in (",", "^^") or (previous.kind == "word" and previous.text in _GRAPH_WORDS):
        return False
    # The third term of a triple that starts after a separator is its object, and the second after a semicolon. Anything
    # less plain counts as a clause.
    terms, wanted = 0, 2
    for at in range(index - 1, -1, -1):
        token = found[at]
        if terms > 2 or (token.kind == "sign" and token.text in _SEPARATORS):
            wanted = 1 if token.text == ";" else 2
            break
        simple = token.kind in ("variable", "name", "iri", "blank") or token.text == "A"
        terms += 1 if simple else 3
    return terms != wanted


def _calls_volatile(found: list[Token]) -> bool:
    return any(
        token.kind == "word" and token.text.endswith(VOLATILE) and following.text == "("
        for token, following in pairwise(found)
    )


def _makes_blank_nodes(found: list[Token], first: int) -> bool:
    """Tell whether the template, the first group of braces, has blank nodes: they are new ones in each run.

    An annotation (`~`, `{| |}`) makes one as well; there are no paths there, so that `|` is nothing else.
    """
    depth = None
    for token in found[first:]:
        if depth is None:
            depth = token.depth if token.text == "{" else None
        elif token.text == "}" and token.depth == depth:
            return False
        elif token.kind == "blank" or token.text in _MAKE_NODES:
            return True
    return False

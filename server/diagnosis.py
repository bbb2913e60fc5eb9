"""What is wrong with a query that does not parse, in words: the token at fault, its line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from msevidence.server.errors import SyntaxFault
from msevidence.server.lexer import Token, fault, tokens

SHOWN = 60
"""Characters of a token that a message repeats."""
_PLACE = re.compile(r"error at (\d+):(\d+): expected ")
_SENTENCE = re.compile(r"[A-Za-z][\w ?'-]* [\w ?'-]+")
_UNDECLARED = "Prefix not found"


def of_engine(message: str, query: str, offset: int | None = None) -> SyntaxFault:
    """Make the error from the engine's message.

    Args:
        message: what the engine said: `error at LINE:COLUMN: expected …`.
        query: the text that it read.
        offset: where the fault is, as ``syntax_place.find`` returns it; None where it found none.
    """
    try:
        found = tokens(query, max_tokens=len(query) + 1, max_depth=len(query) + 1)
    except SyntaxFault as error:  # such as a string that does not end: where it starts says most
        return error
    told = _PLACE.match(message)
    listed = message[told.end() :].removeprefix("one of ") if told else message
    sentences = "; ".join(part for part in listed.split(", ") if _SENTENCE.fullmatch(part) and part != _UNDECLARED)
    if offset is None:
        if told is None:
            return fault(query, len(query.rstrip()), sentences or message[:300])
        before = query.split("\n")[: int(told[1]) - 1]
        offset = sum(len(line) + 1 for line in before) + int(told[2]) - 1
    if not found:
        return fault(query, 0, "there is no query in this text")
    if offset >= len(query):
        return fault(query, _end(found[-1]), sentences or "the text ends here, before the query does")
    at = max(0, bisect_right([token.start for token in found], offset) - 1)
    # `FILTER(` where a name could stand is read as the beginning of one, up to the bracket.
    if at and found[at].start == offset == _end(found[at - 1]) and found[at - 1].kind == "word" and '":"' in message:
        at -= 1
    token = found[at]
    text = query[token.start : _end(token)]
    prefix = text.partition(":")[0] + ":"
    if token.kind == "name" and prefix not in _declared(found):
        return fault(query, token.start, f"the prefix {prefix} is not declared; add PREFIX {prefix} <…>")
    if sentences:
        return fault(query, token.start, sentences)
    shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return fault(query, token.start, f"{shown!r} is not what the grammar expects here")


def _end(token: Token) -> int:
    return token.start + len(token.text)


def _declared(found: list[Token]) -> set[str]:
    return {name.text for word, name in pairwise(found) if word.kind == "word" and word.text == "PREFIX"}

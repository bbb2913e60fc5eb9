"""Queries in which there is nothing to judge, told from their letters: most, and in a tenth of the time.

The guard reads tokens because a word may stand in a string, a comment or a name, where it is harmless. A text in which
it stands nowhere needs no such care, whatever the engine makes of it: without `SERVICE` in any letters no other
endpoint is asked, and what has few brackets and few signs is nested in few levels. All that must be read are the
declarations at the beginning, and the word after them. Whatever is not as plain as that is left to the tokens.
"""

from __future__ import annotations

import re

from msevidence.server.lexer import NAME_OF_PREFIX
from msevidence.server.settings import Settings

SERVICE = "SERVICE"
"""In capitals, what asks another endpoint: in any letters, wherever it stands."""
_BRACKETS, _OPERATORS, _PREFIX_SIGNS = "({[", "|&=<>+-*/^!", "!-+^"
_BLANK = r"(?:[\x20\t\r\n]+|\#[^\r\n]*)*+"
_DECLARED = rf"PREFIX(?=[\x20\t\r\n#]){_BLANK}({NAME_OF_PREFIX}){_BLANK}<([^<>\"{{}}|^`\\\x00-\x20]*+)>{_BLANK}"
_CALLS = re.compile(r"(?:NOW|RAND|UUID|BNODE)[\x20\t\r\n]*+[(#]")
"""In capitals, what gives another answer each time: a call, which `?randomised` is not."""
_HEAD = re.compile(rf"{_BLANK}((?:{_DECLARED})*+)(SELECT|ASK|DESCRIBE)(?=[\x20\t\r\n#*?$(<{{])", re.IGNORECASE)
_EACH = re.compile(_DECLARED, re.IGNORECASE)
Head = tuple[str, list[tuple[str, str]]]
"""The form of a query, and its prefixes: each with its colon, and the IRI."""


def head_of(text: str, settings: Settings) -> Head | None:
    """Return the form and the prefixes of a query in which there is nothing to judge; None for any other text.

    A CONSTRUCT is never one: whether its template makes blank nodes has to be read.

    Args:
        text: a query that is not too long.
        settings: the limits.
    """
    if "\\" in text or len(text) > settings.max_tokens:
        return None
    words = text.upper()
    if SERVICE in words or _CALLS.search(words) is not None:
        return None
    if sum(map(text.count, _BRACKETS)) + 2 * text.count("<<") > settings.max_depth:
        return None
    if sum(map(text.count, _OPERATORS)) + words.count("UNION") > settings.max_operators:
        return None
    if sum(map(text.count, _PREFIX_SIGNS)) > settings.max_prefix_run:
        return None
    head = _HEAD.match(text)
    if head is None:
        return None
    return head[4].upper(), [(prefix, iri) for prefix, iri in _EACH.findall(head[1])]

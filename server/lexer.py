"""A tokenizer for SPARQL (https://www.w3.org/TR/sparql11-query/#sparqlGrammar) that sees what the engine sees.

The guard judges tokens, so a text that this module cuts differently from the engine would hide words from it. These
places need care:

- `<` is an IRI's start or "less than". The engine decides by the grammar, not by the longest match, so brackets that
  hold an expression are told from those that hold terms, and after an operand inside one `<` is the operator.
- A quotation mark that does not begin a whole string, and a backslash outside strings, IRIs and names, are errors
  here: the engine might read on in another way. (So a prefix of more than 200 characters, which is cut to keep the
  reading linear, hides nothing.)
- A name ends before its second run of dots, where the Recommendation lets it go on: `a:b.c.SERVICE` is `a:b.c`, a dot
  and SERVICE to the engine.
- Codepoint escapes (section 19.2): the engine knows them in strings and IRIs only; :func:`resolve_escapes` replaces
  the others before both the guard and the engine read the text. (SPARQL 1.2 drafts forbid them there; this is 1.1.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, cast

from msevidence.server.errors import SyntaxFault, TooComplex

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = rf"{_BASE}_"
_NAME = rf"{_START}0-9\u00b7\u0300-\u036f\u203f\u2040\-"
_VARIABLE = rf"{_START}0-9\u00b7\u0300-\u036f\u203f\u2040"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = rf"""\\[tbnrf"'\\]|{_UCHAR}"""
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

NAME_OF_PREFIX = rf"(?:[{_BASE}](?:[{_NAME}]|\.{{1,8}}+(?=[{_NAME}])){{0,200}}+)?:"
"""A prefix with its colon, as a name begins with it."""
_TOKEN = re.compile(
    rf"""
    (?:[\x20\t\r\n]+|\#[^\r\n]*)*+
    (?:
      (?P<string>\"\"\"(?:"{{0,2}}(?:[^"\\]|{_ECHAR}))*+\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|{_ECHAR}))*+'''
        |"(?!"")(?:[^"\\\r\n]|{_ECHAR})*+"|'(?!'')(?:[^'\\\r\n]|{_ECHAR})*+')
    | (?P<escape>{_UCHAR})
    | (?P<variable>[?$][{_START}0-9][{_VARIABLE}]*+)
    | (?P<blank>_:[{_START}0-9](?:[{_NAME}]|\.++(?=[{_NAME}]))*+)
    | (?P<name>{NAME_OF_PREFIX}
        (?:(?:[{_START}0-9:]|{_PLX})(?:[{_NAME}:]|{_PLX})*+(?:\.++(?:[{_NAME}:]|{_PLX})++)?)?)
    | (?P<number>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    | (?P<word>[{_START}][{_VARIABLE}]*+)
    | (?P<sign>\|\||&&|!=|<=|>=|\^\^|<<\(?|>>|.)
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_UCHAR_ANYWHERE = re.compile(_UCHAR)
_IRI = re.compile(rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_UCHAR})*+>")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", re.DOTALL)

_OPERANDS = frozenset({"variable", "blank", "name", "iri", "number", "string", "language"})
_OPENING, _CLOSING = {"(": ")", "{": "}", "[": "]"}, frozenset(")}]")
_LEVELS = {"(": 1, "{": 1, "[": 1, "<<": 1, "<<(": 2}
"""What opens how many levels; a triple term ends with two signs, `)` and `>>`."""
_ENDS = frozenset({*_CLOSING, ">>"})
_NESTING = frozenset({"(", "{", "[", "<<(", *_CLOSING})
_OPERAND_ENDS = frozenset({")", "]", "}", ">>", "TRUE", "FALSE"})
_ESCAPING, _QUOTES = frozenset({"string", "iri", "escape"}), frozenset({'"', "'"})
_EXPRESSION_CLAUSES = frozenset({"SELECT", "GROUP", "HAVING", "ORDER"})
_PATTERN_CLAUSES = frozenset({"WHERE", "FROM", "VALUES", "LIMIT", "OFFSET", "CONSTRUCT", "DESCRIBE", "ASK"})
_NO_FUNCTIONS = frozenset({"VALUES", "WHERE", "A", "TRUE", "FALSE", "UNDEF", "UNION", "OPTIONAL", "GRAPH", "MINUS"})


class Token(NamedTuple):
    """One token: its kind, its text (a word in capitals), where it starts, how deep it stands."""

    kind: str
    text: str
    start: int
    depth: int


@dataclass(slots=True)
class _Level:
    """An open bracket: whether `<` after an operand is an operator in it, and the clause that it stands in."""

    closing: str
    expression: bool
    clause_of_expressions: bool = False


def resolve_escapes(text: str, *, max_tokens: int, max_depth: int) -> str:
    """Replace codepoint escapes that stand outside strings and IRIs.

    Raises:
        SyntaxFault: an escape names no character, or a string does not end.
        TooComplex: as :func:`tokens`.
    """
    if "\\" not in text or _UCHAR_ANYWHERE.search(text) is None:
        return text
    parts, copied = [], 0
    for token in _cut(text, max_tokens, max_depth, resolved=False):
        if token.kind == "escape":
            parts += [text[copied : token.start], chr(int(token.text[2:], 16))]
            copied = token.start + len(token.text)
    return "".join([*parts, text[copied:]])


def tokens(text: str, *, max_tokens: int, max_depth: int) -> list[Token]:
    """Cut a query, its escapes resolved, into tokens, without white space and comments.

    Raises:
        SyntaxFault: a string does not end or has an unknown escape.
        TooComplex: there are too many tokens, or brackets are nested too deeply.
    """
    return _cut(text, max_tokens, max_depth, resolved=True)


def place(text: str, position: int) -> tuple[int, int]:
    """Return line and column, from one, of a position."""
    line = text.count("\n", 0, position) + 1
    return line, position - (text.rfind("\n", 0, position) + 1) + 1


def fault(text: str, position: int, message: str) -> SyntaxFault:
    """Make the error for a place in the text."""
    return SyntaxFault.at(*place(text, position), message, text)


def _cut(text: str, max_tokens: int, max_depth: int, *, resolved: bool) -> list[Token]:
    """Cut the text, its escapes resolved or not; every query passes here, so this is written to be fast."""
    found: list[Token] = []
    levels = [_Level("", False)]
    before, last = ("", ""), ("", "")
    position = depth = 0
    match_at = _TOKEN.match
    while (match := match_at(text, position)) is not None:
        kind = cast(str, match.lastgroup)
        part, start, position = match[kind], match.start(kind), match.end()
        operator = False
        if kind == "word":
            part = part.upper()
            if part in _EXPRESSION_CLAUSES:
                levels[-1].clause_of_expressions = True
            elif part in _PATTERN_CLAUSES:
                levels[-1].clause_of_expressions = False
        elif kind == "sign":
            if part[0] == "<":
                operand = last[0] in _OPERANDS or last[1] in _OPERAND_ENDS
                operator = operand and levels[-1].expression
                if operator:
                    part = "<=" if part == "<=" else "<"
                    position = start + len(part)
                elif (iri := _IRI.match(text, start)) is not None:
                    kind, part, position = "iri", iri[0], iri.end()
            elif part == "\\" and resolved:
                raise fault(text, start, "a backslash has no meaning here")
            elif part in _QUOTES:
                raise fault(text, start, "a string starts here that does not end, or holds an unknown escape")
        if "\\" in part and kind in _ESCAPING:
            _check_escapes(text, part, start)
        if len(found) >= max_tokens:
            raise TooComplex(f"The query has more than {max_tokens} tokens.", limit=max_tokens)
        if kind != "sign" or operator:
            found.append(Token(kind, part, start, depth))
        else:
            if part in _LEVELS:
                depth += _LEVELS[part]
                if depth > max_depth:
                    raise TooComplex(f"Brackets are nested deeper than {max_depth} levels.", limit=max_depth)
            found.append(Token(kind, part, start, depth))
            if part in _ENDS:
                depth = max(0, depth - 1)
            if part in _NESTING:
                _nest(levels, part, before, last)
        before, last = last, (kind, part)
    return found


def _check_escapes(text: str, part: str, start: int) -> None:
    for escape in _ESCAPED.finditer(part):
        digits = escape[1] or escape[2]
        code = int(digits, 16) if digits else 0
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise fault(text, start + escape.start(), f"the escape {escape[0]} names no character")


def _nest(levels: list[_Level], sign: str, before: tuple[str, str], last: tuple[str, str]) -> None:
    """Follow the brackets, and tell those that hold expressions."""
    level = levels[-1]
    if sign == "(":
        function = last[0] == "word" and last[1] not in _NO_FUNCTIONS
        named = last[0] in ("iri", "name") and before[1] in ("FILTER", "BY", "HAVING")
        levels.append(_Level(")", level.expression or level.clause_of_expressions or function or named))
    elif sign in ("{", "[", "<<("):
        levels.append(_Level(_OPENING[sign[-1]], False))
    elif sign in _CLOSING and level.closing == sign:
        levels.pop()

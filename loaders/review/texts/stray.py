"""What belongs to no term of a search string: a number or sign between operators, an operator too many."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.texts.strings import SearchString, neighbours, searches, strings
from msevidence.loaders.review.view import View

_TOKEN = re.compile(
    r"(?P<phrase>\"[^\"]*\"|“[^”\"]*[”\"]|«[^»]*»)(?P<field>[\[:./][\w,:\]. /-]*)?"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])(?P<suffix>[:./][a-z]{2}(?:,[a-z]{2})*\b\.?)?"
    r"|(?P<word>[^\s()\[\]{}\"“”«»]+)"
)
_OPERATORS = ("and", "or", "not")
_FIELD = re.compile(r":$")
_YEAR = range(1800, 2101)
_SIGNS = re.compile(r"[^\w\s&|+=–—-]+")
"""A token of nothing but these stands for nothing; ``&``, ``|`` and ``+`` are operators of some databases."""


@dataclass(frozen=True)
class _Token:
    kind: str
    """``phrase``, ``open``, ``close``, ``operator``, ``number``, ``sign`` or ``word``."""
    text: str
    begin: int
    end: int


def _tokens(text: str, formal: bool) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        kind = "phrase" if match["phrase"] else "close" if match["close"] else kind
        word = match[0]
        if kind == "word":
            if word.lower() in _OPERATORS and (formal or word.isupper()) and word in (word.lower(), word.upper()):
                kind = "operator"
            elif word.isdecimal():
                kind = "number"
            elif _SIGNS.fullmatch(word):
                kind = "sign"
        found.append(_Token(kind, word, match.start(), match.end()))
    return found


def strays(text: str, formal: bool = True, lines: frozenset[int] = frozenset()) -> list[tuple[int, int, str]]:
    """Return what does not belong in a search string: begin, end, and what it is (keys of ``_WORDS``).

    ``lines`` are the numbers of the lines of its search, which it may combine.

    >>> [w for _, _, w in strays('"a b" OR 89 “c d” OR x')], strays("#1 or #2")
    (['number'], [])
    >>> [w for _, _, w in strays('"a" OR OR "b" AND')], [w for _, _, w in strays('"a" OR ; “c d”')]
    (['doubled', 'end'], ['sign'])
    """
    tokens = _tokens(text, formal)
    alone = _terms(tokens)
    operators = sum(t.kind == "operator" for t in tokens)
    found: list[tuple[int, int, str]] = []
    if not operators or len(tokens) == 1:  # a line with nothing but AND joins the lines around it
        return found
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if what := _fault(token, before, after, lines, alone):
            found.append((token.begin, token.end, what))
    return found


def _terms(tokens: list[_Token]) -> frozenset[str]:
    """Return the words that are a term by themselves somewhere in the string: operators or brackets on both sides."""
    sides = zip([None, *tokens], tokens, [*tokens[1:], None], strict=False)
    ends = (None, "operator", "open", "close")
    return frozenset(
        token.text.lower()
        for before, token, after in sides
        if token.kind == "word" and (before and before.kind) in ends and (after and after.kind) in ends
    )


def _fault(
    token: _Token, before: _Token | None, after: _Token | None, lines: frozenset[int], alone: frozenset[str]
) -> str | None:
    left = before.kind if before else "start"
    right = after.kind if after else "end"
    if token.kind == "operator":
        if left == "operator" and not (token.text.lower() == "not" and before and before.text.lower() != "not"):
            return "doubled"
        if left in ("start", "open") and not (token.text.lower() == "not" and right != "end"):
            return "start" if left == "start" else "open"
        if right in ("end", "close"):
            return "end" if right == "end" else "close"
    if token.kind == "number" and int(token.text) not in lines and int(token.text) not in _YEAR:
        if left in ("operator", "open") and right in ("phrase", "open", "operator", "close"):
            return "number"
        if left in ("operator", "open") and after and after.text.lower() in alone:
            return "number"  # "6 minute walk" is one term, "12 HSC" is none where HSC is a term elsewhere
        if left in ("phrase", "close") and right == "operator":
            return "number"
    if token.kind == "sign" and "operator" in (left, right):
        return "sign"
    if token.kind == "phrase" and left == "phrase" and before and before.end < token.begin:
        return "joined"
    return None


_WORDS = {
    "number": (
        "the number {0} stands between two terms and belongs to neither",
        "tallet {0} står mellom to søkeord og hører ikke til noen av dem",
    ),
    "sign": ("the sign {0} stands alone beside an operator", "tegnet {0} står alene ved en operator"),
    "doubled": (
        "two operators follow each other, the second being {0}",
        "to operatorer følger hverandre, den andre er {0}",
    ),
    "start": ("it begins with the operator {0}", "den begynner med operatoren {0}"),
    "open": ("the operator {0} follows an opening bracket", "operatoren {0} følger en åpen parentes"),
    "end": ("it ends with the operator {0}", "den slutter med operatoren {0}"),
    "close": ("the operator {0} stands before a closing bracket", "operatoren {0} står foran en lukket parentes"),
    "joined": ("{0} follows another term without an operator", "{0} følger et annet søkeord uten operator"),
}
_AROUND = 22


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        seen = set()
        for lines in searches(document):
            numbers = frozenset(n for line in lines if (n := line.number) is not None)
            for i, line in enumerate(lines):
                seen.add(line.passage.iri)
                before, after = neighbours(lines, i)
                yield _outcome(document.iri, line, numbers, bool(before), bool(after))
        for line in strings(document):
            if line.passage.iri not in seen:
                yield _outcome(document.iri, line, frozenset(), True, True)


def _outcome(document: str, line: SearchString, numbers: frozenset[int], before: bool, after: bool) -> Outcome:
    text = line.passage.text
    formal = line.formal and line.search is not None
    found = [
        (begin, end, what)
        for begin, end, what in strays(text, formal, numbers)
        if not (what == "start" and before) and not (what == "end" and after)
    ]
    if not found:
        return Outcome(document, False, line.focus, (line.passage.iri,))
    return Outcome(
        document,
        True,
        line.focus,
        (line.passage.iri,),
        f"Something in the search string belongs to no term: {_told(text, found, 0)}.",
        f"Noe i søkestrengen hører ikke til noe søkeord: {_told(text, found, 1)}.",
        tuple(
            Compared("place", "sted", text[max(0, b - _AROUND) : e + _AROUND].strip(), line.passage.iri)
            for b, e, _ in found
        ),
    )


def _told(text: str, found: list[tuple[int, int, str]], language: int) -> str:
    told = []
    for begin, end, what in found:
        place = text[max(0, begin - _AROUND) : end + _AROUND].strip()
        told.append(f"{_WORDS[what][language].format(text[begin:end])} (“… {place} …”)")
    return "; ".join(told)


RULE = Rule(
    "stray-in-search-string",
    Severity.WARNING,
    "search strings",
    "søkestrenger",
    _check,
    file="loaders/review/texts/stray.py",
)

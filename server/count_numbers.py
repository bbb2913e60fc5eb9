"""The registry numbers in a text that a person types or pastes, in whatever spelling, and what in it is none.

Numbers are found as in a document (``identifiers.find_numbers``); beyond that, blanks may stand among the digits of a
number (``NCT 0027 3364``), blanks and line ends at its hyphens, and it may stand in an address, percent-encoded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from msevidence.loaders.identity.placeholders import is_placeholder as is_nobodys
from msevidence.ontology.identifiers import (
    OTHER,
    SCHEMES,
    FoundNumber,
    InvalidNumberError,
    find_numbers,
    fold,
    is_placeholder,
    parse_number,
)

Why = Literal["placeholder", "pattern", "none"]
LONGEST_NUMBER = 200
"""Characters that no number has, with what stands around it."""
FEW_WORDS = 2
"""Words beside a number that are told as not recognised; more are a sentence or a title."""
_ADDRESS = re.compile(r"https?://[^\s,;|<>]+")
_BLANK = "[ \t\u00a0\u2009\u202f]"
_ENTRY = re.compile(r"[\n\r\t,;|]+")
_WORD_BEFORE = re.compile(r"(?i)(?:EudraCT|EU[ -]?CT|EUCTR|CTIS|ISRCTN|NCT)?[\s-]*(?:no|nr|number|nummer)?")
"""What stands before a number and may be cut off from it at the end of a line."""
_EDGES = " \t\n\r,;|/&+-\u2013\u00a0\u2009\u202f()[]{}<>\"'«»“”.:"
_FIXED = re.compile(r"\^([A-Za-z]+)\\d\{(\d+)\}\$")
_SPACED = [
    re.compile(rf"(?i)(?<![^\W_]){m[1]}[ \t\u00a0\u2009\u202f#:.]*\d(?:{_BLANK}*\d){{{int(m[2]) - 1}}}(?![^\W_])")
    for scheme in SCHEMES.values()
    if (m := _FIXED.fullmatch(scheme.pattern))
]
_SPACED.append(re.compile(rf"(?i)(?<![^\W_])IRCT{_BLANK}*\d(?:{_BLANK}*\d)*{_BLANK}*N{_BLANK}*\d+(?![^\W_])"))
_SPACED.append(
    re.compile(
        r"(?i)(?<![^\W_])(?<!\d-)(?:EUCTR|EUCT|CTIS)?\d{4}\s*-\s*\d{6}\s*-\s*\d{2}(?:\s*-\s*\d{2})?"
        r"(?:[/-](?:3rd|[a-z]{2}))?(?![^\W_])"
    )
)
_LIKE = re.compile(
    r"(?i)(?:NCT|ISRCTN|IRCT|ACTRN|DRKS|EUCTR|ChiCTR|jRCT|UMIN)\W?\d[\d-]*\w*|\d{4}-\d{5,7}-\d{1,3}(?:-\d+)?"
)


@dataclass(frozen=True, slots=True)
class NotRecognised:
    """A part of the text that is no number that a study could have."""

    text: str
    why: Why
    """``placeholder``, ``pattern`` (begins as a registry's numbers do and goes on otherwise) or ``none``."""
    detail: str = ""
    """The pattern that it does not follow."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a text holds: the numbers, each occurrence in its place, and the entries without one."""

    numbers: tuple[FoundNumber, ...]
    not_recognised: tuple[NotRecognised, ...]


def read_numbers(text: str) -> Given:
    """Return the numbers in ``text``, in order.

    An entry (what stands between line ends, commas, semicolons) without a number is not recognised as a whole; beside a
    number, a word or two is, and of a longer text what has the form of a registry number.

    >>> given = read_numbers("NCT 0027 3364, EudraCT: 2010\u2013023560\u201340/SE, NCT00000000, MIST")
    >>> [(n.normalised, n.suffix) for n in given.numbers]
    [('NCT00273364', None), ('2010-023560-40', 'SE')]
    >>> [(n.text, n.why) for n in given.not_recognised]
    [('NCT00000000', 'placeholder'), ('MIST', 'none')]
    """
    found = _find(text)
    numbers = [n for n in found if not is_nobodys(n.key)]
    missed = [NotRecognised(n.printed, "placeholder") for n in found if is_nobodys(n.key)]
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    begin, left = 0, deque(found)
    for end in [*(m.start() for m in _ENTRY.finditer(text)), len(text)]:
        inside = []
        while left and left[0].begin < end:
            inside.append(left.popleft())
        missed += _entry(text, begin, end, [_with_address(addresses, number) for number in inside])
        begin = max(end, inside[-1].end if inside else 0)  # a number may go on over the end of a line
    return Given(tuple(numbers), tuple(missed))


def read_arguments(arguments: tuple[str, ...]) -> Given:
    """Return the numbers in the words of a command line, where the shell may have cut one at its blanks.

    >>> [n.normalised for n in read_arguments(("NCT", "0027", "3364")).numbers]
    ['NCT00273364']
    """
    apart, together = read_numbers("\n".join(arguments)), read_numbers(" ".join(arguments))
    return together if len(together.numbers) > len(apart.numbers) else apart


def _find(text: str) -> list[FoundNumber]:
    found = find_numbers(text)
    taken = bytearray(len(text))
    for number in found:
        taken[number.begin : number.end] = b"\1" * (number.end - number.begin)
    for match in _ADDRESS.finditer(text):
        if "%" in match[0] and 1 not in taken[slice(*match.span())]:
            found += _as_one(match, find_numbers(unquote(match[0])), taken)
    folded = fold(text)
    for pattern in _SPACED:
        for match in pattern.finditer(folded):
            if 1 not in taken[slice(*match.span())]:
                printed = text[slice(*match.span())]
                found += _as_one(match, find_numbers(re.sub(r"\s", "", match[0])), taken, printed)
    return sorted(found, key=lambda n: n.begin)


def _as_one(
    match: re.Match[str], numbers: list[FoundNumber], taken: bytearray, printed: str | None = None
) -> list[FoundNumber]:
    """Return numbers that stand where ``match`` does, which is taken from then on."""
    begin, end = match.span()
    if numbers:
        taken[begin:end] = b"\1" * (end - begin)
    return [FoundNumber(n.scheme, printed or match[0], n.normalised, n.suffix, begin, end) for n in numbers]


def _entry(text: str, begin: int, end: int, inside: list[tuple[int, int]]) -> list[NotRecognised]:
    """Return what is no number between two places; ``inside`` says where the numbers stand."""
    rest, at = [], begin
    for first, last in inside:
        rest.append(text[at : max(at, first)])
        at = max(at, last)
    rest.append(text[at:end])
    missed = []
    for part in rest:
        left = part.strip(_EDGES)
        if not left or _WORD_BEFORE.fullmatch(left):
            continue
        if not inside or len(left.split()) <= FEW_WORDS:
            missed.append(_why(left))
        else:
            missed += [_why(match[0].strip(_EDGES)) for match in _LIKE.finditer(fold(left))]
    return missed


def _with_address(addresses: list[tuple[int, int]], number: FoundNumber) -> tuple[int, int]:
    """Return where a number begins and ends, with the address that it stands in."""
    at = bisect_right(addresses, (number.begin, len(addresses) + number.end)) - 1
    if at >= 0 and addresses[at][0] <= number.begin < addresses[at][1]:
        return addresses[at][0], max(addresses[at][1], number.end)
    return number.begin, number.end


def _why(text: str) -> NotRecognised:
    if len(text) > LONGEST_NUMBER:
        return NotRecognised(text[:LONGEST_NUMBER] + "…", "none")
    compact = re.sub(_BLANK, "", fold(text))
    if is_placeholder(text) or is_placeholder(compact) or (_LIKE.fullmatch(compact) and is_nobodys(compact)):
        return NotRecognised(text, "placeholder")
    try:
        number = parse_number(text)
    except InvalidNumberError:
        begins = fold(text).upper()
        scheme = next((s for s in SCHEMES.values() if begins.startswith(s.starts.upper())), SCHEMES["EudraCT"])
        return NotRecognised(text, "pattern", scheme.pattern)
    return NotRecognised(text, "none" if number.scheme == OTHER else "placeholder")

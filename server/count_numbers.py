"""The registry numbers in a text that a person types or pastes, in whatever spelling, and what in it is none.

Numbers are found as in a document (``identifiers.find_numbers``); beyond that, blanks may stand among the digits of a
number (``NCT 0027 3364``), blanks and line ends at its hyphens, and it may stand in an address, percent-encoded.
"""

from __future__ import annotations

import re
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
_BLANK = "[ \t\u00a0\u2009\u202f]"
_ENTRY = re.compile(r"[\n\r\t,;|]+")
_WORD_BEFORE = re.compile(r"(?i)(?:EudraCT|EU[ -]?CT|EUCTR|CTIS|ISRCTN|NCT)?[\s-]*(?:no|nr|number|nummer)?")
"""What stands before a number and may be cut off from it at the end of a line."""
_EDGES = " \t\u00a0\u2009\u202f()[]{}<>\"'«»“”.:"
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

    An entry (what stands between line ends, commas, semicolons) without a number is not recognised as a whole; in one
    with a number, what else has the form of a registry number.

    >>> given = read_numbers("NCT 0027 3364, EudraCT: 2010\u2013023560\u201340/SE, NCT00000000, MIST")
    >>> [(n.normalised, n.suffix) for n in given.numbers]
    [('NCT00273364', None), ('2010-023560-40', 'SE')]
    >>> [(n.text, n.why) for n in given.not_recognised]
    [('NCT00000000', 'placeholder'), ('MIST', 'none')]
    """
    found = _find(text)
    numbers = [n for n in found if not is_nobodys(n.key)]
    missed = [NotRecognised(n.printed, "placeholder") for n in found if is_nobodys(n.key)]
    begin = 0
    for end in [*(m.start() for m in _ENTRY.finditer(text)), len(text)]:
        inside = [n for n in found if n.begin < end and n.end > begin]
        missed += _entry(text, begin, end, inside)
        begin = end
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
    found += _hidden_in_addresses(text, found)
    folded = fold(text)
    for pattern in _SPACED:
        for match in pattern.finditer(folded):
            begin, end = match.span()
            if any(n.begin < end and n.end > begin for n in found):
                continue
            for number in find_numbers(re.sub(r"\s", "", match[0])):
                found.append(FoundNumber(number.scheme, text[begin:end], number.normalised, number.suffix, begin, end))
    return sorted(found, key=lambda n: n.begin)


def _hidden_in_addresses(text: str, found: list[FoundNumber]) -> list[FoundNumber]:
    """Return the numbers that stand percent-encoded in addresses in which none is found as they stand."""
    hidden = []
    for match in re.finditer(r"https?://\S+", text):
        begin, end = match.span()
        if "%" in match[0] and not any(n.begin < end and n.end > begin for n in found):
            hidden += [
                FoundNumber(n.scheme, match[0], n.normalised, n.suffix, begin, end)
                for n in find_numbers(unquote(match[0]))
            ]
    return hidden


def _entry(text: str, begin: int, end: int, inside: list[FoundNumber]) -> list[NotRecognised]:
    if not inside:
        left = text[begin:end].lstrip("\n\r\t,;|").strip(_EDGES)
        return [_why(left)] if left and not _WORD_BEFORE.fullmatch(left) else []
    rest, at = [], begin
    for number in inside:
        rest.append(text[at : max(at, number.begin)])
        at = max(at, number.end)
    rest.append(text[at:end])
    return [_why(match[0].strip(_EDGES)) for part in rest for match in _LIKE.finditer(fold(part))]


def _why(text: str) -> NotRecognised:
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

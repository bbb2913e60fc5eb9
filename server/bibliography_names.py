"""Names of authors in parts, where the data show which part is the family name.

Loaders write ``Burt RK``. A list that a page of a work prints may be written out, in either order; what the loaders
read in a reference list then tells the order. A name that cannot be told apart stands as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msevidence.server.bibliography import Name, one_line

_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,5}")
_CUT = "…"


def read_normalised(name: str) -> Name:
    """Return a name as loaders write them: the family name and initials.

    >>> read_normalised("van der Berg JA"), read_normalised("Gibb FW Jr"), read_normalised("Ben-Shlomo Y").inverted
    (Name(family='van der Berg', given='J. A.', body=False), Name(family='Gibb', given='F. W., Jr', body=False), \
'Ben-Shlomo, Y.')
    >>> read_normalised("Trygve Holmøy").inverted
    'Trygve Holmøy'
    """
    words = one_line(name).rstrip(",").split()
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".") in ("Jr", "Sr", "II", "III", "IV") else ""
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        given = spaced(words[-1])
        return Name(" ".join(words[:-1]), f"{given}, {suffix}" if suffix else given)
    return Name(one_line(name))


def read_list(written: str, known: Sequence[Name]) -> tuple[list[Name], bool]:
    """Return the names of a list with semicolons, and whether it is cut.

    Args:
        written: names as a page of the work prints them.
        known: the first of them as read elsewhere.

    The list is empty where its names stand family name first and cannot be told apart.

    >>> names, _ = read_list("Richard K Burt; Jan Fagius", [Name("Burt", "R. K.")])
    >>> [name.inverted for name in names]
    ['Burt, Richard K', 'Jan Fagius']
    >>> read_list("Allanach Jessica R; Farrell John W.", [Name("Allanach", "J. R.")])
    ([], False)
    >>> read_list("MS Freedman; R Saccardi; … (list cut)", [])[0][0].inverted
    'Freedman, M. S.'
    """
    parts = [part for part in map(one_line, written.split(";")) if part]
    texts = [part for part in parts if _CUT not in part]
    found = [_in_list(text, known) for text in texts]
    first = known[0].family if known else ""
    reversed_order = bool(texts and first and texts[0].startswith(f"{first} "))
    if reversed_order and not all(name.given for name in found):
        return [], False
    return found, len(texts) < len(parts)


def spaced(initials: str) -> str:
    """Return initials as they are printed apart.

    >>> spaced("RK"), spaced("J.-P."), spaced("M. C.")
    ('R. K.', 'J.-P.', 'M. C.')
    """
    if not initials.isalpha():
        return initials
    return " ".join(f"{letter}." for letter in initials)


def _in_list(text: str, known: Sequence[Name]) -> Name:
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma and given:
        return Name(family, given)
    words = text.split()
    if len(words) == 2:
        if _INITIALS.fullmatch(words[0]) and not words[1].isupper():
            return Name(words[1], spaced(words[0]))
        if _INITIALS.fullmatch(words[1]) and not words[0].isupper():
            return Name(words[0], spaced(words[1]))
    for other in known:
        rest = ""
        if text.endswith(f" {other.family}"):
            rest = text.removesuffix(other.family).strip()
        elif text.startswith(f"{other.family} "):
            rest = text.removeprefix(other.family).strip()
        if rest and rest[:1] == other.given[:1]:
            return Name(other.family, rest)
    return Name(text)

"""Fields of European registries in which people put one number, several, or a sentence: taken apart, nothing made up.

What is a registry's number is found wherever it stands; what is left over between separators is a number of another
kind if it has a digit. Short titles are read here too, because these registries put acronyms and codes in one field.
"""

import re

from msevidence.loaders.exports.records import OtherNumber
from msevidence.loaders.exports.values import plain
from msevidence.ontology.identifiers import find_numbers

NO_VALUE = frozenset(
    {
        "none",
        "nil",
        "null",
        "na",
        "no",
        "unknown",
        "pending",
        "unavailable",
        "tbc",
        "tbd",
        "0",
        "n.a",
        "n/a",
        "n/k",
        "nk",
        "not applicable",
        "not available",
        "not yet available",
        "not assigned",
        "not known",
        "not provided",
        "not provided at time of registration",
        "nil known",
        "none known",
        "to be confirmed",
        "information not present in eudract",
    }
)
"""What people write, in small letters, where they have no number to give."""
_SEPARATED = re.compile(r"[;|\n]|,(?=\s)|(?<=\d),(?=[A-Za-z])")
_ACRONYM = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/+&.][A-Za-z0-9]+)*")


def has_value(text: str) -> bool:
    """Say whether a field holds more than a word for nothing.

    >>> has_value("Nil known"), has_value("NCT01234567")
    (False, True)
    """
    return text.strip().strip(".").lower() not in NO_VALUE and any(c.isalnum() for c in text)


def several_numbers(printed: str, role: str, label: str, *, other_role: str | None = None) -> list[OtherNumber]:
    """Return the numbers that a field holds; those of no registry get ``other_role``, if that is given.

    >>> [n.printed for n in several_numbers("NCT01234567; HTA 07/36/01", "secondary", "secondaryNumber")]
    ['NCT01234567', 'HTA 07/36/01']
    """
    found: list[OtherNumber] = []
    for part in _SEPARATED.split(printed):
        if not has_value(part):
            continue
        rest, begin = "", 0
        for number in find_numbers(part):
            if number.begin < begin:  # one number in two patterns
                continue
            found.append(OtherNumber(number.printed, role, label, number))
            rest, begin = rest + part[begin : number.begin], number.end
        rest = plain(rest + part[begin:])
        if begin == 0 and has_value(rest):
            found.append(OtherNumber(rest, other_role or role, label))
        elif begin:
            for word in rest.split():
                if any(c.isdigit() for c in word) and has_value(word):
                    found.append(OtherNumber(word.strip("()[]"), other_role or role, label))
    return list({(n.number.normalised if n.number else n.printed): n for n in reversed(found)}.values())[::-1]


def is_acronym(text: str) -> bool:
    """Say whether a short title is one word that is mostly letters, two of them large: ``RAM-MS``, not ``AB21004``.

    >>> [is_acronym(t) for t in ("RAM-MS", "StarMS", "KIN001-204", "A study of cells")]
    [True, True, False, False]
    """
    letters, digits = sum(c.isalpha() for c in text), sum(c.isdigit() for c in text)
    large = sum(c.isupper() for c in text)
    return bool(_ACRONYM.fullmatch(text)) and 3 <= len(text) <= 24 and large >= 2 and digits < letters


def is_code(text: str) -> bool:
    """Say whether a short title is a sponsor's code: one word with a digit, and no acronym.

    >>> [is_code(t) for t in ("KIN001-204", "200925", "RAM-MS", "Cells 2")]
    [True, True, False, False]
    """
    return not is_acronym(text) and not re.search(r"\s", text) and any(c.isdigit() for c in text)

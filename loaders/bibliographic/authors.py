"""Personal names of bibliographic services, written as ``Family Initials``: ``Burt RK``, ``Gibb FW Jr``.

Services print ``Burt, Richard K.``, ``Burt, R. K., Jr.``, ``Burt R.K.``, ``Burt RK`` or the parts of a name apart.
"""

import re

from msevidence.loaders.exports.values import unmarked
from msevidence.loaders.names import SUFFIX, is_group

_INITIALS = re.compile(r"(?:[^\W\d_]\.?[-\s]?){1,5}\.?")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|2nd|3rd|4th)\.?", re.IGNORECASE)


def initials(given: str) -> str:
    """Return the initials of given names.

    >>> initials("Richard K."), initials("Jean-Paul"), initials("J. M."), initials("RK"), initials("van der")
    ('RK', 'JP', 'JM', 'RK', 'VD')
    """
    words: list[str] = re.findall(r"[^\W\d_]+", given)
    if len(words) == 1 and len(words[0]) <= 3 and words[0].isupper():
        return words[0]
    return "".join(w if len(w) <= 3 and w.isupper() and w.isalpha() else w[0].upper() for w in words)


def author(family: str, given: str | None = None, suffix: str | None = None) -> str:
    """Return a name given in parts.

    >>> author("Burt", "Richard K."), author("Gibb", "F W", "Jr")
    ('Burt RK', 'Gibb FW Jr')
    """
    parts = (unmarked(family), initials(given or ""), (suffix or "").strip().rstrip("."))
    return " ".join(p for p in parts if p)


def read_author(printed: str) -> tuple[str, bool]:
    """Return a name given as one text, normalised, and whether it is that of a group.

    >>> read_author("Burt, R. K., Jr."), read_author("Adler D.G."), read_author("MIST Study Group,")
    (('Burt RK Jr', False), ('Adler DG', False), ('MIST Study Group', True))
    """
    text = unmarked(printed)
    family, comma, rest = text.partition(",")
    if comma and not rest.strip():  # EndNote and Zotero mark names that must not be turned round by a comma
        return family.strip(), True
    if comma:
        given, _, suffix = rest.strip().partition(",")
        if _SUFFIX.fullmatch(given.strip()):  # ``Burt, Jr., R. K.``
            given, suffix = suffix, given
        if not is_group(text) or len(rest.split()) <= 3:
            return author(family.strip(), given.strip(), suffix.strip()), False
        return text, True
    suffixed = SUFFIX.search(text)
    words = (text[: suffixed.start()] if suffixed else text).split()
    end = suffixed.group().strip() if suffixed else None
    cut = len(words)
    while cut > 1 and _INITIALS.fullmatch(words[cut - 1]) and words[cut - 1].upper() == words[cut - 1]:
        cut -= 1
    if cut < len(words) and not (cut > 3 and is_group(text)):
        return author(" ".join(words[:cut]), "".join(words[cut:]).replace(".", ". "), end), False
    if len(words) > 1 and is_group(text):
        return text, True
    return text, False  # given names written out before the family name, or a single name: nobody can tell which


def family_name(normalised: str) -> str:
    """Return the family name of a name written as ``Family Initials``.

    >>> family_name("van der Berg JA Jr"), family_name("Madonna")
    ('van der Berg', 'Madonna')
    """
    words = SUFFIX.sub("", normalised.strip()).split()
    if len(words) > 1 and len(words[-1]) <= 5 and words[-1].isupper():
        words.pop()
    return " ".join(words)

"""What a work says of itself in print: first author, year, first page, and the container that it stands in.

By these, without any identifier, two records are candidates; containers are then compared word by word, since services
abbreviate them (ISO 4) and documents do it their own way.
"""

import re
from functools import lru_cache

from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.identity.names import fold
from msevidence.loaders.identity.publication_conflicts import year_of

_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PAGE = re.compile(r"([a-z]*)0*(\d+)([a-z]*)", re.ASCII)
_SMALL = frozenset(
    re.findall("[a-z]+", "a an and d de den der des die das du et for in l la le of och og on the und von zu")
)
"""Words that abbreviations of titles leave out."""
_JOURNAL = frozenset({"j", "journal", "tidsskrift"})
"""What may stand at the end of a journal's name, or not: ``Mult Scler J``. At its beginning it tells journals apart."""


def fingerprint(fact: PublicationFact) -> tuple[str, int, str] | None:
    """Return first author, year and first page, by which records are looked up; ``None`` where one is not said."""
    family, year, page = folded(fact.family), year_of(fact.year), first_page(fact.pages)
    return (family, year, page) if family and year and page and fact.containers else None


def folded(text: str | None) -> str:
    """Return letters and figures of a name, without case, accents, hyphens and spaces.

    >>> folded("Karimi-Abdolrezaee"), folded("Holmøy")
    ('karimiabdolrezaee', 'holmoy')
    """
    return "".join(_words(text or ""))


def first_page(printed: str | None) -> str | None:
    """Return the first page or the article number, ``None`` where there is none.

    >>> first_page("S130-S1"), first_page("1380–1390.e2"), first_page("e0195891"), first_page("suppl")
    ('s130', '1380', 'e195891', None)
    """
    match = _PAGE.search(re.split(r"[-‐-―−,;:\s.]", (printed or "").strip().casefold(), maxsplit=1)[0])
    return "".join(match.groups()) if match else None


def same_container(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two records name one container, in full or abbreviated.

    >>> same_container(("Mult Scler",), ("Multiple Sclerosis Journal",)), same_container(("JAMA",), ("JAMA Neurol",))
    (True, False)
    >>> same_container(("J Neurol",), ("Neurology",)), same_container(("Neurol",), ("Neurology",))
    (False, True)
    """
    return any(_same_name(a, b) for a in one for b in other)


def _same_name(one: str, other: str) -> bool:
    mine, theirs = (_words(_BRACKETS.sub(" ", name)) or _words(name) for name in (one, other))
    mine, theirs = (tuple(w for w in words if w not in _SMALL) or words for words in (mine, theirs))
    if not mine or not theirs:
        return False
    for short, long in ((mine, theirs), (theirs, mine)):
        if len(short) == 1 and len(short[0]) > 2 and short[0] == "".join(w[0] for w in long):  # BMJ, JAMA
            return True
    if len(mine) != len(theirs):
        mine, theirs = (words[:-1] if len(words) > 1 and words[-1] in _JOURNAL else words for words in (mine, theirs))
    return len(mine) == len(theirs) and all(map(_abbreviates, mine, theirs))


def _abbreviates(one: str, other: str) -> bool:
    """Say whether one word is the other cut, or cut and contracted (``Natl``, ``National``)."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return True
    letters = iter(long)
    return len(short) > 2 and short[0] == long[0] and all(c in letters for c in short)


@lru_cache(maxsize=2**14)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))

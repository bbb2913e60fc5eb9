"""How titles, acronyms, sponsors and conditions of records are compared: by their words, without accents and case.

Comparing says whether two records speak of one thing; it never joins them by itself. What is not known, or stands in
another language, agrees and contradicts nothing.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from msevidence.loaders.identity.ms_terms import ms_phrases
from msevidence.loaders.identity.stop_words import GENERIC, LEGAL, STOP

_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_STEM = 6
"""Words that begin with this many equal letters are one: renal, renale; transplant, transplantation."""
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "đ": "d"})
MS = "=ms"
"""Stands for every name of multiple sclerosis and of its types; no word of a text has a sign."""
UMBRELLA = (
    "autoimmun",
    "demyelin",
    "desmielin",
    "neurolog",
    "nervous",
    "neuroinflam",
    "inflamm",
    "immune",
    "sclerosis",
)
"""Beginnings of conditions that MS is one of: a record that names only these may be of MS."""
_LIKE = 0.75
"""Share of the words of each of two titles that stand in the other, from which they agree; trials of one treatment for
one disease by two sponsors share half of them."""
_TITLE = 4
"""Words about its subject that a title must have to be told from others of its field."""
_ENOUGH = 3
"""Words that a record must have to be about something else than another: a name alone says nothing."""


def fold(text: str) -> str:
    """Return ``text`` in small letters, without accents.

    >>> fold("Universitätsklinikum Ålborg")
    'universitatsklinikum alborg'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Return the words of ``text``, folded; a mark of the genitive is dropped."""
    return _WORD.findall(fold(text).replace("'s ", " ").replace("’s ", " "))


@lru_cache(maxsize=2**14)
def acronym_key(acronym: str) -> str:
    """Return an acronym by its letters and digits alone: ``StarMS`` and ``STAR-MS`` are one."""
    return "".join(_WORD.findall(fold(acronym)))


@lru_cache(maxsize=2**14)
def title_key(title: str) -> str:
    """Return the words of a title, in order; what stands in brackets (an acronym, a code) is no part of it."""
    return " ".join(words(_BRACKETS.sub(" ", title)) or words(title))


@lru_cache(maxsize=2**14)
def sponsor_words(sponsor: str) -> frozenset[str]:
    """Return the words that name a sponsor: no legal form, and no word that half of all hospitals have.

    >>> sorted(sponsor_words("University Medical Centre Hamburg-Eppendorf"))
    ['eppendorf', 'hamburg']
    >>> sorted(sponsor_words("Universitätsklinikum Hamburg-Eppendorf"))
    ['eppendorf', 'hamburg']
    """
    every = [w for w in words(_BRACKETS.sub(" ", sponsor)) or words(sponsor) if w not in LEGAL]
    return frozenset([w for w in every if w not in GENERIC] or every)


def same_sponsor(one: str, other: str) -> bool:
    """Say whether two names are of one sponsor: the words that name the one are all among those of the other."""
    first, second = sponsor_words(one), sponsor_words(other)
    return bool(first and second) and (first <= second or second <= first)


def agree(one: Iterable[str], other: Iterable[str]) -> bool:
    """Say whether two sets of acronyms have one in common, or one that begins with the other (RAM, RAM-MS)."""
    first, second = [k for a in one if (k := acronym_key(a))], [k for a in other if (k := acronym_key(a))]
    return any(
        a == b or (min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a))) for a in first for b in second
    )


@lru_cache(maxsize=2**14)
def topic(text: str) -> frozenset[str]:
    """Return the words of a title or a condition that say what it is about; every name of MS is one word.

    A phrase of several words also counts by its initials, as people abbreviate it.
    """
    folded = " ".join(words(text))
    found = set()
    for phrase in ms_phrases():
        folded, times = phrase.subn(" ", folded)
        if times:
            found.add(MS)
    found |= {w for w in folded.split() if w not in STOP and not w.isdigit() and len(w) > 2}
    return frozenset(found)


def initials(condition: str) -> str:
    """Return the initials of a condition of several words: ``acute myeloid leukaemia`` gives ``aml``."""
    every = words(condition)
    return "".join(w[0] for w in every) if len(every) > 1 else ""


def share(one: frozenset[str], other: frozenset[str]) -> int:
    """Return how many words of ``one`` stand in ``other``, in the same or in another form."""
    stems = {w[:_STEM] for w in other if len(w) >= _STEM}
    return sum(w in other or (len(w) >= _STEM and w[:_STEM] in stems) for w in one)


def titles_agree(one: Iterable[str], other: Iterable[str]) -> bool:
    """Say whether a title of the one is that of the other, or most of the words of each stand in the other."""
    second = list(other)
    return any(title_key(a) == title_key(b) or _alike(topic(a), topic(b)) for a in one for b in second)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(one), len(other)) < _TITLE:
        return False
    return share(one, other) >= _LIKE * len(one) and share(other, one) >= _LIKE * len(other)


def about_other_things(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two records' words are enough to tell what each is about, and none of them is shared."""
    return len(one) >= _ENOUGH and len(other) >= _ENOUGH and not share(one, other)

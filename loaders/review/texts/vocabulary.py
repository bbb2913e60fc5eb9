"""The words of a document, and which of them are a slip away from one another."""

import re
from collections import Counter
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_]+(?P<cut>[*$?#!])?[^\W\d_]*")
SHORTEST = 5
"""Letters of the shortest word that is compared: shorter ones are too often a slip away from another word."""
SHORTEST_STEM = 6
"""Letters of the shortest truncated word that is compared."""
LONG = 8
"""Letters from which two words that are a slip apart are hardly two words."""
FEWEST = 3
"""How often, at least, and how many times as often a short word must stand in the document to correct another."""
OFTEN = 10
"""How often a word of four letters must stand in the document for another with two of them swapped to be misspelt."""
SOURCES = (
    *("Cochrane", "Central", "PubMed", "MEDLINE", "Embase", "Epistemonikos", "CINAHL", "PsycINFO", "Scopus", "INAHTA"),
    *("ClinicalTrials", "Clinical", "Trials", "Registry", "Platform", "International", "Science", "Library", "Ovid"),
    *("LILACS", "ISRCTN", "PROSPERO", "EBSCO", "SveMed", "Dissemination", "Reviews", "Campbell", "Google", "Scholar"),
    *("Database", "Databases", "Technology", "Assessment", "Controlled", "Register", "Systematic"),
)
"""Words of the names of bibliographic databases and registers."""
_ENDINGS = (
    "s",
    "es",
    "e",
    "d",
    "ed",
    "r",
    "er",
    "n",
    "en",
    "ne",
    "ene",
    "et",
    "t",
    "y",
    "ies",
    "ing",
    "a",
    "al",
    "ly",
    "ic",
)
_VARIANTS = (
    *(("ae", "e"), ("oe", "e"), ("our", "or"), ("is", "iz"), ("ys", "yz"), ("ogue", "og"), ("ph", "f"), ("ll", "l")),
    *(("mme", "m"), ("ce", "se"), ("re$", "er$"), ("que", "k")),
)
"""Spellings of one word by country: haematopoietic and hematopoietic, centre and center ($ is the end of a word)."""


def words(text: str) -> list[str]:
    """Return the words of a text in small letters; a truncated one with its sign.

    >>> words('Transplant* or "stem cells" NEAR/2 wom?n, AHSCT')
    ['transplant*', 'or', 'stem', 'cells', 'NEAR', 'wom?n', 'AHSCT']
    """
    return [w if is_abbreviation(w) else w.lower() for w in (m[0] for m in WORD.finditer(text))]


def is_abbreviation(word: str) -> bool:
    """Say whether a word is written in capitals only, or with capitals in it."""
    return len(word) > 1 and any(c.isupper() for c in word[1:])


def count(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word stands in texts, truncated ones by their stem and without signs."""
    return Counter(w.rstrip("*$?#!").lower() for text in texts for w in words(text))


def is_slip(word: str, other: str) -> bool:
    """Say whether two words differ by one letter left out, added, exchanged or two swapped, and not as forms of a word.

    >>> [is_slip("mulitple", w) for w in ("multiple", "multiples")], is_slip("sclerosi", "sclerosis")
    ([True, False], True)
    >>> is_slip("haematopoietic", "hematopoietic"), is_slip("transplants", "transplant")
    (False, False)
    """
    return word != other and _one_edit(word, other) and not same_word(word, other)


def is_swap(word: str, other: str) -> bool:
    """Say whether two neighbouring letters of a word are swapped in the other: that hardly makes another word."""
    return len(word) == len(other) and sorted(word) == sorted(other) and _one_edit(word, other)


def _one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    begin = 0
    while begin < min(len(a), len(b)) and a[begin] == b[begin]:
        begin += 1
    rest_a, rest_b = a[begin:], b[begin:]
    if len(a) == len(b):
        swapped = len(rest_a) > 1 and rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    longer, shorter = (rest_a, rest_b) if len(a) > len(b) else (rest_b, rest_a)
    return longer[1:] == shorter


def same_word(a: str, b: str) -> bool:
    """Say whether two words can be forms or spellings of one word."""
    shared = len(_prefix(a, b))
    ends = {a[shared:], b[shared:]}
    if shared >= 4 and all(e in ("", *_ENDINGS) for e in ends) and not _dropped_s(a, b):
        return True
    spelled = [(f"{x}$", f"{y}$") for x, y in ((a, b), (b, a))]
    return any(_exchanged(x, y, old, new) for x, y in spelled for old, new in _VARIANTS)


def _exchanged(word: str, other: str, old: str, new: str) -> bool:
    places = (i for i in range(len(word)) if word.startswith(old, i))
    return any(word[:i] + new + word[i + len(old) :] == other for i in places)


def _dropped_s(a: str, b: str) -> bool:
    """Say whether the words differ in a last s that ends no plural: ``sclerosi`` and ``sclerosis``."""
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer == shorter + "s" and len(shorter) > 5 and shorter.endswith(("si", "ti", "su", "ru"))


def _prefix(a: str, b: str) -> str:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return a[:n]

"""Words of searches that are misspelt, told by the words of the other searches and of the text: there is no dictionary.

A word is taken for misspelt where one that is a slip away stands much more often in the same document, or names a
database. Also a word with a space in it, where the document has it without.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.texts.strings import source_names, strings
from msevidence.loaders.review.texts.vocabulary import (
    FEWEST,
    LONG,
    OFTEN,
    SHORTEST,
    SHORTEST_STEM,
    SOURCES,
    count,
    is_abbreviation,
    is_slip,
    is_swap,
    words,
)
from msevidence.loaders.review.view import Document, View
from msevidence.loaders.search_strings import is_search_string

_FORMAL = "zxx"
_SPLIT = re.compile(r"[^\W\d_]{2,}")


class Spelling:
    """The words that a document writes in the language of its searches, and how often."""

    def __init__(self, texts: list[str]) -> None:
        self.often: Counter[str] = count(texts)
        self.places: Counter[str] = Counter(word for text in texts for word in count([text]))
        self.printed = {w.rstrip("*$?#!").lower(): w for text in reversed(texts) for w in words(text)}
        self.known = self.often.copy()
        for name in SOURCES:
            self.printed[name.lower()] = name
            self.known[name.lower()] = max(self.known[name.lower()], FEWEST) + FEWEST
        self._by_length: dict[int, list[str]] = {}
        for word in self.known:
            self._by_length.setdefault(len(word), []).append(word)

    def meant(self, printed: str) -> str | None:
        """Return the word that a misspelt one is a slip away from, ``None`` where it is not misspelt."""
        word = printed.rstrip("*$?#!").lower()
        stem = word != printed.lower()
        if (is_abbreviation(printed) and len(printed) <= SHORTEST_STEM) or not word.isalpha():
            return None
        if len(word) < (SHORTEST_STEM if stem else SHORTEST):
            return self._swapped(word) if not stem else None
        if stem and any(w.startswith(word) for w in self.known if w != word):
            return None
        candidates = (w for n in (-1, 0, 1) for w in self._by_length.get(len(word) + n, ()))
        found = [w for w in candidates if self._corrects(w, word) and is_slip(word, w)]
        if self.places[word] > 1:  # what stands in several places is meant so, but for letters that are swapped
            found = [w for w in found if is_swap(word, w)]
        if not found and stem:
            found = self._stems(word)
        return min(found, key=lambda w: (-self.known[w], w), default=None)

    def _swapped(self, word: str) -> str | None:
        """Return the word that a short one has two letters swapped of, where it stands once and the other often."""
        if len(word) < SHORTEST - 1 or self.often[word] > 1:
            return None
        found = [w for w in self._by_length.get(len(word), ()) if is_swap(word, w) and self.often[w] >= OFTEN]
        return min(found, key=lambda w: (-self.often[w], w), default=None)

    def _stems(self, word: str) -> list[str]:
        """Return the beginnings of frequent words that a truncated one is a slip away from."""
        cut = ((w[: len(word) + n], w) for n in (-1, 0, 1) for w in self.known if len(w) > len(word))
        return sorted({w for start, w in cut if self._corrects(w, word) and is_slip(word, start)})

    def _corrects(self, other: str, word: str) -> bool:
        times = max(self.often[word], 1)
        if len(other) >= LONG:
            return self.known[other] > times and self.known[other] > 1
        return self.known[other] >= FEWEST * times

    def joined(self, text: str) -> list[tuple[str, str]]:
        """Return words of a text that have a space in them, as printed, and the word that the document writes."""
        found = []
        parts = list(_SPLIT.finditer(text))
        for one, two in pairwise(parts):
            whole = (one[0] + two[0]).lower()
            alone = all(self.often[part[0].lower()] > 1 for part in (one, two))
            between = text[one.end() : two.start()]
            if between == " " and len(whole) >= LONG and self.known[whole] > 1 and not alone:
                found.append((text[one.start() : two.end()], whole))
        return found


def _spelling(document: Document, language: str) -> Spelling:
    languages = (language, _FORMAL) if language != _FORMAL else ("en", _FORMAL)
    return Spelling([p.text for p in document.passages if p.language in languages or p.kind == "search-line"])


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        spellings: dict[str, Spelling] = {}
        looked: set[str] = set()
        lines = [(s.passage, s.focus) for s in strings(document) if s.formal or s.passage.language == "en"]
        names = [(passage, search.iri) for search, _, passage in source_names(document)]
        for passage, focus in (*lines, *names):
            if passage.iri in looked:
                continue
            looked.add(passage.iri)
            is_name = (passage, focus) in names
            language = _FORMAL if is_name or is_search_string(passage.text) else passage.language
            if language not in spellings:
                spellings[language] = _spelling(document, language)
            spelling = spellings[language]
            found = [(w, m) for w in dict.fromkeys(words(passage.text)) if (m := spelling.meant(w))]
            found += spelling.joined(passage.text)
            if not found:
                yield Outcome(document.iri, False, focus, (passage.iri,))
                continue
            yield Outcome(
                document.iri,
                True,
                focus,
                (passage.iri,),
                f"Misspelt in the search, as it seems: {_told(found, spelling, 0)}.",
                f"Feilstavet i søket, etter det som går fram: {_told(found, spelling, 1)}.",
                tuple(
                    compared
                    for word, meant in found
                    for compared in (
                        Compared("as printed", "som trykt", word, passage.iri),
                        Compared("meant, as it seems", "trolig ment", spelling.printed[meant]),
                    )
                ),
            )


def _told(found: list[tuple[str, str]], spelling: Spelling, language: int) -> str:
    told = []
    for word, meant in found:
        times, meant = spelling.often[meant], spelling.printed[meant]
        if times > 1:
            often = (f"which the document writes {times} times", f"som dokumentet skriver {times} ganger")[language]
        else:
            often = ("which names a source", "som er navnet på en kilde")[language]
        told.append((f"“{word}” for “{meant}”, {often}", f"«{word}» for «{meant}», {often}")[language])
    return "; ".join(told)


RULE = Rule(
    "misspelt-search-term",
    Severity.WARNING,
    "search strings, or names of searched sources",
    "søkestrenger, eller navn på kilder det er søkt i",
    _check,
    file="loaders/review/texts/misspelt.py",
)

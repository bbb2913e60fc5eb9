"""Words of a search: the question to the full text, hits marked in their text, and the word that was perhaps meant.

What a reader types is never read as a query language: only its words reach the engine, each in quotation marks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from msevidence.loaders.index_words import WORD, fold, tokens
from msevidence.server.index import Index

MOST_WORDS = 60
"""Different words of one search: a long sentence has as many; the engine takes any number, but each costs."""
MOST_MEANT = 8
"""Words of a search whose spelling is looked at: each is held against all words of about its length."""
WINDOW = 240
"""Characters of a text that are shown around what was found in it."""
LEAD = 60
"""Of them before the first word found."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text, marked where it was searched for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a search; the last may be the beginning of one, and where ``parts`` is set, each of them."""

    words: tuple[str, ...]
    parts: bool = False

    @classmethod
    def of(cls, text: str) -> Asked:
        """Read the words of a text."""
        return cls(tuple(dict.fromkeys(tokens(text)))[:MOST_WORDS])

    def longer(self) -> Asked:
        """Return the same without short words, unless there are only such: they say little of what it is about."""
        return Asked(tuple(word for word in self.words if len(word) > 2) or self.words, self.parts)

    def match(self, way: str = "AND") -> str:
        """Return the question to the full text: all of the words (``AND``), or any of them (``OR``)."""
        last = len(self.words) - 1
        begun = [number == last or self.parts for number in range(len(self.words))]
        if last:  # beside others, a letter that so many words begin with says nothing
            begun = [b and len(word) > 1 for b, word in zip(begun, self.words, strict=True)]
        # A word as it is counts for more than one that only begins so.
        terms = [f'("{w}" OR "{w}"*)' if b else f'"{w}"' for w, b in zip(self.words, begun, strict=True)]
        return f" {way} ".join(terms)

    def has(self, word: str) -> bool:
        """Say whether a word of a text, folded, is one that was asked for."""
        return word in self.words or word.startswith(self.words if self.parts else self.words[-1:] or ("\0",))

    def found(self, text: str) -> set[str]:
        """Return the words of a text, folded, that were asked for."""
        return {word for word in tokens(text) if self.has(word)}


def marked(text: str, asked: Asked, *, whole: bool = False) -> tuple[Part, ...]:
    """Return a text around the words that were asked for, with these marked; ``whole`` or short, all of it.

    >>> marked("A trial of Stem Cells", Asked.of("stem cell"))
    (Part(text='A trial of ', marked=False), Part(text='Stem', marked=True), Part(text=' ', marked=False), \
Part(text='Cells', marked=True))
    """
    spans = [match.span() for match in WORD.finditer(text) if asked.has(fold(match[0]))]
    begin, end = (0, len(text)) if whole else _window(text, spans)
    parts, at = [Part("… ")] if begin else [], begin
    for first, last in spans:
        if first >= begin and last <= end:
            parts += [Part(text[at:first]), Part(text[first:last], marked=True)]
            at = last
    parts.append(Part(text[at:end] + (" …" if end < len(text) else "")))
    return tuple(part for part in parts if part.text)


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the stretch of a text that has most of what was found, cut between words."""
    if len(text) <= WINDOW + LEAD:
        return 0, len(text)
    starts = [first for first, _ in spans]
    best = max(starts, key=lambda s: (sum(s <= other < s + WINDOW - LEAD for other in starts), -s), default=0)
    begin = max(0, min(best - LEAD, len(text) - WINDOW))
    if begin:
        begin = text.find(" ", begin, best) + 1 or begin
    end = min(len(text), begin + WINDOW)
    if end < len(text):
        end = max(text.rfind(" ", best, end), max((last for _, last in spans if last <= end), default=0)) or end
    return begin, end


def meant(index: Index, text: str) -> str | None:
    """Return the text with the words that stand nowhere replaced by the nearest that do; None where there are none."""
    corrected: dict[str, str] = {}
    for spelled in WORD.findall(text)[:MOST_MEANT]:
        word = fold(spelled)
        unknown = spelled not in corrected and len(word) > 3 and not word.isdigit() and not _known(index, word)
        if unknown and (better := _nearest(index, word)) is not None:
            corrected[spelled] = better
    if not corrected:
        return None
    return WORD.sub(lambda match: corrected.get(match[0], match[0]), text)


def _known(index: Index, word: str) -> bool:
    sql = "SELECT 1 FROM word WHERE word >= ? AND word < ? LIMIT 1"
    return bool(index.rows(sql, (word, word + "\U0010ffff")))


def _nearest(index: Index, word: str) -> str | None:
    """Return the word that is one or two letters from this one, the commoner of two; it begins or ends as this one."""
    sql = (
        "SELECT word, spelled, things FROM word WHERE length(word) BETWEEN ? AND ?"
        " AND (substr(word, 1, 1) = ? OR substr(word, -3) = ?)"
    )
    allowed = 1 if len(word) < 8 else 2
    near = index.rows(sql, (len(word) - allowed, len(word) + allowed, word[0], word[-3:]))
    ranked = [(distance(word, other, allowed), -things, spelled) for other, spelled, things in near]
    found = [one for one in ranked if one[0] <= allowed]
    return min(found)[2] if found else None


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ: put in, left out, changed, or two that changed places; ``most + 1`` for more.

    >>> distance("holmoy", "homloy", 2), distance("trial", "trials", 2), distance("abc", "xyz", 2)
    (1, 1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, older[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def best(wordings: Collection[tuple[str, str, str]], asked: Asked, reader: str) -> tuple[str, str, str]:
    """Return the text of a thing that has most of what was asked for; of two, that in the reader's language.

    Args:
        wordings: field, text and language of each, in the order of their fields.
        asked: the words.
        reader: language of the interface.
    """
    return max(wordings, key=lambda w: (len(asked.found(w[1])), w[2] == reader))

"""The declared normalisation of source text, with the way back to the source.

Every quotation and every passage is compared after one normalisation, and no other:

1. Unicode NFC, a base character with its combining marks at a time;
2. dashes U+2010 to U+2015 and U+2212 folded to ``-``; soft hyphens (U+00AD) and zero-width characters dropped;
3. a hyphen at the end of a line joined with the next line: ``opp-⏎drag`` reads ``oppdrag``, while between digits
   (``165-⏎74``), or where the document elsewhere writes the two halves apart, the hyphen stays;
4. white space, line breaks included, folded to one space, none at either end;
5. what the layout put in between (page furniture, link markup) dropped, as told by the loader of the format.

Offsets count Unicode code points of the file decoded as UTF-8, 0-based, end exclusive
(Web Annotation Data Model §4.2.4 and §4.2.5, text position and text quote selectors).
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which an escape can spell and UTF-8 cannot."""
WORD = re.compile(r"[^\W_]+")
COMPOUNDING = frozenset(
    {
        *("related", "based", "specific", "associated", "induced", "dependent", "controlled", "blind", "blinded"),
        *("naive", "term", "remitting", "treated", "label", "reported", "matched", "adjusted", "resistant", "years"),
    }
)
"""English words that follow another with a hyphen (``treatment-related``), and without one only a prefix."""
PREFIXES = frozenset({"inter", "intra", "over", "under", "super", "hyper", "cross"})


@dataclass(frozen=True, order=True)
class Span:
    """Code points ``start`` (first) to ``end`` (exclusive) of a source text."""

    start: int
    end: int


@dataclass(frozen=True)
class Drop:
    """A span of the source that is not content: furniture of the page, or markup inside a line.

    ``splits`` says whether a quotation that runs over it falls into two selectors (page furniture)
    or is still one run of text (the brackets of a link).
    """

    span: Span
    splits: bool = True


@dataclass(frozen=True)
class Normalised:
    """A normalised text; ``starts`` and ``ends`` give the source offsets of each of its characters."""

    text: str
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)
    breaks: tuple[int, ...] = field(default=(), repr=False)
    """Indexes of characters before which the layout cuts the text."""

    def slice(self, begin: int, end: int) -> "Normalised":
        """Return the characters from ``begin`` to ``end`` (exclusive), still mapped to the source."""
        while begin < end and self.text[begin] == " ":
            begin += 1
        while end > begin and self.text[end - 1] == " ":
            end -= 1
        return Normalised(
            self.text[begin:end],
            self.starts[begin:end],
            self.ends[begin:end],
            tuple(i - begin for i in self._breaks_in(begin, end)),
        )

    def _breaks_in(self, begin: int, end: int) -> tuple[int, ...]:
        return self.breaks[bisect_right(self.breaks, begin) : bisect_left(self.breaks, end)]

    def spans(self, begin: int = 0, end: int | None = None) -> tuple[Span, ...]:
        """Return the source spans of the characters ``begin`` to ``end``, one for each piece that the layout leaves."""
        end = len(self.text) if end is None else end
        cuts = [begin, *self._breaks_in(begin, end), end]
        pieces: list[Span] = []
        for a, b in pairwise(cuts):
            # The space before a cut stands for what the layout put there: no part of the words.
            last = b - 1 if b == end or self.text[b - 1] != " " else b - 2
            if last >= a:
                pieces.append(Span(self.starts[a], self.ends[last]))
        return tuple(pieces)


def fold_dashes(text: str) -> str:
    """Return ``text`` with every dash of the declared normalisation written as a hyphen."""
    return text.translate(DASHES)


def squash(text: str) -> str:
    """Return a short text (a quotation typed by a person) in the declared normalisation."""
    return normalise(text).text


def hyphen_rule(raw: str) -> Callable[[str, str], bool]:
    """Return the rule that says of a line-end hyphen of ``raw`` whether it belongs to the word.

    It stays where the rest of the document writes the hyphenated form inside a line, or the two halves as two words,
    and never the joined form; also before words that English joins to no other.
    """
    flat = fold_dashes(unicodedata.normalize("NFC", raw)).casefold()
    joined = {w.group() for w in WORD.finditer(flat)}
    # From the beginning of a word only: from each letter of it, a word of 70,000 letters took minutes.
    compounds = set(re.findall(r"(?<![^\W_])[^\W_]+-[^\W_]+", flat))
    pairs = set(re.findall(r"(?=\b([^\W_]+ [^\W_]+)\b)", flat))

    def belongs(before: str, after: str) -> bool:
        a, b = before.casefold(), after.casefold()
        if a + b in joined:
            return False
        if (b in COMPOUNDING and len(a) > 3 and a not in PREFIXES) or (a == "meta" and b.startswith("analys")):
            return True
        return f"{a}-{b}" in compounds or f"{a} {b}" in pairs

    return belongs


def normalise(
    raw: str,
    start: int = 0,
    end: int | None = None,
    *,
    drop: Sequence[Drop] = (),
    keep_hyphen: Callable[[str, str], bool] | None = None,
) -> Normalised:
    """Normalise ``raw[start:end]``, leaving out ``drop``.

    ``keep_hyphen(before, after)`` decides about a hyphen at a line end between two words (see :func:`hyphen_rule`);
    without it such a hyphen is always joined. A hyphen beside a digit or before a capital after a small letter stays.
    """
    end = len(raw) if end is None else end
    chars: list[tuple[str, int, int]] = []
    cuts: set[int] = set()
    i = start
    drops = sorted((d for d in drop if d.span.end > start and d.span.start < end), key=lambda d: d.span.start)
    pending = iter(drops)
    nxt = next(pending, None)
    while i < end:
        if nxt is not None and i >= nxt.span.start:
            if nxt.splits:
                cuts.add(len(chars))
            i = max(i, nxt.span.end)
            nxt = next(pending, None)
            continue
        j = i + 1
        while j < end and unicodedata.combining(raw[j]):
            j += 1
        if raw[i] not in INVISIBLE:
            for c in unicodedata.normalize("NFC", raw[i:j]):
                chars.append((DASHES.get(ord(c), c), i, j))
        i = j
    return _fold_space(chars, cuts, keep_hyphen)


def is_blank(text: str) -> bool:
    """Say whether a text has nothing that is seen."""
    return all(c.isspace() or c in INVISIBLE for c in text)


def normalise_characters(characters: Sequence[tuple[str, int, int]]) -> Normalised:
    """Normalise characters that stand apart in their source, such as those between the tags of an XML file.

    Each has its first code point in the source and the one after its last; where two do not touch, the text is cut.
    A line break is white space only: no layout has broken words there.
    """
    chars: list[tuple[str, int, int]] = []
    cuts: set[int] = set()
    i = 0
    while i < len(characters):
        c, start, end = characters[i]
        if i and characters[i - 1][2] != start:
            cuts.add(len(chars))
        j = i + 1
        while j < len(characters) and unicodedata.combining(characters[j][0]) and characters[j][1] == end:
            c, end = c + characters[j][0], characters[j][2]
            j += 1
        if c[0].isspace():
            if not chars or chars[-1][0] != " ":
                chars.append((" ", start, end))
            elif chars[-1][2] == start:  # else the space is where the first one stands
                chars[-1] = (" ", chars[-1][1], end)
        elif c[0] not in INVISIBLE:
            chars += ((DASHES.get(ord(letter), letter), start, end) for letter in unicodedata.normalize("NFC", c))
        i = j
    return _fold_space(chars, cuts, None)


def _fold_space(
    chars: list[tuple[str, int, int]], cuts: set[int], keep_hyphen: Callable[[str, str], bool] | None
) -> Normalised:
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    cut = False
    k = 0
    while k < len(chars):
        c, a, b = chars[k]
        if k in cuts and text:
            cut = True
        if not c.isspace():
            if cut:
                breaks.append(len(text))
                cut = False
            text.append(c)
            starts.append(a)
            ends.append(b)
            k += 1
            continue
        stop = k
        while stop < len(chars) and chars[stop][0].isspace():
            cut = cut or (stop in cuts and bool(text))
            stop += 1
        if not text or stop == len(chars):
            k = stop
            continue
        newline = any(chars[n][0] in "\n\r\x0b\x0c\u2028\u2029" for n in range(k, stop))
        if newline and text[-1] == "-" and len(text) > 1 and not text[-2].isspace():
            following = "".join(c for c, _, _ in chars[stop : stop + 40])
            word = WORD.match(following)
            before = WORD.search("".join(text[-41:-1])[::-1])
            if word and before and text[-2].isalnum():
                left, right = before.group()[::-1], word.group()
                digits = text[-2].isdigit() or right[0].isdigit()
                if not (digits or (keep_hyphen is not None and keep_hyphen(left, right))):
                    for column in (text, starts, ends):
                        column.pop()
                k = stop
                continue
        text.append(" ")
        starts.append(chars[k][1])
        ends.append(chars[stop - 1][2])
        k = stop
    return Normalised("".join(text), tuple(starts), tuple(ends), tuple(breaks))

"""How a printed title differs from the one that a work has by its record.

Case, punctuation, dashes, mark-up, British and American spelling, a subtitle left out and a name written out beside
its abbreviation are no difference.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from html import unescape

from msevidence.loaders.identity.names import fold, share, topic

_TAG = re.compile(r"</?\w+[^<>]*>")
_WORD = re.compile(r"[^\W_]+")
_LAST_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*\.?\s*$")
_SPELLINGS = ((re.compile(r"ae|oe"), "e"), (re.compile(r"is(?=e|ing|ation)"), "iz"), (re.compile(r"our"), "or"))
_LEFT_OUT = "…"
_SHORT = 12
"""Letters that the beginning of a title must have to be told from that of another work."""
_LIKE = 0.7
"""Likeness of two spellings of one word (multipel, multippel: 0.94); autologous and allogeneic have 0.4."""
_LEAST = 4
"""Letters of a word from which it can be misspelt; II and III are two words."""
_SAME_WORK = 0.5
"""Share of the words about the subject from which two titles may be of one work."""


class Difference(IntEnum):
    """How much two titles differ, the least first."""

    NONE = 0
    SPELLING = 1
    """Words are spelt differently."""
    WORDS = 2
    """Words are others, left out or added."""
    SUBJECT = 3
    """They are titles of two works."""


@dataclass(frozen=True)
class Comparison:
    """What comparing a printed title with a recorded one showed."""

    difference: Difference
    record: str
    """The recorded title."""
    words: tuple[tuple[str, str], ...] = ()
    """Words in the printed and in the recorded title that stand against each other; one may be empty."""


def compare(printed: str, records: Iterable[str]) -> Comparison | None:
    """Compare a printed title with those that a work is recorded under; ``None`` where there is none.

    >>> compare("Behandling ved multipel sklerose", ["Behandling ved multippel sklerose"]).words
    (('multipel', 'multippel'),)
    """
    found = [_compare(printed, record) for record in records if record.strip()]
    return min(found, key=lambda c: (c.difference, len(c.words)), default=None)


def same_work(printed: str, records: Iterable[str]) -> bool:
    """Say whether a printed title can be that of a work recorded under these."""
    found = compare(printed, records)
    return found is not None and found.difference < Difference.SUBJECT


def _compare(printed: str, record: str) -> Comparison:
    one, other = _plain(printed), _plain(record)
    if title_letters(one) == title_letters(other) or _with_gap(one, other) or _begins(one, other):
        return Comparison(Difference.NONE, record)
    cut = _LAST_BRACKET.sub("", one), _LAST_BRACKET.sub("", other)
    if title_letters(cut[0]) == title_letters(cut[1]):
        return Comparison(Difference.NONE, record)
    words = _against(_WORD.findall(cut[0]), _WORD.findall(cut[1]))
    if not words:
        return Comparison(Difference.NONE, record)
    if all(_misspelt(a, b) for a, b in words):
        return Comparison(Difference.SPELLING, record, words)
    subject, theirs = topic(printed), topic(record)
    alike = min(share(subject, theirs) / max(len(subject), 1), share(theirs, subject) / max(len(theirs), 1))
    return Comparison(Difference.WORDS if alike >= _SAME_WORK else Difference.SUBJECT, record, words)


def _plain(title: str) -> str:
    return " ".join(_TAG.sub("", unescape(title)).replace("\u00ad", "").split())


def title_letters(text: str) -> str:
    """Return the letters and digits of a title, in one spelling: what equal titles have in common."""
    key = "".join(_WORD.findall(fold(text)))
    for spelling, one in _SPELLINGS:
        key = spelling.sub(one, key)
    return key


def _with_gap(one: str, other: str) -> bool:
    """Say whether one title is the other, with "…" for words that were left out."""
    for whole, cut in ((one, other), (other, one)):
        if _LEFT_OUT in cut or "..." in cut:
            parts = [re.escape(title_letters(part)) for part in re.split(r"…|\.\.\.", cut)]
            if len("".join(parts)) >= _SHORT and re.fullmatch(".*".join(parts), title_letters(whole)):
                return True
    return False


def _begins(one: str, other: str) -> bool:
    """Say whether one title is the other without its subtitle, or without its end."""
    short, long = sorted((one, other), key=len)
    if len(title_letters(short)) < _SHORT or not title_letters(long).startswith(title_letters(short)):
        return False
    # What is left out begins with a sign: a colon, a full stop, a bracket, a dash.
    letters = len(re.findall(r"[^\W_]", short))
    for number, match in enumerate(re.finditer(r"[^\W_]", long), 1):
        if number == letters:
            return re.match(r"\s*[:.?!(\[;–—-]", long[match.end() :]) is not None
    return False


def _against(one: list[str], other: list[str]) -> tuple[tuple[str, str], ...]:
    """Return the words of two titles that stand against each other."""
    first, second = [title_letters(w) for w in one], [title_letters(w) for w in other]
    found: list[tuple[str, str]] = []
    for change, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if change == "equal" or "".join(first[a:b]) == "".join(second[c:d]):
            continue
        names = {w for w in set(first) & set(second) if change != "replace"} | {*first[a:b][:1], *second[c:d][:1]}
        if any(_abbreviates(name, run) for name in names for run in (first[a:b], second[c:d])):
            continue
        if b - a == d - c:
            found += [(x, y) for x, y in zip(one[a:b], other[c:d], strict=True) if title_letters(x) != title_letters(y)]
        else:
            found.append((" ".join(one[a:b]), " ".join(other[c:d])))
    return tuple(found)


def _abbreviates(name: str, words: list[str]) -> bool:
    """Say whether a word can be the abbreviation of several: its letters are among their initials."""
    if min(len(name), len(words)) < 3 or len(name) < len(words) / 2:
        return False
    return not Counter(name) - Counter(word[0] for word in words)


def _misspelt(one: str, other: str) -> bool:
    a, b = title_letters(one), title_letters(other)
    if min(len(a), len(b)) < _LEAST or any(c.isdigit() for c in a + b):
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _LIKE

"""Text in the boxes of a drawing: wrapped by an estimate of its width, as SVG wraps nothing itself."""

from __future__ import annotations

import unicodedata

SIZE = 13.0
"""Pixels of the text of figures (``figures.css``)."""
_NARROW = frozenset("iljtfrI.,;:'’‘|!()[]/\\ -")
_WIDE = frozenset("mwMWæœÆŒ@%—…")


def width(text: str, size: float = SIZE) -> float:
    """Return about how many pixels a text takes, on the wide side of what system fonts do.

    >>> width("iii") < width("nnn") < width("mmm")
    True
    """
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.92
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.7 if character.isupper() else 0.6


def clean(text: str) -> str:
    """Return a text without what an XML file may not hold and what would turn the text around it.

    >>> clean("a\\x00b\\u202ec  d")
    'abc d'
    """
    kept = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn", "Co"))
    return " ".join(kept.split())


def wrap(text: str, room: float, size: float = SIZE, most: int = 12) -> list[str]:
    """Return a text in lines that fit; a word wider than a line is cut, and what is beyond the last line is "…".

    >>> wrap("Records after duplicates removed", 110)
    ['Records after', 'duplicates', 'removed']
    >>> wrap("a" * 30, 100, most=2)
    ['aaaaaaaaaaaa', 'aaaaaaaaaaa…']
    """
    lines: list[str] = []
    current = ""
    for word in _pieces(clean(text), room, size):
        longer = f"{current} {word}" if current else word
        if not current or width(longer, size) <= room:
            current = longer
        else:
            lines.append(current)
            current = word
    if current:
        lines.append(current)
    if len(lines) > most:
        last = lines[most - 1]
        return [*lines[: most - 1], (last if width(f"{last}…", size) <= room else last[:-1]) + "…"]
    return lines


def _pieces(text: str, room: float, size: float) -> list[str]:
    found = []
    for word in text.split():
        while width(word, size) > room and len(word) > 1:
            length = 1
            while width(word[: length + 1], size) <= room:
                length += 1
            found.append(word[:length])
            word = word[length:]
        found.append(word)
    return found

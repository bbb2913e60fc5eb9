"""The words of the cells and fields of a file, each character with its place in the file."""

from dataclasses import dataclass

from msevidence.loaders.addresses import E_MAIL
from msevidence.loaders.document import Place
from msevidence.loaders.text import Span, is_blank

Character = tuple[str, int, int]
"""A character of the words, the first code point of the file that stands for it, and the one after the last."""


@dataclass(frozen=True)
class Words:
    """The words of a cell or field; ``start`` is where it stands in the file, also where it is empty."""

    characters: tuple[Character, ...]
    start: int
    field: str | None = None
    """Name of the field for messages: ``tables.0.caption``."""
    private: tuple[Span, ...] = ()
    """Where an e-mail address stood: it is not published, so it is no part of the words."""

    @property
    def text(self) -> str:
        return "".join(c for c, _, _ in self.characters)

    @property
    def blank(self) -> bool:
        return is_blank(self.text)

    @property
    def flat(self) -> str:
        """Return the words on one line."""
        return " ".join(self.text.split())


def words_of(characters: list[Character], start: int, field: str | None = None) -> Words:
    """Return the words that some characters are, without e-mail addresses."""
    text = "".join(c for c, _, _ in characters)
    private: list[Span] = []
    for mail in reversed(list(E_MAIL.finditer(text)) if "@" in text else []):
        private.append(Span(characters[mail.start()][1], characters[mail.end() - 1][2]))
        characters = characters[: mail.start()] + characters[mail.end() :]
    return Words(tuple(characters), start, field, tuple(private))


def joined(*some: Words | None) -> Words | None:
    """Return words that stand apart as one line, in the order of the file; ``None`` where there are none."""
    parts = sorted((w for w in some if w is not None and not w.blank), key=lambda w: w.start)
    characters: list[Character] = []
    for part in parts:
        if characters:
            end = characters[-1][2]
            characters.append((" ", end, end + 1))
        characters += part.characters
    return Words(tuple(characters), parts[0].start, parts[0].field) if parts else None


@dataclass
class Grid:
    """A table while it is read: its label, the words of its cells, and the passages of those that were added."""

    label: str
    rows: list[list[Words]]
    """Row 0 is the header."""
    passages: list[list[tuple[int, ...]]]

    def words(self, row: int, column: int) -> Words | None:
        """Return the words of a cell, ``None`` of an empty one."""
        words = self.rows[row][column] if column < len(self.rows[row]) else None
        return None if words is None or words.blank else words

    def text(self, row: int, column: int) -> str:
        words = self.words(row, column)
        return words.flat if words else ""

    def place(self, row: int, column: int) -> Place:
        return Place(self.label, row, column)

"""Which stretch of a long table a page shows, and a file holds: that which ``?page=`` asks for.

A page shows some entries at a time. A file holds all of them where they are not too many; of more it holds those of the
page that is asked for, or nothing: it is never cut without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from msevidence.server import browse_limits, i18n
from msevidence.server.errors import BadRequest, NotFound, Words
from msevidence.server.page_number import page_number

FIRST = "first"
"""What the address of a file says that is to hold the first entries only."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a longer table."""

    number: int
    """Of the page, from 1."""
    start: int
    """Entries before it."""
    size: int
    """Entries that it has room for."""
    total: int
    """Entries of the whole table."""
    most: int
    """Entries up to which a file holds all of them."""

    @property
    def first(self) -> int:
        """The number of its first entry."""
        return self.start + 1

    @property
    def last(self) -> int:
        """The number of its last entry."""
        return min(self.start + self.size, self.total)

    @property
    def more(self) -> bool:
        """Whether there are entries after it."""
        return self.last < self.total

    @property
    def of_files(self) -> Mapping[str, str]:
        """What the address of a file says, where one can not hold all there is: the number of the page."""
        return {} if self.total <= self.most else {"page": str(self.number)}

    @property
    def whole(self) -> bool:
        """Whether it is all there is."""
        return self.total <= self.size


def stretch(total: int, format: str, size: int, most: int) -> Stretch:
    """Return the stretch that the address asks for.

    Args:
        total: entries of the table.
        format: of the answer.
        size: entries of a page.
        most: entries up to which a file holds all of them.

    Raises:
        BadRequest: ``?page=`` is no number of a page.
        NotFound: there is no such page.
        ResultTooLarge: a file can not hold all of them, and the address asks for no part.
    """
    if format != "html" and "page" not in request.args:
        if total > most:
            raise browse_limits.too_long(total, most, size)
        return Stretch(1, 0, most, total, most)
    number = page_number()
    start = (number - 1) * size
    if start and start >= total:
        said = f"There is no page {number}: the list has {total} entries, {size} a page."
        raise NotFound(Words(said, f"Side {number} finnes ikke: listen har {total} oppføringer, {size} per side."))
    return Stretch(number, start, size, total, most)


def note(part: Stretch, name: str, language: str) -> str:
    """Say which entries a table is limited to, and how the others are had; empty where it has all of them.

    Args:
        part: what is shown.
        name: of the sentence in the translations.
        language: the reader's.
    """
    if part.whole:
        return ""
    figures = {key: i18n.number(getattr(part, key), language) for key in ("first", "last", "total")}
    return i18n.text(name, language, **figures)


def first_only(most: int) -> bool:
    """Tell whether the address asks for no more than the first entries, as a page shows them of too many.

    Args:
        most: entries that it can have.

    Raises:
        BadRequest: ``?first=`` is another number.
    """
    asked = request.args.get(FIRST, "")
    if asked and asked != str(most):
        said = f"{FIRST} is {most} here: of more entries, a file holds the first {most} where it is told to."
        nb = f"{FIRST} er {most} her: av flere oppføringer har en fil de første {most}, når den blir bedt om det."
        raise BadRequest(Words(said, nb))
    return bool(asked)

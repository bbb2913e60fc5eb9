"""Filters that are links: each choice with the number of things it leaves, those chosen removable.

The address says all that is chosen, so that it is a permalink. A filter has one choice at a time; choices of several
filters hold together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from flask import request, url_for

from msevidence.server.errors import BadRequest, Words
from msevidence.server.labels import Text

Item = TypeVar("Item")
NONE = "not-stated"
"""Value of what states none; it comes last."""
LONGEST = 100
"""Letters of a value of an address that are looked at."""
TOLD = 40
"""Values that an error names."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter."""

    value: str
    text: Text
    count: int
    href: str
    """The page with it chosen, or, where it is chosen, without it."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter(Generic[Item]):
    """A property that things are chosen by."""

    key: str
    """Its name in the address."""
    heading: str
    values: Callable[[Item], Collection[str]]
    """The values of a thing, as the address has them."""
    name: Callable[[str], Text]
    """What a value is called."""
    order: Sequence[str] = ()
    """Values in the order to show; others come after them, by name."""
    known: Callable[[str], bool] = lambda value: False
    """Whether a value that none of the things has is one nonetheless: the choice is empty, the address no mistake."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A filter as the page shows it."""

    key: str
    heading: str
    options: Sequence[Option]


def chosen(filters: Sequence[Filter[Item]], items: Sequence[Item]) -> dict[str, str]:
    """Return what the address chooses, by filter.

    Args:
        filters: of the page.
        items: all things, before any is left out.

    Raises:
        BadRequest: a value is none of its filter's; a misspelt one would look like *nothing fits*.
    """
    found = {}
    for one in filters:
        value = request.args.get(one.key, "").strip()
        if not value:
            continue
        there = list(dict.fromkeys([*one.order, *sorted({v for item in items for v in one.values(item)}), NONE]))
        if value not in there and not (len(value) <= LONGEST and one.known(value)):
            raise no_such_value(one.key, value, there)
        found[one.key] = value
    return found


def no_such_value(key: str, value: str, there: Sequence[str]) -> BadRequest:
    """Return the error that says which values a filter has; of many, the first TOLD."""
    shown = ", ".join(there[:TOLD]) or "-"
    more = len(there) - TOLD
    en, nb = (f" and {more} more", f" og {more} til") if more > 0 else ("", "")
    return BadRequest(
        Words(
            f"{key}={value[:LONGEST]!r}: there is no such value; there are: {shown}{en}.",
            f"{key}={value[:LONGEST]!r}: verdien finnes ikke, bare: {shown}{nb}.",
        )
    )


def kept(items: Sequence[Item], filters: Sequence[Filter[Item]], chosen: Mapping[str, str]) -> list[Item]:
    """Return the things that have every chosen value."""
    return [item for item in items if all(chosen[f.key] in f.values(item) for f in filters if f.key in chosen)]


def shown(
    items: Sequence[Item], filters: Sequence[Filter[Item]], chosen: Mapping[str, str], **others: str
) -> list[Shown]:
    """Return the filters with their choices.

    Args:
        items: all things, before any is left out.
        filters: of the page.
        chosen: what the address chooses.
        others: further parameters that links keep, such as the order.
    """
    found = []
    for one in filters:
        rest = {key: value for key, value in chosen.items() if key != one.key}
        left = kept(items, filters, rest)
        counts: dict[str, int] = {}
        for item in items:
            for value in one.values(item):
                counts.setdefault(value, 0)
        for item in left:
            for value in set(one.values(item)):
                counts[value] += 1
        now = chosen.get(one.key)
        if now is not None:
            counts.setdefault(now, 0)
        names = {value: one.name(value) for value in counts}
        place = {value: n for n, value in enumerate(one.order)}
        ordered = sorted(counts, key=lambda v: (v == NONE, place.get(v, len(place)), names[v].text.casefold(), v))
        options = [
            Option(v, names[v], counts[v], address(rest if v == now else {**rest, one.key: v}, others), v == now)
            for v in ordered
            if counts[v] or v == now
        ]
        if options:
            found.append(Shown(one.key, one.heading, options))
    return found


def address(chosen: Mapping[str, str], others: Mapping[str, str]) -> str:
    """Return the address of this page with these choices, and the other parameters that it keeps."""
    return url_for(request.endpoint or "", **cast(dict[str, Any], {**others, **chosen}))

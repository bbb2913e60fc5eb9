"""Which of many tellings of one thing are compared with each other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
NEXT = 8
"""Tellings that each is compared with: those that come next. What a thousand documents tell would else be compared half
a million times, and each of them have a finding for each other one."""


def _nothing(_: object) -> Iterable[str]:
    return ()


def neighbours(tellings: Sequence[T], says: Callable[[T], Iterable[str]] = _nothing) -> Iterator[tuple[T, T]]:
    """Yield the pairs of tellings that are compared, in their order: all pairs of up to nine.

    Of more, each is compared with those that come next, and with those that come next of what says the same kind of
    thing: between two that contradict each other, there may be many that do not speak of it.

    Args:
        tellings: in their order.
        says: of what kinds a telling says something.

    >>> list(neighbours("abc"))
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    >>> ("A", "B") in neighbours("A..........B", lambda one: ["letter"] if one.isalpha() else [])
    True
    """
    groups: dict[str, list[int]] = {"": list(range(len(tellings)))}
    for place, telling in enumerate(tellings):
        for kind in dict.fromkeys(says(telling)):
            groups.setdefault(kind, []).append(place)
    pairs = {
        (one, other)
        for places in groups.values()
        for at, one in enumerate(places)
        for other in places[at + 1 : at + 1 + NEXT]
    }
    for one, other in sorted(pairs):
        yield tellings[one], tellings[other]

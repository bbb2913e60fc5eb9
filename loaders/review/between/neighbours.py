"""Which of many tellings of one thing are compared with each other."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
NEXT = 8
"""Tellings that each is compared with: those that come next. What a thousand documents tell would else be compared half
a million times, and each of them have a finding for each other one."""


def neighbours(tellings: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Yield the pairs of tellings that are compared, in their order: all pairs of up to nine.

    >>> list(neighbours("abc"))
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    """
    for place, one in enumerate(tellings):
        for other in tellings[place + 1 : place + 1 + NEXT]:
            yield one, other

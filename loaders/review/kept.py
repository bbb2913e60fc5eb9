"""What rules work out of a document or a view for one another: kept with it, and gone with it.

A cache beside them would hold them as long as the process lives, and with them all that was stated: gigabytes in a
large build.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast


class Keeper(Protocol):
    """A document, a view, or its things."""

    kept: dict[object, Any]


K = TypeVar("K", bound=Keeper)
T = TypeVar("T")


def kept(work_out: Callable[[K], T]) -> Callable[[K], T]:
    """Have something worked out once of each document, view or things that it is asked of."""

    @wraps(work_out)
    def known(of: K) -> T:
        if work_out not in of.kept:
            of.kept[work_out] = work_out(of)
        return cast(T, of.kept[work_out])

    return known

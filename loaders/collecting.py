"""Python's collector of circles, kept from going again and again through what a build holds.

It looks at everything that lives on whenever a quarter more does, each statement of each graph included, and a build
holds all that it states to the end. What has been looked at once is left alone; circles among what is new, as an
article that was read leaves them, are freed all the same.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def looking_once() -> Iterator[None]:
    """Have the collector look at what lives on once only, until the block ends."""
    gc.callbacks.append(_set_aside)
    try:
        yield
    finally:
        gc.callbacks.remove(_set_aside)
        gc.unfreeze()


def _set_aside(phase: str, told: dict[str, int]) -> None:
    if phase == "stop" and told["generation"] == 2:
        gc.freeze()

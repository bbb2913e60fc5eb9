"""Work of which there is one at a time, and few wait for it: what takes seconds, and no deadline of a worker ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from msevidence.server.errors import Unavailable, Words

PATIENCE = 20.0
"""Seconds for which somebody waits for the one before."""
WAITING = 4
"""Who may be there, the one whose turn it is among them: each holds one of Flask's threads."""
BUSY = 10


class Turns:
    """The turn to do one kind of work; whoever has it may take it again.

    Args:
        said: what is told to those who are too many.
    """

    def __init__(self, said: Words) -> None:
        self._said = said
        self._one = threading.RLock()
        self._there = threading.BoundedSemaphore(WAITING)
        self._held = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn while the block runs.

        Raises:
            errors.Unavailable: too many wait, or the one before takes longer than :data:`PATIENCE`.
        """
        if getattr(self._held, "now", False):
            yield
            return
        if not self._there.acquire(blocking=False):
            raise Unavailable(self._said, BUSY)
        try:
            if not self._one.acquire(timeout=PATIENCE):
                raise Unavailable(self._said, BUSY)
            self._held.now = True
            try:
                yield
            finally:
                self._held.now = False
                self._one.release()
        finally:
            self._there.release()

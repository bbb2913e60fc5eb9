"""Bodies that are made while they are sent: so many of them at a time, and few at the same moment.

A client may be as slow as it likes, so nobody holds a lock while a client reads: what is held between two steps is a
place, and who has had one for long, or has several, gives it up where others find none.
"""

from __future__ import annotations

import logging
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from weakref import WeakSet

from msevidence.server.errors import Unavailable, Words

LOG = logging.getLogger(__name__)
BUSY = 10
"""Seconds after which who found no place may ask again."""
ENOUGH = 300.0
"""Seconds after which a place is given up to another: patches of 890 MiB were made in six."""
STEP = 1 << 17
"""Bytes that are made at a time: a step is for a thread, and begins and ends with a look at the client."""
CUT_OFF = Words("The answer was cut off for another's.", "Svaret ble avbrutt til fordel for et annet.")
GZIP_LEVEL, GZIP_CONTAINER = 5, 31


class Places:
    """Where bodies of one kind are made.

    Args:
        said: what is told to those who find no place.
        most: bodies that are being made, or wait for their readers.
        steps: of them, how many are worked on at the same moment.
        give_up: whether a body that was begun may be cut off, so that another one is made.
    """

    def __init__(self, said: Words, most: int, *, steps: int, give_up: bool) -> None:
        self.steps = threading.BoundedSemaphore(steps)
        self._said, self._most, self._give_up = said, most, give_up
        self._lock = threading.Lock()
        self._held: WeakSet[Made] = WeakSet()
        """Those that have a place: one that is dropped without being closed has it no more."""

    def take(self, client: str, begin: Callable[[], Iterator[bytes]]) -> Made:
        """Return a body that has a place until it is read to its end or closed.

        Args:
            client: for whom (``admission.network_of``).
            begin: returns the pieces, of which an empty one says that more will come.

        Raises:
            errors.Unavailable: there is no place.
            Exception: what ``begin`` raises.
        """
        made = Made(self, client)
        with self._lock:
            if len(self._held) >= self._most and not self._make_room(client):
                raise Unavailable(self._said, BUSY)
            self._held.add(made)
        try:
            with self.steps:
                made.pieces = begin()
        except BaseException:
            made.close()
            raise
        return made

    def leave(self, made: Made) -> None:
        """Take a place back; a body may leave more than once."""
        with self._lock:
            self._held.discard(made)

    def taken(self) -> int:
        """Return how many places are taken."""
        with self._lock:
            return len(self._held)

    def _make_room(self, client: str) -> bool:
        """Have one give up its place: of a client with two more than this one's, or who has had it for long."""
        if not self._give_up:
            return False
        there = sorted(self._held, key=lambda made: made.since)
        if len(there) < self._most:  # one was dropped just now
            return True
        of = Counter(made.client for made in there)
        out = max(there, key=lambda made: of[made.client])
        if of[out.client] <= of[client] + 1:
            out = there[0]
            if time.monotonic() - out.since <= ENOUGH:
                return False
        out.given_up = True
        self._held.discard(out)
        LOG.info("a body is cut off, %.0f s after its beginning, for another", time.monotonic() - out.since)
        return True


class Made(Iterator[bytes]):
    """A body in the making; read by one thread at a time, whichever."""

    def __init__(self, places: Places, client: str) -> None:
        self.client, self.since = client, time.monotonic()
        self.pieces: Iterator[bytes] = iter(())
        self.given_up = False
        """Its place is another's."""
        self._places = places

    def __next__(self) -> bytes:
        """Return the next piece.

        Raises:
            errors.Unavailable: the place was given up.
        """
        try:
            with self._places.steps:
                if self.given_up:
                    raise Unavailable(CUT_OFF, BUSY)
                return next(self.pieces)
        except BaseException:  # the end is one
            self.close()
            raise

    def close(self) -> None:
        """Give the place back, and close what is open."""
        self._places.leave(self)
        close: Callable[[], None] | None = getattr(self.pieces, "close", None)
        if close is not None:
            with suppress(ValueError):  # a step of it is under way, while the server stops
                close()


def gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines put together; where an empty one says that more will come, what there is until then."""
    parts: list[bytes] = []
    size = 0
    for line in lines:
        parts.append(line)
        size += len(line)
        if not line or size >= STEP:
            yield b"".join(parts)
            parts.clear()
            size = 0
    if parts:
        yield b"".join(parts)


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces in gzip's coding; an empty one stays empty."""
    packer = zlib.compressobj(GZIP_LEVEL, wbits=GZIP_CONTAINER)
    for piece in pieces:
        if (chunk := packer.compress(piece)) or not piece:
            yield chunk
    yield packer.flush()

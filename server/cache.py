"""Finished answers in memory, by entity tag: a tag names the release, so nothing here is ever out of date."""

from __future__ import annotations

import threading
from collections import OrderedDict

OVERHEAD = 400
"""Bytes that an entry takes beside its body: the tag, and its place in the table."""


class Cache:
    """The answers used last, up to a number of bytes; thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tag: str) -> bytes | None:
        """Return the body of this tag, if it is kept."""
        with self._lock:
            body = self._bodies.get(tag)
            if body is not None:
                self._bodies.move_to_end(tag)
            return body

    def put(self, tag: str, body: bytes) -> None:
        """Keep a body, and drop those not used for longest; one over an eighth of the limit is not kept."""
        if len(body) + OVERHEAD > self._limit // 8:
            return
        with self._lock:
            self._drop(tag)
            self._bodies[tag] = body
            self._size += len(body) + OVERHEAD
            while self._size > self._limit:
                self._drop(next(iter(self._bodies)))

    def _drop(self, tag: str) -> None:
        body = self._bodies.pop(tag, None)
        if body is not None:
            self._size -= len(body) + OVERHEAD

"""Finished answers in memory, by entity tag: a tag names the release, so nothing here is ever out of date."""

from __future__ import annotations

import threading
from collections import OrderedDict


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
        if len(body) > self._limit // 8:
            return
        with self._lock:
            self._size += len(body) - len(self._bodies.pop(tag, b""))
            self._bodies[tag] = body
            while self._size > self._limit:
                self._size -= len(self._bodies.popitem(last=False)[1])

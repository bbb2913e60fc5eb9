"""Whole responses in memory, in front of everything: the same bytes asked of the same release get the same answer.

The key is the request, byte for byte, as it came (method, target, every header, body), so nothing that an answer may
depend on can be left out of it: query, graphs, format, coding, language, host. An entry holds for one published
release: for one content of the link `current` and one manifest file behind it. Whoever looks finds out what is
published at that moment, and finds nothing where that is not what the answer came from.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple, TypeAlias

LONGEST = 16 * 1024
"""Bytes of a request that is looked for: a browser's headers and a query of some length."""
OVERHEAD = 400
"""Bytes that an entry takes beside its request and answer."""

Key: TypeAlias = tuple[bool, bytes]
"""Whether the connection is the trusted proxy's, whose headers are believed, and the request."""


class Published(NamedTuple):
    """What is published at one moment."""

    link: str
    inode: int
    modified: int


class Response(NamedTuple):
    """An answer: its header up to the `Date` and from there on, and its body; and what was published."""

    published: Published
    head: bytes
    rest: bytes
    body: bytes
    status: int


class Kept:
    """The responses used last, up to a number of bytes. For one thread.

    Args:
        home: folder with the link `current`.
        limit: bytes, requests and responses together; 0: keep none.
    """

    def __init__(self, home: Path, limit: int) -> None:
        self._home, self._current = str(home), str(home / "current")
        self._limit, self._size = limit, 0
        self._responses: OrderedDict[Key, Response] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._size

    def published(self) -> Published | None:
        """Return what is published now; None where that can not be told."""
        try:
            # A Path would cost ten times as much.
            link = os.readlink(self._current)  # noqa: PTH115
            manifest = os.stat(f"{self._home}/{link}/manifest.json")  # noqa: PTH116
        except OSError:
            return None
        return Published(link, manifest.st_ino, manifest.st_mtime_ns)

    def get(self, key: Key) -> Response | None:
        """Return the response to a request from the release that is published now, if it is kept."""
        found = self._responses.get(key)
        if found is None:
            return None
        if found.published != self.published():
            self._drop(key)
            return None
        self._responses.move_to_end(key)
        return found

    def put(self, key: Key, response: Response) -> None:
        """Keep a response of the release that was published when its request came.

        One over an eighth of the limit is not kept; those not used for longest are dropped.
        """
        size = _size(key, response)
        if size > self._limit // 8:
            return
        self._drop(key)
        self._responses[key] = response
        self._size += size
        while self._size > self._limit:
            self._drop(next(iter(self._responses)))

    def _drop(self, key: Key) -> None:
        found = self._responses.pop(key, None)
        if found is not None:
            self._size -= _size(key, found)


def _size(key: Key, response: Response) -> int:
    return len(key[1]) + len(response.head) + len(response.rest) + len(response.body) + OVERHEAD

"""Files that were found to be as they were written, for a while: a disk may turn a byte of them at any time.

A file is looked at again when the system says that it was changed, and after some minutes in any case, since a disk
that turns a byte says nothing.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from msevidence.server.errors import DamagedStore

LOG = logging.getLogger(__name__)
Key: TypeAlias = tuple[str, str]
Stamp: TypeAlias = tuple[int, ...]
CHECKED_FOR = 600.0
"""Seconds that a finding holds: hashing takes about a second a gigabyte, and a stranger may ask at any rate."""
FILES = 256
"""Findings that are kept."""
AT_ONCE = 16
"""Locks for files that are looked at for the first time: whoever asks for the same waits for the one finding, and
sometimes for that of another, with which it shares a lock."""


class Whole:
    """What is known of files; thread-safe."""

    def __init__(self) -> None:
        self._found: OrderedDict[Key, tuple[Stamp, float, str | None]] = OrderedDict()
        self._looking: set[Key] = set()
        self._lock = threading.Lock()
        self._first = [threading.Lock() for _ in range(AT_ONCE)]

    def fault(self, path: Path, written: str, find: Callable[[], str | None], *, anew: bool = False) -> str | None:
        """Return what is wrong with a file, None where it is as it was written.

        A finding that has become old is what is returned a last time, while the file is looked at aside: nobody's
        request waits for gigabytes that were as written before.

        Args:
            path: the file.
            written: what says how it was written, such as its hash.
            find: looks at the file and returns what is wrong with it.
            anew: look at it now, whatever is known.

        Raises:
            OSError: it is not there.
        """
        held = path.stat()
        stamp = (held.st_ino, held.st_size, held.st_mtime_ns, held.st_ctime_ns)
        key = (str(path), written)
        with self._lock:
            known = self._found.get(key)
        if anew:
            return self._look(key, stamp, find)
        if known is None or known[0] != stamp:
            with self._first[hash(key) % AT_ONCE]:
                with self._lock:
                    known = self._found.get(key)
                return known[2] if known is not None and known[0] == stamp else self._look(key, stamp, find)
        if known[1] < time.monotonic():
            self._look_aside(key, stamp, find)
        return known[2]

    def _look(self, key: Key, stamp: Stamp, find: Callable[[], str | None]) -> str | None:
        said = find()
        with self._lock:
            self._found[key] = (stamp, time.monotonic() + CHECKED_FOR, said)
            self._found.move_to_end(key)
            while len(self._found) > FILES:
                self._found.popitem(last=False)
        return said

    def _look_aside(self, key: Key, stamp: Stamp, find: Callable[[], str | None]) -> None:
        with self._lock:
            if key in self._looking:
                return
            self._looking.add(key)

        def look() -> None:
            try:
                self._look(key, stamp, find)
            finally:
                with self._lock:
                    self._looking.discard(key)

        threading.Thread(target=look, name="look-again", daemon=True).start()


INDEXES = Whole()
"""The indexes of releases: looked at when a release begins to be served, and by whoever reads one."""
_FILES = Whole()


def require_whole(path: Path, sha256: str) -> Path:
    """Return a file's place, unless a disk has changed it: whoever takes what is in it would not compare its hash.

    Raises:
        DamagedStore: it is not as it was written, or not there.
    """

    def find() -> str | None:
        with path.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        return None if found == sha256 else f"has SHA-256 {found}; {sha256} was written"

    try:
        fault = _FILES.fault(path, sha256, find)
    except OSError as error:
        fault = str(error)
    if fault is not None:
        LOG.error("%s: %s; check the disk, and take the release from a copy", path, fault)
        raise DamagedStore
    return path

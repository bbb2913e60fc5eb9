"""Files that were found to be as they were written, for a while: a disk may turn a byte of them at any time.

A file is looked at again when the system says that it was changed, and after some minutes in any case, since a disk
that turns a byte says nothing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

CHECKED_FOR = 600.0
"""Seconds that a finding holds: hashing takes about a second a gigabyte, and a stranger may ask at any rate."""
FILES = 256
"""Findings that are kept."""


class Whole:
    """What is known of files; thread-safe."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, str], tuple[tuple[int, ...], float, str | None]] = OrderedDict()
        self._lock = threading.Lock()

    def fault(self, path: Path, written: str, find: Callable[[], str | None]) -> str | None:
        """Return what is wrong with a file, None where it is as it was written.

        Args:
            path: the file.
            written: what says how it was written, such as its hash.
            find: looks at the file and returns what is wrong with it.

        Raises:
            OSError: it is not there.
        """
        held = path.stat()
        stamp = (held.st_ino, held.st_size, held.st_mtime_ns, held.st_ctime_ns)
        key, now = (str(path), written), time.monotonic()
        with self._lock:
            known = self._found.get(key)
        if known is not None and known[0] == stamp and known[1] > now:
            return known[2]
        said = find()
        with self._lock:
            self._found[key] = (stamp, now + CHECKED_FOR, said)
            self._found.move_to_end(key)
            while len(self._found) > FILES:
                self._found.popitem(last=False)
        return said

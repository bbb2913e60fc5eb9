"""Loading a store while what goes into it is still being written: its own threads take lines as they are made.

The engine lets go of Python while it loads, so that the process that sorts and writes the lines goes on beside it.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release_errors import ReleaseError, engine_faults
from msevidence.loaders.release_read_back import Fingerprint, fingerprint
from msevidence.loaders.release_sorting import blocks

LOADED_BYTES = 8 * 2**20
"""Bytes of N-Quads loaded at a time, some 35,000 quads. In one go the engine's loader holds 1.4 GB for 1.5 million."""
AT_ONCE = 2
"""Such pieces that are loaded at the same time, one a core; one more is held and waits."""


class Loading:
    """A store that is being loaded."""

    def __init__(self, store: ox.Store, path: Path) -> None:
        self._store: ox.Store | None = store
        self._path = path
        self._threads = ThreadPoolExecutor(AT_ONCE)
        self._under_way: deque[Future[None]] = deque()
        self._held: list[bytes] = []
        self._bytes = 0

    def add(self, lines: bytes) -> None:
        """Take in whole lines of N-Quads; waits where loading is behind.

        Raises ReleaseError where a line taken in before is no quad.
        """
        self._held.append(lines)
        self._bytes += len(lines)
        if self._bytes >= LOADED_BYTES:
            self._load()

    def finish(self) -> ox.Store:
        """Return the store when all is loaded, which nothing here holds any more; raises as :meth:`add`."""
        self._load()
        while self._under_way:
            self._wait()
        assert self._store is not None
        store = self._store
        self.close()
        return store

    def close(self) -> None:
        """End the threads and let the store go; what waits is not loaded any more."""
        self._threads.shutdown(cancel_futures=True)
        self._store = None

    def _load(self) -> None:
        while len(self._under_way) > AT_ONCE:
            self._wait()
        self._under_way.append(self._threads.submit(self._loaded, b"".join(self._held)))
        self._held, self._bytes = [], 0

    def _loaded(self, lines: bytes) -> None:
        assert self._store is not None
        with engine_faults(self._path):
            self._store.bulk_load(input=lines, format=ox.RdfFormat.N_QUADS)

    def _wait(self) -> None:
        try:
            self._under_way.popleft().result()
        except SyntaxError as e:
            raise ReleaseError(f"{self._path}: a statement is no quad ({e}); mend the source that states it") from e


@contextmanager
def loading(store: ox.Store, path: Path) -> Iterator[Loading]:
    """Have ``store``, which is at ``path``, loaded with strict N-Quads."""
    one = Loading(store, path)
    try:
        yield one
    finally:
        one.close()


def load(store: ox.Store, quads: Path) -> Fingerprint:
    """Load a file of N-Quads, strictly; return the fingerprint of its lines.

    Raises ReleaseError where a line is no quad.
    """
    found = Fingerprint()
    with loading(store, quads) as one:
        for lines in blocks(quads):
            found += fingerprint(lines)
            one.add(b"".join(lines))
        one.finish()
    return found

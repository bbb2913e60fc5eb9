"""The index of a release as the server reads it: labels, facets, full text, without a query to the engine.

The file is never written to (``loaders/release_index.py`` made it), so it is opened as immutable: SQLite takes no lock
and looks for no journal. One connection serves all threads of the process in turn; a look-up takes microseconds.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import g, has_app_context

from msevidence.loaders.release_index import index_fault, read
from msevidence.ontology.naming import Text
from msevidence.server.errors import DamagedStore, SearchTimedOut, Unavailable
from msevidence.server.releases import Release
from msevidence.server.whole import INDEXES

LOG = logging.getLogger(__name__)

Row = tuple[Any, ...]
STATEMENT, REQUEST = 1.0, 3.0
"""Seconds that one statement may run, and all of a request: the others wait for their turn meanwhile. On the real graph
a search took 0.23 s at most. Of a command, which is one person's, nothing is ended."""
STEPS = 20_000
"""Of SQLite's machine, after which it looks at the time: some milliseconds."""


def _spent() -> float:
    """Return the seconds that statements of this request have run."""
    return float(g.get("index_seconds", 0.0))


def _spend(seconds: float) -> None:
    if has_app_context():
        g.index_seconds = _spent() + seconds


class Index:
    """One release's index. It is closed when the last request that holds it has ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = read(path)
        self._turn = threading.Lock()
        self._until = 0.0
        self._connection.set_progress_handler(lambda: time.monotonic() > self._until, STEPS)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows of a statement, whose text is fixed in the program, with values bound to it.

        Raises:
            errors.SearchTimedOut: it ran for too long, or those of this request did together.
            errors.DamagedStore: the file is not as it was written.
        """
        try:
            with self._turn:
                begun = time.monotonic()
                self._until = begun + (min(STATEMENT, REQUEST - _spent()) if has_app_context() else math.inf)
                try:
                    return self._connection.execute(sql, values).fetchall()
                finally:
                    _spend(time.monotonic() - begun)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "interrupted" in str(error):
                raise SearchTimedOut from error
            if type(error) is not sqlite3.DatabaseError:  # those below it are of statements; this one is of the file
                raise
            LOG.error("%s: can not be read: %s", self._path, error)
            raise DamagedStore from error

    def label(self, iri: str, reader: str) -> Text | None:
        """Return what a thing is called for a reader of this language; None for an IRI that the graph has nowhere."""
        rows = self.rows("SELECT text, language FROM label WHERE iri = ? AND reader = ?", (iri, reader))
        return Text(*rows[0]) if rows else None

    def __del__(self) -> None:
        if hasattr(self, "_connection"):
            self._connection.close()


def index(release: Release) -> Index:
    """Return the index of a release, opened once.

    Raises:
        Unavailable: its file is gone: two newer releases came while this one's last request was under way.
        DamagedStore: a byte of it has turned, which SQLite would not notice.
    """
    try:
        if fault := INDEXES.fault(release.index, release.id, lambda: index_fault(release.path)):
            LOG.error("%s: %s", release.path, fault)
            raise DamagedStore
        stamp = release.index.stat()
        return _opened(release.index, stamp.st_ino, stamp.st_mtime_ns)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"the index of release {release.id[:12]} can not be read ({error})", 1) from error


@lru_cache(maxsize=2)
def _opened(path: Path, inode: int, modified: int) -> Index:
    """Open an index once: the current release's, and the one before, which workers may still be answering from."""
    return Index(path)

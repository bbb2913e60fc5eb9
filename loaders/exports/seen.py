"""What has been read of a source, record by record, so that what stands there twice is found: on disk, memory is flat.

A table of SQLite in the folder of the outcome, without a journal: nobody needs it when the conversion is done or dead.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAME = "seen.sqlite"
CACHE = 16 * 1024
"""Kibibytes of the table that are held in memory: those of some 100,000 records; beyond, it goes to the disk."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What has been read of one record: the hash of its content, its own date, and where it stands."""

    content: str
    updated: str
    place: str
    file: str
    """The file of an archive or folder that it stands in."""


class Seen:
    """The records read so far, by name.

    Raises OSError, here and in its methods, where the table cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        with self._disk():
            self._table = sqlite3.connect(self._path, isolation_level=None)
            for setting in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
                self._table.execute(f"PRAGMA {setting}")
            self._table.execute(f"PRAGMA cache_size = -{CACHE}")
            self._table.execute("CREATE TABLE seen (name TEXT, content TEXT, updated TEXT, place TEXT, file TEXT)")
            self._table.execute("CREATE INDEX by_name ON seen (name)")
            self._table.execute("BEGIN")  # one transaction: pages are written when there is no room, and not before

    def of(self, name: str) -> list[Sighting]:
        """Return what has been read under a name, in the order of reading."""
        with self._disk():
            rows = self._table.execute(
                "SELECT content, updated, place, file FROM seen WHERE name = ? ORDER BY rowid", (name,)
            )
            return [Sighting(*row) for row in rows]

    def add(self, name: str, sighting: Sighting) -> None:
        """Take note of a record."""
        row = (name, sighting.content, sighting.updated, sighting.place, sighting.file)
        with self._disk():
            self._table.execute("INSERT INTO seen VALUES (?, ?, ?, ?, ?)", row)

    def close(self) -> None:
        """Remove the table."""
        self._table.close()
        self._path.unlink(missing_ok=True)

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as e:
            raise OSError(errno.ENOSPC, str(e), str(self._path)) from e

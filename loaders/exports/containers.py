"""Files, folders, ``.gz`` and ``.zip``: the single files in them, each as a stream of bytes, none written to disk.

Names inside an archive are for messages only, so one with ``../`` leads nowhere. Sizes are bounded, because a small
archive can hold more than any disk (zip bombs).
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from msevidence.loaders.exports.faults import ExportError

HEAD = 2**16
"""Bytes at the beginning of a file by which its format is recognised."""
UNPACKED = 64 * 2**30
"""Bytes that one file may have when unpacked."""
RATIO = 1_100
"""Deflate cannot do better than 1,032 to 1 (zlib's technical note); what claims more is no honest archive."""
MEMBERS = 1_000_000
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Member:
    """One file that holds records: its name for messages, and how to open it."""

    name: str
    path: Path
    inside: str | None = None
    """Name in the archive at ``path``."""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Yield the bytes of the file, unpacked.

        Raises ExportError where it cannot be unpacked.
        """
        try:
            if self.inside is None:
                with self.path.open("rb") as raw:
                    yield from _unzipped(raw, self.name)
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.inside) as raw:
                    yield from _unzipped(cast(BinaryIO, raw), self.name)
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as e:
            raise ExportError(f"cannot be unpacked ({e}); get the file again", self.name) from e
        except RuntimeError as e:  # zipfile's word for a password
            raise ExportError(f"cannot be unpacked ({e}); unpack it yourself and load what is in it", self.name) from e

    def head(self) -> bytes:
        """Return the first bytes of the file."""
        with self.open() as stream:
            return stream.read(HEAD)


def _unzipped(raw: BinaryIO, name: str) -> Iterator[BinaryIO]:
    magic = raw.read(2)
    raw.seek(0)
    if magic == _GZIP:
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield cast(BinaryIO, _Bounded(cast(IO[bytes], unpacked), name))
    else:
        yield cast(BinaryIO, _Bounded(raw, name))


class _Bounded:
    """A stream that may be read up to :data:`UNPACKED` bytes."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = UNPACKED

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._stream.readline(size))

    def _counted(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise ExportError(f"holds more than {UNPACKED} bytes; load it in parts", self._name)
        return data


def members(path: Path, name: str | None = None) -> Iterator[Member]:
    """Yield the files that ``path`` (a file or an archive) holds, in the order of their names.

    Raises ExportError for an archive that is damaged, too large, or holds another archive.
    """
    shown = name or path.name
    with path.open("rb") as file:
        is_zip = file.read(4) in _ZIP
    if not is_zip:
        yield Member(shown, path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            infos = sorted(archive.infolist(), key=lambda i: i.filename)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as e:
        raise ExportError(f"is no whole zip file ({e}); get it again", shown) from e
    if len(infos) > MEMBERS:
        raise ExportError(f"holds {len(infos)} files, more than {MEMBERS}; load it in parts", shown)
    for info in infos:
        leaf = info.filename.rsplit("/", 1)[-1]
        if info.is_dir() or leaf.startswith(".") or info.filename.startswith("__MACOSX/"):
            continue
        if info.file_size > UNPACKED or info.file_size > RATIO * max(info.compress_size, 1):
            raise ExportError(
                f"claims {info.file_size} bytes from {info.compress_size}; it is not unpacked",
                f"{shown}!{info.filename}",
            )
        yield Member(f"{shown}!{info.filename}", path, info.filename)


def files(path: Path) -> Iterator[Path]:
    """Yield ``path`` itself, or the files of a folder and the folders in it, sorted; hidden ones are left out."""
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            if not inner.name.startswith("."):
                yield from files(inner)
    else:
        yield path

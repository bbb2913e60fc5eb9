"""Files, folders, ``.gz`` and ``.zip``: the single files in them, each as a stream of bytes, none written to disk.

Names inside an archive are for messages only, so one with ``../`` leads nowhere. Sizes are bounded, because a small
archive can hold more than any disk (zip bombs).
"""

import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
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
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")


_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,  # a way of packing that zipfile does not know
    OverflowError,
    ValueError,  # places in an archive that lie outside it
    OSError,  # also gzip's own error
)
"""What the standard library raises on an archive that is damaged, made up, or packed in a way it does not know."""


@dataclass(frozen=True)
class Member:
    """One file that holds records: its name for messages, and how to open it."""

    name: str
    path: Path
    inside: str | None = None
    """Name in the archive at ``path``."""
    fault: str | None = None
    """Why it is not opened; its neighbours in the archive are."""
    archive: zipfile.ZipFile | None = field(default=None, repr=False, compare=False)
    """The archive, opened once for all its files: its list of names is read in whole each time it is opened."""
    entry: zipfile.ZipInfo | None = field(default=None, repr=False, compare=False)
    """Which file of the archive it is; two can have one name."""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Yield the bytes of the file, unpacked.

        Raises ExportError where it cannot be unpacked, now or while it is read; what the reader itself raises passes.
        """
        if self.fault is not None:
            raise ExportError(self.fault, self.name)
        with ExitStack() as stack:
            with _unpacking(self.name):
                if self.archive is None or self.entry is None:
                    raw: IO[bytes] = stack.enter_context(self.path.open("rb"))
                else:
                    raw = stack.enter_context(self.archive.open(self.entry))
                if _starts(raw) == _GZIP:
                    raw = cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=raw)))
                    if _starts(raw) in (_GZIP, _ZIP):
                        raise ExportError("holds an archive in an archive; unpack it and load what is in it", self.name)
                elif self.inside is not None and _starts(raw) == _ZIP:
                    raise ExportError("is an archive in an archive; unpack it and load what is in it", self.name)
            yield cast(BinaryIO, _Bounded(raw, self.name))

    def head(self) -> bytes:
        """Return the first bytes of the file."""
        with self.open() as stream:
            return stream.read(HEAD)


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    """Turn what the standard library raises on a file that cannot be read or unpacked into an ExportError."""
    try:
        yield
    except _UNREADABLE as e:
        raise ExportError(f"cannot be read or unpacked ({e}); get the file again", name) from e
    except RuntimeError as e:  # zipfile's word for a password
        raise ExportError(f"cannot be unpacked ({e}); unpack it yourself and load what is in it", name) from e


def _starts(raw: IO[bytes]) -> bytes:
    """Return which kind of archive a stream is, by its first bytes, and go back to them."""
    first = raw.read(4)
    raw.seek(0)
    return _GZIP if first.startswith(_GZIP) else _ZIP if first in _ZIPS else b""


class _Bounded:
    """A stream that may be read up to :data:`UNPACKED` bytes."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = UNPACKED

    def read(self, size: int = -1) -> bytes:
        with _unpacking(self._name):
            return self._counted(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        with _unpacking(self._name):
            return self._counted(self._stream.readline(size))

    def _counted(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise ExportError(f"holds more than {UNPACKED} bytes; load it in parts", self._name)
        return data


def printable(name: str) -> str:
    """Return a file's name as it can be shown and stored: what is no text, or would steer a terminal, is replaced.

    >>> printable("a\\nb\\udcff.ris")
    'a\ufffdb\ufffd.ris'
    """
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


def members(path: Path, name: str | None = None) -> Iterator[Member]:
    """Yield the files that ``path`` (a file or an archive) holds, in the order of their names.

    Hidden ones are left out. A file that claims to unpack to more than any file can is one whose ``open`` raises.

    Raises ExportError for a file that cannot be read, and an archive that is damaged or has too many files.
    """
    shown = name or printable(path.name)
    with _unpacking(shown):
        with path.open("rb") as file:
            is_zip = file.read(4) in _ZIPS
        archive = zipfile.ZipFile(path) if is_zip else None  # closes itself when the last member is gone
    if archive is None:
        yield Member(shown, path)
        return
    infos = sorted(archive.infolist(), key=lambda i: (i.filename, i.header_offset))
    if len(infos) > MEMBERS:
        raise ExportError(f"holds {len(infos)} files, more than {MEMBERS}; load it in parts", shown)
    for info in infos:
        leaf = info.filename.rsplit("/", 1)[-1]
        if not leaf or leaf.startswith(".") or info.filename.startswith("__MACOSX/"):
            continue
        fault = None
        if info.file_size > UNPACKED or info.file_size > RATIO * max(info.compress_size, 1):
            fault = f"claims {info.file_size} bytes from {info.compress_size}, and is not unpacked; get it again"
        yield Member(f"{shown}!{printable(info.filename)}", path, info.filename, fault, archive, info)


def files(path: Path) -> Iterator[Path]:
    """Yield ``path`` itself, or the files of a folder and the folders in it, sorted.

    Hidden ones are left out, and what is no file (a pipe never ends). Links to folders are not followed: one that
    leads back would never end.
    """
    if not path.is_dir():
        yield path
        return
    for inner in sorted(path.iterdir()):
        if inner.name.startswith("."):
            continue
        if inner.is_file() or (inner.is_dir() and not inner.is_symlink()):
            yield from files(inner)

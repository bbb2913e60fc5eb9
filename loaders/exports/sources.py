"""The sources that were loaded: their bytes in ``sources/`` of the home, kept until they are forgotten.

A file is known by the SHA-256 of its bytes; a folder is kept as one zip of its files, made the same way each time. What
a source was converted to lies in ``converted/<program>/``, and is made anew when the program has changed.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from msevidence.loaders.exports.containers import files, printable
from msevidence.loaders.exports.conversion import REPORT
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.report import SourceReport, read_report
from msevidence.loaders.exports.running import convert_apart
from msevidence.loaders.exports.workers import Workers
from msevidence.loaders.release_errors import BusyError, ReleaseError

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
_PARTS = ("loaders", "ontology", "queries")
_INCOMING = ".incoming"
_SHA256 = 64  # hexadecimal digits


@dataclass(frozen=True, order=True)
class LoadedSource:
    """One source that was loaded."""

    sha256: str
    name: str
    bytes: int


class Sources:
    """``sources/`` and ``converted/`` of one home.

    Args:
        home: the folder.
        workers: who converts what has not been converted yet; processes of this machine where left out.
    """

    def __init__(self, home: Path, workers: Workers | None = None) -> None:
        self._workers = workers
        self.folder = home / "sources"
        self.converted = home / "converted"

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock under which sources come and go, with what a killed load left removed before.

        Two loads at once would each take away what the other one is about to build from. The lock is the kernel's.

        Raises BusyError when another process holds it, ReleaseError where the home cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder, os.O_RDONLY)  # the folder itself: a file for it would be left behind
        except OSError as e:
            raise ReleaseError(
                f"{e.filename}: cannot be written ({e.strerror}); mend it, or choose another folder with --home"
            ) from e
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as e:
                raise BusyError(
                    f"{self.folder.parent}: another process is loading or forgetting sources; wait until it is done,"
                    " and try again"
                ) from e
            self._clean()
            try:
                yield
            finally:
                shutil.rmtree(self.folder / _INCOMING, ignore_errors=True)
        finally:
            os.close(lock)

    def _clean(self) -> None:
        """Remove what a killed command left: copies aside, bytes and conversions that no entry names, half of one."""
        shutil.rmtree(self.folder / _INCOMING, ignore_errors=True)
        for path in self.folder.iterdir():
            if (path.suffix == ".json" and path.name.startswith(".")) or (
                len(path.name) == _SHA256 and not path.with_suffix(".json").exists()
            ):
                path.unlink()
        for folder in self.converted.glob(f"[!.]*/{'?' * _SHA256}"):
            if not (self.folder / f"{folder.name}.json").exists():
                shutil.rmtree(folder, ignore_errors=True)
        for folder in self.converted.glob(".new-*"):
            if not _alive(folder.name.removeprefix(".new-").partition("-")[0]):
                shutil.rmtree(folder, ignore_errors=True)

    def all(self) -> list[LoadedSource]:
        """Return the sources, in the order of their hashes, which does not depend on the order of loading."""
        if not self.folder.is_dir():
            return []
        return sorted(self._entry(path) for path in self.folder.glob("*.json") if not path.name.startswith("."))

    def path(self, source: LoadedSource) -> Path:
        """Return where the bytes are."""
        return self.folder / source.sha256

    def take(self, path: Path) -> tuple[LoadedSource, bool]:
        """Copy a file, or a folder as one zip, aside; return it, and whether it had been loaded before.

        It is not part of a build until :meth:`keep`.

        Raises ExportError for a folder without files, OSError for what cannot be read or written.
        """
        incoming = self.folder / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        new = incoming / "new"
        try:
            if path.is_dir():
                _zip(path, new)
            else:
                shutil.copyfile(path, new)
        except BaseException as e:
            new.unlink(missing_ok=True)  # a full disk is full of it
            if isinstance(e, OSError) and e.errno in (errno.ENOSPC, errno.EDQUOT):
                raise OSError(e.errno, e.strerror, str(new)) from e  # which names what was read, or nothing
            raise
        with new.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        source = LoadedSource(digest, printable(path.resolve().name), new.stat().st_size)
        known = (self.folder / f"{digest}.json").exists()
        if known:
            new.unlink()
            source = self._entry(self.folder / f"{digest}.json")
        else:
            new.rename(incoming / digest)
        return source, known

    def keep(self, source: LoadedSource) -> None:
        """Make a source that was taken a part of every later build."""
        taken = self.folder / _INCOMING / source.sha256
        _sync(taken)
        taken.rename(self.folder / source.sha256)
        entry = self.folder / f".{source.sha256}.json"
        entry.write_text(json.dumps({"name": source.name, "bytes": source.bytes}, ensure_ascii=False), encoding="utf-8")
        _sync(entry)
        entry.rename(self.folder / f"{source.sha256}.json")
        _sync(self.folder)

    def set_aside(self, source: LoadedSource) -> None:
        """Leave a source out of every later build, until it is put back or dropped: for good where neither is done."""
        incoming = self.folder / _INCOMING
        incoming.mkdir(exist_ok=True)
        (self.folder / f"{source.sha256}.json").rename(incoming / f"{source.sha256}.json")
        (self.folder / source.sha256).rename(incoming / source.sha256)

    def put_back(self, source: LoadedSource) -> None:
        """Make a source that was set aside, or half so, a part of later builds again; it needs no room on the disk."""
        for name in (source.sha256, f"{source.sha256}.json"):
            if (aside := self.folder / _INCOMING / name).exists():
                aside.rename(self.folder / name)
        _sync(self.folder)

    def drop(self, source: LoadedSource) -> None:
        """Forget a source: its bytes, and what they were converted to."""
        (self.folder / f"{source.sha256}.json").unlink(missing_ok=True)
        (self.folder / source.sha256).unlink(missing_ok=True)
        (self.folder / _INCOMING / source.sha256).unlink(missing_ok=True)
        for folder in self.converted.glob(f"*/{source.sha256}"):
            shutil.rmtree(folder)

    def find(self, words: str) -> LoadedSource:
        """Return the source that a name, or the beginning of a hash, names.

        Raises LookupError where none or several are meant.
        """
        found = [s for s in self.all() if s.name == words or (len(words) >= 6 and s.sha256.startswith(words.lower()))]
        if len(found) == 1:
            return found[0]
        if found:
            hashes = ", ".join(s.sha256[:12] for s in found)
            raise LookupError(f"{words!r} names {len(found)} sources; name one by its hash: {hashes}")
        raise LookupError(f"{words!r} names no source; `msevidence sources` lists them")

    def conversion(
        self, source: LoadedSource, *, strict: bool = False, tell: Callable[[int], None] = lambda n: None
    ) -> tuple[Path, SourceReport]:
        """Return the folder of a converted source and its report; it is converted if that has not been done.

        Raises ExportError where it cannot be read.
        """
        folder = self.converted / program_fingerprint() / source.sha256
        if not (folder / REPORT).exists() or strict:
            bytes_at = self.folder / source.sha256
            taken = bytes_at if bytes_at.exists() else self.folder / _INCOMING / source.sha256
            new = self.converted / f".new-{os.getpid()}-{source.sha256}"
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(parents=True)
            try:
                convert_apart(taken, source.name, source.sha256, new, strict=strict, tell=tell, workers=self._workers)
                folder.parent.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(folder, ignore_errors=True)
                new.rename(folder)
            finally:
                shutil.rmtree(new, ignore_errors=True)
        self._prune()
        return folder, read_report(folder / REPORT)

    def _prune(self) -> None:
        """Remove what other versions of the program converted."""
        for folder in self.converted.iterdir():
            if not folder.name.startswith(".") and folder.name != program_fingerprint():
                shutil.rmtree(folder)

    def _entry(self, path: Path) -> LoadedSource:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return LoadedSource(path.name.removesuffix(".json"), content["name"], content["bytes"])
        except (ValueError, KeyError, TypeError) as e:
            raise ReleaseError(f"{path}: is damaged; delete it, and load the file again") from e


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _zip(folder: Path, target: Path) -> None:
    """Write the files of a folder as one zip: the same bytes for the same names and contents."""
    found = list(files(folder))
    if not found:
        raise ExportError("is a folder without files; name the folder that the export lies in", folder)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in found:
            info = zipfile.ZipInfo(printable(path.relative_to(folder).as_posix()), _EPOCH)
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as member:
                shutil.copyfileobj(source, member)


@cache
def program_fingerprint() -> str:
    """Return a short hash of the program that converts: its modules, terms and shapes."""
    digest = hashlib.sha256()
    for part in _PARTS:
        for name, content in _program(resources.files(f"msevidence.{part}"), part):
            digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


def _program(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            if entry.name not in ("__pycache__", "examples"):
                yield from _program(entry, name)
        elif entry.name.endswith((".py", ".ttl", ".rq")):
            yield name, entry.read_bytes()

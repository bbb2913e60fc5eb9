"""The published releases under MSEVIDENCE_HOME, read only.

`current` links to `releases/<id>/`, which holds the store, the sorted N-Quads, the manifest and the validation
report. The build writes a release aside and moves the link in one step; nothing here writes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from msevidence.loaders.release_index import INDEX, index_fault
from msevidence.loaders.release_manifest import NAME, SUMS
from msevidence.loaders.release_store import changed_files
from msevidence.server.whole import INDEXES

LOG = logging.getLogger(__name__)


class NoReleaseError(LookupError):
    """No release is published, or the one that the link names can not be read."""


class DamagedStoreError(RuntimeError):
    """The files of a release's store are not those that were written, or nothing says what was written."""


@dataclass(frozen=True, slots=True)
class Release:
    """One built, validated, immutable version of the graph."""

    id: str
    path: Path
    version: str
    built: str
    base: str
    quads: int
    default_graph_triples: int
    graphs: Mapping[str, int] = field(hash=False)
    files: Mapping[str, Mapping[str, Any]] = field(hash=False)

    @property
    def store(self) -> Path:
        """Folder of the read-only store."""
        return self.path / "store"

    @property
    def index(self) -> Path:
        """The labels, facets and full text, as SQLite."""
        return self.path / INDEX


def current(home: Path) -> Release:
    """Return the release that `current` names at this moment.

    Raises:
        NoReleaseError: there is none, or its manifest is missing, unreadable or incomplete.
    """
    try:
        # Asked twice a request: as a Path, this would take five times as long.
        target = os.readlink(f"{home}/current")  # noqa: PTH115
        stamp = os.stat(f"{home}/{target}/manifest.json")  # noqa: PTH116
    except OSError as error:
        raise NoReleaseError(
            f"{home / 'current'}: no release is published ({error.strerror}); run `msevidence build` first"
        ) from error
    return _published(home, target, stamp.st_ino, stamp.st_mtime_ns)


def check_store(release: Release) -> None:
    """Compare every file of a release's store, its index and its manifest with its hash.

    Damaged files of a store open, and fail at a query.

    Raises:
        DamagedStoreError: a file differs, is missing or is one too many, or the hashes can not be read; or the index
            is of another format, or there is none: the release was built by a version before.
    """
    try:
        changed = changed_files(release.store)
    except (OSError, ValueError) as error:
        raise DamagedStoreError(f"{release.store}: can not be checked ({error}); build again") from error
    if changed:
        raise DamagedStoreError(
            f"{release.path}: the store is damaged: {', '.join(changed)} not as written; check the disk, build again"
        )
    check_index(release)


def check_index(release: Release) -> None:
    """Compare index and manifest with their hashes, and the format of the index with this program's.

    Raises:
        DamagedStoreError: one differs, or there is none.
    """
    _check_manifest(release)
    try:
        fault = INDEXES.fault(release.index, release.id, lambda: index_fault(release.path), anew=True)
    except OSError:
        fault = index_fault(release.path)  # which says what is missing
    if fault:
        raise DamagedStoreError(
            f"{release.path}: {fault}; `msevidence build` makes it anew, also where the graph has not changed"
        )


def _check_manifest(release: Release) -> None:
    """Hold the manifest against ``SHA256SUMS``: with a bit turned in a count or a name it still reads."""
    manifest = release.path / NAME
    try:
        content = manifest.read_bytes()
        fault = _manifest_fault(release.path, content)
        if fault is None and _parsed(release.path, content) != release:  # it was damaged then, and is not now
            fault = "not what was read of it before"
    except (OSError, NoReleaseError) as error:
        fault = f"can not be checked ({error})"
    if fault is not None:
        _published.cache_clear()
        raise DamagedStoreError(f"{manifest}: {fault}; check the disk, move the release away and build again")


def named(home: Path, release: str) -> Release:
    """Return the release with this id, which may be an older one.

    Its manifest is held against its hash, which for the current one is done where it is switched to.

    Raises:
        NoReleaseError: there is no such release, or its manifest is damaged.
    """
    path = home / "releases" / release
    try:
        stamp = (path / "manifest.json").stat() if release.isalnum() else None
    except OSError:  # never made, or pruned a moment ago
        stamp = None
    if stamp is None:
        raise NoReleaseError(f"releases/{release}: no such release; `msevidence build` makes one")
    return _read(path, stamp.st_ino, stamp.st_mtime_ns)


def begun(home: Path, beginning: str) -> list[str]:
    """Return the ids of the releases that begin so and have more; the pages name a release by its first twelve."""
    folder = home / "releases"
    if not beginning.isalnum() or not folder.is_dir():
        return []
    there = (entry.name for entry in folder.iterdir() if entry.name.isalnum())
    return sorted(name for name in there if name.startswith(beginning) and name != beginning)


def all_releases(home: Path) -> list[Release]:
    """Return the releases that are kept and can be read, the latest first; the log names one that can not."""
    folder = home / "releases"
    found = []
    for name in sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []:
        if not name.isalnum():
            continue
        try:
            found.append(named(home, name))
        except NoReleaseError as error:
            LOG.error("%s", error)
    return sorted(found, key=lambda release: release.built, reverse=True)


@lru_cache(maxsize=64)
def _published(home: Path, target: str, inode: int, modified: int) -> Release:
    """Resolve what the link holds once a release: every request asks twice, and resolving takes ten times a stat."""
    path = (home / target).resolve()
    return _parsed(path, _content(path))


@lru_cache(maxsize=64)
def _read(path: Path, inode: int, modified: int) -> Release:
    """Read a manifest that is as it was written, once: inode and time tell a replaced release from the one before."""
    content = _content(path)
    release = _parsed(path, content)
    try:
        fault = _manifest_fault(path, content)
    except OSError as error:
        fault = f"can not be checked ({error})"
    if fault is not None:
        raise NoReleaseError(f"{path / NAME}: {fault}; check the disk, move the release away and build again")
    return release


def _content(path: Path) -> bytes:
    try:
        return (path / NAME).read_bytes()
    except OSError as error:
        raise NoReleaseError(f"{path / NAME}: can not be read ({error.strerror}); build again") from error


def _parsed(path: Path, content: bytes) -> Release:
    """Return the release that a manifest describes.

    Raises:
        NoReleaseError: it is none, or not complete.
    """
    try:
        data = json.loads(content)
        return Release(
            id=str(data["release"]),
            path=path,
            version=str(data["version"]),
            built=str(data["built"]),
            base=str(data["base"]),
            quads=int(data["quads"]),
            default_graph_triples=int(data["default_graph_triples"]),
            graphs=dict(data["graphs"]),
            files=dict(data["files"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoReleaseError(
            f"{path / NAME}: not a complete manifest ({type(error).__name__}: {error}); build again"
        ) from error


def _manifest_fault(path: Path, content: bytes) -> str | None:
    """Say how a manifest differs from what ``SHA256SUMS`` has of it; None where it does not.

    A release of a version before has no such file, and no hashes of graphs in its manifest, which is then taken as it
    is; the next build of the same graph writes the file.
    """
    try:
        lines = (path / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return f"{SUMS} is missing, which has its hash" if json.loads(content).get("graph_sha256") else None
    written = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = hashlib.sha256(content).hexdigest()
    return None if written.get(NAME) == found else f"not as it was written: {SUMS} has another hash of it"

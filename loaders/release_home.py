"""The directories of releases: ``MSEVIDENCE_HOME`` with ``releases/<id>/``, the link ``current``, and ``work/``.

Everything that a build writes is under ``work/`` or ``releases/.new-…`` until one rename puts it in place, so that a
build that dies leaves nothing in the way: the next one removes what it left, under the lock.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from msevidence.loaders.release_errors import BusyError, ReleaseError

KEPT_STORES = 2  # the current one, and the one before it, which workers may still be reading and a person may return to


@dataclass(frozen=True)
class Home:
    """The paths of one home."""

    path: Path

    @property
    def releases(self) -> Path:
        return self.path / "releases"

    @property
    def work(self) -> Path:
        """Scratch space of the build that holds the lock; removed with all that is in it when the next build starts."""
        return self.path / "work"

    @property
    def current(self) -> Path:
        """The link to the release that is served."""
        return self.path / "current"

    def current_id(self) -> str | None:
        """Return the id of the release that ``current`` names, whether or not it is whole."""
        try:
            return self.current.readlink().name
        except FileNotFoundError:
            return None
        except OSError as e:
            raise ReleaseError(f"{self.current} is not a link ({e.strerror}); move it away and build again") from e


@contextmanager
def building(home: Home) -> Iterator[None]:
    """Hold the lock of a home, with what dead builds left removed before and what this one leaves removed after.

    Raises BusyError when another build holds it. The lock is the kernel's (``flock``), so it dies with its process.
    """
    home.releases.mkdir(parents=True, exist_ok=True)
    with (home.path / ".lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise BusyError(
                f"{home.path}: another build is under way (process {holder}); wait for it, or end it, and build again"
            ) from e
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        clean(home)
        home.work.mkdir()
        try:
            yield
        finally:
            clean(home)


def clean(home: Home) -> None:
    """Remove everything that is no release: scratch space, releases not yet in place, a link not yet moved."""
    if home.work.exists():
        shutil.rmtree(home.work)
    for leftover in home.releases.glob(".new-*"):
        shutil.rmtree(leftover)
    (home.path / ".current-new").unlink(missing_ok=True)


def sync_tree(top: Path) -> None:
    """Make everything under ``top`` durable: the files first, then the directories that name them."""
    for folder, _, files in os.walk(top, topdown=False):
        for name in files:
            _sync(Path(folder, name))
        _sync(Path(folder))


def put(new: Path, target: Path) -> None:
    """Rename ``new`` to ``target`` in one step, and make the rename durable."""
    new.rename(target)
    _sync(target.parent)


def switch(home: Home, release: str) -> None:
    """Point ``current`` at ``release`` in one step: a reader sees the old release or this one."""
    link = home.path / ".current-new"
    try:
        link.symlink_to(Path("releases", release))
    except OSError as e:  # which names what the link was to lead to, and not itself
        raise OSError(e.errno, e.strerror, str(link)) from e
    link.replace(home.current)
    _sync(home.path)


def prune(home: Home, newest_first: list[str], previous: str | None) -> list[str]:
    """Remove the stores and indexes of all releases but :data:`KEPT_STORES`; their other files stay for good.

    The current release and the ``previous`` one go before newer ones. Returns the ids whose store was removed.
    """
    wanted = dict.fromkeys([home.current_id(), previous, *newest_first])
    stores = [i for i in wanted if i is not None and (home.releases / i / "store").is_dir()]
    for release in stores[KEPT_STORES:]:
        # Renamed before it is removed: a store that is half there would look whole.
        (home.releases / release / "store").rename(home.work / f"pruned-{release}")
    for folder in home.releases.glob("[!.]*"):
        if not (folder / "store").is_dir():  # pruned now, or by one that was killed before it came to these
            for name in ("store.sha256", "index.sha256", "index.sqlite"):
                (folder / name).unlink(missing_ok=True)
    return stores[KEPT_STORES:]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

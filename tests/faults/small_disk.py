"""A disk of a few kilobytes: a tmpfs that is mounted for a test, made larger, filled, or made read-only."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

KIB = 1024


@dataclass(frozen=True)
class SmallDisk:
    """A mounted tmpfs."""

    path: Path

    def resize(self, size: int, files: int | None = None) -> None:
        """Let it hold so many bytes, and so many files and folders (as many as memory has, where not given)."""
        _mount("-o", f"remount,size={size},nr_inodes={files or 0}", str(self.path))

    def used(self) -> int:
        """Return the bytes that are taken."""
        held = os.statvfs(self.path)
        return (held.f_blocks - held.f_bfree) * held.f_frsize

    def files(self) -> int:
        """Return how many files and folders there are."""
        held = os.statvfs(self.path)
        return held.f_files - held.f_ffree

    def fill(self, leave: int = 0) -> Path:
        """Take all bytes but so many, and return the file that has them."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4 * KIB)
            except OSError as error:
                assert error.errno == errno.ENOSPC, error
        with filler.open("r+b") as file:
            file.truncate(max(0, filler.stat().st_size - leave))
        return filler

    def read_only(self) -> None:
        """Let nobody write."""
        _mount("-o", "remount,ro", str(self.path))


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True, text=True)


@contextmanager
def small_disk(path: Path, size: int = 64 * KIB * KIB) -> Iterator[SmallDisk]:
    """Mount a disk at a folder, which is made; the test is skipped where this process may not.

    With ``TMPFS_REQUIRED`` set it fails then: CI must not pass on nothing.
    """
    path.mkdir()
    try:
        if shutil.which("mount") is None:
            raise OSError("there is no command mount")
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path))
    except (OSError, subprocess.CalledProcessError) as error:
        said = f"no tmpfs may be mounted here ({getattr(error, 'stderr', '') or error})"
        if os.environ.get("TMPFS_REQUIRED"):
            pytest.fail(said)
        pytest.skip(said)
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)

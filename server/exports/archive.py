"""Files written whole or not at all: one file, a folder, or a zip archive whose bytes depend on its content alone."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msevidence.server.exports.handover import Files

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can hold; an export has no time of its own."""
READABLE = 0o100644
PART = ".msevidence.part"
"""What is being written, in a folder that was there before."""


def zipped(files: Files) -> bytes:
    """Return files as a zip archive, sorted, without times: the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            archive.writestr(_entry(name), files[name])
    return buffer.getvalue()


def timeless(document: bytes) -> bytes:
    """Return a document that is a zip archive (a workbook, a text) with the times of its parts taken out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():  # in its order: readers look at the first part to tell what it is
            new.writestr(_entry(name), old.read(name))
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = READABLE << 16
    entry.create_system = 3  # else of the system that it is made on
    return entry


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; of a link, the file that it leads to.

    Raises:
        OSError: it can not be written; what was there before is there still.
    """
    path = path.resolve()
    if path.exists() and not (path.is_file() or path.is_dir()):
        path.write_bytes(content)  # a device or a pipe is written to; a file in its place would be the end of it
        return
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:  # also of a person who has seen enough
        with suppress(OSError):
            part.unlink()
        raise


def write_folder(path: Path, files: Files) -> None:
    """Write a folder whole or not at all.

    Raises:
        FileExistsError: there is something in its place that is not an empty folder.
        OSError: it can not be written; nothing of it is there then.
    """
    there = path.exists()
    if there and (not path.is_dir() or any(name.name != PART for name in path.iterdir())):
        raise FileExistsError("it is there already, and not an empty folder: name another, or move it away")
    # A folder that is there stays: somebody may stand in it, and a mounted one can not be replaced.
    part = path / PART if there else path.with_name(f".{path.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for name, content in files.items():
            inside = PurePosixPath(name)
            if inside.is_absolute() or ".." in inside.parts:
                raise ValueError(f"{name!r} is no name for a file of an export")
            target = part / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if there:
            _move_up(part)
        else:
            part.rename(path)
    except BaseException:  # also of a person who has seen enough
        shutil.rmtree(part, ignore_errors=True)
        raise


def _move_up(part: Path) -> None:
    """Move what is in a folder into the one around it, all or nothing."""
    moved: list[Path] = []
    try:
        for inside in sorted(part.iterdir()):
            target = part.parent / inside.name
            if os.path.lexists(target):
                raise FileExistsError(f"{inside.name} was put there meanwhile: name another folder")
            inside.rename(target)
            moved.append(target)
        part.rmdir()
    except BaseException:
        for target in moved:
            if target.is_dir():
                shutil.rmtree(target, ignore_errors=True)
            else:
                target.unlink(missing_ok=True)
        raise

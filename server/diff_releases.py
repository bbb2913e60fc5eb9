"""Which releases are compared: by id, by its beginning, as ``current`` or ``previous``, or as a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from msevidence.loaders.release_errors import ReleaseError
from msevidence.ontology.iris import graph_iri
from msevidence.server.whole import require_whole

DATA, MANIFEST = "data.nq", "manifest.json"
CURRENT, PREVIOUS = "current", "previous"
SHORTEST = 4
"""Characters of an id that name it, where no other begins so."""


class UnknownReleaseError(LookupError):
    """Raised when no release, or more than one, is meant by a name; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A release as far as comparing needs it: a folder with ``data.nq`` and ``manifest.json``."""

    path: Path
    id: str
    built: str
    version: str
    base: str
    sha256: str
    """Of its quads, as the manifest states it; empty in one that does not."""

    def whole(self) -> Path:
        """Return the sorted quads, which are as they were written: a byte that a disk turned would be told as a change.

        Raises:
            errors.DamagedStore: they are not.
        """
        return require_whole(self.data, self.sha256) if self.sha256 else self.data

    @property
    def data(self) -> Path:
        """The sorted quads."""
        return self.path / DATA

    @property
    def iri(self) -> str:
        """The IRI of the release."""
        return f"{self.base}release/{self.id}"

    @property
    def own_graph(self) -> str:
        """The graph that is about the release: another in each, whatever is in it."""
        return str(graph_iri("release", base=self.base))


def kept(folder: Path) -> Kept:
    """Return the release in a folder; of its manifest only what comparing needs, so that any version's will do.

    Raises:
        ReleaseError: its manifest or its ``data.nq`` can not be read.
    """
    manifest = folder / MANIFEST
    try:
        found = _read(folder, manifest.stat().st_mtime_ns)
    except OSError as error:
        raise ReleaseError(f"{manifest}: cannot be read ({error.strerror}); name the folder of a release") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{manifest}: not the manifest of a release ({type(error).__name__}: {error})") from error
    if not found.data.is_file():
        raise ReleaseError(f"{found.data}: there is none; take it from where the manifest is from")
    return found


@lru_cache(maxsize=256)
def _read(folder: Path, _: int) -> Kept:
    """Read a manifest once: the time in the key tells one that was replaced."""
    read = json.loads((folder / MANIFEST).read_bytes())
    release, built, version, base = (str(read[key]) for key in ("release", "built", "version", "base"))
    sha256 = str(read.get("files", {}).get(DATA, {}).get("sha256", ""))
    return Kept(folder, release, built, version, base, sha256)


def all_kept(home: Path) -> list[Kept]:
    """Return the releases of a home that can be read, the latest first."""
    folders = sorted((home / "releases").glob("[0-9a-f]*"))
    found = []
    for folder in folders:
        try:
            found.append(kept(folder))
        except ReleaseError:
            continue  # `msevidence verify` names it; the others can be compared all the same
    return sorted(found, key=lambda one: (one.built, one.id), reverse=True)


def named(home: Path, name: str) -> Kept:
    """Return the release that somebody names.

    Args:
        home: ``MSEVIDENCE_HOME``.
        name: an id, at least :data:`SHORTEST` characters of one, ``current``, ``previous``, or the path of a folder.

    Raises:
        UnknownReleaseError: none is meant, or more than one.
        ReleaseError: its files can not be read.
    """
    if name == CURRENT:
        return _current(home)
    if name == PREVIOUS:
        now = _current(home)
        before = [one for one in all_kept(home) if (one.built, one.id) < (now.built, now.id)]
        if not before:
            raise UnknownReleaseError(f"{home}: no release was built before the current one, {now.id[:12]}")
        return before[0]
    if "/" in name or "\\" in name or name in (".", ".."):
        folder = Path(name)
        if not folder.is_dir():
            raise UnknownReleaseError(f"{name}: there is no such folder; name one with data.nq and manifest.json")
        return kept(folder)
    there = all_kept(home)
    found = [one for one in there if len(name) >= SHORTEST and one.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if not found and len(name) >= SHORTEST:
        for folder in (home / "releases").glob("[0-9a-f]*"):
            if folder.name.startswith(name):
                return kept(folder)  # which says what is wrong with it
    ids = ", ".join(one.id[:12] for one in found or there) or "none"
    if len(found) > 1:
        raise UnknownReleaseError(f"{name}: {len(found)} releases of {home} begin so ({ids}); write more of the id")
    raise UnknownReleaseError(
        f"{name}: no release of {home} has this id; there are: {ids}."
        f" Write at least {SHORTEST} characters of one, {CURRENT}, {PREVIOUS}, or the path of a folder"
    )


def _current(home: Path) -> Kept:
    try:
        target = (home / "current").readlink()
    except OSError as error:
        raise UnknownReleaseError(
            f"{home / 'current'}: no release is published; `msevidence build` makes one"
        ) from error
    return kept(home / "releases" / target.name)

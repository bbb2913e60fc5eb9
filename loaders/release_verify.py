"""Checking a release where it stands, in a home or in a folder that was downloaded.

By what it says of itself, by its signature, and by a second copy. What could not be checked is said, so that a release
without a fault is not taken for more than it is.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from minisign import PublicKey

from msevidence.loaders import release_manifest, release_sums
from msevidence.loaders.release_check import UNNAMED, verify_release
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_home import Home
from msevidence.loaders.release_manifest import Manifest
from msevidence.loaders.release_signature import signature_fault
from msevidence.loaders.release_touched import differing_records

_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Verdict:
    """What a check of a release found, and what it could not look at."""

    id: str
    """Of the release: where it stands says it, else its manifest; empty where there is none."""
    faults: list[str]
    not_checked: list[str]


@dataclass(frozen=True)
class Against:
    """What a release is checked against beside what it says of itself."""

    key: PublicKey | None = None
    """The key that its signature must be of."""
    copy: Path | None = None
    """A second copy: the folder of a release, or a home that has the same release."""


ITSELF = Against()


def verify(path: Path) -> list[str]:
    """Return the faults of a release, or of the current release of a home; none when it is as it was published."""
    return examine(path).faults


def examine(path: Path, against: Against = ITSELF) -> Verdict:
    """Check a release: of a home its current one, or one in its folder, which may have been downloaded.

    A folder that is called by a release's id must hold that release; one of another name is taken for what it says.

    Raises:
        ReleaseError: there is no room for the files by which it is compared, which is no fault of the release.
    """
    home = Home(path)
    if (path / release_manifest.NAME).exists() or path.parent.name == home.releases.name:
        folder, store = path, (path / "store").exists()
    else:
        try:
            current = home.current_id()
        except ReleaseError as e:
            return Verdict("", [str(e)], [])
        if current is None:
            return Verdict("", [f"{path}: no release is published here; `msevidence build` makes one"], [])
        folder, store = home.releases / current, True
    name = folder.resolve().name
    placed = folder.parent.name == home.releases.name or _ID.fullmatch(name)
    with tempfile.TemporaryDirectory(prefix="msevidence-verify-") as scratch:
        faults = verify_release(folder, Path(scratch), expected_id=name if placed else None, store=store)
        try:
            manifest = release_manifest.read(folder)
            if against.copy is not None:
                faults = [fault for fault in faults if fault != UNNAMED]  # the copy names them
            faults += _against(folder, manifest, Path(scratch), against)
        except (ReleaseError, OSError) as e:
            return Verdict(name, faults or [str(e)], [])
    release = name if placed else manifest.release
    return Verdict(release, faults, list(_not_checked(folder, manifest, against, store=store, placed=bool(placed))))


def _against(folder: Path, manifest: Manifest, scratch: Path, against: Against) -> list[str]:
    """Return what the signature and the second copy have against a release."""
    faults = []
    if against.key is not None and (fault := signature_fault(folder, manifest.release, against.key)):
        faults.append(fault)
    if against.copy is not None:
        copy = _copy(against.copy, manifest.release)
        faults += differing_files(folder, copy)
        if (folder / "data.nq").is_file() and (copy / "data.nq").is_file():
            faults += differing_records(folder / "data.nq", copy / "data.nq", scratch, str(against.copy))
    return faults


def _copy(given: Path, release: str) -> Path:
    """Return the folder of a second copy.

    Raises ReleaseError when there is none of this release.
    """
    for folder in (given, Home(given).releases / release):
        if (folder / release_manifest.NAME).is_file():
            found = release_manifest.read(folder).release
            if found != release:
                raise ReleaseError(f"{given}: of release {found}, no second copy of {release}; name one that is")
            return folder
    raise ReleaseError(f"{given}: no second copy of release {release}; name its folder, or a home that has it")


def differing_files(folder: Path, copy: Path) -> list[str]:
    """Name the files, but the signature, that a release and a second copy of it do not share."""
    faults = []
    here, there = (
        {**release_manifest.describe(one), **release_manifest.describe_outside(one)} for one in (folder, copy)
    )
    for name in sorted(here.keys() | there.keys()):
        if here.get(name) != there.get(name):
            where = "" if name in here and name in there else f": only in {folder if name in here else copy}"
            faults.append(f"{name}: not the same in {copy}{where}")
    return faults


def _not_checked(folder: Path, manifest: Manifest, against: Against, *, store: bool, placed: bool) -> Iterator[str]:
    """Say what could not be checked, and why."""
    if not store:
        yield "store/ and index.sqlite: not here; they are made from data.nq"
    if not placed:
        yield f"the id {manifest.release}: compared with the quads only; neither folder nor home says which it must be"
    if not manifest.graph_sha256:
        yield "graphs: the manifest, of a version before, states no hashes of them"
    if not (folder / release_manifest.SUMS).is_file() and not release_sums.is_stated(manifest):
        yield f"{release_manifest.SUMS}: not here; the release is of a version before"
    if not (folder / release_manifest.SIGNATURE).is_file():
        yield "the signature: the release has none here, so nothing says who published it"
    elif against.key is None:
        yield f"{release_manifest.SIGNATURE}: no key given; --public-key takes one from whom you trust"

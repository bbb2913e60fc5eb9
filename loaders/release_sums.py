"""``SHA256SUMS`` of a release: the hash of each file that is handed out, as ``sha256sum --check`` reads it.

The manifest has the same hashes, and can not have its own; this file has it, so that who signs it signs all of them.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msevidence.loaders import release_manifest
from msevidence.loaders.release_manifest import SUMS, Manifest

_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<name>[^\n]+)\n")


def write(folder: Path, manifest: Manifest, target: Path | None = None) -> None:
    """Write ``SHA256SUMS`` of the release in ``folder``, whose manifest is written: into it, or to ``target``."""
    (target or folder / SUMS).write_bytes(_render(_stated(folder, manifest)))


def is_stated(manifest: Manifest) -> bool:
    """Say whether a release came with ``SHA256SUMS``: one of a version before states no hashes of graphs either."""
    return bool(manifest.graph_sha256)


def faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield where ``SHA256SUMS`` differs from the manifest, and the manifest from it.

    The hashes of the other files are in both, so each is compared with the file once, by the manifest.
    """
    try:
        content = (folder / SUMS).read_bytes()
    except FileNotFoundError:
        if is_stated(manifest):
            yield f"{SUMS}: missing"
        return
    said = {line["name"]: line["sha256"] for line in _LINE.finditer(content.decode(errors="replace"))}
    stated = _stated(folder, manifest)
    if content == _render(stated):
        return
    if content != _render(said):
        yield f"{SUMS}: not in the form in which it was written"
    for name in sorted(stated.keys() | said.keys()):
        if said.get(name) != stated.get(name):
            what, other = ("the file has", name) if name == release_manifest.NAME else ("the manifest says", SUMS)
            yield f"{other}: {SUMS} says {said.get(name, 'nothing')} of {name}; {what} {stated.get(name, 'nothing')}"


def _stated(folder: Path, manifest: Manifest) -> dict[str, str]:
    own = release_manifest.describe_file(folder / release_manifest.NAME)
    return {**{name: file.sha256 for name, file in manifest.files.items()}, release_manifest.NAME: own.sha256}


def _render(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items())).encode()

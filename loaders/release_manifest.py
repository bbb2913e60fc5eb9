"""``manifest.json`` of a release: what it was built from, what it holds, and the hash of each of its files."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from msevidence.loaders.release_errors import ReleaseError

NAME = "manifest.json"
SUMS = "SHA256SUMS"
SIGNATURE = f"{SUMS}.minisig"
OUTSIDE = (NAME, SUMS, SIGNATURE)
"""Files that the manifest does not name: itself, what has its hash, and what signs that."""
DERIVED = ("store.sha256", "index.sqlite", "index.sha256")
"""Files beside ``store/`` that are made from the graph, with other bytes by another version of what writes them."""


@dataclass(frozen=True)
class Source:
    """A file that the graph was built from; ``path`` is relative to the data directory."""

    path: str
    sha256: str


@dataclass(frozen=True)
class File:
    """Hash and size of a file of the release."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """The manifest; ``quads`` counts every line of ``data.nq``: the named graphs' quads and the default graph's."""

    release: str
    version: str
    built: str
    base: str
    quads: int
    default_graph_triples: int
    graphs: dict[str, int]
    sources: Sequence[Source]
    files: dict[str, File]
    graph_sha256: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the sorted quads of each named graph, as they stand in ``data.nq``; empty of versions before it."""


def write(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest.json`` into the directory of a release, the same bytes for the same manifest."""
    (folder / NAME).write_bytes(_render(manifest))


def read(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises ReleaseError when it is missing, unreadable or not a manifest.
    """
    from pydantic import TypeAdapter, ValidationError  # a server's start does without: it reads no other's manifests

    path = folder / NAME
    try:
        return TypeAdapter(Manifest).validate_json(path.read_bytes())
    except OSError as e:
        raise ReleaseError(f"{path}: cannot be read ({e.strerror}); build again") from e
    except ValidationError as e:
        fault = e.errors(include_url=False)[0]
        field = ".".join(map(str, fault["loc"]))
        raise ReleaseError(f"{path}: not a whole manifest ({field}: {fault['msg']}); build again") from e


def form_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Return what stands in the file of this manifest that the program does not write: keys, or another form."""
    content = (folder / NAME).read_bytes()
    if content == _render(manifest):
        return []
    unknown = list(_unknown(json.loads(content), asdict(manifest)))
    return [f"{NAME}: unknown key {key}" for key in unknown] or [f"{NAME}: not in the form in which it was written"]


def _render(manifest: Manifest) -> bytes:
    stated = asdict(manifest)
    if not manifest.graph_sha256:
        del stated["graph_sha256"]  # as the version wrote it that did not know of it
    return (json.dumps(stated, ensure_ascii=False, indent=2) + "\n").encode()


def _unknown(found: Any, known: Any, path: str = "") -> Iterator[str]:
    """Yield the keys, as ``sources.0.path``, that one value has and the other has not."""
    if isinstance(found, list) and isinstance(known, list):
        found, known = dict(enumerate(found)), dict(enumerate(known))
    if isinstance(found, dict) and isinstance(known, dict):
        for key, value in found.items():
            if key in known:
                yield from _unknown(value, known[key], f"{path}{key}.")
            else:
                yield f"{path}{key}"


def describe(folder: Path) -> dict[str, File]:
    """Return hash and size of every file that a manifest names: not store and index, which have their own hashes."""
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: describe_file(path)
        for name, path in names.items()
        if name not in (*OUTSIDE, *DERIVED) and not name.startswith("store/")
    }


def describe_outside(folder: Path) -> dict[str, File]:
    """Return hash and size of the manifest and of the file of hashes, where they are there."""
    return {name: describe_file(folder / name) for name in (NAME, SUMS) if (folder / name).is_file()}


def describe_file(path: Path) -> File:
    """Return hash and size of a file."""
    with path.open("rb") as file:
        return File(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)

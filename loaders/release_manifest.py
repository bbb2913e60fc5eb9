"""``manifest.json`` of a release: what it was built from, what it holds, and the hash of each of its files."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from msevidence.loaders.release_errors import ReleaseError

NAME = "manifest.json"


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


def write(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest.json`` into the directory of a release, the same bytes for the same manifest."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises ReleaseError when it is missing, unreadable or not a manifest.
    """
    path = folder / NAME
    try:
        return TypeAdapter(Manifest).validate_json(path.read_bytes())
    except OSError as e:
        raise ReleaseError(f"{path}: cannot be read ({e.strerror}); build again") from e
    except ValidationError as e:
        fault = e.errors(include_url=False)[0]
        field = ".".join(map(str, fault["loc"]))
        raise ReleaseError(f"{path}: not a whole manifest ({field}: {fault['msg']}); build again") from e


def describe(folder: Path) -> dict[str, File]:
    """Return hash and size of every file of a release but the manifest, and the store with its own hashes."""
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: describe_file(path)
        for name, path in names.items()
        if name not in (NAME, "store.sha256") and not name.startswith("store/")
    }


def describe_file(path: Path) -> File:
    """Return hash and size of a file."""
    with path.open("rb") as file:
        return File(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)

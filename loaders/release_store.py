"""The store of a release: loading it from sorted quads, the compact copy and its hashes, and reading back what it has.

The engine checks a block of its files when a query reads it, and a dump reads two of nine indexes: so the hashes of the
store's files are kept beside it, in ``store.sha256`` (as ``sha256sum --check`` reads it). They are not in the manifest,
because the engine gives its files other bytes each time, and the same input must give the same manifest.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_sorting import sort_lines, sorted_lines

HASHES = "store.sha256"

LOADED_BYTES = 8 * 2**20
"""Bytes of N-Quads loaded at a time, some 35,000 quads. In one go the engine's loader holds 1.4 GB for 1.5 million."""


def load(store: ox.Store, quads: Path) -> None:
    """Load a file of N-Quads, strictly.

    Raises ReleaseError where a line is no quad.
    """
    with quads.open("rb") as file:
        while lines := file.readlines(LOADED_BYTES):
            try:
                store.bulk_load(input=b"".join(lines), format=ox.RdfFormat.N_QUADS)
            except SyntaxError as e:
                raise ReleaseError(f"{quads}: a statement is no quad ({e}); mend the source that states it") from e


def copy_store(store: ox.Store, target: Path) -> None:
    """Write ``store`` to ``target`` as a compact copy without write-ahead log (a checkpoint), with its hashes."""
    with _engine(target):
        store.flush()
        store.optimize()
        store.backup(str(target))
    lines = [f"{digest}  {name}\n" for name, digest in _hashes(target).items()]
    target.with_name(HASHES).write_text("".join(lines), encoding="utf-8")


def changed_files(store: Path) -> list[str]:
    """Return those files of the store at ``store`` that are not as they were written."""
    lines = store.with_name(HASHES).read_text(encoding="utf-8", errors="replace").splitlines()
    written = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    present = _hashes(store)
    return sorted(name for name in written.keys() | present.keys() if written.get(name) != present.get(name))


def dump_stored(path: Path, target: Path, scratch: Path) -> int:
    """Write the quads of the store at ``path`` to ``target``, sorted; return their number as the engine counts it.

    Raises ReleaseError when the store is damaged.
    """
    with _engine(path):
        store = ox.Store.read_only(str(path))
        dump_sorted(store, target, scratch)
        return len(store)


def dump_sorted(store: ox.Store, target: Path, scratch: Path) -> None:
    """Write every quad of ``store``, the default graph's included, to ``target``, sorted by code point.

    ``scratch`` is a directory for the intermediate files, which are removed.
    """
    raw = scratch / "unsorted.nq"
    store.dump(str(raw), format=ox.RdfFormat.N_QUADS)
    sort_lines(raw, target, scratch)
    raw.unlink()


def stored(path: Path, scratch: Path) -> tuple[int, str]:
    """Open a store to read, and return the number of its quads as it counts them, and the SHA-256 of all, sorted.

    Raises ReleaseError when the store is damaged.
    """
    raw, digest = scratch / "stored.nq", hashlib.sha256()
    with _engine(path):
        store = ox.Store.read_only(str(path))
        store.dump(str(raw), format=ox.RdfFormat.N_QUADS)
        count = len(store)
    for lines in sorted_lines(raw, scratch):
        digest.update(b"".join(lines))
    raw.unlink()
    return count, digest.hexdigest()


def _hashes(store: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(store.iterdir()):
        with path.open("rb") as file:
            digests[f"{store.name}/{path.name}"] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


@contextmanager
def _engine(path: Path) -> Iterator[None]:
    """Tell damage that the engine finds in its files, which it raises as RuntimeError, as a fault of the release."""
    try:
        yield
    except RuntimeError as e:
        raise ReleaseError(f"{path}: the store is damaged ({e}); check the disk, and build again") from e

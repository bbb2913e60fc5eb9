"""The store of a release: the compact copy and its hashes, and what it holds as sorted lines.

The engine checks a block of its files when a query reads it, and a dump reads two of nine indexes: so the hashes of the
store's files are kept beside it, in ``store.sha256`` (as ``sha256sum --check`` reads it). They are not in the manifest,
because the engine gives its files other bytes each time, and the same input must give the same manifest.
"""

import hashlib
import re
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release_errors import engine_faults
from msevidence.loaders.release_sorting import sort_lines

HASHES = "store.sha256"
_LINE = re.compile(r"[0-9a-f]{64}  [^/]+/[^/]+")


def copy_store(store: ox.Store, target: Path) -> None:
    """Write ``store`` to ``target`` as a compact copy without write-ahead log (a checkpoint), with its hashes."""
    with engine_faults(target):
        store.flush()
        store.optimize()
        store.backup(str(target))
    lines = [f"{digest}  {name}\n" for name, digest in _hashes(target).items()]
    target.with_name(HASHES).write_text("".join(lines), encoding="utf-8")


def changed_files(store: Path) -> list[str]:
    """Return those files of the store at ``store`` that are not as they were written; a list that is none, too."""
    lines = store.with_name(HASHES).read_text(encoding="utf-8", errors="replace").splitlines()
    broken = {HASHES} if any(_LINE.fullmatch(line) is None for line in lines) else set()
    written = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    present = _hashes(store)
    changed = {name for name in written.keys() | present.keys() if written.get(name) != present.get(name)}
    return sorted(changed | broken)


def dump_stored(path: Path, target: Path, scratch: Path) -> int:
    """Write the quads of the store at ``path`` to ``target``, sorted; return their number as the engine counts it.

    Raises ReleaseError when the store is damaged.
    """
    with engine_faults(path):
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


def _hashes(store: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(store.iterdir()):
        with path.open("rb") as file:
            digests[f"{store.name}/{path.name}"] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests

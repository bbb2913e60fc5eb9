"""Checking a release against its manifest: every file's hash, the counts, the id, the default graph, the store."""

import tempfile
from pathlib import Path

from msevidence.loaders import release_manifest
from msevidence.loaders.release_described import manifest_faults
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_home import Home
from msevidence.loaders.release_index import index_fault
from msevidence.loaders.release_manifest import Manifest
from msevidence.loaders.release_nquads import default_is_merge, survey
from msevidence.loaders.release_store import HASHES, changed_files, dump_stored
from msevidence.ontology.iris import graph_iri


def verify(path: Path) -> list[str]:
    """Return the faults of a release, or of the current release of a home; none when it is as it was published."""
    home = Home(path)
    with tempfile.TemporaryDirectory(prefix="msevidence-verify-") as scratch:
        if (path / release_manifest.NAME).exists() or path.parent.name == home.releases.name:
            store = (path / "store").exists()
            return verify_release(path, Path(scratch), expected_id=path.resolve().name, store=store)
        try:
            current = home.current_id()
        except ReleaseError as e:
            return [str(e)]
        if current is None:
            return [f"{path}: no release is published here; `msevidence build` makes one"]
        return verify_release(home.releases / current, Path(scratch), expected_id=current, store=True)


def verify_release(
    folder: Path, scratch: Path, *, expected_id: str, store: bool, index: bool | None = None
) -> list[str]:
    """Return the faults of a release.

    Args:
        folder: of the release.
        scratch: a directory for intermediate files.
        expected_id: what the manifest must say that it is.
        store: whether its store is read, too.
        index: whether its index is; as the store where it is not given.
    """
    try:
        manifest = release_manifest.read(folder)
        faults = [*_id_faults(manifest, expected_id), *_file_faults(folder, manifest)]
        faults += release_manifest.form_faults(folder, manifest)
        if not faults:
            faults = _content_faults(folder, manifest, scratch)
        if store and not faults:
            faults = _store_faults(folder, manifest, scratch)
        if (store if index is None else index) and not faults and (fault := index_fault(folder)):
            faults = [f"{fault}; build again to have it made from the store"]
    except (ReleaseError, OSError) as e:
        return [str(e)]
    return faults


def _id_faults(manifest: Manifest, expected_id: str) -> list[str]:
    if manifest.release == expected_id:
        return []
    return [f"{release_manifest.NAME}: it is of release {manifest.release}, in the place of {expected_id}"]


def _file_faults(folder: Path, manifest: Manifest) -> list[str]:
    present = release_manifest.describe(folder)
    faults = [f"{name}: missing" for name in manifest.files if name not in present]
    faults += [f"{name}: not in the manifest" for name in present if name not in manifest.files]
    for name, file in present.items():
        stated = manifest.files.get(name, file)
        if file != stated:
            faults.append(
                f"{name}: {file.bytes} bytes with SHA-256 {file.sha256}; the manifest says"
                f" {stated.bytes} bytes with SHA-256 {stated.sha256}"
            )
    for name in ("data.nq", "validation.ttl"):
        if name not in manifest.files:
            faults.append(f"{release_manifest.NAME}: it names no {name}")
    return faults


def _content_faults(folder: Path, manifest: Manifest, scratch: Path) -> list[str]:
    """Faults of what ``data.nq`` holds; its bytes are known to be those that the manifest names."""
    try:
        held = survey(folder / "data.nq", graph_iri("release", base=manifest.base))
    except ValueError as e:
        return [f"data.nq: not canonical N-Quads ({e})"]
    faults = []
    if held.release != manifest.release:
        faults.append(f"data.nq: its quads have the id {held.release}, not {manifest.release}")
    for what, counted, stated in (
        ("quads", held.quads, manifest.quads),
        ("triples in the default graph", held.default_graph_triples, manifest.default_graph_triples),
        ("named graphs", len(held.graphs), len(manifest.graphs)),
        *((f"quads in {g}", held.graphs.get(g, 0), n) for g, n in manifest.graphs.items()),
    ):
        if counted != stated:
            faults.append(f"data.nq: {counted} {what}; the manifest says {stated}")
    if not default_is_merge(folder / "data.nq", scratch):
        faults.append("data.nq: the default graph is not the merge of the named graphs")
    return faults or manifest_faults(folder, manifest)


def _store_faults(folder: Path, manifest: Manifest, scratch: Path) -> list[str]:
    """Faults of the store, which must hold exactly what ``data.nq`` does, in files that are as they were written."""
    path = folder / "store"
    if not path.is_dir():
        return ["store: missing; build again to have it made from data.nq"]
    if not (folder / HASHES).is_file():
        return [f"{HASHES}: missing; remove {path.name}/ as well and build again to have both made from data.nq"]
    if changed := changed_files(path):
        return [f"{name}: not as it was written" for name in changed]
    dump = scratch / "store.nq"
    dump_stored(path, dump, scratch)
    held = release_manifest.describe_file(dump)
    dump.unlink()
    return [] if held == manifest.files["data.nq"] else ["store: it does not hold the quads of data.nq"]

"""Checking a release by what it says of itself: every file's hash, the counts, the id, the default graph, the store."""

import errno
from pathlib import Path

from msevidence.loaders import release_manifest, release_sums
from msevidence.loaders.release_described import manifest_faults
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_index import index_fault
from msevidence.loaders.release_manifest import Manifest
from msevidence.loaders.release_nquads import default_is_merge, survey
from msevidence.loaders.release_store import HASHES, changed_files, dump_stored
from msevidence.loaders.release_touched import differing_records, graph_faults, touched_graphs, touched_records
from msevidence.ontology.iris import graph_iri

UNNAMED = (
    "data.nq: the records that were touched can not be named from this file alone: its graphs agree with each other;"
    " --against a second copy of the release names them"
)


def verify_release(
    folder: Path, scratch: Path, *, expected_id: str | None, store: bool, index: bool | None = None
) -> list[str]:
    """Return the faults of a release.

    Args:
        folder: of the release.
        scratch: a directory for intermediate files.
        expected_id: what the manifest must say that it is; None where nothing else says it.
        store: whether its store is read, too.
        index: whether its index is; as the store where it is not given.

    Raises ReleaseError when there is no room in ``scratch``: that is no fault of the release.
    """
    try:
        manifest = release_manifest.read(folder)
        faults = [*_id_faults(manifest, expected_id), *_file_faults(folder, manifest)]
        if _is_changed(folder, manifest):
            faults += _touched(folder, manifest, scratch, store=store)
        if not faults:
            faults = _content_faults(folder, manifest, scratch)
        faults += [*release_manifest.form_faults(folder, manifest), *release_sums.faults(folder, manifest)]
        if store and not faults:
            faults = _store_faults(folder, manifest, scratch)
        if (store if index is None else index) and not faults and (fault := index_fault(folder)):
            faults = [f"{fault}; build again to have it made from the store"]
    except OSError as e:
        if e.errno in (errno.ENOSPC, errno.EDQUOT):
            where = e.filename or scratch
            raise ReleaseError(f"{where}: {e.strerror}; make room for what is compared, and try again") from e
        return [str(e)]
    except ReleaseError as e:
        return [str(e)]
    return faults


def written_faults(folder: Path, release: str, manifest: Manifest) -> list[str]:
    """Return the faults of a release that was written just now: what is on the disk against what was to be written.

    Its counts and hashes were taken of the lines while they were sorted, and the store read back holds the same lines:
    so what the files hold need not be counted once more.
    """
    try:
        found = release_manifest.read(folder)
        faults = [*_id_faults(found, release), *_file_faults(folder, manifest)]
        if found != manifest:
            faults.append(f"{release_manifest.NAME}: not as it was written")
        faults += [] if faults else manifest_faults(folder, manifest)
        return [*faults, *release_manifest.form_faults(folder, manifest), *release_sums.faults(folder, manifest)]
    except (ReleaseError, OSError) as e:
        return [str(e)]


def _is_changed(folder: Path, manifest: Manifest) -> bool:
    data, stated = folder / "data.nq", manifest.files.get("data.nq")
    return data.is_file() and stated is not None and release_manifest.describe_file(data) != stated


def _touched(folder: Path, manifest: Manifest, scratch: Path, *, store: bool) -> list[str]:
    """Name the graphs and records of ``data.nq`` that were touched: by the store, where it is as it was written."""
    data = folder / "data.nq"
    faults = touched_graphs(data, manifest)
    if store and not _store_damage(folder):
        dump = scratch / "store.nq"
        dump_stored(folder / "store", dump, scratch)
        if release_manifest.describe_file(dump) == manifest.files["data.nq"]:
            return [*faults, *differing_records(data, dump, scratch, "the store")]
    return [*faults, *(touched_records(data, scratch) or [UNNAMED])]


def _id_faults(manifest: Manifest, expected_id: str | None) -> list[str]:
    if expected_id is None or manifest.release == expected_id:
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
    faults += graph_faults(held.graph_sha256, manifest)
    if not default_is_merge(folder / "data.nq", scratch):
        faults.append("data.nq: the default graph is not the merge of the named graphs")
        faults += touched_records(folder / "data.nq", scratch)
    return faults or manifest_faults(folder, manifest)


def _store_faults(folder: Path, manifest: Manifest, scratch: Path) -> list[str]:
    """Faults of the store, which must hold exactly what ``data.nq`` does, in files that are as they were written."""
    if damage := _store_damage(folder):
        return damage
    dump = scratch / "store.nq"
    dump_stored(folder / "store", dump, scratch)
    if release_manifest.describe_file(dump) == manifest.files["data.nq"]:
        return []
    told = differing_records(folder / "data.nq", dump, scratch, "the store")
    return ["store: it does not hold the quads of data.nq", *told]


def _store_damage(folder: Path) -> list[str]:
    """Return what is wrong with the files of a store."""
    path = folder / "store"
    if not path.is_dir():
        return ["store: missing; build again to have it made from data.nq"]
    if not (folder / HASHES).is_file():
        return [f"{HASHES}: missing; remove {path.name}/ as well and build again to have both made from data.nq"]
    return [f"{name}: not as it was written" for name in changed_files(path)]

"""Publishing a release: one built, validated, immutable version of the graph.

A release is built in a directory of its own and checked there as a stranger would check it; only then one rename puts
it in place and one more moves the link ``current``. Whatever happens before, the release served stays served.
Its id is the SHA-256 over its sorted quads, so that the same input has the same id, and is published once.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import pyoxigraph as ox

from msevidence.loaders import release_manifest, release_sums
from msevidence.loaders.index_apart import indexing
from msevidence.loaders.release_check import verify_release, written_faults
from msevidence.loaders.release_content import Content, write_content, write_with
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_graph import release_quads, timestamp
from msevidence.loaders.release_home import Home, building, prune, put, switch, sync_tree
from msevidence.loaders.release_index import HASH, INDEX, index_fault, write_index
from msevidence.loaders.release_lines import Stated, canonical, in_order
from msevidence.loaders.release_loading import Loading, load, loading
from msevidence.loaders.release_manifest import Manifest, Source
from msevidence.loaders.release_read_back import Fingerprint, read_back
from msevidence.loaders.release_sorting import Runs, blocks
from msevidence.loaders.release_store import HASHES, changed_files, copy_store
from msevidence.ontology.iris import graph_iri

RESERVED = (
    (),
    *((name,) for name in ("store", HASHES, INDEX, HASH, "data.nq", *release_manifest.OUTSIDE, "validation.ttl")),
)

APART_BYTES = 32 * 2**20
"""Of N-Quads, from which the index is made in a process of its own, beside loading and checking the store: starting
one takes as long as the index of a small graph does."""

Stage = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """A release in its place; ``already_published`` when the same graph had been published before."""

    path: Path
    manifest: Manifest
    already_published: bool

    @property
    def id(self) -> str:
        return self.manifest.release


@dataclass(frozen=True)
class _Parts:
    """What a release is made from beside its quads."""

    base: str
    version: str
    built: datetime
    sources: Sequence[Source]
    validation_report: str
    extra_files: Mapping[str, bytes]


def publish(
    quads: Iterable[Stated] | Runs,
    home: Path,
    *,
    base: str,
    version: str,
    sources: Sequence[Source],
    validation_report: str,
    built: datetime,
    extra_files: Mapping[str, bytes] = MappingProxyType({}),
    stage: Stage = lambda name: None,
) -> Release:
    """Publish ``quads`` as the current release of ``home``.

    Args:
        quads: quads of named graphs, or whole lines of N-Quads, without blank nodes, or lines that were checked and
            sorted (:func:`release_lines.in_order`); the default graph is made from them (their RDF merge).
        home: ``MSEVIDENCE_HOME``.
        base: base of the IRIs of the data.
        version: version of the product.
        sources: the files that the quads come from.
        validation_report: SHACL report, in Turtle.
        built: the time of the build, with time zone; kept in the graph ``release`` and the manifest only.
        extra_files: further files of the release (ontology, shapes): relative path, content.
        stage: told the name of each stage as it is reached.

    Raises:
        UnpublishableError: a quad may not be published.
        BusyError: another build of this home is under way.
        ReleaseError: the disk or the store failed, or what was written is not what was meant.
    """
    parts = _Parts(base, version, built, sources, validation_report, extra_files)
    timestamp(built)
    try:
        with building(Home(home)):
            return _Publication(Home(home), parts, stage).run(quads)
    except OSError as e:
        raise ReleaseError(
            f"{e.filename or home}: the release could not be written ({e.strerror or e});"
            " the one served before is unchanged; make room or mend the permissions, and build again"
        ) from e


class _Publication:
    """One run of :func:`publish`, under the lock of its home."""

    def __init__(self, home: Home, parts: _Parts, stage: Stage) -> None:
        self.home = home
        self.parts = parts
        self.stage = stage
        self.graph = str(graph_iri("release", base=parts.base))

    def run(self, quads: Iterable[Stated] | Runs) -> Release:
        self.stage("started")
        named = quads if isinstance(quads, Runs) else in_order(quads, self.graph, self.home.work)
        place = self.home.work / "store"
        path = self.home.work / "content.nq"
        with loading(ox.Store(str(place)), place) as load:
            waits = self._is_likely_known()
            content = write_content(named.merged(), path, _held_back if waits else load.add)
            release = content.sha256
            self.stage("hashed")
            target = self.home.releases / release
            if not target.exists():
                for lines in blocks(path) if waits else ():
                    load.add(b"".join(lines))
                return self._new(release, content, load)
        return self._again(target)

    def _is_likely_known(self) -> bool:
        """Say whether the release that is served was built from the same files by the same version.

        Then its graph is most likely this one, which would be loaded in vain. Only its id tells: a program that is
        being changed makes another one of the same files.
        """
        served = self.home.current_id()
        if served is None:
            return False
        try:
            known = release_manifest.read(self.home.releases / served)
        except ReleaseError:
            return False
        return known.version == self.parts.version and list(known.sources) == list(self.parts.sources)

    def _new(self, release: str, content: Content, load: Loading) -> Release:
        """Publish a release that was not published before, whose lines are being loaded."""
        new, target = self.home.releases / f".new-{release}", self.home.releases / release
        new.mkdir()
        content = self._describe(new, release, content, load)
        self.stage("described")
        with indexing(new, self.parts.base, self.home.work, apart=content.bytes > APART_BYTES) as index:
            store = load.finish()
            self.stage("loaded")
            copy_store(store, new / "store")
            del store
            self.stage("copied")
            _compare(new, content.fingerprint)
            self.stage("dumped")
            manifest = self._finish(new, release, content)
            index.wait()
        self.stage("indexed")
        if faults := written_faults(new, release, manifest) or _derived_faults(new):
            raise ReleaseError(
                f"{new}: what was written is not what was built: {faults[0]}; check the disk, build again"
            )
        self.stage("checked")
        sync_tree(new)
        self.stage("synced")
        put(new, target)
        self.stage("placed")
        self._serve(release)
        return Release(target, manifest, already_published=False)

    def _describe(self, new: Path, release: str, content: Content, load: Loading) -> Content:
        """Write all files but the manifest, the quads with the graph ``release`` among them."""
        files = {_inside(name): content for name, content in self.parts.extra_files.items()}
        files[PurePosixPath("validation.ttl")] = self.parts.validation_report.encode()
        for name, written in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written)
        report = release_manifest.describe_file(new / "validation.ttl")
        own = release_quads(self.parts.base, release, self.parts.version, self.parts.built, report.sha256)
        lines = [line for some in canonical(own, "") for line in some]
        without = self.home.work / "content.nq"
        described = write_with(content, without, lines, new / "data.nq", load.add)
        without.unlink()
        return described

    def _finish(self, new: Path, release: str, content: Content) -> Manifest:
        """Write the manifest, and the hashes of all files."""
        manifest = Manifest(
            release=release,
            version=self.parts.version,
            built=timestamp(self.parts.built),
            base=self.parts.base,
            quads=content.quads,
            default_graph_triples=content.default_graph_triples,
            graphs=content.graphs,
            sources=list(self.parts.sources),
            files=release_manifest.describe(new),
            graph_sha256=content.graph_sha256,
        )
        release_manifest.write(new, manifest)
        release_sums.write(new, manifest)
        self.stage("described in full")
        return manifest

    def _again(self, target: Path) -> Release:
        """Serve the release that the same graph was published as before; what was pruned of it is made anew.

        Its index, which is made from its quads alone, is also made anew where it is damaged or of an older format.
        """
        missing = not (target / "store").is_dir()
        faults = verify_release(target, self.home.work, expected_id=target.name, store=not missing, index=False)
        if faults:
            raise ReleaseError(
                f"{target}: the same graph was published before, and is damaged: {faults[0]};"
                " move that directory away and build again"
            )
        manifest = release_manifest.read(target)
        if missing:
            self._restore(target)
        if index_fault(target) is not None:
            self._index_again(target, manifest)
        if not (target / release_manifest.SUMS).exists():
            self._sums_again(target, manifest)
        self._serve(target.name)
        return Release(target, manifest, already_published=True)

    def _restore(self, target: Path) -> None:
        store = ox.Store(str(self.home.work / "restored"))
        held = load(store, target / "data.nq")
        new = self.home.releases / f".new-{target.name}"
        new.mkdir()
        copy_store(store, new / "store")
        del store
        _compare(new, held)
        if changed := changed_files(new / "store"):
            raise ReleaseError(f"{new}: {changed[0]} is not as it was written; check the disk, and build again")
        sync_tree(new)
        put(new / HASHES, target / HASHES)
        put(new / "store", target / "store")

    def _index_again(self, target: Path, manifest: Manifest) -> None:
        """Make the index of a release in its place; a build that dies between the two renames leaves a fault, told."""
        new = self.home.releases / f".new-{target.name}"
        shutil.rmtree(new, ignore_errors=True)  # what is left of the one that the store came from
        new.mkdir()
        write_index(new, manifest.base, self.home.work, target / "data.nq")
        sync_tree(new)
        put(new / INDEX, target / INDEX)
        put(new / HASH, target / HASH)

    def _sums_again(self, target: Path, manifest: Manifest) -> None:
        """Write the hashes of a release of a version that wrote none, whose files are as they were published."""
        new = self.home.work / release_manifest.SUMS
        release_sums.write(target, manifest, new)
        put(new, target / release_manifest.SUMS)

    def _serve(self, release: str) -> None:
        previous = self.home.current_id()
        if previous != release:
            switch(self.home, release)
        self.stage("switched")
        prune(self.home, _newest_first(self.home), previous)
        self.stage("pruned")


def _held_back(lines: bytes) -> None:
    """Take lines that are not loaded before it is known whether they have to be."""


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[:1] in RESERVED:
        raise ValueError(f"{name!r} is no name for a further file of a release")
    return path


def _compare(new: Path, data: Fingerprint) -> None:
    """Read the store of a release back, which must hold the lines of its ``data.nq``."""
    if read_back(new / "store") != data:
        raise ReleaseError(f"{new}: the store does not hold what data.nq does; check the disk, and build again")


def _derived_faults(new: Path) -> list[str]:
    """Return what is not as it was written of the files that the manifest does not name."""
    fault = index_fault(new)
    return [*changed_files(new / "store"), *([fault] if fault else [])]


def _newest_first(home: Home) -> list[str]:
    stores = [path.parent for path in home.releases.glob("*/store")]
    built = {path.name: release_manifest.read(path).built for path in stores}
    return sorted(built, key=lambda release: (built[release], release), reverse=True)

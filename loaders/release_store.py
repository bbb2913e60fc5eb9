"""The store of a release: which quads may go in, the default graph made from them, the compact copy and its hashes.

The engine checks a block of its files when a query reads it, and a dump reads two of nine indexes: so the hashes of the
store's files are kept beside it, in ``store.sha256`` (as ``sha256sum --check`` reads it). They are not in the manifest,
because the engine gives its files other bytes each time, and the same input must give the same manifest.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release_errors import ReleaseError, UnpublishableError
from msevidence.loaders.release_nquads import sort_lines

HASHES = "store.sha256"

# Quads loaded at a time. In one go the engine's loader held 350 MB for 300,000 quads; so it holds 80, in the same time.
CHUNK = 20_000


def load(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Load quads into ``store``, and those of named graphs into its default graph as well: their RDF merge.

    The default graph is a set, so a triple that stands in three graphs stands in it once (SPARQL 1.1 Query §18.5).
    """
    both = (copy for quad in quads for copy in (quad, ox.Quad(quad.subject, quad.predicate, quad.object)))
    while chunk := list(islice(both, CHUNK)):
        store.bulk_extend(chunk)


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
    lines = store.with_name(HASHES).read_text(encoding="utf-8").splitlines()
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


def publishable(quads: Iterable[ox.Quad], release_graph: str) -> Iterator[ox.Quad]:
    """Yield ``quads``, raising UnpublishableError at the first that may not be published."""
    for quad in quads:
        graph = quad.graph_name
        if not isinstance(graph, ox.NamedNode):
            raise UnpublishableError(f"{quad}: stands in no graph with an IRI; give it the graph of its source")
        if graph.value == release_graph:
            raise UnpublishableError(f"{quad}: the release writes {release_graph} itself; name another graph")
        if not isinstance(quad.subject, ox.NamedNode) or isinstance(quad.object, ox.BlankNode | ox.Triple):
            raise UnpublishableError(
                f"{quad}: blank nodes and triple terms are not published; mint an IRI for the node"
            )
        yield quad


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

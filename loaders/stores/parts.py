"""A release as the graphs that a store gets: each by itself, on disk, as sorted lines of canonical N-Triples."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from msevidence.loaders import release_manifest
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_manifest import Manifest
from msevidence.loaders.release_nquads import split_line
from msevidence.loaders.stores.reading import digest
from msevidence.ontology.iris import graph_iri

RELEASE_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Part:
    """One graph of a release."""

    graph: str
    """Its name; empty for the default graph."""
    path: Path
    count: int
    sha256: str

    def lines(self) -> list[bytes]:
        """Return its triples as lines."""
        return self.path.read_bytes().splitlines(keepends=True)


@dataclass(frozen=True)
class Parts:
    """The graphs of a release, its graph ``release`` last."""

    manifest: Manifest
    graphs: tuple[Part, ...]
    default: Part

    @property
    def release_graph(self) -> str:
        return str(graph_iri("release", base=self.manifest.base))


@contextmanager
def taken_apart(folder: Path) -> Iterator[Parts]:
    """Take the release in ``folder`` apart, in a temporary folder.

    Raises:
        ReleaseError: its ``data.nq`` is not what its manifest says.
    """
    manifest = release_manifest.read(folder)
    data = folder / "data.nq"
    try:
        stated = manifest.files.get("data.nq")
        if stated is None or release_manifest.describe_file(data).sha256 != stated.sha256:
            raise ReleaseError(f"{data}: is not the file that the manifest names; run msevidence verify")
        with TemporaryDirectory(prefix="msevidence-") as scratch:
            yield _parts(manifest, data, Path(scratch))
    except OSError as e:
        where = e.filename or (gettempdir() if e.errno == errno.ENOSPC else data)  # what is read is not full
        raise ReleaseError(f"{where}: {e.strerror or e}; make room, or mend the permissions") from e


def _parts(manifest: Manifest, data: Path, scratch: Path) -> Parts:
    numbers = {graph: number for number, graph in enumerate(["", *manifest.graphs])}
    paths = {graph: scratch / f"{number}.nt" for graph, number in numbers.items()}
    with ExitStack() as stack:
        files = {f"<{g}>".encode() if g else b"": stack.enter_context(p.open("wb")) for g, p in paths.items()}
        with data.open("rb") as lines:
            for line in lines:
                triple, graph = split_line(line)
                files[graph].write(triple + b" .\n")
    last = str(graph_iri("release", base=manifest.base))
    found = [_part(graph, paths[graph]) for graph in sorted(manifest.graphs, key=lambda g: (g == last, g))]
    return Parts(manifest, tuple(found), _part("", paths[""]))


def _part(graph: str, path: Path) -> Part:
    lines = path.read_bytes().splitlines(keepends=True)
    return Part(graph, path, len(lines), digest(lines))

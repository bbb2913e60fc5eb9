"""What a release says of itself in its graphs, held against its manifest: version, build time, report, sources.

The id of a release covers neither its manifest nor its graph ``release``, so that a changed date in one of them would
not show; they state the same facts, and the graph ``meta``, which the id covers, states the source files.
"""

import io
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from rdflib import DCTERMS, PROV

from msevidence.loaders.release_graph import DCAT, SPDX
from msevidence.loaders.release_manifest import NAME, Manifest
from msevidence.loaders.release_nquads import split_line
from msevidence.ontology.iris import Kind, graph_iri, mint
from msevidence.ontology.namespaces import MSE

_PIECE_BYTES = 2**16


def manifest_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Return where the manifest of the release in ``folder`` differs from what ``data.nq`` says."""
    base, release = manifest.base, manifest.release
    this = str(mint(Kind.RELEASE, release, base=base))
    report = str(mint(Kind.CHECKSUM, f"{release}.validation", base=base))
    data = folder / "data.nq"
    own, meta = _graphs(data, graph_iri("release", base=base), graph_iri("meta", base=base))
    faults = []
    for key, stated, subject, predicate in (
        ("release", manifest.release, this, DCTERMS.identifier),
        ("version", manifest.version, this, DCAT.version),
        ("built", manifest.built, this, DCTERMS.issued),
        ("files.validation.ttl.sha256", manifest.files["validation.ttl"].sha256, report, SPDX.checksumValue),
    ):
        if (said := own.values(subject, predicate)) != {stated}:
            faults.append(f"{NAME}: {key} is {stated}; the graph release says {', '.join(sorted(said)) or 'nothing'}")
    stated_files, said_files = {(s.path, s.sha256) for s in manifest.sources}, _files(meta)
    if said_files:  # a graph that was not made from files says nothing of them
        for path, sha256 in sorted(stated_files ^ said_files):
            where = "the manifest, not in the graph meta" if (path, sha256) in stated_files else "the graph meta only"
            faults.append(f"{NAME}: sources: {path} with SHA-256 {sha256} stands in {where}")
    return faults


class _Graph:
    """One named graph, by subject and predicate."""

    def __init__(self, lines: list[bytes]) -> None:
        self._values: dict[tuple[str, str], set[str]] = {}
        for quad in ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                self._values.setdefault((quad.subject.value, quad.predicate.value), set()).add(quad.object.value)

    def values(self, subject: str, predicate: str) -> set[str]:
        return self._values.get((subject, str(predicate)), set())

    def objects(self, predicate: str) -> Iterable[str]:
        return sorted({value for (_, p), values in self._values.items() if p == str(predicate) for value in values})


def _graphs(data: Path, *graphs: str) -> list[_Graph]:
    """Read some named graphs of a file of sorted canonical N-Quads in one pass.

    Lines that speak of one thing stand together, so that most pieces of the file have none of a small graph, and are
    not taken apart.
    """
    found: dict[bytes, list[bytes]] = {f"<{graph}>".encode(): [] for graph in graphs}
    with data.open("rb") as file:
        while piece := file.read(_PIECE_BYTES) + file.readline():
            for graph, lines in found.items():
                end = graph + b" .\n"  # also of a triple about that graph, so lines that end so are looked at
                if end in piece:
                    lines += (x for x in io.BytesIO(piece) if x.endswith(end) and split_line(x)[1] == graph)
    return [_Graph(lines) for lines in found.values()]


def _files(meta: _Graph) -> set[tuple[str, str]]:
    """Return path and hash of every file that a graph was made from."""
    return {
        (path, sha256)
        for file in meta.objects(PROV.wasDerivedFrom)
        for path in meta.values(file, MSE.sourceFile)
        for sha256 in meta.values(file, MSE.sha256)
    }

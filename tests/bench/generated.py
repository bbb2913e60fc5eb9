"""Large graphs of the real graph's shape, from a seed: as a stream of N-Quads, as a file, or as a home to serve.

    python -m tests.bench.generated --studies 10000 --nquads /tmp/large.nq
    python -m tests.bench.generated --studies 10000 --home /tmp/large

10,000 studies are about 1.5 million triples, 100,000 about 15 million. The units are copies of a part of the real graph
(tests/bench/generated_shape.py): studies, registrations with cross-links, publications, documents with references, and
claims with pointers and anchors, each copy with numbers, names, words and values of its own.
"""

import io
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click
import pyoxigraph as ox
from rdflib import PROV

from msevidence.loaders.ontology_graph import ontology_files
from msevidence.loaders.partitions import Tally
from msevidence.loaders.release import Release, publish
from msevidence.loaders.release_lines import canonical, in_order
from msevidence.loaders.release_manifest import Source
from msevidence.ontology.iris import graph_iri
from msevidence.ontology.namespaces import BASE, MSE
from tests.bench.generated_shape import Shape, real_shape
from tests.bench.generated_template import Template

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""The time that a generated release states, so that the same call gives the same bytes."""
REPORT = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://w3id.org/msevidence/report/validation> a sh:ValidationReport ; sh:conforms true .
"""
"""Stands in for the report of a release that is made for measuring, and is validated by whoever measures that."""
_LINES = 20_000


def quads(studies: int, seed: int = 1, shape: Shape | None = None) -> Iterator[bytes]:
    """Yield the lines of a graph with ``studies`` studies: N-Quads, of named graphs only, each with its newline.

    The same arguments give the same lines; none is a blank node's, and none comes twice in one graph. The default
    graph, which a release makes from them, is their merge.

    Args:
        studies: how many; the last ones, where they are not a whole unit, have their registrations only.
        seed: what is drawn follows from it.
        shape: what to copy; that of ``data/`` where it is not given.
    """
    shape = shape or real_shape()
    for quad in dict.fromkeys(shape.once):
        yield f"{quad} .\n".encode()
    copies, rest = divmod(studies, len(shape.studies))
    if copies:
        template = Template(shape.unit, seed)
        for copy in range(copies):
            yield from template.filled(copy)
    if rest:
        yield from Template(shape.of_studies(set(shape.studies[:rest])), seed).filled(copies)


def parsed(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    """Yield the quads of lines, some thousand parsed at a time."""
    for chunk in _together(lines):
        yield from ox.parse(io.BytesIO(chunk), format=ox.RdfFormat.N_QUADS)


def _together(lines: Iterable[bytes]) -> Iterator[bytes]:
    lines = iter(lines)
    while chunk := b"".join(islice(lines, _LINES)):
        yield chunk


def home(folder: Path, studies: int, seed: int = 1, shape: Shape | None = None) -> Release:
    """Publish a generated graph as the current release of the home ``folder``, as ``msevidence serve --home`` reads it.

    It has the counts by class and property of its own graph, as a build makes them; it is not validated.

    Raises ReleaseError when the disk or the store fails.
    """
    shape = shape or real_shape()
    folder.mkdir(parents=True, exist_ok=True)
    reserved = graph_iri("release")
    lines = in_order(_together(quads(studies, seed, shape)), reserved, folder)
    for some in canonical(Tally(lines.merged()).statements(), reserved):
        lines.add(some)
    return publish(
        lines,
        folder,
        base=BASE,
        version="0+generated",
        sources=list(_sources(shape)),
        validation_report=REPORT,
        built=BUILT,
        extra_files=ontology_files(),
    )


def _sources(shape: Shape) -> Iterator[Source]:
    """Yield the files that the real graph was made from, which the copy of its graph ``meta`` names."""
    meta = [q for q in (*shape.once, *shape.unit) if q.graph_name == ox.NamedNode(f"{BASE}graph/meta")]
    named = {(q.subject.value, q.predicate.value): q.object.value for q in meta}  # type: ignore[union-attr]
    for file in sorted({q.object.value for q in meta if q.predicate.value == str(PROV.wasDerivedFrom)}):  # type: ignore[union-attr]
        if (path := named.get((file, str(MSE.sourceFile)))) is not None:
            yield Source(path, named[file, str(MSE.sha256)])


def write(path: Path, studies: int, seed: int = 1, shape: Shape | None = None) -> int:
    """Write the lines of a generated graph to ``path``; return how many there are."""
    count = 0
    with path.open("wb") as out:
        lines = quads(studies, seed, shape)
        while chunk := list(islice(lines, _LINES)):
            out.writelines(chunk)
            count += len(chunk)
    return count


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--studies", type=click.IntRange(1), default=10_000)
@click.option("--seed", type=int, default=1)
@click.option("--nquads", type=click.Path(dir_okay=False, path_type=Path), help="Write the named graphs there.")
@click.option("--home", "folder", type=click.Path(file_okay=False, path_type=Path), help="Publish a release there.")
def main(studies: int, seed: int, nquads: Path | None, folder: Path | None) -> None:
    """Make a large graph of the real graph's shape."""
    if nquads is None and folder is None:
        raise click.UsageError("Say where to: --nquads FILE or --home FOLDER.")
    shape = real_shape()
    if nquads is not None:
        started = time.perf_counter()
        count = write(nquads, studies, seed, shape)
        seconds = time.perf_counter() - started
        print(f"{count:,} quads in {seconds:.1f} s ({count / seconds:,.0f} a second): {nquads}", file=sys.stderr)
    if folder is not None:
        started = time.perf_counter()
        release = home(folder, studies, seed, shape)
        seconds = time.perf_counter() - started
        print(
            f"{release.manifest.default_graph_triples:,} triples, {release.manifest.quads:,} quads in {seconds:.1f} s:"
            f" {release.path}",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()

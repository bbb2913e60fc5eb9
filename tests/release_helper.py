"""A small graph to publish, and a process that publishes it and dies on the way, as the tests ask.

    python release_helper.py HOME WORD STAGE|- [MAX_FILE_BYTES]

kills itself with SIGKILL at STAGE; with MAX_FILE_BYTES no file may grow larger, as on a disk that is full.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders import release_manifest, release_sums
from msevidence.loaders.release import Release, publish
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_manifest import Source

BASE = "https://w3id.org/msevidence/"
BUILT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
RELEASE_GRAPH = BASE + "graph/release"


def quad(subject: str, text: str, graph: str) -> ox.Quad:
    """Return a quad that says of ``subject`` that its label is ``text``."""
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    return ox.Quad(
        ox.NamedNode(BASE + subject), label, ox.Literal(text, language="en"), ox.NamedNode(BASE + "graph/" + graph)
    )


def small_graph(word: str = "one") -> list[ox.Quad]:
    """Return ten quads of three graphs (3,000 for the word ``large``); one triple stands in all three."""
    shared = [quad("study/mist", "MIST", graph) for graph in ("meta", "studies", "review")]
    return shared + [quad(f"study/s{n}", f"{word} {n}", "studies") for n in range(2_997 if word == "large" else 7)]


def publish_small(
    home: Path,
    quads: Iterable[ox.Quad] | None = None,
    *,
    built: datetime = BUILT,
    extra_files: Mapping[str, bytes] | None = None,
    stage: Callable[[str], None] = lambda name: None,
) -> Release:
    """Publish a small graph to ``home``."""
    return publish(
        small_graph() if quads is None else quads,
        home,
        base=BASE,
        version="0.1.0",
        sources=[Source("studies.yaml", "0" * 64)],
        validation_report="# conforms\n",
        built=built,
        extra_files={"ontology/core.ttl": b"# core\n"} if extra_files is None else extra_files,
        stage=stage,
    )


def agree(folder: Path) -> None:
    """Let ``SHA256SUMS`` agree with a manifest that was changed, as a careful hand would."""
    release_sums.write(folder, release_manifest.read(folder))


def main(home: str, word: str, doomed: str, max_file_bytes: str | None = None) -> int:
    def stage(name: str) -> None:
        print(name, flush=True)
        if name == doomed:
            os.kill(os.getpid(), signal.SIGKILL)

    if max_file_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(max_file_bytes), resource.RLIM_INFINITY))
    try:
        print(publish_small(Path(home), small_graph(word), stage=stage).id)
    except ReleaseError as e:
        print(e, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Releases and servers for the tests: a release made from N-Quads, published in one step, and a real server over it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release_index import write_index
from msevidence.loaders.release_store import copy_store
from msevidence.server.settings import Settings

BASE = "https://w3id.org/msevidence/"
ONTOLOGY = b"<a:Class> a <http://www.w3.org/2002/07/owl#Class> .\n"


def publish(home: Path, nquads: bytes, *, merge: bool = True, lenient: bool = False) -> str:
    """Make a release of these quads, let `current` point to it, and return its id.

    With `merge` the default graph gets the triples of all named graphs beside its own, as in a built release.
    """
    quads = list(ox.parse(nquads, ox.RdfFormat.N_QUADS, lenient=lenient))
    if merge:
        quads += [ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    quads = list(dict.fromkeys(quads))
    lines = sorted(f"{quad} ." for quad in quads)
    data = "".join(line + "\n" for line in lines).encode()
    release = hashlib.sha256(data).hexdigest()
    folder = home / "releases" / release
    if not folder.exists():
        work = home / "work"
        shutil.rmtree(work, ignore_errors=True)
        new = home / "releases" / ".new"
        new.mkdir(parents=True)
        store = ox.Store(str(work))
        store.bulk_extend(quads)
        copy_store(store, new / "store")
        del store
        (new / "data.nq").write_bytes(data)
        write_index(new, BASE, home)
        (new / "ontology").mkdir()
        (new / "ontology" / "core.ttl").write_bytes(ONTOLOGY)
        counts = Counter(quad.graph_name for quad in quads)
        manifest = {
            "release": release,
            "version": "0",
            "built": "2024-01-02T03:04:05Z",
            "base": BASE,
            "quads": len(quads),
            "default_graph_triples": counts.pop(ox.DefaultGraph(), 0),
            "graphs": {graph.value: count for graph, count in counts.items() if not isinstance(graph, ox.DefaultGraph)},
            "files": {
                "data.nq": {"sha256": release, "bytes": len(data)},
                "ontology/core.ttl": {"sha256": hashlib.sha256(ONTOLOGY).hexdigest(), "bytes": len(ONTOLOGY)},
            },
        }
        (new / "manifest.json").write_text(json.dumps(manifest))
        new.rename(folder)
    link = home / "link"
    link.symlink_to(Path("releases") / release)
    link.replace(home / "current")
    return release


@contextmanager
def running(home: Path, settings: Settings | None = None) -> Iterator[str]:
    """Run a real server over a home in a process of its own; give its address, with `/sparql` at the end."""
    settings = settings or Settings()
    code = (
        "import sys; from pathlib import Path; from msevidence.server.serving import serve; "
        "from msevidence.server.settings import Settings; "
        f"serve(Path(sys.argv[1]), '127.0.0.1', 0, {settings!r})"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.fullmatch(r"(http://127\.0\.0\.1:\d+)\n", line)
        assert match is not None, f"the server printed {line!r} instead of its address"
        yield match[1] + "/sparql"
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def quick(**changes: object) -> Settings:
    """Return settings for tests: short deadlines, small limits."""
    return replace(Settings(deadline=2.0, page_deadline=2.0, cache_bytes=0), **changes)  # type: ignore[arg-type]

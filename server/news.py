"""What is new in a release: its sources and the sizes of its graphs beside those of the release before it.

This is what the two manifests tell, for the home page; what changed in the content is told at ``/changes``
(``diff_read.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from msevidence.server.releases import Release, all_releases

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class News:
    """The difference between two releases."""

    before: Release
    sources: Sequence[tuple[str, str]]
    """Path of a source file, and ``new``, ``changed`` or ``gone``."""
    graphs: Sequence[tuple[str, int, int]]
    """Named graph, its statements before and now; those of the same size are left out."""


def before(home: Path, release: Release) -> Release | None:
    """Return the release that was built last before this one and is kept, None where this is the first."""
    return next((one for one in all_releases(home) if one.built < release.built and one.id != release.id), None)


def news(release: Release, earlier: Release) -> News:
    """Return what is new in a release since an earlier one."""
    now, then = _sources(release.path), _sources(earlier.path)
    told = {
        **{path: "new" for path in now.keys() - then.keys()},
        **{path: "gone" for path in then.keys() - now.keys()},
        **{path: "changed" for path in now.keys() & then.keys() if now[path] != then[path]},
    }
    graphs = sorted({*release.graphs, *earlier.graphs})
    sizes = [(graph, earlier.graphs.get(graph, 0), release.graphs.get(graph, 0)) for graph in graphs]
    return News(earlier, sorted(told.items()), [one for one in sizes if one[1] != one[2]])


@lru_cache(maxsize=8)
def _sources(path: Path) -> Mapping[str, str]:
    manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    return {str(source["path"]): str(source["sha256"]) for source in manifest["sources"]}

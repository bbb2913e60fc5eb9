"""The release as an RO-Crate 1.2 (https://www.researchobject.org/ro-crate/specification/1.2/), a folder or a zip.

All that an agency takes in at once: statements with shapes and validation report, tables, references, identity
decisions, descriptions, where it all comes from, who may use what, and the hash of each file. The parts are the exports
of their own formats, whole or of what was chosen; the sources are named with their hashes, and not included.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from msevidence.loaders.release_manifest import NAME as MANIFEST
from msevidence.loaders.release_manifest import SUMS
from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import ExportError, Files, Handover
from msevidence.server.exports.ro_crate_metadata import METADATA, PREVIEW, metadata
from msevidence.server.exports.ro_crate_preview import preview

FOLDERS: Mapping[str, str] = {
    "nquads": "data",
    "csvw": "tables",
    "html-tables": "report-tables",
    "docx": "report-tables",
    "ris": "references",
    "sssom": "identity",
    "dcat": "description",
    "void": "description",
}
"""Format → folder of the crate."""
WHOLE = ("dcat", "void")
"""Formats that describe the whole release, and go along with the whole only."""


def write(handover: Handover) -> Files:
    """Write the crate: the files, their metadata, a page to look at it, and the hashes of all of these."""
    parts = _parts(handover)
    size = len(_sums({**parts, METADATA: b"", PREVIEW: b""}))
    graph = metadata(handover, parts, size)
    files = {
        METADATA: (json.dumps(graph, ensure_ascii=False, indent=2) + "\n").encode(),
        PREVIEW: preview(graph, handover.language).encode(),
        **parts,
    }
    return {**files, SUMS: _sums(files)}


def _parts(handover: Handover) -> dict[str, bytes]:
    """Return the exports that the crate is made of; a format that has nothing of what was chosen is left out."""
    files: dict[str, bytes] = {}
    for name, folder in FOLDERS.items():
        if name in WHOLE and not handover.scope.whole:
            continue
        try:
            made = EXPORTS[name].write(handover)
        except ExportError:
            continue
        files |= {f"{folder}/{file}": content for file, content in made.items() if file != SUMS}
    files[f"release/{MANIFEST}"] = (handover.release.path / MANIFEST).read_bytes()
    return dict(sorted(files.items()))


def _sums(files: Files) -> bytes:
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "".join(lines).encode()

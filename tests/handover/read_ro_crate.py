"""Reads back a crate: the statements that its metadata names as a file of N-Quads."""

from __future__ import annotations

import json

from msevidence.server.exports.handover import Files
from tests.handover import read_rdf
from tests.handover.kept import Said


def read(files: Files) -> Said:
    """Return what the crate's statements say."""
    entities = json.loads(files["ro-crate-metadata.json"])["@graph"]
    (name,) = [entity["@id"] for entity in entities if entity["@id"].endswith(".nq")]
    return read_rdf.read({name: files[name]})

"""Reads back the exports in RDF: what every subject says, in any syntax."""

from __future__ import annotations

from pathlib import PurePosixPath

import pyoxigraph as ox

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said

SYNTAXES = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
STATED_IN = "https://w3id.org/msevidence/ontology#statedIn"
LANGUAGE = "http://purl.org/dc/terms/language"


def read(files: Files) -> Said:
    """Return what the first file says, or each of several; what goes along (shapes, the report) is no part of it."""
    names = [name for name in files if name.endswith(".trig")] if len(files) > 100 else list(files)[:1]
    said: dict[str, set[str]] = {}
    passages: dict[str, str] = {}
    for name in names:
        for quad in ox.parse(files[name], format=SYNTAXES[PurePosixPath(name).suffix]):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                said.setdefault(quad.subject.value, set()).add(quad.object.value)
                if quad.predicate.value == STATED_IN:
                    passages[quad.subject.value] = quad.object.value
    for thing, passage in passages.items():  # the language stands on the passage
        said[thing] |= {text for text in said.get(passage, ()) if len(text) == 2}
    return said

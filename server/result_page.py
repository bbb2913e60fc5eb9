"""A result as a person reads it: what ``excerpt`` wrote, made into the rows of a table, for ``result.html``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from msevidence.ontology.iris import BASE
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS
from msevidence.server.labels import PREFIXES, Text, choose, outside_link, short
from msevidence.server.releases import Release
from msevidence.server.resources import local_path

NAMES = (
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["rdfs"] + "label",
    PREFIXES["dcterms"] + "title",
    PREFIXES["foaf"] + "name",
    PREFIXES["mse"] + "claimText",
    PREFIXES["mse"] + "text",
)
"""The properties that name a thing beside its IRI, the best first."""
LENGTH = 120
"""Characters of such a name that are shown; the thing's own page has all of it."""
TITLES = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"} | {
    "turtle": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
"""What the formats are called in links, in the order of the links."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its words, where they lead, and what they are."""

    text: str
    kind: str
    """``iri``, ``literal`` or ``other``."""
    iri: str = ""
    path: str | None = None
    """Path on this server, of a thing of the graph."""
    outside: str | None = None
    """Address elsewhere."""
    language: str = ""
    datatype: str = ""
    name: Text | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a page shows of a result: rows, or a graph as text, or an answer to ASK."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell | None]] = ()
    total: int = 0
    boolean: bool | None = None
    turtle: str | None = None
    size: int | None = None
    """Bytes of a graph in Turtle; None for what is no graph."""

    @property
    def formats(self) -> Mapping[str, str]:
        """The files that the whole result can be had as: name of the format and its title."""
        names = RESULT_FORMATS if self.size is None else RDF_FORMATS
        return {name: title for name, title in TITLES.items() if name in names}


def read(found: Mapping[str, Any], release: Release, language: str) -> Result:
    """Read what a worker wrote of a result.

    Args:
        found: the answer to a question whose format is ``excerpt.NAME``.
        release: where it comes from.
        language: the reader's.
    """
    if "boolean" in found:
        return Result(boolean=found["boolean"])
    if "turtle" in found:
        return Result(turtle=found["turtle"], size=found["bytes"])
    names = {iri: _name(values, language) for iri, values in found["names"].items()}
    rows = [[cell and _cell(cell, names, release) for cell in row] for row in found["rows"]]
    return Result(found["columns"], rows, found["total"])


def _name(values: Sequence[tuple[str, str]], language: str) -> Text:
    name = choose([ox.Literal(text, language=tag) if tag else ox.Literal(text) for text, tag in values], language)
    return name if len(name.text) <= LENGTH else Text(f"{name.text[: LENGTH - 1].rstrip()}…", name.language)


def _cell(cell: Mapping[str, str], names: Mapping[str, Text], release: Release) -> Cell:
    value, kind = cell["value"], cell["type"]
    if kind == "iri":
        path = local_path(value, release)
        if path is not None:
            ours = next((value.removeprefix(base) for base in (release.base, BASE) if value.startswith(base)), value)
            return Cell(short(value) if "#" in value else ours, kind, value, path, name=names.get(value))
        return Cell(short(value), kind, value, outside=outside_link(value))
    if kind == "literal":
        datatype = short(cell["datatype"])
        outside = outside_link(value) if datatype == "xsd:anyURI" else None
        plain = datatype in ("", "xsd:string")
        return Cell(value, kind, outside=outside, language=cell["language"], datatype="" if plain else datatype)
    return Cell(value, kind)

"""Graphs of another agency in a build: each in a graph of ours, under the IRIs that are kept for what it names.

What our own graphs state of a thing stands, property by property: theirs adds what ours do not say. What their
documents state is all theirs, so that two agencies that assess the same study stand side by side.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, RDFS, URIRef

from msevidence.loaders.exports.sources import LoadedSource
from msevidence.loaders.identity import Resolution
from msevidence.loaders.provenance import SourceFile
from msevidence.loaders.statements import Statements
from msevidence.loaders.stores.pull import by_graph
from msevidence.loaders.stores.pulled_format import GRAPHS, ORIGIN
from msevidence.loaders.stores.pulled_names import here
from msevidence.ontology.iris import Kind, mint

_TYPE, _LABEL = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(RDFS.label))


@dataclass(frozen=True)
class PulledSource:
    """One pull, converted."""

    source: LoadedSource
    folder: Path

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """Endpoint, release, day, and studies with their registrations."""
        content: Mapping[str, Any] = json.loads((self.folder / ORIGIN).read_text(encoding="utf-8"))
        return content

    @property
    def file(self) -> SourceFile:
        """The source as a file that graphs come from."""
        return SourceFile(self.source.name, self.source.sha256, obtained=self.about["obtained"])

    def label(self, graph: str) -> str:
        """Return the label of a graph: what it is, where it comes from, and of which release."""
        name = graph.rpartition("/")[2].removeprefix(f"pulled-{self.source.sha256[:16]}-")
        release = f", release {self.about['release'][:12]}" if self.about["release"] else ""
        return f"{name}, pulled from {self.about['endpoint']}{release}"

    def graphs(self, names: Mapping[str, str], own: Iterable[Statements]) -> Iterator[tuple[URIRef, list[ox.Quad]]]:
        """Yield the graphs, by their names here.

        Args:
            names: IRIs of things that turned out to be others, to those.
            own: the graphs that are stated so far.
        """
        renamed = {ox.NamedNode(old): ox.NamedNode(new) for old, new in names.items()}
        stated = _stated(own)  # before any of this pull: their graphs speak of one thing together
        for graph, lines in sorted(by_graph((self.folder / GRAPHS).read_bytes().splitlines(keepends=True)).items()):
            quads = ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS)
            yield URIRef(here(graph, self.source.sha256)), list(_added(quads, renamed, stated))


def _stated(own: Iterable[Statements]) -> set[tuple[object, object]]:
    """Return the properties that are stated of each thing that is described."""
    return {(quad.subject, quad.predicate) for graph in own for quad in graph}


def _added(
    quads: Iterable[ox.Quad], renamed: Mapping[ox.NamedNode, ox.NamedNode], stated: set[tuple[object, object]]
) -> Iterator[ox.Quad]:
    described = {subject for subject, predicate in stated if predicate == _TYPE}
    for quad in quads:
        if quad.predicate == _LABEL and quad.subject in renamed:
            if (quad.subject, _LABEL) not in stated:
                yield quad  # an address that was given up keeps its label
            continue
        subject = renamed.get(quad.subject, quad.subject)  # type: ignore[arg-type]
        value = renamed.get(quad.object, quad.object)  # type: ignore[arg-type]
        if subject not in described or (subject, quad.predicate) not in stated:
            yield ox.Quad(subject, quad.predicate, value, quad.graph_name)


def studies_elsewhere(
    pulled: Iterable[PulledSource], studies: Resolution, listed: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield studies of other agencies with the study that each is here: that of one of its registrations.

    A study that we list ourselves is ours, whatever they call by its name.
    """
    for source in pulled:
        for study, registrations in source.about["studies"].items():
            known = (studies.study_of.get(str(mint(Kind.REGISTRATION, key))) for key in registrations)
            kept = next((iri for iri in known if iri is not None), None)
            if kept is not None and kept != study and study.rpartition("/")[2] not in listed:
                yield study, kept

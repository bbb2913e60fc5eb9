"""The loaded sources in a build: their statements as a stream, the facts for identity, and where they come from.

A record that two sources hold with the same content is one version: the first source, by hash, states it, and the other
says that it has it, too. So a build does not depend on the order of loading, and a daily export costs only what is new.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import PROV, RDFS, URIRef

from msevidence.loaders.exports.containers import Member, members
from msevidence.loaders.exports.conversion import FACTS, blocks_of, source_graph
from msevidence.loaders.exports.facts import Fact, RegistrationFact, read_facts
from msevidence.loaders.exports.formats import formats
from msevidence.loaders.exports.report import SourceReport
from msevidence.loaders.exports.sources import LoadedSource, Sources
from msevidence.loaders.provenance import Derivation, SourceFile
from msevidence.loaders.sourced import source_iri
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE

CHUNK = 4 * 2**20
"""Bytes of statements parsed at a time."""
_LABEL, _DERIVED = ox.NamedNode(str(RDFS.label)), ox.NamedNode(str(PROV.wasDerivedFrom))

Tell = Callable[[str, int, int], None]
Names = Mapping[str, str]
"""IRI of a thing that turned out to be another one, to that one."""


@dataclass(frozen=True)
class _Converted:
    source: LoadedSource
    folder: Path
    report: SourceReport

    @property
    def graph(self) -> URIRef:
        return source_graph(self.source.sha256)


@dataclass
class Loaded:
    """All sources of one home, converted."""

    sources: Sources | None
    converted: list[_Converted] = field(default_factory=list)

    @classmethod
    def of(cls, home: Path | None, tell: Tell = lambda stage, done, total: None) -> "Loaded":
        """Return the sources that were loaded into ``home``; those that were not converted yet are.

        Raises ExportError where one cannot be read any more.
        """
        if home is None:
            return cls(None)
        sources = Sources(home)
        known = sources.all()
        found = cls(sources)
        for number, source in enumerate(known):
            tell("loaded sources", number, len(known))
            found.converted.append(_Converted(source, *sources.conversion(source)))
        if known:
            tell("loaded sources", len(known), len(known))
        return found

    def facts(self) -> Iterator[tuple[LoadedSource, Fact]]:
        """Yield what identity needs to know of each record, with the source that states it."""
        for held in self.converted:
            for fact in read_facts(held.folder / FACTS):
                yield held.source, fact

    def registrations(self) -> Iterator[RegistrationFact]:
        """Yield each version of a registry record once."""
        seen: set[str] = set()
        for source, fact in self.facts():
            if isinstance(fact, RegistrationFact) and fact.version not in seen:
                seen.add(fact.version)
                yield replace(fact, place=f"{source.name}, {fact.place}")

    def articles(self) -> Iterator[tuple[str, bytes]]:
        """Yield the articles among the sources: name, and bytes; each once."""
        seen: set[bytes] = set()
        for held in self.converted:
            assert self.sources is not None
            inside = set(held.report.documents)
            for member in members(self.sources.path(held.source), held.source.name) if inside else ():
                if (member.inside or "") in inside:
                    content = _whole(member)
                    if content not in seen:
                        seen.add(content)
                        yield member.name, content

    def derivations(self) -> Iterator[Derivation]:
        """Yield where each source's graph comes from: a file, and the loaders of its formats."""
        known = {f.key: f for f in formats()}
        for held in self.converted:
            for key in held.report.formats:
                file = SourceFile(held.source.name, held.source.sha256, rights=known[key].rights)
                label = f"{held.source.name} ({known[key].label})"
                yield Derivation(held.graph, (file,), key, label)

    def account(self, meta: Statements) -> None:
        """State in the graph ``meta`` how many records each source had, and what became of them."""
        for held in self.converted:
            report = held.report
            meta.node(
                source_iri(held.source.sha256),
                [],
                {
                    MSE.exportFormat: sorted(report.formats),
                    MSE.recordsRead: report.read,
                    MSE.recordsLoaded: report.loaded,
                    MSE.recordsQuarantined: len(report.quarantined),
                    MSE.recordsDuplicate: report.duplicate,
                },
            )

    def quads(self, names: Names) -> Iterator[ox.Quad]:
        """Yield the statements of all sources, with each thing under the IRI that is kept for it."""
        renamed = {ox.NamedNode(old): ox.NamedNode(new) for old, new in names.items()}
        seen: set[str] = set()
        for held in self.converted:
            chunk = bytearray()
            for version, lines in blocks_of(held.folder):
                if version in seen:
                    yield _held_too(version, held)
                    continue
                seen.add(version)
                chunk += lines
                if len(chunk) > CHUNK:
                    yield from _parsed(bytes(chunk), renamed)
                    chunk.clear()
            yield from _parsed(bytes(chunk), renamed)


def _whole(member: Member) -> bytes:
    with member.open() as stream:
        return stream.read()


def _held_too(version: str, held: _Converted) -> ox.Quad:
    this = ox.NamedNode(str(mint(Kind.RECORD_VERSION, version)))
    return ox.Quad(this, _DERIVED, ox.NamedNode(str(source_iri(held.source.sha256))), ox.NamedNode(str(held.graph)))


def _parsed(lines: bytes, renamed: Mapping[ox.NamedNode, ox.NamedNode]) -> Iterator[ox.Quad]:
    quads = ox.parse(io.BytesIO(lines), format=ox.RdfFormat.N_QUADS)
    return quads if not renamed else renamed_quads(quads, renamed)


def renamed_quads(quads: Iterator[ox.Quad], renamed: Mapping[ox.NamedNode, ox.NamedNode]) -> Iterator[ox.Quad]:
    """Yield quads with things under the IRIs kept for them.

    A thing that gave up its IRI leaves its label, which is for lists alone: the one that is kept has its own.
    """
    for quad in quads:
        subject, value = renamed.get(quad.subject), renamed.get(quad.object)  # type: ignore[arg-type]
        if subject is None and value is None:
            yield quad
        elif subject is None or quad.predicate != _LABEL:
            yield ox.Quad(subject or quad.subject, quad.predicate, value or quad.object, quad.graph_name)

"""The loaded sources in a build: their statements as a stream, the facts for identity, and where they come from.

A record that two sources hold with the same content is one version: the first source, by hash, states it, and the other
says that it has it, too. So a build does not depend on the order of loading, and a daily export costs only what is new.
"""

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import PROV, RDFS, URIRef

from msevidence.loaders.exports.containers import Member, members
from msevidence.loaders.exports.conversion import FACTS, PULLED, blocks_of, source_graph
from msevidence.loaders.exports.facts import Fact, MappingFact, PublicationFact, RegistrationFact, read_facts
from msevidence.loaders.exports.formats import formats
from msevidence.loaders.exports.report import SourceReport
from msevidence.loaders.exports.sources import LoadedSource, Sources
from msevidence.loaders.jats import JatsDocument, read_jats
from msevidence.loaders.provenance import Derivation, SourceFile
from msevidence.loaders.sourced import source_iri
from msevidence.loaders.statements import Statements, partial_date, renamed_terms
from msevidence.loaders.stores.pulled_source import PulledSource
from msevidence.loaders.superseded import Superseded, superseded
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE

CHUNK = 4 * 2**20
"""Bytes of statements parsed at a time."""
_LABEL = ox.NamedNode(str(RDFS.label))
_LABELLED = f"<{RDFS.label}>".encode()

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


@dataclass(frozen=True)
class LoadedArticle:
    """An article that was loaded: as read, where its bytes are, and the hash of the source that holds them."""

    read: JatsDocument
    path: Path
    sha256: str


@dataclass
class Loaded:
    """All sources of one home, converted."""

    sources: Sources | None
    converted: list[_Converted] = field(default_factory=list)
    outdated: Superseded = field(default_factory=Superseded)
    """What does not hold any more; found by :meth:`supersede`."""

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

    def supersede(self, recorded: Iterable[RegistrationFact]) -> None:
        """Find which versions are outdated, by others or by what the catalogue records."""
        records = (fact for fact in self.registrations() if fact.origin != PULLED)
        self.outdated = superseded(records, recorded)

    def publications(self) -> Iterator[PublicationFact]:
        """Yield each version of a bibliographic record once."""
        seen: set[str | None] = set()
        for source, fact in self.facts():
            if isinstance(fact, PublicationFact) and fact.version not in seen:
                seen.add(fact.version)
                yield replace(fact, abstract=None, place=f"{source.name}, {fact.place}")  # identity does without

    def mappings(self) -> Iterator[MappingFact]:
        """Yield each row of a file of mappings once."""
        seen: set[str | None] = set()
        for source, fact in self.facts():
            if isinstance(fact, MappingFact) and fact.version not in seen:
                seen.add(fact.version)
                yield replace(fact, place=f"{source.name}, {fact.place}")

    def articles(self, taken: Collection[str]) -> Iterator[LoadedArticle]:
        """Yield the articles among the sources, each once.

        Its key is that of its DOI. Where that is ``taken``, or several files are of one article, a part of the hash
        tells them apart.
        """
        keys = set(taken)
        for held, member, content in self._article_bytes():
            read = read_jats(content, member.name)
            key = read.key if read.key not in keys else f"{read.key}-{read.sha256[:6]}"
            if key in keys:
                continue  # the same bytes in two sources
            keys.add(key)
            assert self.sources is not None
            yield LoadedArticle(replace(read, key=key), self.sources.path(held.source), held.source.sha256)

    def _article_bytes(self) -> Iterator[tuple[_Converted, Member, bytes]]:
        for held in self.converted:
            inside = set(held.report.documents)
            if not inside or self.sources is None:
                continue
            for member in members(self.sources.path(held.source), held.source.name):
                if (member.inside or "") in inside:
                    with member.open() as stream:
                        yield held, member, stream.read()

    def pulled(self) -> Iterator[PulledSource]:
        """Yield the graphs of other agencies that have passed the shapes."""
        for held in self.converted:
            if PULLED in held.report.formats:
                yield PulledSource(held.source, held.folder)

    def derivations(self) -> Iterator[Derivation]:
        """Yield where the graph of a source's records comes from: a file, and the loaders of its formats."""
        known = {f.key: f for f in formats() if f.read is not None}
        for held in self.converted:
            for key in sorted(known.keys() & held.report.formats.keys()) if held.report.statements else ():
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
                    MSE.sourceDate: partial_date(report.exported) if report.exported else None,
                    MSE.newestRecord: partial_date(report.newest) if report.newest else None,
                    MSE.recordsRead: report.read,
                    MSE.recordsLoaded: report.loaded,
                    MSE.recordsQuarantined: len(report.quarantined),
                    MSE.recordsDuplicate: report.duplicate,
                },
            )

    def quads(self, names: Names, predicate: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        """Yield the statements of all sources, or those with a predicate, each thing under the IRI kept for it."""
        within = None if predicate is None else f"> <{predicate.value}> ".encode()
        for chunk in self.lines(names):
            if within is not None:
                chunk = b"".join(line for line in io.BytesIO(chunk) if within in line)
            quads = ox.parse(chunk, format=ox.RdfFormat.N_QUADS)
            yield from quads if predicate is None else (quad for quad in quads if quad.predicate == predicate)

    def lines(self, names: Names) -> Iterator[bytes]:
        """Yield the statements of all sources as whole lines of N-Quads, each thing under the IRI kept for it."""
        renamed = {f"<{old}>".encode(): f"<{new}>".encode() for old, new in names.items()}
        seen: set[str] = set()
        for held in self.converted:
            chunk = bytearray()
            for version, lines in blocks_of(held.folder):
                if version in seen:
                    chunk += _held_too(version, held)
                    continue
                seen.add(version)
                chunk += self.outdated.without_moving(version, lines)
                if len(chunk) > CHUNK:
                    yield renamed_lines(bytes(chunk), renamed)
                    chunk.clear()
            yield renamed_lines(bytes(chunk), renamed)


def _held_too(version: str, held: _Converted) -> bytes:
    this, source = mint(Kind.RECORD_VERSION, version), source_iri(held.source.sha256)
    return f"<{this}> <{PROV.wasDerivedFrom}> <{source}> <{held.graph}> .\n".encode()


def renamed_lines(lines: bytes, renamed: Mapping[bytes, bytes]) -> bytes:
    """Return lines of N-Quads with things under the IRIs kept for them, terms in angle brackets; labels stay.

    See :func:`statements.renamed_terms`. Each line is as the loaders write it: its terms stand one blank apart.
    """
    if not renamed:
        return lines
    found = []
    for line in io.BytesIO(lines):
        subject, predicate, rest = line.split(b" ", 2)
        if predicate != _LABELLED:
            if subject in renamed:
                line = b" ".join((renamed[subject], predicate, rest))
            if rest.startswith(b"<"):
                value, _, graph = rest.partition(b" ")
                if value in renamed:
                    line = b" ".join((renamed.get(subject, subject), predicate, renamed[value], graph))
        found.append(line)
    return b"".join(found)


def named_nodes(names: Names) -> dict[ox.NamedNode, ox.NamedNode]:
    """Return IRIs as the terms of quads."""
    return {ox.NamedNode(old): ox.NamedNode(new) for old, new in names.items()}


def renamed_quads(quads: Iterator[ox.Quad], renamed: Mapping[ox.NamedNode, ox.NamedNode]) -> Iterator[ox.Quad]:
    """Yield quads with things under the IRIs kept for them; see :func:`statements.renamed_terms`."""
    for quad in quads:
        yield ox.Quad(*renamed_terms((quad.subject, quad.predicate, quad.object), renamed), quad.graph_name)

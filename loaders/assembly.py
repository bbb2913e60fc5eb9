"""All statements of ``data/``: documents, catalogues, identity, review, ontology, questions, and their provenance."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import PROV, RDF, RDFS

from msevidence.loaders.catalogue import Catalogue, File
from msevidence.loaders.catalogue_schema import SourceFile as CatalogueSource
from msevidence.loaders.changes import recorded
from msevidence.loaders.checks import document_faults
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.documents import DocumentFolder, find_documents, read_document, state_document
from msevidence.loaders.errors import CurationError
from msevidence.loaders.exports.conversion import PULLED
from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.findings import curation_out_of_step, reading_faults
from msevidence.loaders.jats import jats_context, jats_faults
from msevidence.loaders.judgement import judge, numbers_of_catalogue, numbers_of_mappings
from msevidence.loaders.judgement_publications import article_fact
from msevidence.loaders.lenient import fitting
from msevidence.loaders.loaded import Loaded, LoadedArticle, Names, named_nodes
from msevidence.loaders.ontology_graph import ontology_statements, rule_files, term_files
from msevidence.loaders.partitions import Tally
from msevidence.loaders.provenance import Derivation, SourceFile, provenance_statements
from msevidence.loaders.question_graph import question_files, question_statements
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_lines import Stated, canonical, in_order
from msevidence.loaders.release_sorting import Runs
from msevidence.loaders.review.reviewing import review
from msevidence.loaders.sourced import source_iri
from msevidence.loaders.statements import Statements
from msevidence.loaders.triples_catalogue import catalogue_statements
from msevidence.ontology.counted import COUNTED
from msevidence.ontology.iris import graph_iri, parts

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many steps of it are done, and how many there are."""
_TYPE, _LABEL = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(RDFS.label))
_RESERVED = graph_iri("release")
CATALOGUES = ("studies", "organisations", "publications", "registrations", "source-quotes")

MANY = 100_000
"""Statements of a graph above which it is packed: to read them then costs more than memory for fewer is worth."""


def silent(stage: str, done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class Graph:
    """All statements of a build, with the files that they come from."""

    graphs: list[Statements]
    """Those of ``data/``, of loaded articles, and what follows from all sources."""
    sources: list[SourceFile]
    counts: dict[str, int] = field(default_factory=dict)
    loaded: Loaded = field(default_factory=lambda: Loaded(None))
    """Records of the loaded sources, whose statements are streamed."""
    names: Names = field(default_factory=dict)
    """Things that turned out to be other things."""
    lines: Runs = field(default_factory=Runs)
    """All statements, as they are published."""

    def quads(self) -> Iterator[ox.Quad]:
        """Yield every quad; a triple that two graphs state comes twice, each with its graph."""
        yield from self.own_quads()
        yield from self.loaded.quads(self.names)

    def statements(self) -> Iterator[Stated]:
        """Yield every quad as it is held: those of loaded records and articles as lines of N-Quads, others as quads."""
        for graph in self.graphs:
            yield from graph.lines()
        yield from self.loaded.lines(self.names)

    def own_quads(self) -> Iterator[ox.Quad]:
        """Yield the quads that are not of loaded records, which are checked against the shapes when they are loaded."""
        for graph in self.graphs:
            yield from graph

    def names_elsewhere(self) -> Iterator[ox.Quad]:
        """Yield the labels that loaded records give to things which our own statements speak of without one.

        What an article cites may be kept under the address of a loaded record, whose statements name it.
        """
        wanted, labelled = set(), set()
        for graph in self.graphs:
            for subject, predicate, _ in graph.triples():
                if predicate == _TYPE:
                    wanted.add(subject)
                elif predicate == _LABEL:
                    labelled.add(subject)
        wanted -= labelled
        if wanted:
            yield from (q for q in self.loaded.quads(self.names, _LABEL) if q.subject in wanted)

    def described(self) -> Iterator[ox.Quad]:
        """Yield what says of the things of loaded records what they are."""
        return self.loaded.quads(self.names, _TYPE)


class _Assembly:
    def __init__(self, data: Path, loaded: Loaded, lenient: bool = False) -> None:
        self.data = data
        self.lenient = lenient
        self.loaded = loaded
        self.names: Names = {}
        self.articles: list[PublicationFact] = []
        self.catalogue = Catalogue(data)
        self.identity = Statements(graph_iri("identity"))
        self.review = Statements(graph_iri("review"))
        self.graphs: list[Statements] = []
        self.derivations: list[Derivation] = []

    def add(
        self,
        graph: Statements,
        loader: str,
        label: str,
        files: tuple[SourceFile, ...] = (),
        before: tuple[SourceFile, ...] = (),
    ) -> None:
        if len(graph):
            self.graphs.append(graph)
            self.derivations.append(Derivation(graph.graph, files, loader, label, before))

    def document(self, folder: DocumentFolder) -> None:
        context = read_document(folder, self.lenient)
        if self.lenient:
            context, left_out = fitting(context, self._tried)
            curation_out_of_step(self.review, context, left_out)
            reading_faults(self.review, context, document_faults(context))
        text, curation = state_document(context, self.catalogue, self.identity, self.review)
        of_text, of_curation = self._files(folder, context)
        title = context.metadata.title
        self.add(text, folder.kind.removesuffix("s"), title, of_text)
        self.add(curation, "curation", f"Curation: {title}", of_curation)

    def _tried(self, context: DocumentContext) -> None:
        """State a document somewhere to be thrown away, to see whether its curation fits it."""
        state_document(context, self.catalogue, Statements(self.identity.graph), Statements(self.review.graph))

    def article(self, article: LoadedArticle) -> None:
        """State an article that was loaded, as a document without curation."""
        context = jats_context(article.read, article.path)
        self.articles.append(article_fact(context))  # its text and offsets are not held
        text, _ = state_document(context, self.catalogue, self.identity, self.review)
        text.add(context.document, PROV.wasDerivedFrom, source_iri(article.sha256))
        reading_faults(self.review, context, jats_faults(article.read, context))
        metadata = context.metadata
        file = SourceFile(
            article.read.name,
            article.sha256,
            issued=metadata.published,
            rights=metadata.rights,
            licence=metadata.licence,
        )
        self.add(text, "jats-xml", metadata.title, (file,))
        text.pack()  # there may be thousands

    def catalogues(self) -> None:
        documents = self._documents()
        for named in (*numbers_of_catalogue(self.catalogue), *numbers_of_mappings(self.loaded.mappings())):
            self.catalogue.registration(named)
        self.loaded.supersede(recorded(self.catalogue.listed_registrations()))
        for graph, name in zip(catalogue_statements(self.catalogue), CATALOGUES, strict=True):
            file = self.catalogue.files[name]
            if name == "registrations":
                self.loaded.outdated.drop_recorded(graph)
            # The graph of registrations has a node for every number that a document prints, listed or not.
            files = (self.source(file.path), *(documents if name == "registrations" else ()))
            self.add(graph, "catalogue", name, files, _written_from(file))

    def _documents(self) -> tuple[SourceFile, ...]:
        return tuple(dict.fromkeys(f for d in self.derivations if d.loader != "catalogue" for f in d.files))

    def judgements(self) -> None:
        documents = self._documents()
        texts = [graph for graph in self.graphs if parts(graph.graph)[1].startswith("document-")]
        judged = judge(self.identity, self.review, texts, self.catalogue, self.loaded, self.articles, self.data)
        self.names = judged.names
        renamed = named_nodes(self.names)
        for graph in self.graphs:
            graph.rename(renamed)
            graph.pack(MANY)
        decided = self.data / "identity.yaml"
        exports = tuple(f for d in self.loaded.derivations() for f in d.files)
        files = (*documents, *((self.source(decided),) if decided.exists() else ()), *exports)
        self.add(self.identity, "identity", "identity decisions", files)
        self.identity.pack(MANY)

    def pulled(self) -> None:
        """State what other agencies' graphs state, each in a graph of its own; what we state of a thing stands."""
        for source in self.loaded.pulled():
            for graph, quads in source.graphs(self.names, self.graphs):
                statements = Statements(graph)
                statements.extend(quads)
                self.add(statements, PULLED, source.label(graph), (source.file,))

    def findings(self, as_of: str | None, rules: bool) -> None:
        """Run the rules of the review on all that was stated, and state what they and people found."""
        documents = self._documents()
        own = [*self.graphs, self.review, ontology_statements()]  # rules name concepts by their labels
        if rules:
            review(own, self.loaded, self.names, self.review, self.data, self.lenient, as_of)
        judged = self.data / "review.yaml"
        exports = tuple(f for d in self.loaded.derivations() for f in d.files)
        files = (*documents, *((self.source(judged),) if judged.exists() else ()), *exports)
        self.add(self.review, "review", "findings", files)
        self.review.pack(MANY)

    def source(self, path: Path) -> SourceFile:
        return _source(path.relative_to(self.data).as_posix(), path.read_bytes())

    def _files(
        self, folder: DocumentFolder, context: DocumentContext
    ) -> tuple[tuple[SourceFile, ...], tuple[SourceFile, ...]]:
        """Return the files that the document's graph comes from, and those of its curation's graph."""
        metadata = context.metadata
        text = replace(
            self.source(folder.source),
            issued=metadata.published,
            obtained=metadata.origin.obtained if metadata.origin else None,
            rights=metadata.rights,
            licence=metadata.licence,
        )
        others = [self.source(p) for p in folder.files if p != folder.source]
        # Curation, too: which words are one claim, and which publication an entry names, is read from there.
        return (text, *others), tuple(others)


def assemble(
    data: Path,
    progress: Progress = silent,
    home: Path | None = None,
    lenient: bool = False,
    as_of: str | None = None,
    findings: bool = True,
) -> Graph:
    """Return all statements of the folder ``data``, and of the sources that were loaded into ``home``.

    ``lenient`` leaves out what the curation says of words that the text does not have any more, and states that as a
    finding: for the review of a text that is being changed, never for a release. ``as_of`` is the date to measure
    expectations at, where it is not that of ``review.yaml``. Without ``findings`` no rule of the review is run; what
    the build itself found is stated.

    Raises LoadError (SourceError, CurationError, QuotationError) at the first fault, with file, line and mend, and
    ReleaseError where there is no room to sort the statements, in the home or where temporary files go.
    """
    folders = find_documents(data)
    if not folders:
        raise CurationError("has no documents; add one with: msevidence new article KEY FILE", data)
    loaded = Loaded.of(home, progress)
    assembly = _Assembly(data, loaded, lenient)
    assembly.catalogue.check_documents({folder.key for folder in folders})
    for number, folder in enumerate(folders):
        progress("documents", number, len(folders))
        assembly.document(folder)
    progress("documents", len(folders), len(folders))
    for article in loaded.articles({folder.key for folder in folders}):
        assembly.article(article)
    assembly.catalogues()
    assembly.judgements()
    assembly.pulled()
    assembly.findings(as_of, findings)
    # The shapes are no statements of the graph, but a release validated with other shapes is another release.
    terms, rules = _sources(term_files()), _sources(rule_files())
    assembly.add(ontology_statements(), "ontology", "terms and concept schemes", terms, rules)
    assembly.add(question_statements(), "queries", "stored questions", _sources(question_files()))
    counted = Derivation(graph_iri("partitions"), (), "partitions", "classes and properties, counted")
    meta = provenance_statements([*assembly.derivations, *loaded.derivations(), counted])
    loaded.account(meta)
    graph = Graph([*assembly.graphs, meta], [], {}, loaded, assembly.names)
    lines, tally = _tallied(graph, home if home is not None and os.access(home, os.W_OK) else None)
    files = {f.path: f for d in assembly.derivations for f in d.files}
    counts = {kind: tally.instances(str(class_iri)) for kind, class_iri in COUNTED.items()}
    partitions = tally.statements()
    for some in canonical(partitions, _RESERVED):
        lines.add(some)
    sources = [*(files[path] for path in sorted(files)), *(f for d in loaded.derivations() for f in d.files)]
    return replace(graph, graphs=[*graph.graphs, partitions], sources=sources, counts=counts, lines=lines)


def _tallied(graph: Graph, folder: Path | None) -> tuple[Runs, Tally]:
    """Sort all statements, and count what there is of what.

    Raises ReleaseError where there is no room for them.
    """
    try:
        lines = in_order(graph.statements(), _RESERVED, folder)
        return lines, Tally(lines.merged())
    except OSError as e:
        raise ReleaseError(
            f"{e.filename or folder}: the statements could not be sorted ({e.strerror or e});"
            " make room or mend the permissions, and build again"
        ) from e


def _source(path: str, content: bytes) -> SourceFile:
    return SourceFile(path, hashlib.sha256(content).hexdigest())


def _sources(files: Mapping[str, bytes]) -> tuple[SourceFile, ...]:
    return tuple(_source(path, content) for path, content in files.items())


def _written_from(file: File) -> tuple[SourceFile, ...]:
    """Return the file that a catalogue was written from, where it names one."""
    derived: CatalogueSource | None = getattr(file.model, "derived_from", None)
    return () if derived is None else (SourceFile(derived.file, derived.sha256),)

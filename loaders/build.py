"""From ``data/`` to a validated release: read, state, validate, publish.

Any fault of the input stops the build before anything is published; the release served before stays served.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.documents import DocumentFolder, find_documents, read_document, state_document
from msevidence.loaders.errors import CurationError, LoadError
from msevidence.loaders.identity_file import identity_decisions
from msevidence.loaders.ontology_graph import ontology_files, ontology_statements
from msevidence.loaders.provenance import Derivation, SourceFile, provenance_statements
from msevidence.loaders.question_graph import question_statements
from msevidence.loaders.release import Release, publish
from msevidence.loaders.release_manifest import Source
from msevidence.loaders.statements import Statements
from msevidence.loaders.triples_catalogue import catalogue_statements
from msevidence.ontology.iris import graph_iri
from msevidence.ontology.namespaces import BASE
from msevidence.ontology.rule_check import broken
from msevidence.ontology.validation import ValidationOutcome, undeclared_terms
from msevidence.ontology.validation import validate as shacl

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many steps of it are done, and how many there are."""


class InvalidGraphError(LoadError):
    """Raised when the graph breaks a shape, or uses a term that is not declared."""

    def __init__(self, data: Path, outcome: ValidationOutcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.summary(), data)


@dataclass(frozen=True)
class Graph:
    """All statements of a build, with the files they come from."""

    graphs: list[Statements]
    sources: list[SourceFile]
    counts: dict[str, int] = field(default_factory=dict)

    def quads(self) -> Iterable[ox.Quad]:
        for graph in self.graphs:
            yield from graph


@dataclass(frozen=True)
class BuildOutcome:
    """What a build gave: the release, what SHACL said, and how much there is of what."""

    release: Release
    validation: ValidationOutcome
    counts: dict[str, int]


def _silent(stage: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def assemble(data: Path, progress: Progress = _silent) -> Graph:
    """Return all statements of the folder ``data``.

    Raises LoadError (SourceError, CurationError, QuotationError) at the first fault, with file, line and mend.
    """
    folders = find_documents(data)
    if not folders:
        raise CurationError("has no documents; add one with: msevidence new article KEY FILE", data)
    catalogue = Catalogue(data)
    identity, review = Statements(graph_iri("identity")), Statements(graph_iri("review"))
    graphs: list[Statements] = []
    derivations: list[Derivation] = []
    contexts: list[DocumentContext] = []
    for number, folder in enumerate(folders):
        progress("documents", number, len(folders))
        context = read_document(folder)
        contexts.append(context)
        for graph, files in zip(
            state_document(context, catalogue, identity, review), _files(data, folder, context), strict=True
        ):
            graphs.append(graph)
            derivations.append(Derivation(graph.graph, files, folder.kind[:-1], context.metadata.title))
    progress("documents", len(folders), len(folders))
    identity_decisions(identity, data)
    names = ("studies", "organisations", "publications", "registrations", "source-quotes")
    for graph, name in zip(catalogue_statements(catalogue), names, strict=True):
        graphs.append(graph)
        derivations.append(Derivation(graph.graph, (_source(data, catalogue.files[name].path),), "catalogue", name))
    documents = tuple(f for d in derivations[: 2 * len(folders)] for f in d.files)
    decided = data / "identity.yaml"
    derivations.append(
        Derivation(
            identity.graph,
            (*documents, *([_source(data, decided)] if decided.exists() else [])),
            "identity",
            "identity decisions",
        )
    )
    derivations.append(Derivation(review.graph, documents, "review", "findings"))
    ontology = ontology_statements()
    questions = question_statements()
    graphs += [identity, review, ontology, questions]
    for graph, loader in ((ontology, "ontology"), (questions, "queries")):
        derivations.append(Derivation(graph.graph, (), loader, loader))
    graphs.append(provenance_statements(derivations))
    files = {f.path: f for d in derivations for f in d.files}
    return Graph([g for g in graphs if len(g)], [files[p] for p in sorted(files)], _counts(contexts, graphs))


def validate(data: Path, progress: Progress = _silent) -> tuple[Graph, ValidationOutcome]:
    """Build the graph of ``data`` and validate it, without publishing anything.

    Raises LoadError as :func:`assemble`; what SHACL finds is in the outcome.
    """
    graph = assemble(data, progress)
    progress("validate", 0, 1)
    undeclared = undeclared_terms(graph.quads())
    if undeclared:
        raise LoadError(f"uses terms that the ontology does not declare: {', '.join(undeclared)}; declare them", data)
    for row in broken(graph.quads()):
        raise LoadError(f"<{row.focus}> <{row.path}> <{row.value}>: {row.en} (rule {row.rule})", data)
    outcome = shacl(graph.quads())
    if outcome.unreached:
        raise LoadError(f"has instances of classes without a shape: {', '.join(outcome.unreached)}; add one", data)
    progress("validate", 1, 1)
    return graph, outcome


def build(data: Path, home: Path, progress: Progress | None = None) -> BuildOutcome:
    """Build, validate and publish the graph of ``data`` as the current release of ``home``.

    Raises LoadError for faults of the input, InvalidGraphError for a broken shape, ReleaseError for store and disk.
    """
    tell = progress or _silent
    graph, outcome = validate(data, tell)
    if not outcome.conforms:
        raise InvalidGraphError(data, outcome)
    tell("publish", 0, 1)
    release = publish(
        graph.quads(),
        home,
        base=BASE,
        version=version("msevidence"),
        sources=[Source(f.path, f.sha256) for f in graph.sources],
        validation_report=outcome.turtle,
        built=datetime.now(UTC),
        extra_files=ontology_files(),
    )
    tell("publish", 1, 1)
    return BuildOutcome(release, outcome, graph.counts)


def _source(data: Path, path: Path, issued: str | None = None, rights: str | None = None) -> SourceFile:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return SourceFile(path.relative_to(data).as_posix(), sha256, issued, rights)


def _files(
    data: Path, folder: DocumentFolder, context: DocumentContext
) -> tuple[tuple[SourceFile, ...], tuple[SourceFile, ...]]:
    """Return the files that the document's graph comes from, and those of its curation's graph."""
    metadata = context.metadata
    by_name = {p.name: _source(data, p) for p in folder.files}
    text = _source(data, folder.path / "source.txt", metadata.published, metadata.rights or metadata.licence)
    curation = by_name.get("curation.yaml")
    return (text, by_name["metadata.yaml"]), ((curation,) if curation else ())


def _counts(contexts: list[DocumentContext], graphs: list[Statements]) -> dict[str, int]:
    kinds: dict[str, set[str]] = {"claim": set(), "pointer": set(), "study": set(), "registration": set()}
    for graph in graphs:
        for quad in graph:
            kind, _, key = str(quad.subject.value).removeprefix(BASE).partition("/")
            if kind in kinds:
                kinds[kind].add(key)
    counts = {name: len(keys) for name, keys in kinds.items()}
    return {"documents": len(contexts), "statements": sum(len(g) for g in graphs), **counts}

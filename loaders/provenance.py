"""Where each named graph comes from: source file and its hash, loader, version, and the source's own dates (PROV-O).

The clock appears nowhere here: the same input gives the same statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

from rdflib import DCTERMS, PROV, RDFS, URIRef

from msevidence.loaders.sourced import source_iri
from msevidence.loaders.statements import Statements, partial_date
from msevidence.ontology.iris import Kind, graph_iri, mint
from msevidence.ontology.namespaces import MSE


@dataclass(frozen=True)
class SourceFile:
    """A file of ``data/``: its path there, its SHA-256, and what the data says of its date and rights."""

    path: str
    sha256: str
    issued: str | None = None
    rights: str | None = None


@dataclass(frozen=True)
class Derivation:
    """A named graph, the files it was made from, and the loader that made it."""

    graph: URIRef
    files: tuple[SourceFile, ...]
    loader: str
    label: str
    before: tuple[SourceFile, ...] = ()
    """Files outside ``data/`` that its files were written from; values in it point to them."""


def provenance_statements(derivations: Iterable[Derivation]) -> Statements:
    """Return the graph ``meta``."""
    meta = Statements(graph_iri("meta"))
    release = version("msevidence")
    for derivation in derivations:
        activity = mint(Kind.ACTIVITY, f"{derivation.loader}-{release}")
        meta.node(
            activity,
            PROV.Activity,
            {RDFS.label: f"msevidence {release}, loader {derivation.loader}", MSE.loader: derivation.loader},
        )
        meta.add(activity, MSE.version, release)
        meta.node(
            derivation.graph,
            PROV.Entity,
            {
                RDFS.label: derivation.label,
                PROV.wasGeneratedBy: activity,
                PROV.wasDerivedFrom: [source_iri(f.sha256) for f in derivation.files],
            },
        )
        for file in (*derivation.files, *derivation.before):
            meta.node(
                source_iri(file.sha256),
                PROV.Entity,
                {
                    RDFS.label: file.path,
                    MSE.sourceFile: file.path,
                    MSE.sha256: file.sha256,
                    DCTERMS.issued: partial_date(file.issued) if file.issued else None,
                    DCTERMS.rights: file.rights,
                },
            )
    return meta

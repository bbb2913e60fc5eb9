"""The document itself: title, kind, dates, identifiers, rights, authors' names, and what it was built from."""

from rdflib import DCTERMS, RDFS, URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.statements import Tagged, english, partial_date
from msevidence.loaders.triples_catalogue import EXPRESSION, state_work
from msevidence.ontology.identifiers import normalise_doi
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import FABIO, MSE, PRISM, UnknownConceptError, scheme


def document_statements(context: DocumentContext, catalogue: Catalogue, sha256: str) -> None:
    """State what the metadata and the front matter say of the document.

    Raises CurationError where a concept or the publisher is not known.
    """
    metadata, parsed, text = context.metadata, context.parsed, context.text
    kind = _concept(context, "publication-kind", metadata.type, "type")
    ids = {i.scheme: i.value for i in reversed(metadata.identifiers)}
    doi = parsed.front.doi or ids.get("doi")
    publisher = None
    if metadata.publisher is not None:
        publisher = catalogue.publisher(metadata.publisher, context)
    types: list[URIRef] = [MSE.Document, MSE.Publication]
    if metadata.type in EXPRESSION:
        types.append(EXPRESSION[metadata.type])
    text.node(
        context.document,
        types,
        {
            RDFS.label: Tagged(metadata.title, metadata.language),
            DCTERMS.title: Tagged(metadata.title, metadata.language),
            DCTERMS.language: metadata.language,
            MSE.documentKind: kind,
            MSE.publicationKind: kind,
            MSE.container: metadata.container,
            PRISM.doi: normalise_doi(doi) if doi else None,
            MSE.printedDoi: parsed.front.doi,
            FABIO.hasPubMedId: ids.get("pmid"),
            FABIO.hasPubMedCentralId: ids.get("pmcid"),
            DCTERMS.identifier: [f"{i.scheme}:{i.value}" for i in metadata.identifiers],
            DCTERMS.issued: partial_date(metadata.published) if metadata.published else None,
            DCTERMS.publisher: publisher,
            DCTERMS.license: URIRef(metadata.licence) if metadata.licence else None,
            DCTERMS.rights: metadata.rights,
            MSE.sourceFile: context.source_name,
            MSE.sha256: sha256,
            MSE.characters: len(parsed.source),
        },
    )
    if metadata.origin is not None:
        # The document does not say so itself: it is the curator who had the file from there.
        context.curated.add(context.document, DCTERMS.source, metadata.origin.address)
        context.curated.add(context.document, MSE.note, english(metadata.origin.note))
    if metadata.work is not None:
        state_work(
            text, context.document, context.key, _concept(context, "work-kind", metadata.work, "work"), metadata.work
        )
    for name, date in parsed.front.dates.items():
        text.add(context.document, MSE[name], date)
        text.add(context.document, MSE[f"printed{name.capitalize()}"], date.printed)
    for position, author in enumerate(parsed.front.authors, 1):
        node = mint(Kind.AUTHOR_NAME, f"{context.key}.{position}")
        text.node(
            node,
            MSE.AuthorName,
            {
                MSE.name: author.name,
                MSE.position: position,
                MSE.statedIn: [context.passages[p] for p in author.passages],
            },
        )
        text.add(context.document, MSE.hasAuthorName, node)


def _concept(context: DocumentContext, name: str, concept: str, field: str) -> URIRef:
    try:
        return scheme(name, concept)
    except UnknownConceptError as e:
        raise context.metadata_error(str(e), (field,)) from e

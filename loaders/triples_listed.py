"""Works that a document lists outside its reference list: in the rows of its tables, in a list of an appendix."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rdflib import DCTERMS, URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import Reference, RowEntry
from msevidence.loaders.labels import entry_kind
from msevidence.loaders.statements import english
from msevidence.loaders.text import squash
from msevidence.loaders.triples_citations import describe_reference
from msevidence.ontology.identifiers import number_in_url
from msevidence.ontology.iris import Kind, under
from msevidence.ontology.namespaces import BIRO, CITO, MSE, scheme


def list_statements(context: DocumentContext, catalogue: Catalogue) -> None:
    """State the numbered works of an appendix.

    Raises CurationError where the curation links a number that the list does not have.
    """
    for reference in context.parsed.listed:
        iri = under(Kind.LISTED_REFERENCE, context.document, "list", reference.number)
        context.text.node(iri, [MSE.ListedReference, BIRO.BibliographicReference], {MSE.inDocument: context.document})
        describe_reference(context, iri, reference)
        publication = _work(context, catalogue, reference, iri)
        context.text.add(iri, BIRO.references, publication)
        context.text.add(context.document, CITO.cites, publication)
    for number in context.curation.listed:
        if number not in {r.number for r in context.parsed.listed}:
            raise context.error(f"the document's list has no number {number}; remove this line", ("listed", number))


def _work(context: DocumentContext, catalogue: Catalogue, reference: Reference, iri: URIRef) -> URIRef:
    link = context.curation.listed.get(reference.number)
    if link is None:
        return catalogue.publication_of_reference(reference, context)
    context.curated.add(iri, MSE.because, english(link.because))
    return catalogue.publication(link.publication, context, ("listed", reference.number))


def entry_statements(
    context: DocumentContext,
    catalogue: Catalogue,
    iri: URIRef,
    entry: RowEntry,
    study: URIRef,
    keys: list[str],
    only: URIRef | None,
) -> None:
    """State an entry of a study's row.

    ``keys`` are the publications that the curation names for that row, ``only`` its registration where it has just one:
    that is what a listed registration is whose address shows no number.
    """
    kind = entry_kind(entry.label)
    context.text.node(
        iri,
        [MSE.ListedReference, BIRO.BibliographicReference],
        {
            MSE.entryLabel: entry.label,
            MSE.entryKind: None if kind is None else scheme("publication-kind", kind),
            MSE.inDocument: context.document,
            MSE.statedIn: [context.passages[p] for p in entry.passages],
            MSE.printedUrl: entry.url,
        },
    )
    if entry.reference is not None:
        describe_reference(context, iri, entry.reference)
        publication = _publication(context, catalogue, entry, keys)
        context.text.add(iri, BIRO.references, publication)
        if not catalogue.reports_elsewhere(publication, study):
            context.text.add(publication, MSE.reportsOn, study)
        context.text.add(context.document, CITO.cites, publication)
        context.text.add(iri, MSE.agreesOn, *_agreements(catalogue, publication, entry.reference))
        return
    context.text.add(iri, DCTERMS.title, entry.title)
    context.text.add(iri, MSE.wordsAfter, _after(context.parsed.passages[entry.passages[0]].text, entry.title))
    number = number_in_url(entry.url) if entry.url else None
    listed_as_registration = kind == "registration"
    context.text.add(
        iri,
        BIRO.references,
        catalogue.registration(number) if number is not None else only if listed_as_registration else None,
    )


def _publication(context: DocumentContext, catalogue: Catalogue, entry: RowEntry, keys: list[str]) -> URIRef:
    """Return the publication of an entry: by an identifier in its address, else the one that the curation names.

    The title only chooses among the publications that the curator has named for this very row.
    """
    reference = entry.reference
    assert reference is not None
    known = catalogue.publication_by_identifier(reference.doi, entry.url or reference.url)
    if known is not None:
        return known
    for key in keys:
        if same_title(catalogue.title(key), reference.title):
            return catalogue.publication(key, context, ())
    beside = replace(reference, url=entry.url or reference.url)
    return catalogue.publication_of_reference(beside, context, entry_kind(entry.label))


def _after(text: str, title: str | None) -> str | None:
    """Return what an entry prints after its title, the full stop in most."""
    at = text.rfind(title) if title else -1
    return None if title is None or at < 0 else text[at + len(title) :] or None


def _agreements(catalogue: Catalogue, publication: URIRef, reference: Reference) -> Iterator[URIRef]:
    """Yield the properties of which an entry prints what the catalogue has; of a work not listed, what it prints."""
    listed = catalogue.publications.get(str(publication).rpartition("/")[2])
    known = [] if listed is None else [(name, text) for name, value in listed.values() for text in value.texts()]
    if listed is None or any(name == "title" and same_title(text, reference.title) for name, text in known):
        yield DCTERMS.title
    if reference.year is not None and (listed is None or ("year", reference.year) in known):
        yield MSE.year


def same_title(known: str | None, printed: str | None) -> bool:
    """Say whether a printed title is a known one; "…" in the known one stands for words that its source left out."""
    if known is None or printed is None:
        return False
    parts = [re.escape(title_key(part)) for part in known.split("…")]
    return re.fullmatch(".*".join(parts), title_key(printed)) is not None


def title_key(title: str) -> str:
    """Return a title without case, punctuation and spaces, for comparing a printed title with a known one."""
    return re.sub(r"[\W_]+", "", squash(title).casefold())

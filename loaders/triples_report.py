"""What a report prints in its own layout: rows of study tables, registry numbers and links, searches, flow, lists."""

import re
from itertools import combinations

from rdflib import DCTERMS, RDFS, URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import FlowBox, NumberMention, Reference, RowEntry, Search, StudyRow
from msevidence.loaders.identity import decide
from msevidence.loaders.statements import Statements, Tagged, Typed
from msevidence.loaders.text import squash
from msevidence.loaders.triples_citations import describe_reference
from msevidence.ontology.identifiers import FoundNumber, number_in_url
from msevidence.ontology.iris import Kind, slug, under
from msevidence.ontology.namespaces import BIRO, CITO, MSE, OA


def report_statements(
    context: DocumentContext, catalogue: Catalogue, identity: Statements, described: dict[str, URIRef]
) -> None:
    """State rows, numbers, searches, flow and listed works; ``described`` maps a row's name to its description."""
    mentions = [_number(context, catalogue, i, m) for i, m in enumerate(context.parsed.numbers)]
    for row in context.parsed.study_rows:
        _row(context, catalogue, identity, row, described, mentions)
    names = {squash(row.name) for row in context.parsed.study_rows}
    for i, entry in enumerate(context.curation.studies):
        if entry.row is not None and squash(entry.row) not in names:
            raise context.error(
                f"no row of a table of studies is named {entry.row!r}: {sorted(names)}", ("studies", i, "row")
            )
    for number, search in enumerate(context.parsed.searches, 1):
        _search(context, number, search)
    for number, box in enumerate(context.parsed.flow, 1):
        _box(context, number, box)
    _listed(context, catalogue)


def found_number(mention: NumberMention) -> FoundNumber:
    """Return a mention as the number that it is."""
    return FoundNumber(mention.scheme, mention.printed, mention.normalised, mention.suffix, mention.begin, mention.end)


def _number(context: DocumentContext, catalogue: Catalogue, index: int, mention: NumberMention) -> URIRef:
    passage = context.passages[mention.passage]
    spans = context.parsed.passages[mention.passage].content.spans(mention.begin, mention.end)
    linked = number_in_url(mention.link) if mention.link else None
    iri = under(Kind.NUMBER_MENTION, passage, mention.begin)
    context.text.node(
        iri,
        MSE.NumberMention,
        {
            MSE.printed: mention.printed,
            MSE.normalised: mention.normalised,
            MSE.scheme: mention.scheme,
            MSE.countrySuffix: mention.suffix,
            MSE.inPassage: passage,
            MSE.inDocument: context.document,
            MSE.denotesRegistration: catalogue.registration(found_number(mention)),
            MSE.link: Typed(mention.link, "anyURI") if mention.link else None,
            MSE.linkedNumber: linked.normalised if linked else None,
            MSE.linkDiffers: (linked.normalised != mention.normalised) if linked else None,
            OA.start: spans[0].start,
            OA.end: spans[-1].end,
        },
    )
    if linked and linked.normalised != mention.normalised:
        context.text.add(iri, MSE.linksToRegistration, catalogue.registration(linked))
    return iri


def _row(
    context: DocumentContext,
    catalogue: Catalogue,
    identity: Statements,
    row: StudyRow,
    described: dict[str, URIRef],
    mentions: list[URIRef],
) -> None:
    curated = next((e for e in context.curation.studies if e.row and squash(e.row) == squash(row.name)), None)
    if curated is not None and curated.row is not None:
        description = described[curated.row]
        study = catalogue.study(curated.study, context, ("studies", context.curation.studies.index(curated), "study"))
        keys = curated.publications
    else:
        description = under(Kind.STUDY_DESCRIPTION, context.document, slug(row.table), row.row)
        study = catalogue.study_in_document(context, row.name)
        keys = []
    context.text.node(
        description,
        MSE.StudyDescription,
        {
            MSE.describes: study,
            MSE.inDocument: context.document,
            MSE.statedIn: [context.passages[row.name_passage], *(context.passages[p] for p in row.participants)],
            MSE.printedName: row.name,
            MSE.inTable: context.table(row.table),
            MSE.rowNumber: row.row,
            MSE.comment: [context.passages[p] for p in row.comments],
            MSE.printedMsType: " ".join(context.parsed.passages[p].text for p in row.participants) or None,
            MSE.hasMention: [mentions[n] for n in row.numbers],
        },
    )
    registrations = [catalogue.registration(found_number(context.parsed.numbers[n])) for n in row.numbers]
    passages = [context.passages[row.name_passage]]
    for registration in registrations:
        context.text.add(study, MSE.registeredAs, registration)
    for a, b in combinations(dict.fromkeys(registrations), 2):
        decide(
            identity,
            a,
            "same-study",
            b,
            rule="printed-in-one-row",
            because=f"The document prints both numbers under the study name {row.name}.",
            passages=passages,
        )
    for number, entry in enumerate(row.entries, 1):
        listed = under(Kind.LISTED_REFERENCE, context.document, slug(row.table), row.row, number)
        _entry(context, catalogue, listed, entry, study, keys)
        context.text.add(description, MSE.hasEntry, listed)


def _entry(
    context: DocumentContext, catalogue: Catalogue, iri: URIRef, entry: RowEntry, study: URIRef, keys: list[str]
) -> None:
    context.text.node(
        iri,
        [MSE.ListedReference, BIRO.BibliographicReference],
        {
            MSE.entryLabel: entry.label,
            MSE.inDocument: context.document,
            MSE.statedIn: [context.passages[p] for p in entry.passages],
            MSE.printedUrl: entry.url,
        },
    )
    if entry.reference is not None:
        describe_reference(context, iri, entry.reference)
        publication = _listed_publication(context, catalogue, entry, keys)
        context.text.add(iri, BIRO.references, publication)
        if not catalogue.reports_elsewhere(publication, study):
            context.text.add(publication, MSE.reportsOn, study)
        context.text.add(context.document, CITO.cites, publication)
        return
    context.text.add(iri, DCTERMS.title, entry.title)
    number = number_in_url(entry.url) if entry.url else None
    if number is not None:
        context.text.add(iri, BIRO.references, catalogue.registration(number))


def _listed_publication(context: DocumentContext, catalogue: Catalogue, entry: RowEntry, keys: list[str]) -> URIRef:
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
    return catalogue.publication_of_reference(reference, context)


def same_title(known: str | None, printed: str | None) -> bool:
    """Say whether a printed title is a known one; "…" in the known one stands for words that its source left out."""
    if known is None or printed is None:
        return False
    parts = [re.escape(title_key(part)) for part in known.split("…")]
    return re.fullmatch(".*".join(parts), title_key(printed)) is not None


def title_key(title: str) -> str:
    """Return a title without case, punctuation and spaces, for comparing a printed title with a known one."""
    return re.sub(r"[\W_]+", "", squash(title).casefold())


def _search(context: DocumentContext, number: int, search: Search) -> None:
    iri = under(Kind.SEARCH, context.document, number)
    stated = [search.source_passage, search.date_passage, search.hits_passage]
    context.text.node(
        iri,
        MSE.Search,
        {
            RDFS.label: search.source,
            MSE.inDocument: context.document,
            MSE.position: number,
            MSE.statedIn: [context.passages[p] for p in stated if p is not None],
            MSE.date: search.searched,
            MSE.printedDate: search.searched.printed if search.searched else None,
            MSE.hits: search.hits,
            MSE.printedHits: search.hits_printed,
        },
    )
    for position, line in enumerate(search.lines, 1):
        node = under(Kind.SEARCH_LINE, iri, position)
        context.text.node(
            node,
            MSE.SearchLine,
            {MSE.label: line.label, MSE.position: position, MSE.statedIn: context.passages[line.passage]},
        )
        context.text.add(iri, MSE.hasLine, node)


def _box(context: DocumentContext, number: int, box: FlowBox) -> None:
    iri = under(Kind.FLOW_BOX, context.document, number)
    language = context.metadata.language
    context.text.node(
        iri,
        MSE.FlowBox,
        {
            RDFS.label: Tagged(box.label, language),
            MSE.inDocument: context.document,
            MSE.count: box.count,
            MSE.position: number,
            MSE.statedIn: [context.passages[p] for p in box.passages],
        },
    )
    for position, (reason, count, passage) in enumerate(box.reasons, 1):
        node = under(Kind.EXCLUSION_REASON, iri, position)
        context.text.node(
            node,
            MSE.ExclusionReason,
            {
                RDFS.label: Tagged(reason, language),
                MSE.count: count,
                MSE.position: position,
                MSE.statedIn: context.passages[passage],
            },
        )
        context.text.add(iri, MSE.hasReason, node)


def _listed(context: DocumentContext, catalogue: Catalogue) -> None:
    for reference in context.parsed.listed:
        iri = under(Kind.LISTED_REFERENCE, context.document, "list", reference.number)
        context.text.node(iri, [MSE.ListedReference, BIRO.BibliographicReference], {MSE.inDocument: context.document})
        describe_reference(context, iri, reference)
        publication = _listed_work(context, catalogue, reference, iri)
        context.text.add(iri, BIRO.references, publication)
        context.text.add(context.document, CITO.cites, publication)
    for number in context.curation.listed:
        if number not in {r.number for r in context.parsed.listed}:
            raise context.error(f"the document's list has no number {number}; remove this line", ("listed", number))


def _listed_work(context: DocumentContext, catalogue: Catalogue, reference: Reference, iri: URIRef) -> URIRef:
    link = context.curation.listed.get(reference.number)
    if link is None:
        return catalogue.publication_of_reference(reference, context)
    context.curated.add(iri, MSE.because, link.because)
    return catalogue.publication(link.publication, context, ("listed", reference.number))

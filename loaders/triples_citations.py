"""Pointers and references: the second half of the path from a claim to what supports it.

Terms: C4O for pointers, BiRO for entries of the reference list, CiTO for citations (the subject is the citing thing).
A pointer inherited from a column header is a node of its own kind, so that it is never taken for a direct one.
"""

from dataclasses import dataclass, field
from html import unescape

from rdflib import DCTERMS, URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import Marker, Reference
from msevidence.loaders.errors import SourceError
from msevidence.loaders.statements import english, year
from msevidence.loaders.text import Normalised, squash
from msevidence.ontology.iris import Kind, pointer_iri, pointer_list_iri, reference_iri, under
from msevidence.ontology.namespaces import BIRO, C4O, CITO, MSE, OA, PRISM


@dataclass(frozen=True)
class Pointer:
    """A pointer in a passage: its node, the number it leads to, and where its marker stands in the passage's text."""

    iri: URIRef
    number: int
    begin: int
    inherited: bool = False


@dataclass
class Citations:
    """The references of one document by number, its pointers and claims by passage."""

    references: dict[int, URIRef] = field(default_factory=dict)
    publications: dict[int, URIRef] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    pointers: dict[int, list[Pointer]] = field(default_factory=dict)
    claims: dict[int, list[URIRef]] = field(default_factory=dict)
    places: dict[URIRef, tuple[int, int]] = field(default_factory=dict)
    """Where the words of each claim stand in its passage."""


def citation_statements(context: DocumentContext, catalogue: Catalogue) -> Citations:
    """State the reference list and the pointers of a document.

    Raises SourceError where the document has a reference list and a marker leads to a number that is not in it.
    """
    citations = Citations()
    _references(context, catalogue, citations)
    for marker_number, marker in _numbered(context.parsed.markers):
        _pointers(context, citations, marker, marker_number)
    _inherit(context, citations)
    return citations


def _references(context: DocumentContext, catalogue: Catalogue, citations: Citations) -> None:
    parsed, text = context.parsed, context.text
    if parsed.references:
        reference_list = under(Kind.REFERENCE_LIST, context.document)
        text.node(reference_list, BIRO.ReferenceList, {MSE.inDocument: context.document})
        text.add(context.document, MSE.hasReferenceList, reference_list)
    for reference in parsed.references:
        iri = reference_iri(context.key, reference.number)
        citations.references[reference.number] = iri
        text.node(iri, BIRO.BibliographicReference, {MSE.inDocument: context.document})
        text.add(reference_list, MSE.hasReference, iri)
        describe_reference(context, iri, reference)
        link = context.curation.references.get(reference.number)
        location = ("references", reference.number)
        if link is not None:
            publication = catalogue.publication(link.publication, context, location)
            context.curated.add(iri, MSE.because, english(link.because))
        else:
            publication = catalogue.publication_of_reference(reference, context)
        citations.publications[reference.number] = publication
        text.add(iri, BIRO.references, publication)
        text.add(context.document, CITO.cites, publication)
    for number in context.curation.references:
        if number not in citations.references:
            raise context.error(f"the document has no reference {number}; remove this line", ("references", number))


def describe_reference(context: DocumentContext, iri: URIRef, reference: Reference) -> None:
    """State an entry's parts as printed."""
    text = context.text
    text.node(
        iri,
        [],
        {
            MSE.number: reference.number or None,
            MSE.entryLabel: reference.label,
            MSE.statedIn: context.passages[reference.passage],
            MSE.printed: reference.printed,
            MSE.groupAuthor: reference.group_author,
            MSE.etAl: True if reference.et_al else None,
            DCTERMS.title: reference.title,
            MSE.container: reference.container,
            MSE.year: reference.year,
            MSE.published: reference.published or year(reference.year),
            PRISM.volume: reference.volume,
            PRISM.number: reference.issue,
            PRISM.pageRange: reference.pages,
            MSE.printedDoi: reference.doi,
            MSE.printedUrl: reference.url,
            MSE.accessed: reference.accessed,
            MSE.accessedPrinted: reference.accessed.printed if reference.accessed else None,
        },
    )
    for position, name in enumerate(reference.authors, 1):
        author = under(Kind.AUTHOR_NAME, iri, kind_of(iri), position)
        text.node(author, MSE.AuthorName, {MSE.name: name, MSE.position: position})
        text.add(iri, MSE.hasAuthorName, author)


def kind_of(iri: URIRef) -> str:
    """Return the kind in an IRI of the data."""
    return str(iri).rsplit("/", 2)[1]


def _numbered(markers: list[Marker]) -> list[tuple[int, Marker]]:
    """Number the markers within their passages, from 1."""
    seen: dict[int, int] = {}
    numbered: list[tuple[int, Marker]] = []
    for marker in markers:
        seen[marker.passage] = seen.get(marker.passage, 0) + 1
        numbered.append((seen[marker.passage], marker))
    return numbered


def _pointers(context: DocumentContext, citations: Citations, marker: Marker, marker_number: int) -> None:
    passage = context.passages[marker.passage]
    content = context.parsed.passages[marker.passage].content
    spans = content.spans(marker.begin, marker.end)
    pointer_list = pointer_list_iri(passage, marker_number)
    place = {OA.start: spans[0].start, OA.end: spans[-1].end}
    printed = _as_printed(context, content, marker)
    context.text.node(
        pointer_list,
        C4O.SingleLocationPointerList,
        {MSE.printed: printed, MSE.inPassage: passage, C4O.hasContext: passage, **place},
    )
    here = citations.pointers.setdefault(marker.passage, [])
    for number in marker.numbers:
        iri = pointer_iri(passage, len(here) + 1)
        context.text.node(
            iri,
            C4O.InTextReferencePointer,
            {
                C4O.denotes: _reference(context, citations, number, printed, spans[0].start),
                C4O.hasContext: passage,
                MSE.number: number,
                MSE.printed: printed,
                MSE.inPointerList: pointer_list,
                MSE.fromRange: True if number in marker.from_range else None,
                MSE.locator: marker.locator,
                **place,
            },
        )
        context.text.add(pointer_list, MSE.hasPointer, iri)
        here.append(Pointer(iri, number, marker.begin))


def _as_printed(context: DocumentContext, content: Normalised, marker: Marker) -> str:
    """Return a marker with the dashes of the source, on one line and without link markup."""
    places = zip(content.starts[marker.begin : marker.end], content.ends[marker.begin : marker.end], strict=True)
    pieces = (context.parsed.source[a:b] for a, b in places)
    # An XML file may spell a character as an entity: &#x2013; is a dash.
    return "".join(" " if p.isspace() else unescape(p) if len(p) > 1 and p[0] == "&" else p for p in pieces)


def _reference(context: DocumentContext, citations: Citations, number: int, printed: str, offset: int) -> URIRef:
    """Return the entry that a number denotes: a node that says so where the document prints none.

    A list that lacks a number stops the build, unless the metadata quarantines the marker or the reading is lenient.
    """
    if number in citations.references:
        return citations.references[number]
    quarantined = context.lenient or squash(printed) in {squash(q.text) for q in context.metadata.quarantine}
    if context.parsed.references and not quarantined:
        line = context.parsed.source.count("\n", 0, offset) + 1
        raise SourceError(
            f"the citation number {number} has no entry in the reference list; correct the marker,"
            " add the entry, or list the marker under quarantine: in metadata.yaml with the reason",
            context.source_path,
            line,
        )
    iri = reference_iri(context.key, number)
    citations.references[number] = iri
    citations.missing.append(number)
    context.text.node(
        iri,
        [MSE.MissingReference, BIRO.BibliographicReference],
        {MSE.number: number, MSE.inDocument: context.document},
    )
    return iri


def _inherit(context: DocumentContext, citations: Citations) -> None:
    """Give every cell below a header that carries a citation a pointer of its own that says where it comes from."""
    for table in context.parsed.tables:
        for column, header in enumerate(table.rows[0] if table.rows else ()):
            above = [p for h in header for p in citations.pointers.get(h, []) if not p.inherited]
            for row in table.rows[1:]:
                for cell in row[column] if column < len(row) else ():
                    _inherited(context, citations, cell, above)


def _inherited(context: DocumentContext, citations: Citations, cell: int, above: list[Pointer]) -> None:
    here = citations.pointers.setdefault(cell, [])
    for pointer in above:
        iri = pointer_iri(context.passages[cell], len(here) + 1)
        context.text.node(
            iri,
            MSE.InheritedPointer,
            {
                C4O.denotes: citations.references[pointer.number],
                C4O.hasContext: context.passages[cell],
                MSE.number: pointer.number,
                MSE.inheritedFrom: pointer.iri,
            },
        )
        here.append(Pointer(iri, pointer.number, 0, inherited=True))

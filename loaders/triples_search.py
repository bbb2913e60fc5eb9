"""The searches of a review, as its documentation prints them, and what the curator says each was for.

PRISMA-S (items 1, 8, 9, 13 and 16) names what is kept of a search: source, strategy, limits, date and hits.
"""

from rdflib import RDFS, URIRef

from msevidence.loaders.anchors import Anchor
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import Search, SearchTotal
from msevidence.loaders.schema import SearchEntry
from msevidence.loaders.statements import Tagged, english
from msevidence.loaders.text import squash
from msevidence.ontology.iris import Kind, under
from msevidence.ontology.namespaces import MSE

Location = tuple[int | str, ...]


def search_statements(context: DocumentContext) -> None:
    """State the searches and sums of hits of a document, and what its curation says of a search.

    Raises CurationError where an entry's quotation stands in no search or in several, or a value not in its search.
    """
    for number, search in enumerate(context.parsed.searches, 1):
        _search(context, number, search)
    for number, total in enumerate(context.parsed.search_totals, 1):
        _total(context, number, total)
    curated: set[int] = set()
    for i, entry in enumerate(context.curation.searches):
        at: Location = ("searches", i)
        found = _search_of(context, entry, at)
        if found in curated:
            raise context.error(f"the search in {context.parsed.searches[found].source} has two entries; keep one", at)
        curated.add(found)
        _curated(context, found, entry, at)


def _iri(context: DocumentContext, index: int) -> URIRef:
    return under(Kind.SEARCH, context.document, index + 1)


def _search(context: DocumentContext, number: int, search: Search) -> None:
    iri = _iri(context, number - 1)
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
            MSE.amends: None if search.amends is None else _iri(context, search.amends),
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


def _total(context: DocumentContext, number: int, total: SearchTotal) -> None:
    context.text.node(
        under(Kind.SEARCH_TOTAL, context.document, number),
        MSE.SearchTotal,
        {
            RDFS.label: Tagged(total.label, context.metadata.language),
            MSE.inDocument: context.document,
            MSE.position: number,
            MSE.statedIn: context.passages[total.passage],
            MSE.count: total.count,
        },
    )


def _passages(search: Search) -> list[int]:
    """Return the passages that a search is printed in; the name of its source may be shared with other searches."""
    stated = [search.source_passage, search.date_passage, search.hits_passage]
    return sorted({*(p for p in stated if p is not None), *(line.passage for line in search.lines)})


def _search_of(context: DocumentContext, entry: SearchEntry, at: Location) -> int:
    """Return the index of the one search that all words of the entry's quotations stand in."""
    searches = context.parsed.searches
    quoted = {a.passage for a in context.anchors.find(entry, at)}
    found = [i for i, search in enumerate(searches) if quoted <= set(_passages(search))]
    if not found:
        message = "no search has all that is quoted; quote the hits, the date or a line of the search that is meant"
        raise context.error(message, (*at, "quote"))
    if len(found) > 1:
        names = ", ".join(f"{searches[i].source} ({_when(searches[i])})" for i in found)
        raise context.error(
            f"the quotation stands in {len(found)} searches: {names}; quote words that only one of them has",
            (*at, "quote"),
        )
    return found[0]


def _when(search: Search) -> str:
    return search.searched.printed if search.searched else "no date"


def _curated(context: DocumentContext, index: int, entry: SearchEntry, at: Location) -> None:
    iri = _iri(context, index)
    own = _passages(context.parsed.searches[index])
    anchors = list(context.anchors.find(entry, at))
    for field, values in (("interfaces", entry.interfaces), ("limits", entry.limits)):
        for n, value in enumerate(values):
            anchors += _printed(context, own, value, (*at, field, n))
    if entry.purpose_printed is not None:
        headings = _headings(context, context.parsed.searches[index])
        anchors += _printed(context, [*headings, *own], entry.purpose_printed, (*at, "purpose_printed"))
    context.curated.node(
        iri,
        [],
        {
            MSE.interface: entry.interfaces,
            MSE.limit: entry.limits,
            MSE.purpose: context.concept("search-purpose", entry.purpose, (*at, "purpose")),
            MSE.note: english(entry.note),
        },
    )
    context.anchor(iri, dict.fromkeys(anchors))


def _headings(context: DocumentContext, search: Search) -> list[int]:
    """Return the headings that a search stands under, the nearest first."""
    found: list[int] = []
    section = context.parsed.passages[search.source_passage].section
    while section is not None:
        heading = context.parsed.sections[section].heading
        if heading is not None and heading != search.source_passage:
            found.append(heading)
        section = context.parsed.sections[section].parent
    return found


def _printed(context: DocumentContext, passages: list[int], value: str, at: Location) -> list[Anchor]:
    """Return where a value stands in ``passages``; raises CurationError where it stands in none of them."""
    wanted = squash(value)
    found: list[Anchor] = []
    for index in passages:
        content = context.parsed.passages[index].content
        begin = content.text.find(wanted)
        if begin >= 0:
            end = begin + len(wanted)
            found.append(Anchor(index, begin, end, wanted, content.spans(begin, end)))
    if not found:
        raise context.error(f"{value!r} is not printed in this search; copy it from there as it is spelled", at)
    return found

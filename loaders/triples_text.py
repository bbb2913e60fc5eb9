"""The text of a document as statements: sections, passages with their places, tables, figures, footnotes, links."""

import re

from rdflib import DCTERMS, RDFS, URIRef

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import Passage, PassageKind
from msevidence.loaders.text import Span
from msevidence.ontology.iris import Kind, under
from msevidence.ontology.namespaces import DEO, DOCO, MSE, OA, UnknownConceptError, scheme

_DOCO = {
    PassageKind.HEADING: DOCO.SectionTitle,
    PassageKind.SENTENCE: DOCO.Sentence,
}
"""A footnote is a node of its own, not the passage that holds its words: so it is counted once."""
_DEO = {
    "introduction": DEO.Introduction,
    "methods": DEO.Methods,
    "results": DEO.Results,
    "discussion": DEO.Discussion,
    "conclusion": DEO.Conclusion,
}


def text_statements(context: DocumentContext) -> None:
    """State sections, passages, tables, figures, pull quotes and footnotes of a document."""
    _sections(context)
    for ordinal, (iri, passage) in enumerate(zip(context.passages, context.parsed.passages, strict=True), 1):
        _passage(context, iri, passage, ordinal)
    _tables(context)
    for quote in context.parsed.pull_quotes:
        if quote.of is not None:
            relation = MSE.shortens if quote.shortened else MSE.repeats
            context.text.add(context.passages[quote.passage], relation, context.passages[quote.of])
    for number, note in enumerate(context.parsed.footnotes, 1):
        context.text.node(
            under(Kind.FOOTNOTE, context.document, number),
            [MSE.Footnote, DOCO.Footnote],
            {
                MSE.mark: note.mark,
                MSE.inDocument: context.document,
                MSE.statedIn: context.passages[note.passage],
                MSE.anchoredIn: None if note.anchor is None else context.passages[note.anchor],
            },
        )


def language_of(context: DocumentContext, passage: Passage) -> str:
    """Return the language of a passage: its own, else its section's by metadata, else the document's."""
    if passage.language:
        return passage.language
    section = passage.section
    while section is not None:
        hint = context.metadata.sections.get(context.parsed.sections[section].title)
        if hint and hint.language:
            return hint.language
        section = context.parsed.sections[section].parent
    return context.metadata.language


def _sections(context: DocumentContext) -> None:
    for iri, section in zip(context.sections, context.parsed.sections, strict=True):
        hint = context.metadata.sections.get(section.title)
        role = hint.role if hint else section.role
        types = [DOCO.Section, MSE.Section, *([_DEO[role]] if role in _DEO else [])]
        context.text.node(
            iri,
            types,
            {
                DCTERMS.title: section.title,
                MSE.inDocument: context.document,
                MSE.level: section.level,
                MSE.heading: None if section.heading is None else context.passages[section.heading],
                MSE.sectionRole: _section_role(context, section.title, role),
                DCTERMS.isPartOf: None if section.parent is None else context.sections[section.parent],
            },
        )


def _section_role(context: DocumentContext, title: str, role: str | None) -> URIRef | None:
    try:
        return scheme("section-role", role) if role else None
    except UnknownConceptError as e:
        raise context.metadata_error(str(e), ("sections", title, "role")) from e


def _passage(context: DocumentContext, iri: URIRef, passage: Passage, ordinal: int) -> None:
    spans = passage.spans
    place = passage.place
    context.text.node(
        iri,
        [MSE.Passage, *([_DOCO[passage.kind]] if passage.kind in _DOCO else [])],
        {
            MSE.text: passage.text,
            OA.exact: context.exact(Span(spans[0].start, spans[-1].end)),
            OA.start: spans[0].start,
            OA.end: spans[-1].end,
            OA.hasSource: context.document,
            MSE.passageKind: scheme("passage-kind", passage.kind.value),
            MSE.ordinal: ordinal,
            MSE.inSection: None if passage.section is None else context.sections[passage.section],
            MSE.paragraph: passage.paragraph or None,
            MSE.page: passage.page,
            DCTERMS.language: language_of(context, passage),
            MSE.inTable: context.table(place.table) if place else None,
            MSE.row: place.row if place else None,
            MSE.column: place.column if place else None,
        },
    )
    if len(spans) > 1:
        for number, span in enumerate(spans, 1):
            selector = under(Kind.SELECTOR, iri, number)
            context.text.node(
                selector,
                [OA.TextPositionSelector, OA.TextQuoteSelector],
                {OA.start: span.start, OA.end: span.end, OA.exact: context.exact(span), MSE.ordinal: number},
            )
            context.text.add(iri, OA.hasSelector, selector)


def _tables(context: DocumentContext) -> None:
    for table in context.parsed.tables:
        context.text.node(
            context.table(table.label),
            [MSE.Table, DOCO.Table],
            {
                RDFS.label: table.label,
                MSE.inDocument: context.document,
                MSE.caption: None if table.caption is None else context.passages[table.caption],
            },
        )
    for number, figure in enumerate(context.parsed.figures, 1):
        context.text.node(
            under(Kind.FIGURE, context.document, number),
            [MSE.Figure, DOCO.Figure],
            {
                RDFS.label: figure.label,
                MSE.inDocument: context.document,
                MSE.caption: None if figure.caption is None else context.passages[figure.caption],
            },
        )


_CROSS_REFERENCE = re.compile(
    r"\(?\b(?:table|figure|tabell?e?|figur|abbildung|tab\.|fig\.|vedlegg|appendix)\s*\d+\)?", re.I
)


_WORDS = {
    "en": "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand",
    "nb": "én to tre fire fem seks syv sju åtte ni ti elleve tolv tjue tretti førti femti hundre tusen",
    "nn": "éin to tre fire fem seks sju åtte ni ti elleve tolv tjue tretti førti femti hundre tusen",
    "sv": "två tre fyra fem sex sju åtta nio tio elva tolv tjugo trettio fyrtio femtio hundra tusen",
    "da": "to tre fire fem seks syv otte ni ti elleve tolv tyve tredive fyrre halvtreds hundrede tusind",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend",
}


def states_number_in_words(text: str, language: str) -> bool:
    """Say whether a text has a number as a word; one is left out where it is also the article."""
    words = _WORDS.get(language, "").split()
    return bool(words and re.search(rf"\b(?:{'|'.join(words)})\b", text, re.IGNORECASE))


def states_number(text: str) -> bool:
    """Say whether a text, its citation markers cut out, states a figure other than the number of a table or picture."""
    return bool(re.search(r"\d", _CROSS_REFERENCE.sub("", text)))

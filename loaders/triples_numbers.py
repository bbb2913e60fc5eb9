"""Registry numbers in a text: printed and normalised, with the address that stands with each."""

from rdflib import URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import NumberMention
from msevidence.loaders.statements import Typed
from msevidence.ontology.identifiers import FoundNumber, number_in_url
from msevidence.ontology.iris import Kind, under
from msevidence.ontology.namespaces import MSE, OA


def number_statements(context: DocumentContext, catalogue: Catalogue) -> list[URIRef]:
    """State every registry number of the text; returns the nodes in the order of ``ParsedDocument.numbers``."""
    return [_number(context, catalogue, mention) for mention in context.parsed.numbers]


def number_iri(context: DocumentContext, mention: NumberMention) -> URIRef:
    """Return the IRI of a number where it stands: its passage and its place in it."""
    return under(Kind.NUMBER_MENTION, context.passages[mention.passage], mention.begin)


def found_number(mention: NumberMention) -> FoundNumber:
    """Return a mention as the number that it is."""
    return FoundNumber(mention.scheme, mention.printed, mention.normalised, mention.suffix, mention.begin, mention.end)


def _number(context: DocumentContext, catalogue: Catalogue, mention: NumberMention) -> URIRef:
    passage = context.passages[mention.passage]
    spans = context.parsed.passages[mention.passage].content.spans(mention.begin, mention.end)
    linked = number_in_url(mention.link) if mention.link else None
    iri = number_iri(context, mention)
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

"""What a report prints in its own layout: registry numbers, rows of study tables, searches, flow, lists of works."""

from rdflib import URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.statements import Statements
from msevidence.loaders.triples_citations import Citations
from msevidence.loaders.triples_flow import flow_statements
from msevidence.loaders.triples_listed import list_statements
from msevidence.loaders.triples_numbers import number_statements
from msevidence.loaders.triples_places import place_statements
from msevidence.loaders.triples_rows import row_statements
from msevidence.loaders.triples_search import search_statements
from msevidence.loaders.triples_words import row_passages, word_statements


def report_statements(
    context: DocumentContext,
    catalogue: Catalogue,
    identity: Statements,
    described: dict[str, URIRef],
    citations: Citations,
) -> None:
    """State all of it; ``described`` maps the name of a row to its curated description.

    Raises CurationError where the curation names a row, search or work that the text does not have.
    """
    mentions = number_statements(context, catalogue)
    row_statements(context, catalogue, identity, described, mentions)
    for row in context.parsed.study_rows:
        word_statements(context, citations, row)
        place_statements(context, citations, row_passages(context, row))
    search_statements(context)
    flow_statements(context)
    list_statements(context, catalogue)

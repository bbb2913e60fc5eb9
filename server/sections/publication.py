"""A publication: how it is cited, what it reports, who cites it for what, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msevidence.server import i18n
from msevidence.server.bibliography import Record, citation
from msevidence.server.bibliography_read import records
from msevidence.server.exhibits import Cell, Table
from msevidence.server.labels import Labels
from msevidence.server.pages_links import MSE, Value
from msevidence.server.pages_view import View
from msevidence.server.publication_tables import Tables
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane

OUTSIDE: Sequence[tuple[str, Callable[[Record], str], str]] = (
    ("DOI", lambda record: record.doi, "https://doi.org/"),
    ("PubMed", lambda record: record.pmid, "https://pubmed.ncbi.nlm.nih.gov/"),
    ("PubMed Central", lambda record: record.pmcid, "https://pmc.ncbi.nlm.nih.gov/articles/"),
)
"""Identifiers of a work: where they are from, the value, and the address that it makes."""


@dataclass(frozen=True, slots=True)
class PublicationSections(Sections):
    """A publication."""

    template: str = "publication.html"
    citation: str = ""
    """As the data know it."""
    kinds: Sequence[Value] = ()
    outside: Sequence[Cell] = ()
    documents: Sequence[Cell] = ()
    """Those that cite it."""

    def table(self, key: str) -> Table:
        """Return a table of the page."""
        return next(table for table in self.tables if table.key == key)


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> PublicationSections:
    """Return what the page of a publication shows."""
    (record,) = records(lane, labels, language, [view.iri])
    tables = Tables(lane, labels, language, view.iri)
    made = tables.all()
    return PublicationSections(
        tables=made,
        citation=citation(record),
        kinds=[Value(value.text, value.iri, value.href) for value in view.values(MSE + "publicationKind")],
        outside=[
            Cell(
                i18n.text("pub-identifier", language, source=source, value=of(record)),
                None,
                base + of(record),
                outside=True,
            )
            for source, of, base in OUTSIDE
            if of(record)
        ],
        documents=tables.documents(),
    )

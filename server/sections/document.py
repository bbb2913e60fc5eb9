"""A document: its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from msevidence.server import pages_reading
from msevidence.server.labels import Labels
from msevidence.server.pages_view import View
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane


@dataclass(frozen=True, slots=True)
class DocumentSections(Sections):
    """A document: its text."""

    template: str = "document.html"
    reading: pages_reading.Reading = field(default_factory=pages_reading.Reading)


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> DocumentSections:
    """Return what the page of a document shows."""
    return DocumentSections(reading=pages_reading.read(lane, labels, view.iri))

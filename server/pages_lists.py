"""What there is of a kind: the figures of the home page, and the things that a question can be asked about."""

from __future__ import annotations

from collections.abc import Mapping

from msevidence.ontology.counted import COUNTED
from msevidence.server.facets import Facets
from msevidence.server.pages_links import MSE
from msevidence.server.store import PageLane

CLASSES: Mapping[str, str] = {
    "documents": MSE + "Document",
    "studies": MSE + "Study",
    "publications": MSE + "Publication",
    "registrations": MSE + "Registration",
}
"""Kinds of things that a question can be asked about, by the plural of its parameter."""


def counts(lane: PageLane) -> dict[str, int]:
    """Return how many there are of each kind that the home page names."""
    facets = Facets(lane.release, "en")
    return {kind: facets.count(str(iri)) for kind, iri in COUNTED.items()}

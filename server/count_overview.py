"""What the page ``/count`` shows of a release with more than it can list: the figures of everything.

The documents come some at a time, each with its figures and the way to its own count, which says what was counted and
why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msevidence.server import count_figures
from msevidence.server.errors import ResultTooLarge, Words
from msevidence.server.facets import Facets
from msevidence.server.pages_links import MSE
from msevidence.server.releases import Release
from msevidence.server.store import PageLane
from msevidence.server.stretch import stretch

MOST = 5_000
"""Registrations up to which everything is listed: with their studies and documents, each takes half a millisecond."""
SIZE = 100
"""Documents on a page."""


def is_wanted(release: Release) -> bool:
    """Tell whether there are more registrations than can be listed."""
    return Facets(release, "en").count(MSE + "Registration") > MOST


def refusal(lane: PageLane) -> ResultTooLarge:
    """Return the error that says why no file lists everything, and what is to be had instead."""
    facets = Facets(lane.release, "en")
    registrations, studies, documents = (facets.count(MSE + name) for name in ("Registration", "Study", "Document"))
    return ResultTooLarge(
        MOST,
        Words(
            f"Everything that is loaded is {documents} documents with {registrations} registrations of {studies}"
            f" studies, and a file lists up to {MOST} registrations. The page /count has the figures. Count a document,"
            " or numbers; on the command line `msevidence count` lists any number.",
            f"Alt som er lest inn, er {documents} dokumenter med {registrations} registreringer av {studies} studier,"
            f" og en fil viser inntil {MOST} registreringer. Siden /count har tallene. Tell et dokument, eller numre;"
            " på kommandolinjen viser `msevidence count` så mange det måtte være.",
        ),
    )


def overview(lane: PageLane) -> Mapping[str, Any]:
    """Return what the template shows of everything: the figures, and the documents that the address asks for.

    Raises:
        BadRequest: ``?page=`` is no number of a page.
        NotFound: there is no such page.
    """
    part = stretch(Facets(lane.release, "en").count(MSE + "Document"), "html", SIZE, SIZE)
    return {
        "overview": count_figures.of_everything(lane.release),
        "sources": count_figures.of_sources(lane.release),
        "documents_shown": count_figures.of_documents(lane.release, part.start, part.size),
        "page": part,
    }

"""The files of reference managers, as formats that a page may have: RIS, BibTeX, CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from msevidence.server import bibtex, csl, ris
from msevidence.server.bibliography import Record
from msevidence.server.bibliography_read import records, works_of_studies
from msevidence.server.exhibit_page import More
from msevidence.server.exhibits import Exhibits
from msevidence.server.formats import Format
from msevidence.server.labels import Labels
from msevidence.server.pages_links import MSE
from msevidence.server.store import PageLane

FORMATS: Mapping[str, Format[Any]] = {
    "ris": Format("ris", ris.MEDIA_TYPE, cast(Any, None), "ris"),
    "bib": Format("bib", bibtex.MEDIA_TYPE, cast(Any, None), "bib", ("text/x-bibtex",)),
    "csl": Format("csl", csl.MEDIA_TYPE, cast(Any, None), "csl.json", ("application/citeproc+json",)),
}
NAMES = {"ris": "RIS", "bib": "BibTeX", "csl.json": "CSL-JSON"}
"""Suffix → name."""
_WRITERS: Mapping[str, Callable[[Iterable[Record]], str]] = {"ris": ris.write, "bib": bibtex.write, "csl": csl.write}
STUDY = MSE + "Study"
CLASSES = (STUDY, *(MSE + name for name in ("Publication", "Registration", "Document")))
"""What there are such files of; of a study, those of its publications and registry records."""


def write(format: str, lane: PageLane, labels: Labels, language: str, class_iri: str, things: Sequence[str]) -> str:
    """Write publications, registry records, or those of studies, each once.

    Args:
        format: a key of :data:`FORMATS`.
        lane: a worker.
        labels: names of concepts and documents.
        language: of the notes.
        class_iri: of the things, one of :data:`CLASSES`.
        things: IRIs.
    """
    works = works_of_studies(lane, things) if class_iri == STUDY else things
    return _WRITERS[format](records(lane, labels, language, works))


def of_class(class_iri: str) -> More | None:
    """Return the further formats of a page about things of a class; None where they are nothing to refer to."""
    if class_iri not in CLASSES:
        return None

    def written(format: str, lane: PageLane, labels: Labels, language: str, found: Exhibits) -> str:
        return write(format, lane, labels, language, class_iri, found.subjects)

    return More(FORMATS, written)

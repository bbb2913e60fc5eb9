"""The files of reference managers, as formats that a page may have: RIS, BibTeX, CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from flask import request

from msevidence.server import bibtex, csl, ris
from msevidence.server.bibliography import Record
from msevidence.server.bibliography_read import records, works_of_studies
from msevidence.server.exhibit_page import SHARED, More
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
_NOT_NAMED = ("page", "sort")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9.]+")
LONGEST_NAME = 100
"""Characters of the name of a file before its suffix."""
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

    return More(FORMATS, written, file_name)


def file_name(format: str) -> str:
    """Return what the file of this request is called: by the path, and by what of a list is asked for."""
    stem = request.path.removesuffix(f".{FORMATS[format].suffix}")
    asked = [value for name, value in request.args.items(multi=True) if name not in (*SHARED, *_NOT_NAMED)]
    return called(stem, asked, FORMATS[format].suffix)


def called(stem: str, asked: Sequence[str], suffix: str) -> str:
    """Return the name of a file: ASCII letters and figures of a path and of the values chosen in a list.

    >>> called("/studies", ["ongoing", "https://example.org/document/fhi-2021"], "ris")
    'msevidence-studies-ongoing-fhi-2021.ris'
    >>> called("/browse/Study", ["RAM ms, 'x'"], "csl.json")
    'msevidence-browse-study-ram-ms-x.csl.json'
    """
    words = ["msevidence", *stem.split("/"), *(value.rstrip("/").rpartition("/")[2] for value in asked)]
    plain = (_NOT_IN_A_NAME.sub("-", word.casefold()).strip("-.") for word in words)
    return f"{'-'.join(word for word in plain if word)[:LONGEST_NAME].strip('-.')}.{suffix}"

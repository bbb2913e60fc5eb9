"""The documents of a release by their keys: which have tables of studies, and what the keys in notes stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.exports.handover import ExportError, Handover
from msevidence.server.exports.report_tables_model import NamedDocument, Piece
from msevidence.server.labels import query
from msevidence.server.pages_links import of
from msevidence.server.words import Words


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document of a release."""

    iri: str
    title: Piece
    """Empty where the graph has none."""
    lists: bool
    """Whether it has a table that lists studies, a row each."""

    @property
    def key(self) -> str:
        """What it is called in IRIs, in file names and in the texts of findings: ``fhi-2021``."""
        return self.iri.rpartition("/")[2]


def known(handover: Handover) -> Sequence[KnownDocument]:
    """Return the documents of the release of an export, sorted by IRI."""
    found: dict[str, KnownDocument] = {}
    for row in handover.lane.select(query("export_report_documents")):
        iri, title = of(row, "document"), row.get("title")
        spoken = (title.language or "") if isinstance(title, ox.Literal) else ""
        found.setdefault(iri, KnownDocument(iri, Piece(of(row, "title"), spoken), "table" in row))
    return [found[iri] for iri in sorted(found)]


def named(documents: Iterable[KnownDocument], texts: Sequence[str]) -> Sequence[NamedDocument]:
    """Return the documents with a title whose keys are in texts, as words of their own or the beginning of a key."""
    return [
        NamedDocument(document.key, document.title)
        for document in documents
        if document.title.text
        and any(re.search(rf"(?<![\w.-]){re.escape(document.key)}(?![\w-])", text) for text in texts)
    ]


def refusal(handover: Handover, wanted: Sequence[str]) -> ExportError:
    """Return what to say where no wanted document has a row of a study of the export: which to choose instead.

    Args:
        handover: the export.
        wanted: IRIs of documents.
    """
    documents = {document.iri: document for document in known(handover)}
    chosen = [documents[iri] for iri in wanted if iri in documents]
    having = [document for document in documents.values() if document.lists]
    return ExportError(Words(*(_refusal(chosen, having, language) for language in Words._fields)))


def _refusal(chosen: Sequence[KnownDocument], having: Sequence[KnownDocument], language: str) -> str:
    none, choose = _listed(chosen, language), _listed(having, language)
    said = i18n.text("report-none", language, documents=none) if none else i18n.text("report-no-document", language)
    way = i18n.text("report-choose", language, documents=choose) if choose else i18n.text("report-nowhere", language)
    return f"{said} {way}"


def _listed(documents: Iterable[KnownDocument], language: str) -> str:
    return "; ".join(
        i18n.text("report-titled", language, title=document.title.text, key=document.key)
        if document.title.text
        else document.key
        for document in documents
    )

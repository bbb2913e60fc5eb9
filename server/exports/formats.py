"""The formats of exports: name, media type, suffix, whether it is several files, and what writes it.

What writes a format is named, and imported when it is wanted: a workbook's library takes longer to load than a small
release to export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from msevidence.server.exports.handover import ExportError, Files, Handover, Write
from msevidence.server.exports.scope import Scope
from msevidence.server.words import Words

ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format of exports."""

    name: str
    suffix: str
    """Of the file; of several files, of their archive."""
    media_type: str
    """As registered with IANA where it is; of several files, that of their archive."""
    module: str
    """Module of this package whose function ``write`` makes the files."""
    several: bool = False
    """Whether it writes a folder, or a zip archive."""
    along: bool = False
    """Whether further files go along with the first (shapes, validation report), in a folder or a zip archive."""
    negotiated: bool = True
    """Whether the media type is registered, so that ``Accept`` may ask for it."""
    experimental: bool = False
    parts: bool = True
    """Whether a part of a release can be had in it."""

    def refuse_part(self, scope: Scope) -> None:
        """Refuse a part of a release where the format describes the whole.

        Raises:
            ExportError: it is asked for.
        """
        if not (self.parts or scope.whole):
            raise ExportError(
                Words(
                    f"{self.name} describes the whole release; leave out what chooses a part of it",
                    f"{self.name} beskriver hele utgivelsen; utelat det som velger en del av den",
                )
            )

    def write(self, handover: Handover) -> Files:
        """Make the files: one, or several; of one with others along, that one is the first."""
        module = import_module(f"{__package__}.{self.module}")
        return cast(Write, module.write if hasattr(module, "write") else getattr(module, f"write_{self.name}"))(
            handover
        )


EXPORTS: Mapping[str, ExportFormat] = {
    f.name: f
    for f in (
        ExportFormat("trig", "trig", "application/trig", "rdf", along=True),
        ExportFormat("nquads", "nq", "application/n-quads", "rdf", along=True),
        ExportFormat("turtle", "ttl", "text/turtle", "rdf", along=True),
        ExportFormat("jsonld", "jsonld", "application/ld+json", "rdf", along=True),
        ExportFormat("rdfxml", "rdf", "application/rdf+xml", "rdf", along=True),
        ExportFormat("ris", "ris", "application/x-research-info-systems", "references", negotiated=False),
        ExportFormat("bibtex", "bib", "application/x-bibtex", "references", negotiated=False),
        ExportFormat("csl", "csl.json", "application/vnd.citationstyles.csl+json", "references"),
        ExportFormat("csvw", "csvw.zip", ZIP, "csvw", several=True, negotiated=False),
        ExportFormat("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "workbook"),
        ExportFormat("html-tables", "html", "text/html", "html_tables", negotiated=False),
        ExportFormat(
            "docx", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx_tables"
        ),
        ExportFormat("ro-crate", "ro-crate.zip", ZIP, "ro_crate", several=True, negotiated=False),
        ExportFormat("dcat", "dcat.ttl", "text/turtle", "dcat", negotiated=False, parts=False),
        ExportFormat("void", "void.ttl", "text/turtle", "void", negotiated=False, parts=False),
        ExportFormat("fhir", "fhir.json", "application/fhir+json", "fhir", experimental=True),
        ExportFormat("nanopub", "nanopub.zip", ZIP, "nanopub", several=True, negotiated=False),
        ExportFormat("graphml", "graphml", "application/graphml+xml", "networks", negotiated=False),
        ExportFormat("gexf", "gexf", "application/gexf+xml", "networks", negotiated=False),
        ExportFormat("sssom", "sssom.tsv", "text/tab-separated-values", "sssom", negotiated=False),
    )
}
"""Name → format, in the order in which they are offered."""

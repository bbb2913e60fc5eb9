"""Publications and registry records for reference managers: RIS, BibTeX, CSL-JSON, one record each."""

from __future__ import annotations

from msevidence.server import bibtex, csl, ris
from msevidence.server.bibliography_read import records
from msevidence.server.exports.handover import Files, Handover


def write_ris(handover: Handover) -> Files:
    """Write RIS."""
    return {f"{handover.stem}.ris": ris.write(_records(handover)).encode()}


def write_bibtex(handover: Handover) -> Files:
    """Write BibTeX."""
    return {f"{handover.stem}.bib": bibtex.write(_records(handover)).encode()}


def write_csl(handover: Handover) -> Files:
    """Write CSL-JSON."""
    return {f"{handover.stem}.csl.json": csl.write(_records(handover)).encode()}


def _records(handover: Handover):  # type: ignore[no-untyped-def]
    works = [*handover.scope.publications, *handover.scope.registrations]
    return records(handover.lane, handover.labels, handover.language, works)

"""Publications and registry records for reference managers: RIS, BibTeX, CSL-JSON, one record each.

None of the three has a place for words about the whole file that all managers leave alone, so each record says in a
note where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msevidence.server import bibtex, csl, ris
from msevidence.server.bibliography import Record
from msevidence.server.bibliography_read import records
from msevidence.server.exports.handover import ExportError, Files, Handover
from msevidence.server.words import Words


def write_ris(handover: Handover) -> Files:
    """Write RIS."""
    return _written(handover, ris.write, "ris")


def write_bibtex(handover: Handover) -> Files:
    """Write BibTeX."""
    return _written(handover, bibtex.write, "bib")


def write_csl(handover: Handover) -> Files:
    """Write CSL-JSON."""
    return _written(handover, csl.write, "csl.json")


def _written(handover: Handover, write: Callable[[Iterable[Record]], str], suffix: str) -> Files:
    works = [*handover.scope.publications, *handover.scope.registrations]
    if not works:
        raise ExportError(
            Words(
                "what was chosen has no publication and no registry record; choose a study or a document",
                "det som er valgt, har ingen publikasjon og ingen registerpost; velg en studie eller et dokument",
            )
        )
    found = records(handover.lane, handover.labels, handover.language, works)
    return {f"{handover.stem}.{suffix}": write(found).encode()}

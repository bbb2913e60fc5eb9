"""The identity decisions as SSSOM, of all or of the part that is handed over."""

from __future__ import annotations

import io
from dataclasses import replace

from msevidence.loaders.identity.sssom import mapping_set, write_tsv
from msevidence.server.exports.handover import Files, Handover


def write(handover: Handover) -> Files:
    """Write the decisions whose subject or object is handed over, as TSV with its metadata as a block at the top."""
    found = mapping_set(handover.lane.select, handover.release.id, handover.release.base)
    if not handover.scope.whole:
        things = frozenset(handover.scope.things)
        kept = tuple(m for m in found.mappings if m.subject in things or m.object in things)
        found = replace(found, mappings=kept)
    text = io.StringIO()
    write_tsv(found, text)
    return {f"{handover.stem}.sssom.tsv": text.getvalue().encode()}

"""What ``msevidence show`` tells of the review: the findings about a thing, or that rest on a passage, twins once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.server.findings_shared import merged
from msevidence.server.review_badges import badges_of
from msevidence.server.show_reader import Reader


@dataclass(frozen=True)
class Said:
    """A finding of the review."""

    finding: str
    severity: str
    kind: str
    message: str
    document: str | None
    """Key of the document whose review has it."""
    set_aside: bool
    twins: Sequence[str] = ()
    """The same, as the reviews of other documents have it."""


def findings_about(reader: Reader, *iris: str) -> list[Said]:
    """Return the findings about some things, once each, the gravest first; those set aside come last."""
    rows = [row for iri in iris for row in reader.rows("review_of", resource=iri)]
    return [
        Said(
            badge.iri,
            badge.severity,
            reader.label(badge.kind),
            badge.message.of(reader.language),
            badge.document or None,
            badge.set_aside,
            [twin.iri for twin in twins],
        )
        for badge, *twins in merged(badges_of(rows))
    ]

"""What the review found wrong or doubtful about studies, as the evidence map marks it: a ⚑, the numbers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msevidence.server import i18n

SIGN = "⚑"
MARKED = ("error", "warning")
"""Severities that are marked, the gravest first; a note is no sign that something is wrong."""


def said(tally: Mapping[str, int], language: str) -> Sequence[str]:
    """Return how many findings of each severity there are, such as "errors: 2"; nothing where there are none."""
    return [
        i18n.text(f"map-finding-{severity}", language, count=i18n.number(tally[severity], language))
        for severity in MARKED
        if tally.get(severity)
    ]

"""Facts about a thing, as pairs of a heading and its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.server.exhibits import Cell
from msevidence.server.sections.base import Sections

Fact = tuple[str, Sequence[Cell]]
"""Heading in the reader's language, and values; none where nothing is known."""


@dataclass(frozen=True, slots=True)
class FactSections(Sections):
    """A thing with facts above its tables."""

    facts: Sequence[Fact] = ()
    language: str = ""
    """Of the thing's own text."""
    copy: str = ""
    """Text that is there to be copied."""

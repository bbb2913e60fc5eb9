"""A text in the two languages of the interface, where it is written beside the code that says it."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """A text of the interface in its two languages."""

    en: str
    nb: str

    def in_language(self, language: str) -> str:
        """Return the text in `nb`, or in English for anything else."""
        return self.nb if language == "nb" else self.en

"""Identifiers and names in the index: what carries one, which asked for are not there, how a name is spelled."""

from __future__ import annotations

from msevidence.loaders.index_words import asked_keys, called, tokens
from msevidence.server.index import Index

SURE = 6
"""Figures of a bare number that is said to be missing: a shorter one may be a year or an amount."""


def carrying(index: Index, key: str) -> list[tuple[str, str]]:
    """Return what carries an identifier or a name, each with it as it stands."""
    return [
        (iri, value)
        for iri, value in index.rows("SELECT iri, value FROM identifier WHERE key = ? ORDER BY iri", (key,))
    ]


def missing(index: Index, text: str) -> tuple[str, ...]:
    """Return the numbers that a text is, as they are written, and that nothing carries."""
    keys = asked_keys(text)
    there = {key for key in keys if carrying(index, key)}
    dois = [key for key in keys if key.startswith("doi ")]
    if dois:  # the readings of one: with and without what an address has after it
        return () if there.intersection(dois) else (called(dois[-1]),)
    if text.strip().isdigit() and len(text.strip()) < SURE:
        return ()
    return tuple(called(key) for key in keys if key not in there and called(key))


def spelled(index: Index, text: str) -> str | None:
    """Return a name as it stands in the graph that a text spells otherwise; None where it does not."""
    for key in asked_keys(text):
        for _, value in carrying(index, key):
            if tokens(value) != tokens(text):
                return value
    return None

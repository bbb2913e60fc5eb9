"""What the search says before anything is asked: what can be searched, and searches to try, all from the index."""

from __future__ import annotations

from dataclasses import dataclass

from msevidence.ontology.index_rules import CONCEPT
from msevidence.server.index import Index
from msevidence.server.search import ORDER

FIRST_WORDS = 6
"""Of a claim that make a search."""
_EXAMPLES = {
    "number": (
        "SELECT value FROM identifier JOIN entry USING (iri) WHERE kind = 'registration' AND key NOT LIKE 'name %'"
        " AND ? <> '' ORDER BY key LIMIT 1"
    ),
    "study": (
        "SELECT value FROM identifier JOIN entry USING (iri) WHERE kind = 'study' AND key LIKE 'name %'"
        " AND ? <> '' ORDER BY key LIMIT 1"
    ),
    "claim": (
        "SELECT text FROM wording JOIN entry ON entry = id WHERE kind = 'claim' AND field = 'quotation'"
        " ORDER BY language = ? DESC, id, position LIMIT 1"
    ),
    # The one that most claims and studies have in common, and not what a claim of any kind has.
    "concept": (
        f"SELECT text FROM wording JOIN entry ON entry = id WHERE kind IN ('claim', 'study') AND field = '{CONCEPT}'"
        " AND language = ? AND text NOT LIKE '%(%' GROUP BY text"
        " ORDER BY count(DISTINCT kind) DESC, count(*) DESC, text LIMIT 1"
    ),
}
"""Kind of example → where the index has one; each is bound to the reader's language."""
KINDS = tuple(_EXAMPLES)


@dataclass(frozen=True, slots=True)
class Start:
    """What the search shows when nothing was asked."""

    examples: tuple[tuple[str, str], ...]
    """Kind of each, and what to search for."""
    kinds: tuple[tuple[str, int], ...]
    """What is searched, with how many there are."""


def start(index: Index, reader: str) -> Start:
    """Return what can be searched, and a search to try of each kind that the graph has something for."""
    found = []
    for kind, sql in _EXAMPLES.items():
        for (text,) in index.rows(sql, (reader,)):
            words = text.split()
            found.append((kind, " ".join(words[:FIRST_WORDS]) if kind == "claim" else text))
    counts: dict[str, int] = dict(index.rows("SELECT kind, count(*) FROM entry GROUP BY kind"))
    return Start(tuple(found), tuple((kind, counts[kind]) for kind in ORDER if kind in counts))

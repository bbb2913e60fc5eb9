"""Finding the sentence that a reader pasted, in the index: by letters and digits, and by its words where some differ.

What is exactly there, or a part of it, or holds it, is as ``show_find`` has it; the index has the letters made, so that
a search compares strings and reads no text. A sentence with words left out or changed is not taken for the one that it
resembles: a changed word may be what its meaning rests on. It is listed, the best first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from msevidence.loaders.index_words import letters, tokens
from msevidence.ontology.index_rules import CONCEPT
from msevidence.server.index import Index, Row
from msevidence.server.search_text import Asked
from msevidence.server.show_find import ENOUGH, SUGGESTIONS

UNMISTAKABLE = 8
"""Words in a row that stand in one sentence only: whoever pastes them means it."""
COMPARED = 40
"""Candidates whose words are compared in order with those of the pasted text: the best by what they have in common."""
ALIKE, LISTED = 0.5, 10
"""Share of the pasted words, in order, that a candidate has at the least; and how many are listed."""
KINDS = ("claim", "passage", "quotation", "publication", "document")
_COLUMNS = "passage, claim, repeats, said_letters"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Claims, and passages without one; ``exact`` where the pasted text names them."""

    items: tuple[str, ...] = ()
    exact: bool = False
    claim: bool = False
    """Whether the pasted text is, as it stands, what a claim says."""


def find(index: Index, pasted: str) -> Sentences:
    """Return the claims (and passages without one) that a pasted text is, is a part of, or mostly consists of."""
    wanted = letters(pasted)
    if not wanted:
        return Sentences()
    if whole := _rows(index, "letters = ?1 OR said_letters = ?1", wanted):
        return Sentences(_own(index, whole), exact=True, claim=any(row[1] for row in whole))
    part = _rows(index, "instr(said_letters, ?1)", wanted) or _rows(index, "instr(letters, ?1)", wanted)
    if part:
        items = _own(index, part)
        sure = len(items) == 1 and len(tokens(pasted)) >= UNMISTAKABLE and len(wanted) >= ENOUGH
        return Sentences(items, exact=sure)
    held = _held(index, wanted)
    covered = sum(len(own) for own in {row[3] for row in held})
    return Sentences(_own(index, held), exact=True) if held and 2 * covered >= len(wanted) else Sentences()


def holding(index: Index, pasted: str) -> tuple[str, ...]:
    """Return the claims (and passages without one) that stand somewhere in a longer pasted text."""
    return _own(index, _held(index, letters(pasted)))


def _held(index: Index, wanted: str) -> list[Row]:
    return _rows(index, f"length(said_letters) >= {ENOUGH} AND instr(?1, said_letters)", wanted)


def alike(index: Index, pasted: str, least: float = 0.0) -> tuple[str, ...]:
    """Return what shares most words with a pasted text, in their order, the best first; at the least such a share."""
    given = tokens(pasted)
    asked = Asked.of(pasted).longer()
    if not asked.words:
        return ()
    marks = ", ".join("?" * len(KINDS))
    # By the entry: a join with the texts of each would run once more for each of its wordings.
    candidates = index.rows(
        f"SELECT entry.id, iri FROM search JOIN entry ON entry.id = search.rowid WHERE search MATCH ?"
        f" AND kind IN ({marks}) ORDER BY bm25(search), iri LIMIT {COMPARED}",
        (f"- {{{CONCEPT}}} : ({asked.match('OR')})", *KINDS),
    )
    scored = []
    for entry, iri in candidates:
        texts = index.rows("SELECT text FROM wording WHERE entry = ? AND field <> ?", (entry, CONCEPT))
        score = max(_share(given, tokens(text)) for (text,) in texts)
        scored.append((score, iri))
    scored.sort(key=lambda one: (-one[0], one[1]))
    scored = [one for one in scored if one[0] >= least]
    near = [iri for score, iri in scored if score >= ALIKE]
    return tuple(near[:LISTED] or [iri for _, iri in scored[:SUGGESTIONS]])


def _share(given: Sequence[str], there: Sequence[str]) -> float:
    """Return the share of the given words that a text has in the same order, and a little for its being as long."""
    matcher = SequenceMatcher(None, given, there, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    return common / max(1, len(given)) + 0.01 * matcher.ratio()


def _rows(index: Index, condition: str, wanted: str) -> list[Row]:
    return index.rows(f"SELECT {_COLUMNS} FROM sentence WHERE {condition} ORDER BY id", (wanted,))


def _own(index: Index, found: Iterable[Row]) -> tuple[str, ...]:
    """Return the claims found, or the passages where there are none; a pull quote is the sentence that it repeats."""
    own: dict[Row, None] = {}
    for row in found:
        again = _rows(index, "passage = ?1", row[2]) if row[2] else []
        own.update(dict.fromkeys(again or [row]))
    claims = [row[1] for row in own if row[1]]
    return tuple(dict.fromkeys(claims or [row[0] for row in own]))

"""Finding the sentence that a reader pasted, in the index: by letters and digits, and by its words where some differ.

What is exactly there, or a part of it, or holds it, is as ``show_find`` has it; the index has the letters made, so that
a search compares strings and reads no text. A sentence with words left out or changed is not taken for the one that it
resembles: a changed word may be what its meaning rests on. It is listed, the best first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
MOST = 1_000
"""Sentences that one search reads: a part of a word stands in any number of them. That there are more is told."""
KINDS = ("claim", "passage", "quotation", "publication", "document")
_COLUMNS = "passage, claim, repeats, said_letters"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Claims, and passages without one; ``exact`` where the pasted text names them."""

    items: tuple[str, ...] = ()
    exact: bool = False
    claim: bool = False
    """Whether the pasted text is, as it stands, what a claim says."""
    cut: int = 0
    """How many sentences were read, where there are more; 0 where they were all."""


def find(index: Index, pasted: str) -> Sentences:
    """Return the claims (and passages without one) that a pasted text is, is a part of, or mostly consists of."""
    wanted = letters(pasted)
    if not wanted:
        return Sentences()
    if whole := _rows(index, "letters = ?1 OR said_letters = ?1", wanted):
        return replace(_read(index, whole), exact=True, claim=any(row[1] for row in whole))
    if len(wanted) < ENOUGH:  # it is no sentence, and none is inside it; what it is inside, ``within`` says
        return Sentences()
    if (part := within(index, pasted)).items:
        sure = len(part.items) == 1 and not part.cut and len(tokens(pasted)) >= UNMISTAKABLE
        return replace(part, exact=sure)
    held = _held(index, wanted)
    covered = sum(len(own) for own in {row[3] for row in held})
    return replace(_read(index, held), exact=True) if held and 2 * covered >= len(wanted) else Sentences()


def within(index: Index, pasted: str) -> Sentences:
    """Return the claims (and passages without one) that have a text in them, also as a part of a word."""
    wanted = letters(pasted)
    return _read(index, _rows(index, "instr(said_letters, ?1)", wanted) or _rows(index, "instr(letters, ?1)", wanted))


def holding(index: Index, pasted: str) -> Sentences:
    """Return the claims (and passages without one) that stand somewhere in a longer pasted text."""
    return _read(index, _held(index, letters(pasted)))


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
    """Return the sentences of a condition: MOST, and one more where there is one."""
    sql = f"SELECT {_COLUMNS} FROM sentence WHERE {condition} ORDER BY id LIMIT ?2"
    return index.rows(sql, (wanted, MOST + 1))


def _read(index: Index, found: Sequence[Row]) -> Sentences:
    return Sentences(_own(index, found[:MOST]), cut=MOST if len(found) > MOST else 0)


def _own(index: Index, found: Sequence[Row]) -> tuple[str, ...]:
    """Return the claims found, or the passages where there are none; a pull quote is the sentence that it repeats."""
    repeated: dict[str, list[Row]] = {}
    if again := list(dict.fromkeys(row[2] for row in found if row[2])):
        sql = f"SELECT {_COLUMNS} FROM sentence WHERE passage IN (SELECT value FROM json_each(?)) ORDER BY id"
        for row in index.rows(sql, (json.dumps(again),)):
            repeated.setdefault(row[0], []).append(row)
    own: dict[Row, None] = {}
    for row in found:
        own.update(dict.fromkeys(repeated.get(row[2]) or [row]))
    claims = [row[1] for row in own if row[1]]
    return tuple(dict.fromkeys(claims or [row[0] for row in own]))

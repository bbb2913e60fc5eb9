"""The search box: opens a pasted sentence or an identifier, and otherwise lists the texts that hold all the words.

Sentences are compared without case, dashes, quotation marks, white space and line-end hyphens, so that what is copied
out of a PDF is found. This reads every text once a search; the full-text index comes with the search proper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.ontology.identifiers import find_numbers, normalise_doi
from msevidence.ontology.iris import BASE
from msevidence.server.labels import query
from msevidence.server.pages_view import name, of
from msevidence.server.resources import local_path
from msevidence.server.store import PageLane

LIMIT = 2_000
"""Characters of a search: the longest passages have half as many."""
SHORTEST = 20
"""Letters and digits that a pasted text needs to count as a part of a sentence; less is a word to look for."""
_LINE_END_HYPHEN = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; ``exact`` where the items carry the identifier or the whole sentence."""

    items: Sequence[str] = ()
    exact: bool = False


def search(lane: PageLane, text: str) -> Found:
    """Find what a text names: an IRI, a registry number, a DOI or PubMed number, a sentence, or words."""
    text = text[:LIMIT].strip()
    if not text:
        return Found()
    named = _by_identifier(lane, text)
    if named:
        return Found(named, exact=True)
    asked = fold(text)
    words = [word for word in map(fold, text.split()) if word]
    if not words:
        return Found()
    whole, parts, all_words = [], [], []
    for row in lane.select(query("texts")):
        item, folded = name(row["item"]), fold(of(row, "text"))
        if folded == asked:
            whole.append(item)
        elif len(asked) >= SHORTEST and (asked in folded or (len(folded) >= SHORTEST and folded in asked)):
            parts.append(item)
        elif all(word in folded for word in words):
            all_words.append(item)
    for items, exact in ((whole, True), (parts, False), (all_words, False)):
        if items:
            # A claim says more about its sentence than the sentence: it goes first, and alone where it is the same text.
            claims = [item for item in items if "/claim/" in item]
            return Found(claims if exact and claims else [*claims, *(i for i in items if i not in set(claims))], exact)
    return Found()


def fold(text: str) -> str:
    """Return the letters and digits of a text, without case.

    >>> fold("Auto-\\nlogous  “HSCT”")
    'autologoushsct'
    """
    joined = _LINE_END_HYPHEN.sub("", text)
    return "".join(c for c in unicodedata.normalize("NFKC", joined).casefold() if c.isalnum())


def _by_identifier(lane: PageLane, text: str) -> list[str]:
    for base in dict.fromkeys((lane.release.base, BASE)):
        if text.startswith(base) and local_path(text, lane.release) and not set(text) & set(' <>"{}|\\^`'):
            return [text]
    if any(c.isspace() for c in text) and len(text.split()) > 3:
        return []
    wanted = {text.casefold(), text.upper().removeprefix("PMID").strip(": ").casefold()}
    doi = normalise_doi(text)
    if doi:
        wanted.add(doi)
    numbers = find_numbers(text)
    wanted |= {number.normalised.casefold() for number in numbers}
    rows = lane.select(query("by_value"))
    return list(dict.fromkeys(name(row["item"]) for row in rows if of(row, "value").casefold() in wanted))

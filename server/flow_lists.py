"""Which list of a document belongs to which box of its flow diagram, by their words."""

from __future__ import annotations

import re

from msevidence.loaders.review.arithmetic.flow_reading import Part
from msevidence.server.flow_read import Counted, Diagram, FlowBox, Listed

_ELSEWHERE = re.compile(
    r"\bother\b|\bandre\b|\bandra\b|\bannen\b|hand.?search|håndsøk|citation|reference list|referanselist|website|"
    r"nettsted|grey literature|grå litteratur|expert|organi[sz]ation",
    re.I,
)
_EXCLUDED = re.compile(r"exclu|e[kx]s?klu[ds]|uteslut", re.I)


def reason_list(diagram: Diagram, reason: Counted) -> Listed | None:
    """Return the list of a document under a heading that has the words of a reason."""
    words = words_of(reason.text.text)
    fits = (one for one in diagram.lists if words and any(words in words_of(heading) for heading in one.headings))
    return next(fits, None)


def excluded_list(diagram: Diagram, box: FlowBox) -> Listed | None:
    """Return the list of what a box says was excluded: one headed by its words, else the only one of excluded works."""
    words = words_of(box.text.text)
    own = [one for one in diagram.lists if words and any(words in words_of(heading) for heading in one.headings)]
    named = [one for one in diagram.lists if any(_EXCLUDED.search(heading) for heading in one.headings)]
    outs = [one for one in diagram.boxes if one.part is Part.OUT]
    last = bool(outs) and box.iri == outs[-1].iri
    return own[0] if len(own) == 1 else named[0] if len(named) == 1 and last else None


def included_tables(diagram: Diagram) -> list[Listed]:
    """Return the tables with rows of studies, without those of what was excluded."""
    return [one for one in diagram.tables if not any(_EXCLUDED.search(heading) for heading in one.headings)]


def from_elsewhere(box: FlowBox) -> bool:
    """Say whether a box counts what was found beside the searches."""
    return _ELSEWHERE.search(box.text.text) is not None


def words_of(text: str) -> str:
    """Return the words of a text, without case and signs, for comparing."""
    return " ".join(re.findall(r"\w+", text.casefold()))

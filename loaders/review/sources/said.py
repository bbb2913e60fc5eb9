"""A sentence without numbers: whether what was read of the source says the same change of the same outcome."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.outcome import VerdictKind
from msevidence.loaders.review.sources import lexicon
from msevidence.loaders.review.sources.items import Item, Passed
from msevidence.loaders.review.sources.known import KnownWork


def said(passed: Passed, work: KnownWork) -> Iterator[Item]:
    """Yield one item: it agrees where an outcome moves in one direction in both, else nothing was read of it.

    That directions differ is no contradiction: each may be of another treatment.
    """
    for begin, end in _clauses(passed.text):
        clause = passed.text[begin:end]
        for sentence in work.sentences:
            shared = lexicon.outcomes(clause) & sentence.outcomes - {"follow-up"}
            if shared and len(_moves(clause)) == 1 and _moves(clause) & _moves(sentence.text):
                yield Item(VerdictKind.AGREES, passed.quoted(begin, end), begin, sentence)
                return
    yield Item(VerdictKind.NOT_IN_WHAT_WAS_READ, passed.quoted(0, len(passed.text)), 0)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in re.finditer(r"[,;](?=\s)|$", text):
        yield begin, match.start()
        begin = match.end()


def _moves(text: str) -> set[str]:
    return {m for at in range(0, len(text), 20) if (m := lexicon.direction(text, at))}

"""Pull quotes: the sentence of the text that each of them repeats or shortens."""

import re

from msevidence.loaders.document import ParsedDocument, PassageKind, PullQuote
from msevidence.loaders.markers import ROUND, SQUARE

FEWEST = 5
"""A quote of fewer words that stand somewhere in a sentence in their order shows nothing."""


def tie_quotes(document: ParsedDocument) -> list[PullQuote]:
    """Return the pull quotes of ``document``, each tied to the sentence that has its words in their order.

    Of several sentences the one from which the quote leaves out the fewest words is taken.
    """
    sentences = [
        (i, _words(p.text))
        for i, p in enumerate(document.passages)
        if p.kind in (PassageKind.SENTENCE, PassageKind.LIST_ITEM)
    ]
    quotes = []
    for index, passage in enumerate(document.passages):
        if passage.kind is not PassageKind.PULL_QUOTE:
            continue
        wanted = _words(passage.text)
        found = [
            (len(words) - len(wanted), i)
            for i, words in sentences
            if words == wanted or (len(wanted) >= FEWEST and _in_order(wanted, words))
        ]
        dropped, of = min(found, default=(0, None))
        quotes.append(PullQuote(index, of, dropped > 0))
    return quotes


def _words(text: str) -> list[str]:
    """Return the words of a text without its citation markers, punctuation and capitals."""
    return re.findall(r"\w+(?:[-'’]\w+)*", SQUARE.sub(" ", ROUND.sub(" ", text)).casefold())


def _in_order(wanted: list[str], words: list[str]) -> bool:
    rest = iter(words)
    return all(word in rest for word in wanted)

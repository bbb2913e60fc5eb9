"""Quotations in running text: where they stand by their marks, in the ways that the languages of the documents print.

A mark that is never closed in the text is no quotation.
"""

import re

QUOTES = {"«": "»", "“": "”“", "„": "“”", "‹": "›"}
ALIKE = '"”»'
"""Marks that open a quotation as well as close it: the straight one; in Swedish and Finnish the others."""


def quotations(text: str) -> list[tuple[int, int]]:
    """Return where the quotations of a text stand, as offsets of the opening and of the closing mark.

    >>> quotations("He says: «It is.» (2)")
    [(9, 16)]
    """
    quoted: list[tuple[int, int]] = []
    i = 0
    while i < len(text):
        closing = QUOTES.get(text[i])
        end = i
        if closing:
            end = next((n for n in range(i + 1, len(text)) if text[n] in closing), i)
        elif text[i] in ALIKE and (i == 0 or text[i - 1] in " (") and text[i + 1 : i + 2].strip():
            match = re.compile(rf"{text[i]}(?!\w)").search(text, i + 1)
            end = match.start() if match else i
        if end > i:
            quoted.append((i, end))
        i = end + 1
    return quoted


def join_quotations(text: str, sentences: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences, those that lie in one quotation joined with the sentence that introduces it.

    >>> join_quotations("He says: «It is. It was.» (2) Then.", [(0, 15), (16, 29), (30, 35)])
    [(0, 29), (30, 35)]
    """
    quoted = quotations(text)
    joined: list[tuple[int, int]] = []
    for begin, end in sentences:
        if joined and any(a < joined[-1][1] <= b for a, b in quoted):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined

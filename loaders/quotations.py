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
    unclosed: set[str] = set()  # marks that nothing closes from here on: looked for once, not at each of them
    i = 0
    while i < len(text):
        closing = QUOTES.get(text[i])
        end = i
        if text[i] in unclosed:
            pass
        elif closing:
            end = min((n for mark in closing if (n := text.find(mark, i + 1)) >= 0), default=i)
            if end == i:
                unclosed.add(text[i])
        elif text[i] in ALIKE and (i == 0 or text[i - 1] in " (") and text[i + 1 : i + 2].strip():
            match = re.compile(rf"{text[i]}(?!\w)").search(text, i + 1)
            end = match.start() if match else i
            if match is None:
                unclosed.add(text[i])
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

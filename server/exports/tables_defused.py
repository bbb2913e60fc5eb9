r"""Texts in CSV that no spreadsheet takes for a formula, and the way back.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula (CWE-1236), some also the same
signs in full width, and some after a tab or a carriage return. Where the separator of lists is a semicolon, as in
Norway, it also splits a text of a comma-separated file at its semicolons. An apostrophe before the sign makes a text of
it. It stands before apostrophes that the text has there already, so that taking one away at each such place gives the
text back, whatever it was.
"""

from __future__ import annotations

import re

_SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]"
_BEFORE = r'(^|[;\t\r\n])([ "\u00a0\u3000\u200b\ufeff]*)'
_PLACE = re.compile(f"{_BEFORE}(?='*{_SIGNS})")
PATTERN = f"{_BEFORE}'(?='*{_SIGNS})"
"""Regular expression of the apostrophes that :func:`defused` puts in; groups 1 and 2 are what stands before."""
_DEFUSED = re.compile(PATTERN)
_NUMBER = re.compile(r"-\d+(?:[.,]\d+)?", re.ASCII)
"""What stands for itself, as text and as a number; of ``+1`` a spreadsheet would take the sign away."""


def defused(text: str) -> str:
    """Return a text that is no formula.

    >>> defused('=HYPERLINK("http://x")'), defused("'=1"), defused("-5"), defused("a; =1")
    ('\\'=HYPERLINK("http://x")', "''=1", '-5', "a; '=1")
    """
    return text if _NUMBER.fullmatch(text) else _PLACE.sub(r"\1\2'", text)


def restored(text: str) -> str:
    """Return the text that :func:`defused` was given.

    >>> restored("'=1"), restored("''=1"), restored("'tis"), restored("-5")
    ('=1', "'=1", "'tis", '-5')
    """
    return _DEFUSED.sub(r"\1\2", text)

"""Numbers that follow a registry's pattern and are nobody's: what people type where a form demands a number."""

import re

_ASCENDING = "12345678901234567890"
_DESCENDING = "98765432109876543210"
_LEAST = 8
"""Digits from which a run such as 12345678 is no number that a registry could have given by chance."""
_EUDRACT = re.compile(r"(?:EudraCT-)?(\d{4})-(\d{6})-(\d{2})(?:-\d{2})?")
_MIDDLES = frozenset({"123456", "654321"})


def is_placeholder(number: str) -> bool:
    """Say whether a registry number, or the key of a registration, is a placeholder.

    >>> [is_placeholder(n) for n in ("NCT00000000", "NCT12345678", "EudraCT-0000-000000-00", "2012-111111-11")]
    [True, True, True, True]
    >>> [is_placeholder(n) for n in ("NCT01234567", "EudraCT-2010-024081-21", "ISRCTN27232902")]
    [False, False, False]
    """
    digits = "".join(c for c in number if c.isdigit())
    if len(digits) > 4 and len(set(digits)) == 1:
        return True
    if len(digits) >= _LEAST and (_ASCENDING.startswith(digits) or _DESCENDING.startswith(digits)):
        return True
    eudract = _EUDRACT.fullmatch(number)
    return eudract is not None and (len(set(eudract[2])) == 1 or eudract[2] in _MIDDLES)

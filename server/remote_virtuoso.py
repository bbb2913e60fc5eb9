"""What is particular about Virtuoso 7.2.5, in the one place where it is worked around."""

from __future__ import annotations

import re

NAME = "virtuoso"
_BOOLEAN = re.compile(rb'("datatype": "http://www\.w3\.org/2001/XMLSchema#boolean", "value": )"([01])"')
_WORDS = {b"0": b'"false"', b"1": b'"true"'}


def mended(answer: bytes) -> bytes:
    """Return results in JSON with booleans as the release has them: Virtuoso writes 0 and 1."""
    return _BOOLEAN.sub(lambda found: found[1] + _WORDS[found[2]], answer)


def adjusted(text: str) -> str:
    """Return a query as Virtuoso answers it right."""
    return text

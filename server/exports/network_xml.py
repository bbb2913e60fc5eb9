"""Texts that XML 1.0 can hold (https://www.w3.org/TR/xml/#charsets)."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    r"""Return a text in which U+FFFD stands for each character that no XML document can hold, not even escaped.

    >>> writable("a\x00b\x1bc")
    'a\ufffdb\ufffdc'
    """
    return _NOT_XML.sub("\ufffd", text)

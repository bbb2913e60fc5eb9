"""JATS XML: articles of PubMed Central, Europe PMC and publishers. A file is a document, not a list of records.

The Journal Article Tag Suite (ANSI/NISO Z39.96) and the NLM DTDs before it. How an article is read is in
:mod:`msevidence.loaders.jats`; here it is only recognised. Traps: other vocabularies (DocBook) have an outermost
``article``, too; PMC sends several articles in a ``pmc-articleset``, and OAI-PMH one in an envelope.

https://jats.nlm.nih.gov/
"""

import re

from msevidence.loaders.exports.formats import Format

ENVELOPES = frozenset({b"pmc-articleset", b"OAI-PMH", b"GetRecord"})
"""Outermost elements that may hold articles; what they hold must look like one, too."""
ARTICLE = re.compile(rb"<(?:[\w.-]+:)?article(?:\s[^<>]*)?>")
SIGNS = re.compile(
    rb"\b(?:article-type|dtd-version)\s*=|<(?:[\w.-]+:)?(?:front|front-stub|article-meta|journal-meta)[\s>]"
    rb"|//NLM//DTD |jats\.nlm\.nih\.gov|JATS"
)
"""What an article in JATS has at its beginning, and one in another vocabulary has not."""
_NAME = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_BEFORE = ((b"<?", b"?>"), (b"<!--", b"-->"))


def recognise(head: bytes) -> bool:
    """Say whether a file that begins with these bytes holds articles in JATS."""
    start = _root(head)
    name = _NAME.match(head, start) if start >= 0 else None
    if name is None:
        return False
    if name[1] == b"article":
        return SIGNS.search(head) is not None
    inner = ARTICLE.search(head, start)
    return name[1] in ENVELOPES and inner is not None and SIGNS.search(head, inner.start()) is not None


def _root(head: bytes) -> int:
    """Return where the outermost element starts, -1 where nothing shows it."""
    at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while head[at : at + 1].isspace():
            at += 1
        ends = [end for begin, end in _BEFORE if head.startswith(begin, at)]
        if ends:
            found = head.find(ends[0], at)
            end = found + len(ends[0]) if found >= 0 else -1
        elif head[at : at + 9].upper() == b"<!DOCTYPE":
            end = _after_doctype(head, at)
        else:
            return at if head[at : at + 1] == b"<" else -1
        if end < 0:
            return -1
        at = end


def _after_doctype(head: bytes, at: int) -> int:
    close, subset = head.find(b">", at), head.find(b"[", at)
    if 0 <= subset < close:
        ended = re.compile(rb"\]\s*>").search(head, subset)
        return ended.end() if ended else -1
    return close + 1 if close >= 0 else -1


FORMAT = Format(
    key="jats-xml",
    label="JATS XML, an article",
    origin="the publisher of the article",
    rights="Each article states its own terms.",
    recognise=recognise,
    read=None,
    record=None,
)

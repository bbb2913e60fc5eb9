"""Addresses (URLs) in printed text: where they stand, and which signs break them that are not part of them.

RFC 3986, appendix C: addresses are delimited by angle brackets or white space, and a line break inside one is dropped;
whether a hyphen before the break belongs to the address cannot be seen from it alone.
"""

import re
from dataclasses import dataclass

from msevidence.loaders.text import Span, hyphen_rule

START = re.compile(r"<?https?://[^\s<>]+")
BREAK = re.compile(r"(?P<close>>?)[ \t]*\n\s*(?:[-*•]\s+)?(?P<tail>[^\s<>]+)")
LABEL = re.compile(r"[^\W\d_]+[:.,;]?$")
E_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Address:
    """An address of a text: where it stands, brackets included, and the ``markup`` inside that is not part of it."""

    url: str
    span: Span
    markup: tuple[Span, ...]
    """Angle brackets, line breaks, and list dashes before a line: to be left out when the text is read."""


def find_addresses(raw: str, begin: int = 0, end: int | None = None) -> list[Address]:
    """Return the addresses of ``raw[begin:end]``, those broken over lines in one piece as far as the print shows.

    An address goes on with the first word of the next line inside angle brackets, and after ``- _ = & ? % /`` unless
    the next line starts with a plain word. A hyphen at the break stays,
    except where ``raw`` writes the two halves as one word elsewhere (then the layout broke that word).
    """
    end = len(raw) if end is None else end
    belongs = hyphen_rule(raw[begin:end])
    folded = raw[begin:end].casefold()
    found = []
    position = begin
    while match := START.search(raw, position, end):
        angle = raw[match.start()] == "<"
        markup = [Span(match.start(), match.start() + 1)] if angle else []
        pieces = [match.group().removeprefix("<")]
        stop = match.end()
        while (gap := BREAK.match(raw, stop, end)) and _goes_on(pieces[-1], gap, angle and not gap["close"]):
            start = stop
            before, after = re.search(r"[^\W_]+(?=-$)", pieces[-1]), re.match(r"[^\W_]+", gap["tail"])
            if before and after:
                word = (before.group() + after.group()).casefold()
                if re.search(rf"\b{word}\b", folded) and not belongs(before.group(), after.group()):
                    pieces[-1], start = pieces[-1][:-1], stop - 1
            markup.append(Span(start, gap.start("tail")))
            pieces.append(gap["tail"])
            stop = gap.end()
        url = "".join(pieces)
        if stop < end and angle and raw[stop] == ">":
            markup.append(Span(stop, stop + 1))
            stop += 1
        else:
            ended = len(url)
            while url[:ended].endswith((".", ",", ";", ":")) or _closes_another(url[:ended]):
                ended -= 1
            stop -= len(url) - ended
            url = url[:ended]
        found.append(Address(url, Span(match.start(), stop), tuple(markup)))
        position = stop
    return found


def _closes_another(url: str) -> bool:
    """Say whether the bracket at the end is the partner of one before the address: ``[https://example.org/a]``."""
    return (url.endswith(")") and "(" not in url) or (url.endswith("]") and "[" not in url)


def _goes_on(head: str, gap: re.Match[str], inside: bool) -> bool:
    tail = gap["tail"]
    if tail.startswith(("http:", "https:")):
        return False
    if inside:
        return True
    return head[-1] in "-_=&?%/" and not LABEL.match(tail)


def mend_addresses(raw: str) -> str:
    """Return ``raw`` with every address in one piece and without angle brackets.

    >>> mend_addresses("NRK. <https://example.org/a-> \\n\\n- b-c Accessed")
    'NRK. https://example.org/a-b-c Accessed'
    """
    for span in reversed([s for a in find_addresses(raw) for s in a.markup]):
        raw = raw[: span.start] + raw[span.end :]
    return raw

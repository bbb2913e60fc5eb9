"""The citation markers of an article, in the brackets that the article uses, with the link markup around them."""

import re
import unicodedata
from pathlib import Path

from msevidence.loaders.article_builder import Builder
from msevidence.loaders.document import Marker, ParsedDocument, Passage, PassageKind
from msevidence.loaders.markers import ROUND, SQUARE, Style, find_markers
from msevidence.loaders.source import line_at

RAISED = re.compile(r"(?<=[\w.,;:)”»\"])[¹²³⁴-⁹][⁰¹²³⁴-⁹]*|(?<=[^\W\d_][.,;:)”»\"])[1-9]\d{0,2}(?=[\s,–-]|$)")
"""A number that print raises, as plain text shows it."""
NUMBERS = re.compile(r"\d[\d.,\s]*\s?\(\d{1,3}(?:\s?-\s?\d{1,3})?\)")
SPREAD_HEAD = re.compile(
    r"%|\bSD\b|\bSA\b|\bIQR\b|\b(?:range|prosent|procent|percent|Prozent|spredning|Spannweite)\b", re.I
)
"""What the head of a row or column says of cells such as ``30 (67)``: the bracket holds a share or a spread."""
UNCITED = frozenset({PassageKind.REFERENCE, PassageKind.FRONT_MATTER})
"""In these passages a number in brackets is no citation."""


def add_markers(builder: Builder, path: Path) -> None:
    """Find the markers of all passages.

    Raises SourceError for a range that runs backwards.
    """
    document = builder.document
    known = {r.number for r in document.references}
    style = _style(builder, known)
    for index, passage in enumerate(document.passages):
        if passage.kind in UNCITED:
            continue
        if _is_spread(document, passage):
            continue
        starts = passage.content.starts

        def line_of(offset: int, starts: tuple[int, ...] = starts) -> int:
            return line_at(document.source, starts[offset])

        for found in find_markers(passage.text, known, style=style, path=path, line_at=line_of):
            document.markers.append(
                Marker(
                    index,
                    found.begin,
                    found.end,
                    _printed(builder, passage.content.starts[found.begin], passage.content.ends[found.end - 1]),
                    found.numbers,
                    found.from_range,
                    found.locator,
                )
            )


def _is_spread(document: ParsedDocument, passage: Passage) -> bool:
    """Say whether a cell is a number with its share or spread, ``41 (9)``, as the head of its row or column says."""
    if passage.place is None or not NUMBERS.fullmatch(passage.text):
        return False
    place = passage.place
    heads = {(0, place.column), (place.row, 0)}
    return any(
        p.place is not None
        and p.place.table == place.table
        and (p.place.row, p.place.column) in heads
        and SPREAD_HEAD.search(p.text)
        for p in document.passages
    )


def check_cited(builder: Builder) -> None:
    """Check that an article with a reference list cites it in brackets.

    Raises SourceError where it has no marker at all, at the first number that looks raised (``text.1,2``, ``text¹``).
    """
    document = builder.document
    if document.markers or not document.references:
        return
    last = max(r.number for r in document.references)
    mend = "write each marker in brackets, (1) or [1, 2], or declare expect: {markers: 0} in metadata.yaml"
    for passage in document.passages:
        raised = RAISED.search(passage.text) if passage.kind is PassageKind.SENTENCE else None
        if raised and int(re.sub(r"\D.*", "", unicodedata.normalize("NFKC", raised.group()))) <= last:
            message = f"{raised.group()!r} seems to be a raised number; those are not read as citations: {mend}"
            raise builder.text.error(message, passage.content.starts[raised.start()])
    message = f"no citation of the {len(document.references)} references was found in the text: {mend}"
    raise builder.text.error(message, document.passages[document.references[0].passage].content.starts[0])


def _style(builder: Builder, known: set[int]) -> Style:
    """Return which brackets the article cites with: those that more often hold numbers of its list."""
    texts = [p.text for p in builder.document.passages if p.kind not in UNCITED]
    counts = [sum(1 for t in texts for m in pattern.finditer(t) if _first(m) in known) for pattern in (ROUND, SQUARE)]
    return "both" if counts[0] == counts[1] else "round" if counts[0] > counts[1] else "square"


def _first(match: re.Match[str]) -> int:
    return int(re.findall(r"\d+", match["list"])[0])


def _printed(builder: Builder, start: int, end: int) -> str:
    """Return a marker as the source spells it, the link markup that touches it included."""
    spans = [d.span for d in builder.text.markup]
    grown = True
    while grown:
        grown = False
        for span in spans:
            if span.end == start:
                start, grown = span.start, True
            elif span.start == end:
                end, grown = span.end, True
    return builder.text.source[start:end]

"""Registry numbers in the passages of an article, with the address that its file lays under them."""

from bisect import bisect_left
from collections.abc import Iterable

from msevidence.loaders.document import NumberMention, ParsedDocument
from msevidence.loaders.text import Span
from msevidence.ontology.identifiers import find_numbers


def add_numbers(document: ParsedDocument, links: Iterable[tuple[Span, str]]) -> None:
    """Add a mention for each registry number in the passages; ``links`` are words with the address under them."""
    known = sorted((span.start, span.end, address) for span, address in links if span.start < span.end)
    for index, passage in enumerate(document.passages):
        for number in find_numbers(passage.text):
            start, end = passage.content.starts[number.begin], passage.content.ends[number.end - 1]
            document.numbers.append(
                NumberMention(
                    index,
                    number.begin,
                    number.end,
                    number.scheme,
                    number.printed,
                    number.normalised,
                    number.suffix,
                    _address(known, start, end),
                )
            )


def _address(links: list[tuple[int, int, str]], start: int, end: int) -> str | None:
    """Return the address under words that stand in part from ``start`` to ``end``."""
    at = bisect_left(links, (end, 0, "")) - 1
    return links[at][2] if at >= 0 and links[at][1] > start else None

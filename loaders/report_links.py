"""Registry numbers of a report, each with the address that lies under it.

The addresses at the foot of a page are the targets of its link annotations in reading order, one for each printed line
of an anchor. Anchors are registry numbers and addresses printed in the text. Both are aligned in order: an address goes
to the number or address that it shows. What is left over between the same neighbours, an address of a number's own
registry that shows a number printed nowhere on the page, or none, goes to that number: so a wrong link comes out.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from msevidence.loaders.document import Link, NumberMention, PassageKind, StudyRow
from msevidence.loaders.report_builder import Builder
from msevidence.ontology.identifiers import find_numbers, number_in_url

URL = re.compile(r"https?://[^\s<>]+")
SHOWN = 4
SAME_REGISTRY = 1
"""Weight of a pair whose numbers differ, against one whose address shows its anchor: it never displaces such a pair."""


@dataclass(frozen=True)
class _Anchor:
    """A place of the text that can have a link: a number (``mention``) or a printed address."""

    start: int
    mention: int | None
    url: str | None


def read_numbers(builder: Builder) -> None:
    """Add every registry number that stands in a passage, with its link, and file those of the study rows."""
    document = builder.document
    for index, passage in enumerate(document.passages):
        if passage.kind is PassageKind.LINK:
            continue
        addresses = [m.span() for m in URL.finditer(passage.text)]
        for found in find_numbers(passage.text):
            if not any(a <= found.begin < b for a, b in addresses):
                document.numbers.append(
                    NumberMention(
                        passage=index,
                        begin=found.begin,
                        end=found.end,
                        scheme=found.scheme,
                        printed=_printed(builder, index, found.begin, found.end),
                        normalised=found.normalised,
                        suffix=found.suffix,
                    )
                )
    for page, links in builder.pages.links.items():
        document.links += [replace(link, page=builder.numbers[page]) for link in links]
        _pair(builder, _anchors(builder, page), links)
    document.study_rows = [_with_numbers(row, document.numbers) for row in document.study_rows]


def _printed(builder: Builder, passage: int, begin: int, end: int) -> str:
    """Return a number as the source spells it, its dashes unfolded, a line break in it as a space."""
    content = builder.document.passages[passage].content
    return " ".join(builder.raw[content.starts[begin] : content.ends[end - 1]].split())


def _anchors(builder: Builder, page: int) -> list[_Anchor]:
    """Return the anchors of a page in reading order."""
    document = builder.document
    anchors: list[_Anchor] = []
    for n, mention in enumerate(document.numbers):
        start = document.passages[mention.passage].content.starts[mention.begin]
        if builder.pages.page_at(start) == page:
            anchors.append(_Anchor(start, n, None))
    for passage in document.passages:
        for found in URL.finditer(passage.text):
            start = passage.content.starts[found.start()]
            if builder.pages.page_at(start) == page:
                anchors.append(_Anchor(start, None, found.group().rstrip(".,;")))
    return sorted(anchors, key=lambda a: a.start)


def _pair(builder: Builder, anchors: list[_Anchor], links: list[Link]) -> None:
    """Give the numbers of a page their links."""
    numbers = builder.document.numbers
    printed = {numbers[a.mention].normalised for a in anchors if a.mention is not None}
    weights = [
        [
            weight(anchor.url, numbers[anchor.mention] if anchor.mention is not None else None, link.url, printed)
            for link in links
        ]
        for anchor in anchors
    ]
    paired = align(weights, len(links))
    shown: dict[str, str] = {}
    for link in links:
        if found := number_in_url(link.url):
            shown.setdefault(found.normalised, link.url)
    for n, anchor in enumerate(anchors):
        if anchor.mention is None:
            continue
        mention = numbers[anchor.mention]
        url = links[paired[n]].url if n in paired else shown.get(mention.normalised)
        numbers[anchor.mention] = replace(mention, link=url)


def weight(address: str | None, mention: NumberMention | None, link: str, printed: set[str]) -> int:
    """Return how well a link fits an anchor, a number or a printed address: 0 where it does not.

    ``printed`` are all numbers that the link could be for.
    """
    if mention is None:
        return SHOWN if (address or "").rstrip("/") == link.rstrip("/") else 0
    found = number_in_url(link)
    if found and found.normalised == mention.normalised:
        return SHOWN
    if found and found.normalised in printed:
        return 0
    same = found.scheme == mention.scheme if found else mention.scheme.lower() in _host(link)
    return SAME_REGISTRY if same else 0


def _host(link: str) -> str:
    """Return the host of an address, empty where it has none or is no address."""
    try:
        return urlsplit(link).hostname or ""
    except ValueError:  # brackets that hold no number
        return ""


def align(weights: list[list[int]], links: int) -> dict[int, int]:
    """Return the pairs of an order-preserving alignment with the greatest weight, earlier links first where equal."""
    anchors = len(weights)
    best = [[0] * (links + 1) for _ in range(anchors + 1)]
    for i in range(anchors - 1, -1, -1):
        for j in range(links - 1, -1, -1):
            pair = weights[i][j] + best[i + 1][j + 1] if weights[i][j] else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    paired: dict[int, int] = {}
    i = j = 0
    while i < anchors and j < links:
        if weights[i][j] and best[i][j] == weights[i][j] + best[i + 1][j + 1]:
            paired[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return paired


def _with_numbers(row: StudyRow, numbers: list[NumberMention]) -> StudyRow:
    def of(passage: int) -> tuple[int, ...]:
        return tuple(n for n, mention in enumerate(numbers) if mention.passage == passage)

    sites = tuple(replace(site, numbers=of(site.passage)) for site in row.sites)
    cells = row.number_cells or (row.name_passage,)
    return replace(row, numbers=tuple(n for cell in cells for n in of(cell)), sites=sites)

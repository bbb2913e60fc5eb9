"""Registry numbers of tables with their links: an address in the same cell, or in the row's column of addresses.

Numbers and addresses are aligned in their order, as those of a report's page are: an address goes to the number that it
shows, and one that shows another number of the registry to the number that is left over. So a wrong link comes out.
"""

import re
from dataclasses import dataclass, replace

from msevidence.loaders.document import NumberMention, PassageKind
from msevidence.loaders.report_cells import only_numbers
from msevidence.loaders.report_links import SHOWN, URL, align, read_numbers, weight
from msevidence.loaders.tables_builder import TablesBuilder

Key = tuple[str, int, int] | int
"""A cell, or a passage of the text."""


@dataclass(frozen=True)
class _Address:
    url: str
    start: int


def link_numbers(builder: TablesBuilder) -> None:
    """Add every registry number that stands in a passage, with its link, and file those of the study rows."""
    read_numbers(builder)
    document = builder.document
    mentions: dict[Key, list[int]] = {}
    for n, mention in enumerate(document.numbers):
        mentions.setdefault(_key(builder, mention.passage), []).append(n)
    beside: dict[Key, list[_Address]] = {}
    of_row: dict[tuple[str, int], list[_Address]] = {}
    for index, passage in enumerate(document.passages):
        for found in URL.finditer(passage.text):
            address = _Address(re.sub(r"[.,;)\]]+$", "", found.group()), passage.content.starts[found.start()])
            beside.setdefault(_key(builder, index), []).append(address)
            if passage.kind is PassageKind.LINK and passage.place is not None:
                of_row.setdefault((passage.place.table, passage.place.row), []).append(address)
    for key, some in mentions.items():
        _pair(builder, some, beside.get(key, []))
    for row, addresses in of_row.items():
        _pair_row(builder, row, addresses)


def _key(builder: TablesBuilder, passage: int) -> Key:
    place = builder.document.passages[passage].place
    return (place.table, place.row, place.column) if place is not None else passage


def _pair_row(builder: TablesBuilder, row: tuple[str, int], addresses: list[_Address]) -> None:
    """Give the numbers of a row that have no link yet those of its addresses that no cell with numbers has."""
    document = builder.document
    here = [
        n
        for n, mention in enumerate(document.numbers)
        if (place := document.passages[mention.passage].place) is not None and (place.table, place.row) == row
    ]
    used = {document.numbers[n].link for n in here}
    own = {p for r in document.study_rows if (r.table, r.row) == row for p in (r.name_passage, *r.number_cells)}
    open_ = [n for n in here if document.numbers[n].link is None]
    left = [a for a in addresses if a.url not in used]
    named = [n for n in open_ if document.numbers[n].passage in own or _bare(builder, document.numbers[n])]
    _pair(builder, open_, left, exact=True)
    left = [a for a in left if a.url not in {document.numbers[n].link for n in open_}]
    named = [n for n in named if document.numbers[n].link is None]
    _pair(builder, named, left)
    if len(named) == len(left) == 1 and document.numbers[named[0]].link is None:
        document.numbers[named[0]] = replace(document.numbers[named[0]], link=left[0].url)


def _bare(builder: TablesBuilder, mention: NumberMention) -> bool:
    return only_numbers(builder.document.passages[mention.passage].text)


def _pair(builder: TablesBuilder, mentions: list[int], addresses: list[_Address], exact: bool = False) -> None:
    numbers = builder.document.numbers
    printed = {numbers[n].normalised for n in mentions}
    weights = [[weight(None, numbers[n], a.url, printed) for a in addresses] for n in mentions]
    if exact:
        weights = [[w if w == SHOWN else 0 for w in row] for row in weights]
    for i, j in align(weights, len(addresses)).items():
        numbers[mentions[i]] = replace(numbers[mentions[i]], link=addresses[j].url)

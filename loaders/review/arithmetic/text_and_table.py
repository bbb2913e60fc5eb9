"""What a text reports of a row of a table that its paragraph names, against the cells of that row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msevidence.loaders.review.arithmetic.study_rows import among, words_of
from msevidence.loaders.review.arithmetic.twice import Twice
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage, Table

_TABLE = re.compile(r"\b(?:table|tabell|tab\.)\s(\w*\d+)", re.I)
_BOUND = re.compile(
    r"\b(?:exceed\w*|above|below|over|under|higher|lower|greater|less|more|than|threshold|criterion|at least|minst|"
    r"høyere|lavere|mer|mindre|enn|between|mellom|range)\b",
    re.I,
)


@dataclass(frozen=True)
class _Cell:
    passage: Passage
    column: int
    header: tuple[str, ...]
    numbers: tuple[Number, ...]


def text_and_table(document: Document) -> Iterator[Twice]:
    """Yield the figures of sentences that name a row and its columns, where the paragraph names the table."""
    tables = {m[1]: t for t in document.tables if (m := _TABLE.match(t.label or (t.caption.text if t.caption else "")))}
    paragraphs: dict[int, list[Passage]] = {}
    for passage in document.passages:
        if passage.kind == "sentence" and passage.paragraph is not None and not passage.table:
            paragraphs.setdefault(passage.paragraph, []).append(passage)
    for sentences in paragraphs.values():
        named = dict.fromkeys(n for s in sentences for n in _TABLE.findall(s.text) if n in tables)
        for sentence in sentences:
            found = [n for n in numbers(sentence.text, sentence.language) if not n.hedge and not n.p_value]
            for table in (tables[n] for n in named) if found else ():
                yield from _rows(sentence, found, table)


def _rows(sentence: Passage, found: Sequence[Number], table: Table) -> Iterator[Twice]:
    words = words_of(sentence.text)
    group = ""
    for row in sorted(r for r in table.cells if r > 0):
        label = table.text(row, 0)
        group = label or group
        if not label:  # the label of a row among others of a group is that of the group and its own
            continue
        own = words_of(re.split(r"[,(;]", label)[0])
        if not own or not all(among(w, words) for w in own):
            continue
        cells = list(_cells(table, row, words))
        if len(cells) > 1:
            yield from _columns(sentence, found, cells)
        elif (
            cells and len(own) > 1 and len(found) == 1 and len(cells[0].header) > 1 and not _BOUND.search(sentence.text)
        ):
            yield from _only(sentence, found[0], cells[0])


def _cells(table: Table, row: int, words: Sequence[str]) -> Iterator[_Cell]:
    """Yield the cells with numbers whose columns are named: by the words of their headers that tell them apart."""
    headers = {c: words_of(table.text(0, c)) for c in table.columns if c > 0}
    for column, header in headers.items():
        passages = table.cells[row].get(column, [])
        own = [w for w in header if sum(w in other for other in headers.values()) == 1]
        printed = numbers(table.text(row, column))
        if passages and own and printed and all(among(w, words) for w in own):
            yield _Cell(passages[0], column, tuple(header), tuple(printed))


def _columns(sentence: Passage, found: Sequence[Number], cells: Sequence[_Cell]) -> Iterator[Twice]:
    """Compare the first number of each cell: where one is in the sentence, the others must be there too."""
    said = {n.value for n in found}
    firsts = [(cell, cell.numbers[0]) for cell in cells]
    there = [(cell, n) for cell, n in firsts if n.value in said]
    if not there:
        return
    in_row = {v for cell in cells for n in cell.numbers for v in _values(n)}
    for cell, number in there:
        twin = next(n for n in found if n.value == number.value)
        yield Twice(twin.printed, sentence, number.printed, cell.passage, True)
    for cell, number in firsts:
        if number.value in said:
            continue
        rivals = [n for n in found if not _values(n) & in_row and _as_exact(n, number) and n.percent == number.percent]
        if len(rivals) == 1:
            yield Twice(rivals[0].printed, sentence, number.printed, cell.passage, False, " ".join(cell.header))


def _only(sentence: Passage, number: Number, cell: _Cell) -> Iterator[Twice]:
    if len(cell.numbers) != 1 or number.high or not _as_exact(number, cell.numbers[0]):
        return
    agree = number.value == cell.numbers[0].value
    yield Twice(number.printed, sentence, cell.numbers[0].printed, cell.passage, agree, " ".join(cell.header))


def _values(number: Number) -> set[Decimal]:
    return {number.value} | ({number.high} if number.high is not None else set())


def _as_exact(one: Number, other: Number) -> bool:
    return one.value.as_tuple().exponent == other.value.as_tuple().exponent

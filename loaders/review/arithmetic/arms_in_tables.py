"""Groups with their sizes in tables: in one cell of a study, in the headers of columns, or a column a group."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from msevidence.loaders.review.arithmetic.arms_said import ARM, CROSSOVER, TOTAL, Arms
from msevidence.loaders.review.arithmetic.sums import counts_people
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage, Table

POPULATION = re.compile(
    r"\b(?:population|participants?|patients?|sample(?: size)?|subjects|enrol\w+|randomi[sz]ed|n|no\. of \w+"
    r"|number of (?:participants|patients|subjects)|populasjon(?:en)?|deltak\w+|deltag\w+|pasienter|utvalg(?:et)?"
    r"|antall|randomiserte?)\b",
    re.IGNORECASE,
)
"""Words of the label of a row or column that tells how many took part."""
COUNT = re.compile(
    r"\b(?:n|no\.?|number|antall|participants|patients|deltakere|pasienter|randomi[sz]ed)\b", re.IGNORECASE
)

Printed = tuple[Number, Passage]
_TELLING = 3
"""Rows of which at least one adds up where columns are groups and their total."""


def arms_in_tables(document: Document) -> Iterator[Arms]:
    """Yield the groups of each study of the tables of a document that stand with a total."""
    for table in document.tables:
        caption = table.caption.text if table.caption else ""
        if CROSSOVER.search(caption):
            continue
        yield from _in_cells(table)
        yield from _in_header(table)
        yield from _in_columns(table)


def _printed(table: Table, row: int, column: int) -> list[Printed]:
    found = []
    for passage in table.cells.get(row, {}).get(column, ()):
        found += [(n, passage) for n in numbers(passage.text, passage.language)]
    return found


def _sizes(table: Table, row: int, column: int) -> list[Printed]:
    return [(n, p) for n, p in _printed(table, row, column) if n.size and n.whole]


def _in_cells(table: Table) -> Iterator[Arms]:
    """Cells that list groups, ``A (n = 9), B (n = 12)``, with the total in the same column or row."""
    for row, cells in sorted(table.cells.items()):
        for column in sorted(cells):
            sizes = _sizes(table, row, column)
            if row == 0 or len(sizes) < 2:
                continue
            total = _total_of_column(table, row, column) or _total_of_row(table, row, column)
            if total and not CROSSOVER.search(_words_of_study(table, row, column, total[1])):
                yield _arms(sizes, total)


def _arms(sizes: list[Printed], total: Printed, certain: bool = True) -> Arms:
    listed = [n for n, _ in sizes]
    first, rest = listed[0], listed[1:]
    if len(rest) > 1 and first.value == total[0].value == sum(n.value for n in rest):
        listed = rest  # "all (n = 21), of them A (n = 9), B (n = 12)"
    return Arms(tuple(listed), tuple(dict.fromkeys(p for _, p in sizes)), total[0], total[1], True, certain)


def _total_of_column(table: Table, row: int, column: int) -> Printed | None:
    """A column a study: the total is in another row, whose first cell is its label."""
    rows = [r for r in sorted(table.cells) if r not in (0, row)]
    return next((t for r in rows if (t := _total(table, r, column, table.text(r, min(table.columns))))), None)


def _total_of_row(table: Table, row: int, column: int) -> Printed | None:
    """A row a study: the total is in another column, whose header is its label."""
    columns = [c for c in table.columns if c != column]
    return next((t for c in columns if (t := _total(table, row, c, table.text(0, c)))), None)


def _total(table: Table, row: int, column: int, label: str) -> Printed | None:
    if len(_sizes(table, row, column)) > 1:
        return None
    counts = [(n, p) for n, p in _printed(table, row, column) if n.whole and not n.hedge]
    people = [(n, p) for n, p in counts if counts_people(n) or n.size]
    if people and (POPULATION.search(label) or _leads(people[0])):
        return people[0]
    return counts[0] if len(counts) == 1 and POPULATION.search(label) and _alone(counts[0]) else None


def _leads(printed: Printed) -> bool:
    return printed[0].begin == 0


def _alone(printed: Printed) -> bool:
    return printed[0].printed == printed[1].text.strip()


def _words_of_study(table: Table, row: int, column: int, total: Passage) -> str:
    """Return all words about the study of a cell: of its column, or of its row."""
    if total.column == column:
        return " ".join(table.text(r, column) for r in table.cells)
    return " ".join(table.text(row, c) for c in table.columns)


def _in_header(table: Table) -> Iterator[Arms]:
    """Headers of columns, ``A (n = 9) | B (n = 12) | All (n = 21)``, or with the total in the caption."""
    header = [(table.text(0, c), s) for c in table.columns if len(s := _sizes(table, 0, c)) == 1]
    totals = [s[0] for text, s in header if TOTAL.search(text)]
    groups = [(text, s[0]) for text, s in header if not TOTAL.search(text)]
    if len(groups) < 2:
        return
    certain = sum(bool(ARM.search(text)) for text, _ in groups) > len(groups) / 2
    sizes = [s for _, s in groups]
    if len(totals) == 1:
        arms = _arms(sizes, totals[0], certain)
        if certain or _nearly(arms):  # columns for some of all may be any number of them
            yield arms
    elif not totals and certain and table.caption:
        stated = [n for n in numbers(table.caption.text, table.caption.language) if n.whole]
        stated = [n for n in stated if n.size or (counts_people(n) and _all_of(table.caption.text[: n.begin]))]
        if len(stated) == 1:
            yield _arms(sizes, (stated[0], table.caption))


def _nearly(arms: Arms) -> bool:
    """Say whether groups make so nearly the total that they are meant to make it."""
    return abs(sum(n.value for n in arms.sizes) - arms.total.value) * 5 <= arms.total.value


def _all_of(before: str) -> bool:
    return bool(re.search(r"\b(?:all|the|of|total of|alle|de|av|totalt)\s(?:the\s|de\s)?$", before, re.IGNORECASE))


def _in_columns(table: Table) -> Iterator[Arms]:
    """A row a study, with a column a group and one for the total, of which each cell is one number.

    Where the rows never add up, the columns are no groups that make the whole.
    """
    labels = {c: table.text(0, c) for c in table.columns if c != min(table.columns)}
    if any(_sizes(table, 0, c) for c in labels):
        return  # the sizes stand in the headers; the rows hold something else
    totals = [c for c, label in labels.items() if TOTAL.search(label)]
    groups = [c for c, label in labels.items() if ARM.search(label) and not TOTAL.search(label)]
    if len(totals) != 1 or len(groups) < 2 or not COUNT.search(" ".join(labels[c] for c in (*totals, *groups))):
        return
    found = []
    for row in sorted(table.cells):
        if row == 0:
            continue
        cells = {c: _printed(table, row, c) for c in (*totals, *groups)}
        if all(len(c) == 1 and _alone(c[0]) and c[0][0].value == c[0][0].value.to_integral() for c in cells.values()):
            sizes = [(replace(n, value=Decimal(n.value)), p) for n, p in (cells[c][0] for c in groups)]
            found.append(_arms(sizes, cells[totals[0]][0]))
    right = sum(sum(n.value for n in arms.sizes) == arms.total.value for arms in found)
    if right or len(found) < _TELLING:
        yield from found

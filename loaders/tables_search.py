"""Searches of a report, as rows of a table or as fields: sources, dates, hits, and the lines of their strings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from msevidence.loaders.document import PartialDate, PassageKind, Place, Search, SearchLine, SearchTotal
from msevidence.loaders.languages import NO_LANGUAGE
from msevidence.loaders.printed_dates import find_date
from msevidence.loaders.report_builder import spans_of
from msevidence.loaders.report_flow import number
from msevidence.loaders.report_search import FEWEST_IN_A_FORM, PLAIN_LINE, STRING_LINE, count_hits
from msevidence.loaders.search_strings import is_search_string
from msevidence.loaders.tables_builder import TablesBuilder
from msevidence.loaders.tables_headers import Column
from msevidence.loaders.tables_words import Grid, Words
from msevidence.loaders.text import Span

TOTAL = re.compile(
    r"^(?:total\w*|sum|i alt|til sammen|samlet|alle|all)\b|\b(?:dupli[ck]at|dubb?let|total)", re.IGNORECASE
)
"""Label of a row that is the sum of other rows, with or without what several of them found."""
OUTSIDE = 1_000_000
"""A column that no table has."""


@dataclass
class OpenSearch:
    """A search while its fields are added."""

    source: str
    source_passage: int
    searched: PartialDate | None = None
    date_passage: int | None = None
    hits: int | None = None
    hits_passage: int | None = None
    hits_printed: str | None = None
    lines: list[SearchLine] = field(default_factory=list)

    def date(self, builder: TablesBuilder, words: Words, place: Place | None = None) -> int:
        """Add the date on which it was run. Raises SourceError for one that does not exist."""
        index = builder.one(PassageKind.SEARCH_LINE, words, place)
        try:
            found = find_date(words.flat)
        except ValueError as e:
            raise builder.wrong(f"{e}; correct the date of the search", words) from e
        self.searched, self.date_passage = (found[0] if found else None), index
        return index

    def found(self, builder: TablesBuilder, words: Words, place: Place | None = None) -> int:
        """Add how many it found."""
        self.hits, self.hits_printed = count_hits(words.flat), words.flat
        self.hits_passage = builder.one(PassageKind.SEARCH_LINE, words, place)
        return self.hits_passage

    def strings(
        self, builder: TablesBuilder, words: Words, place: Place | None = None, label: str | None = None
    ) -> tuple[int, ...]:
        """Add the lines of its strings; ``#3`` or ``3.`` at the beginning of a line is the label of the line."""
        added = []
        for line in builder.take(words):
            spans = spans_of([line])
            expected = len(self.lines) + 1
            own = STRING_LINE.match(line.text) or PLAIN_LINE.match(line.text)
            if own is not None and (line.text[0] == "#" or int(own["number"]) == expected):
                builder.skip(Span(line.start, line.start + own.end()))
                spans = [Span(line.start + own.end(), line.end)]
                label = line.text[: own.end()].rstrip(" .:)")
            index = builder.line(PassageKind.SEARCH_LINE, spans, place=place)
            passages = builder.document.passages
            if is_search_string(passages[index].text):
                passages[index] = replace(passages[index], language=NO_LANGUAGE)
            else:
                builder.tell_language(index, passages[index].text, FEWEST_IN_A_FORM)
            self.lines.append(SearchLine(label, index))
            added.append(index)
        return tuple(added)

    def close(self, builder: TablesBuilder) -> None:
        """Add the search to the document."""
        builder.document.searches.append(
            Search(
                source=self.source,
                source_passage=self.source_passage,
                searched=self.searched,
                date_passage=self.date_passage,
                hits=self.hits,
                hits_passage=self.hits_passage,
                hits_printed=self.hits_printed,
                lines=tuple(self.lines),
            )
        )


def add_total(builder: TablesBuilder, label: str, printed: str, passage: int) -> None:
    """Add a sum of hits."""
    if re.match(r"\d", printed):
        builder.document.search_totals.append(SearchTotal(label.rstrip(" :"), number(printed), passage))


def read_searches(builder: TablesBuilder, grid: Grid, columns: Mapping[Column, Sequence[int]]) -> None:
    """Add the rows of a table of searches; a row without a source goes on with the one above.

    Raises SourceError for a date that does not exist.
    """
    at = {column: some[0] for column, some in columns.items()}
    search: OpenSearch | None = None
    for r in range(1, len(grid.rows)):
        source = grid.text(r, at[Column.SOURCE])
        total = TOTAL.search(source) is not None and grid.text(r, at.get(Column.HITS, OUTSIDE)) != ""
        if source and search is not None:
            search.close(builder)
        if source:
            search = None if total else OpenSearch(source, -1)
        row: list[tuple[int, ...]] = []
        for n in range(len(grid.rows[0])):
            words = grid.words(r, n)
            if words is None:
                row.append(())
            elif total and n == at.get(Column.HITS):
                row.append((builder.one(PassageKind.SEARCH_LINE, words, grid.place(r, n)),))
                add_total(builder, source, words.flat, row[-1][0])
            elif search is None:
                row.append((builder.one(PassageKind.TABLE_CELL, words, grid.place(r, n)),))
            else:
                line = grid.text(r, at.get(Column.LINE, OUTSIDE))
                row.append(_field(builder, search, words, grid.place(r, n), at, line))
        grid.passages.append(row)
    if search is not None:
        search.close(builder)


def _field(
    builder: TablesBuilder,
    search: OpenSearch,
    words: Words,
    place: Place,
    at: Mapping[Column, int],
    label: str,
) -> tuple[int, ...]:
    """Add a cell of the row of a search."""
    column = next((c for c, n in at.items() if n == place.column), None)
    if column is Column.SOURCE:
        search.source_passage = builder.one(PassageKind.SEARCH_LINE, words, place)
        search.source = builder.document.passages[search.source_passage].text
        return (search.source_passage,)
    if column is Column.DATE and search.date_passage is None:
        return (search.date(builder, words, place),)
    if column is Column.HITS:
        # Where the lines of the search have counts of their own, that of its last line is what it found.
        return (search.found(builder, words, place),)
    if column is Column.STRINGS:
        return search.strings(builder, words, place, label or None)
    return (builder.one(PassageKind.TABLE_CELL, words, place),)

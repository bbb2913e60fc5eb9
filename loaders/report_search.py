"""Search documentation in a report's appendix (PRISMA-S, items 1, 8, 13 and 16): sources, dates, strings, hits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from msevidence.loaders.document import PartialDate, PassageKind, Search, SearchLine, SearchTotal
from msevidence.loaders.labels import one_of
from msevidence.loaders.languages import NO_LANGUAGE
from msevidence.loaders.printed_dates import find_date
from msevidence.loaders.report_builder import Builder, spans_of
from msevidence.loaders.report_flow import number
from msevidence.loaders.report_headings import Block
from msevidence.loaders.report_lists import IMPRINT
from msevidence.loaders.report_pages import Line
from msevidence.loaders.search_strings import is_search_string
from msevidence.loaders.text import Span

FULL_LINE = 70
"""Characters from which a line of a search string can be one that goes on in the next."""
SOURCE_LINES = 2
CHANGE_LENGTH = 60
"""Longest line that can say, with its date, that the search was changed."""
FEWEST_IN_A_FORM = 2
"""Words of a line that names a field or a form (``Advanced search``), for its language to be told."""
STRING_LINE = re.compile(r"^#(?P<number>\d{1,3})[.:]?\s+(?=\S)")
PLAIN_LINE = re.compile(r"^(?P<number>\d{1,3})[.:)]?\s+(?=\S)")
NEW_HITS = re.compile(r"^(?P<count>\d[\d ]*)\s+[^\W\d_]")
THOUSANDS = re.compile(r"\d{1,3}(?:[ .,\u00a0]\d{3})+")


@dataclass
class _Open:
    """A search while it is read."""

    source: str
    source_passage: int
    searched: PartialDate | None = None
    date_passage: int | None = None
    hits: int | None = None
    hits_passage: int | None = None
    hits_printed: str | None = None
    lines: list[SearchLine] = field(default_factory=list)
    amends: int | None = None

    def close(self) -> Search:
        return Search(
            source=self.source,
            source_passage=self.source_passage,
            searched=self.searched,
            date_passage=self.date_passage,
            hits=self.hits,
            hits_passage=self.hits_passage,
            hits_printed=self.hits_printed,
            lines=tuple(self.lines),
            amends=self.amends,
        )


class SearchReader:
    """Reads the searches of an appendix; a source's name stands over its date or its hits."""

    def __init__(self, builder: Builder, blocks: Sequence[Block]) -> None:
        self.builder = builder
        self.blocks = blocks
        self._first: int | None = None
        layout = builder.metadata.layout
        self.date = re.compile(rf"^{one_of('search-date', layout.search_date)}\s*:\s*(?P<value>\S.*)$", re.I)
        hits = one_of("search-hits", layout.search_hits)
        self.hits = re.compile(rf"^{hits}\s*:\s*(?P<value>\d.*)$", re.I)
        self.total = re.compile(
            rf"^(?P<label>{hits}\b[^:]+|[^:]*\b{hits}\b[^:]+?|(?:total|sum)\w*\b[^:]*\b{hits})"
            r"\s*:\s*(?P<count>\d[\d .,]*)$",
            re.I,
        )
        self.sum = re.compile(
            rf"^(?P<label>total\w*|sum|i alt|totalt|insgesamt)\s*:?\s*(?P<count>\d[\d .,]*)\s*(?:{hits})?\.?$", re.I
        )
        self.run = re.compile(rf"^(?P<label>{one_of('search-run')}\s+\d{{1,2}})(?:\s*[-–—:.]\s*(?P<rest>\S.*))?$", re.I)

    def source_lines(self, i: int) -> int:
        """Return how many lines at ``blocks[i]`` name a source that was searched: 0 where none does."""
        if i >= len(self.blocks) or not self._in_chapter(i):
            return 0
        lines = self.blocks[i].lines
        if self.blocks[i].level is not None and self.blocks[i].level == 1:
            return 0
        for n, line in enumerate(lines[: SOURCE_LINES + 1]):
            if self.date.match(line.text) or self.hits.match(line.text):
                return n
        following = self.blocks[i + 1] if i + 1 < len(self.blocks) else None
        opens = following is not None and (self.date.match(following.text) or self.hits.match(following.text))
        return len(lines) if opens and len(lines) <= SOURCE_LINES else 0

    def _in_chapter(self, i: int) -> bool:
        """Say whether a heading known by its words stands before: the date of a title page is none of a search."""
        if self._first is None:
            levels = (n for n, block in enumerate(self.blocks) if block.level is not None)
            self._first = next(levels, -1)
        return i > self._first

    def is_total(self, i: int) -> bool:
        """Say whether ``blocks[i]`` holds nothing but sums of hits."""
        if i >= len(self.blocks) or self.blocks[i].level is not None:
            return False
        return all(self.sum.match(line.text) or self.total.match(line.text) for line in self.blocks[i].lines)

    def _is_sum(self, i: int) -> bool:
        return all(self.sum.match(line.text) for line in self.blocks[i].lines)

    def totals(self, i: int) -> int:
        """Add a block that holds nothing but sums of hits; returns the index after it, ``i`` where it is none."""
        if not self.is_total(i):
            return i
        for line in self.blocks[i].lines:
            if found := self.sum.match(line.text) or self.total.match(line.text):
                index = self.builder.line(PassageKind.SEARCH_LINE, spans_of([line]))
                total = SearchTotal(found["label"].strip(), number(found["count"]), index)
                self.builder.document.search_totals.append(total)
        return i + 1

    def read(self, i: int, level: int) -> int:
        """Add the search whose source stands at ``blocks[i]`` as a section of ``level``; returns the index after it.

        Raises SourceError for a date that does not exist.
        """
        count = self.source_lines(i)
        if not count:
            return i
        lines = self.blocks[i].lines
        heading = self.builder.heading(lines[:count], level)
        search = _Open(self.builder.document.passages[heading].text, heading)
        body = list(lines[count:])
        end = i + 1
        while end < len(self.blocks) and not self._ends(end):
            body += self.blocks[end].lines
            end += 1
        label: str | None = None
        expected = 1
        for group in self._logical(body):
            first = group[0].text
            if self._labelled(search, group):
                continue
            if run := self.run.match(first):
                label, expected = run["label"], 1
                if run["rest"]:
                    spans = [Span(group[0].start + run.start("rest"), group[0].end), *spans_of(group[1:])]
                    self._line(search, label, spans, group[0].start)
                else:
                    self.builder.line(PassageKind.SEARCH_LINE, spans_of(group))
            elif changed := self._change(search, group):
                search, label = changed, None
            elif search.amends is not None and search.hits is None and (new := NEW_HITS.match(first)):
                search.hits, search.hits_printed = number(new["count"]), first
                search.hits_passage = self.builder.line(PassageKind.SEARCH_LINE, spans_of(group))
            elif (found := STRING_LINE.match(first)) or (
                (found := PLAIN_LINE.match(first)) and int(found["number"]) == expected
            ):
                expected = int(found["number"]) + 1
                spans = [Span(group[0].start + found.end(), group[0].end), *spans_of(group[1:])]
                self._line(search, first[: found.end()].rstrip(" .:)"), spans, group[0].start)
            else:
                self._line(search, label, spans_of(group), group[0].start)
        self.builder.document.searches.append(search.close())
        return end

    def _ends(self, i: int) -> bool:
        """Say whether a search ends before ``blocks[i]``: at a heading, the next source, or the heading over that."""
        block = self.blocks[i]
        if block.level is not None or self.source_lines(i) or IMPRINT.match(block.text) or self._is_sum(i):
            return True
        alone = len(block.lines) == 1 and block.gap > 1 and re.match(r"[A-ZÀ-ÖØ-Þ][^:.]*$", block.text)
        return bool(alone) and self.source_lines(i + 1) > 0 and self.blocks[i + 1].gap > 1

    def _logical(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        """Yield the lines that belong together: a string that the layout wraps, with or without an empty line in it."""
        group: list[Line] = []
        for line in lines:
            if group and not self._goes_on(group, line):
                yield group
                group = []
            group.append(line)
        if group:
            yield group

    def _goes_on(self, group: Sequence[Line], line: Line) -> bool:
        starts = (STRING_LINE, self.date, self.hits, self.run)
        if any(p.match(line.text) for p in starts) or any(p.match(group[0].text) for p in (self.date, self.run)):
            return False
        text = " ".join(part.text for part in group)
        first, following = PLAIN_LINE.match(group[0].text), PLAIN_LINE.match(line.text)
        if first and following and int(following["number"]) == int(first["number"]) + 1:
            return False  # the next line of the search, whether or not the brackets of this one pair
        is_open = text.count("(") > text.count(")") or text.count("[") > text.count("]")
        last = group[-1].text
        if is_open or last.endswith("-"):
            return True
        if line.gap > 1 or (PLAIN_LINE.match(group[0].text) and PLAIN_LINE.match(line.text)):
            return False
        if STRING_LINE.match(group[0].text):
            return line.gap == 0 or line.text[0].islower()
        return line.gap == 0 and len(last) >= FULL_LINE

    def _labelled(self, search: _Open, group: Sequence[Line]) -> bool:
        """Take the line of the date or of the hits."""
        text = " ".join(line.text for line in group)
        if (found := self.date.match(text)) and search.searched is None:
            search.searched = self._date(found["value"], group[0])
            search.date_passage = self.builder.line(PassageKind.SEARCH_LINE, spans_of(group))
            return True
        if (found := self.hits.match(text)) and search.hits is None:
            search.hits, search.hits_printed = count_hits(found["value"]), found["value"].strip()
            search.hits_passage = self.builder.line(PassageKind.SEARCH_LINE, spans_of(group))
            return True
        return False

    def _date(self, text: str, line: Line) -> PartialDate | None:
        try:
            found = find_date(text)
        except ValueError as e:
            raise self.builder.error(f"{e}; correct the date of the search", line.start) from e
        return found[0] if found else None

    def _change(self, search: _Open, group: Sequence[Line]) -> _Open | None:
        """Return the search that a line with a later date opens, ``None`` where the line is none."""
        text = " ".join(line.text for line in group)
        if len(text) > CHANGE_LENGTH or search.searched is None or STRING_LINE.match(text):
            return None
        found = self._date(text, group[0])
        if found is None or len(found.value) < len("2021-06-22"):
            return None
        searches = self.builder.document.searches
        searches.append(search.close())
        passage = self.builder.line(PassageKind.SEARCH_LINE, spans_of(group))
        return _Open(search.source, search.source_passage, found, passage, amends=len(searches) - 1)

    def _line(self, search: _Open, label: str | None, spans: Sequence[Span], start: int) -> None:
        if spans[0].start > start:
            self.builder.furniture(start, spans[0].start)
        index = self.builder.line(PassageKind.SEARCH_LINE, spans)
        passages = self.builder.document.passages
        if is_search_string(passages[index].text):
            passages[index] = replace(passages[index], language=NO_LANGUAGE)
        else:
            self.builder.tell_language(index, passages[index].text, FEWEST_IN_A_FORM)
        search.lines.append(SearchLine(label, index))


def count_hits(printed: str) -> int | None:
    """Return the hits that a line prints; several counts, each with what it counts, are added.

    >>> count_hits("230"), count_hits("1 024 records"), count_hits("74 reviews, 4 summaries, 1 broad synthesis")
    (230, 1024, 79)
    """
    parts = [p.strip() for p in re.split(r",(?!\d{3}\b)", printed)]
    if not all(re.match(r"\d", p) for p in parts):
        parts = parts[:1]
    counts = [THOUSANDS.match(p) or re.match(r"\d+", p) for p in parts]
    return sum(number(c.group()) for c in counts if c) if any(counts) else None

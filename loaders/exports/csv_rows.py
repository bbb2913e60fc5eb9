"""Rows of CSV files as a stream: bounded lines, quoted fields over several lines, and faults that stay where they are.

RFC 4180 with the standard library's reader, strict. A row that is wrong is one fault, and its neighbours are read: one
whose quotation mark is not closed would swallow the next ones; so after a wrong row, reading goes on at the next line
that begins as a row does.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.lines import LINE_BYTES, Lines

REREAD = 4 * LINE_BYTES
"""Characters that may be read twice in one file: with more, its quotation marks are no longer worth following."""
DELIMITERS = ",;\t"
"""Of a header: as published, and as spreadsheets write it where the comma is the decimal sign."""

# The longest field that the reader takes is a setting of the whole process; its lines are bounded here.
csv.field_size_limit(max(csv.field_size_limit(), LINE_BYTES))


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one row, and the line on which it begins."""

    texts: list[str]
    line: int


class CsvRows:
    """The rows of a CSV file under its header; a row that cannot be read is a RecordError in its place.

    ``begins`` says of the fields on one line, and the header, whether a row begins there, so that reading finds back
    after a fault; the last field may be cut.

    Raises ExportError where the file has no header, or one with a name twice.
    """

    def __init__(self, stream: BinaryIO, name: str, begins: Callable[[Sequence[str], Sequence[str]], bool]) -> None:
        self.name = name
        self._feed = _Feed(Lines(stream, name))
        first = self._feed.first()
        if first is None:
            raise ExportError("has no header; get the file again", name, 1)
        self.delimiter = max(DELIMITERS, key=first.count)
        self._rows = csv.reader(self._feed, delimiter=self.delimiter, strict=True)
        try:
            self.header = [text.strip() for text in next(self._rows)]
        except (csv.Error, RecordError) as e:
            raise ExportError(f"has a header that cannot be read ({e}); get the file again", name, 1) from e
        twice = sorted({text for text in self.header if text and self.header.count(text) > 1})
        if twice:
            raise ExportError(f"has columns of one name ({', '.join(twice)}); name each column once", name, 1)
        self._begins = begins

    def __iter__(self) -> Iterator[Row | RecordError]:
        feed, rows, width = self._feed, self._rows, len(self.header)
        while True:
            feed.taken.clear()
            feed.size = 0
            whole = False
            try:
                texts = next(rows)
            except StopIteration:
                return
            except csv.Error as e:
                fault = RecordError(f"cannot be read as a row ({e}); check its quotation marks", feed.line)
            except RecordError as e:
                fault = e
            else:
                if len(texts) == width and not (len(feed.taken) > 1 and self._swallowed()):
                    yield Row(texts, feed.line)
                    continue
                if not texts:
                    continue
                whole = len(feed.taken) == 1
                fault = RecordError(
                    f"has {len(texts)} fields under a header of {width}; check its separators and quotation marks",
                    feed.line,
                )
            yield fault
            feed.again(None if whole else self._is_row)
            if feed.reread > REREAD:
                yield RecordError(
                    "the file cannot be read from here on: too many quotation marks are not closed; export it again",
                    feed.line,
                )
                return

    def _swallowed(self) -> bool:
        """Say whether a line inside a row is a whole row, which only an open quotation mark can bring about."""
        return any(
            self._is_whole(line) and self._begins(self.header, self._cut(line)) for _, line in self._feed.taken[1:]
        )

    def _is_row(self, line: str) -> bool:
        return self._begins(self.header, self._cut(line)) or self._is_whole(line)

    def _cut(self, line: str) -> list[str]:
        return next(csv.reader([line], delimiter=self.delimiter), [])

    def _is_whole(self, line: str) -> bool:
        try:
            return len(next(csv.reader([line], delimiter=self.delimiter, strict=True), [])) == len(self.header)
        except csv.Error:
            return False


class _Feed:
    """Lines for the reader, which can be given to it again; ``taken`` are those of the row at hand."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._source = iter(lines)
        self._waiting: deque[tuple[int, str | RecordError]] = deque()
        self._skip: Callable[[str], bool] | None = None
        self.taken: list[tuple[int, str]] = []
        self.size = 0
        self.reread = 0
        self.line = 0

    def __iter__(self) -> "_Feed":
        return self

    def first(self) -> str | None:
        """Return the first line that is not empty, without taking it."""
        for item in self._source:
            if isinstance(item, RecordError) or item.strip():
                self._waiting.append((self._lines.number, item))
                return item if isinstance(item, str) else ""
        return None

    def __next__(self) -> str:
        while True:
            if self._waiting:
                number, item = self._waiting.popleft()
            else:
                item = next(self._source)
                number = self._lines.number
            if not self.taken:
                self.line = number
            if isinstance(item, RecordError):
                raise item
            if self._skip is not None and not self.taken:
                if not self._skip(item):
                    continue
                self._skip = None
            self.size += len(item) + 1
            if self.size > LINE_BYTES:
                raise RecordError(f"has more than {LINE_BYTES} characters; check its quotation marks", self.line)
            self.taken.append((number, item))
            return item + "\n"

    def again(self, is_row: Callable[[str], bool] | None) -> None:
        """After a fault, go on at its second line; with ``is_row``, at the next that is a row or begins one."""
        rest: list[tuple[int, str | RecordError]] = list(self.taken[1:])
        self._skip = is_row
        self.reread += sum(len(line) + 1 for _, line in self.taken[1:])
        self._waiting.extendleft(reversed(rest))

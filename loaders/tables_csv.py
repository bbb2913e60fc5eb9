"""A CSV file as the tables of a report (RFC 4180): several tables with their captions, and text between them.

Parts are separated by an empty row. A part whose rows have only a first cell is text: a heading or paragraphs; a row
with only a first cell that stands over the header of a table is its caption. The delimiter is told from the content.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from msevidence.loaders.errors import SourceError
from msevidence.loaders.labels import chapter_role
from msevidence.loaders.report_headings import looks_like_title
from msevidence.loaders.report_lists import ENTRY
from msevidence.loaders.source import line_at
from msevidence.loaders.tables_builder import TablesBuilder
from msevidence.loaders.tables_rows import add_table, label_of
from msevidence.loaders.tables_words import Character, Words, words_of
from msevidence.loaders.text import squash

DELIMITERS = "\t;,"
"""In the order in which they are preferred: in a text, a comma is the likeliest to be no delimiter."""
LONGEST_TITLE = 300
"""Characters of the longest first row that is a title and no paragraph."""
Row = list[Words]


def read_rows(raw: str, path: Path, delimiter: str | None = None) -> list[Row]:
    """Return the rows of a file, empty ones too; the characters of each cell keep their places.

    Raises SourceError for a quotation mark that is never closed, or closed before the cell ends.
    """
    if delimiter is None:
        delimiter = delimiter_of(raw, path)
    rows: list[Row] = [[]]
    i = 1 if raw.startswith("\ufeff") else 0
    while True:
        cell, i = _cell(raw, i, delimiter, path)
        rows[-1].append(cell)
        if i >= len(raw):
            return rows
        if raw[i] == delimiter:
            i += 1
            continue
        i += 2 if raw.startswith("\r\n", i) else 1
        if i >= len(raw):
            return rows
        rows.append([])


def _cell(raw: str, i: int, delimiter: str, path: Path) -> tuple[Words, int]:
    """Return the cell that begins at ``i``, and where its delimiter or line end stands."""
    start = i
    characters: list[Character] = []
    if not raw.startswith('"', i):
        while i < len(raw) and raw[i] not in (delimiter, "\r", "\n"):
            characters.append((raw[i], i, i + 1))
            i += 1
        return words_of(characters, start), i
    i += 1
    while True:
        if i >= len(raw):
            message = (
                "a cell begins with a quotation mark that is never closed; close it, or double it if it is printed"
            )
            raise SourceError(message, path, line_at(raw, start))
        if raw.startswith('""', i):
            characters.append(('"', i, i + 2))
            i += 2
        elif raw[i] == '"':
            break
        elif raw.startswith("\r\n", i):
            characters.append(("\n", i, i + 2))
            i += 2
        else:
            characters.append((raw[i], i, i + 1))
            i += 1
    i += 1
    if i < len(raw) and raw[i] not in (delimiter, "\r", "\n"):
        after = raw[i : i + 20].splitlines()[0]
        message = f"{after!r} follows the closing quotation mark of a cell; double the marks inside it"
        raise SourceError(message, path, line_at(raw, i))
    return words_of(characters, start), i


def delimiter_of(raw: str, path: Path) -> str:
    """Return what separates the cells: what gives the most neighbouring rows that have as many cells.

    >>> delimiter_of("Study;N, all\\nA, B;12\\n", Path("a.csv")), delimiter_of("a,b\\nc,d", Path("a.csv"))
    (';', ',')
    """
    best, most = ",", 0
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in read_rows(raw, path, delimiter) if not _empty(row)]
        except SourceError:
            continue
        agree = sum(a == b and a > 1 for a, b in pairwise(widths))
        if agree > most:
            best, most = delimiter, agree
    return best


def _empty(row: Sequence[Words]) -> bool:
    return all(w.blank for w in row)


def _alone(row: Sequence[Words]) -> bool:
    """Say whether a row has only a first cell."""
    return not row[0].blank and _empty(row[1:])


def parts_of(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows between the empty ones."""
    parts: list[list[Row]] = []
    after_empty = True
    for row in rows:
        if _empty(row):
            after_empty = True
            continue
        if after_empty:
            parts.append([])
        parts[-1].append(row)
        after_empty = False
    return parts


def read_csv(builder: TablesBuilder) -> None:
    """Add all that the file has.

    Raises SourceError for a row with more cells than its header, or where the signs of the file do not fit together.
    """
    rows = read_rows(builder.raw, builder.path)
    for words in (w for row in rows for w in row):
        builder.found(words)
    caption: Words | None = None
    parts = parts_of(rows)
    for n, part in enumerate(parts):
        following = parts[n + 1] if n + 1 < len(parts) else [[]]
        head = next((i for i, row in enumerate(part) if not _alone(row)), len(part))
        if head < len(part):
            single = [row[0] for row in part[:head]]
            _text(builder, single[:-1])
            add_table(builder, None, single[-1] if single else caption, _squared(part[head:]))
            caption = None
            continue
        single = [row[0] for row in part]
        bare = bool(following[0]) and not _alone(following[0])
        if bare and label_of(single[-1].flat, builder.metadata):
            caption = single.pop()
        _text(builder, single)


def _squared(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a table without the empty columns that a spreadsheet adds at the right."""
    width = max(max(n for n, w in enumerate(row) if not w.blank) for row in rows) + 1
    header = max(n for n, w in enumerate(rows[0]) if not w.blank) + 1
    return [row[: max(width, header)] if n else row[:header] for n, row in enumerate(rows)]


def _text(builder: TablesBuilder, cells: Sequence[Words]) -> None:
    """Add text: the document's title, a heading, entries of the reference list, paragraphs."""
    opening = True
    for words in cells:
        first = not builder.document.passages
        if first and squash(words.flat) == squash(builder.metadata.title):
            builder.title(words)
            continue
        if opening and looks_like_title(words.flat) and not ENTRY.match(words.flat):
            builder.section_under(words, 1)
        elif _in_references(builder):
            builder.reference(words)
        else:
            builder.paragraphs(words)
        opening = False


def _in_references(builder: TablesBuilder) -> bool:
    heading = builder.document.reference_heading
    section = builder.section
    return heading is not None and section is not None and builder.document.sections[section].heading == heading


def title_of_csv(raw: str, path: Path) -> str | None:
    """Return the title of a file: its first row, where that is a text of its own and no table's caption."""
    parts = parts_of(read_rows(raw, path))
    first = parts[0][0] if parts else None
    if first is None or not _alone(first) or not all(_alone(row) for row in parts[0]):
        return None
    text = first[0].flat
    named = chapter_role(text) is None and label_of(text, None) is None and not text.endswith((".", ":", ";"))
    return text if named and len(text) <= LONGEST_TITLE else None

"""Loader of a report's tables as CSV or YAML (:mod:`~msevidence.loaders.tables_csv`, ``tables_yaml``).

It fills the same :class:`~msevidence.loaders.document.ParsedDocument` as the loader of the text format, so that
statements and the rules of the review know nothing of the difference.
"""

import re
from pathlib import Path

from msevidence.loaders.document import Marker, ParsedDocument, Passage
from msevidence.loaders.errors import SourceError
from msevidence.loaders.languages import foreign_language
from msevidence.loaders.markers import FoundMarker, Style, find_markers
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.report import UNMARKED, file_summary
from msevidence.loaders.source import line_at, read_source
from msevidence.loaders.tables_builder import TablesBuilder
from msevidence.loaders.tables_csv import read_csv, title_of_csv
from msevidence.loaders.tables_links import link_numbers
from msevidence.loaders.tables_yaml import read_yaml_tables, title_of_yaml

SUFFIXES = (".csv", ".yaml")
SPELLINGS = {".csv": ".csv", ".tsv": ".csv", ".yaml": ".yaml", ".yml": ".yaml"}
"""Ends of the names that such files have elsewhere, and what they are called here."""
AFTER_FIGURE = re.compile(r"[\d%]\s*$")
"""A number in round brackets behind a figure is its share or its spread: ``21 (70)``."""


def read(path: Path, metadata: Metadata) -> ParsedDocument:
    """Return the parts of the report whose text and tables are the file at ``path``.

    Raises SourceError for a file that is no clean UTF-8 text, whose signs do not fit together, or that has a field,
    row, number, date or range of citations that cannot be.
    """
    builder = TablesBuilder(path, _source(path), metadata)
    (read_csv if path.suffix == ".csv" else read_yaml_tables)(builder)
    if not builder.document.passages:
        raise SourceError("has no words; put the text of the document into it", path, 1)
    file_summary(builder.document)
    link_numbers(builder)
    _markers(builder)
    builder.close()
    return builder.document


def told(path: Path, suffix: str) -> tuple[str | None, str]:
    """Return the title that a file gives itself, if any, and the language of its words.

    Raises SourceError as :func:`read` does.
    """
    raw = _source(path, suffix)
    title = title_of_csv(raw, path) if suffix == ".csv" else title_of_yaml(raw, path)
    return title, foreign_language(raw, "en") or "en"


def _source(path: Path, suffix: str | None = None) -> str:
    """Return the text of the file. A spreadsheet program cannot write CSV but with a mark and line ends of its own."""
    return read_source(path, mark=(suffix or path.suffix) == ".csv", crlf=True)


def _markers(builder: TablesBuilder) -> None:
    """Add the citation markers, where there is a list of references that they can lead to.

    Of round and square brackets the style is meant that the document has more of.
    """
    document = builder.document
    known = {r.number for r in document.references}
    if not known:
        return
    cited = [(i, p) for i, p in enumerate(document.passages) if p.kind not in UNMARKED]
    styles: tuple[Style, Style] = ("round", "square")
    found = {style: [(i, m) for i, p in cited for m in _of(builder, p, known, style)] for style in styles}
    for index, marker in max(found.values(), key=len):
        content = document.passages[index].content
        printed = builder.raw[content.starts[marker.begin] : content.ends[marker.end - 1]]
        document.markers.append(
            Marker(index, marker.begin, marker.end, printed, marker.numbers, marker.from_range, marker.locator)
        )


def _of(builder: TablesBuilder, passage: Passage, known: set[int], style: Style) -> list[FoundMarker]:
    def line(offset: int) -> int:
        return line_at(builder.raw, passage.content.starts[offset])

    found = find_markers(passage.text, known, style=style, path=builder.path, line_at=line)
    if passage.place is None or style == "square":
        return found
    # In a cell, a number in round brackets may count something: what is in no list is no citation.
    return [m for m in found if not AFTER_FIGURE.search(passage.text[: m.begin]) and set(m.numbers) <= known]

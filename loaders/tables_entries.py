"""The cell of a study's row that lists its publications: entries with or without labels, addresses, comments."""

import re
from dataclasses import replace

from msevidence.loaders.document import PassageKind, Place, RowEntry
from msevidence.loaders.markers import ROUND, SQUARE
from msevidence.loaders.references import parse_reference
from msevidence.loaders.report_breaks import ADDRESS
from msevidence.loaders.report_builder import spans_of
from msevidence.loaders.report_cells import LABEL, Cell, only_numbers, paragraphs, read_cell
from msevidence.loaders.tables_builder import TablesBuilder
from msevidence.loaders.tables_words import Words


def read_listed(builder: TablesBuilder, words: Words, place: Place, heading: str, entries: Cell) -> tuple[int, ...]:
    """Add a cell that lists publications, with or without labels before them."""
    found: list[int] = []
    for lines in paragraphs(builder.take(words)):
        text = " ".join(line.text for line in lines)
        if ADDRESS.match(text) or not _is_entry(text):
            cell = read_cell(builder, lines, place)
            if ADDRESS.match(text) and entries.entries and cell.passages:
                last = entries.entries[-1]
                url = last.url or text.strip("<> ")
                entries.entries[-1] = replace(last, passages=(*last.passages, *cell.passages), url=url)
            entries.entries += cell.entries
            entries.conclusions += cell.conclusions
            entries.descriptions += cell.descriptions
            entries.comments += [p for p in cell.comments if _says_something(builder, p)]
            found += cell.passages
            continue
        index = builder.line(PassageKind.TABLE_CELL, spans_of(lines), place=place, judged=False)
        passage = builder.document.passages[index]
        reference = parse_reference(0, index, passage.text)
        builder.tell_language(index, reference.title)
        entries.entries.append(RowEntry(heading, (index,), reference, title=reference.title))
        found.append(index)
    return tuple(found)


def _is_entry(text: str) -> bool:
    """Say whether a text is a bibliographic entry without a label: it has authors, a title and a year."""
    if LABEL.match(text):
        return False
    try:
        read = parse_reference(0, 0, text)
    except ValueError:
        return False
    return bool((read.authors or read.group_author) and read.title and read.year)


def _says_something(builder: TablesBuilder, index: int) -> bool:
    """Say whether a passage has words beside citation markers and registry numbers."""
    text = SQUARE.sub("", ROUND.sub("", builder.document.passages[index].text))
    return re.search(r"\w", text) is not None and not only_numbers(text)

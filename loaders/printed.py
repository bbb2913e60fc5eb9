"""Values given as printed must be printed: in the passages quoted, or beside them in their table.

A curator writes a number or date twice, normalised and as the document prints it. The quotation is looked up by
:mod:`~msevidence.loaders.anchors`; here, so is every printed form.
"""

from collections.abc import Iterable, Iterator

from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.schema import Anchored
from msevidence.loaders.text import squash


def printed_forms(entry: Anchored) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry that repeat words of the document, each with its words."""
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        if (name == "printed" or name.endswith("_printed")) and value is not None:
            yield name, value


def is_printed(document: ParsedDocument, words: str, passages: Iterable[int]) -> bool:
    """Say if words stand in one of the passages or, where that is a cell, in its row, its column or the caption."""
    wanted = squash(words)
    quoted = set(passages)
    places = [place for p in quoted if (place := document.passages[p].place) is not None]
    quoted |= {t.caption for t in document.tables if t.caption is not None and t.label in {p.table for p in places}}
    for number, passage in enumerate(document.passages):
        cell = passage.place
        beside = cell is not None and any(
            cell.table == place.table and (cell.row == place.row or cell.column == place.column) for place in places
        )
        if (number in quoted or beside) and wanted in passage.text:
            return True
    return False

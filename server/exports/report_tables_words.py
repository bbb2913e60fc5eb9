"""What is said beside a document's tables: where they come from, what does not add up, and who may use them."""

from __future__ import annotations

from msevidence.server import i18n
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.report_tables_model import Note, Paragraph, Piece, ReportTable, ReportTables, text_of


def title(handover: Handover, tables: ReportTables) -> str:
    """Return what the tables of a document are called."""
    return i18n.text("report-title", handover.language, document=tables.title.text)


def heading(handover: Handover, tables: ReportTables) -> Paragraph:
    """Return the same in pieces: the title of the document is in its own language."""
    before, _, after = i18n.text("report-title", handover.language, document="\0").partition("\0")
    return Piece(before), Piece(tables.title.text, tables.language), Piece(after)


def made(handover: Handover) -> str:
    """Return how the tables were made."""
    return i18n.text("report-made", handover.language, release=handover.release.id[:12])


def label(table: ReportTable) -> str:
    """Return the words of a caption before its colon: ``Tabell 1``."""
    return text_of((table.caption,)).partition(":")[0]


def notes_title(handover: Handover, table: ReportTable) -> str:
    """Return the heading of the notes of a table."""
    return i18n.text("report-notes", handover.language, table=label(table))


def where(handover: Handover, note: Note) -> str:
    """Return which rows a note is of, and how grave it is."""
    severity = i18n.text(f"severity-{note.severity}", handover.language)
    return i18n.text("report-in-row", handover.language, rows=", ".join(map(str, note.rows)), severity=severity)


def alternative(handover: Handover, table: ReportTable) -> str:
    """Return what a table is, for those who do not see it."""
    return i18n.text("report-alternative", handover.language, count=len(table.rows))


def left_out(handover: Handover, table: ReportTable) -> list[str]:
    """Return the sentences on what is not in a table: columns and sentences of which the graph states nothing."""
    columns = [text_of(table.headings[n]) or str(n + 1) for n in table.empty]
    said = [i18n.text("report-empty", handover.language, column=column) for column in columns]
    if table.untold:
        rows = ", ".join(map(str, sorted(set(table.untold))))
        count = i18n.number(len(table.untold), handover.language)
        said.append(i18n.text("report-untold", handover.language, rows=rows, count=count))
    return said


def address(handover: Handover, iri: str) -> str:
    """Return where a thing of the release is published."""
    return handover.site + iri.removeprefix(handover.release.base)

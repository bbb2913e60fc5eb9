"""A document's tables of studies as one page of HTML that needs nothing else: for reading, printing and for Word."""

from __future__ import annotations

from pathlib import Path

import jinja2

from msevidence.server import i18n
from msevidence.server.answers import allowed_in_html
from msevidence.server.exports import report_tables_words as words
from msevidence.server.exports.about import about
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.report_tables_read import read

_TEMPLATES = Path(__file__).parents[1] / "templates"


def write(handover: Handover) -> Files:
    """Write the tables of the documents of an export.

    Raises:
        ExportError: none of the documents has a table that lists studies.
    """
    documents = read(handover)
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    ).get_template("export_tables.html")
    page = made.render(
        handover=handover,
        documents=documents,
        words=words,
        facts=about(handover),
        t=lambda name: i18n.text(name, handover.language),
    )
    return {f"{handover.stem}.html": allowed_in_html(page).encode()}

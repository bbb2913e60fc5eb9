"""What each file of a crate is, in a sentence: no two files of a crate are told of in the same words."""

from __future__ import annotations

from pathlib import PurePosixPath

from msevidence.server import i18n
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.tables_read import ORDER
from msevidence.server.exports.tables_words import table_title

NAMED = {
    "csv-metadata.json": "export-crate-csvw",
    "datapackage.json": "export-crate-frictionless",
    "validation.ttl": "export-crate-validation",
}
"""Name of a file → text on it."""
ENDED = {".docx": "export-crate-docx", ".void.ttl": "export-crate-void"}
"""End of a file's name → text on it."""
_TABLES = {f"{table.name}.csv": table for table in ORDER}


def told(name: str, handover: Handover) -> str:
    """Return the sentence on a file, in the language of the export.

    Args:
        name: path of the file in the crate.
        handover: what is exported.
    """
    path, language = PurePosixPath(name), handover.language
    if path.suffix == ".csv":
        return i18n.text("export-crate-table", language, title=table_title(_TABLES[path.name], language))
    if "shapes" in path.parts:
        return i18n.text("export-crate-shape", language, file=path.name)
    if path.suffix == ".md":
        of = PurePosixPath(path.stem).suffix.removeprefix(".")
        return i18n.text("export-crate-readme", language, tongue=i18n.LANGUAGES[of])
    ended = next((text for end, text in ENDED.items() if path.name.endswith(end)), None)
    text = NAMED.get(path.name) or ended or f"export-crate-{path.parts[0]}"
    return i18n.text(text, language, address=f"{handover.site}releases/{handover.release.id}/")

"""Reviews of a report's tables with words of the file changed, beside the documents of ``data/``."""

import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msevidence.loaders import tables
from msevidence.loaders.assembly import assemble
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.review.running import all_rules
from msevidence.loaders.review.view import View
from msevidence.loaders.text import squash
from tests.review.reviewing import DATA, Reviewed

FIXTURES = Path(__file__).parents[1] / "fixtures" / "review"
KEY = "tables-2022"
METADATA = """\
title: "{title}"
language: {language}
type: hta-report
published: 2022-02
"""
TITLES = {
    ".csv": ("Training at home for people with chronic heart failure: a mapping of studies", "en"),
    ".yaml": ("Pustetrening ved kronisk lungesykdom: en kartlegging", "nb"),
}
Edits = Sequence[tuple[str, str]]


def fixture(suffix: str, edits: Edits = ()) -> str:
    """Return the text of a fixture with words changed; each stands there exactly once."""
    text = (FIXTURES / f"report-tables{suffix}").read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def lay_out(reports: Path, suffix: str, edits: Edits = ()) -> Path:
    """Lay out the folder of a document with the fixture as its source; returns the folder."""
    folder = reports / KEY
    folder.mkdir(parents=True)
    (folder / f"source{suffix}").write_text(fixture(suffix, edits), encoding="utf-8")
    title, language = TITLES[suffix]
    (folder / "metadata.yaml").write_text(METADATA.format(title=title, language=language), encoding="utf-8")
    return folder


def reviewed_tables(suffix: str, edits: Edits = ()) -> Reviewed:
    """Return the review of the fixture; equal calls share one build."""
    return _reviewed(suffix, tuple(edits))


@cache
def _reviewed(suffix: str, edits: tuple[tuple[str, str], ...]) -> Reviewed:
    with tempfile.TemporaryDirectory(prefix="reviewed-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(DATA, data)
        lay_out(data / "reports", suffix, edits)
        return Reviewed(View(list(assemble(data, lenient=True).quads())))


def parsed(folder: Path, suffix: str, content: str | bytes, language: str = "en") -> ParsedDocument:
    """Return what the loader makes of a small file."""
    path = folder / f"source{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return tables.read(path, Metadata(title="A title of its own", language=language, type="hta-report"))


def misplaced(document: ParsedDocument) -> list[str]:
    """Return the passages whose words do not stand at their offsets in the file: each must."""
    found = []
    for passage in document.passages:
        pieces = [document.source[s.start : s.end] for s in passage.spans]
        words = squash(" ".join(undone(p) for p in pieces))
        if words != passage.text:
            found.append(f"{passage.text!r} at {passage.spans}: {words!r}")
    return found


def undone(words: str) -> str:
    """Return words of a file without the doubling of quotation marks, and without escapes."""
    return words.replace('""', '"').replace("''", "'").replace('\\"', '"')


def found_in(review: Reviewed) -> dict[str, list[list[str]]]:
    """Return, of each rule that fired on the fixture, the texts of the passages of each finding."""
    found: dict[str, list[list[str]]] = {}
    for rule in all_rules():
        if broken := review.broken(rule, KEY):
            found[rule.name] = sorted(review.texts(o) for o in broken)
    return found

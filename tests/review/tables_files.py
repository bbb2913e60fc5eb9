"""Reviews of a report's tables with words of the file changed, beside the documents of ``data/``."""

import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msevidence.loaders.assembly import assemble
from msevidence.loaders.review.view import View
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

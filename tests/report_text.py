"""The report of the project's own input, read once, and how the tests look things up in it."""

from functools import cache
from pathlib import Path

from msevidence.loaders import report
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.yamlfile import parse

FOLDER = Path(__file__).parent.parent / "data" / "reports" / "fhi-2021"


@cache
def parsed() -> ParsedDocument:
    """Return the report as the loader reads it."""
    metadata, _ = parse(FOLDER / "metadata.yaml", Metadata)
    return report.read(FOLDER / "source.txt", metadata)


def texts(*passages: int) -> list[str]:
    """Return the texts of passages."""
    return [parsed().passages[p].text for p in passages]


def line(offset: int) -> int:
    """Return the line, from 1, of an offset."""
    return parsed().source.count("\n", 0, offset) + 1


def only(start: str) -> int:
    """Return the one passage that begins with ``start``."""
    found = [i for i, p in enumerate(parsed().passages) if p.text.startswith(start)]
    assert len(found) == 1, (start, found)
    return found[0]

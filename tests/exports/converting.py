"""Helps tests of conversion: one source from bytes, without the process round it."""

import hashlib
from pathlib import Path

from msevidence.loaders.exports.conversion import FACTS, RECORDS, convert
from msevidence.loaders.exports.facts import Fact, read_facts
from msevidence.loaders.exports.report import SourceReport

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "exports"


class Conversion:
    """What one conversion gave."""

    def __init__(self, folder: Path, report: SourceReport) -> None:
        self.folder = folder
        self.report = report

    @property
    def facts(self) -> list[Fact]:
        return list(read_facts(self.folder / FACTS))

    @property
    def versions(self) -> set[str]:
        return {f.version or "" for f in self.facts}

    @property
    def statements(self) -> str:
        return (self.folder / RECORDS).read_text(encoding="utf-8")


def converted(
    tmp_path: Path, content: bytes, name: str = "export", *, strict: bool = False, shapes: bool = False
) -> Conversion:
    """Convert ``content``; the shapes are left out unless they are what a test is about (they take a second)."""
    digest = hashlib.sha256(content).hexdigest()
    tmp_path.mkdir(exist_ok=True)
    source = tmp_path / f"{digest}.bytes"
    source.write_bytes(content)
    target = tmp_path / f"{digest}.converted.{strict}"
    target.mkdir()
    return Conversion(target, convert(source, name, digest, target, strict=strict, shapes=shapes))

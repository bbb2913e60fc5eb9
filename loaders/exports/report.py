"""What reading one source gave: the counts, which always balance, and every record that could not be loaded."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from msevidence.loaders.exports.faults import on_one_line


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that could not be loaded: where it stands, what it is, why, and how to mend it."""

    place: str
    reason: str
    label: str | None = None

    def __post_init__(self) -> None:
        """Bring to one line what strangers' files may have put into it."""
        object.__setattr__(self, "reason", on_one_line(self.reason))
        if self.label is not None:
            object.__setattr__(self, "label", on_one_line(self.label, 120))

    def __str__(self) -> str:
        return f"{self.place}: {f'{self.label}: ' if self.label else ''}{self.reason}"


@dataclass
class SourceReport:
    """The account of one source: ``read = loaded + quarantined + duplicate``."""

    sha256: str
    name: str
    formats: dict[str, int] = field(default_factory=dict)
    """Key of each format in it, and how many of its files are of that format."""
    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    """Fields and categories that no loader knows, and how often."""
    statements: int = 0
    documents: list[str] = field(default_factory=list)
    """Members that are articles: they are documents, not records, and one is one record read."""
    exported: str = ""
    """The day on which the file was made, where it states one."""
    newest: str = ""
    """Date of last change of its newest record, where records state one."""
    kept_versions: list[str] = field(default_factory=list)
    """Numbers that stand there several times, with other content and of other dates or in other files: all are kept."""

    def balance(self) -> None:
        """Raise ValueError where the counts do not balance: a record would be lost without a word."""
        if self.read != self.loaded + self.duplicate + len(self.quarantined):
            raise ValueError(
                f"{self.name}: read {self.read} is not loaded {self.loaded} + quarantined {len(self.quarantined)}"
                f" + duplicate {self.duplicate}"
            )

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")


def read_report(path: Path) -> SourceReport:
    """Read a report that :meth:`SourceReport.write` wrote."""
    content: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    report = SourceReport(**content)  # type: ignore[arg-type]
    report.quarantined = [Quarantined(**q) for q in content["quarantined"]]  # type: ignore[attr-defined]
    return report

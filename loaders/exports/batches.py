"""Records checked against the SHACL shapes, many at a time: what breaks one is that record's fault, not the others'.

The shapes look at one record's nodes only, so that a batch says the same as each record alone. pyshacl is the referee;
a batch is as large as pays for loading the shapes.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from msevidence.loaders.exports.facts import Fact
from msevidence.loaders.exports.nquads import Block
from msevidence.ontology.shapes_subset import shapes

SIZE = 200
"""Records of a batch: pyshacl needs 0.3 s for the shapes alone, and some milliseconds a record."""


class Checker:
    """The shapes, read once."""

    def __init__(self) -> None:
        self._shapes = shapes()

    def faults(self, statements: bytes) -> dict[str, str]:
        """Return what breaks a shape in lines of N-Quads: the focus node, and the message with the value at fault."""
        quads = ox.parse(io.BytesIO(statements), format=ox.RdfFormat.N_QUADS)
        found: dict[str, str] = {}
        for violation in self._shapes.violations(quads):
            value = f" [{violation.value}]" if violation.value else ""
            found.setdefault(violation.focus, f"{violation.message('en')}{value}")
        return found


@dataclass(slots=True)
class _Entry:
    version: str
    lines: bytes
    fact: Fact
    label: str | None


@dataclass(slots=True)
class Batch:
    """Records read and not yet checked."""

    entries: list[_Entry] = field(default_factory=list)

    def add(self, version: str, block: Block, fact: Fact, label: str | None) -> None:
        self.entries.append(_Entry(version, block.encoded(), fact, label))

    @property
    def full(self) -> bool:
        return len(self.entries) >= SIZE

    def checked(self, checker: Checker | None) -> Iterator[tuple[str, bytes, Fact, str | None, str | None]]:
        """Yield version, statements, fact and label of each record, and what it breaks, if anything."""
        faults = checker.faults(b"".join(e.lines for e in self.entries)) if checker and self.entries else {}
        for entry in self.entries:
            broken = next((m for focus, m in faults.items() if f"<{focus}>".encode() in entry.lines), None)
            yield entry.version, entry.lines, entry.fact, entry.label, broken

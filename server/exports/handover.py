"""What an export is made of: a release asked through a lane, the part of it that is wanted, and how it is told.

An export is a function from a :class:`Handover` to files by name. The same release, part and options give the same
bytes: nothing in an export is of the clock, of the machine, or in an order of chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msevidence.server.exports.refused import RefusedError
from msevidence.server.exports.scope import Scope
from msevidence.server.labels import Labels
from msevidence.server.releases import Release
from msevidence.server.store import PageLane
from msevidence.server.whole import require_whole

Files = Mapping[str, bytes]
"""The files of an export: relative POSIX path → content."""

Write = Callable[["Handover"], Files]


class ExportError(RefusedError):
    """Raised when what is asked for can not be exported; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What some formats let the receiver choose."""

    graph: str = "citation"
    """Of GraphML and GEXF: ``citation`` or ``identity``."""
    key: Path | None = None
    """Of nanopublications: a file with the private key to sign with."""
    signer: str | None = None
    """Of nanopublications: IRI of who signs, an ORCID for a person."""


@dataclass(frozen=True, slots=True)
class Handover:
    """One export to be made."""

    lane: PageLane
    labels: Labels
    language: str
    """Of labels, notes and headings, ``en`` or ``nb``; content keeps its own."""
    scope: Scope
    site: str
    """Where the release is published, with a slash at the end; the base of its IRIs where nothing else is known."""
    options: Options = field(default_factory=Options)

    @property
    def release(self) -> Release:
        """The release that all of it comes from."""
        return self.lane.release

    def file(self, name: str) -> Path:
        """Return the place of a file of the release.

        Raises:
            errors.DamagedStore: it is not as it was written.
        """
        return require_whole(self.release.path / name, str(self.release.files[name]["sha256"]))

    @property
    def stem(self) -> str:
        """What files are called, without suffix: ``msevidence-0a6df32aca16``, with the names of what was chosen."""
        return "-".join(["msevidence", self.release.id[:12], *self.scope.named])[:100].strip("-.")

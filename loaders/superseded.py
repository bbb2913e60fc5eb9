"""What holds now: values that move, such as a status, stand on a registration only from its newest record.

Each version keeps what its source says at its date. The registration itself would else be recruiting and completed at
once. Newer is told by the records' own dates; what has no date is never outdated, since nobody can tell. A copy on the
WHO's portal gives way to any record of the registry itself, whose words it simplifies and whose date it does not have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE

if TYPE_CHECKING:  # the server asks which values move, and starts without the rest
    from msevidence.loaders.exports.facts import RegistrationFact
    from msevidence.loaders.statements import Statements

MOVING = tuple(
    ox.NamedNode(str(p))
    for p in (
        MSE.registeredStatus,
        MSE.startDate,
        MSE.primaryCompletionDate,
        MSE.completionDate,
        MSE.enrolment,
        MSE.hasResults,
        MSE.resultsPosted,
    )
)
"""Properties whose values move."""
_PORTAL = "ictrp"


@dataclass(frozen=True)
class Superseded:
    """Which sources no longer say what holds."""

    versions: dict[str, str] = field(default_factory=dict)
    """Key of each outdated version, to the IRI of its registration."""
    recorded: frozenset[str] = frozenset()
    """Registrations for which a loaded record is newer than what ``registrations.yaml`` records."""

    def without_moving(self, version: str, lines: bytes) -> bytes:
        """Return the statements of a version without those on its registration that do not hold any more."""
        registration = self.versions.get(version)
        if registration is None:
            return lines
        starts = tuple(f"<{registration}> <{p.value}> ".encode() for p in MOVING)
        return b"".join(line for line in lines.splitlines(keepends=True) if not line.startswith(starts))

    def drop_recorded(self, registrations: Statements) -> None:
        """Take out of the graph of the catalogue what a newer record has outdated; the sourced values stay."""
        outdated = {ox.NamedNode(iri) for iri in self.recorded}
        registrations.drop(outdated, MOVING)


def superseded(loaded: Iterable[RegistrationFact], recorded: Iterable[RegistrationFact]) -> Superseded:
    """Return what is outdated: ``loaded`` has each version, ``recorded`` what the catalogue says."""
    own: dict[tuple[str, str | None], list[RegistrationFact]] = defaultdict(list)
    copies: dict[tuple[str, str | None], list[RegistrationFact]] = defaultdict(list)
    for fact in loaded:
        (copies if fact.origin.startswith(_PORTAL) else own)[fact.key, fact.suffix].append(fact)
    written = {fact.key: fact.updated for fact in recorded if fact.updated}
    versions = dict(_outdated(own, copies, written))
    newer = {
        str(mint(Kind.REGISTRATION, key))
        for (key, _), facts in own.items()
        if key in written and any(f.updated > written[key] for f in facts)
    }
    return Superseded(versions, frozenset(newer))


def _outdated(
    own: dict[tuple[str, str | None], list[RegistrationFact]],
    copies: dict[tuple[str, str | None], list[RegistrationFact]],
    written: dict[str, str],
) -> Iterator[tuple[str, str]]:
    for (key, _), facts in own.items():
        newest = max(written.get(key, ""), *(f.updated for f in facts))
        yield from ((f.version, str(mint(Kind.REGISTRATION, key))) for f in facts if f.updated and f.updated < newest)
    for (key, suffix), facts in copies.items():
        newest = max(f.updated for f in facts)
        beaten = (key, suffix) in own or key in written
        outdated = (f for f in facts if beaten or (f.updated and f.updated < newest))
        yield from ((f.version, str(mint(Kind.REGISTRATION, key))) for f in outdated)

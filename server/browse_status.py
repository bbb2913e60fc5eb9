"""Studies of which a registry has another status than the documents: at its entry, and in a line above the list.

Documents and registries name statuses differently; what each comes to is compared, as the evidence map does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.server import study_profile
from msevidence.server.store import PageLane
from msevidence.server.study_profile import Profile, Told, phase

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a document says newest of a status, and the newest of what registries say otherwise."""

    reported: Told
    registered: Told

    @property
    def later(self) -> bool:
        """Whether the registry's word is the later one; dates that are not both known tell nothing."""
        first, second = self.reported.at, self.registered.at
        return bool(first) and second > first and not second.startswith(first)


def differences(lane: PageLane, studies: Sequence[str]) -> Mapping[str, Difference]:
    """Return those of these studies that have such a difference."""
    profiles = study_profile.read(lane, studies)
    return {iri: found for iri, profile in profiles.items() if (found := _difference(profile))}


def agreeing(statuses: Sequence[str], reported: str) -> list[str]:
    """Return those of these registered statuses that do not say otherwise than a status as reported."""
    wanted = _phase(reported)
    return [status for status in statuses if wanted == UNKNOWN or _phase(status) in (wanted, UNKNOWN)]


def goes_on(reported: str) -> bool:
    """Whether a status as reported is one that ends: planned, or ongoing."""
    return _phase(reported) in ("planned", "ongoing")


def _phase(status: str) -> str:
    return phase(Told("", "", status))


def _difference(profile: Profile) -> Difference | None:
    reported = next((one for one in profile.reported if phase(one) != UNKNOWN), None)
    registered = next((one for one in profile.registered if phase(one) != UNKNOWN), None)
    if reported is None or registered is None or phase(reported) == phase(registered):
        return None
    return Difference(reported, registered)

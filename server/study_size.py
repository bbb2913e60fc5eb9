"""How many take part in a study, as its page opens: each number with who says it and when, and of how many planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msevidence.server.exhibits import Cell
from msevidence.server.study_profile import Profile, Told
from msevidence.server.study_read import Reading


@dataclass(frozen=True, slots=True)
class Size:
    """A number of participants that documents report."""

    number: str
    planned: Sequence[str]
    """Numbers that one of the same documents says were planned; empty where none does."""
    sources: Sequence[Cell]
    """The documents, each with the date at which it says so."""


def sizes(reading: Reading, profile: Profile) -> list[Size]:
    """Return the numbers of participants that documents report, the newest first."""
    reported = profile.all("participants")
    by_number: dict[str, list[Told]] = {}
    for one in (one for one in profile.sizes if one in reported):
        by_number.setdefault(one.value, []).append(one)
    return [
        Size(
            number,
            list(
                dict.fromkeys(p.value for p in profile.all("plannedParticipants") if any(p.node == o.node for o in all))
            ),
            [_source(reading, one) for one in all],
        )
        for number, all in by_number.items()
    ]


def _source(reading: Reading, one: Told) -> Cell:
    return (
        reading.document(reading.things[one.node], more=one.at) if one.node in reading.things else reading.cell(one.by)
    )

"""When a study began, ended, or is to end or have results."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from msevidence.loaders.review.between.fact import Fact
from msevidence.loaders.review.dates.events import Event, Modality, told

_FIELDS = {Event.START: "start", Event.END: "end", Event.RESULTS: "end"}
_NEVER, _EVER = "0001-01-01", "9999-12-31"


@dataclass(frozen=True)
class When:
    """The time in which something was or is to be, from its first to its last day."""

    event: Event
    first: str
    last: str
    expected: bool

    def apart(self, other: "When") -> int:
        """Return how many days lie between two times; 0 where they can be the same."""
        if self.first > other.last:
            return _days(self.first, other.last)
        return _days(other.first, self.last) if other.first > self.last else 0


def dates(text: str, passage: str) -> Iterator[Fact]:
    """Yield the dates of a study's start, end and results.

    >>> [(f.field, f.role, f.value.first) for f in dates("The trial is expected to be completed in 2024.", "p")]
    [('end', 'end', '2024-01-01')]
    >>> [(f.role, f.value.last) for f in dates("the results are unlikely before the second half of 2026", "p")]
    [('results', '9999-12-31')]
    """
    for one in told(text):
        if one.event not in _FIELDS:
            continue
        last = _EVER if one.modality is Modality.NOT_BEFORE else one.period.last
        first = _NEVER if one.modality is Modality.BY else one.period.first
        when = When(one.event, first, last, one.expected)
        yield Fact(_FIELDS[one.event], when, one.words, (passage,), one.event.value)


def _days(late: str, early: str) -> int:
    return (date.fromisoformat(late) - date.fromisoformat(early)).days

"""What is expected of a study: each date at the time when it was stated, so that one that moves is seen to move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.server.exhibits import Cell
from msevidence.server.labels import Text
from msevidence.server.record_cells import record_source
from msevidence.server.registry_records import ENDED, Record, Stated
from msevidence.server.study_read import Reading

PRIMARY = "primary-completion"
EVENTS: Mapping[str, str] = {"completionDate": "study-end", "primaryCompletionDate": PRIMARY}
"""Key of a record → event, as the scheme ``study-event`` calls it; it has none for primary completion."""


@dataclass(slots=True)
class Expected:
    """A date that somebody expected something of a study at."""

    event: str
    date: str
    modality: str
    """Local name of the concept: ``expected``, ``not-before`` …"""
    stated: str
    """When that was said; empty where nobody knows."""
    source: Cell
    printed: list[Text] = field(default_factory=list)
    """The words of the document, each once."""
    quotes: list[tuple[Text, Cell]] = field(default_factory=list)
    """The sentences, with their passages."""
    places: set[str] = field(default_factory=set)
    registered: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """How the expected date of one event moved: every dated statement that another could not have meant, in order."""

    event: str
    steps: Sequence[Expected]
    last: Expected
    """What was said last."""
    held: str = ""
    """When the first date was stated last before another took its place."""

    @property
    def moved(self) -> bool:
        """Whether the date is another than at first."""
        return len(self.steps) > 1

    @property
    def later(self) -> bool:
        """Whether the first move was to a later date."""
        return self.moved and self.steps[1].date > self.steps[0].date


def expectations(reading: Reading, records: Iterable[Record]) -> list[Expected]:
    """Return the dates that documents and registry records expect, in the order in which they were stated."""
    found: dict[tuple[str, ...], Expected] = {}
    for thing in reading.of_kind("Expectation"):
        event, date = _local(thing.first("event")), thing.first("date")
        end = thing.first("endDate")
        if end and end != date:
            date = f"{date}–{end}"
        modality, stated = _local(thing.first("modality")), thing.first("asOf")
        there = found.setdefault(
            (event, date, modality, stated, thing.first("inDocument")),
            Expected(
                event, date, modality, stated, reading.document(thing, next(iter(reading.stated(thing)), ""), stated)
            ),
        )
        language = reading.document_language(thing)
        there.printed += [text] if (text := thing.words("printedDate", language)) not in there.printed else []
        passages = reading.stated(thing)
        if passages:
            there.quotes.append((thing.words("quotedText", language), reading.cell(passages[0])))
        there.places.update(passages)
    for record in records:
        if record.study == reading.iri:
            for one in _registered(record, reading):
                found.setdefault((one.event, one.date, one.modality, one.stated, one.source.text), one)
    return sorted(found.values(), key=lambda e: (not e.stated, e.stated, e.event, e.date))


def movements(expected: Sequence[Expected]) -> list[Moved]:
    """Return how each expected date moved, the events that come first at the front."""
    found: list[Moved] = []
    for event in dict.fromkeys(one.event for one in expected):
        dated = [one for one in expected if one.event == event and one.stated]
        steps: list[Expected] = []
        for one in dated:
            if not steps or not agree(steps[-1].date, one.date):
                steps.append(one)
        every = [one for one in expected if one.event == event]
        before = dated[dated.index(steps[1]) - 1].stated if len(steps) > 1 else ""
        found.append(Moved(event, steps, dated[-1] if dated else every[-1], before))
    return sorted(found, key=lambda moved: (moved.last.date, moved.event))


def agree(one: str, other: str) -> bool:
    """Say whether two dates can be the same: 2024 and 2024-03."""
    return one.startswith(other) or other.startswith(one)


def _registered(record: Record, reading: Reading) -> Iterable[Expected]:
    ended = record.ended()
    states = {v.source: record.status_of(v).rpartition("/")[2] for v in record.of("status", earlier=True)}
    for value in record.of(*EVENTS, earlier=True):
        if _is_expected(value, states.get(value.source, ""), ended):
            yield Expected(
                EVENTS[value.key], value.text, "expected", value.date, record_source(reading, value), registered=True
            )


def _is_expected(value: Stated, status: str, ended: bool) -> bool:
    """Say whether a date of a record is expected: it says so, or lies after its record, or the study goes on."""
    if value.kind:
        return value.kind != "actual"
    if value.date and len(value.text) >= 4:
        if not agree(value.text, value.date) and value.text > value.date:
            return True
        if value.earlier:
            return False
    return not (ended if not value.earlier else status in ENDED)


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]

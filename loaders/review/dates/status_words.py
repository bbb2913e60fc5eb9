"""Whether a text calls a study completed, stopped or ongoing, in English and Norwegian."""

import re
from collections.abc import Iterator
from enum import StrEnum

from msevidence.loaders.review.dates.events import Event, told
from msevidence.loaders.review.view import Document, Passage, Table
from msevidence.ontology.namespaces import MSE


class State(StrEnum):
    """What a document makes of a study."""

    FINISHED = "completed"
    STOPPED = "stopped"
    RUNNING = "ongoing"


NORWEGIAN = {State.FINISHED: "fullført", State.STOPPED: "stanset", State.RUNNING: "pågående"}
# What somebody completed is no study: "completed the questionnaire", "completed 12 months".
_OBJECT = (
    r"(?!\s(?:the|an?|both|all|their|his|her|at\sleast|\d{1,3}"
    r"|(?:\w+\s)?(?:questionnaires?|follow-up|treatment|surveys?))\b)"
)
_WORDS = {
    State.FINISHED: re.compile(
        rf"\b(?:completed{_OBJECT}|finished|concluded|fullført[ea]?|ferdigstilt[ea]?|avsluttet|avsluttede)\b",
        re.I,
    ),
    State.STOPPED: re.compile(
        r"\b(?:terminated|discontinued|withdrawn|stopped\s(?:early|prematurely)|stanset|avbrutt[e]?|stoppet|trukket)\b",
        re.I,
    ),
    State.RUNNING: re.compile(
        r"\b(?:ongoing|on-going|under\s?way|in\sprogress|(?:still|currently|now|actively)\srecruiting|pågående|pågår|rekrutterer"
        r"|fortsatt\si\sgang)\b",
        re.I,
    ),
}
_TO_COME = re.compile(
    r"\b(?:expected|estimated|anticipated|planned|scheduled|will\sbe|forventet|forventes|planlagt|planlegges|estimert|ventes|vil\sbli)"
    r"\b[^.;]{0,30}$",
    re.I,
)
_PEOPLE = re.compile(
    r"\b(?:patients?|participants?|treatment|drug|pasient\w*|deltak\w+|behandling\w*)\b[^.;]{0,40}$", re.I
)
_NOT = re.compile(r"\b(?:not|never|ikke|aldri|neppe)\s(?:\w+\s){0,2}$", re.I)
# What leaves the state open, or makes it a condition.
_OPEN = re.compile(
    r"\b(?:whether|if|unless|hvorvidt|dersom|hvis|as\slong\sas|så\slenge|until|inntil)\b|\beller\sikke\b|\bor\snot\b",
    re.I,
)
# What a registry calls a study that has not ended; alone, such a word may be of anything.
_REGISTERED = re.compile(
    r"(?:not\syet\s|active,?\s(?:but\s)?not\s|ikke\slenger\s|ikke\s)?(?:recruiting|rekrutterende)"
    r"|enrolling(?:\sby\sinvitation)?|active|aktiv",
    re.I,
)
# What a sentence says of a study outright, with or without a date: "the study is completed", "status: fullført".
_SAID = re.compile(
    r"\b(?:(?:this|the|denne)\s)?(?:study|trial|studien|forsøket)\s(?:is|was|has\sbeen|er|var|ble|har\sblitt)\s"
    r"(?:now\s|nå\s|since\s|siden\s|early\s|prematurely\s)?(?P<what>[\w-]+(?:\s(?:early|prematurely|i\sgang))?)(?!\s(?:to|by|for|av)\b)",
    re.I,
)
_QUOTED = re.compile(r"\bstatus\w*\W{1,3}(?:is\s|er\s|var\s|was\s)?[«\"“”'‘]?\s?([^»\"“”.;]{3,60})", re.I)


def state(text: str) -> State | None:
    """Return the one state that a text tells of, ``None`` where it tells of none, of several, or leaves it open.

    >>> state("Table 2: Ongoing trials")
    <State.RUNNING: 'ongoing'>
    """
    if _OPEN.search(text):
        return None
    found = set()
    for one, words in _WORDS.items():
        for match in words.finditer(text):
            before = text[: match.start()]
            if _NOT.search(before) or (one is State.STOPPED and _PEOPLE.search(before)):
                continue
            found.add(State.RUNNING if one is State.FINISHED and _TO_COME.search(before) else one)
    return found.pop() if len(found) == 1 else None


def told_states(text: str) -> Iterator[tuple[State, str]]:
    """Yield the states that a row tells of its study, with the words: by a dated end, a quoted status, or outright."""
    for one in told(text):
        if one.event is Event.END:
            yield (State.RUNNING if one.expected else State.FINISHED), one.words
        elif one.event is Event.RECRUITMENT_END and one.expected:
            yield State.RUNNING, one.words
    dated = [range(one.begin, one.end) for one in told(text)]
    for match in _QUOTED.finditer(text):
        words = match[1].strip()
        found = State.RUNNING if _REGISTERED.fullmatch(words) else state(words)
        if found:
            yield found, words
    for match in _SAID.finditer(text):
        around = text[: match.start()].rpartition(". ")[2], text[match.end() :].partition(". ")[0]
        found = None if any(map(_OPEN.search, around)) else state(match[0])
        if found and not any(match.start("what") in place for place in dated):
            yield found, match[0]


def heading_state(document: Document, table: Table) -> tuple[State, Passage] | None:
    """Return the state for which a table lists its studies, and what says so: its caption, else the heading."""
    if table.caption is not None:
        found = state(table.caption.text)
        if found:
            return found, table.caption
    first = next((p for row in table.cells.values() for cell in row.values() for p in cell), None)
    section = document.things.get(first.section) if first and first.section else None
    heading = document.by_iri.get(section.value(MSE.heading) or "") if section else None
    found = state(heading.text) if heading else None
    return (found, heading) if found and heading else None

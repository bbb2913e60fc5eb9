"""When a study began, ended or is to end, as sentences and cells tell it, in English and Norwegian."""

import re
from dataclasses import dataclass
from enum import StrEnum

from msevidence.loaders.review.dates.periods import Period, periods


class Event(StrEnum):
    """What is dated."""

    START = "start"
    END = "end"
    RECRUITMENT_END = "end of recruitment"
    RESULTS = "results"


NORWEGIAN = {
    Event.START: "start",
    Event.END: "slutt",
    Event.RECRUITMENT_END: "slutt på rekruttering",
    Event.RESULTS: "resultater",
}


class Modality(StrEnum):
    """How a date is meant."""

    PAST = "past"
    EXPECTED = "expected"
    BY = "by"
    NOT_BEFORE = "not before"


@dataclass(frozen=True)
class Told:
    """An event with its date. ``begin`` and ``end`` are the place of ``words``, the event's word with the date."""

    event: Event
    modality: Modality
    period: Period
    words: str
    begin: int
    end: int
    clause: str
    """What stands around it, in which its study must be named."""

    @property
    def expected(self) -> bool:
        return self.modality is not Modality.PAST


_END = (
    r"complet(?:ed|ion|es?)|conclud(?:ed|es?)|finish(?:ed|es)?|end(?:ed|s)?(?=\s(?:in|on|by)\b)|clos(?:ed|es|e(?=\s(?:in|on|by)\b))|last(?:ed|s)(?=\suntil)"
    r"|terminated|end\sdate|ferdigstil\w*|fullfør\w*|avslutt\w*|avslutning\w*|sluttdato|ferdig(?=\s)"
)
_START = (
    r"start(?:ed|et|a|s|er|ede)?|began|begun|begynte|begynner|initiat(?:ed)|initierte|initiert|commenc(?:ed|es)|launch(?:ed|es)"
    r"|igangsatt|igangsettes|oppstart\w*|opened|first\s(?:patient|participant|subject)[^.;]{0,25}?(?:enrolled|included|randomi[sz]ed|recruited)"
    r"|første\s(?:pasient|deltaker|deltager)[^.;]{0,25}?(?:innrullert|inkludert|randomisert|rekruttert)|inclusion\speriod\s(?:was|ran)(?=\sfrom)"
)
_RESULTS = (
    r"results?|readout|report(?=\s(?:in|by|its)\b)|be\spublished|publication|resultat(?:er|ene|a)?|publiseres|rapporteres|publisering"
    r"|bli\spublisert"
)
_CUE = re.compile(rf"\b(?:(?P<end>{_END})|(?P<start>{_START})|(?P<results>{_RESULTS}))\b", re.I)
_EXPECTED = re.compile(
    r"\b(?:expect(?:ed|s)?|anticipated?|estimated|planned|scheduled|projected|foreseen|due|will|is\sto|are\sto|unlikely|likely"
    r"|forvent(?:et|es|er|e)|vente[ts]|planlagt\w*|planlegges|etter\splanen|estimert\w*|beregnet|antatt|anslått|skal|vil"
    r"|avsluttes|ferdigstilles|fullføres|igangsettes)\b",
    re.I,
)
# What once was expected is told as history, and is no expectation of the document.
_ONCE = re.compile(
    r"\b(?:was|were|had\sbeen)\s(?:\w+\s)?(?:expected|planned|scheduled|due|estimated|anticipated)\b|\boriginal(?:ly)?\b|\binitially\b"
    r"|\b(?:likely|unlikely|expected|estimated)\sto\shave\b"
    r"|\b(?:var|ble|skulle)\s(?:\w+\s)?(?:forventet|planlagt|ventet|estimert)\b|\bopprinnelig\w*|\bskulle\b",
    re.I,
)
_NOT_BEFORE = re.compile(
    r"\b(?:unlikely|not|ikke|neppe|usannsynlig|tidligst)\b[^.;]*\b(?:before|until|før|i)\s(?:the\s)?$", re.I
)
_BY = re.compile(r"\b(?:by|within|innen|no\slater\sthan|senest|before|før)\s(?:the\s)?$", re.I)
_RECRUITMENT = re.compile(r"\b(?:recruit|rekrutter|enrol|innruller|inclusion|inklusjon)\w*", re.I)
_SEARCHING = re.compile(r"\b(?:search|søk|litteratursøk)\w*|\b(?:questionnaire|spørreskjema|survey)\w*", re.I)
_PUBLISHED = re.compile(
    r"(?<!be\s)(?<!bli\s)\b(?:published|publisert|reported|rapportert|conducted|registered|approved|godkjent|since|siden)\s(?:\w+\s)?$",
    re.I,
)
_STUDY = re.compile(
    r"\b(?:stud(?:y|ie|ien|iene|ies)|trials?|forsøke?t?|recruit\w*|rekrutter\w*|enrol\w*|inclusion|inklusjon\w*|follow-up|oppfølging\w*"
    r"|first\s(?:patient|participant)|første\s(?:pasient|deltaker|deltager))\b|\w*studie[nrt]?\b",
    re.I,
)
_CLAUSE = re.compile(r"[.;!?](?=\s|$)|\s[–—]\s")
_LEADING = re.compile(r"(?:^|[,;:.]\s)(?:In|By|On|I|Innen|Fra|From)\s(?:the\s)?$", re.I)
_FAR = 70  # characters between an event's word and its date
_AFTER = 45  # characters from a leading date to the event's word


def is_of_study(one: Told, name: str) -> bool:
    """Say whether what is told is of a study, or of its recruitment or follow-up: not of a treatment or a programme."""
    return bool(_STUDY.search(one.clause)) or name in one.clause


def told(text: str) -> list[Told]:
    """Return what a text tells of events with dates, in order.

    >>> [(t.event.value, t.modality.value, t.words) for t in told("The trial is expected to be completed in 2024.")]
    [('end', 'expected', 'expected to be completed in 2024')]
    """
    found = []
    previous = 0
    for period in periods(text):
        begin = max([previous, *(m.end() for m in _CLAUSE.finditer(text, 0, period.begin))])
        stop = min([len(text), *(m.start() for m in _CLAUSE.finditer(text, period.end))])
        clause = text[begin : period.begin]
        cues = [m for m in _CUE.finditer(clause) if len(clause) - m.end() <= _FAR]
        if cues:
            cue = cues[-1]
            made = _told(cue, clause, clause, period, begin + cue.start(), period.end, text, clause)
        elif _LEADING.search(text[: period.begin]) and (
            after := _CUE.search(text, period.end, min(stop, period.end + _AFTER))
        ):
            around = text[begin : after.end()]
            made = _told(after, around, clause, period, period.begin, after.end(), text, text[begin:stop])
        else:
            made = None
        if made is not None:
            found.append(made)
        previous = period.end
    return found


def _told(
    cue: re.Match[str], clause: str, before: str, period: Period, begin: int, end: int, text: str, whole: str
) -> Told | None:
    """``clause`` is what stands around the event's word, ``before`` what before the date, ``whole`` all of it."""
    expected = bool(_EXPECTED.search(clause))
    if _SEARCHING.search(clause) or _PUBLISHED.search(before) or _ONCE.search(clause):
        return None
    if cue["results"] and not expected:
        return None
    event = Event.END if cue["end"] else Event.START if cue["start"] else Event.RESULTS
    if event is Event.END and _RECRUITMENT.search(clause):
        event = Event.RECRUITMENT_END
    modality = Modality.PAST
    if expected:
        if (word := list(_EXPECTED.finditer(clause))) and end == period.end:
            begin = min(begin, period.begin - len(clause) + word[-1].start())
        modality = (
            Modality.NOT_BEFORE
            if _NOT_BEFORE.search(before)
            else Modality.BY
            if _BY.search(before)
            else Modality.EXPECTED
        )
    return Told(event, modality, period, text[begin:end], begin, end, whole)

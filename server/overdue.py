"""How an expected date stands on the day at which the review of a release measures: ahead, come, or passed.

A release has no clock: the day is part of its graph, and where the graph has none, nothing is said of any date.
"""

from __future__ import annotations

from collections.abc import Sequence

from msevidence.server import i18n
from msevidence.server.study_dates import FIRST, PUBLISHED, RESULTS, START, Nature, Period, Statement, period
from msevidence.server.study_profile import Profile, phase


def happened(what: str, said: Sequence[Statement], profile: Profile | None) -> bool:
    """Say whether anything here says that an event of a study has come about.

    Args:
        what: IRI of the event.
        said: every date that is stated of the study.
        profile: of the study, whose status or results may say it without a date.
    """
    if any(one.what == what and one.nature is Nature.FACT for one in said):
        return True
    if profile is None:
        return False
    if what in (RESULTS, PUBLISHED):
        return bool(profile.results)
    reached = {"completed", "stopped"} | ({"ongoing"} if what in (START, FIRST) else set())
    return bool(reached & {phase(one) for one in (*profile.reported, *profile.registered)})


def standing(spanned: Period | None, how: str, as_of: str, language: str, *, silent: bool, ahead: bool = True) -> str:
    """Say how an expected date stands; empty where the graph has no such day, or the date none of the calendar.

    Args:
        spanned: the days that the date names.
        how: ``not-before``, ``not-after``, or another.
        as_of: the day at which the review measures.
        language: of the interface.
        silent: whether nothing here says that it has happened.
        ahead: whether to say also that a date lies ahead.
    """
    now = period(as_of) if as_of else None
    if now is None or spanned is None:
        return ""
    if how == "not-before":
        state = "come" if spanned.first <= now.first else "ahead"
    elif spanned.last < now.first:
        state = "passed"
    else:
        state = "begun" if spanned.first <= now.first and how != "not-after" else "ahead"
    if state == "ahead":
        return i18n.text("due-ahead", language, date=as_of) if ahead else ""
    words = i18n.text(f"due-{state}", language, date=as_of)
    return f"{words}{i18n.text('due-silent', language)}" if silent else words


def age(stated: str, as_of: str, language: str, *, record: bool) -> str:
    """Say how old a statement is on the day at which the review measures; empty where either has no day."""
    when, now = period(stated), period(as_of)
    if when is None or now is None:
        return ""
    words = i18n.text("due-record" if record else "due-said", language, date=stated)
    months = (now.first.year - when.last.year) * 12 + now.first.month - when.last.month
    months -= now.first.day < when.last.day
    if months < 1:
        return words
    number = "one" if months == 1 else "many"
    return f"{words}{i18n.text(f'due-age-{number}', language, months=months, date=as_of)}"

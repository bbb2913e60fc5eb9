"""The dates of studies, each as a statement: of what, whose, when stated, and the days that it spans.

A year or a month is all of its days, never one of them. A registry's date that lies after the day of its record is
expected; one before it has passed, which does not say that it came true.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from msevidence.ontology.iris import BASE
from msevidence.server import studies_told
from msevidence.server.labels import PREFIXES, query
from msevidence.server.page_reader import KeptReader
from msevidence.server.pages_links import of
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

EVENT, MODALITY = BASE + "scheme/study-event/", BASE + "scheme/modality/"
REGISTERED, PRIMARY = PREFIXES["mse"] + "registeredOn", PREFIXES["mse"] + "primaryCompletionDate"
START, FIRST, RECRUITED, FOLLOWED, END, RESULTS, PUBLISHED = (
    EVENT + name
    for name in (
        "start",
        "first-participant",
        "recruitment-end",
        "last-follow-up",
        "study-end",
        "results",
        "publication",
    )
)
ORDER = (REGISTERED, START, FIRST, RECRUITED, PRIMARY, FOLLOWED, END, RESULTS, PUBLISHED)
"""What dates are of, in the order in which they come."""
_DATE = re.compile(r"\s*(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_KINDS = {"actual": "actual", "estimated": "expected", "anticipated": "expected", "expected": "expected"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days that a date names: one, those of a month or of a year."""

    first: date
    last: date

    @property
    def shown(self) -> str:
        """The period as ISO 8601 writes it, as precise as it is."""
        one, other = self.first, self.last
        if one == other:
            return one.isoformat()
        if (one.day, other) == (1, _last(one.year, one.month)):
            return f"{one:%Y-%m}"
        if (one.month, one.day, other) == (1, 1, date(one.year, 12, 31)):
            return f"{one:%Y}"
        if (one.month, one.day, other.month, other.day) == (1, 1, 12, 31):
            return f"{one:%Y}/{other:%Y}"
        return f"{one.isoformat()}/{other.isoformat()}"


@lru_cache(maxsize=4096)  # a drawing asks for each of its dates a dozen times
def period(text: str, until: str = "") -> Period | None:
    """Return the days that a date names, through those of ``until``; None where the calendar has no such day.

    >>> period("2024-02").last.isoformat(), period("2024").shown, period("2021", "2025").last.isoformat()
    ('2024-02-29', '2024', '2025-12-31')
    >>> period("2019-02-30"), period("next year")
    (None, None)
    """
    found = _DATE.match(text)
    rest = text[found.end() :].strip() if found else ""
    if found is None or (rest and not rest.startswith("T") and not re.fullmatch(r"Z|[+-]\d\d:\d\d", rest)):
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, 12, 31) if not month else _last(year, month) if not day else first
    except ValueError:
        return None
    end = period(until) if until else None
    return Period(first, max(last, end.last)) if end else Period(first, last)


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


class Nature(Enum):
    """How a date stands: as a fact, as what is to come, or as what should have come."""

    FACT = "fact"
    """Its source states it as something that happened."""
    EXPECTED = "expected"
    """Its source expects it, or it lay ahead on the day of the record."""
    PASSED = "passed"
    """It lay behind on the day of the record, which does not say whether it came true."""
    UNDATED = "undated"
    """Nothing says on which day it was stated, so it may have been either."""


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """A date that somebody states."""

    study: str
    what: str
    """IRI of what it is the date of."""
    date: str
    until: str
    printed: str
    how: str
    """``expected``, ``not-before``, ``not-after``, ``stated``, ``actual``, or empty where nothing says."""
    stated: str
    by: str
    """IRI of the document, registration or publication."""
    statement: str
    """IRI of the node that has it."""
    passage: str = ""

    @property
    def period(self) -> Period | None:
        """The days that it names."""
        return period(self.date, self.until)

    @property
    def when(self) -> Period | None:
        """When it was stated."""
        return period(self.stated) if self.stated else None

    @property
    def nature(self) -> Nature:
        """How the date stands."""
        if self.how in ("expected", "not-before", "not-after"):
            return Nature.EXPECTED
        if self.how in ("stated", "actual") or self.what in (REGISTERED, PUBLISHED, RESULTS):
            return Nature.FACT
        if self.when is None:
            return Nature.UNDATED
        spanned = self.period
        return Nature.EXPECTED if spanned and spanned.last > self.when.last else Nature.PASSED


@dataclass(frozen=True, slots=True)
class Slip:
    """An expected date that later statements put later."""

    study: str
    what: str
    said: Sequence[Statement]
    """Each statement of it that changes it, in the order in which they were made."""
    held: Statement
    """The last that still has the date that was stated first: it moved between this one and the second of ``said``."""

    @property
    def days(self) -> int:
        """Days between the last that was first expected and the first that is now: it moved by at least these."""
        first, now = self.said[0].period, self.said[-1].period
        assert first and now
        return (now.first - first.last).days


def read(lane: PageLane, studies: Sequence[str]) -> dict[str, list[Statement]]:
    """Return what is stated of these studies, by study, in order."""
    rows = studies_told.rows(lane, "timeline", studies)
    found: dict[str, dict[tuple[str, ...], Statement]] = {study: {} for study in studies}
    for study, one in sorted((of(row, "study"), statement(row, of(row, "study"))) for row in rows):
        # A statement with words in several passages is one, shown with the first of them.
        found[study].setdefault((one.what, one.date, one.by, one.statement), one)
    return {study: sorted(all.values(), key=_in_order) for study, all in found.items()}


def together(lane: PageLane) -> list[Statement]:
    """Return what documents expect of several studies together."""
    return [statement(row) for row in KeptReader(lane).select(query("timeline_together"), {})]


def as_of(lane: PageLane) -> str:
    """Return the date at which the review measures expectations, empty where the graph states none."""
    rows = list(KeptReader(lane).rows("review_as_of"))  # of the whole release: looked for once
    return of(rows[0], "asOf") if rows else ""


def statement(row: Mapping[str, Term], study: str = "") -> Statement:
    """Return a solution of a query as a statement."""
    how = of(row, "how")
    how = how.removeprefix(MODALITY) if how.startswith(MODALITY) else _KINDS.get(how.lower(), "")
    names = ("what", "date", "until", "printed")
    what, told, until, printed = (of(row, name) for name in names)
    return Statement(
        study, what, told, until, printed or told, how, *(of(row, n) for n in ("stated", "by", "statement", "passage"))
    )


def _in_order(one: Statement) -> tuple[int, str, bool, str, str, str]:
    known = ORDER.index(one.what) if one.what in ORDER else len(ORDER)
    return known, one.what, not one.stated, one.stated, one.date, one.by


def slips(statements: Iterable[Statement]) -> list[Slip]:
    """Return the expected dates of a study that later statements put later, each with all that was said of it.

    Later means that no day of the new date is one of the old: 2024 and then 2024-10 is no slip. A date that is a
    bound, such as "not before 2026", can not slip; it can be what a date slipped to.
    """
    by_event: dict[str, list[Statement]] = {}
    for one in statements:
        if one.period and one.when and one.what not in (REGISTERED, PUBLISHED):
            by_event.setdefault(one.what, []).append(one)
    found = []
    for what, said in by_event.items():
        said.sort(key=lambda one: (one.when, one.period))
        kept: list[Statement] = []
        for one in said:
            if not kept or _later(kept[-1], one):
                kept.append(one)
            elif len(kept) == 1 and not _expects(kept[0]):
                kept = [one]
        if len(kept) > 1:
            before = [one for one in said[: said.index(kept[1])] if not disagree([kept[0], one])]
            earlier = [one for one in before if one.stated != kept[1].stated]
            found.append(Slip(said[0].study, what, kept, earlier[-1] if earlier else kept[0]))
    return found


def _expects(one: Statement) -> bool:
    return one.nature is Nature.EXPECTED and one.how not in ("not-before", "not-after")


def _later(one: Statement, other: Statement) -> bool:
    before, after = one.when, other.when
    old, new = one.period, other.period
    assert before and after and old and new
    return _expects(one) and after.first > before.last and new.first > old.last


def disagree(statements: Sequence[Statement]) -> bool:
    """Say whether two of these dates have no day in common."""
    spans = sorted({one.period for one in statements if one.period})
    return any(one.last < other.first for one in spans for other in spans)

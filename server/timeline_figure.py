"""The timeline of studies as a figure with its table: for the page ``/timeline``, and for the page of one study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flask import render_template
from markupsafe import Markup

from msevidence.server import i18n, overdue, studies_told, study_dates, study_profile
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Figure, Row, Table, cell
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import link, resource_url
from msevidence.server.store import PageLane
from msevidence.server.study_dates import Nature, Period, Statement
from msevidence.server.study_profile import Profile
from msevidence.server.timeline_layout import Said, Track, lay_out, lines_of

STYLE = "timeline"
COLUMNS = ("study", "what", "printed", "date", "standing", "stated", "by", "where")
"""Of the table of every date."""
SHORT, PASSAGE = 28, 90
"""Letters of a source beside a line of the figure, and of a passage in the table; the link leads to all of it."""


def timeline_figure(
    lane: PageLane, labels: Labels, language: str, studies: Sequence[str] | None = None, key: str = "timeline"
) -> Figure | None:
    """Return the timeline of some studies, or of all, with the table of every date; None where nothing is dated.

    Args:
        lane: a worker of the pages.
        labels: what things are called in the reader's language.
        language: of the interface.
        studies: their IRIs, in the order of the rows; where left out, all that documents tell of, by their start.
        key: names the figure on its page; its table is ``<key>-dates``.
    """
    about = list(dict.fromkeys(studies_told.told(lane) if studies is None else studies))
    found = study_dates.read(lane, about)
    if studies is None:
        found = dict(sorted(found.items(), key=lambda item: begins(item[1])))
    text = query("timeline") if studies is None else studies_told.behind("timeline", about)
    return figure_of(lane, labels, language, found, study_profile.read(lane, about), text, key)


def figure_of_studies(
    lane: PageLane,
    labels: Labels,
    language: str,
    told: Mapping[str, Sequence[Statement]],
    profiles: Mapping[str, Profile],
    key: str = "timeline",
) -> Figure | None:
    """Return the timeline of these studies, of which everything was read already; None where nothing is dated."""
    return figure_of(lane, labels, language, told, profiles, studies_told.behind("timeline", list(told)), key)


def figure_of(
    lane: PageLane,
    labels: Labels,
    language: str,
    told: Mapping[str, Sequence[Statement]],
    profiles: Mapping[str, Profile],
    text: str,
    key: str,
    note: str = "",
) -> Figure | None:
    """Return the timeline of what was read already, in its order.

    Args:
        lane: a worker of the pages.
        labels: what things are called in the reader's language.
        language: of the interface.
        told: study → what is stated of its dates.
        profiles: study → what else is said of it.
        text: the query behind it.
        key: names the figure on its page.
        note: what is to be said of what it leaves out.
    """
    drawn = {study: said for study, said in told.items() if any(one.period for one in said)}
    if not drawn:
        return None
    as_of = study_dates.as_of(lane)
    now = study_dates.period(as_of) if as_of else None
    tracks = [_track(lane, labels, language, study, said) for study, said in drawn.items()]
    drawing = lay_out(tracks, now)
    title = i18n.text("timeline-figure", language)
    described = " ".join(filter(None, (i18n.counted("timeline-described", len(tracks), language), note)))
    silent = {
        (s, w) for s, said in told.items() for w in _events(said) if not overdue.happened(w, said, profiles.get(s))
    }

    def due(one: Statement) -> str:
        """Say what has become of an expected date."""
        if one.nature is not Nature.EXPECTED:
            return ""
        known = (one.study, one.what) in silent
        return overdue.standing(one.period, one.how, as_of, language, silent=True, ahead=False) if known else ""

    svg = render_template(
        "figure_timeline.svg", drawing=drawing, key=key, title=title, description=described, as_of=as_of
    )
    return Figure(
        key=key,
        title=title,
        description=described,
        svg=Markup(svg),
        table=dates_table(lane, labels, language, [o for said in told.values() for o in said], f"{key}-dates", due),
        query=text,
        style=STYLE,
    )


def _events(said: Sequence[Statement]) -> set[str]:
    return {one.what for one in said}


def begins(said: Sequence[Statement]) -> tuple[bool, Period | None, str]:
    """Return what sorts studies by their start, or by the first date known where no start is; undated ones last."""
    starts = [one.period for one in said if one.what in (study_dates.START, study_dates.FIRST) and one.period]
    known = starts or [one.period for one in said if one.period]
    first = min(known, default=None)
    return first is None, first, said[0].study if said else ""


def _track(lane: PageLane, labels: Labels, language: str, study: str, said: Sequence[Statement]) -> Track:
    name, value = labels(study), link(lane, labels, study)
    lines = [Said(all, _line(lane, labels, language, all[0])) for all in lines_of(said)]
    marks = dict.fromkeys(f"{labels(o.what).text} {shown(language, o)}" for o in said if o.period)
    spoken = f"{name.text}: {'; '.join(marks)}"
    href = resource_url(value.href) if value.href and not value.outside else ""
    return Track(study, name.text, name.language or "", href, spoken, said, lines)


def _line(lane: PageLane, labels: Labels, language: str, one: Statement) -> str:
    event, day, by = labels(one.what).text, shown(language, one), source(lane, labels, one)
    if one.stated:
        stated = one.when.shown if one.when else one.stated
        return i18n.text("timeline-line", language, event=event, date=day, stated=stated, by=by)
    return i18n.text("timeline-line-undated", language, event=event, date=day, by=by)


def shown(language: str, one: Statement) -> str:
    """Return a date as the interface writes it: normalised, with its bound."""
    day = one.period.shown if one.period else one.printed
    if one.how == "not-before":
        return i18n.text("timeline-not-before", language, date=day)
    if one.how == "not-after":
        return i18n.text("timeline-not-after", language, date=day)
    return day


def source(lane: PageLane, labels: Labels, one: Statement) -> str:
    """Return the short name of who states a date: of a document as it is cited, the number of a registration."""
    name = document_names(lane).get(one.by) or labels(one.by).text
    return name if len(name) <= SHORT else name[: SHORT - 1] + "…"


def dates_table(
    lane: PageLane,
    labels: Labels,
    language: str,
    said: Sequence[Statement],
    key: str,
    due: Callable[[Statement], str],
    *,
    together: bool = False,
) -> Table:
    """Return every date as a row: of what, as printed and normalised, when and by whom it was stated, and where.

    Args:
        lane: a worker of the pages.
        labels: what things are called in the reader's language.
        language: of the interface.
        said: the dates.
        key: of the table.
        due: says what has become of an expected date.
        together: whether the dates are of several studies together.
    """

    def row(one: Statement) -> Row:
        found: dict[str, Cell | Sequence[Cell]] = {
            "what": cell(link(lane, labels, one.what)),
            "printed": Cell(one.printed, ""),
            "date": Cell(shown(language, one) if one.period else i18n.text("timeline-no-date", language)),
            "standing": Cell("; ".join(filter(None, (i18n.text(f"timeline-{one.nature.value}", language), due(one))))),
            "stated": Cell(one.when.shown if one.when else one.stated or i18n.text("timeline-not-dated", language)),
            "by": _by(lane, labels, one.by),
            "where": _where(lane, labels, language, one),
        }
        return found if together else {"study": cell(link(lane, labels, one.study)), **found}

    columns = [
        Column(name, i18n.text(f"timeline-column-{name}", language), iris=name in ("study", "what", "by", "where"))
        for name in COLUMNS
        if not (together and name == "study")
    ]
    title = i18n.text("timeline-together" if together else "timeline-dates", language)
    return Table(key, title, columns, [row(one) for one in said])


def _by(lane: PageLane, labels: Labels, iri: str) -> Cell:
    shown, name = cell(link(lane, labels, iri)), document_names(lane).get(iri)
    return replace(shown, text=name, language=None) if name else shown


def _where(lane: PageLane, labels: Labels, language: str, one: Statement) -> Cell:
    """Return the link to the place: the passage, or the node that holds the date."""
    if one.passage:
        place = cell(link(lane, labels, one.passage))
        words = place.text if len(place.text) <= PASSAGE else place.text[: PASSAGE - 1].rstrip() + "…"
        return Cell(words, place.language, place.href, place.iri)
    if one.statement == one.by:
        return Cell("")
    place = cell(link(lane, labels, one.statement))
    kind = "description" if one.nature is Nature.FACT and "/study-description/" in one.statement else "record"
    return Cell(i18n.text(f"timeline-where-{kind}", language), None, place.href, place.iri)

"""The timeline of studies as a figure with its table: for the page ``/timeline``, and for the page of one study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template
from markupsafe import Markup

from msevidence.server import i18n, studies_told, study_dates
from msevidence.server.exhibits import Cell, Column, Figure, Row, Table, cell
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import link, resource_url
from msevidence.server.store import PageLane
from msevidence.server.studies_told import among
from msevidence.server.study_dates import Nature, Period, Statement
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
    text = query("timeline") if studies is None else among(query("timeline"), about)
    return figure_of(lane, labels, language, found, text, key)


def figure_of(
    lane: PageLane, labels: Labels, language: str, told: Mapping[str, Sequence[Statement]], text: str, key: str
) -> Figure | None:
    """Return the timeline of what was read already, in its order.

    Args:
        lane: a worker of the pages.
        labels: what things are called in the reader's language.
        language: of the interface.
        told: study → what is stated of its dates.
        text: the query behind it.
        key: names the figure on its page.
    """
    drawn = {study: said for study, said in told.items() if any(one.period for one in said)}
    if not drawn:
        return None
    as_of = study_dates.as_of(lane)
    now = study_dates.period(as_of) if as_of else None
    tracks = [_track(lane, labels, language, study, said) for study, said in drawn.items()]
    drawing = lay_out(tracks, now)
    title = i18n.text("timeline-figure", language)
    described = i18n.text("timeline-described", language, studies=i18n.number(len(tracks), language))
    svg = render_template(
        "figure_timeline.svg", drawing=drawing, key=key, title=title, description=described, as_of=as_of
    )
    return Figure(
        key=key,
        title=title,
        description=described,
        svg=Markup(svg),
        table=dates_table(lane, labels, language, [one for said in told.values() for one in said], f"{key}-dates"),
        query=text,
        style=STYLE,
    )


def begins(said: Sequence[Statement]) -> tuple[bool, Period | None, str]:
    """Return what sorts studies by their start, or by the first date known where no start is; undated ones last."""
    starts = [one.period for one in said if one.what in (study_dates.START, study_dates.FIRST) and one.period]
    known = starts or [one.period for one in said if one.period]
    first = min(known, default=None)
    return first is None, first, said[0].study if said else ""


def _track(lane: PageLane, labels: Labels, language: str, study: str, said: Sequence[Statement]) -> Track:
    name, value = labels(study), link(lane, labels, study)
    lines = [Said(all, _line(labels, language, all[0])) for all in lines_of(said)]
    marks = dict.fromkeys(f"{labels(o.what).text} {shown(language, o)}" for o in said if o.period)
    spoken = f"{name.text}: {'; '.join(marks)}"
    href = resource_url(value.href) if value.href and not value.outside else ""
    return Track(study, name.text, name.language or "", href, spoken, said, lines)


def _line(labels: Labels, language: str, one: Statement) -> str:
    event, day, by = labels(one.what).text, shown(language, one), source(labels, one)
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


def source(labels: Labels, one: Statement) -> str:
    """Return the short name of who states a date: the key of a document, the number of a registration."""
    key = one.by.rsplit("/", 1)[-1]
    name = labels(one.by).text if "/registration/" in one.by else key
    return name if len(name) <= SHORT else name[: SHORT - 1] + "…"


def dates_table(
    lane: PageLane, labels: Labels, language: str, said: Sequence[Statement], key: str, *, together: bool = False
) -> Table:
    """Return every date as a row: of what, as printed and normalised, when and by whom it was stated, and where."""

    def row(one: Statement) -> Row:
        found: dict[str, Cell | Sequence[Cell]] = {
            "what": cell(link(lane, labels, one.what)),
            "printed": Cell(one.printed, ""),
            "date": Cell(shown(language, one) if one.period else i18n.text("timeline-no-date", language)),
            "standing": Cell(i18n.text(f"timeline-{one.nature.value}", language)),
            "stated": Cell(one.when.shown if one.when else one.stated or i18n.text("timeline-not-dated", language)),
            "by": cell(link(lane, labels, one.by)),
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

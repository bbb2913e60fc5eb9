"""The page ``/timeline``: studies over the years, with filters, what has moved, and every date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from msevidence.server import (
    exhibit_page,
    filters,
    i18n,
    map_rows,
    negotiation,
    overdue,
    studies_counted,
    studies_first,
    studies_told,
    study_dates,
    study_filters,
    study_profile,
)
from msevidence.server.errors import BadRequest, Words
from msevidence.server.exhibits import Exhibits
from msevidence.server.filters import Filter
from msevidence.server.labels import Labels, Text, query
from msevidence.server.pages_links import link
from msevidence.server.store import PageLane
from msevidence.server.stretch import FIRST, first_only
from msevidence.server.study_dates import END, Period, Slip, Statement
from msevidence.server.study_profile import Profile
from msevidence.server.timeline_figure import begins, dates_table, figure_of
from msevidence.server.timeline_moved import moved_table

blueprint = Blueprint("timeline", __name__)
BEFORE = ("status-as-registered",)
"""Of more studies than a timeline can show, those go first that have a record with a status: it has dates."""
FILTERS = ("transplantation", "status", "document")
MOVED, SORT = "moved", "sort"
SORTS = ("start", "end", "name")
"""What rows are in the order of; the first where the address does not say."""

Told = Mapping[str, Sequence[Statement]]


@blueprint.get("/timeline")
@blueprint.get("/timeline.<any(json, csv, svg, ttl, jsonld):suffix>")
def timeline(suffix: str = "") -> Response:
    """Show when studies were registered, ran and were to end, and which expected dates have moved."""
    format = negotiation.choose(exhibit_page.FORMATS, suffix or request.args.get("format")).name
    return exhibit_page.answer("timeline.html", partial(_exhibits, format), suffix, own=(*FILTERS, MOVED, SORT, FIRST))


def _exhibits(format: str, lane: PageLane, labels: Labels, language: str) -> Exhibits:
    first_only(studies_first.MOST)
    every = about = studies_told.told(lane)
    first = None
    if len(every) > studies_first.MOST:
        first = studies_first.first(lane, labels, language, frozenset(every), FILTERS, format, BEFORE)
        about = first.studies
    profiles, told = study_profile.read(lane, about), study_dates.read(lane, about)
    whole = [p for p in profiles.values() if p.whole not in (frozenset(every) if first else profiles)]
    slips = {p.study: [slip for study in _rows(p) for slip in study_dates.slips(told.get(study, ()))] for p in whole}
    choices = [*study_filters.filters(whole, labels, language, FILTERS), _moved(slips, language)]
    chosen, sort = first.chosen if first else filters.chosen(choices, whole), _sort()
    kept = filters.kept(whole, choices, {} if first else chosen)
    note = first.said if first else ""
    kept.sort(key=_orders(told, labels)[sort])
    drawn = {study: told[study] for p in kept for study in _rows(p) if told.get(study)}
    figure = figure_of(lane, labels, language, drawn, profiles, query("timeline"), "timeline", note)
    moved = [slip for p in kept for slip in slips[p.study]]
    together = study_dates.together(lane) if not chosen and not first else []
    movements = moved_table(lane, labels, language, moved)
    tables = [replace(movements, note=note or movements.note)]
    if together:
        as_of = study_dates.as_of(lane)

        def due(one: Statement) -> str:
            return overdue.standing(one.period, one.how, as_of, language, silent=False, ahead=False)

        tables.append(dates_table(lane, labels, language, together, "together", due, together=True))
    return Exhibits(
        title=i18n.text("timeline-title", language),
        tables=tables,
        figures=[figure] if figure else [],
        subjects=list(drawn),
        kept=first.of_files if first else {},
        shown={
            "filters": first.filters
            if first
            else filters.shown(whole, choices, chosen, **({SORT: sort} if sort != SORTS[0] else {})),
            "chosen": chosen,
            "sorts": [(one, _sorted_by(one, chosen), one == sort) for one in SORTS],
            "total": first.total if first else len(whole),
            "left": len(kept),
            "counted_studies": first.words
            if first
            else studies_counted.sentence(
                studies_counted.sorts(profiles, studies_told.others(lane, about)),
                url_for("map.evidence_map", _anchor="unplaced"),
                language,
            ),
            "undated": [link(lane, labels, p.study) for p in kept if not any(told.get(s) for s in _rows(p))],
            "stacked": map_rows.stacked,
            "documents": study_filters.documents(lane, labels, kept),
        },
    )


def _rows(profile: Profile) -> list[str]:
    """Return a study with its parts, which stand below it."""
    return [profile.study, *(part.study for part in profile.parts)]


def _moved(slips: Mapping[str, Sequence[Slip]], language: str) -> Filter[Profile]:
    words = Text(i18n.text("timeline-choose-moved", language), language)

    def values(profile: Profile) -> Sequence[str]:
        return ["later"] if slips[profile.study] else []

    def name(value: str) -> Text:
        return words if value == "later" else Text(value)

    return Filter(MOVED, i18n.text("timeline-filter-moved", language), values, name, ("later",))


def _sort() -> str:
    asked = request.args.get(SORT, SORTS[0])
    if asked not in SORTS:
        there = ", ".join(SORTS)
        said = f"Rows can not be in the order of {asked[:60]!r}, only of: {there}."
        raise BadRequest(Words(said, f"Radene kan ikke ordnes etter {asked[:60]!r}, bare etter: {there}."))
    return asked


def _sorted_by(sort: str, chosen: Mapping[str, str]) -> str:
    more = {SORT: sort} if sort != SORTS[0] else {}
    return url_for("timeline.timeline", **cast(dict[str, Any], {**chosen, **more}))


def _orders(told: Told, labels: Labels) -> Mapping[str, Callable[[Profile], Any]]:
    def said(profile: Profile) -> list[Statement]:
        return [one for study in _rows(profile) for one in told.get(study, ())]

    def ends(profile: Profile) -> tuple[bool, Period | None, str]:
        there = [one for one in said(profile) if one.what == END and one.period]
        newest = max(there, key=lambda one: (one.stated, one.period), default=None)
        return newest is None, newest.period if newest else None, profile.study

    return {
        "start": lambda profile: (*begins(said(profile)), profile.study),
        "end": ends,
        "name": lambda profile: (labels(profile.study).text.casefold(), profile.study),
    }

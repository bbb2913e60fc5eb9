"""The evidence map: which kinds of transplantation were studied in which types of MS, as a figure.

Studies of which no document states the kind or the type stand in a row or column of their own, ``NONE``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from msevidence.server import i18n, map_findings, map_layout, review_badges
from msevidence.server.exhibits import Figure, Table
from msevidence.server.filters import NONE
from msevidence.server.labels import Labels, query
from msevidence.server.map_layout import Dot, Head
from msevidence.server.pages_links import link, of, resource_url
from msevidence.server.review_badges import Tally
from msevidence.server.store import PageLane
from msevidence.server.study_profile import DESIGNS, PHASES, SCHEME, Profile


@dataclass(frozen=True, slots=True)
class Scheme:
    """The concepts of a scheme, those below another after it."""

    ordered: Sequence[str]
    leaves: frozenset[str]
    """Those with no narrower concept."""


def schemes(lane: PageLane, labels: Labels) -> Mapping[str, Scheme]:
    """Return the schemes of MS types and kinds of transplantation by their last name, in the order of the map."""
    broader: dict[str, dict[str, str]] = {"ms-type": {}, "transplantation": {}}
    for row in lane.select(query("scheme_concepts")):
        broader[of(row, "scheme").removeprefix(SCHEME)][of(row, "concept")] = of(row, "broader")
    found = {}
    for name, above in broader.items():
        ordered: list[str] = []
        _below("", above, ordered, labels)
        found[name] = Scheme(ordered, frozenset(above) - frozenset(above.values()))
    return found


def _below(concept: str, above: Mapping[str, str], into: list[str], labels: Labels) -> None:
    known = [c for c, b in above.items() if b == concept or (not concept and b not in above)]
    for narrower in sorted(known, key=lambda c: labels(c).text.casefold()):
        if narrower not in into:
            into.append(narrower)
            _below(narrower, above, into, labels)


@dataclass
class Grid:
    """Which studies stand where."""

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Mapping[tuple[str, str], Sequence[Profile]]
    unplaced: Sequence[Profile]
    """Studies of which neither is stated."""
    unused: Sequence[str]
    """Kinds of transplantation of the scheme that no study is stated to be of."""

    @property
    def placed(self) -> list[Profile]:
        """The studies that stand in a cell, each once."""
        return list({p.study: p for all in self.cells.values() for p in all}.values())


def grid(
    all: Sequence[Profile], kept: Sequence[Profile], schemes: Mapping[str, Scheme], chosen: Mapping[str, str]
) -> Grid:
    """Return the rows and columns, which choices of other things do not change, and the studies in them.

    Args:
        all: every study that is no part of another.
        kept: those that are chosen.
        schemes: of the rows and columns.
        chosen: key of a filter → what is chosen: a chosen row or column stands alone.
    """

    def axis(name: str, wanted: frozenset[str], filter: str) -> list[str]:
        used = {value for p in all for value in p.values(name)}
        there = [c for c in schemes[_SCHEME_OF[name]].ordered if c in used or c in wanted]
        there += sorted(used - set(there))
        if filter in chosen:
            return [c for c in there if _last(c) == chosen[filter]] or ([NONE] if chosen[filter] == NONE else [])
        return there

    rows = axis("transplantation", frozenset(), "transplantation")
    columns = axis("msType", schemes["ms-type"].leaves, "ms-type")
    cells: dict[tuple[str, str], list[Profile]] = {}
    unplaced = []
    for profile in kept:
        kinds, types = profile.values("transplantation"), profile.values("msType")
        if not kinds and not types:
            unplaced.append(profile)
            continue
        for kind in kinds or [NONE]:
            for type in types or [NONE]:
                cells.setdefault((kind, type), []).append(profile)
    for at, heads in ((0, rows), (1, columns)):
        if NONE not in heads and any(place[at] == NONE for place in cells):
            heads.append(NONE)
    there = {place: found for place, found in cells.items() if place[0] in rows and place[1] in columns}
    used = {value for p in all for value in p.values("transplantation")}
    unused = [c for c in schemes["transplantation"].ordered if c not in used]
    return Grid(rows, columns, there, unplaced, unused)


_SCHEME_OF = {"transplantation": "transplantation", "msType": "ms-type"}


def _last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def figure(
    lane: PageLane, labels: Labels, language: str, grid: Grid, table: Table, key: str = "map", note: str = ""
) -> Figure:
    """Return the map with its table, and what is to be said of what it leaves out."""

    def counted(studies: int) -> str:
        return i18n.counted("map-studies", studies, language)

    def head(concept: str, studies: int) -> Head:
        if concept == NONE:
            return Head(concept, i18n.text("map-not-stated", language), "", counted(studies))
        name = labels(concept)
        return Head(concept, name.text, name.language or "", counted(studies))

    def distinct(at: int, concept: str) -> int:
        return len({p.study for place, all in grid.cells.items() if place[at] == concept for p in all})

    rows = [head(c, distinct(0, c)) for c in grid.rows]
    columns = [head(c, distinct(1, c)) for c in grid.columns]
    tallies = review_badges.tallies(lane, [p.study for p in grid.placed])
    made = {p.study: _dot(lane, labels, language, p, tallies.get(p.study, {})) for p in grid.placed}
    dots = {
        place: sorted((made[p.study] for p in all), key=lambda d: d.name.casefold())
        for place, all in grid.cells.items()
    }
    title = i18n.text("map-figure", language)
    placed = len(made)
    described = i18n.text(
        "map-described", language, studies=counted(placed), dots=i18n.number(sum(map(len, dots.values())), language)
    )
    described = f"{described} {note}" if note else described
    svg = render_template(
        "figure_map.svg",
        drawing=map_layout.lay_out(rows, columns, dots),
        layout=map_layout,
        key=key,
        title=title,
        description=described,
        designs=list(DESIGNS),
        phases=PHASES,
    )
    return Figure(key, title, described, Markup(svg), table, query("map"), "map")


def _dot(lane: PageLane, labels: Labels, language: str, profile: Profile, tally: Tally) -> Dot:
    name, value = labels(profile.study), link(lane, labels, profile.study)
    phase = i18n.text(f"map-phase-{profile.phase}", language)
    size = profile.participants
    many = i18n.number(size, language) if size is not None else "?"
    words = f"{many} · {phase}" if profile.phase != "not-stated" else many
    wrong = map_findings.said(tally, language)
    meant = (("≠", profile.status_differs), (map_findings.SIGN, wrong), ("✓", profile.results))
    signs = " ".join(sign for sign, there in meant if there)
    spoken = i18n.text(
        "map-spoken",
        language,
        study=name.text,
        participants=i18n.counted("map-participants", size, language)
        if size is not None
        else i18n.text("map-size-unknown", language),
        design=i18n.text(f"map-design-{profile.design}", language),
        status=phase,
        results=i18n.text("map-has-results" if profile.results else "map-no-results", language),
    )
    href = resource_url(value.href) if value.href and not value.outside else ""
    differs = [i18n.text("map-status-differs", language)] if profile.status_differs else []
    spoken = "; ".join((spoken, *differs, *wrong))
    return Dot(
        profile.study, name.text, name.language or "", href, spoken, profile.design, profile.phase, size, words, signs
    )

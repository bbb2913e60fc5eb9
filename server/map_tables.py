"""The tables of the evidence map: every study with who says what of it, and how many studies have results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msevidence.server import i18n, map_findings, review_badges
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Row, Table, cell, figure
from msevidence.server.filters import NONE
from msevidence.server.labels import Labels, query
from msevidence.server.pages_links import link
from msevidence.server.review_badges import Tally
from msevidence.server.store import PageLane
from msevidence.server.studies_counted import about
from msevidence.server.study_profile import RESULTS, Profile, Told

COLUMNS = (
    *("study", "part_of", "transplantation", "ms_type", "design", "status", "reported", "registered"),
    *("participants", "participants_by", "results", "results_where", "registrations", "publications"),
    "findings",
)
"""Of the table of studies."""
IRIS = frozenset(COLUMNS) - {"status", "participants", "participants_by", "results", "findings"}
COUNTS = ("kind", "studies", "randomised", "any", *RESULTS, "none")
"""Of the table of results."""


class Tables:
    """Writes the tables in the reader's language."""

    def __init__(self, lane: PageLane, labels: Labels, language: str) -> None:
        self._lane, self._labels, self._language = lane, labels, language

    def studies(self, profiles: Sequence[Profile]) -> Table:
        """Return a row for each study, and below it one for each of its parts."""
        shown = [one for profile in profiles for one in (profile, *profile.parts)]
        tallies = review_badges.tallies(self._lane, [one.study for one in shown])
        rows = [self._row(one, tallies.get(one.study, {})) for one in shown]
        columns = [Column(name, self._text(f"map-column-{name}"), name in IRIS) for name in COLUMNS]
        return Table("studies", i18n.text("map-table", self._language), columns, rows, query=query("map"))

    def _row(self, profile: Profile, tally: Tally) -> Row:
        phase = self._text(f"map-phase-{profile.phase}")
        size, published = profile.participants, profile.all("reportsOn")
        return {
            "study": self._link(profile.study),
            "part_of": [self._link(whole) for whole in profile.values("partOf")],
            "transplantation": [self._link(v) for v in profile.values("transplantation")],
            "ms_type": [self._link(v) for v in profile.values("msType")],
            "design": [self._link(v) for v in profile.values("studyDesign")],
            "status": Cell(f"{phase} ≠" if profile.status_differs else phase),
            "reported": [self._said(self._labels(one.value).text, one) for one in profile.reported],
            "registered": [self._said(self._labels(one.value).text, one) for one in profile.registered],
            "participants": figure(size) if size is not None else Cell(self._text("map-size-unknown")),
            "participants_by": [self._said(self._size(one), one) for one in profile.sizes],
            "results": Cell(self._text("map-yes" if profile.results else "map-no")),
            "results_where": [
                self._where(self._text(f"map-results-{how}"), one.by)
                for how, all in profile.results.items()
                for one in all
            ],
            "registrations": [self._link(v) for v in profile.values("registeredAs")],
            "publications": [self._link(one.value) for one in published],
            "findings": self._findings(profile.study, tally),
        }

    def _findings(self, study: str, tally: Tally) -> list[Cell]:
        """Return how many errors and warnings there are about a study, with the way to them on its page."""
        place = self._link(study)
        href = f"{place.href}#findings" if place.href and not place.outside else None
        return [Cell(words, None, href) for words in map_findings.said(tally, self._language)]

    def results(self, profiles: Sequence[Profile], rows: Sequence[str], href: Callable[..., str]) -> Table:
        """Return how many studies have results, by kind of transplantation; a study of two kinds counts in each.

        Args:
            profiles: the studies that are chosen.
            rows: kinds of transplantation; all together stand below them, and those that are of none last, apart.
            href: given a kind (or none) and a choice of results, the address of the map with these.
        """
        known = [p for p in profiles if about(p)]

        def row(head: Cell, kind: str, of: Sequence[Profile]) -> Row:
            return self._counts(head, of, [p for p in profiles if not kind or _is_of(p, kind)], partial(href, kind))

        counted = [row(self._kind(kind), kind, [p for p in known if _is_of(p, kind)]) for kind in rows]
        counted.append(row(Cell(self._text("map-results-all")), "", known))
        if named := [p for p in profiles if not about(p)]:
            counted.append(row(Cell(self._text("map-results-named")), NONE, named))
        columns = [Column(name, self._text(f"map-results-{name}"), name == "kind") for name in COUNTS]
        note = i18n.text("map-results-note", self._language)
        return Table("results", i18n.text("map-results", self._language), columns, counted, note, query("map"))

    def _kind(self, kind: str) -> Cell:
        return Cell(i18n.text("map-not-stated", self._language)) if kind == NONE else self._link(kind)

    def _counts(self, head: Cell, of: Sequence[Profile], there: Sequence[Profile], href: Callable[[str], str]) -> Row:
        """Return a row; a number is a link where the map with that choice, of the studies ``there``, has as many."""

        def counted(number: int, choice: str = "") -> Cell:
            leads = sum(not choice or choice in p.result_kinds for p in there)
            return Cell(str(number), None, href(choice) if number and number == leads else None, number=number)

        found: dict[str, Cell] = {
            "kind": head,
            "studies": counted(len(of)),
            "randomised": figure(sum(p.design == "randomised" for p in of)),
            "any": counted(sum(bool(p.results) for p in of), "any"),
            "none": counted(sum(not p.results for p in of), "none"),
        }
        return {**found, **{how: counted(sum(how in p.results for p in of), how) for how in RESULTS}}

    def _said(self, words: str, told: Told) -> Cell:
        by, at = self._short(told.by), told.at or self._text("map-not-dated")
        place = cell(link(self._lane, self._labels, told.node or told.by))
        return Cell(f"{words} · {by}, {at}", None, place.href, told.by, outside=place.outside)

    def _size(self, told: Told) -> str:
        many = i18n.number(int(told.value.removesuffix(".0")), self._language)
        return f"{many} ({self._text(f'map-size-{told.kind}')})" if told.kind in SIZES else many

    def _where(self, how: str, by: str) -> Cell:
        place = self._link(by)
        return Cell(f"{how}: {self._short(by)}", None, place.href, by, outside=place.outside)

    def _short(self, iri: str) -> str:
        """Return a document as it is cited in short, another source by its label."""
        return document_names(self._lane).get(iri) or self._labels(iri).text

    def _link(self, iri: str) -> Cell:
        return cell(link(self._lane, self._labels, iri))

    def _text(self, name: str) -> str:
        return i18n.text(name, self._language)


SIZES = ("actual", "estimated", "planned")
"""What a number of participants may be, where its source says so."""


def _is_of(profile: Profile, kind: str) -> bool:
    kinds = profile.values("transplantation")
    return kind in kinds if kind != NONE else not kinds

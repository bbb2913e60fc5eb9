"""A study: its key facts with who says so, what it waits for, what was found, and what makes it one study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from msevidence.ontology.iris import BASE
from msevidence.server import (
    i18n,
    identity_figure,
    overdue,
    sourced_facts,
    study_dates,
    study_facts,
    study_profile,
    study_size,
    study_tables,
    study_waiting,
)
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Figure, Table, cells
from msevidence.server.identity_graph import identity
from msevidence.server.labels import Labels, Text
from msevidence.server.pages_links import Value, link, name, of
from msevidence.server.pages_view import View
from msevidence.server.registry_records import records
from msevidence.server.sections.base import Sections
from msevidence.server.sourced_facts import Fact
from msevidence.server.store import PageLane
from msevidence.server.study_dates import Statement
from msevidence.server.study_profile import Profile
from msevidence.server.study_read import Reading, behind, grouped
from msevidence.server.study_size import Size
from msevidence.server.study_waiting import PRIMARY, Expected, Moved
from msevidence.server.timeline_figure import figure_of_studies

STUDY_KINDS = ("whole", "parts", "descriptions", "claims", "citing-claims", "registrations", "publications", "former")
"""Kinds of things that lead to a study; the last three stand in tables and in the identity graph."""
EVENTS = f"{BASE}scheme/study-event"
HEADS = ("fact", "value", "printed", "source", "differs", "yes")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a document quotes on the study."""

    text: Text
    kind: Value | None
    publication: Value | None
    source: Cell
    conclusion: bool


@dataclass(frozen=True, slots=True)
class StudySections(Sections):
    """A study."""

    template: str = "study.html"
    main: str = "facts"
    groups: Mapping[str, Sequence[tuple[Value | None, Sequence[Value]]]] = field(default_factory=dict)
    """Kind of thing → documents (or None) with their things."""
    support: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    """Claim → how it is supported."""
    facts: Sequence[Fact] = ()
    ended: bool = False
    expected: Sequence[Expected] = ()
    events: Mapping[str, Value] = field(default_factory=dict)
    """Event that is expected → its concept; primary completion is none of the scheme."""
    moved: Sequence[Moved] = ()
    standing: Mapping[str, str] = field(default_factory=dict)
    """Event → how its date as last stated stands on the day at which the review measures."""
    age: Mapping[str, str] = field(default_factory=dict)
    """Event → how old what was stated last is on that day."""
    results: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    """What there is of results, as the evidence map counts it → where."""
    sizes: Sequence[Size] = ()
    """Numbers of participants as documents report them."""
    quotes: Sequence[Quote] = ()
    timeline: Figure | None = None
    identity: Figure | None = None

    def values(self, kind: str) -> list[Value]:
        """Return all things of a kind."""
        return [value for _, values in self.groups.get(kind, ()) for value in values]

    def fact(self, key: str) -> Fact | None:
        """Return a key fact, None where nobody states it."""
        return next((fact for fact in self.facts if fact.key == key), None)

    def table(self, key: str) -> Table:
        """Return a table of the page."""
        return next(table for table in self.tables if table.key == key)

    def narrow(self, key: str) -> Table:
        """Return a table for the screen: without the columns that no row of it has a value in."""
        table = self.table(key)
        return replace(table, columns=[one for one in table.columns if any(cells(row, one.key) for row in table.rows)])


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> StudySections:
    """Return what the page of a study shows."""
    reading = Reading(lane, labels, language, view.iri)
    groups, support = _groups(reading)
    held = records(reading.select("study_records"))
    own = [record for record in held.values() if record.study == view.iri and record.of("status")]
    expected = study_waiting.expectations(reading, held.values())
    facts = study_facts.facts(reading, view, held.values(), expected)
    heads = {key: i18n.text(key if key == "yes" else f"head-{key}", language) for key in HEADS}
    title = i18n.text("key-facts", language)
    tables = [
        sourced_facts.table("facts", title, facts, heads, behind("study_things", view.iri)),
        study_tables.arms(reading),
        study_tables.results(reading),
        study_tables.registrations(reading, held.values()),
        study_tables.publications(reading),
        study_tables.interests(reading),
    ]
    registered: dict[str, list[str]] = {}
    for record in held.values():
        registered.setdefault(record.study, []).append(record.iri)
    graph = identity(
        view.iri,
        [one for _, one in sorted(grouped(reading.select("study_decisions"), "decision").items())],
        wholes=_iris(groups, "whole"),
        parts=_iris(groups, "parts"),
        registered=registered,
        former=_iris(groups, "former"),
    )
    drawn = identity_figure.figure(reading, graph)
    profiles = study_profile.read(lane, [view.iri, *_iris(groups, "parts")])
    profile = profiles.get(view.iri, Profile(view.iri))
    said = study_dates.read(lane, [view.iri])
    timeline = figure_of_studies(lane, labels, language, said, profiles)
    as_of = study_dates.as_of(lane)
    moved = study_waiting.movements(expected)
    standing = {one.event: _standing(one, said[view.iri], profile, as_of, language) for one in moved}
    age = {
        one.event: overdue.age(one.last.stated, as_of, language, record=one.last.registered)
        for one in moved
        if standing[one.event]
    }
    return StudySections(
        tables=tables,
        figures=[drawn, timeline] if timeline else [drawn],
        groups=groups,
        support=support,
        facts=facts,
        ended=bool(own) and all(record.ended() for record in own),
        expected=expected,
        events={one.event: reading.link(f"{EVENTS}/{one.event}") for one in expected if one.event != PRIMARY},
        moved=moved,
        standing=standing,
        age=age,
        results={how: [_by(reading, one.by) for one in all] for how, all in profile.results.items()},
        sizes=study_size.sizes(reading, profile),
        quotes=_quotes(reading),
        timeline=timeline,
        identity=drawn,
    )


def _standing(one: Moved, said: Sequence[Statement], profile: Profile, as_of: str, language: str) -> str:
    what = study_dates.PRIMARY if one.event == PRIMARY else f"{EVENTS}/{one.event}"
    first, _, until = one.last.date.partition("–")
    silent = not overdue.happened(what, said, profile)
    spanned = study_dates.period(first, until)
    return overdue.standing(spanned, one.last.modality, as_of, language, silent=silent, ahead=silent)


def _by(reading: Reading, by: str) -> Cell:
    """Return a document, publication or registration as a link by its short name."""
    shown = reading.cell(by)
    name = document_names(reading.lane).get(by)
    return replace(shown, text=name, language=None) if name else shown


def _iris(groups: Mapping[str, Sequence[tuple[Value | None, Sequence[Value]]]], kind: str) -> list[str]:
    return [value.iri for _, values in groups.get(kind, ()) for value in values]


def _groups(
    reading: Reading,
) -> tuple[dict[str, list[tuple[Value | None, Sequence[Value]]]], dict[str, list[Value]]]:
    rows = [row for row in reading.select("study") if "thing" in row]
    groups: dict[str, list[tuple[Value | None, Sequence[Value]]]] = {}
    support: dict[str, list[Value]] = {}
    for (kind, document), of_document in groupby(rows, key=lambda row: (of(row, "kind"), of(row, "document"))):
        there = list(of_document)
        for row in there:
            if "support" in row and (value := reading.link(name(row["support"]))) not in support.get(
                of(row, "thing"), ()
            ):
                support.setdefault(of(row, "thing"), []).append(value)
        things = dict.fromkeys(name(row["thing"]) for row in there)
        head = link(reading.lane, reading.labels, document) if document else None
        groups.setdefault(kind, []).append((head, [reading.link(thing) for thing in things]))
    return {kind: groups[kind] for kind in STUDY_KINDS if kind in groups}, support


def _quotes(reading: Reading) -> list[Quote]:
    found = []
    for thing in reading.of_kind("Quotation"):
        kind, publication = thing.first("quotationKind"), thing.first("quotes")
        found.append(
            Quote(
                thing.words("oa:exact", thing.first("dcterms:language")),
                reading.link(kind) if kind else None,
                reading.link(publication) if publication else None,
                reading.document(thing, next(iter(reading.stated(thing)), ""), thing.first("pages")),
                kind.endswith("/conclusion"),
            )
        )
    return sorted(found, key=lambda quote: not quote.conclusion)

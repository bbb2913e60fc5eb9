"""What part of a release is handed over: the whole, or what belongs to studies, documents, or what a query gave.

A part is closed: what is chosen brings what belongs to it. A study brings its parts, registrations, publications,
results, and the claims and findings on them, and the study that it is a part of; a document its claims, results and
findings, the publications that it refers to, and the studies that these and the text tell of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.server.exports.refused import no_such_status, no_such_thing, no_things, none_with_status, other_things
from msevidence.server.facets import Choice, Facets
from msevidence.server.labels import PREFIXES, query
from msevidence.server.page_reader import rows_of
from msevidence.server.store import PageLane

STUDY = PREFIXES["mse"] + "Study"
STATUSES = ("status-as-reported", "status-as-registered")
"""Facets of a study in which a status is looked for."""
KINDS = ("documents", "studies", "registrations", "publications", "claims", "results", "findings")
_PATHS = {"documents": "document", "studies": "study"}
WHOLES = "wholes"
"""Studies that others are parts of."""
_SHORT = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; empty: the whole release. What is chosen in several ways adds up; a status narrows studies."""

    studies: Sequence[str] = ()
    """Keys (``mist``) or IRIs."""
    documents: Sequence[str] = ()
    statuses: Sequence[str] = ()
    """Last names of statuses, reported or registered (``ongoing``)."""
    things: Sequence[str] | None = None
    """IRIs that a query gave; None where there is none."""

    @property
    def whole(self) -> bool:
        """Whether everything is asked for."""
        return not (self.studies or self.documents or self.statuses) and self.things is None


@dataclass(frozen=True, slots=True)
class Scope:
    """The things of an export, by kind, as sorted IRIs."""

    whole: bool
    named: tuple[str, ...]
    """What was chosen, in short words, for the names of files."""
    documents: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """The documents that were chosen themselves; the others come with the studies that they describe."""
    passed_over: int = 0
    """Things that a query gave and that are of none of these kinds, such as concepts."""

    @property
    def things(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(iri for kind in KINDS for iri in getattr(self, kind))


def found(lane: PageLane, selection: Selection) -> Scope:
    """Return what a selection is of a release.

    Raises:
        UnknownThingError: the release has no such study, document, status or thing.
    """
    everything = _by_kind((row["kind"], row["thing"]) for row in lane.select(query("export_all")))
    named = names(selection)
    if selection.whole:
        return Scope(True, (), **_sorted(everything), asked=tuple(sorted(everything["documents"])))
    kept = _Kept(lane, everything)
    studies = [kept.known("studies", name) for name in selection.studies]
    if selection.statuses:
        of_status = {iri for status in selection.statuses for iri in _of_status(lane, status)}
        if selection.studies and not of_status.intersection(studies):
            raise none_with_status(selection.statuses)
        studies = [iri for iri in studies if iri in of_status] if selection.studies else sorted(of_status)
    kept.studies(studies)
    kept.documents(kept.known("documents", name) for name in selection.documents)
    if selection.things is not None:
        kept.things(selection.things)
    return Scope(False, named, **_sorted(kept.kept), asked=tuple(sorted(kept.asked)), passed_over=kept.passed_over)


def names(selection: Selection) -> tuple[str, ...]:
    """Return what is chosen in short words, for the names of files.

    >>> names(Selection(studies=["https://kg.example/study/mist"], statuses=["ongoing"], things=[]))
    ('mist', 'ongoing', 'query')
    """
    words = [*selection.documents, *selection.studies, *selection.statuses]
    words += ["query"] if selection.things is not None else []
    return tuple(_SHORT.sub("-", word.rstrip("/").rpartition("/")[2].casefold()) for word in words)


def _by_kind(pairs: Iterable[tuple[object, object]]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {kind: set() for kind in (*KINDS, WHOLES)}
    for kind, thing in pairs:
        assert isinstance(kind, ox.Literal)
        if isinstance(thing, ox.NamedNode):
            kinds[kind.value].add(thing.value)
    return kinds


def _sorted(kinds: Mapping[str, set[str]]) -> dict[str, Any]:
    return {kind: tuple(sorted(kinds[kind])) for kind in KINDS}


def _of_status(lane: PageLane, status: str) -> set[str]:
    """Return the studies that a document or a registry gives a status, by the last name of its concept."""
    facets = Facets(lane.release, "en")
    there: set[str] = set()
    found: set[str] = set()
    for facet in STATUSES:
        for value in facets.all_counts(STUDY, facet):
            if value == NOT_STATED:
                continue
            there.add(value.rpartition("/")[2])
            if status in (value, value.rpartition("/")[2]):
                found |= set(facets.ordered(Choice(STUDY, {facet: (value,)})))
    if not found:
        raise no_such_status(status, there)
    return found


class _Kept:
    """What has been chosen so far, with what belongs to it."""

    def __init__(self, lane: PageLane, everything: Mapping[str, set[str]]) -> None:
        self._lane, self._everything = lane, everything
        self.kept: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self._whole_kept: set[str] = set()
        self.asked: set[str] = set()
        self.passed_over = 0

    def known(self, kind: str, name: str) -> str:
        """Return the IRI of a thing of a kind, by its key or IRI.

        Raises:
            UnknownThingError: the release has no such thing.
        """
        there = self._everything[kind]
        iri = name if name in there else f"{self._lane.release.base}{_PATHS[kind]}/{name}"
        if iri not in there:
            raise no_such_thing(kind, name, there)
        return iri

    def studies(self, iris: Iterable[str]) -> None:
        """Keep studies, with what belongs to them and to their parts; of the wholes that they are of, the study alone.

        What belongs to a whole, such as its other sites, would say more than was asked for.
        """
        new, wholes = set(iris), set[str]()
        while new := new - self._whole_kept:
            self._whole_kept |= new
            self.kept["studies"] |= new
            found = self._of("export_of_studies", new)
            new, found["studies"] = found["studies"], set()
            wholes |= found.pop(WHOLES)
            self._keep(found)
        while wholes := wholes - self.kept["studies"]:
            self.kept["studies"] |= wholes
            wholes = self._of("export_of_studies", wholes)[WHOLES]

    def documents(self, iris: Iterable[str]) -> None:
        """Keep documents, with what belongs to them."""
        new = set(iris)
        found = self._of("export_of_documents", new)
        self.kept["documents"] |= new
        self.asked |= new
        self.studies(found.pop("studies"))
        self._keep(found)

    def things(self, iris: Iterable[str]) -> None:
        """Keep things of any kind, with what belongs to them; others, such as concepts and passages, are counted.

        Raises:
            UnknownThingError: there is none, or none is of a kind that an export is of.
        """
        wanted = set(iris)
        of_kind = {kind: wanted & there for kind, there in self._everything.items()}
        self.passed_over = len(wanted.difference(*of_kind.values()))
        if not wanted:
            raise no_things()
        if self.passed_over == len(wanted):
            raise other_things(wanted, KINDS)
        self.documents(of_kind.pop("documents"))
        self.studies(of_kind.pop("studies"))
        for name, kinds in (
            ("export_of_claims", ("claims", "results", "findings")),
            ("export_of_records", ("publications", "registrations")),
        ):
            of_these = set().union(*(of_kind[kind] for kind in kinds))
            self._keep({kind: of_kind[kind] for kind in kinds})
            found = self._of(name, of_these)
            self.studies(found.pop("studies"))
            self._keep(found)

    def _of(self, name: str, iris: Iterable[str]) -> dict[str, set[str]]:
        items = sorted(iris)
        return (
            _by_kind((row["kind"], row["thing"]) for row in rows_of(self._lane, name, items)) if items else _by_kind(())
        )

    def _keep(self, found: Mapping[str, set[str]]) -> None:
        for kind in KINDS:
            self.kept[kind] |= found.get(kind, set()) & self._everything[kind]

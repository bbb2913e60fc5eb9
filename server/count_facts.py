"""What the graph says of numbers, studies and decisions, asked one thing at a time and kept for the same count.

Each question is a query of ``queries/`` with a bound IRI, so what a count of some numbers costs does not depend on how
many others there are. :meth:`Facts.fetch_all` asks for all registrations, studies and decisions at once instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import pyoxigraph as ox

from msevidence.server.count_model import Decision, Finding
from msevidence.server.labels import choose
from msevidence.server.wire import Term

Row = Mapping[str, Term]


class Reader(Protocol):
    """Whatever can be asked the queries of the server: a store read directly, or a worker of the pages lane."""

    def rows(self, name: str, **bound: str) -> Iterable[Row]:
        """Return the solutions of ``queries/<name>.rq`` with variables bound to IRIs."""


@dataclass
class Registered:
    """What the graph says of a registration."""

    known: bool = False
    label: str = ""
    studies: list[str] = field(default_factory=list)
    current: str = ""
    """The record that has this former number today."""


def value(row: Row, name: str) -> str:
    """Return the text of a value, empty where it is unbound."""
    term = row.get(name)
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def number(row: Row, name: str) -> int | None:
    """Return a whole number, None where there is none."""
    text = value(row, name)
    return int(text) if text.isascii() and text.isdigit() else None


class Facts:
    """The answers of one release."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._registrations: dict[str, Registered] = {}
        self._studies: dict[str, tuple[str, list[str]]] = {}
        self._decisions: dict[str, Decision | None] = {}
        self._about: dict[str, list[str]] | None = None
        self._apart: dict[str, list[Decision]] | None = None
        self._of_documents: dict[str, dict[str, list[Row]]] = {}
        self._numbers: dict[str, list[str]] | None = None
        self._findings: dict[str, list[Finding]] | None = None

    @cached_property
    def documents(self) -> dict[str, str]:
        """The documents with their titles."""
        return {value(row, "document"): value(row, "title") for row in self.rows("documents")}

    def title(self, document: str) -> str | None:
        """Return the title of a document, empty where it has none; None where there is no such document."""
        if "documents" in vars(self):
            return self.documents.get(document)
        try:
            ox.NamedNode(document)
        except ValueError:  # it came from an address
            return None
        rows = self.rows("documents", document=document)
        return next((value(row, "title") for row in rows if "document" in row), None)

    @cached_property
    def sources(self) -> dict[str, str]:
        """The loaded sources with the names of their files."""
        return {value(row, "source"): value(row, "label") for row in self.rows("sources")}

    def rows(self, name: str, **bound: str) -> Iterable[Row]:
        """Ask ``count_<name>.rq``."""
        if name in self._of_documents and bound.keys() == {"document"}:
            return self._of_documents[name].get(bound["document"], [])
        return self.reader.rows(f"count_{name}", **bound)

    def fetch_all(self, *, in_full: bool = True) -> None:
        """Ask at once for what a count of everything needs; names and decisions only where all of them are wanted."""
        for row in self.rows("denoted"):
            iri = value(row, "registration")
            there = self._registrations.setdefault(iri, Registered(True, _number_in(iri)))
            _once(there.studies, value(row, "study"))
        for row in self.rows("former"):
            if (former := self._registrations.get(value(row, "registration"))) is not None:
                former.current = min(filter(None, (former.current, value(row, "current"))))
        if in_full:
            self._studies.update(_studies(self.rows("study")))
            self._decisions.update(_decisions(self.rows("decision")))
            self._about = {}
            for iri, decision in self._decisions.items():
                for thing in (decision.subject, decision.object) if decision else ():
                    self._about.setdefault(thing, []).append(iri)
        else:
            parts = {value(row, "part") for row in self.rows("parts")}
            denoted = {study for there in self._registrations.values() for study in there.studies}
            self._studies.update((study, ("", [])) for study in denoted - parts)
        for name in ("mentions", "document_studies", "document_references"):
            of_documents: dict[str, list[Row]] = {}
            for row in self.rows(name):
                of_documents.setdefault(value(row, "document"), []).append(row)
            self._of_documents[name] = of_documents
        self._numbers, self._findings, self._apart = {}, {}, {}
        for row in self.rows("study_numbers"):
            self._numbers.setdefault(value(row, "study"), []).append(value(row, "registration"))
        for thing, finding in _findings(self.rows("findings")):
            self._findings.setdefault(thing, []).append(finding)
        for apart in self.kept_apart():
            for thing in dict.fromkeys((apart.subject, apart.object)):
                self._apart.setdefault(thing, []).append(apart)

    def registration(self, iri: str) -> Registered:
        """Return what is known of a registration."""
        there = self._registrations.get(iri)
        if there is None or (not there.label and there.known):
            there = self._registrations[iri] = Registered()
            denoted: list[str] = []
            for row in self.rows("registration", registration=iri):
                there.known = True
                there.label = there.label or value(row, "label") or iri.rpartition("/")[2]
                _once(denoted, value(row, "denoted"))
                _once(there.studies, value(row, "registered"))
                there.current = min(filter(None, (there.current, value(row, "current"))), default="")
            there.studies = sorted(denoted or there.studies)
        return there

    def record(self, iri: str) -> str:
        """Return the registration that has this number today: itself, unless this is a former number of another."""
        seen: list[str] = []
        while iri not in seen:
            seen.append(iri)
            iri = self.registration(iri).current or iri
        return iri if seen[-1] == iri else min(seen)

    def label(self, study: str) -> str:
        """Return the name of a study; its key where it has none."""
        return self._study(study)[0] or study.rpartition("/")[2]

    def wholes(self, study: str) -> list[str]:
        """Return the studies that ``study`` is a part of and that are parts of none themselves; else itself."""
        above, found, seen = [study], [], set()
        while above:
            one = above.pop()
            if one in seen:
                continue
            seen.add(one)
            wholes = self._study(one)[1]
            above += wholes
            if not wholes:
                found.append(one)
        return sorted(found) or [min(seen)]  # parts of each other: the first stands for all

    def family(self, study: str) -> list[str]:
        """Return a study and all its parts, parts of parts too."""
        found = [study]
        for one in found:
            for row in self.rows("parts", study=one):
                _once(found, value(row, "part"))
        return found

    def numbers_of(self, study: str) -> list[str]:
        """Return the registrations of a study."""
        if self._numbers is not None:
            return self._numbers.get(study, [])
        return [value(row, "registration") for row in self.rows("study_numbers", study=study)]

    def decisions(self, thing: str) -> list[Decision]:
        """Return the decisions that name a registration or a study."""
        if self._about is not None:
            iris: Sequence[str] = self._about.get(thing, ())
        else:
            iris = [value(row, "decision") for row in self.rows("decisions", thing=thing)]
        return [decision for iri in iris if (decision := self.decision(iri)) is not None]

    def decision(self, iri: str) -> Decision | None:
        """Return a decision; None where the node is none that identity takes."""
        if iri not in self._decisions:
            self._decisions[iri] = _decisions(self.rows("decision", decision=iri)).get(iri)
        return self._decisions[iri]

    def apart(self, thing: str) -> list[Decision]:
        """Return the decisions that keep a registration or study apart, and those on it that were stopped."""
        if self._apart is not None:
            return self._apart.get(thing, [])
        return [decision for decision in self.decisions(thing) if not decision.holds]

    def kept_apart(self) -> list[Decision]:
        """Return all decisions that keep apart or were stopped."""
        iris = [value(row, "decision") for row in self.rows("kept_apart")]
        return [decision for iri in iris if (decision := self.decision(iri)) is not None]

    def findings(self, thing: str = "") -> list[Finding]:
        """Return the findings about the identity of a thing, or of everything."""
        if thing and self._findings is not None:
            return self._findings.get(thing, [])
        rows = self.rows("findings", thing=thing) if thing else self.rows("findings")
        return list({finding.iri: finding for _, finding in _findings(rows)}.values())

    def _study(self, iri: str) -> tuple[str, list[str]]:
        if iri not in self._studies:
            self._studies[iri] = _studies(self.rows("study", study=iri)).get(iri, ("", []))
        return self._studies[iri]


def _number_in(iri: str) -> str:
    """Return the number that the key of a registration is; empty where a key is written otherwise than its number.

    >>> [_number_in(f"x/{key}") for key in ("NCT00273364", "EudraCT-2010-023560-40", "CTRI-2020-01-023456")]
    ['NCT00273364', 'EudraCT 2010-023560-40', '']
    """
    key = iri.rpartition("/")[2]
    scheme, _, number = key.partition("-")
    if scheme in ("EudraCT", "CTIS"):
        return f"{scheme} {number}"
    return key if key.isalnum() else ""


def _once(into: list[str], item: str) -> None:
    if item and item not in into:
        into.append(item)


def _studies(rows: Iterable[Row]) -> dict[str, tuple[str, list[str]]]:
    labels: dict[str, list[ox.Literal]] = {}
    wholes: dict[str, list[str]] = {}
    for row in rows:
        iri, label = value(row, "study"), row.get("label")
        _once(wholes.setdefault(iri, []), value(row, "whole"))
        if isinstance(label, ox.Literal):
            labels.setdefault(iri, []).append(label)
    return {iri: (choose(labels[iri], "en").text if iri in labels else "", sorted(wholes[iri])) for iri in wholes}


def _findings(rows: Iterable[Row]) -> list[tuple[str, Finding]]:
    """Return the things of findings, each with its finding, whose labels are in several rows."""
    found: dict[tuple[str, str], Finding] = {}
    for row in rows:
        iri, thing, label = value(row, "finding"), value(row, "thing"), row.get("label")
        words = ((label.language or "", label.value),) if isinstance(label, ox.Literal) else ()
        before = found[thing, iri].labels if (thing, iri) in found else ()
        kind = value(row, "kind").rpartition("/")[2]
        labels = tuple(sorted({*before, *words}))
        found[thing, iri] = Finding(iri, kind, thing, labels, value(row, "document"))
    return [(thing, finding) for (thing, _), finding in found.items()]


def _decisions(rows: Iterable[Row]) -> dict[str, Decision | None]:
    first: dict[str, Row] = {}
    sources: dict[str, set[str]] = {}
    for row in rows:
        iri = value(row, "decision")
        first.setdefault(iri, row)
        sources.setdefault(iri, set()).update(filter(None, [value(row, "source")]))
    return {iri: _decision(iri, row, sources[iri]) for iri, row in first.items()}


def _decision(iri: str, row: Row, sources: set[str]) -> Decision:
    return Decision(
        iri,
        value(row, "subject"),
        value(row, "relation").rpartition("/")[2],
        value(row, "object"),
        value(row, "rule").rpartition("/")[2],
        value(row, "because"),
        value(row, "outcome").endswith("/stopped") or bool(value(row, "finding")),
        value(row, "finding"),
        value(row, "document"),
        tuple(sorted(sources)),
        value(row, "date"),
    )

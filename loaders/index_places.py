"""What one place counts, a document or a loaded source, and what the registry numbers lead to that it prints."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.loaders.index_graph import IndexedGraph, Links
from msevidence.ontology.iris import BASE
from msevidence.ontology.naming import expand

_FORMER = f"{BASE}scheme/identity-rule/obsolete-number"
_SETS = ("numbers", "registrations", "studies", "references", "listed", "parts", "publications")


@dataclass(slots=True)
class Place:
    """What a document or a loaded source counts, or everything."""

    printed: int = 0
    numbers: set[str] = field(default_factory=set)
    registrations: set[str] = field(default_factory=set)
    studies: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    publications: set[str] = field(default_factory=set)

    def add(self, other: "Place") -> None:
        """Add what another place counts, each thing once."""
        self.printed += other.printed
        for name in _SETS:
            getattr(self, name).update(getattr(other, name))

    def refer(self, entry: str, target: str) -> None:
        """Count an entry, and the publication that it refers to."""
        self.references.add(entry)
        if "/publication/" in target:
            self.publications.add(target)

    def counts(self) -> dict[str, int]:
        """Return how many there are of each."""
        return {"printed": self.printed, **{name: len(getattr(self, name)) for name in _SETS}}


class Identity:
    """What a registry number leads to: the record that has it today, that record's studies, and their wholes."""

    def __init__(self, graph: IndexedGraph) -> None:
        self._denoted = links(graph, "mse:denotesStudy")
        self._registered = links(graph, "^mse:registeredAs")
        self._above = links(graph, "mse:partOf")
        self._current = _current(graph)
        self._wholes: dict[str, list[str]] = {}

    def of_registration(self, registration: str) -> Iterable[str]:
        """Return the studies that a registration denotes, or is told to be one of."""
        return {*values(self._denoted, registration), *values(self._registered, registration)}

    def print(self, place: Place, number: str, times: int, *, own: bool = False) -> None:
        """Count a number that a place prints; what it denotes is listed there if it is that of an own record."""
        place.printed += times
        place.numbers.add(number)
        record = self._record(number)
        place.registrations.add(record)
        studies = values(self._denoted, record) or values(self._registered, record)
        for study in studies:
            self.count(place, study, listed=own)
        if not studies:
            place.studies.add(record)  # a study of its own
            place.listed.update([record] if own else [])

    def count(self, place: Place, study: str, *, listed: bool = False) -> None:
        """Count a study as what it is a part of, and itself beside that."""
        wholes = self.wholes(study)
        place.studies.update(wholes)
        if listed:
            place.listed.update(wholes)
        if study not in wholes:
            place.parts.add(study)

    def wholes(self, study: str) -> Sequence[str]:
        """Return what a study is in the end a part of: itself, if of nothing; in a ring, its first by IRI."""
        if study not in self._wholes:
            above, found, seen = [study], [], set()
            while above:
                one = above.pop()
                if one not in seen:
                    seen.add(one)
                    onward = values(self._above, one)
                    above += onward
                    if not onward:
                        found.append(one)
            self._wholes[study] = found or [min(seen)]
        return self._wholes[study]

    def _record(self, number: str) -> str:
        """Return the registration that has this number today."""
        seen: list[str] = []
        while number not in seen:
            seen.append(number)
            number = self._current.get(number, number)
        return number if seen[-1] == number else min(seen)


def _current(graph: IndexedGraph) -> Mapping[str, str]:
    """Return the record that has each former number today."""
    rules, stopped = links(graph, "mse:rule"), links(graph, "mse:stoppedBy")
    subject, object = links(graph, "sssom:subject_id"), links(graph, "sssom:object_id")
    found: defaultdict[str, set[str]] = defaultdict(set)
    for decision in rules:
        if _FORMER in values(rules, decision) and decision not in stopped:
            for former in values(object, decision):
                found[former].update(values(subject, decision))
    return {former: min(records) for former, records in found.items() if records}


def links(graph: IndexedGraph, step: str) -> Links:
    """Return what a property leads to, which is named with its prefix; ``^`` before it follows it backwards."""
    backwards = "^" if step.startswith("^") else ""
    return graph.follow([backwards + expand(step.removeprefix("^"))])


def members(graph: IndexedGraph, class_name: str) -> list[str]:
    """Return the things of a class, which is named with its prefix."""
    class_iri = expand(class_name)
    return [iri for iri, nodes in graph.types().items() if any(node.value == class_iri for node in nodes)]


def values(links: Links, thing: str) -> list[str]:
    """Return what links lead to from a thing, as text."""
    return [node.value for node in links.get(thing, ())]

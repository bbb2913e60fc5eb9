"""What descriptions in documents and records of registries state of a study, with whose word it is and as of when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server.exports.fhir_graph import Facts


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a property, with the thing that states it and whose word it is."""

    value: ox.Literal | ox.NamedNode
    printed: str
    by: str
    """IRI of the document or registration."""
    at: str
    node: str


class Stated:
    """What is stated of one study."""

    def __init__(self, study: str, facts: Facts) -> None:
        self._facts = facts
        self.registrations = facts.around(study, "registration")
        self.descriptions = facts.around(study, "description")

    def said(self, term: str, printed: str = "") -> Iterator[Said]:
        """Give what descriptions and registrations state under a property."""
        for node in (*self.descriptions, *self.registrations):
            by = self._facts.first(node, "mse:inDocument") or node
            for value in self._facts.terms(node, term):
                if isinstance(value, ox.Literal | ox.NamedNode):
                    words = self._facts.first(node, printed) if printed else ""
                    yield Said(value, words, by, self._at(node, term), node)

    def _at(self, node: str, term: str) -> str:
        """Return as of when a node states something: of a registration, the date of the page of its status."""
        if node not in self.registrations:
            return self._facts.first(node, "mse:asOf")
        field = {"mse:registeredStatus": "status", "mse:enrolment": "enrolment_type"}.get(term, "")
        for sourced in self._facts.around(node, "sourced"):
            if self._facts.first(sourced, "mse:field") == field:
                return self._facts.first(sourced, "mse:sourceDate")
        return ""

    def agreed(self, term: str) -> str:
        """Return the one value that all state which state any, else nothing."""
        values = {said.value.value for said in self.said(term)}
        return values.pop() if len(values) == 1 else ""

    def participants(self) -> tuple[int | None, int | None]:
        """Return how many were to take part and how many did, each where all that state it agree.

        A figure of a registry counts as the one or the other where the record says which it is.
        """
        planned = {said.value.value for said in self.said("mse:plannedParticipants")}
        actual = {said.value.value for said in self.said("mse:participants")}
        for said in self.said("mse:enrolment"):
            kind = {
                self._facts.first(one, "mse:value")
                for one in self._facts.around(said.node, "sourced")
                if self._facts.first(one, "mse:field") == "enrolment_type"
            }
            if kind == {"ACTUAL"}:
                actual.add(said.value.value)
            elif kind == {"ESTIMATED"}:
                planned.add(said.value.value)
        return _alone(planned), _alone(actual)


def _alone(values: set[str]) -> int | None:
    return int(next(iter(values))) if len(values) == 1 else None

"""Which numbers, parts and wholes are one study, which are kept apart, and by which decisions: a graph as values.

What the graph states without a decision (the catalogue lists a number, a part or a former address) is a tie too, and
says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from msevidence.server.study_read import Thing

Kind = Literal["study", "number", "description", "former"]
STATED = "stated"
"""Relation of a tie that no decision stands behind."""
FORMER = "former-address"
_SUBJECT, _OBJECT = "sssom:subject_id", "sssom:object_id"


@dataclass(frozen=True, slots=True)
class Tie:
    """Two things that are said to be one study, part and whole, or not the same, with all decisions that say it."""

    one: str
    other: str
    relation: str
    """Local name of the concept: ``same-study``, ``part-of``, ``not-same``; or ``stated``, ``former-address``."""
    stopped: bool = False
    decisions: list[Thing] = field(default_factory=list)


@dataclass(slots=True)
class Identity:
    """A study with all that is tied to it."""

    study: str
    wholes: Sequence[str] = ()
    parts: Sequence[str] = ()
    numbers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Study or part → its registrations and the descriptions that are decided to be of it."""
    others: Sequence[str] = ()
    """What is named in a decision and is neither: kept apart, or a former address."""
    ties: Sequence[Tie] = ()

    def all(self) -> list[str]:
        """Return everything in it, each once."""
        held = [iri for several in self.numbers.values() for iri in several]
        return list(dict.fromkeys([*self.wholes, self.study, *self.parts, *held, *self.others]))


def identity(
    study: str,
    decisions: Iterable[Thing],
    *,
    wholes: Sequence[str],
    parts: Sequence[str],
    registered: Mapping[str, Sequence[str]],
    former: Sequence[str] = (),
) -> Identity:
    """Return the graph of a study.

    Args:
        study: its IRI.
        decisions: about it, its parts and their numbers.
        wholes: the studies that it is a part of.
        parts: its parts.
        registered: study or part → its registrations.
        former: addresses under which it was known before.
    """
    numbers = {owner: list(registered.get(owner, ())) for owner in (study, *parts)}
    family = {study, *wholes, *parts, *(iri for several in numbers.values() for iri in several)}
    ties: dict[tuple[frozenset[str], str, bool], Tie] = {}
    others: dict[str, None] = {}
    for decision in decisions:
        subject, object_ = decision.first(_SUBJECT), decision.first(_OBJECT)
        relation = decision.first("relation").rpartition("/")[2]
        stopped = decision.first("outcomeOfDecision").endswith("/stopped") or bool(decision.first("stoppedBy"))
        key = (frozenset((subject, object_)), relation, stopped)
        ties.setdefault(key, Tie(object_, subject, relation, stopped)).decisions.append(decision)
        for iri, partner in ((subject, object_), (object_, subject)):
            if iri in family:
                continue
            if relation == "same-study" and not stopped and partner in numbers:
                numbers[partner] += [iri] if iri not in numbers[partner] else []
            else:
                others[iri] = None
    found = list(ties.values())
    joined = {frozenset((tie.one, tie.other)) for tie in found if not tie.stopped}
    same = [tie for tie in found if tie.relation == "same-study" and not tie.stopped]
    for owner, several in numbers.items():
        reached = _reached(owner, same)
        found += [Tie(owner, iri, STATED) for iri in several if iri not in reached]
    pairs = [*((whole, study) for whole in wholes), *((study, part) for part in parts)]
    found += [Tie(one, other, "part-of") for one, other in pairs if frozenset((one, other)) not in joined]
    found += [Tie(study, iri, FORMER) for iri in former]
    held = {iri for several in numbers.values() for iri in several}
    loose = [iri for iri in (*others, *former) if iri not in held]
    return Identity(study, wholes, parts, numbers, loose, found)


def _reached(start: str, ties: Iterable[Tie]) -> set[str]:
    """Return what is one with a thing by ties, through others too."""
    pairs = [(tie.one, tie.other) for tie in ties]
    found, before = {start}, 0
    while len(found) > before:
        before = len(found)
        found |= {end for pair in pairs if found & set(pair) for end in pair}
    return found


def kind_of(iri: str) -> Kind:
    """Return what a node is, by its address."""
    if "/registration/" in iri:
        return "number"
    return "description" if "/study-description/" in iri else "study"

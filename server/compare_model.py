"""What documents say, side by side: values as each has them, and whether they say the same.

Whether two values are the same is only said of what can be told apart by itself: concepts, numbers, dates,
publications, registry numbers. Words are shown as they stand: whether they mean the same, the reader judges, or a
recorded disagreement says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.review_model import Words

STUDY_FIELDS = (
    *("status", "design", "phase", "transplantation", "population", "ms-type", "participants", "planned", "comparator"),
    *("follow-up", "start", "end", "expected", "place", "led-by", "publication", "registration", "words"),
)
DOCUMENT_FIELDS = ("issued", "included", "excluded", "search", "conclusion", "recommendation", "decision")
IN_WORDS = ("population", "comparator", "follow-up", "included", "excluded", "conclusion", "recommendation")
"""Fields whose values are words of the documents, each in its own language."""
UNCOMPARED = ("words", "issued")
"""Fields that are shown, and of which nothing is to be said: two documents are two texts, of two dates."""
DATES = ("start", "end", "expected")
STATES = ("same", "compatible", "partly", "words", "other", "one", "both")
SAME_STATUS = frozenset(("completed", "results-published"))
"""A study whose results are published is completed: the two are no difference."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that a document gives."""

    document: str
    field: str
    value: str
    """An IRI, or the text of a literal."""
    iri: bool
    printed: str = ""
    detail: str = ""
    """Of a publication its number, of an expected date the event, of a criterion the element, of a search its date."""
    as_of: str = ""
    passage: str = ""
    text: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement."""

    document: str
    passage: str
    says: str
    language: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where two documents say different things: the kind is read as "the first … the second"."""

    iri: str
    study: str
    """Empty where it is of no study."""
    kind: str
    found_by: str
    verdict: Words
    field: Words
    first: Side
    second: Side


def comparable(fact: Fact) -> str:
    """Return what of a value is compared.

    >>> comparable(Fact("d", "status", "https://w3id.org/msevidence/scheme/status-as-reported/results-published", True))
    'completed'
    """
    value = fact.value.rpartition("/")[2] if fact.iri else " ".join(fact.value.split()).casefold()
    if fact.field == "status" and value in SAME_STATUS:
        return min(SAME_STATUS)
    return f"{fact.detail} {value}" if fact.field == "expected" else value


def state(field: str, said: Mapping[str, Sequence[Fact]]) -> str:
    """Return how what documents say of a field relates, one of STATES; empty where nothing is to be said of it.

    Args:
        field: of the facts.
        said: what each of the documents that are compared says, empty where it says nothing.
    """
    speaking = [facts for facts in said.values() if facts]
    if field in UNCOMPARED:
        return ""
    if len(speaking) < 2:
        return "one" if speaking else ""
    exact = [frozenset(fact.value for fact in facts) for facts in speaking]
    sets = [frozenset(map(comparable, facts)) for facts in speaking]
    if all(one == sets[0] for one in sets):
        return "same" if field != "status" or all(one == exact[0] for one in exact) else "compatible"
    if field in IN_WORDS:
        return "words"
    if field == "decision":
        return "both"
    if field in DATES and all(_one_date(one, sets[0]) for one in sets):
        return "compatible"
    return "partly" if frozenset.intersection(*sets) else "other"


def _one_date(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two dates can both hold, since one only says less: 2018 and 2018-03."""
    if len(one) != 1 or len(other) != 1:
        return False
    first, second = next(iter(one)), next(iter(other))
    return first.startswith(second) or second.startswith(first)

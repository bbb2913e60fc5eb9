"""A number, or the link beside it, leads to a record about another condition than the document's.

What the document is about is found in it: in the conditions that most of the registrations that it names are about, or,
where it names few, in its title. A record with no word of that is about something else.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import RDFS

from msevidence.loaders.identity.names import MS, UMBRELLA, about_other_things, share, topic
from msevidence.loaders.review.identifiers.known import registration_titles, short
from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, View
from msevidence.ontology.namespaces import MSE

_CLAUSE = re.compile(r"[:;.(–]|\s-\s")
_BEFORE = re.compile(r"\b(?:in|for|with|of|among|ved|for|hos|med|mot|av)\b", re.I)
_MANY = 3
"""Registrations with a record from which most of them say what a document is about."""
_WORDS = 3
"""Words that a record must have to be about something else."""
_LIKE_OTHERS = 0.5
"""Share of the words of a title that stand in other records, from which it may be about what they are about."""


@dataclass
class _Named:
    """A registration that a document names or links."""

    registration: Thing
    passages: set[str] = field(default_factory=set)

    @property
    def titles(self) -> list[str]:
        return registration_titles(self.registration)

    @property
    def topic(self) -> frozenset[str]:
        return frozenset().union(*map(topic, [*self.titles, *self.registration.values(MSE.condition)]))

    @property
    def condition(self) -> frozenset[str]:
        """Words of the condition: as the registry has it, else what a title ends with (``… in multiple sclerosis``)."""
        registered = self.registration.values(MSE.condition)
        return frozenset().union(*map(topic, registered or map(condition_phrase, self.titles)))


def condition_phrase(title: str) -> str:
    """Return what stands after the last preposition of the first part of a title.

    >>> condition_phrase("Mesenchymal stem cells for the treatment of multiple sclerosis: a pilot study")
    'multiple sclerosis'
    """
    return _BEFORE.split(_CLAUSE.split(title.strip())[0])[-1].strip()


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        named = [n for n in _named(document) if n.topic]
        for one in named:
            yield _outcome(view, document, one, [n for n in named if n is not one])


def _named(document: Document) -> list[_Named]:
    found: dict[str, _Named] = {}
    places: list[tuple[Thing, list[str]]] = []
    for mention in document.of(MSE.NumberMention):
        for path in (MSE.denotesRegistration, MSE.linksToRegistration):
            places += [(r, mention.values(MSE.inPassage)) for r in mention.all(path)]
    for reference in document.references.values():
        thing = document.things.get(reference.publication) if reference.publication else None
        if thing is not None and thing.is_a(MSE.Registration):
            places.append((thing, [p.iri for p in reference.passages]))
    for registration, passages in places:
        found.setdefault(registration.iri, _Named(registration)).passages.update(passages)
    return [found[iri] for iri in sorted(found)]


def _outcome(view: View, document: Document, one: _Named, others: list[_Named]) -> Outcome:
    places = tuple(view.passages_in_order(one.passages))
    subject = _subject(document, others)
    if not _about_another(document, one, others, subject):
        return Outcome(document.iri, False, one.registration.iri, places, about=(one.registration.iri,))
    name = one.registration.value(RDFS.label) or one.registration.iri.rsplit("/", 1)[-1]
    conditions = ", ".join(sorted(one.registration.values(MSE.condition)))
    what = conditions or (one.titles or [""])[0]
    most = _example(others, subject)
    english = f"{name} is named or linked here; its record is about something else than the document: “{short(what)}”."
    norwegian = f"{name} er nevnt eller lenket til her; posten gjelder noe annet enn dokumentet: «{short(what)}»."
    compared = [
        Compared("record", "post", what, source=one.registration.iri),
        Compared("the document", "dokumentet", document.title),
    ]
    if most is not None:
        compared.append(
            Compared("another of its records", "en annen av postene", most.titles[0], source=most.registration.iri)
        )
    iri = one.registration.iri
    return Outcome(document.iri, True, iri, places, english, norwegian, tuple(compared), (iri,))


def _subject(document: Document, others: list[_Named]) -> frozenset[str]:
    """Return the words that the conditions of half of the other registrations share; none where these are few."""
    known = [n.condition for n in others if n.condition]
    counts = Counter(word for words in known for word in words)
    return frozenset(w for w, n in counts.items() if len(known) >= _MANY and 2 * n >= len(known))


def _about_another(document: Document, one: _Named, others: list[_Named], subject: frozenset[str]) -> bool:
    if len(one.topic) < _WORDS:
        return False
    if MS in subject | topic(document.title) and any(w.startswith(UMBRELLA) for w in one.topic):
        return False
    if subject and one.registration.values(MSE.condition):
        return not share(one.topic, subject)
    if subject:
        # A title may leave the condition out, and name what the others name.
        named = frozenset().union(*(n.topic for n in others))
        return not share(one.topic, subject) and share(one.topic, named) < _LIKE_OTHERS * len(one.topic)
    # Words of two languages say nothing of each other; records are in English.
    return document.language == "en" and about_other_things(one.topic, topic(document.title))


def _example(others: list[_Named], subject: frozenset[str]) -> _Named | None:
    return next((n for n in others if n.titles and share(n.topic, subject)), None)


RULE = Rule(
    "record-of-other-condition",
    Severity.ERROR,
    "registration numbers or links to records that are known",
    "registreringsnumre eller lenker til poster som er kjent",
    _check,
    file="loaders/review/identifiers/record_of_other_condition.py",
)

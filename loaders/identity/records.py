"""What the loaded records say, one entry a registration: versions and country records of a number are put together.

A later version that no longer gives a number does not take it back, since another register may have copied the earlier
one: what contradicts is found out by the constraints, and mended by a decision.
"""

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msevidence.loaders.exports.facts import RegistrationFact
from msevidence.loaders.identity.names import initials, topic, words
from msevidence.loaders.identity.placeholders import is_placeholder
from msevidence.ontology.identifiers import SCHEMES
from msevidence.ontology.iris import Kind, mint, parts

_LETTERS = string.ascii_letters
_ORDER = {name: rank for rank, name in enumerate(("NCT", "EudraCT", "CTIS", "ISRCTN"))}

_UNNAMED = {name for name, scheme in SCHEMES.items() if not scheme.pattern[1:2].isalpha()}
"""Schemes whose numbers do not begin with a name of the registry; the key of a registration does."""


def rank_of(iri: str) -> tuple[int, str]:
    """Return the place of a thing among those of one study: registrations by scheme, then number; others last."""
    kind, key = parts(iri)
    if kind is not Kind.REGISTRATION:
        return len(_ORDER) + 1, iri
    letters = key[: len(key) - len(key.lstrip(_LETTERS))]
    return _ORDER.get(letters, len(_ORDER)), key


@dataclass(frozen=True, slots=True, order=True)
class Given:
    """A number that a record gives, and where."""

    role: str
    printed: str
    key: str
    """Of the registration that it denotes; empty where it is a number of no registry."""
    label: str
    place: str
    """The record and its place: ``NCT00273364: line 12``."""
    date: str


@dataclass(slots=True)
class Record:
    """All that is known of one registration, or of a study that a catalogue describes."""

    iri: str
    scheme: str = ""
    number: str = ""
    titles: set[tuple[str, str, str]] = field(default_factory=set)
    """(kind, text, language)."""
    acronyms: set[str] = field(default_factory=set)
    sponsors: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    given: set[Given] = field(default_factory=set)
    placeholders: set[tuple[str, str]] = field(default_factory=set)
    """(printed, place)."""
    updated: tuple[str, str] = ("", "")
    """Date and key of the newest version, which gives the titles to show."""
    shown: tuple[tuple[str, str, str], ...] = ()
    """The titles of that version."""
    _topics: tuple[frozenset[str], frozenset[str]] | None = None

    @property
    def name(self) -> str:
        """The number as people write it, with the name of its scheme where the number does not say it."""
        return self.number if self.number[:1].isalpha() else f"{self.scheme} {self.number}".strip()

    def texts(self) -> list[str]:
        """Return all titles, sorted."""
        return sorted({text for _, text, _ in self.titles})

    def languages(self) -> set[str]:
        """Return the languages of the titles."""
        return {language.partition("-")[0].lower() for _, _, language in self.titles}

    def topics(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return what the conditions are about, and what conditions and titles are about."""
        if self._topics is None:
            conditions = frozenset().union(*map(topic, self.conditions))
            short = {i for c in self.conditions if len(i := initials(c)) > 2}
            of_titles = frozenset().union(*map(topic, self.texts()))
            # An abbreviation counts only where the other record writes it: alone it says no more than its words.
            self._topics = conditions | short, conditions | of_titles | short
        return self._topics

    def has_acronym_in_title(self, acronyms: Iterable[str]) -> bool:
        """Say whether a title holds one of ``acronyms`` as words of its own, and the record has no acronym itself.

        Where it has one, the acronym in its title is that of a treatment or of a group.
        """
        if self.acronyms:
            return False
        padded = [f" {' '.join(words(text))} " for text in self.texts()]
        return any(f" {' '.join(words(a))} " in title for a in acronyms if len(a) > 3 for title in padded)


class Records:
    """The records by the IRI of their registration, and every number that any of them gives."""

    def __init__(self, facts: Iterable[RegistrationFact] = (), studies: Iterable[Record] = ()) -> None:
        """Take in ``facts``, in any order, and the ``studies`` of catalogues, which have names and no numbers."""
        self.of: dict[str, Record] = {}
        self.studies: dict[str, Record] = {study.iri: study for study in studies}
        self.numbers: dict[str, tuple[str, str]] = {}
        """Scheme and number, as printed, of registrations that records only name."""
        for fact in facts:
            self._take(fact)

    def _take(self, fact: RegistrationFact) -> None:
        iri = registration(fact.key)
        record = self.of.get(iri)
        if record is None:
            record = self.of[iri] = Record(iri, fact.scheme, fact.number)
        record.titles.update(fact.titles)
        record.acronyms.update(fact.acronyms)
        record.sponsors.update(fact.sponsors)
        record.conditions.update(fact.conditions)
        place = f"{record.name}: {fact.place}" if fact.place else record.name
        record.placeholders.update((printed, place) for printed in fact.placeholders)
        for number in fact.numbers:
            key = number.key or ""
            if key and is_placeholder(key):
                record.placeholders.add((number.printed, place))
            elif key != fact.key:
                given = Given(number.role, number.printed, key, number.label or "", place, fact.updated)
                record.given.add(given)
                if key:
                    self.numbers.setdefault(registration(key), (number.scheme or "", key))
        newest = (fact.updated, fact.version)
        if fact.titles and newest >= record.updated:
            record.updated, record.shown = newest, fact.titles

    def __iter__(self) -> Iterator[Record]:
        return iter(self.of.values())

    def known(self) -> set[str]:
        """Return every registration that has a record or stands in one."""
        return self.of.keys() | self.numbers.keys()

    def get(self, iri: str) -> Record | None:
        """Return what is known of a registration or a study of a catalogue."""
        return self.of.get(iri) or self.studies.get(iri)


def registration(key: str) -> str:
    """Return the IRI of the registration with ``key``."""
    return str(mint(Kind.REGISTRATION, key))


def name_of(iri: str, records: Records | None = None) -> str:
    """Return how people write a registration (``EudraCT 2010-024081-21``), or the key or name of a study."""
    known = None if records is None else records.get(iri)
    kind, key = parts(iri)
    if kind is not Kind.REGISTRATION:
        return known.name if known is not None and known.number else f"{kind}/{key}"
    if known is not None:
        return known.name
    scheme, _, number = key.partition("-")
    return f"{scheme} {number}" if scheme in _UNNAMED and number else key

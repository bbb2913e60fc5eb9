"""Which study a passage speaks of: by its row or column, a number, a name, a citation, or what stands before it."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rdflib import RDFS

from msevidence.loaders.review.dates.reported import has_number, reported
from msevidence.loaders.review.dates.study_names import WORD, study_names
from msevidence.loaders.review.kept import kept
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage
from msevidence.ontology.namespaces import BIRO, MSE

_AUTHOR = re.compile(r"\((?:forfatter|author)s?\)", re.I)
_NAME = re.compile(r"[A-ZÆØÅ][\w-]{3,}\Z")
_PRINTED = re.compile(r"(?:(?!\(|\[|EudraCT|EUCTR|NCT\d|ISRCTN|IRCT\d|\d{4}-\d).){2,60}", re.S)
_ABBREVIATION = re.compile(r"\(([\w-]+)[),;]")
_ACRONYM = re.compile(r"[A-ZÆØÅ].*[A-ZÆØÅ]")
_BACK = re.compile(
    r"(?:(?:In|At|During|I|Ved)\s)?(?:the|this|it|denne|dette|den|det|studien|forsøket)\b(?!\s(?:first|second|other|remaining"
    r"|andre|øvrige|første))",
    re.I,
)
_STUDY = re.compile(r"\b(?:study|trial|studien|forsøket)\b", re.I)
_OWN = re.compile(
    r"\b(?:this|our|the|present|denne|vår)\s(?:present\s)?(?:study|trial|studien?)\b|\bwe\b|\bvi\b"
    r"|\b(?:inclusion\speriod|recruit(?:ed|ment)|enrol(?:led|ment)|randomi[sz]ed|inklusjonsperiode\w*|rekrutter\w+|randomisert)\b",
    re.I,
)


@dataclass(frozen=True)
class Subject:
    """A study that a passage speaks of."""

    study: Thing
    name: str
    """As the document prints it, else its label."""
    registrations: tuple[Thing, ...]
    """Of the study; of a part of a study those alone that the document prints."""
    named: Passage | None
    """Passage by which it is known: the first cell of the row, the heading of the column, the sentence itself."""
    by: str
    """row, column, number, name, citation, description, before, own"""


class Subjects:
    """The studies that the passages of a document speak of."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.things = document.things
        self._numbers: dict[str, list[Thing]] = defaultdict(list)
        for mention in document.of(MSE.NumberMention):
            registration = mention.one(MSE.denotesRegistration)
            for iri in mention.values(MSE.inPassage):
                if registration is not None:
                    self._numbers[iri].append(registration)
        self._printed = {r.iri for rs in self._numbers.values() for r in rs}
        self._paragraphs: dict[tuple[str | None, int], list[Passage]] = defaultdict(list)
        for passage in document.passages:
            if passage.paragraph is not None:
                self._paragraphs[(passage.section, passage.paragraph)].append(passage)
        self._tables = {t.iri: t for t in document.tables}
        self._described: dict[str, set[str]] = defaultdict(set)
        for description in document.of(MSE.StudyDescription):
            for iri in description.values(MSE.statedIn):
                self._described[iri].update(description.values(MSE.describes))
        self._names = self._known_names()
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            for word in WORD.findall(name)[:1]:
                self._by_word[word].append(name)
        self._own = self._own_study()

    def of(self, passage: Passage) -> Subject | None:
        """Return the one study that a passage speaks of; ``None`` where there is none, or more than one."""
        found = self.all_of(passage)
        return found[0] if len(found) == 1 else None

    def all_of(self, passage: Passage) -> list[Subject]:
        """Return the studies that a passage speaks of, by the surest that it has to tell them by."""
        if passage.table is not None and passage.column is not None:
            return self._in_table(passage)
        here = self._in_words(passage)
        if here:
            return here
        before = self._before(passage)
        if before:
            return [before]
        if (
            self._own
            and _OWN.search(passage.text)
            and self.document.section_roles(passage) & {"abstract", "methods", "results"}
        ):
            return [self._own]
        return []

    def row(self, passage: Passage) -> Subject | None:
        """Return the study of a row that one of its cells stands in."""
        found = [s for s in self.all_of(passage) if s.by == "row"]
        return found[0] if len(found) == 1 else None

    def numbered(self, study: Thing) -> Passage | None:
        """Return the first passage that prints a registration number of a study."""
        for registration in self.things.pointing(MSE.denotesStudy, study.iri):
            for iri, printed in self._numbers.items():
                if registration in printed and iri in self.document.by_iri:
                    return self.document.by_iri[iri]
        return None

    def _in_table(self, passage: Passage) -> list[Subject]:
        table = self._tables.get(passage.table or "")
        if table is None:
            return []
        if passage.row == 0:
            return self._by_number([passage]) or self._by_citation([passage]) if passage.column else []
        own = self._by_number([passage])
        name = printed_name(" ".join(p.text for p in table.cells.get(passage.row or 0, {}).get(0, [])))
        first = table.cells.get(passage.row or 0, {}).get(0, [])
        heading = table.cells.get(0, {}).get(passage.column or 0, [])
        if own and passage.column != 0:
            return own
        return (
            [_by(s, "row", name) for s in self._by_number(first)[:1] or self._by_name(first)]
            or [_by(s, "column") for s in self._by_number(heading) or self._by_citation(heading)]
            or [_by(s, "row", name) for s in self._by_citation(first)]
        )

    def _in_words(self, passage: Passage) -> list[Subject]:
        return (
            self._by_number([passage])
            or self._by_name([passage])
            or self._by_description(passage)
            or self._by_citation([passage])
        )

    def _by_number(self, passages: list[Passage]) -> list[Subject]:
        studies: dict[str, Subject] = {}
        for passage in passages:
            for registration in self._numbers.get(passage.iri, ()):
                for study in registration.all(MSE.denotesStudy):
                    studies.setdefault(study.iri, self._subject(study, passage, "number"))
        return list(studies.values())

    def _by_name(self, passages: list[Passage]) -> list[Subject]:
        studies: dict[str, Subject] = {}
        for passage in passages:
            for name in self._named_in(passage):
                study = self._names[name]
                studies.setdefault(study.iri, self._subject(study, passage, "name", name))
        return list(studies.values())

    def _named_in(self, passage: Passage) -> list[str]:
        """Return the names of studies in a passage; catalogues may hold many, so they are looked up by a word."""
        candidates = {n for word in WORD.findall(passage.text) for n in self._by_word.get(word, ())}
        return sorted(n for n in candidates if re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", passage.text))

    def _by_citation(self, passages: list[Passage]) -> list[Subject]:
        studies: dict[str, Subject] = {}
        for passage in passages:
            for pointer in self.document.pointers_of.get(passage.iri, ()):
                if pointer.reference is None or pointer.inherited:
                    continue
                for publication in self.things.get(pointer.reference).all(BIRO.references):
                    for study in reported(publication):
                        studies.setdefault(study.iri, self._subject(study, passage, "citation"))
        return list(studies.values())

    def _by_description(self, passage: Passage) -> list[Subject]:
        studies = sorted(self._described.get(passage.iri, ()))
        return [self._subject(self.things.get(s), passage, "description") for s in studies]

    def _before(self, passage: Passage) -> Subject | None:
        """Return the study of the sentences around, where this one only says "the study"."""
        if passage.paragraph is None:
            return None
        same = self._paragraphs[(passage.section, passage.paragraph)]
        if _BACK.match(passage.text):
            for earlier in reversed([p for p in same if p.ordinal < passage.ordinal][-2:]):
                found = self._in_words(earlier)
                if found:
                    return _by(found[0], "before") if len(found) == 1 else None
        if _STUDY.search(passage.text):
            sponsored = {s for p in same if p.ordinal <= passage.ordinal for s in self._by_sponsor(p)}
            if len(sponsored) == 1:
                return self._subject(self.things.get(sponsored.pop()), passage, "before")
            described = {s for p in same for s in self._described.get(p.iri, ())}
            if len(described) == 1:
                study = self.things.get(described.pop())
                return self._subject(study, next(p for p in same if self._described.get(p.iri)), "before")
        return None

    def _by_sponsor(self, passage: Passage) -> set[str]:
        """Return the studies that a sentence means by "a trial at …": those of that sponsor that the document names."""
        if not _STUDY.search(passage.text):
            return set()
        return {study for sponsor, studies in self._sponsors.items() if sponsor in passage.text for study in studies}

    @cached_property
    def _sponsors(self) -> dict[str, set[str]]:
        """Return the studies that the document names anywhere, by sponsor."""
        named = {self._names[n].iri for p in self.document.passages for n in self._named_in(p)}
        sponsors: dict[str, set[str]] = defaultdict(set)
        for registration in {r for study in named for r in self.things.pointing(MSE.denotesStudy, study)}:
            if registration.is_a(MSE.Registration):
                for sponsor in registration.values(MSE.sponsor):
                    if " " in sponsor:
                        sponsors[sponsor].update(registration.values(MSE.denotesStudy))
        return sponsors

    def _subject(self, study: Thing, passage: Passage, by: str, name: str | None = None) -> Subject:
        registrations = {
            r.iri: r for r in [*study.all(MSE.registeredAs), *self.things.pointing(MSE.denotesStudy, study.iri)]
        }
        if study.values(MSE.partOf):
            registrations = {iri: r for iri, r in registrations.items() if iri in self._printed}
        known = name or study.value(MSE.acronym) or study.value(RDFS.label) or study.iri.rsplit("/", 1)[-1]
        return Subject(study, known, tuple(registrations[i] for i in sorted(registrations)), passage, by)

    def _known_names(self) -> dict[str, Thing]:
        names: dict[str, set[str]] = defaultdict(set)
        numbered = {s for iri in self._printed for s in self.things.get(iri).values(MSE.denotesStudy)}
        # "(HSCT)" makes HSCT an abbreviation of this document, whatever study of a catalogue is called so.
        abbreviations = {a for p in self.document.passages for a in _ABBREVIATION.findall(p.text)}
        known_names = study_names(self.things)
        printed = {w for p in self.document.passages for w in WORD.findall(p.text)}
        for name, study in known_names.beginning_with(printed):
            if study in numbered or (_ACRONYM.search(name) and name not in abbreviations):
                names[name].add(study)
        for table in self.document.tables:
            for row, cells in table.cells.items():
                first = cells.get(0, [])
                own = self._by_number(first)[:1]
                words = " ".join(p.text for p in first)
                name = printed_name(words) or ""
                if row and own and _NAME.match(name) and not _AUTHOR.search(words):
                    names[name].add(own[0].study.iri)
        # An acronym of a record may be a common word: it is a name only where the document prints the number, too.
        for iri in sorted(self._printed):
            registration = self.things.get(iri)
            for name in registration.values(MSE.acronym):
                if name not in names:
                    names[name].update(registration.values(MSE.denotesStudy))
        known: dict[str, Thing] = {}
        for name, iris in sorted(names.items()):
            studies = [self.things.get(iri) for iri in sorted(iris)]
            if not any(map(has_number, studies)):
                # A catalogue may have the name alone, and a table of another document the name with a number.
                studies += [s for s in known_names.labelled(name) if s.iri not in iris]
            studies = studies if len(studies) == 1 else [s for s in studies if has_number(s)]
            if len(studies) == 1 and len(name) > 2:
                known[name] = studies[0]
        return known

    def _own_study(self) -> Subject | None:
        """Return the study that a report of a trial is about: the one whose number its abstract prints."""
        passages = [p for p in self.document.passages if "abstract" in self.document.section_roles(p)]
        found = self._by_number(passages)
        return _by(found[0], "own") if len(found) == 1 else None


def printed_name(cell: str) -> str | None:
    """Return the name with which a first cell begins, before any number or note in brackets.

    >>> printed_name("MIST NCT00273364 (NCT03133403)")
    'MIST'
    """
    match = _PRINTED.match(cell)
    return match.group().strip(" ,:;") or None if match else None


def _by(subject: Subject, by: str, name: str | None = None) -> Subject:
    return Subject(subject.study, name or subject.name, subject.registrations, subject.named, by)


@kept
def subjects_of(document: Document) -> Subjects:
    """Return the studies of the passages of a document; rules share one."""
    return Subjects(document)

"""The title printed with a registry number is that of another record, or the record is about something else."""

from collections.abc import Iterable, Iterator

from rdflib import DCTERMS, RDFS

from msevidence.loaders.identity.names import about_other_things, share, title_key, titles_agree, topic
from msevidence.loaders.review.identifiers.known import mentions_by_row, registration_titles, short
from msevidence.loaders.review.identifiers.record_of_other_condition import condition_phrase
from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, Reference, View
from msevidence.ontology.namespaces import MSE, PRISM

_Beside = list[tuple[Passage, Thing]]
_REGISTRATION = "registration"
_FEWEST = 3
"""Words beside the condition by which a title is known as the record's."""
_SHARED = 0.75
"""Share of these words that stand in the record."""


class _Titles:
    """The titles of registrations by their records, and the registrations with a title: there may be many."""

    def __init__(self, titles: dict[str, list[str]]) -> None:
        self._titles = titles
        self._holders: dict[str, list[str]] = {}
        for iri, own in titles.items():
            for key in {title_key(t) for t in own}:
                self._holders.setdefault(key, []).append(iri)

    def of(self, registrations: Iterable[str]) -> list[str]:
        """Return the titles of registrations."""
        return [t for iri in registrations for t in self._titles.get(iri, ())]

    def with_title(self, title: str) -> list[str]:
        """Return the registrations with a title, in the order of their IRIs."""
        return self._holders.get(title_key(title), [])


def _check(view: View) -> Iterator[Outcome]:
    titles = _Titles({r.iri: t for r in view.things.of_class(MSE.Registration) if (t := registration_titles(r))})
    for document in view.documents:
        rows = mentions_by_row(document)
        entries = [
            (reference, beside)
            for reference in document.references.values()
            if reference.title and _is_registration(reference) and (beside := _beside(document, reference, rows))
        ]
        for reference, beside in entries:
            same = _printed_again(view, reference, beside, entries)
            if found := _outcome(view, document, reference, beside, titles, same):
                yield found


def _printed_again(
    view: View, reference: Reference, beside: _Beside, entries: list[tuple[Reference, _Beside]]
) -> list[tuple[Reference, list[str]]]:
    """Return the entries that print the same title with the number of another study, and these numbers."""
    family = {s for iri in _registrations(beside) for s in _family(view.things.get(iri))}
    key = title_key(reference.title or "")
    return [
        (other, numbers)
        for other, theirs in entries
        if other is not reference
        and title_key(other.title or "") == key
        and (numbers := _registrations(_first_column(theirs)))
        and not any(family & _family(view.things.get(iri)) for iri in numbers)
    ]


def _is_registration(reference: Reference) -> bool:
    """Say whether an entry names a record of a registry, not an article about the trial."""
    if reference.thing.concept(MSE.entryKind) is not None:
        return reference.thing.concept(MSE.entryKind) == _REGISTRATION
    if "/registration/" in (reference.publication or ""):
        return True
    return not (reference.thing.values(PRISM.volume) or reference.thing.values(PRISM.pageRange))


def _beside(document: Document, reference: Reference, rows: dict[tuple[str, int], _Beside]) -> _Beside:
    """Return the numbers printed in the entry, or in its row."""
    iris = {p.iri for p in reference.passages}
    own = [(document.by_iri[p], t) for t in document.of(MSE.NumberMention) if (p := t.value(MSE.inPassage)) in iris]
    if own:
        return own
    found = [m for p in reference.passages if p.table and p.row is not None for m in rows.get((p.table, p.row), [])]
    return list(dict.fromkeys(found))


def _first_column(beside: _Beside) -> _Beside:
    """Return the numbers of the study: those of its sites and parts stand further to the right."""
    first = min(p.column or 0 for p, _ in beside)
    return [m for m in beside if (m[0].column or 0) == first]


def _registrations(beside: _Beside) -> list[str]:
    return sorted({iri for _, t in beside for iri in t.values(MSE.denotesRegistration)})


def _family(registration: Thing) -> set[str]:
    """Return the registration and its study, with the studies that this is a part of, or that are parts of it."""
    found = {registration.iri}
    for study in registration.all(MSE.denotesStudy):
        wholes = study.values(MSE.partOf)
        found |= {study.iri, *wholes, *(p.iri for p in study.things.pointing(MSE.partOf, study.iri))}
    return found


def _outcome(
    view: View,
    document: Document,
    reference: Reference,
    beside: _Beside,
    titles: _Titles,
    same: list[tuple[Reference, list[str]]],
) -> Outcome | None:
    """Return what comparing shows; ``None`` where no record of the numbers, and none with this title, is known."""
    title = reference.title or ""
    numbers = _registrations(_first_column(beside))
    own = titles.of(numbers)
    place = reference.passages[0].iri
    if titles_agree([title], titles.of(_registrations(beside))):
        return Outcome(document.iri, False, reference.iri, (place,), about=tuple(numbers))
    family = {s for iri in _registrations(beside) for s in _family(view.things.get(iri))}
    others = [iri for iri in titles.with_title(title) if not family & _family(view.things.get(iri))]
    printed = ", ".join(dict.fromkeys(_name(view.things.get(iri)) for iri in numbers))
    compared = [Compared("printed title", "trykt tittel", title, place)]
    if others:
        name = _name(view.things.get(others[0]))
        english = f"The number is printed as {printed}; the title printed with it, “{short(title)}”, is that of {name}."
        norwegian = f"Nummeret er trykt som {printed}; tittelen som står ved det, «{short(title)}», tilhører {name}."
        compared.append(Compared(f"title of {name}", f"tittelen til {name}", title, source=others[0]))
    elif same:
        theirs, places_of_theirs = same[0][1], [p.iri for p in same[0][0].passages[:1]]
        name = ", ".join(_name(view.things.get(iri)) for iri in theirs)
        english = f"The number is printed as {printed}; the title printed with it, “{short(title)}”, is also printed"
        english += f" with {name}, which is another study."
        norwegian = f"Nummeret er trykt som {printed}; tittelen som står ved det, «{short(title)}», står også ved"
        norwegian += f" {name}, som er en annen studie."
        compared.append(Compared(f"title at {name}", f"tittel ved {name}", title, places_of_theirs[0]))
        others = theirs
    elif own and (named := _other_condition(view, title, numbers, own)):
        english = f"The title printed with {printed} names “{named[0]}” and not “{named[1]}”; the record of the number"
        english += f" is called “{short(own[0])}”."
        norwegian = f"Tittelen som står ved {printed}, nevner «{named[0]}» og ikke «{named[1]}»; posten for nummeret"
        norwegian += f" heter «{short(own[0])}»."
        compared.append(Compared("title of the record", "postens tittel", own[0], source=numbers[0]))
    elif own and about_other_things(topic(title), frozenset().union(*map(topic, own))):
        english = f"The title printed with {printed} is “{short(title)}”; the record of the number is called"
        english += f" “{short(own[0])}”."
        norwegian = f"Tittelen som står ved {printed}, er «{short(title)}»; posten for nummeret heter"
        norwegian += f" «{short(own[0])}»."
        compared.append(Compared("title of the record", "postens tittel", own[0], source=numbers[0]))
    elif own:
        return Outcome(document.iri, False, reference.iri, (place,), about=tuple(numbers))
    else:
        return None
    places = view.passages_in_order(
        {place, *(p.iri for p, _ in _first_column(beside)), *(c.passage for c in compared if c.passage)}
    )
    about = (*numbers, *others[:1])
    path = str(DCTERMS.title)
    return Outcome(
        document.iri, True, reference.iri, tuple(places), english, norwegian, tuple(compared), about, path=path
    )


def _other_condition(view: View, title: str, numbers: list[str], own: list[str]) -> tuple[str, str] | None:
    """Return the condition that a title names in place of the record's, and that; the other words are the record's."""
    registered = [c for iri in numbers for c in view.things.get(iri).values(MSE.condition)]
    conditions = registered or [condition_phrase(t) for t in own]
    phrase, known = condition_phrase(title), frozenset().union(*map(topic, [*own, *conditions]))
    named, others = topic(phrase), topic(title) - topic(phrase)
    ours = frozenset().union(*map(topic, conditions))
    if not named or not ours or share(named, known) or share(topic(title), ours) or len(others) < _FEWEST:
        return None
    return (phrase, conditions[0]) if share(others, known) >= _SHARED * len(others) else None


def _name(registration: Thing) -> str:
    return registration.value(RDFS.label) or registration.iri.rsplit("/", 1)[-1]


RULE = Rule(
    "title-of-other-record",
    Severity.ERROR,
    "titles printed with registration numbers that there is a record of",
    "titler som står ved registreringsnumre det finnes en post for",
    _check,
    file="loaders/review/identifiers/title_of_other_record.py",
)

"""What is known of works and registrations from elsewhere than the document that prints them."""

import re
from collections.abc import Iterable

from rdflib import DCTERMS

from msevidence.loaders.identity.names import fold
from msevidence.loaders.review.identifiers.titles import title_letters
from msevidence.loaders.review.kept import kept
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, Reference, View
from msevidence.ontology.namespaces import BIRO, FABIO, MSE, PRISM

_PLACE = re.compile(r"(\d+)\s*(?:\([^()]*\))?\s*:\s*([A-Za-z]{0,3}\d+)")
_VERSION = re.compile(r"\.pub\d+$")
_NUMBER = re.compile(r"\d+")
_IDENTIFIERS = ((PRISM.doi, "DOI"), (FABIO.hasPubMedId, "PMID"), (FABIO.hasPubMedCentralId, "PMCID"))


def sourced(thing: Thing, *fields: str) -> list[str]:
    """Return the values that stored records give a thing in the first of ``fields`` that any of them has."""
    values = [t for t in thing.things.pointing(MSE.about, thing.iri) if t.is_a(MSE.SourcedValue)]
    for field in fields:
        found = sorted({word for t in values if t.value(MSE.field) == field for word in t.values(MSE.value)})
        if found:
            return found
    return []


def registration_titles(registration: Thing) -> list[str]:
    """Return the titles of a registration by its records."""
    return sorted({*registration.values(DCTERMS.title), *sourced(registration, "official_title", "brief_title")})


def record_titles(publication: Thing) -> list[str]:
    """Return the titles of a publication by its records; none where only an entry that prints it makes it known."""
    found = set(sourced(publication, "exact_title", "title"))
    if publication.is_a(MSE.Document):
        found |= set(publication.values(DCTERMS.title))
    elif publication.values(MSE.hasVersion):
        every = set(publication.values(DCTERMS.title))
        entries = publication.things.pointing(BIRO.references, publication.iri)
        # An entry that identity has joined with the record leaves its own title beside that of the record.
        found |= every - {t for e in entries for t in e.values(DCTERMS.title)} or every
    return sorted(found)


def identifiers(publication: Thing) -> dict[str, set[str]]:
    """Return the identifiers of a publication by kind; DOIs in small letters."""
    found: dict[str, set[str]] = {}
    for path, kind in _IDENTIFIERS:
        values = {*publication.values(path), *sourced(publication, kind.lower())}
        if values:
            found[kind] = {v.lower() if kind == "DOI" else v.upper() for v in values}
    return found


class Works:
    """The publications with a record, by what an entry prints of them."""

    def __init__(self, view: View) -> None:
        self.titles: dict[str, list[str]] = {}
        self.identifiers: dict[str, dict[str, set[str]]] = {}
        self._things: dict[str, Thing] = {}
        self._places: dict[tuple[str, str, str], list[str]] = {}
        self._by_identifier: dict[tuple[str, str], list[str]] = {}
        self._by_title: dict[tuple[str, str], list[str]] = {}
        for thing in view.things.of_class(MSE.Publication):
            titles = record_titles(thing)
            if not titles:
                continue
            self.titles[thing.iri] = titles
            self._things[thing.iri] = thing
            self.identifiers[thing.iri] = identifiers(thing)
            for key in {title_letters(t) for t in titles}:
                self._by_title.setdefault((key, _year(thing) or ""), []).append(thing.iri)
            for place in _places(thing):
                self._places.setdefault(place, []).append(thing.iri)
            for kind, values in self.identifiers[thing.iri].items():
                for value in {_VERSION.sub("", v) for v in values}:
                    self._by_identifier.setdefault((kind, value), []).append(thing.iri)

    def with_identifier(self, kind: str, value: str) -> list[str]:
        """Return the publications that have an identifier by their record."""
        return self._by_identifier.get((kind, value), [])

    def printed(self, reference: Reference) -> str | None:
        """Return the publication with the year, volume, first page and journal that an entry prints, if just one."""
        volume, pages = reference.thing.value(PRISM.volume), reference.thing.value(PRISM.pageRange)
        year = _year(reference.thing)
        if not (volume and pages and year):
            return None
        found = [
            iri
            for iri in self._places.get((year, volume, first_page(pages)), [])
            if _same_journal(reference.thing.values(MSE.container), self._journals(iri))
        ]
        return found[0] if len(set(found)) == 1 else None

    def of(self, reference: Reference) -> str | None:
        """Return the publication that an entry is linked to, else the one whose place it prints; one with a record."""
        if reference.publication in self.titles:
            return reference.publication
        return self.printed(reference)

    def titled(self, title: str, year: str) -> list[str]:
        """Return the publications of a year with this title."""
        return self._by_title.get((title_letters(title), year), [])

    def elsewhere(self, reference: Reference, iri: str) -> bool:
        """Say whether an entry prints another volume or page than the record of a publication has."""
        volume, pages = reference.thing.value(PRISM.volume), reference.thing.value(PRISM.pageRange)
        known = {(v, p) for _, v, p in _places(self._things[iri])}
        return bool(known and volume and pages) and (volume, first_page(pages or "")) not in known

    def _journals(self, iri: str) -> list[str]:
        return [*self._things[iri].values(MSE.container), *sourced(self._things[iri], "journal")]


@kept
def works(view: View) -> Works:
    """Return the publications with a record of a view; several rules of one run ask for them."""
    return Works(view)


def first_page(pages: str) -> str:
    """Return the first page of a range, or an article number, as they are compared: ``e0195891`` and ``0195891``."""
    start = re.split(r"[-–—,;]", pages.strip())[0].strip().lower()
    match = re.fullmatch(r"([a-z]*?)0*(\d+)", start)
    return f"{'' if match[1] == 'e' else match[1]}{match[2]}" if match else start


def _places(thing: Thing) -> Iterable[tuple[str, str, str]]:
    year = _year(thing)
    printed = [(m[1], m[2]) for value in sourced(thing, "volume_pages") for m in _PLACE.finditer(value)]
    printed += [(v, p) for v in thing.values(PRISM.volume) for p in thing.values(PRISM.pageRange)]
    return {(year, volume, first_page(page)) for volume, page in printed if year}


def _year(thing: Thing) -> str | None:
    for value in (*thing.values(MSE.year), *thing.values(DCTERMS.issued), *sourced(thing, "year")):
        if match := _NUMBER.match(value):
            return match.group()
    return None


def _same_journal(one: Iterable[str], other: Iterable[str]) -> bool:
    """Say whether names of journals can be of one: their first words begin alike, for one is often abbreviated."""

    def begin(name: str) -> str:
        return "".join(re.findall(r"[a-z]+", fold(name).removeprefix("the ")))[:3]

    return bool({begin(n) for n in one} & {begin(n) for n in other})


def mentions_by_row(document: Document) -> dict[tuple[str, int], list[tuple[Passage, Thing]]]:
    """Return the registry numbers of each row of a document's tables, with their passages, in reading order."""
    found: dict[tuple[str, int], list[tuple[Passage, Thing]]] = {}
    for thing in document.of(MSE.NumberMention):
        passage = document.by_iri.get(thing.value(MSE.inPassage) or "")
        if passage is not None and passage.table is not None and passage.row is not None:
            found.setdefault((passage.table, passage.row), []).append((passage, thing))
    for mentions in found.values():
        mentions.sort(key=lambda m: (m[0].ordinal, m[1].iri))
    return found


def short(title: str, letters: int = 350) -> str:
    """Return a title, cut after a word where it is long."""
    if len(title) <= letters:
        return title
    return title[:letters].rsplit(" ", 1)[0].rstrip(" ,;:.-–") + " …"

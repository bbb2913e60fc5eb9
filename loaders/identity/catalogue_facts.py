"""The catalogues of ``data/`` as facts of records: what is recorded of a registration is a fact, too.

Each page or export that values were read from is a version of the record, so that an assertion can name the address
that it rests on. A field ``links`` holds words about the record from somewhere else; the numbers in it are links.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.catalogue_schema import RegistrationEntry, RegistrationSource, Sourced, Studies
from msevidence.loaders.exports.facts import NumberFact, RegistrationFact
from msevidence.loaders.identity.confidence import confidence
from msevidence.loaders.identity.model import Assertion
from msevidence.loaders.identity.number_rules import LINK
from msevidence.loaders.identity.placeholders import is_placeholder
from msevidence.loaders.identity.records import Record, registration
from msevidence.ontology.identifiers import find_numbers
from msevidence.ontology.iris import Kind, mint

_TITLES = {"brief_title": "public", "official_title": "scientific"}
_NUMBERS = {"secondary_ids": "secondary", "protocol_code": "protocol-code", "links": LINK, "nct_record": LINK}
"""Fields that hold numbers, and the role of each."""
_LANGUAGE = "en"
"""The catalogue's titles are in English (data/registrations.yaml)."""


def facts_of_catalogue(catalogue: Catalogue) -> Iterator[RegistrationFact]:
    """Yield what ``registrations.yaml`` records, a fact for each record and each source of its values."""
    content = catalogue.listed_registrations()
    for key, entry in content.registrations.items():
        by_source: dict[str, list[tuple[str, Sourced]]] = defaultdict(list)
        for name, value in entry.values():
            by_source[value.source].append((name, value))
        if not by_source:
            yield RegistrationFact(key, f"{key}.0", entry.number, entry.scheme)
        for source, values in by_source.items():
            yield _fact(key, entry, source, content.sources[source], values)


def _fact(
    key: str, entry: RegistrationEntry, source: str, page: RegistrationSource, values: Iterable[tuple[str, Sourced]]
) -> RegistrationFact:
    texts: dict[str, list[str]] = defaultdict(list)
    for name, value in values:
        texts[name] += value.texts()
    titles = [(kind, text, _LANGUAGE) for name, kind in _TITLES.items() for text in texts.get(name, ())]
    numbers = [n for name, role in _NUMBERS.items() for text in texts.get(name, ()) for n in _numbers(text, role, name)]
    numbers += [n for _, text, _ in titles for n in _numbers(text, "title", "title") if n.key]
    return RegistrationFact(
        key,
        f"{key}.{source}",
        entry.number,
        entry.scheme,
        titles=tuple(titles),
        acronyms=tuple(texts.get("acronym", ())),
        sponsors=tuple(texts.get("sponsor", ())),
        conditions=tuple(texts.get("conditions", ())),
        numbers=tuple(n for n in numbers if n.key != key),
        dates={"updated": (page.date, page.date, None)} if page.date else {},
        place=page.address,
    )


def _numbers(text: str, role: str, field: str) -> Iterator[NumberFact]:
    found = [n for n in find_numbers(text) if not is_placeholder(n.key)]
    for number in found:
        yield NumberFact(number.printed, role, field, number.key, number.scheme)
    if not found and role != LINK:
        yield NumberFact(text, role, field)


def assertions_of_catalogue(catalogue: Catalogue) -> Iterator[Assertion]:
    """Yield what ``registrations.yaml`` says under ``registers``: a person's word on which study a record is of."""
    for key, entry in catalogue.listed_registrations().registrations.items():
        for link in entry.registers:
            yield Assertion(
                registration(key),
                "same-study",
                str(mint(Kind.STUDY, link.study)),
                "curated",
                link.because,
                confidence("curated"),
                (f"data/registrations.yaml, {key}: {link.where}",),
            )


def studies_of_catalogue(catalogue: Catalogue) -> Iterator[Record]:
    """Yield the studies of ``studies.yaml`` with their names: the curated ones, no two of which are ever made one."""
    content: Studies = catalogue.files["studies"].model
    for key, entry in content.studies.items():
        names = [(entry.label, entry.language), *((n.name, n.language) for n in entry.alternative_names)]
        titles = {("short", text, language) for text, language in names}
        yield Record(
            str(mint(Kind.STUDY, key)),
            number=entry.label,
            titles=titles,
            acronyms={entry.acronym} if entry.acronym else set(),
        )

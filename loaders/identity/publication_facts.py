"""What identity needs to know of the publications that the catalogue lists and the documents' references name."""

import re
from collections.abc import Iterator, Mapping

from rdflib import URIRef

from msevidence.loaders.bibliographic.authors import family_name, read_author
from msevidence.loaders.catalogue_schema import PublicationEntry
from msevidence.loaders.document import Reference
from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.identity.publication_keys import identifiers_in_address
from msevidence.ontology.iris import Kind, mint, parts

_ISSUE = re.compile(r"(?P<volume>[^:()]+?)?(?:\((?P<issue>[^()]*)\))?(?::(?P<pages>.+))?")
"""``55(10):1928-34``, ``2019:8536785``, ``20(1)``, ``141``."""
_LABEL_YEAR = re.compile(r"\s+\(?(?:1[5-9]|20)\d\d\b.*$", re.ASCII)
_INITIALS = re.compile(r"[A-ZÀ-ÖØ-Þ]{1,4}")


def key_of(iri: str) -> str:
    """Return the key under which identity knows a publication: that of its IRI, with ``document/`` where it is one.

    Raises:
        InvalidKeyError: when the IRI is none of this project, or of neither kind.
    """
    kind, key = parts(iri)
    return key if kind is Kind.PUBLICATION else f"{kind.value}/{key}"


def iri_of(key: str) -> URIRef:
    """Return the IRI of the publication that identity knows by ``key``."""
    return mint(Kind.DOCUMENT, key.removeprefix("document/")) if "/" in key else mint(Kind.PUBLICATION, key)


def catalogue_facts(publications: Mapping[str, PublicationEntry]) -> Iterator[PublicationFact]:
    """Yield a fact for each publication of ``publications.yaml``."""
    for key, entry in publications.items():
        said: dict[str, list[str]] = {}
        for name, value in entry.values():
            said.setdefault(name, []).extend(value.texts())
        first = {name: texts[0] for name, texts in said.items()}
        issue = _ISSUE.fullmatch(first.get("volume_pages", ""))
        volume, pages = (issue["volume"], issue["pages"]) if issue else (None, None)
        yield PublicationFact(
            key=key if entry.document is None else f"document/{entry.document}",
            title=first.get("exact_title") or first.get("title"),
            kind=entry.kind,
            family=_family(first.get("authors"), entry.label),
            year=first.get("year"),
            containers=tuple(said.get("journal", ())),
            volume=volume if pages else None,
            pages=pages,
            doi=first.get("doi"),
            pmid=first.get("pmid"),
            pmcid=first.get("pmcid"),
            place=f"publications.yaml, {key}",
        )


def _family(authors: str | None, label: str) -> str | None:
    """Return the family name of the first author; the label begins with it, or with the group, where none is recorded.

    >>> _family("Richard K Burt; Roumen Balabanov", "Burt 2019"), _family("Fernández Fernández, Óscar; X", "F 2018")
    ('Burt', 'Fernández Fernández')
    >>> _family("Nygaard GO; Holmøy T", "Nygaard 2024"), _family(None, "MSBase 2023")
    ('Nygaard', 'MSBase')
    """
    if authors is None:
        return _LABEL_YEAR.sub("", label) or None
    name = authors.split(";")[0].strip()
    words = name.split()
    if "," in name or len(words) < 2 or _INITIALS.fullmatch(words[-1]):
        return family_name(read_author(name)[0]) or None
    return words[-1]  # given names first, as pages print them


def reference_fact(reference: Reference, key: str, place: str, kind: str | None = None) -> PublicationFact:
    """Return what a reference of a document says of the publication with ``key``.

    ``kind`` is a concept of the scheme publication-kind, where the document says so; ``place`` names the document and
    the entry.
    """
    by_address = identifiers_in_address(reference.url)
    doi, pmid, pmcid = (
        printed or shown
        for printed, shown in zip((reference.doi, reference.pmid, reference.pmcid), by_address, strict=True)
    )
    first = family_name(reference.authors[0]) if reference.authors else reference.group_author
    return PublicationFact(
        key=key,
        title=reference.title,
        kind=kind,
        family=first or None,
        year=reference.year,
        containers=(reference.container,) if reference.container else (),
        volume=reference.volume,
        pages=reference.pages,
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        place=place,
    )

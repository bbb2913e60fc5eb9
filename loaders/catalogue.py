"""The shared catalogues of ``data/``: studies, organisations, publications, registrations, quotations from sources.

They come in as further sources: every value is a node with the address it was read from and, where that states one,
its date; none overwrites what a document prints. The catalogue also answers the documents' keys with IRIs.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel
from rdflib import DCTERMS, RDFS, URIRef

from msevidence.loaders.catalogue_schema import (
    Organisations,
    PublicationEntry,
    Publications,
    Registrations,
    SourceQuotes,
    Studies,
)
from msevidence.loaders.checks import later_than_document
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import Reference
from msevidence.loaders.errors import CurationError
from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.identity.publication_facts import key_of, reference_fact
from msevidence.loaders.languages import foreign_language
from msevidence.loaders.statements import Tagged, year
from msevidence.loaders.yamlfile import line_of, parse
from msevidence.ontology.identifiers import FoundNumber, normalise_doi
from msevidence.ontology.iris import InvalidKeyError, Kind, document_iri, mint, registration_iri, short_hash, slug
from msevidence.ontology.namespaces import FABIO, MSE, PRISM

Location = tuple[int | str, ...]
_PUBMED = re.compile(r"\b(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d+)\b", re.IGNORECASE)
"""A bare number is a PubMed number in PubMed's own addresses only; elsewhere it may be anything."""
_DOI_IN_ADDRESS = re.compile(r"(?<=[/=:])10\.")
_PMC = re.compile(r"\bPMC\d+\b", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A catalogue file: its content, and the positioned YAML for the lines of errors."""

    path: Path
    model: Any
    data: Any

    def error(self, message: str, location: Location) -> CurationError:
        return CurationError(message, self.path, line_of(self.data, location), ".".join(map(str, location)))


class Catalogue:
    """The keys that curations may use, and the nodes that loaders add for things that no catalogue lists."""

    def __init__(self, data: Path) -> None:
        """Read the catalogues of the folder ``data``.

        Raises CurationError where a file is not valid, or two publications have one identifier.
        """
        self.files = {
            "studies": _read(data / "studies.yaml", Studies),
            "organisations": _read(data / "organisations.yaml", Organisations),
            "publications": _read(data / "publications.yaml", Publications),
            "registrations": _read(data / "registrations.yaml", Registrations),
            "source-quotes": _read(data / "source-quotes.yaml", SourceQuotes),
        }
        self.numbers: dict[str, FoundNumber] = {}
        """Every registry number that a document names, by its key."""
        self.printed: list[PublicationFact] = []
        """What references say of publications that no catalogue lists."""
        self._by_identifier: dict[str, str] = {}
        for key, entry in self.publications.items():
            for name, identifier in _identifiers(entry):
                other = self._by_identifier.setdefault(identifier, key)
                if other != key:
                    message = f"{identifier} is that of {other}, too; correct one, or make the two entries one"
                    raise self.files["publications"].error(message, ("publications", key, "fields", name))

    @property
    def publications(self) -> dict[str, PublicationEntry]:
        content: Publications = self.files["publications"].model
        return content.publications

    def check_documents(self, keys: Collection[str]) -> None:
        """Raise CurationError where a publication is said to be a document that ``data/`` does not have."""
        for key, entry in self.publications.items():
            if entry.document is not None and entry.document not in keys:
                message = f"there is no document {entry.document!r}; remove this line, or add the document"
                raise self.files["publications"].error(message, ("publications", key, "document"))

    def study(self, key: str, context: DocumentContext, at: Location) -> URIRef:
        """Return the study with ``key``; raises CurationError where studies.yaml has none."""
        self._known("studies", key, context, at)
        return mint(Kind.STUDY, key)

    def listed_study(self, key: str, file: File, at: Location) -> URIRef:
        """Return the study that another catalogue names; raises CurationError where studies.yaml has none."""
        if key not in self.files["studies"].model.studies:
            raise file.error(f"{key!r} is not in studies.yaml; add it there, or correct the key", at)
        return mint(Kind.STUDY, key)

    def organisation(self, key: str, context: DocumentContext, at: Location) -> URIRef:
        """Return the organisation with ``key``; raises CurationError where organisations.yaml has none."""
        self._known("organisations", key, context, at)
        return mint(Kind.ORGANISATION, key)

    def publisher(self, key: str, context: DocumentContext) -> URIRef:
        """Return the organisation that ``metadata.yaml`` names; raises CurationError where there is none."""
        if key not in self.files["organisations"].model.organisations:
            message = f"{key!r} is not in organisations.yaml; add it there, or correct the key"
            raise context.metadata_error(message, ("publisher",))
        return mint(Kind.ORGANISATION, key)

    def publication(self, key: str, context: DocumentContext, at: Location) -> URIRef:
        """Return the publication with ``key``; raises CurationError where publications.yaml has none."""
        self._known("publications", key, context, at)
        return self.publication_iri(key)

    def publication_iri(self, key: str) -> URIRef:
        """Return the IRI of a listed publication: the document's own where it is one of the documents."""
        document = self.publications[key].document
        return document_iri(document) if document else mint(Kind.PUBLICATION, key)

    def reports_elsewhere(self, publication: URIRef, study: URIRef) -> bool:
        """Say whether the catalogue ties a publication to other studies only (a site's results in its whole's row)."""
        for key, entry in self.publications.items():
            if self.publication_iri(key) == publication and entry.reports_on:
                return study not in {mint(Kind.STUDY, link.study) for link in entry.reports_on}
        return False

    def title(self, key: str) -> str | None:
        """Return the title of a listed publication, if recorded."""
        return next((v.texts()[0] for name, v in self.publications[key].values() if name == "title"), None)

    def publication_by_identifier(self, doi: str | None, url: str | None, *others: str | None) -> URIRef | None:
        """Return the listed publication with this DOI, or whose PubMed, PMC or DOI stands in this address.

        ``others`` are numbers in PubMed and PMC.
        """
        address = url or ""
        found = [normalise_doi(doi) if doi else None, *others]
        found += [match.upper() for match in _PMC.findall(address)] + _PUBMED.findall(address)
        for identifier in found:
            if identifier in self._by_identifier:
                return self.publication_iri(self._by_identifier[identifier])
        folded = unquote(address).casefold().rstrip("/")
        ends = {folded[match.start() :] for match in _DOI_IN_ADDRESS.finditer(folded)}
        if known := ends & self._by_identifier.keys():
            return self.publication_iri(self._by_identifier[max(known, key=len)])
        return None

    def publication_of_reference(
        self, reference: Reference, context: DocumentContext, kind: str | None = None
    ) -> URIRef:
        """Return the publication that a printed entry names: a listed one by identifier, else one of its own.

        Entries are never joined on their titles; by what else they print, identity may join them later. ``kind`` is a
        concept of the scheme publication-kind, where the document says what the entry is.
        """
        known = self.publication_by_identifier(reference.doi, reference.url, reference.pmid, reference.pmcid)
        if known is not None:
            return known
        # An entry later than its document is at fault (checks): its year stays with the entry, as printed.
        dated = None if later_than_document(reference, context) else reference.year
        iri = context.unique(Kind.PUBLICATION, reference.printed)
        number = f"reference {reference.number}" if reference.number else reference.printed[:60]
        self.printed.append(reference_fact(reference, key_of(iri), f"{context.key}, {number}", kind))
        label = reference.title or reference.printed
        # A document cites works in other languages than its own.
        spoken = context.metadata.language
        title = Tagged(label, foreign_language(label, spoken) or spoken)
        context.text.node(
            iri,
            MSE.Publication,
            {
                RDFS.label: title,
                DCTERMS.title: title,
                PRISM.doi: normalise_doi(reference.doi) if reference.doi else None,
                FABIO.hasPubMedId: reference.pmid,
                FABIO.hasPubMedCentralId: reference.pmcid,
                MSE.container: reference.container,
                MSE.year: dated,
                DCTERMS.issued: year(dated),
            },
        )
        return iri

    def study_in_document(self, context: DocumentContext, name: str, ordinal: int) -> URIRef:
        """Return a study that only its row in a document makes known; its key carries the document's.

        ``ordinal`` tells studies apart that one document prints under one name, from 1.
        """
        try:
            key = slug(name)
        except InvalidKeyError:  # a name without a letter or digit, such as a dash
            key = short_hash(name)
        iri = mint(Kind.STUDY, f"{context.key}.{key}" + (f".{ordinal}" if ordinal > 1 else ""))
        context.text.node(iri, MSE.Study, {RDFS.label: Tagged(name, context.metadata.language)})
        return iri

    def registration(self, number: FoundNumber) -> URIRef:
        """Return the registry record that ``number`` names, and remember that a document names it."""
        iri = registration_iri(number)
        self.numbers.setdefault(str(iri), number)
        return iri

    def listed_registrations(self) -> Registrations:
        content: Registrations = self.files["registrations"].model
        return content

    def _known(self, catalogue: str, key: str, context: DocumentContext, at: Location) -> None:
        file = self.files[catalogue]
        entries = getattr(file.model, catalogue)
        if key not in entries:
            raise context.error(f"{key!r} is not in {file.path.name}; add it there, or correct the key", at)


def _read(path: Path, model: type[BaseModel]) -> File:
    content, data = parse(path, model)
    return File(path, content, data)


def _identifiers(entry: PublicationEntry) -> Iterator[tuple[str, str]]:
    """Yield the identifiers of a publication, normalised, each with the name of its field."""
    for name, value in entry.values():
        for text in value.texts():
            if name == "doi":
                doi = normalise_doi(text)
                if doi:
                    yield name, doi
            elif name in ("pmid", "pmcid"):
                yield name, text.upper()

"""The release as DCAT-AP 3.0.1 (https://semiceu.github.io/DCAT-AP/releases/3.0.1/): catalogue, dataset, files, service.

For a data portal that harvests. ``/dataset`` of a server says the same (``server/description.py``). What the graph does
not have is left out: a contact point, a period, a place, and the release before, which another home may not have. Only
files of msevidence's own have a licence; the rest holds words of sources, and states their rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from msevidence.loaders.release_graph import DCAT, ENDPOINT, MEDIA_TYPES, SPARQL_PROTOCOL, SPDX, TITLE
from msevidence.loaders.release_manifest import NAME as MANIFEST
from msevidence.loaders.release_manifest import SUMS
from msevidence.ontology.iris import Kind, graph_iri, mint
from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server import i18n, rdf_written
from msevidence.server.exports.about import OWN_LICENCE
from msevidence.server.exports.dcat_codes import CODES, FILE_TYPES, LANGUAGES, THEME, THEMES, TYPES, UNREGISTERED
from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.formats import file_type
from msevidence.server.labels import query
from msevidence.server.pages_links import of
from msevidence.server.releases import Release
from msevidence.server.store import PageLane

PREFIXES = {
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "xsd": str(XSD),
}

Value = ox.NamedNode | ox.Literal


def write(handover: Handover) -> Files:
    """Write the description as Turtle."""
    body = rdf_written.written(catalogue(handover.lane, handover.site), ox.RdfFormat.TURTLE, PREFIXES)
    return {f"{handover.stem}.dcat.ttl": body}


def catalogue(lane: PageLane, site: str, kept: Sequence[Release] = ()) -> list[ox.Triple]:
    """Describe the release of a lane as it is published.

    What the release states of itself in its graph ``release`` is part of it, and is said of the same things.

    Args:
        lane: the release, and what it has to say.
        site: the address of the site, with a slash at the end.
        kept: the releases that are kept there, the latest first, where that is known.
    """
    release = lane.release
    stated = lane.construct(query("graph"), {"resource": ox.NamedNode(graph_iri("release", base=release.base))})
    described = _Description(lane, site, stated)
    described.dataset()
    described.files()
    described.exports()
    described.service()
    described.catalogue()
    described.versions(kept)
    return described.triples


class _Description:
    """The triples of one description, as they are said."""

    def __init__(self, lane: PageLane, site: str, stated: Iterable[ox.Triple]) -> None:
        release = lane.release
        self.lane, self.release, self.site, self.triples = lane, release, site, list(stated)
        self.series = str(mint(Kind.DATASET, "msevidence", base=release.base))
        self.this = str(mint(Kind.RELEASE, release.id, base=release.base))
        self.endpoint = str(mint(Kind.SERVICE, "sparql", base=release.base))
        self.local = f"{site}dataset#"
        self.address = f"{site}releases/{release.id}/"
        self.hashed = {t.subject.value for t in self.triples if t.predicate.value == str(SPDX.checksum)}  # type: ignore[union-attr]
        """Distributions whose checksum the release states."""

    def say(self, subject: str, predicate: str, *values: Value) -> None:
        subject_, predicate_ = ox.NamedNode(subject), ox.NamedNode(predicate)
        self.triples += [ox.Triple(subject_, predicate_, value) for value in values]

    def node(self, iri: str, *classes: str) -> ox.NamedNode:
        self.say(iri, RDF.type, *map(ox.NamedNode, classes))
        return ox.NamedNode(iri)

    def concept(self, iri: str, scheme: str, *classes: str) -> ox.NamedNode:
        self.say(iri, SKOS.inScheme, ox.NamedNode(scheme))
        return self.node(iri, *classes)

    def published(self, thing: str) -> None:
        """Say what is true of all that a portal lists: publisher, theme, keywords."""
        publisher = self.node(f"{self.local}publisher", FOAF.Agent)
        self.say(publisher.value, FOAF.name, *_text("export-publisher", site=self.site))
        theme = self.concept(THEME, THEMES, SKOS.Concept)
        self.say(THEME, SKOS.prefLabel, ox.Literal("Health", language="en"))
        self.say(thing, DCTERMS.publisher, publisher)
        self.say(thing, DCAT.theme, theme)
        for language in i18n.LANGUAGES:
            words = i18n.text("export-keywords", language).split("; ")
            self.say(thing, DCAT.keyword, *(ox.Literal(word, language=language) for word in words))

    def dataset(self) -> None:
        release = self.release
        for thing in (self.series, self.this):
            self.node(thing, DCAT.Dataset)
            self.say(thing, DCTERMS.title, *_texts(TITLE))
            self.say(thing, DCTERMS.description, *_text("export-dataset-is"))
            self.published(thing)
            self.say(thing, DCTERMS.language, *self.languages)
        self.say(self.series, DCAT.hasVersion, ox.NamedNode(self.this))
        self.say(self.this, DCTERMS.identifier, ox.Literal(release.id))
        built = ox.Literal(release.built, datatype=ox.NamedNode(XSD.dateTime))
        self.say(self.this, DCTERMS.issued, built)
        self.say(self.this, DCTERMS.modified, built)  # a release never changes
        self.say(self.this, DCAT.version, ox.Literal(release.version))
        self.say(self.this, DCAT.landingPage, self.node(self.site, FOAF.Document))
        pages = [self.node(self.address + name, FOAF.Document) for name in self.about()]
        self.say(self.this, FOAF.page, *pages)
        provenance = self.node(f"{self.local}provenance", DCTERMS.ProvenanceStatement)
        count = len({of(row, "source") for row in self.lane.select(query("source_files"))})
        self.say(provenance.value, RDFS.label, *_text("export-made", version=release.version, count=count))
        self.say(self.this, DCTERMS.provenance, provenance)
        self.standards()

    def about(self) -> list[str]:
        """Return the files that describe the release, and are no form of it."""
        return [name for name in (MANIFEST, SUMS) if (self.release.path / name).is_file()]

    @cached_property
    def languages(self) -> list[Value]:
        """The languages of the documents and of our labels."""
        rows = self.lane.select(query("document_languages"))
        languages = {*i18n.LANGUAGES, *(of(row, "language") for row in rows if "language" in row)}
        codes = sorted(CODES[language] for language in languages if language in CODES)
        return [self.concept(f"{LANGUAGES}/{code}", LANGUAGES, DCTERMS.LinguisticSystem) for code in codes]

    def standards(self) -> None:
        """Name the ontology and the shapes that the data keeps to."""
        ontology = self.node(ONTOLOGY.rstrip("#"), DCTERMS.Standard)
        self.say(ontology.value, DCTERMS.title, *_text("export-ontology"))
        self.say(self.this, DCTERMS.conformsTo, ontology)
        for name in sorted(self.release.files):
            if name.startswith("ontology/shapes/"):
                shapes = self.node(self.address + name, DCTERMS.Standard)
                self.say(shapes.value, DCTERMS.title, *_text("export-shapes", file=name.rpartition("/")[2]))
                self.say(self.this, DCTERMS.conformsTo, shapes)

    def versions(self, kept: Sequence[Release]) -> None:
        """Name the other releases of the dataset, and which of them was before this one."""
        for other in kept:
            if other.id != self.release.id:
                version = self.node(str(mint(Kind.RELEASE, other.id, base=other.base)), DCAT.Dataset)
                self.say(self.series, DCAT.hasVersion, version)
                self.say(version.value, DCTERMS.title, *_texts(TITLE))
                self.say(version.value, DCTERMS.description, *_text("export-dataset-is"))
                self.say(version.value, DCTERMS.identifier, ox.Literal(other.id))
                self.say(version.value, DCAT.version, ox.Literal(other.version))
        earlier = [one for one in kept if one.built < self.release.built and one.id != self.release.id]
        for before in earlier[:1]:
            iri = mint(Kind.RELEASE, before.id, base=before.base)
            self.say(self.this, DCAT.previousVersion, ox.NamedNode(iri))

    def files(self) -> None:
        """Describe each file of the release, with type, size and hash."""
        self.node(SPDX.checksumAlgorithm_sha256, SPDX.ChecksumAlgorithm)
        for name, facts in sorted(self.release.files.items()):
            short = {"data.nq": "data", "validation.ttl": "validation"}.get(name)
            key = f"{self.release.id}.{short}"
            own = str(mint(Kind.DISTRIBUTION, key, base=self.release.base)) if short else ""
            iri = own or f"{self.local}{self.release.id}-{name}"
            self.distribution(self.this, iri, self.address + name, file_type(name))
            self.say(iri, DCTERMS.title, ox.Literal(name))
            self.say(iri, DCTERMS.description, *_text("export-file", file=name))
            self.say(iri, DCAT.byteSize, _number(int(facts["bytes"])))
            if iri not in self.hashed:
                checksum = self.node(f"{self.local}{self.release.id}-{name}-sha256", SPDX.Checksum)
                self.say(checksum.value, SPDX.algorithm, ox.NamedNode(SPDX.checksumAlgorithm_sha256))
                value = ox.Literal(facts["sha256"], datatype=ox.NamedNode(XSD.hexBinary))
                self.say(checksum.value, SPDX.checksumValue, value)
                self.say(iri, SPDX.checksum, checksum)
            if name.startswith("ontology/"):
                self.say(iri, DCTERMS.license, self.licence())
            else:
                self.say(iri, DCTERMS.rights, self.rights)

    def exports(self) -> None:
        """Describe the exports, which a site makes of its current release: so they are of the dataset."""
        for name, format in EXPORTS.items():
            iri = f"{self.local}export-{name}"
            self.distribution(self.series, iri, f"{self.site}export/{name}", format.media_type)
            self.say(iri, DCTERMS.title, *_text(f"export-format-{name}"))
            self.say(iri, DCTERMS.description, *_text(f"export-for-{name}"))
            self.say(iri, DCTERMS.rights, self.rights)

    def distribution(self, dataset: str, iri: str, address: str, media_type: str) -> None:
        self.say(dataset, DCAT.distribution, self.node(iri, DCAT.Distribution))
        for predicate in (DCAT.accessURL, DCAT.downloadURL):
            self.say(iri, predicate, ox.NamedNode(address))
        if not media_type.startswith(UNREGISTERED):
            self.say(iri, DCAT.mediaType, self.node(MEDIA_TYPES[media_type], DCTERMS.MediaType))
        if code := TYPES.get(media_type):
            format_ = self.concept(f"{FILE_TYPES}/{code}", FILE_TYPES, DCTERMS.MediaTypeOrExtent)
            self.say(iri, DCTERMS.format, format_)

    def licence(self) -> ox.NamedNode:
        return self.node(OWN_LICENCE, DCTERMS.LicenseDocument)

    @cached_property
    def rights(self) -> ox.NamedNode:
        """The statement of who may use what, with what each source states in its own words."""
        statement = self.node(f"{self.local}rights", DCTERMS.RightsStatement)
        self.say(statement.value, RDFS.label, *_text("export-rights-differ"))
        for row in self.lane.select(query("export_rights")):
            if "rights" in row and isinstance(row["rights"], ox.Literal):
                self.say(statement.value, RDFS.comment, row["rights"])
        return statement

    def service(self) -> None:
        """Describe the SPARQL endpoint; its own description says what it can do."""
        address = self.node(f"{self.site}sparql", RDFS.Resource)
        self.node(
            f"{self.release.base}sparql", RDFS.Resource
        )  # as the release states it; DCAT-AP's ranges ask for both
        self.node(self.endpoint, DCAT.DataService)
        self.say(self.endpoint, DCTERMS.title, *_texts(ENDPOINT))
        self.say(self.endpoint, DCAT.endpointURL, address)
        self.say(self.endpoint, DCAT.endpointDescription, address)
        self.say(self.endpoint, DCAT.servesDataset, ox.NamedNode(self.series), ox.NamedNode(self.this))
        self.say(self.endpoint, DCTERMS.conformsTo, self.node(SPARQL_PROTOCOL, DCTERMS.Standard))
        self.published(self.endpoint)

    def catalogue(self) -> None:
        catalogue = self.node(f"{self.local}catalogue", DCAT.Catalog).value
        self.published(catalogue)
        self.say(catalogue, DCTERMS.title, *_text("export-catalogue", site=self.site))
        self.say(catalogue, DCTERMS.description, *_text("export-catalogue-is"))
        self.say(catalogue, DCTERMS.license, self.licence())
        self.say(catalogue, DCTERMS.language, *self.languages)
        built = ox.Literal(self.release.built, datatype=ox.NamedNode(XSD.dateTime))
        self.say(catalogue, DCTERMS.issued, built)
        self.say(catalogue, DCTERMS.modified, built)
        self.say(catalogue, FOAF.homepage, self.node(self.site, FOAF.Document))
        taxonomy = self.node(THEMES, SKOS.ConceptScheme)
        self.say(THEMES, DCTERMS.title, ox.Literal("Data theme", language="en"))
        self.say(catalogue, DCAT.themeTaxonomy, taxonomy)
        self.say(catalogue, DCAT.dataset, ox.NamedNode(self.series), ox.NamedNode(self.this))
        self.say(catalogue, DCAT.service, ox.NamedNode(self.endpoint))


def _text(name: str, **values: object) -> list[ox.Literal]:
    return [ox.Literal(i18n.text(name, language, **values), language=language) for language in i18n.LANGUAGES]


def _texts(by_language: dict[str, str]) -> list[ox.Literal]:
    return [ox.Literal(text, language=language) for language, text in by_language.items()]


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD.nonNegativeInteger))

"""``ro-crate-metadata.json``: what is in the crate, in the terms of RO-Crate 1.2.

Who publishes the crate is not known but for the address; nobody is named as its author. Sources are contextual
entities, with the SHA-256 of the files that were read: their texts are not in the crate, for their rights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from msevidence.loaders.release_graph import TITLE
from msevidence.loaders.release_manifest import SUMS
from msevidence.server import i18n
from msevidence.server.exports.about import OWN_LICENCE, OWN_LICENCE_NAME, lines, part_title
from msevidence.server.exports.handover import Files, Handover
from msevidence.server.exports.rights import rights
from msevidence.server.exports.ro_crate_told import told
from msevidence.server.labels import query
from msevidence.server.pages_links import of

METADATA, PREVIEW = "ro-crate-metadata.json", "ro-crate-preview.html"
CONTEXT = "https://w3id.org/ro/crate/1.2/context"
PROFILE = "https://w3id.org/ro/crate/1.2"
TYPES: Mapping[str, str] = {
    ".nq": "application/n-quads",
    ".ttl": "text/turtle",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ris": "application/x-research-info-systems",
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown",
}
"""Media types by suffix; what has none of these is plain text."""

Entity = dict[str, Any]


def metadata(handover: Handover, files: Files, sums_size: int) -> Entity:
    """Return the metadata of a crate as JSON-LD.

    Args:
        handover: what is exported.
        files: of the crate, but the metadata itself, its preview and the file of hashes.
        sums_size: size of the file of hashes, in bytes: it has the hash of the metadata, which so cannot have its hash.
    """
    language = handover.language
    parts = [_file(name, content, handover) for name, content in files.items()]
    sums: Entity = {
        **{"@id": SUMS, "@type": "File", "name": SUMS, "description": i18n.text("export-crate-sums", language)},
        **{"encodingFormat": "text/plain", "contentSize": str(sums_size)},
    }
    sources = _sources(handover)
    documents = _documents(handover)
    descriptor: Entity = {
        **{"@id": METADATA, "@type": "CreativeWork", "name": METADATA, "conformsTo": {"@id": PROFILE}},
        "about": {"@id": "./"},
    }
    context = [
        _root(handover, [*parts, sums], documents),
        *_made(handover, sources, files),
        *_agents_and_rights(handover),
    ]
    return {"@context": CONTEXT, "@graph": [descriptor, *context, *parts, sums, *documents, *sources]}


def _root(handover: Handover, parts: list[Entity], documents: list[Entity]) -> Entity:
    release, language, whole = handover.release, handover.language, handover.scope.whole
    described = [i18n.text("export-dataset-is", language)]
    if not whole:
        described.append(i18n.text("export-crate-part", language))
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE[language] if whole else part_title(handover),
        "description": " ".join(described),
        "datePublished": release.built,
        "version": release.version,
        "identifier": {"@id": "#release"},
        "url": f"{handover.site}releases/{release.id}/manifest.json",
        "license": {"@id": f"{handover.site}dataset#rights"},
        "publisher": {"@id": f"{handover.site}dataset#publisher"},
        "keywords": i18n.text("export-keywords", language).replace("; ", ", "),
        "isBasedOn": _links(documents),
        "mentions": {"@id": "#build"},
        "hasPart": _links(parts),
    }


def _made(handover: Handover, sources: list[Entity], files: Files) -> list[Entity]:
    """Return how the release was made: by msevidence, from which files, into which; and its identifier."""
    release, language = handover.release, handover.language
    made = [{"@id": name} for name in files if PurePosixPath(name).suffix == ".nq"]
    return [
        {
            "@id": "#build",
            "@type": "CreateAction",
            "name": i18n.text("export-crate-build", language),
            "instrument": {"@id": "#msevidence"},
            "object": _links(sources),
            "result": _links(made),
            "endTime": release.built,
        },
        {
            "@id": "#msevidence",
            "@type": "SoftwareApplication",
            "name": "msevidence",
            "version": release.version,
            "softwareVersion": release.version,
            "url": handover.site,
            "license": {"@id": OWN_LICENCE},
        },
        {
            **{"@id": "#release", "@type": "PropertyValue", "name": i18n.text("export-release", language)},
            **{"propertyID": "SHA-256", "value": release.id},
        },
    ]


def _agents_and_rights(handover: Handover) -> list[Entity]:
    language = handover.language
    publisher = i18n.text("export-publisher", language, site=handover.site)
    return [
        {
            **{"@id": f"{handover.site}dataset#publisher", "@type": "Organization", "name": publisher},
            "url": handover.site,
        },
        {
            "@id": f"{handover.site}dataset#rights",
            "@type": "CreativeWork",
            "name": i18n.text("export-crate-rights", language),
            "description": "\n".join([i18n.text("export-rights-differ", language), *lines(handover)]),
        },
        {
            **{"@id": OWN_LICENCE, "@type": "CreativeWork", "name": OWN_LICENCE_NAME, "url": OWN_LICENCE},
            "description": i18n.text("export-licence-is", language, licence=OWN_LICENCE_NAME),
        },
    ]


def _links(entities: list[Entity]) -> Entity | list[Entity]:
    """Return links to entities: to one as a value of its own, to several as a list (RO-Crate 1.2, JSON-LD)."""
    links = [{"@id": entity["@id"]} for entity in entities]
    return links[0] if len(links) == 1 else links


def _file(name: str, content: bytes, handover: Handover) -> Entity:
    path = PurePosixPath(name)
    entity: Entity = {
        "@id": name,
        "@type": "File",
        "name": path.name,
        "description": told(name, handover),
        "encodingFormat": TYPES.get(path.suffix, "text/plain"),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return {**entity, "license": {"@id": OWN_LICENCE}} if "shapes" in path.parts else entity


def _documents(handover: Handover) -> list[Entity]:
    """Return the source documents, with the rights that each states."""
    held = rights(handover.lane, handover.labels)
    return [
        {
            "@id": source.iri,
            "@type": "CreativeWork",
            "name": source.label.text,
            **({"copyrightNotice": " ".join(source.rights)} if source.rights else {}),
            **({"license": _links([{"@id": licence} for licence in source.licences])} if source.licences else {}),
        }
        for source in held.sources
        if source.document
    ]


def _sources(handover: Handover) -> list[Entity]:
    """Return the files that the release was made from: path and hash, and not the files."""
    found = {of(row, "source"): row for row in handover.lane.select(query("source_files"))}
    return [
        {"@id": iri, "@type": "CreativeWork", "name": of(row, "path"), "sha256": of(row, "sha256")}
        for iri, row in found.items()
    ]

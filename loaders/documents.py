"""From a folder of ``data/articles`` or ``data/reports`` to the statements of that document.

A document is ``source.txt``, ``metadata.yaml`` and, if somebody has worked on it, ``curation.yaml``; without curation
it still builds. Which loader reads it follows from the folder it lies in. The tables of a report are ``source.csv`` or
``source.yaml`` instead.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msevidence.loaders import article, report, tables
from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.checks import check_document
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.errors import CurationError, SourceError
from msevidence.loaders.findings import unresolved_references
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.printed_dates import impossible_dates_noted
from msevidence.loaders.schema import Curation
from msevidence.loaders.statements import Statements
from msevidence.loaders.triples_citations import citation_statements
from msevidence.loaders.triples_claims import claim_statements
from msevidence.loaders.triples_curation import curation_statements
from msevidence.loaders.triples_document import document_statements
from msevidence.loaders.triples_question import question_statements
from msevidence.loaders.triples_report import report_statements
from msevidence.loaders.triples_studies import study_statements
from msevidence.loaders.triples_text import text_statements
from msevidence.loaders.yamlfile import line_of, parse
from msevidence.ontology.iris import IriCollisionError

READERS: dict[str, Callable[[Path, Metadata], ParsedDocument]] = {"articles": article.read, "reports": report.read}
"""Folder of ``data/`` and the loader of the kind of document that lies in it."""
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SOURCES = ("source.txt", *(f"source{suffix}" for suffix in tables.SUFFIXES))
"""Names of the file with the text; a folder has one of them."""
_FILES = {*SOURCES, "metadata.yaml", "curation.yaml"}


@dataclass(frozen=True)
class DocumentFolder:
    """A document's folder, and the folder of ``data/`` it lies in, which says which loader reads it."""

    path: Path
    kind: str
    named: str | None = None
    """Key of the document, where the folder does not have its name yet."""

    @property
    def key(self) -> str:
        return self.named or self.path.name

    @property
    def source(self) -> Path:
        """The file with the text."""
        found = (self.path / name for name in SOURCES if (self.path / name).is_file())
        return next(found, self.path / SOURCES[0])

    @property
    def files(self) -> list[Path]:
        return [self.path / name for name in sorted(_FILES) if (self.path / name).is_file()]


def find_documents(data: Path) -> list[DocumentFolder]:
    """Return the documents of ``data``, sorted. Hidden files and folders are the business of editors and file systems.

    Raises CurationError for a folder or file that no loader reads, for a document without its files or whose folder's
    name is no key, and for a key that two documents have.
    """
    for stray in sorted(p for p in _visible(data) if p.is_dir() and p.name not in READERS):
        mend = f"a document lies in {' or '.join(f'{kind}/<key>/' for kind in READERS)}; move or remove it"
        raise CurationError(f"no loader reads this folder: {mend}", stray)
    found: dict[str, DocumentFolder] = {}
    for kind in READERS:
        for folder in sorted(_visible(data / kind)):
            _check_folder(folder)
            if folder.name in found:
                other = found[folder.name].path
                raise CurationError(f"{other} has the same key, which names both on the web; rename one", folder)
            found[folder.name] = DocumentFolder(folder, kind)
    return list(found.values())


def _visible(folder: Path) -> list[Path]:
    return [p for p in folder.iterdir() if not p.name.startswith(".")] if folder.is_dir() else []


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise CurationError("no loader reads this file; put it into the folder of its document, or remove it", folder)
    if not _KEY.fullmatch(folder.name):
        raise CurationError("a document's folder is named with small letters, digits and hyphens", folder)
    names = {p.name for p in _visible(folder)}
    sources = [name for name in SOURCES if name in names]
    if len(sources) > 1:
        raise CurationError(f"has {' and '.join(sources)}; keep one of them", folder)
    if not sources:
        others = ", ".join(SOURCES[1:])
        raise CurationError(f"has no {SOURCES[0]}; add it (or {others}), or remove the folder", folder)
    if "metadata.yaml" not in names:
        raise CurationError("has no metadata.yaml; add it, or remove the folder", folder)
    strange = sorted(names - _FILES)
    if strange:
        raise CurationError(f"holds {', '.join(strange)}, which no loader reads; remove it", folder)


def read_document(folder: DocumentFolder, lenient: bool = False) -> DocumentContext:
    """Read metadata, text and curation of one document.

    Raises SourceError or CurationError (see there), also where the counts declared in the metadata are not found. A
    ``lenient`` reading is of a text that is being changed: counts, years and numbers are for the review to look at.
    """
    metadata_path = folder.path / "metadata.yaml"
    metadata, positions = parse(metadata_path, Metadata)
    source = folder.source
    reader = tables.read if source.suffix in tables.SUFFIXES else READERS[folder.kind]
    if lenient:
        with impossible_dates_noted() as noted:
            parsed = reader(source, metadata)
        parsed.impossible += dict.fromkeys(noted)
    else:
        parsed = reader(source, metadata)
    _check_nothing_lost(parsed, source)
    if not lenient:
        _check_counts(metadata, positions, parsed, metadata_path)
    curation_path = folder.path / "curation.yaml"
    curation, data = parse(curation_path, Curation) if curation_path.exists() else (Curation(), {})
    try:
        context = DocumentContext(
            folder.key, folder.path, parsed, metadata, positions, curation, data, source, lenient=lenient
        )
    except IriCollisionError as e:
        raise SourceError(str(e), source) from e
    if not lenient:
        check_document(context)
    return context


def _check_nothing_lost(parsed: ParsedDocument, path: Path) -> None:
    for span in parsed.leftover():
        line = parsed.source.count("\n", 0, span.start) + 1
        text = parsed.source[span.start : span.end][:60]
        raise SourceError(
            f"the loader has no place for {text!r}; mark it in metadata.yaml (layout) or report the format", path, line
        )


def _check_counts(metadata: Metadata, positions: Any, parsed: ParsedDocument, path: Path) -> None:
    found = {
        "references": len(parsed.references),
        "markers": len(parsed.markers),
        "tables": len(parsed.tables),
        "study_rows": len(parsed.study_rows),
        "searches": len(parsed.searches),
        "listed": len(parsed.listed),
        "authors": len(parsed.front.authors),
    }
    for name, count in found.items():
        wanted = getattr(metadata.expect, name)
        if wanted is not None and wanted != count:
            message = f"{wanted} are declared and {count} found; correct the number, or the text"
            raise CurationError(message, path, line_of(positions, ("expect", name)), f"expect.{name}")


def state_document(
    context: DocumentContext, catalogue: Catalogue, identity: Statements, review: Statements
) -> tuple[Statements, Statements]:
    """State one document; returns its own graph and that of its curation."""
    sha256 = context.sha256 or hashlib.sha256(context.source_path.read_bytes()).hexdigest()
    document_statements(context, catalogue, sha256)
    text_statements(context)
    citations = citation_statements(context, catalogue)
    claim_statements(context, catalogue, citations)
    quotations = curation_statements(context, catalogue, citations)
    question_statements(context)
    described = study_statements(context, catalogue, identity, quotations)
    report_statements(context, catalogue, identity, described, citations)
    unresolved_references(review, context, citations)
    return context.text, context.curated

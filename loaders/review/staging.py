"""A file that somebody wants reviewed, set beside the documents of ``data/`` without changing anything there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.documents import SOURCES, DocumentFolder, find_documents, read_document
from msevidence.loaders.errors import CurationError, LoadError
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.formats import recognised
from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.languages import foreign_language
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.source import read_source
from msevidence.loaders.tables import SPELLINGS, told
from msevidence.loaders.yamlfile import parse
from msevidence.ontology.iris import InvalidKeyError, slug

_SAMPLE = 20_000
"""Characters of a text that its language is told from."""
_HEAD = 65_536
"""Bytes by which an export is told from the tables of a report."""


@dataclass(frozen=True)
class Staged:
    """Where a build finds the documents and the file, and the keys of the documents that were there before."""

    data: Path
    home: Path | None
    known: frozenset[str]


@contextmanager
def staged(path: Path, data: Path) -> Iterator[Staged]:
    """Give a copy of ``data`` with the document of ``path`` in it.

    A folder is a document's, and so is a source file with metadata beside it. A CSV or YAML file without is the tables
    of a report, unless it is an export; any other file is an export to load.

    Raises CurationError for a folder or file that is no document, and what loading raises.
    """
    with tempfile.TemporaryDirectory(prefix="msevidence-review-") as folder:
        copy, home = Path(folder) / "data", Path(folder) / "home"
        shutil.copytree(data, copy)
        known = {d.key for d in find_documents(copy)}
        folder_of = path if path.is_dir() else path.parent
        if path.is_dir() or (path.name in SOURCES and (folder_of / "metadata.yaml").is_file()):
            key = _document(folder_of, copy)
            with _told_of(copy, key, folder_of):
                yield Staged(copy, None, frozenset(known - {key}))
        elif path.suffix.lower() == ".txt" and not _is_export(path):
            key = _text(path, copy, known)
            with _told_of(copy, key, path):
                yield Staged(copy, None, frozenset(known))
        elif path.suffix.lower() in SPELLINGS and not _is_export(path):
            key = _tables(path, copy, known)
            with _told_of(copy, key, path):
                yield Staged(copy, None, frozenset(known))
        else:
            sources = Sources(home)
            sources.keep(sources.take(path)[0])
            yield Staged(copy, home, frozenset(known))


def _document(folder: Path, data: Path) -> str:
    """Copy a document's folder among those of ``data``, in the place of one of its key; returns the key."""
    metadata, _ = parse(folder / "metadata.yaml", Metadata)
    kind = "reports" if metadata.type == "hta-report" else "articles"
    key = folder.resolve().name
    for other in ("articles", "reports"):
        shutil.rmtree(data / other / key, ignore_errors=True)
    target = data / kind / key
    target.mkdir(parents=True)
    for file in sorted(folder.iterdir()):
        if file.is_file() and not file.name.startswith("."):
            shutil.copyfile(file, target / file.name)
    if not any((target / name).exists() for name in SOURCES):
        raise CurationError(f"has no {' or '.join(SOURCES)}; a document's folder has one", folder)
    return key


def _is_export(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        recognised(head, path.name)
    except ExportError:
        return False
    return True


def _tables(path: Path, data: Path, known: set[str]) -> str:
    """Copy the tables of a report, with what they tell of themselves as metadata; returns the key.

    Raises SourceError for a file that cannot be read.
    """
    suffix = SPELLINGS[path.suffix.lower()]
    title, language = told(path, suffix)
    key = _key(path, known)
    _lay_out(path, data / "reports" / key, f"source{suffix}", title or key, language, "hta-report")
    return key


def _text(path: Path, data: Path, known: set[str]) -> str:
    """Copy a text with the little that it tells of itself as metadata; returns the key.

    It is a report where it lists studies, searches or a flow of references as one does, or has no numbered references.

    Raises SourceError for a file that cannot be read.
    """
    text = read_source(path)
    title = next(line.strip() for line in text.splitlines() if line.strip())
    language = foreign_language(text[:_SAMPLE], "en") or "en"
    key = _key(path, known)
    report, article = data / "reports" / key, data / "articles" / key
    _lay_out(path, report, "source.txt", title, language, "hta-report")
    _lay_out(path, article, "source.txt", title, language, "journal-article")
    as_report, as_article = _read(report), _read(article)
    lists_studies = as_report is not None and (as_report.study_rows or as_report.searches or as_report.flow)
    is_article = as_article is not None and as_article.references and not lists_studies
    shutil.rmtree(report if is_article else article)
    return key


def _read(folder: Path) -> ParsedDocument | None:
    """Return what the loader of a folder makes of its text, ``None`` where it can make nothing of it."""
    try:
        return read_document(DocumentFolder(folder, folder.parent.name), lenient=True).parsed
    except LoadError:
        return None


def _key(path: Path, known: set[str]) -> str:
    """Return a key for a file, which no document has yet."""
    try:
        key = slug(path.resolve().parent.name if path.name in SOURCES else path.stem)
    except InvalidKeyError:
        key = "document"
    while key in known:
        key += "-reviewed"
    return key


def _lay_out(path: Path, folder: Path, source: str, title: str, language: str, of_type: str) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(path, folder / source)
    with (folder / "metadata.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump({"title": title, "language": language, "type": of_type}, file)


@contextmanager
def _told_of(data: Path, key: str, original: Path) -> Iterator[None]:
    """Name the file that was given in errors about its copy."""
    try:
        yield
    except LoadError as e:
        copied = Path(e.path)
        if copied.parent.name != key or data not in copied.parents:
            raise
        path = original / copied.name if original.is_dir() else original
        raise type(e)(e.message, path, e.line, e.field) from e

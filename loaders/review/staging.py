"""A file that somebody wants reviewed, set beside the documents of ``data/`` without changing anything there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from msevidence.loaders.documents import SOURCES, find_documents
from msevidence.loaders.errors import CurationError, LoadError
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.formats import recognised
from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.tables import SPELLINGS, told
from msevidence.loaders.yamlfile import parse
from msevidence.ontology.iris import InvalidKeyError, slug

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
    name = path.resolve().parent.name if path.name in SOURCES else path.stem
    try:
        key = slug(name)
    except InvalidKeyError:
        key = "tables"
    while key in known:
        key += "-reviewed"
    target = data / "reports" / key
    target.mkdir(parents=True)
    shutil.copyfile(path, target / f"source{suffix}")
    metadata = {"title": title or name, "language": language, "type": "hta-report"}
    with (target / "metadata.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(metadata, file)
    return key


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

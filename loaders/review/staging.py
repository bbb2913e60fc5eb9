"""A file that somebody wants reviewed, set beside the documents of ``data/`` without changing anything there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from msevidence.loaders.documents import find_documents
from msevidence.loaders.errors import CurationError
from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.yamlfile import parse

_DOCUMENT = ("source.txt", "source.csv", "source.yaml")


@dataclass(frozen=True)
class Staged:
    """Where a build finds the documents and the file, and the keys of the documents that were there before."""

    data: Path
    home: Path | None
    known: frozenset[str]


@contextmanager
def staged(path: Path, data: Path) -> Iterator[Staged]:
    """Give a copy of ``data`` with the document of ``path`` in it; a folder is a document's, a file an export to load.

    Raises CurationError for a folder or file that is no document, and what loading raises.
    """
    with tempfile.TemporaryDirectory(prefix="msevidence-review-") as folder:
        copy, home = Path(folder) / "data", Path(folder) / "home"
        shutil.copytree(data, copy)
        known = {d.key for d in find_documents(copy)}
        if path.is_dir() or path.name in _DOCUMENT:
            key = _document(path if path.is_dir() else path.parent, copy)
            yield Staged(copy, None, frozenset(known - {key}))
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
    if not any((target / name).exists() for name in _DOCUMENT):
        raise CurationError(f"has no {' or '.join(_DOCUMENT)}; a document's folder has one", folder)
    return key

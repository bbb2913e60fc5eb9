"""What ``msevidence review`` reviews: the documents of the current release, of a folder as it stands, or one file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import pyoxigraph as ox

from msevidence.loaders.stores.asked import AskedStore
from msevidence.ontology.iris import BASE
from msevidence.server.cli_common import default_data, open_current, progress
from msevidence.server.labels import query
from msevidence.server.remote_place import Place
from msevidence.server.review_model import Review
from msevidence.server.review_read import Row, documents, read_review


@dataclass(frozen=True)
class Opened:
    """Reviews, and where they are from."""

    reviews: list[Review]
    base: str
    release: str | None
    """Id of the release; ``None`` where texts were reviewed that are not published."""
    as_of: str | None
    """Date at which expectations were measured."""


class _Reader:
    def __init__(self, store: AskedStore) -> None:
        self.store = store

    def rows(self, name: str, **bound: str) -> Iterator[Row]:
        """Return the solutions of a query with variables bound to IRIs."""
        values: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
        values = {ox.Variable(variable): ox.NamedNode(iri) for variable, iri in bound.items()}
        result = self.store.query(query(name), substitutions=values)
        assert isinstance(result, ox.QuerySolutions)
        names = [variable.value for variable in result.variables]
        for row in result:
            yield {n: row[n] for n in names if isinstance(row[n], ox.NamedNode | ox.Literal)}


def opened(
    home: Path, data: Path | None, document: str | None, as_of: str | None, elsewhere: Place | None = None
) -> Opened:
    """Return the reviews that were asked for, of the release in a store elsewhere where one is named.

    ``document`` is a key (or IRI), or the path of a file or folder that is no document of the release yet.

    Raises UsageError for a date or document that does not exist, and what opening or assembling raises.
    """
    if as_of is not None:
        as_of = _date(as_of)
    path = Path(document) if document and _is_path(document) else None
    if path is not None:
        return _of_file(path, data or default_data(), as_of)
    if data is not None:
        with progress() as tell:
            from msevidence.loaders.assembly import assemble

            quads = list(assemble(data, tell, home if home.exists() else None, lenient=True, as_of=as_of).quads())
        return Opened(_reviews(_store(quads), document, BASE), BASE, None, as_of or _as_of(data))
    release, store = open_current(home, elsewhere)
    if as_of is not None:
        store = _measured(store, as_of)
    return Opened(_reviews(store, document, release.base), release.base, release.id, as_of)


def _is_path(document: str) -> bool:
    return Path(document).exists() and (Path(document).is_file() or "/" in document)


def _of_file(path: Path, data: Path, as_of: str | None) -> Opened:
    from msevidence.loaders.assembly import assemble
    from msevidence.loaders.review.staging import staged

    with staged(path, data) as place:
        with progress() as tell:
            quads = list(assemble(place.data, tell, place.home, lenient=True, as_of=as_of).quads())
        store = _store(quads)
        there = documents(_Reader(store))
        new = [iri for iri in there if iri.rpartition("/")[2] not in place.known]
        return Opened([read_review(_Reader(store), iri) for iri in new], BASE, None, as_of or _as_of(data))


def _as_of(data: Path) -> str | None:
    from msevidence.loaders.review.judged import read_review as judged

    return judged(data).as_of


def _store(quads: Iterable[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, ox.DefaultGraph()) for q in quads)
    return store


def _reviews(store: AskedStore, document: str | None, base: str) -> list[Review]:
    reader = _Reader(store)
    there = documents(reader)
    if document is None:
        return [read_review(reader, iri) for iri in there]
    iri = f"{base}document/{document.removeprefix(base).removeprefix('document/')}"
    if iri not in there:
        keys = ", ".join(known.rpartition("/")[2] for known in there) or "none"
        raise click.UsageError(f"there is no document or file {document!r}; documents are: {keys}")
    return [read_review(reader, iri)]


def _measured(store: AskedStore, as_of: str) -> ox.Store:
    """Return the statements of a release with its expectations measured at another date."""
    from msevidence.loaders.review.reviewing import measured

    quads = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return _store(measured(quads, as_of))


def _date(text: str) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise click.UsageError(f"--as-of: {text!r} is no date; write it as 2026-11-29")

"""The index of a release: ``index.sqlite``, made from its quads, and ``index.sha256``, the hash of that file.

It has what pages would otherwise ask again and again: the label of every IRI, what there is of each class, the values
by which lists are filtered, the full text, and the counts of everything. It is derived, and SQLite of another version
gives it other bytes: so it is not in the manifest, and can be made anew from ``data.nq`` at any time.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from importlib import resources
from operator import attrgetter
from pathlib import Path
from typing import Any

from msevidence.loaders import (
    index_counts,
    index_facets,
    index_labels,
    index_search,
    index_statistics,
    index_texts,
)
from msevidence.loaders.index_graph import IndexedGraph
from msevidence.loaders.index_words import fold
from msevidence.loaders.release_errors import ReleaseError
from msevidence.ontology.index_rules import CONCEPT, facets, search

INDEX = "index.sqlite"
HASH = "index.sha256"
_FIELDS = (*(field.name for field in search().fields), CONCEPT)
_RULES = ("facets.toml", "labels.toml", "search.toml", "term_labels.toml")
_SCHEMA = f"""
-- What a thing is called for a reader; `sort` is the label as lists are sorted by it.
CREATE TABLE label(iri TEXT, reader TEXT, text TEXT, language TEXT, sort TEXT, PRIMARY KEY(iri, reader)) WITHOUT ROWID;
CREATE INDEX label_sort ON label(sort);
-- A row for each class of a thing, with the document in which it stands and where, if it stands in one.
CREATE TABLE thing(iri TEXT, class TEXT, document TEXT, place INTEGER, PRIMARY KEY(class, iri)) WITHOUT ROWID;
CREATE TABLE class_count(class TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
-- The facets of lists: what they are called, how many things have a value ('' where none is stated), which have it.
CREATE TABLE facet_label(class TEXT, facet TEXT, reader TEXT, position INTEGER, text TEXT,
  PRIMARY KEY(class, facet, reader)) WITHOUT ROWID;
CREATE TABLE facet(class TEXT, facet TEXT, value TEXT, count INTEGER, PRIMARY KEY(class, facet, value)) WITHOUT ROWID;
CREATE TABLE facet_value(class TEXT, facet TEXT, value TEXT, iri TEXT,
  PRIMARY KEY(class, facet, value, iri)) WITHOUT ROWID;
CREATE INDEX facet_value_of ON facet_value(class, iri);
-- Normalised identifiers (loaders/index_words.py, stored_key), and each as it stands.
CREATE TABLE identifier(key TEXT, iri TEXT, value TEXT, PRIMARY KEY(key, iri)) WITHOUT ROWID;
-- Full text: a row of `search` for each row of `entry`, folded; the texts as they stand are in `wording`.
CREATE TABLE entry(id INTEGER PRIMARY KEY, iri TEXT, kind TEXT);
CREATE INDEX entry_iri ON entry(iri);
CREATE TABLE wording(entry INTEGER, position INTEGER, field TEXT, text TEXT, language TEXT,
  PRIMARY KEY(entry, position)) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5({", ".join(_FIELDS)}, content='', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE word(word TEXT PRIMARY KEY, spelled TEXT, things INTEGER) WITHOUT ROWID;
-- Sentences for a pasted one: letters and digits only, of the passage and of what its claim says.
CREATE TABLE sentence(id INTEGER PRIMARY KEY, passage TEXT, text TEXT, document TEXT, ordinal INTEGER, claim TEXT,
  said TEXT, repeats TEXT, letters TEXT, said_letters TEXT);
CREATE INDEX sentence_letters ON sentence(letters);
CREATE INDEX sentence_said ON sentence(said_letters);
CREATE INDEX sentence_passage ON sentence(passage);
-- The counts of everything: how many there are of what in each place. Documents come first, by `position` from 0.
CREATE TABLE counted(kind TEXT, position INTEGER, place TEXT, what TEXT, count INTEGER,
  PRIMARY KEY(kind, position, what)) WITHOUT ROWID;
-- What VoID tells of the whole graph, and how many links there are to other datasets.
CREATE TABLE statistic(what TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE TABLE link_count(property TEXT, space TEXT, count INTEGER, PRIMARY KEY(property, space)) WITHOUT ROWID;
"""

# Where the index outgrows what SQLite keeps of it in memory (2 MB if it is not told), each row that comes in no order
# (labels as they are sorted, sentences by their letters) costs reading and writing a page.
_PRAGMAS = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192; PRAGMA cache_size = -131072;"


def _format() -> int:
    """Return a number of the tables and of the rules that fill them: another when either changes."""
    digest = hashlib.sha256(_SCHEMA.encode())
    for name in _RULES:
        digest.update((resources.files("msevidence.ontology") / name).read_bytes())
    return int.from_bytes(digest.digest()[:4]) >> 1  # SQLite keeps 32 bits with a sign


FORMAT = _format()
"""Of an index, in ``PRAGMA user_version``: a server refuses one of another format, and the next build makes it anew."""


def write_index(folder: Path, base: str, scratch: Path, data: Path | None = None) -> None:
    """Write the index of a release, and its hash.

    Args:
        folder: where it is written.
        base: of the IRIs of the data.
        scratch: where a folder for intermediate files is made, and removed.
        data: the sorted quads of the release; ``folder/data.nq`` where it is not given.

    Raises:
        ReleaseError: a quad is none, or the disk is full.
        OSError: the quads can not be read, or there is no room for intermediate files.
    """
    target = folder / INDEX
    try:
        with _apart(scratch) as apart:
            graph = IndexedGraph(data or folder / "data.nq", apart)
            with closing(sqlite3.connect(target, isolation_level=None)) as index:
                index.executescript(_PRAGMAS)
                index.executescript(f"BEGIN; PRAGMA user_version = {FORMAT};{_SCHEMA}")
                _fill(index, graph, base)
                for last in ("INSERT INTO search(search) VALUES ('optimize')", "COMMIT", "ANALYZE"):
                    index.execute(last)
    except (ValueError, SyntaxError, sqlite3.Error) as e:
        raise ReleaseError(f"{target}: the index could not be written ({e}); check the disk, and build again") from e
    (folder / HASH).write_text(f"{_digest(target)}  {INDEX}\n", encoding="utf-8")


def index_fault(folder: Path) -> str | None:
    """Return what is wrong with the index of a release; None where it is as it was written and of this format."""
    try:
        written = (folder / HASH).read_text(encoding="utf-8")
        found = _digest(folder / INDEX)
        if written != f"{found}  {INDEX}\n":
            return f"{HASH if written.startswith(found) else INDEX}: not as it was written"
    except (OSError, ValueError) as e:
        name = INDEX if not (folder / INDEX).is_file() else HASH
        return f"{name}: missing or unreadable ({type(e).__name__})"
    try:
        with closing(read(folder / INDEX)) as index:
            found = index.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as e:
        return f"{INDEX}: it does not open ({e})"
    return None if found == FORMAT else f"{INDEX}: of format {found}; this version reads format {FORMAT}"


def read(path: Path) -> sqlite3.Connection:
    """Open an index to read: as a file that nobody changes, and for any thread that takes care of its turn."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def _apart(scratch: Path) -> Iterator[Path]:
    """Have a folder for what is taken apart; its name is always the same, so that every build takes the same steps."""
    folder = scratch / "index"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _fill(index: sqlite3.Connection, graph: IndexedGraph, base: str) -> None:
    """Fill one table after the other; what was followed for one is not held for the next."""
    for fill in (
        _fill_labels,
        _fill_things,
        _fill_facets,
        _fill_search,
        _fill_identifiers,
        _fill_sentences,
        _fill_counts,
        _fill_statistics,
    ):
        fill(index, graph, base)
        graph.forget()


def _fill_labels(index: sqlite3.Connection, graph: IndexedGraph, base: str) -> None:
    for reader, of_reader in index_labels.labels(graph, base).items():
        rows = ((iri, reader, text.text, text.language, fold(text.text)) for iri, text in sorted(of_reader.items()))
        _insert(index, "label", 5, rows)


def _fill_things(index: sqlite3.Connection, graph: IndexedGraph, _: str) -> None:
    places = index_search.places(graph)
    types = sorted((node.value, iri) for iri, nodes in graph.types().items() for node in nodes)
    _insert(index, "thing", 4, ((iri, c, *places.get(iri, (None, None))) for c, iri in types))
    index.execute("INSERT INTO class_count SELECT class, count(*) FROM thing GROUP BY class")


def _fill_facets(index: sqlite3.Connection, graph: IndexedGraph, _: str) -> None:
    named = ((f.class_iri, f.name, r, n, t) for n, f in enumerate(facets()) for r, t in f.label.items())
    _insert(index, "facet_label", 5, named)
    values = sorted((c, facet, value, iri) for c, facet, iri, value in index_facets.facet_values(graph))
    _insert(index, "facet_value", 4, values)
    index.execute(
        "INSERT INTO facet SELECT class, facet, value, count(*) FROM facet_value GROUP BY class, facet, value"
    )


def _fill_search(index: sqlite3.Connection, graph: IndexedGraph, _: str) -> None:
    kinds = index_search.kinds(graph)
    languages = index_labels.languages(graph)
    graph.forget()
    words = index_texts.Vocabulary()
    for number, (iri, wordings) in enumerate(index_texts.wordings(graph, kinds, languages), 1):
        index.execute("INSERT INTO entry VALUES (?, ?, ?)", (number, iri, kinds[iri]))
        rows = ((number, n, w.field, w.text, w.language) for n, w in enumerate(wordings))
        _insert(index, "wording", 5, rows)
        columns = ["\n".join(fold(w.text) for w in wordings if w.field == field) for field in _FIELDS]
        marks = ", ".join("?" * len(_FIELDS))
        index.execute(f"INSERT INTO search(rowid, {', '.join(_FIELDS)}) VALUES (?, {marks})", (number, *columns))
        words.add(wordings)
    _insert(index, "word", 3, sorted(words.words()))


def _fill_identifiers(index: sqlite3.Connection, graph: IndexedGraph, _: str) -> None:
    _insert(index, "identifier", 3, sorted(set(index_search.identifiers(graph))))


def _fill_sentences(index: sqlite3.Connection, graph: IndexedGraph, _: str) -> None:
    values = attrgetter(*(f.name for f in fields(index_search.Sentence)))  # astuple copies each text deeply
    _insert(index, "sentence", 10, ((n, *values(s)) for n, s in enumerate(index_search.sentences(graph), 1)))


def _fill_counts(index: sqlite3.Connection, graph: IndexedGraph, _: str) -> None:
    for position, place in enumerate(index_counts.counted(graph)):
        rows = ((place.kind, position, place.place, what, count) for what, count in place.counts.items())
        _insert(index, "counted", 5, rows)


def _fill_statistics(index: sqlite3.Connection, graph: IndexedGraph, base: str) -> None:
    _insert(index, "statistic", 2, index_statistics.distinct(graph).items())
    _insert(index, "link_count", 3, ((*link, count) for link, count in index_statistics.links(graph, base).items()))


def _insert(index: sqlite3.Connection, table: str, columns: int, rows: Iterable[tuple[Any, ...]]) -> None:
    index.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * columns)})", rows)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

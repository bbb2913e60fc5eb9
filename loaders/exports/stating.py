"""A shard converted: its records taken apart, stated as lines of N-Quads, and checked against the SHACL shapes.

A pure function of the shard's bytes, so that it is the same done here, in a process beside, on another machine, or
twice. What needs the whole source (records that stand there twice, the counts) is left to
:mod:`~msevidence.loaders.exports.merging`.
"""

import errno
import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from rdflib import URIRef

from msevidence.loaders.exports.batches import broken
from msevidence.loaders.exports.facts import Fact, RegistrationFact, to_json
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format, formats
from msevidence.loaders.exports.mapping_block import mapping_block
from msevidence.loaders.exports.nquads import Block
from msevidence.loaders.exports.packed import unpacked
from msevidence.loaders.exports.publication_block import publication_block
from msevidence.loaders.exports.records import MappingRecord, PublicationRecord, Record, RegistryRecord
from msevidence.loaders.exports.registration_block import registration_block
from msevidence.loaders.exports.shards import Found, Shard, reason_of
from msevidence.ontology.iris import Kind, graph_iri, mint


def source_graph(sha256: str) -> URIRef:
    """Return the named graph of a loaded source."""
    return graph_iri("export", sha256[:16])


@dataclass(frozen=True, slots=True)
class Stated:
    """What came of one thing that the reader came upon."""

    kind: str
    """As :attr:`Found.kind <msevidence.loaders.exports.shards.Found>`."""
    place: str
    label: str | None
    file: str
    format: str
    reason: str
    """Why it is not loaded, or ``""``; of a record that breaks a shape, what it breaks."""
    version: str = ""
    updated: str = ""
    """The record's own date of last change."""
    registration: bool = False
    statements: int = 0
    told: dict[str, Any] = field(default_factory=dict)
    fact: str = ""
    """A line of JSON."""
    lines: bytes = b""
    """Its statements."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A shard converted."""

    stated: tuple[Stated, ...]
    unknown: tuple[tuple[str, int, str], ...]
    """Names that no loader knows, how often they stand there, and where first."""
    exported: str
    newest: str
    """The newest date of change of a bibliographic record."""

    def encoded(self) -> bytes:
        """Return it as bytes: a line of JSON, and the statements one after another."""
        rows = []
        for s in self.stated:
            where = (s.kind, s.place, s.label, s.file, s.format, s.reason)
            rows.append((*where, s.version, s.updated, s.registration, s.statements, s.told, s.fact, len(s.lines)))
        head = json.dumps([rows, self.unknown, self.exported, self.newest], separators=(",", ":")).encode()
        return b"".join((head, b"\n", *(s.lines for s in self.stated)))

    @classmethod
    def decoded(cls, content: bytes) -> "Converted":
        """Return what :meth:`encoded` wrote."""
        at = content.index(b"\n") + 1
        rows, unknown, exported, newest = json.loads(content[: at - 1])
        stated = []
        for row in rows:
            size = row[-1]
            stated.append(Stated(*[*row[:-1], content[at : at + size]]))
            at += size
        return cls(tuple(stated), tuple((name, count, first) for name, count, first in unknown), exported, newest)


def convert_shard(shard: Shard, *, shapes: bool = True) -> Converted:
    """Convert a shard.

    Args:
        shard: as :func:`~msevidence.loaders.exports.shards.cut` made it.
        shapes: whether the statements are checked against the shapes; left out only where that is measured apart.

    Raises:
        ExportError: a loader failed on a record, which is a fault of the program.
    """
    audit, newest, stated = Audit(), "", []
    for found in shard.found:
        if found.kind != "record":
            kept = Stated(found.kind, found.place, found.label, found.file, found.format, found.reason)
            stated.append(replace(kept, told=found.told))
            continue
        try:
            one, updated = _record(found, shard.sha256, audit)
        except (MemoryError, SystemError, ExportError):
            raise
        except Exception as e:
            if isinstance(e, OSError) and e.errno == errno.ENOMEM:  # of what is imported when it is first needed
                raise MemoryError from e
            raise ExportError(
                f"the loader failed on its record at {found.place} ({type(e).__name__}: {e}); please report this file",
                found.file,
            ) from e
        stated.append(one)
        newest = max(newest, updated)
    if shapes:
        faults = broken([one.lines for one in stated])
        stated = [replace(one, reason=faults[n]) if n in faults else one for n, one in enumerate(stated)]
    unknown = tuple((name, count, audit.first[name]) for name, count in audit.unknown.items())
    return Converted(tuple(stated), unknown, audit.exported, newest)


def _record(found: Found, sha256: str, audit: Audit) -> tuple[Stated, str]:
    """Return what came of a record, and the date of change of one that is bibliographic."""
    known = _formats()[found.format]
    assert known.record is not None
    label, newest = found.label, ""
    try:
        record = known.record(unpacked(found.content), audit)
        label = label or (record.number.normalised if isinstance(record, RegistryRecord) else record.title)
        if isinstance(record, PublicationRecord) and record.updated is not None:
            newest = record.updated.value or ""
        block, fact = _block(record, sha256, found.place)
        lines = block.encoded()
    except RecordError as e:
        return Stated("fault", found.place, label, found.file, found.format, reason_of(e)), newest
    updated = ""
    if isinstance(fact, RegistrationFact):
        fact, updated = replace(fact, origin=known.key), fact.updated
    return Stated(
        "record",
        found.place,
        label,
        found.file,
        found.format,
        "",
        fact.version or fact.key,
        updated,
        isinstance(fact, RegistrationFact),
        lines.count(b"\n"),
        {},
        to_json(fact),
        lines,
    ), newest


def _block(record: Record, sha256: str, place: str) -> tuple[Block, Fact]:
    graph, source = source_graph(sha256), mint(Kind.SOURCE, sha256)
    if isinstance(record, RegistryRecord):
        return registration_block(record, graph, source, place)
    if isinstance(record, MappingRecord):
        return mapping_block(record, graph, source, place)
    return publication_block(record, graph, source, place)


@cache
def _formats() -> dict[str, Format]:
    return {known.key: known for known in formats()}

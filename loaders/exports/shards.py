"""A source cut into shards: some hundred records each, read and not yet taken apart, with where they stand.

Reading is the smaller part of the work (a tenth of it, or less), and only a reader knows where a record ends, on which
line it begins, and how to go on after a fault; so one process reads, and others convert what it cuts. Where the cuts
are depends on the source alone. A shard says all that is needed to convert it, on any machine. An article is read in
one piece by the reader itself, and so are graphs pulled from another agency.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from msevidence.loaders.exports.containers import Member, members
from msevidence.loaders.exports.facts import to_json
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.formats import Format, recognised
from msevidence.loaders.exports.packed import packed
from msevidence.loaders.exports.report import SourceReport

RECORDS = 200
"""Records of a shard: the shapes take as long for one record as for some dozens, and a shard that is lost is redone."""
BYTES = 4 * 2**20
"""Bytes of records after which a shard ends earlier: records of ClinicalTrials.gov with results have megabytes."""
PULLED = "pulled"
"""Key of the format of graphs of other agencies, which are checked as graphs, not record by record."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the reader came upon; what it is says ``kind``."""

    kind: str
    """``record``, ``fault`` (a record that cannot be read), ``file``, ``broken`` (a file of an archive), ``document``,
    ``pulled``."""
    place: str = ""
    """Where it stands, for people: ``export.zip!NCT0123.json, line 12``."""
    label: str | None = None
    """What a person would look for."""
    file: str = ""
    """The file that it stands in."""
    format: str = ""
    """Key of its format."""
    reason: str = ""
    """What is wrong with it."""
    content: bytes = b""
    """A record, packed."""
    told: dict[str, Any] = field(default_factory=dict)
    """Of a document, and of pulled graphs: what becomes part of the report."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Some of what a source holds, in its order."""

    sha256: str
    """Of the source."""
    found: tuple[Found, ...]

    def encoded(self) -> bytes:
        """Return the shard as bytes: a line of JSON, and the records one after another."""
        rows = []
        for one in self.found:
            row = [one.kind, one.place, one.label, one.file, one.format, one.reason, len(one.content), one.told]
            rows.append(row)
        head = json.dumps([self.sha256, rows], separators=(",", ":")).encode()
        return b"".join((head, b"\n", *(one.content for one in self.found)))

    @classmethod
    def decoded(cls, content: bytes) -> "Shard":
        """Return the shard that :meth:`encoded` wrote."""
        at = content.index(b"\n") + 1
        sha256, rows = json.loads(content[: at - 1])
        found = []
        for kind, place, label, file, form, reason, size, told in rows:
            found.append(Found(kind, place, label, file, form, reason, content[at : at + size], told))
            at += size
        return cls(sha256, tuple(found))

    def words(self) -> str:
        """Return which records it holds, for messages."""
        places = [one.place for one in self.found if one.place]
        return f"from {places[0]} to {places[-1]}" if len(places) > 1 else "".join(places) or "without a record"


def cut(path: Path, name: str, sha256: str, target: Path, *, strict: bool = False) -> Iterator[Shard]:
    """Yield the shards of the source at ``path``.

    Args:
        path: its bytes.
        name: what it was called, for messages.
        sha256: hash of the bytes.
        target: the folder of the outcome, into which pulled graphs are written.
        strict: whether a file of an archive that cannot be read is an ExportError.

    Raises:
        ExportError: the source cannot be read, or not further than the shards yielded.
    """
    held: list[Found] = []
    size = 0
    try:
        for one in _found(path, name, sha256, target, strict):
            held.append(one)
            size += len(one.content)
            if len(held) >= RECORDS or size >= BYTES:
                yield Shard(sha256, tuple(held))
                held, size = [], 0
    except ExportError:
        if held:  # what is wrong before comes first
            yield Shard(sha256, tuple(held))
        raise
    if held:
        yield Shard(sha256, tuple(held))


def _found(path: Path, name: str, sha256: str, target: Path, strict: bool) -> Iterator[Found]:
    documents: set[bytes] = set()
    number = 0
    for member in members(path, name):
        inside = member.inside is not None
        try:
            known = recognised(member.head(), member.name)
            yield Found("file", file=member.name, format=known.key)
            if known.key == PULLED:
                yield _pulled(member, name, sha256, target)
            elif known.read is None or known.record is None:
                number += 1
                yield _document(member, documents)
            else:
                for one in _records(known, member, number):
                    number += 1
                    yield one
        except ExportError as e:
            if not inside or strict:
                raise
            # One bad file in an archive is one record that could not be read; its neighbours load.
            number += 1
            place = member.name if e.line is None else f"{member.name}, line {e.line}"
            yield Found("broken", place, file=member.name, reason=e.message)


def _records(known: Format, member: Member, before: int) -> Iterator[Found]:
    """Yield the records of a file; ``before`` is how many of the source come before it."""
    assert known.read is not None
    with member.open() as stream:
        for number, raw in enumerate(known.read(stream, member.name), before + 1):
            line = f"line {raw.line}" if raw.line else f"record {number}"
            place = line if member.inside is None else f"{member.name}, {line}"
            one = Found("record", place, file=member.name, format=known.key)
            try:
                if isinstance(raw, RecordError):
                    raise raw
                yield replace(one, label=raw.label, content=packed(raw.fields))
            except RecordError as e:
                label = None if isinstance(raw, RecordError) else raw.label
                yield replace(one, kind="fault", label=label, reason=reason_of(e))


def reason_of(fault: RecordError) -> str:
    """Return what is wrong with a record, with the field where one is named."""
    return f"{fault.field}: {fault.message}" if fault.field else fault.message


def _document(member: Member, documents: set[bytes]) -> Found:
    """Read an article to see that it can be read; the build states it, with the other documents."""
    from msevidence.loaders.jats import read_jats

    with member.open() as stream:
        content = stream.read()
    digest = hashlib.sha256(content).digest()
    if digest in documents:
        return Found("document", member.name, file=member.name, told={"duplicate": True})
    documents.add(digest)
    read_jats(content, member.name)
    return Found("document", member.name, file=member.name, told={"inside": member.inside or ""})


def _pulled(member: Member, name: str, sha256: str, target: Path) -> Found:
    """Take in graphs of another agency: each is one record read."""
    from msevidence.loaders.stores.pulled_format import take_in

    if member.inside is not None:
        raise ExportError("was pulled, and is no member of an archive; pull it with msevidence pull", member.name)
    report = SourceReport(sha256, name)
    with member.open() as stream:
        facts = [to_json(fact) for fact in take_in(stream, member.name, target, report)]
    return Found("pulled", file=member.name, told={"report": asdict(report), "facts": facts})

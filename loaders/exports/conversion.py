"""From one source to statements: read, take apart, state, check against the shapes, and account for every record.

The outcome is a folder: ``records.nq`` (the statements, a block a record), ``facts.jsonl`` (a line a record, for
identity), ``blocks.tsv`` (a line a record: its version, and how many bytes of ``records.nq`` are its) and
``report.json``. It depends on the bytes of the source alone, so it can be kept as long as the program is the same.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, TextIO

from rdflib import URIRef

from msevidence.loaders.exports.batches import Batch, Checker
from msevidence.loaders.exports.containers import Member, members
from msevidence.loaders.exports.facts import Fact, RegistrationFact, to_json
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format, recognised
from msevidence.loaders.exports.mapping_block import mapping_block
from msevidence.loaders.exports.nquads import Block
from msevidence.loaders.exports.publication_block import publication_block
from msevidence.loaders.exports.records import MappingRecord, Raw, Record, RegistryRecord
from msevidence.loaders.exports.registration_block import registration_block
from msevidence.loaders.exports.report import Quarantined, SourceReport
from msevidence.ontology.iris import Kind, graph_iri, mint

RECORDS, FACTS, BLOCKS, REPORT = "records.nq", "facts.jsonl", "blocks.tsv", "report.json"
PULLED = "pulled"
"""Key of the format of graphs of other agencies, which are checked as graphs, not record by record."""

Progress = Callable[[int], None]
"""Told how many records have been read."""


def source_graph(sha256: str) -> URIRef:
    """Return the named graph of a loaded source."""
    return graph_iri("export", sha256[:16])


@dataclass(frozen=True, slots=True)
class _Seen:
    """What has been read of one record so far: the hash of its content, its own date, and where it stands."""

    content: str
    updated: str
    place: str
    file: str
    """The file of an archive or folder that it stands in."""


@dataclass
class _Run:
    """One conversion under way."""

    report: SourceReport
    records: BinaryIO
    facts: TextIO
    blocks: TextIO
    checker: Checker | None
    graph: URIRef
    source: URIRef
    audit: Audit = field(default_factory=Audit)
    seen: dict[str, list[_Seen]] = field(default_factory=dict)
    batch: Batch = field(default_factory=Batch)
    asked: deque[Batch] = field(default_factory=deque)
    """Batches that are being checked, in the order of their records."""
    file: str = ""
    """The file that is being read."""
    target: Path = Path()
    """The folder of the outcome."""

    def fault(self, place: str, label: str | None, fault: RecordError) -> None:
        reason = f"{fault.field}: {fault.message}" if fault.field else fault.message
        self.report.quarantined.append(Quarantined(place, reason, label))

    def take(self, block: Block, fact: Fact, label: str | None) -> None:
        """Take in a record that has been read, unless it stands in the source already."""
        version = fact.version or fact.key
        name, _, digest = version.rpartition(".")
        updated = fact.updated if isinstance(fact, RegistrationFact) else ""
        earlier = self.seen.setdefault(name, [])
        this = _Seen(digest, updated, fact.place, self.file)
        if any(e.content == digest for e in earlier):
            self.report.duplicate += 1
            if all(e.file != self.file for e in earlier):
                earlier.append(this)
            return
        # Two files are two sources, also where a folder holds them: services word one work differently, and each is
        # kept. In one file there is one record of a number and date, and a second one is a slip.
        clash = next((e for e in earlier if e.updated == updated and e.file == self.file), None)
        if clash is not None:
            message = f"stands in the file already, with other content ({clash.place}); keep the one that is right"
            self.report.quarantined.append(Quarantined(fact.place, message, label or name))
            return
        if earlier:
            self.report.kept_versions.append(name)
        earlier.append(this)
        self.batch.add(version, block, fact, label)
        if self.batch.full:
            self.hand_over()

    def hand_over(self) -> None:
        """Have the records of the batch checked, and write down those of batches that have been."""
        self.batch.ask(self.checker)
        self.asked.append(self.batch)
        self.batch = Batch()
        while len(self.asked) > (self.checker.ahead if self.checker else 0):
            self._write(self.asked.popleft())

    def finish(self) -> None:
        """Write down all that is left."""
        self.hand_over()
        while self.asked:
            self._write(self.asked.popleft())
        if self.checker is not None:
            self.checker.close()

    def _write(self, batch: Batch) -> None:
        """Write down the records of a batch that pass."""
        for version, lines, fact, label, broken in batch.checked():
            if broken is not None:
                self.report.quarantined.append(Quarantined(fact.place, broken, label))
                continue
            self.report.loaded += 1
            if isinstance(fact, RegistrationFact):
                self.report.newest = max(self.report.newest, fact.updated)
            self.report.statements += lines.count(b"\n")
            self.records.write(lines)
            self.facts.write(to_json(fact) + "\n")
            self.blocks.write(f"{version}\t{len(lines)}\n")


def convert(
    path: Path,
    name: str,
    sha256: str,
    target: Path,
    *,
    strict: bool = False,
    shapes: bool = True,
    tell: Progress = lambda n: None,
) -> SourceReport:
    """Convert the source at ``path`` into the empty folder ``target``.

    Args:
        path: the bytes.
        name: what the source was called, for messages and its report.
        sha256: hash of the bytes.
        target: an empty folder.
        strict: whether the first record that cannot be loaded, or the first unknown field, is an ExportError.
        shapes: whether the statements are checked against the shapes; left out only where that is measured apart.
        tell: told the records read.

    Raises:
        ExportError: the source as a whole cannot be read.
    """
    report = SourceReport(sha256, name)
    with (
        (target / RECORDS).open("wb") as records,
        (target / FACTS).open("w", encoding="utf-8") as facts,
        (target / BLOCKS).open("w", encoding="utf-8") as blocks,
    ):
        checker = Checker() if shapes else None
        run = _Run(report, records, facts, blocks, checker, source_graph(sha256), mint(Kind.SOURCE, sha256))
        run.target = target
        for member in members(path, name):
            _member(run, member, strict, tell, archive=member.inside is not None)
        run.finish()
    report.exported = report.exported or run.audit.exported
    report.unknown = dict(sorted(run.audit.unknown.items()))
    report.quarantined.sort(key=lambda q: q.place)
    if strict:
        _strictly(report, run.audit)
    if not report.read:
        raise ExportError("holds no record; export it again", name)
    report.balance()
    report.write(target / REPORT)
    return report


def _member(run: _Run, member: Member, strict: bool, tell: Progress, *, archive: bool) -> None:
    report = run.report
    run.file = member.name
    try:
        known = recognised(member.head(), member.name)
        report.formats[known.key] = report.formats.get(known.key, 0) + 1
        if known.key == PULLED:
            _pulled(run, member)
            return
        if known.read is None or known.record is None:
            _document(run, member)
            return
        with member.open() as stream:
            for raw in known.read(stream, member.name):
                report.read += 1
                _record(run, known, member, raw)
                if strict and report.quarantined:
                    raise ExportError(str(report.quarantined[0]), member.name)
                if report.read % 100 == 0:
                    tell(report.read)
    except ExportError as e:
        if not archive or strict:
            raise
        # One bad file in an archive is one record that could not be read; its neighbours load.
        report.read += 1
        report.quarantined.append(
            Quarantined(member.name if e.line is None else f"{member.name}, line {e.line}", e.message)
        )


def _record(run: _Run, known: Format, member: Member, raw: Raw | RecordError) -> None:
    at = member.name if member.inside is not None else ""
    line = f"line {raw.line}" if raw.line else f"record {run.report.read}"
    place = f"{at}, {line}" if at else line
    if isinstance(raw, RecordError):
        run.fault(place, None, raw)
        return
    assert known.record is not None
    label = raw.label
    try:
        record = known.record(raw.fields, run.audit)
        label = label or (record.number.normalised if isinstance(record, RegistryRecord) else record.title)
        block, fact = _stated(record, run, place)
        if isinstance(fact, RegistrationFact):
            fact = replace(fact, origin=known.key)
    except RecordError as e:
        run.fault(place, label, e)
        return
    run.take(block, fact, label)


def _stated(record: Record, run: _Run, place: str) -> tuple[Block, Fact]:
    if isinstance(record, RegistryRecord):
        return registration_block(record, run.graph, run.source, place)
    if isinstance(record, MappingRecord):
        return mapping_block(record, run.graph, run.source, place)
    if record.updated is not None and record.updated.value is not None:
        run.report.newest = max(run.report.newest, record.updated.value)
    return publication_block(record, run.graph, run.source, place)


def _document(run: _Run, member: Member) -> None:
    """Read an article to see that it can be read; the build states it, with the other documents."""
    from msevidence.loaders.jats import read_jats

    run.report.read += 1
    with member.open() as stream:
        content = stream.read()
    digest = hashlib.sha256(content).hexdigest()
    if any(digest == e.content for e in run.seen.setdefault("", [])):
        run.report.duplicate += 1
        return
    run.seen[""].append(_Seen(digest, "", member.name, member.name))
    read_jats(content, member.name)
    run.report.loaded += 1
    run.report.documents.append(member.inside or "")


def _pulled(run: _Run, member: Member) -> None:
    """Take in graphs of another agency: each is one record read."""
    from msevidence.loaders.stores.pulled_format import take_in

    if member.inside is not None:
        raise ExportError("was pulled, and is no member of an archive; pull it with msevidence pull", member.name)
    with member.open() as stream:
        for fact in take_in(stream, member.name, run.target, run.report):
            run.facts.write(to_json(fact) + "\n")


def _strictly(report: SourceReport, audit: Audit) -> None:
    if report.quarantined:
        raise ExportError(str(report.quarantined[0]), report.name)
    if audit.unknown:
        first = next(iter(sorted(audit.unknown)))
        raise ExportError(
            f"has what no loader knows: {first}, first in {audit.first[first] or 'a record'}", report.name
        )


def blocks_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the version and the statements of each record of a converted source."""
    with (folder / RECORDS).open("rb") as records, (folder / BLOCKS).open(encoding="utf-8") as blocks:
        for line in blocks:
            version, _, size = line.rstrip("\n").partition("\t")
            yield version, records.read(int(size))

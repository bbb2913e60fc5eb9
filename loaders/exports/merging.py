"""Converted shards put together in the order of the source: what stands there twice is found, and all is counted.

The outcome is a folder: ``records.nq`` (the statements, a block a record), ``facts.jsonl`` (a line a record, for
identity), ``blocks.tsv`` (a line a record: its version, and how many bytes of ``records.nq`` are its) and
``report.json``. Since shards come in their order, it is the same whoever converted them.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.report import Quarantined, SourceReport
from msevidence.loaders.exports.seen import Seen, Sighting
from msevidence.loaders.exports.stating import Converted, Stated

RECORDS, FACTS, BLOCKS, REPORT = "records.nq", "facts.jsonl", "blocks.tsv", "report.json"

Progress = Callable[[int], None]
"""Told how many records have been read."""


class Merger:
    """The outcome of one source, written shard by shard; a context in which its files are open.

    Args:
        name: what the source was called.
        sha256: hash of its bytes.
        target: an empty folder.
        strict: whether the first record that cannot be loaded, or the first unknown field, is an ExportError.
        tell: told the records read.
    """

    def __init__(self, name: str, sha256: str, target: Path, *, strict: bool, tell: Progress) -> None:
        self.report = SourceReport(sha256, name)
        self.strict = strict
        self._target = target
        self._tell = tell
        self._audit = Audit()
        self._open = ExitStack()

    def __enter__(self) -> "Merger":
        with ExitStack() as opened:
            self._records = opened.enter_context((self._target / RECORDS).open("wb"))
            self._facts = opened.enter_context((self._target / FACTS).open("w", encoding="utf-8"))
            self._blocks = opened.enter_context((self._target / BLOCKS).open("w", encoding="utf-8"))
            self._seen = Seen(self._target)
            opened.callback(self._seen.close)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def take(self, converted: Converted) -> None:
        """Take in the next shard.

        Raises ExportError, where it is strict, at the first record that cannot be loaded; OSError where the outcome
        cannot be written.
        """
        for one in converted.stated:
            self._one(one)
            if self.strict and self.report.quarantined:
                raise ExportError(str(self.report.quarantined[0]), one.file)
        for name, count, first in converted.unknown:
            self._audit.tell(name, first, count)
        self.report.exported = max(self.report.exported, converted.exported)
        self.report.newest = max(self.report.newest, converted.newest)
        self._tell(self.report.read)

    def finish(self) -> SourceReport:
        """Write the report, and return it.

        Raises:
            ExportError: the source has no record; or, where it is strict, has what no loader knows.
            ValueError: the counts do not balance.
        """
        report = self.report
        report.unknown = dict(sorted(self._audit.unknown.items()))
        if self.strict and report.unknown:
            first = next(iter(report.unknown))
            where = self._audit.first[first] or "a record"
            raise ExportError(f"has what no loader knows: {first}, first in {where}", report.name)
        if not report.read:
            raise ExportError("holds no record; export it again", report.name)
        report.balance()
        self._open.close()
        report.write(self._target / REPORT)
        return report

    def _one(self, one: Stated) -> None:
        report = self.report
        if one.kind == "file":
            report.formats[one.format] = report.formats.get(one.format, 0) + 1
            return
        if one.kind == "pulled":
            self._pulled(one)
            return
        report.read += 1
        if one.kind == "record":
            self._record(one)
        elif one.kind == "document":
            if "duplicate" in one.told:
                report.duplicate += 1
            else:
                report.loaded += 1
                report.documents.append(one.told["inside"])
        else:
            report.quarantined.append(Quarantined(one.place, one.reason, one.label))

    def _record(self, one: Stated) -> None:
        """Take in a record that has been read, unless it stands in the source already, or breaks a shape."""
        report = self.report
        name, _, digest = one.version.rpartition(".")
        earlier = self._seen.of(name)
        this = Sighting(digest, one.updated, one.place, one.file)
        if any(e.content == digest for e in earlier):
            report.duplicate += 1
            if all(e.file != one.file for e in earlier):
                self._seen.add(name, this)
            return
        # Two files are two sources, also where a folder holds them: services word one work differently, and each is
        # kept. In one file there is one record of a number and date, and a second one is a slip.
        clash = next((e for e in earlier if e.updated == one.updated and e.file == one.file), None)
        if clash is not None:
            message = f"stands in the file already, with other content ({clash.place}); keep the one that is right"
            report.quarantined.append(Quarantined(one.place, message, one.label or name))
            return
        if earlier:
            report.kept_versions.append(name)
        self._seen.add(name, this)
        if one.reason:
            report.quarantined.append(Quarantined(one.place, one.reason, one.label))
            return
        report.loaded += 1
        if one.registration:
            report.newest = max(report.newest, one.updated)
        report.statements += one.statements
        self._records.write(one.lines)
        self._facts.write(one.fact + "\n")
        self._blocks.write(f"{one.version}\t{len(one.lines)}\n")

    def _pulled(self, one: Stated) -> None:
        """Take in what the reader wrote of graphs that were pulled."""
        told, report = one.told["report"], self.report
        report.read += told["read"]
        report.loaded += told["loaded"]
        report.statements += told["statements"]
        report.exported = told["exported"]
        report.quarantined += [Quarantined(**q) for q in told["quarantined"]]
        self._facts.writelines(fact + "\n" for fact in one.told["facts"])

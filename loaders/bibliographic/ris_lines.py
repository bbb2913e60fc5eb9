"""RIS as a stream of records: a mapping from tag to its values, in order, or what is wrong with the record.

rispy knows what the tags mean, but reads whole files, and is lenient where a record would be lost or changed without a
word: it leaves out a last record without ``ER`` (a download that broke off), takes a second ``TY`` for a value of the
first record, and drops all but the first value of most tags. Its names of tags are used; the lines are read here.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from msevidence.loaders.bibliographic.tagged import TaggedRecord
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.lines import Lines
from msevidence.loaders.exports.records import Raw

TAG = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*)|$)")
LOOSE_TAG = re.compile(r"([A-Z][A-Z0-9])\s{1,2}-\s?(.*)")
"""Some tools write one space less; then ``TY`` shows it, and so are the other tags of the record read."""
_START = re.compile(r"TY\s{1,2}-\s?\S")


class _Record(TaggedRecord):
    """A record whose ``ER`` has not been read, and how its tags are written."""

    tag = TAG

    def ended(self, missing: str | None = None) -> Raw | RecordError:
        if missing and self.fault is None:
            self.fail(RecordError(missing, self.line, "ER"))
        return self.closed("TI", "T1", "AN", "DO")


def ris_records(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the records of a RIS file; lines between them that are no tags (headings of services) are passed over."""
    lines = Lines(stream, name)
    record: _Record | None = None
    for line in lines:
        if isinstance(line, RecordError):
            record = record or _Record(lines.number)
            record.fail(line)
            continue
        text = line.lstrip("\ufeff").rstrip()
        strict = record is not None and record.tag is TAG  # then ``TY - `` with one space is text
        if _START.match(text) and (TAG.match(text) or not strict):
            if record is not None:
                yield record.ended("the record has no ER before the next one begins; add it, or export it again")
            record = _Record(lines.number)
            record.tag = TAG if TAG.match(text) else LOOSE_TAG
        match = (record.tag if record else TAG).match(text)
        if record is None:
            if match is None or match[1] == "ER":
                continue
            record = _Record(
                lines.number, RecordError("the record has no TY at its beginning; add it", lines.number, "TY")
            )
        if match and match[1] == "ER":
            yield record.ended()
            record = None
        elif match:
            record.add(match[1], match[2] or "")
        elif text.strip():
            record.go_on(text)
    if record is not None:
        yield record.ended("the file breaks off in this record (it has no ER); get it again")

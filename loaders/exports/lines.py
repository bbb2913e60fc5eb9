"""Lines of text files: decoded strictly, numbered, and bounded, so that memory does not grow with the file."""

from collections.abc import Iterator
from typing import BinaryIO

from msevidence.loaders.exports.faults import ExportError, RecordError

LINE_BYTES = 16 * 2**20
"""No export has lines so long (the longest seen, a CSV record with all outcomes, has under 1 MiB)."""
_BOM = b"\xef\xbb\xbf"


class Lines:
    """The lines of a stream as text, without their ends. UTF-8, with or without byte-order mark.

    A line that is not UTF-8, or holds NUL, is yielded as a RecordError in its place, for the record that it is of.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream = stream
        self.name = name
        self.number = 0
        """Number of the line yielded last, from 1."""

    def __iter__(self) -> Iterator[str | RecordError]:
        while raw := self.stream.readline(LINE_BYTES + 1):
            self.number += 1
            if len(raw) > LINE_BYTES:
                raise ExportError(
                    f"is longer than {LINE_BYTES} bytes; no export has such lines: get it again", self.name, self.number
                )
            if self.number == 1:
                refuse_other_encodings(raw, self.name)
                raw = raw.removeprefix(_BOM)
            yield self._decoded(raw.rstrip(b"\r\n"))

    def _decoded(self, raw: bytes) -> str | RecordError:
        if b"\0" in raw:
            return RecordError("holds a NUL character; export the file again", self.number)
        try:
            return raw.decode()
        except UnicodeDecodeError as e:
            return RecordError(f"is not in UTF-8 (byte {e.start + 1} of the line); export it as UTF-8", self.number)


def refuse_other_encodings(head: bytes, name: str) -> None:
    """Raise ExportError where a text file begins as UTF-16 or UTF-32 does."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:4].count(b"\0") >= 2:
        raise ExportError("is in UTF-16 or UTF-32; export it as UTF-8", name, 1)

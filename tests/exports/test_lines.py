"""Lines as a stream: decoded strictly, numbered, bounded; a bad line is a fault in its place."""

import io
import tracemalloc
from typing import BinaryIO, cast

import pytest

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.lines import LINE_BYTES, Lines, refuse_other_encodings


def outcome(content: bytes) -> list[str]:
    return [f"! {i.message}" if isinstance(i, RecordError) else i for i in Lines(io.BytesIO(content), "x.txt")]


def test_lines_without_their_ends():
    assert outcome(b"a\nb\r\n\n c \n") == ["a", "b", "", " c "]
    assert outcome(b"a\nlast") == ["a", "last"]
    assert outcome(b"") == []
    assert outcome(b"\n") == [""]


def test_only_line_feeds_end_a_line():
    """NEL, line separators and form feeds stand in texts; ``str.splitlines`` would cut there."""
    text = "a\u0085b\u2028c\x0cd\x0be"
    assert outcome(text.encode() + b"\n") == [text]


def test_numbers_count_from_one():
    lines = Lines(io.BytesIO(b"a\nb\nc"), "x")
    assert lines.number == 0
    assert [(lines.number, line) for line in lines] == [(1, "a"), (2, "b"), (3, "c")]


def test_a_byte_order_mark_is_no_text_and_one_inside_is():
    assert outcome(b"\xef\xbb\xbfa\n\xef\xbb\xbfb") == ["a", "\ufeffb"]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("é".encode("latin-1"), "not in UTF-8 (byte 3 of the line)"),
        (b"\xed\xa0\x80", "not in UTF-8 (byte 3"),
        (b"\xc0\x80", "not in UTF-8 (byte 3"),
        (b"\xf4\x90\x80\x80", "not in UTF-8 (byte 3"),
        (b"a\0b", "NUL"),
    ],
)
def test_a_bad_line_is_a_fault_between_its_neighbours(bad, why):
    found = list(Lines(io.BytesIO(b"one\nx " + bad + b"\nthree\n"), "x.txt"))
    assert (found[0], found[2]) == ("one", "three")
    assert isinstance(found[1], RecordError)
    assert why in found[1].message
    assert found[1].line == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_other_encodings_are_refused_by_name(encoding):
    with pytest.raises(ExportError, match="UTF-16 or UTF-32; export it as UTF-8") as caught:
        outcome("TY  - JOUR\n".encode(encoding))
    assert (caught.value.path, caught.value.line) == ("x.txt", 1)


def test_what_is_no_other_encoding():
    for head in (b"", b"a", b"abc\0", b"\xff", b"TY"):
        refuse_other_encodings(head, "x")


class Endless:
    """A gigabyte without a line end, made as it is asked for, after one good line."""

    def __init__(self, size: int) -> None:
        self.start, self.left, self.read_so_far = b"good\n", size, 0

    def readline(self, size: int = -1) -> bytes:
        if self.start:
            data, self.start = self.start, b""
            return data
        assert size > 0, "a line is never read without a bound"
        count = min(size, self.left)
        self.left -= count
        self.read_so_far += count
        return b"x" * count


def test_a_line_of_a_gigabyte_is_an_export_error_in_bounded_memory():
    stream = Endless(2**30)
    tracemalloc.start()
    lines = iter(Lines(cast(BinaryIO, stream), "x.txt"))
    assert next(lines) == "good"
    with pytest.raises(ExportError, match="longer than 16777216 bytes") as caught:
        next(lines)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.line == 2
    assert stream.read_so_far == LINE_BYTES + 1
    assert most < 3 * LINE_BYTES


def test_the_longest_line_is_read():
    content = b"x" * (LINE_BYTES - 1) + b"\n" + b"y"
    assert [len(line) for line in outcome(content)] == [LINE_BYTES - 1, 1]


def test_memory_does_not_grow_with_the_file():
    class Many:
        def __init__(self, count: int) -> None:
            self.left = count

        def readline(self, size: int = -1) -> bytes:
            self.left -= 1
            return b"" if self.left < 0 else b"x" * 1_000 + b"\n"

    def peak(count: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in Lines(cast(BinaryIO, Many(count)), "x")) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(50_000) < 2 * peak(500) + 10_000

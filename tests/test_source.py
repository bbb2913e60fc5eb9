"""Source bytes: what is refused, on which line, and with which mend."""

from pathlib import Path

import pytest

from msevidence.loaders.errors import SourceError
from msevidence.loaders.source import line_at, read_source

GOOD = "Første linje\nandre «linje»\n"


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"\xef\xbb\xbf" + GOOD.encode(), 1, "byte-order mark"),
        (GOOD.encode("utf-16"), 1, "UTF-16"),
        (GOOD.encode("utf-32"), 1, "UTF-16 or UTF-32"),
        (GOOD.encode("latin-1"), 1, "0xf8 is not UTF-8"),
        (b"one\ntwo\nthr\xff\n", 3, "0xff is not UTF-8"),
        (b"one\ntwo\r\n", 2, "carriage return"),
        (b"one\rtwo\r", 1, "carriage return"),
        (b"one\ntwo\x00\n", 2, "U+0000"),
        (b"", 1, "is empty"),
        (b" \n\n\t\n", 1, "is empty"),
    ],
)
def test_bytes_that_are_refused(tmp_path: Path, raw: bytes, line: int, words: str) -> None:
    path = tmp_path / "source.txt"
    path.write_bytes(raw)
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.line == line
    assert words in caught.value.message
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="check that the file is there"):
        read_source(tmp_path / "none.txt")


def test_good_bytes_come_back_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "source.txt"
    path.write_bytes((GOOD + "\x0cpage two\n").encode())
    assert read_source(path) == GOOD + "\x0cpage two\n"


def test_every_foreign_byte_is_found_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "source.txt"
    raw = GOOD.encode()
    places = [i for i in range(len(raw) + 1) if i == len(raw) or raw[i] < 0x80 or raw[i] >= 0xC0]
    assert len(places) == 28
    for place in places:
        path.write_bytes(raw[:place] + b"\xff" + raw[place:])
        with pytest.raises(SourceError) as caught:
            read_source(path)
        assert caught.value.line == raw[:place].count(b"\n") + 1


def test_lines_count_from_one() -> None:
    assert [line_at("a\nb\n", i) for i in range(5)] == [1, 1, 2, 2, 3]

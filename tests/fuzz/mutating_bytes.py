"""Changes to a file that ask nothing of its format, and the texts that all changes put in."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from random import Random

TEXTS = (
    *(
        "",
        " ",
        "x",
        "\x01",
        "\x0b\x1f",
        "\x7f\x85",
        "\u2028\u2029",
        "\u202etxt.exe",
        "\ufeff",
        "\ufffe",
        "e\u0301" * 40,
    ),
    *(
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "=cmd|' /C calc'!A0",
        '" <http://a> <http://b> .\n',
        "\\u0000",
    ),
    *("../../../../etc/passwd", "%00%0a%ff", "{{7*7}}", "'; DROP TABLE x; --", "N/A", "null", "NaN", "-", "none"),
    *("NCT00000000", "NCT99999999", "2010-023560-40/SE", "ISRCTN00000000", "10.1000/" + "x" * 400, "a@b.example"),
    *("0", "-1", "1e999", "9" * 400, "0x10", "٣", "2024-02-30", "31/02/2024", "9999-99-99", "0000-00-00", "12:61"),
    *("http://a b/", "http://[::1", "https://x.example/<>", "http://ex.example/\u00e6", "file:///etc/passwd"),
    *(
        "a" * 70_000,
        "æ" * 3_000,
        "🧬" * 500,
        "|" * 300,
        ";" * 300,
        "x\ty\nz\r\nw",
        '"',
        "'",
        '""',
        "\\",
        '\\"',
        "&amp;lt;",
    ),
)
_HOSTILE_BYTES = (
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf5\x80\x80\x80",
    b"\x1b[31m",
    b"\xef\xbb\xbf",
    b"\r",
    b"\x1a",
)


def flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 50))):
        if changed:
            at = random.randrange(len(changed))
            changed[at] = random.choice((random.randrange(256), changed[at] ^ (1 << random.randrange(8))))
    return bytes(changed)


def _insert(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    new = random.choice(_HOSTILE_BYTES) if random.random() < 0.5 else random.choice(TEXTS).encode()
    return data[:at] + new + data[at:]


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 3, 10, 80, 400, 3000)))


def _drop(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _double(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    times = random.choice((2, 2, 3, 50, 2000))
    return data[:start] + data[start:end] * min(times, 500_000 // max(1, end - start)) + data[end:]


def _cut_off(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] if random.random() < 0.8 else data[at:]


def _line_ends(data: bytes, random: Random) -> bytes:
    ends = (b"\r\n", b"\r", b"\n\n", b" \n", b"\n\r", b"\x85", "\u2028".encode())
    if random.random() < 0.5:
        return data.replace(b"\n", random.choice(ends))
    return b"".join(
        line.rstrip(b"\n") + (random.choice(ends) if random.random() < 0.2 else b"\n")
        for line in data.splitlines(keepends=True)
    )


def _encoding(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    way = random.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "cp037", "utf-7", "utf-8-sig", "twice"))
    if way == "twice":
        return data.decode("latin-1").encode()
    return text.encode(way, "replace")


def _packed(data: bytes, random: Random) -> bytes:
    way = random.choice(("gzip", "gzip cut", "gzip twice", "zip", "zip cut", "zip paths", "zip many"))
    if way.startswith("gzip"):
        packed = gzip.compress(data, mtime=0)
        return (
            packed[: random.randint(1, len(packed))]
            if way == "gzip cut"
            else (gzip.compress(packed, mtime=0) if way == "gzip twice" else packed)
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        names = {"zip paths": ("../../evil", "/tmp/evil", "a\\b", "x\n\x1b[31m", "c:evil")}.get(way, ("a", "b/c"))
        for number, name in enumerate(names * (20 if way == "zip many" else 1)):
            archive.writestr(zipfile.ZipInfo(f"{name}{number if way == 'zip many' else ''}"), data)
    packed = out.getvalue()
    return flip(packed[: random.randint(1, len(packed))], random) if way == "zip cut" else packed


def _nothing(data: bytes, random: Random) -> bytes:
    return random.choice(
        (b"", b"\n", b"\xef\xbb\xbf", b" " * 5000, b"\0" * 100, b"null", b"[]", b"{}", b"<a/>", data * 2)
    )


ANY: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(flip, flip, _insert, _insert, _drop, _double, _cut_off, _line_ends, _encoding),
    lambda data, random: _packed(data, random) if random.random() < 0.3 else flip(data, random),
    lambda data, random: _nothing(data, random) if random.random() < 0.2 else _insert(data, random),
)
